//! What the configuration says of a digest and of the mails that carry it. Tables `[[digest]]` and `[mail]`.

use std::time::Duration;

use serde::Deserialize;

use crate::mail::address::Address;
use crate::schedule::catch_up::Policy;

/// One table `[[digest]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Its name on the command line, in the database and in List-Id: never change it.
    pub name: String,
    /// Its title for people.
    pub title: String,
    /// Slugs of its categories; none for all that the catalog has.
    #[serde(default)]
    pub categories: Vec<String>,
    /// When it is sent: five fields, or a nickname such as `@weekly`.
    pub cron: String,
    /// The zone of `cron`; the site's where not given.
    pub time_zone: Option<chrono_tz::Tz>,
    /// Most articles of one mail; the others are counted under their category.
    #[serde(default = "most")]
    pub most: usize,
    /// With fewer articles than this nobody is mailed; they come with the next issue.
    #[serde(default = "fewest")]
    pub fewest: usize,
    /// What becomes of slots that were missed.
    #[serde(default = "catch_up")]
    pub catch_up: Policy,
    /// A slot that is later than this is not opened any more.
    #[serde(default = "max_lateness", with = "humantime_serde")]
    pub max_lateness: Duration,
    /// What somebody's first issue holds.
    #[serde(default)]
    pub first_issue: FirstIssue,
    /// A paragraph above the articles.
    #[serde(default)]
    pub intro: Option<String>,
}

/// What is new for somebody who has had no issue yet.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(try_from = "FirstIssueText")]
pub enum FirstIssue {
    /// What was published within one cadence before it.
    #[default]
    Cadence,
    /// The newest so many.
    Newest(usize),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FirstIssueText {
    Word(String),
    Number(usize),
}

impl TryFrom<FirstIssueText> for FirstIssue {
    type Error = String;

    fn try_from(text: FirstIssueText) -> Result<Self, String> {
        match text {
            FirstIssueText::Number(number) => Ok(Self::Newest(number)),
            FirstIssueText::Word(word) if word == "cadence" => Ok(Self::Cadence),
            FirstIssueText::Word(word) => {
                Err(format!("{word:?} is neither \"cadence\" nor a number of articles"))
            }
        }
    }
}

fn most() -> usize {
    20
}

fn fewest() -> usize {
    1
}

fn catch_up() -> Policy {
    Policy::Merge
}

fn max_lateness() -> Duration {
    Duration::from_hours(48)
}

/// Table `[mail]`: what all mails have in common.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Who writes: `Plain Health <digest@plainhealth.example>`.
    pub from: String,
    /// Who answers go to, if not to `from`.
    pub reply_to: Option<Address>,
    /// Where mail servers report to (the envelope's sender), if not to `from`.
    pub bounces: Option<Address>,
    /// Where a mail that unsubscribes goes; `from` where not given.
    pub unsubscribe_mailto: Option<Address>,
    /// The one-click address (RFC 8058), with `{token}` in it.
    pub unsubscribe_url: Option<String>,
    /// The page where readers change what they get, with `{token}` in it.
    pub preferences_url: Option<String>,
    /// A page that says what this mail is (List-Help).
    pub help_url: Option<String>,
    /// A page with past issues (List-Archive).
    pub archive_url: Option<String>,
    /// The sender's postal address, which the law of many countries wants in every mail.
    pub postal_address: String,
    /// A line at the foot of every mail.
    pub disclaimer: Option<String>,
    /// What a reader without a name is called.
    #[serde(default = "nameless")]
    pub nameless: String,
}

fn nameless() -> String {
    "reader".to_owned()
}
