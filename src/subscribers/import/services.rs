//! Other services: how one knows their exports, what their columns hold, and what their states mean. All of it is data.

use crate::subscribers::import::columns::{Role, plain};

/// What a state of a service means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Wants mail.
    Active,
    /// Has asked, and never confirmed.
    Unconfirmed,
    /// Never asked for mail: a customer, a contact.
    NeverAsked,
    /// Left.
    Left,
    /// Mail to them came back for good.
    Bounced,
    /// Called a mail unwanted.
    Complained,
    /// Somebody decided that they are never mailed.
    Blocked,
}

/// A service whose exports are known.
#[derive(Debug)]
pub struct Service {
    /// Its name in commands.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What is in the first line of its exports and of no other: of each row one name at least.
    signature: &'static [&'static [&'static str]],
    /// What its columns hold.
    pub columns: &'static [(&'static str, Role)],
    /// What its states mean, in lower case.
    states: &'static [(&'static str, Fate)],
    /// What it means how a file's name begins.
    files: &'static [(&'static str, Fate)],
}

impl Service {
    /// What a state means.
    #[must_use]
    pub fn fate(&self, state: &str) -> Option<Fate> {
        let state = state.trim().to_lowercase();
        self.states.iter().find(|(word, _)| *word == state).map(|(_, fate)| *fate)
    }

    /// What is said of everybody in a file by how its name begins.
    #[must_use]
    pub fn fate_of_file(&self, name: &str) -> Option<Fate> {
        let name = name.to_lowercase();
        self.files.iter().find(|(begin, _)| name.starts_with(begin)).map(|(_, fate)| *fate)
    }
}

/// The service with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.name == name)
}

/// The service whose exports begin with such a line.
#[must_use]
pub fn recognise<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'static Service> {
    let names: Vec<String> = names.map(plain).collect();
    let has = |one_of: &&[&str]| one_of.iter().any(|name| names.iter().any(|own| own == name));
    SERVICES.iter().find(|service| service.signature.iter().all(has))
}

/// All of them.
pub static SERVICES: [Service; 5] = [
    // Its exports name no lists. Dates are as Go prints them.
    Service {
        name: "listmonk",
        title: "listmonk",
        signature: &[&["uuid"], &["email"], &["attributes"], &["status"]],
        columns: &[
            ("email", Role::Address),
            ("name", Role::Name),
            ("status", Role::State),
            ("created at", Role::Since),
            ("updated at", Role::Changed),
            ("lists", Role::Tags),
        ],
        states: &[("enabled", Fate::Active), ("disabled", Fate::Left), ("blocklisted", Fate::Blocked)],
        files: &[],
    },
    // A file for each state, named after it. The columns of merge fields are whatever the audience calls them.
    Service {
        name: "mailchimp",
        title: "Mailchimp",
        signature: &[
            &["email address", "email"],
            &["member rating", "optin time", "confirm time", "leid", "euid", "unsub time", "clean time"],
        ],
        columns: &[
            ("email address", Role::Address),
            ("email", Role::Address),
            ("name", Role::Name),
            ("first name", Role::First),
            ("last name", Role::Last),
            ("status", Role::State),
            ("optin time", Role::Asked),
            ("optin ip", Role::AskedFrom),
            ("confirm time", Role::Confirmed),
            ("confirm ip", Role::ConfirmedFrom),
            ("unsub time", Role::Left),
            ("unsub reason", Role::LeftWhy),
            ("clean time", Role::Bounced),
            ("timezone", Role::TimeZone),
            ("tags", Role::Tags),
        ],
        states: &[
            ("subscribed", Fate::Active),
            ("unsubscribed", Fate::Left),
            ("cleaned", Fate::Bounced),
            ("pending", Fate::Unconfirmed),
            ("transactional", Fate::NeverAsked),
            ("non-subscribed", Fate::NeverAsked),
            ("nonsubscribed", Fate::NeverAsked),
            ("archived", Fate::Left),
        ],
        files: &[
            ("subscribed", Fate::Active),
            ("unsubscribed", Fate::Left),
            ("cleaned", Fate::Bounced),
            ("nonsubscribed", Fate::NeverAsked),
        ],
    },
    Service {
        name: "buttondown",
        title: "Buttondown",
        signature: &[
            &["email", "email address"],
            &["creation date"],
            &["type", "subscriber type", "notes", "tags"],
        ],
        columns: &[
            ("email", Role::Address),
            ("email address", Role::Address),
            ("type", Role::State),
            ("subscriber type", Role::State),
            ("creation date", Role::Since),
            ("unsubscription date", Role::Left),
            ("unsubscription reason", Role::LeftWhy),
            ("tags", Role::Tags),
        ],
        states: &[
            ("regular", Fate::Active),
            ("premium", Fate::Active),
            ("gifted", Fate::Active),
            ("trialed", Fate::Active),
            ("churning", Fate::Active),
            ("churned", Fate::Active),
            ("past due", Fate::Active),
            ("past_due", Fate::Active),
            ("unactivated", Fate::Unconfirmed),
            ("upcoming", Fate::Unconfirmed),
            ("unpaid", Fate::Unconfirmed),
            ("paused", Fate::Left),
            ("unsubscribed", Fate::Left),
            ("removed", Fate::Left),
            ("disabled", Fate::Left),
            ("undeliverable", Fate::Bounced),
            ("complained", Fate::Complained),
            ("spammy", Fate::Blocked),
            ("blocked", Fate::Blocked),
        ],
        files: &[],
    },
    // Labels and newsletters are what its members are sorted by; tiers are what they pay for.
    Service {
        name: "ghost",
        title: "Ghost",
        signature: &[&["email"], &["subscribed to emails"]],
        columns: &[
            ("email", Role::Address),
            ("name", Role::Name),
            ("subscribed to emails", Role::WantsMail),
            ("created at", Role::Since),
            ("deleted at", Role::Left),
            ("labels", Role::Tags),
        ],
        states: &[],
        files: &[],
    },
    // `Data` is a JSON object; its `tags` count, where it has any.
    Service {
        name: "keila",
        title: "Keila",
        signature: &[&["email"], &["first name"], &["last name"], &["data"]],
        columns: &[
            ("email", Role::Address),
            ("first name", Role::First),
            ("last name", Role::Last),
            ("status", Role::State),
            ("data", Role::Tags),
        ],
        states: &[("active", Fate::Active), ("unsubscribed", Fate::Left), ("unreachable", Fate::Bounced)],
        files: &[],
    },
];
