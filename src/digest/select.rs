//! Choosing: which articles of an issue somebody gets, each once, grouped by category.

use std::collections::HashSet;

use crate::catalog::published::Published;
use crate::catalog::slug::Slug;
use crate::digest::window::{Bounds, Newness};
use crate::subscribers::subscription::Choice;

/// What one cohort asked for: subscribers with equal cohorts get equal mails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wish {
    /// A category of the digest, or all.
    pub choice: Choice,
    /// Up to which publication number it was served.
    pub served: Option<i64>,
}

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
    published: &[Published],
    newest_first: &[usize],
    categories: &[Slug],
    wishes: &[Wish],
    bounds: &Bounds,
    most: usize,
) -> Selection {
    let chosen = chosen(published, newest_first, categories, wishes, bounds);
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

/// Each new article with the category that it is shown under: the first of its own that was wished for.
fn chosen(
    published: &[Published],
    newest_first: &[usize],
    categories: &[Slug],
    wishes: &[Wish],
    bounds: &Bounds,
) -> Vec<(usize, Slug)> {
    let offered: HashSet<&Slug> = categories.iter().collect();
    let mut candidates = 0;
    let mut chosen = Vec::new();
    for index in newest_first {
        let item = &published[*index];
        let mut newness = Newness::Old;
        let mut under = None;
        for category in item.article.categories.iter().filter(|category| offered.contains(category)) {
            for wish in wishes.iter().filter(|wish| covers(&wish.choice, category)) {
                under.get_or_insert_with(|| category.clone());
                match bounds.newness(&item.publication, wish.served) {
                    Newness::New => newness = Newness::New,
                    Newness::Candidate if newness == Newness::Old => newness = Newness::Candidate,
                    Newness::Candidate | Newness::Old => {}
                }
            }
        }
        // Had it come under one wish already, it must not come again under another that is newer.
        if was_served(item, wishes, &offered) {
            continue;
        }
        if newness == Newness::Candidate && candidates < bounds.newest() {
            candidates += 1;
            newness = Newness::New;
        }
        if let (Newness::New, Some(category)) = (newness, under) {
            chosen.push((*index, category));
        }
    }
    chosen
}

/// Whether a wish that was served before covers the article: then the subscriber has had it.
fn was_served(item: &Published, wishes: &[Wish], offered: &HashSet<&Slug>) -> bool {
    wishes.iter().any(|wish| {
        wish.served.is_some_and(|served| item.publication.number <= served)
            && item
                .article
                .categories
                .iter()
                .any(|category| offered.contains(category) && covers(&wish.choice, category))
    })
}

fn covers(choice: &Choice, category: &Slug) -> bool {
    match choice {
        Choice::All => true,
        Choice::Category(chosen) => chosen == category,
    }
}
