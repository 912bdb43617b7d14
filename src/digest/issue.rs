//! An issue: one edition of a digest, frozen when it is opened. What was rendered then is what everybody gets,
//! whatever changes meanwhile.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::digest::letterhead::Letterhead;
use crate::digest::wish::Wish;

/// An issue that is to be opened: everything that its mails are made of.
#[derive(Clone, Debug)]
pub struct NewIssue {
    /// The digest's name.
    pub digest: String,
    /// The slot that it is for.
    pub slot: DateTime<Utc>,
    /// When it was opened: the Date of its mails.
    pub opened: DateTime<Utc>,
    /// The highest publication number that it covers.
    pub upto: i64,
    /// Numbers of articles that are known and held out.
    pub held: Vec<i64>,
    /// Numbers of articles that were held out of an earlier issue, and are in this one.
    pub returned: Vec<i64>,
    /// What all its mails say in their headers.
    pub letterhead: Letterhead,
    /// The distinct mails.
    pub editions: Vec<Edition>,
    /// Every group of subscribers with equal wishes, and what becomes of them.
    pub cohorts: Vec<Cohort>,
}

/// The rendered body that all subscribers with the same articles share. Per-subscriber parts are marked by slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// Hash of the articles and their grouping.
    pub key: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// Publication numbers of the articles shown, in the order of the mail.
    pub articles: Vec<i64>,
}

/// Subscribers with equal wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// What they wished for, as the store groups by it.
    pub wishes: Vec<Wish>,
    /// Where their first issue begins, for those of their wishes that have had none.
    pub base: i64,
    /// The mail that they get, or why they get none.
    pub fate: Fate,
}

/// What becomes of a cohort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They get the edition with this key.
    Mailed(String),
    /// They get nothing, for this reason.
    Spared(String),
}
