//! What there is to subscribe to, with the words that people know it by.

use serde::Serialize;

use crate::catalog::category::Category;
use crate::digest::compose::categories_of;
use crate::digest::settings::Settings;
use crate::subscribers::subscription::{Choice, Chosen};

/// A category of a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfferedCategory {
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is about, in one line.
    pub description: String,
}

/// A digest with its categories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfferedDigest {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its categories, in the catalog's order.
    pub categories: Vec<OfferedCategory>,
}

/// All that there is to subscribe to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Offering(pub Vec<OfferedDigest>);

impl Offering {
    /// Of the digests of the configuration and the categories of the catalog.
    #[must_use]
    pub fn new(digests: &[Settings], categories: &[Category]) -> Self {
        let digest = |digest: &Settings| OfferedDigest {
            name: digest.name.clone(),
            title: digest.title.clone(),
            categories: categories_of(digest, categories)
                .into_iter()
                .map(|category| OfferedCategory {
                    slug: category.slug.to_string(),
                    title: category.title,
                    description: category.description,
                })
                .collect(),
        };
        Self(digests.iter().map(digest).collect())
    }

    /// The digest with this name.
    #[must_use]
    pub fn digest(&self, name: &str) -> Option<&OfferedDigest> {
        self.0.iter().find(|digest| digest.name == name)
    }

    /// What of these pairs of digest and category is on offer, each once; with all of a digest, nothing else of it.
    #[must_use]
    pub fn of<'a>(&self, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Chosen> {
        let mut chosen: Vec<Chosen> =
            pairs.filter_map(|(digest, category)| self.one(digest, category)).collect();
        chosen.sort();
        chosen.dedup();
        let whole: Vec<String> = chosen
            .iter()
            .filter(|(_, choice)| *choice == Choice::All)
            .map(|(digest, _)| digest.clone())
            .collect();
        chosen.retain(|(digest, choice)| *choice == Choice::All || !whole.contains(digest));
        chosen
    }

    fn one(&self, digest: &str, category: &str) -> Option<Chosen> {
        let digest = self.digest(digest)?;
        let choice = Choice::parse(category)?;
        let is_offered = match &choice {
            Choice::All => true,
            Choice::Category(slug) => digest.categories.iter().any(|own| own.slug == slug.as_str()),
        };
        is_offered.then(|| (digest.name.clone(), choice))
    }
}
