//! What a line may ask for: digests, and their categories.

use crate::catalog::slug::Slug;
use crate::subscribers::import::tags::Tags;
use crate::subscribers::subscription::{Choice, Chosen};

/// What is on offer.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Each digest's name with the slugs of its categories.
    pub digests: Vec<(String, Vec<String>)>,
    /// The digest of lines that name none; where none is set, they are rejected.
    pub default_digest: Option<String>,
    /// What the tags of other services stand for.
    pub tags: Tags,
}

impl Offer {
    /// The slugs of a digest's categories.
    #[must_use]
    pub fn categories(&self, digest: &str) -> Option<&[String]> {
        self.digests.iter().find(|(name, _)| name == digest).map(|(_, slugs)| slugs.as_slice())
    }

    /// What a digest and a category, as in `weekly:heart` or `weekly:*`, stand for; none where one of them is not on offer.
    #[must_use]
    pub fn chosen(&self, text: &str) -> Option<Chosen> {
        let (digest, category) = text.trim().split_once(':')?;
        Some((digest.to_owned(), find(self.categories(digest)?, category)?))
    }
}

/// The choices that these names stand for; none at all stands for all.
///
/// # Errors
/// A digest or a category that is not on offer, in words for people.
pub fn choices(digest: &str, categories: &[String], offer: &Offer) -> Result<Vec<Choice>, String> {
    let Some(offered) = offer.categories(digest) else {
        let names: Vec<&str> = offer.digests.iter().map(|(name, _)| name.as_str()).collect();
        return Err(format!("there is no digest {digest:?}; there is {}", names.join(", ")));
    };
    let mut choices = Vec::new();
    for name in categories.iter().filter(|name| !name.trim().is_empty()) {
        choices.push(find(offered, name).ok_or_else(|| {
            let divide = if name.contains(',') { "; divide categories by `;`" } else { "" };
            format!("{digest} has no category {name:?}; it has {}{divide}", offered.join(", "))
        })?);
    }
    if choices.is_empty() || choices.contains(&Choice::All) {
        choices = vec![Choice::All];
    }
    choices.sort();
    choices.dedup();
    Ok(choices)
}

/// The slug to the letter, or whatever gives it: "Women's health" for womens-health; all for `*`.
pub(super) fn find(offered: &[String], name: &str) -> Option<Choice> {
    if name.trim() == "*" {
        return Some(Choice::All);
    }
    let named = Slug::from_title(name);
    let found = offered.iter().find(|slug| *slug == name.trim() || Slug::from_title(slug) == named);
    found.and_then(|slug| Choice::parse(slug))
}
