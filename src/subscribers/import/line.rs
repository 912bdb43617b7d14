//! A line as it stands in a file: texts, not yet understood.

use serde::Deserialize;

use crate::subscribers::activity::Activity;
use crate::subscribers::import::columns::Role;
use crate::subscribers::import::tags;

/// What a line says. What it does not say is `None`, and so is what it leaves empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Line {
    /// The address.
    #[serde(alias = "email", alias = "e-mail", alias = "Email", alias = "Address")]
    pub address: Option<String>,
    /// What somebody is called.
    #[serde(alias = "Name")]
    pub name: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// The language of their mails.
    #[serde(alias = "Language", alias = "lang", alias = "locale")]
    pub language: Option<String>,
    /// Their time zone.
    pub time_zone: Option<String>,
    /// When they want their mail.
    pub hour: Option<String>,
    /// A digest's name.
    #[serde(alias = "Digest")]
    pub digest: Option<String>,
    /// Categories of that digest.
    #[serde(alias = "category", alias = "Categories")]
    pub categories: Option<List>,
    /// Digests and categories, as in `weekly:heart`.
    pub choices: Option<List>,
    /// Tags, labels or lists of another service.
    pub tags: Option<List>,
    /// The state, in the words of whoever wrote it.
    #[serde(alias = "status")]
    pub state: Option<String>,
    /// When they subscribed.
    pub since: Option<String>,
    /// When their state changed last.
    pub changed: Option<String>,
    /// The consent that came with them.
    pub consent: Option<String>,
    /// Why they must never be mailed: a cause.
    pub suppressed: Option<String>,
    /// That in words.
    pub reason: Option<String>,
    /// What is on record of them.
    pub activities: Vec<Activity>,
    /// Whether they want mail.
    #[serde(skip)]
    pub wants_mail: Option<String>,
    /// When they asked, from where, and when and from where they confirmed.
    #[serde(skip)]
    pub opt_in: OptIn,
    /// When they left, and why.
    #[serde(skip)]
    pub left: (Option<String>, Option<String>),
    /// When mail to them came back for good.
    #[serde(skip)]
    pub bounced: Option<String>,
}

/// How somebody came to another service's list, as it tells it.
#[derive(Clone, Debug, Default)]
pub struct OptIn {
    /// When they asked.
    pub asked: Option<String>,
    /// From where.
    pub asked_from: Option<String>,
    /// When they confirmed.
    pub confirmed: Option<String>,
    /// From where.
    pub confirmed_from: Option<String>,
}

/// Several texts: a list of JSON, or one text with `;` between them.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum List {
    /// A list.
    Of(Vec<String>),
    /// One text.
    Text(String),
}

impl List {
    /// The texts.
    #[must_use]
    pub fn divided(self) -> Vec<String> {
        match self {
            Self::Of(list) => list,
            Self::Text(text) => text.split(';').map(str::to_owned).collect(),
        }
    }
}

impl Line {
    /// Takes over what a column says; an empty one says nothing.
    pub fn set(&mut self, role: Role, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let cell = Some(text.to_owned());
        match role {
            Role::Address => self.address = cell,
            Role::Name => self.name = cell,
            Role::First => self.first_name = cell,
            Role::Last => self.last_name = cell,
            Role::Language => self.language = cell,
            Role::TimeZone => self.time_zone = cell,
            Role::Hour => self.hour = cell,
            Role::Digest => self.digest = cell,
            Role::Categories => self.categories = cell.map(List::Text),
            Role::Choices => self.choices = cell.map(List::Text),
            Role::Tags => self.tags = Some(List::Of(tags_of(text))),
            Role::State => self.state = cell,
            Role::WantsMail => self.wants_mail = cell,
            Role::Since => self.since = cell,
            Role::Changed => self.changed = cell,
            Role::Consent => self.consent = cell,
            Role::Asked => self.opt_in.asked = cell,
            Role::AskedFrom => self.opt_in.asked_from = cell,
            Role::Confirmed => self.opt_in.confirmed = cell,
            Role::ConfirmedFrom => self.opt_in.confirmed_from = cell,
            Role::Left => self.left.0 = cell,
            Role::LeftWhy => self.left.1 = cell,
            Role::Bounced => self.bounced = cell,
            Role::Suppressed => self.suppressed = cell,
            Role::Reason => self.reason = cell,
        }
    }
}

/// Of a cell with tags, or with a JSON object that may have some.
fn tags_of(cell: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Data {
        #[serde(default)]
        tags: Vec<String>,
    }
    if cell.trim_start().starts_with('{') {
        return serde_json::from_str(cell).map(|data: Data| data.tags).unwrap_or_default();
    }
    tags::divide(cell)
}
