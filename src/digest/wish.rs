//! What composing compares: what subscribers wish for, and the number that each article counts under.

use crate::catalog::publication::Published;
use crate::catalog::slug::Slug;
use crate::language::tag::Language;
use crate::subscribers::subscription::{Choice, Progress};

/// What one cohort asked for: subscribers with equal cohorts get equal mails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wish {
    /// A category of the digest, or all.
    pub choice: Choice,
    /// How far it has come.
    pub progress: Progress,
}

/// What a subscriber of a digest asked for, all together: those with equal lists are one cohort.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WishList {
    /// Their categories, in the order of their names.
    pub wishes: Vec<Wish>,
    /// The language that they asked for.
    pub language: Option<Language>,
}

/// Published articles with the number that each counts under in a digest: its own, or that of its return.
#[derive(Clone, Copy, Debug)]
pub struct Numbered<'a> {
    /// The articles.
    pub published: &'a [Published],
    /// Their numbers, in the same order.
    pub numbers: &'a [i64],
}

/// Whether a choice takes a category in.
#[must_use]
pub fn covers(choice: &Choice, category: &Slug) -> bool {
    match choice {
        Choice::All => true,
        Choice::Category(chosen) => chosen == category,
    }
}
