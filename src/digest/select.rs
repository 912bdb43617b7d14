//! Choosing: which articles of an issue somebody gets, each once, grouped by category.

use crate::catalog::slug::Slug;
use crate::digest::window::Bounds;
use crate::digest::wish::{Numbered, Wish, covers};
use crate::subscribers::subscription::Progress;

/// Articles chosen for a mail, by index into the published articles.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selection {
    /// Categories with new articles, in the digest's order.
    pub groups: Vec<Group>,
}

/// One category of a mail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group {
    /// The category.
    pub category: Slug,
    /// Its articles, newest first.
    pub articles: Vec<usize>,
    /// How many more are new and not shown.
    pub more: usize,
}

impl Selection {
    /// How many articles are shown.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.groups.iter().map(|group| group.articles.len()).sum()
    }

    /// How many are new, those not shown included.
    #[must_use]
    pub fn total(&self) -> usize {
        self.groups.iter().map(|group| group.articles.len() + group.more).sum()
    }
}

/// The articles that are new to a cohort: at most `most` shown, the newest. `categories` are the digest's,
/// in their order; `newest_first` is the order of articles by date and id.
#[must_use]
pub fn select(
    articles: &Numbered<'_>,
    newest_first: &[usize],
    categories: &[Slug],
    wishes: &[Wish],
    bounds: &Bounds,
    most: usize,
) -> Selection {
    let chosen = chosen(articles, newest_first, categories, wishes, bounds);
    let mut groups: Vec<Group> = categories
        .iter()
        .map(|category| Group { category: category.clone(), articles: Vec::new(), more: 0 })
        .collect();
    for (rank, (index, category)) in chosen.into_iter().enumerate() {
        if let Some(group) = groups.iter_mut().find(|group| group.category == category) {
            if rank < most {
                group.articles.push(index);
            } else {
                group.more += 1;
            }
        }
    }
    groups.retain(|group| !group.articles.is_empty() || group.more > 0);
    Selection { groups }
}

/// Each new article with the category that it is shown under: the first of its own that the digest has, whichever of them
/// was wished for. So the same articles make the same mail, and one edition, whatever brought them.
fn chosen(
    articles: &Numbered<'_>,
    newest_first: &[usize],
    categories: &[Slug],
    wishes: &[Wish],
    bounds: &Bounds,
) -> Vec<(usize, Slug)> {
    let base = bounds.base(articles, categories, wishes);
    let mut chosen = Vec::new();
    for index in newest_first {
        let (item, number) = (&articles.published[*index], articles.numbers[*index]);
        let own: Vec<&Slug> = item.outline.categories.iter().filter(|own| categories.contains(own)).collect();
        let Some(under) = own.first().copied() else { continue };
        let covering: Vec<&Wish> =
            wishes.iter().filter(|wish| own.iter().any(|category| covers(&wish.choice, category))).collect();
        let is_new = covering.iter().any(|wish| bounds.is_new(item, number, wish.progress, base));
        // Had it come under one wish already, it must not come again under another that is newer.
        let was_served =
            covering.iter().any(|wish| matches!(wish.progress, Progress::Served(upto) if number <= upto));
        if is_new && !was_served {
            chosen.push((*index, under.clone()));
        }
    }
    chosen
}
