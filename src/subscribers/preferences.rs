//! Preferences: what somebody chooses on their own page, all of it at once.

use chrono_tz::Tz;
use serde::Serialize;

use crate::language::tag::Language;
use crate::mail::name::DisplayName;
use crate::subscribers::subscription::Chosen;

/// What somebody wants from now on. What is not in it is not wanted any more; without any choice they leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preferences {
    /// What they are called; may be empty.
    pub name: DisplayName,
    /// The language that they want to be written to in; the digest's where they say nothing.
    pub language: Option<Language>,
    /// Their time zone; the digest's where they say nothing.
    pub time_zone: Option<Tz>,
    /// The minute after midnight at which they want their mail; the digest's where they say nothing.
    pub minute: Option<u16>,
    /// Digests and what of them.
    pub choices: Vec<Chosen>,
}
