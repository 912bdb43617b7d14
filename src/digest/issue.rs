//! An issue: one edition of a digest, frozen when it is opened. What was rendered then is what everybody gets,
//! whatever changes meanwhile.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::digest::letterhead::Letterhead;
use crate::digest::wish::WishList;
use crate::language::tag::Language;
use crate::schedule::reader_clock::ReaderClock;

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
    /// Whether it waits for somebody to release it.
    pub held_back: bool,
    /// What all its mails say in their headers.
    pub letterhead: Letterhead,
    /// When mails may be handed over to readers with each of these clocks; at once to all others.
    pub not_before: Vec<(ReaderClock, DateTime<Utc>)>,
    /// The distinct mails.
    pub editions: Vec<Edition>,
    /// Every group of subscribers with equal wishes, and what becomes of them.
    pub cohorts: Vec<Cohort>,
}

/// The rendered body that all subscribers with the same articles and language share. Per-subscriber parts are marked by
/// slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// Hash of the articles, their grouping and the language.
    pub key: String,
    /// The language of everything that is not an article's.
    pub language: Language,
    /// What a reader without a name is called in it.
    pub nameless: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// HTML for the archive: nothing in it is of one reader alone.
    pub web: String,
    /// The stencil of the whole message: what is sent, but for what is stamped in.
    pub message: String,
    /// What it shows, in the order of the mail.
    pub contents: Vec<Contents>,
}

/// One category of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Its slug.
    pub category: String,
    /// Publication numbers of the articles shown.
    pub articles: Vec<i64>,
    /// How many more are new and not shown.
    pub more: usize,
}

impl Edition {
    /// SHA-256 of the stencil, in hexadecimal: what is sent is what was looked at.
    #[must_use]
    pub fn hash(&self) -> String {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.message.as_bytes());
        data_encoding::HEXLOWER.encode(digest.as_ref())
    }
}

/// Subscribers with equal wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// What they wished for, as the store groups by it.
    pub wishes: WishList,
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
