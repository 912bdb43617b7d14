//! What the configuration says of a digest and of the mails that carry it. Tables `[[digest]]` and `[mail]`.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::digest::look::LookSettings;
use crate::language::tag::Language;
use crate::mail::address::Address;
use crate::schedule::catch_up::Policy;
use crate::schedule::reader_clock::TimeOfDay;

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
    /// The time of day at which each reader gets it, by their own clock; at once where not given. A reader's own choice
    /// goes before it.
    #[serde(default)]
    pub reader_time: Option<TimeOfDay>,
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
    /// The language of its mails; the site's where not given. A subscriber's own goes before it.
    #[serde(default)]
    pub language: Option<Language>,
    /// What stands above the articles, as Markdown.
    #[serde(default)]
    pub intro: Option<String>,
    /// A file with Markdown that takes its place in one issue; `{date}` is the slot's day, `{language}` the mail's.
    #[serde(default)]
    pub intro_file: Option<PathBuf>,
    /// What is said of each article.
    #[serde(default)]
    pub summary: SummaryPolicy,
    /// What becomes of the articles' pictures.
    #[serde(default)]
    pub images: Images,
    /// Most bytes of the pictures that come along; the others are links.
    #[serde(default = "images_limit")]
    pub images_limit: usize,
    /// What is added to links to the site, as in `utm_source=digest&utm_campaign={digest}-{date}`.
    #[serde(default)]
    pub link_parameters: Option<String>,
    /// Whether an issue waits for `tidings issues release` before anybody gets it.
    #[serde(default)]
    pub hold: bool,
    /// How its mails look, where they do not look as all do.
    #[serde(default)]
    pub look: LookSettings,
}

/// What is said of each article.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub enum SummaryPolicy {
    /// What the author gave, or else an excerpt.
    #[default]
    Given,
    /// The beginning, cut at a sentence or a word.
    Excerpt,
    /// The first so many words.
    Words(usize),
    /// The whole article.
    Full,
    /// Nothing.
    None,
}

impl TryFrom<String> for SummaryPolicy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "given" => Ok(Self::Given),
            "excerpt" => Ok(Self::Excerpt),
            "full" => Ok(Self::Full),
            "none" => Ok(Self::None),
            _ => match text.strip_suffix(" words").map(str::parse) {
                Some(Ok(words)) if words > 0 => Ok(Self::Words(words)),
                _ => Err(format!(
                    "{text:?} is no way to sum up; there are \"given\", \"excerpt\", \"60 words\", \"full\" and \"none\""
                )),
            },
        }
    }
}

/// What becomes of the articles' pictures.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Images {
    /// They stay on the site, and mails refer to them.
    #[default]
    Link,
    /// They come along with the mail.
    Embed,
    /// There are none.
    None,
}

/// A mail of 200 kB is fetched within a second almost anywhere.
fn images_limit() -> usize {
    200_000
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
    /// Whether each reader's mail has a return path of its own, so that what comes back names the reader (VERP). Without it,
    /// if `[ingest]` is there.
    pub verp: Option<bool>,
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
    /// What a reader without a name is called; in the mail's language, where not given.
    pub nameless: Option<String>,
    /// How all mails look.
    #[serde(default)]
    pub look: LookSettings,
}
