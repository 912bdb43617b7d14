//! Who gets a message of an issue, and the links that are theirs alone.

use chrono::{DateTime, Utc};

use crate::digest::letterhead::Letterhead;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::token::{Signer, Subject};

/// Who gets a message, and as which delivery.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The store's number for the subscriber.
    pub subscriber: i64,
    /// The issue's number.
    pub issue: i64,
    /// When the issue was opened.
    pub opened: DateTime<Utc>,
    /// As it was when the issue was opened.
    pub name: DisplayName,
    /// Where the mail goes.
    pub address: Address,
}

impl Recipient {
    /// What names this delivery in all places: `weekly-12-345`.
    #[must_use]
    pub fn delivery_name(&self, letterhead: &Letterhead) -> String {
        format!("{}-{}-{}", letterhead.digest, self.issue, self.subscriber)
    }

    /// Where servers report what they can't deliver: `bounces+TOKEN@…` where each reader's mail has a return path of its own
    /// (VERP, RFC 5233), so that a report tells by itself whose mail it was, and nobody else can write one.
    #[must_use]
    pub fn return_path(&self, letterhead: &Letterhead, signer: &Signer) -> String {
        let bounces = &letterhead.bounces;
        if !letterhead.verp {
            return bounces.to_string();
        }
        let subject = Subject::ReturnPath { issue: self.issue, subscriber: self.subscriber };
        let token = signer.token(letterhead.key, &subject);
        format!("{}+{token}@{}", bounces.local(), bounces.domain())
    }
}

/// The links that differ per subscriber.
#[derive(Clone, Debug)]
pub struct Links {
    /// A mail that unsubscribes.
    pub mailto: String,
    /// The address that unsubscribes with one click (RFC 8058).
    pub one_click: Option<String>,
    /// The page with choices.
    pub preferences: Option<String>,
}

impl Links {
    /// Those of a subscriber.
    #[must_use]
    pub fn new(letterhead: &Letterhead, subscriber: i64, signer: &Signer) -> Self {
        let leave = Subject::Unsubscribe { subscriber, digest: letterhead.digest.clone() };
        let token = signer.token(letterhead.key, &leave);
        let page = |pattern: &String| {
            let token = signer.token(letterhead.key, &Subject::Preferences { subscriber });
            pattern.replace("{token}", &token)
        };
        Self {
            mailto: format!("mailto:{}?subject=unsubscribe%20{token}", letterhead.unsubscribe_mailto),
            one_click: letterhead.unsubscribe_url.as_ref().map(|pattern| pattern.replace("{token}", &token)),
            preferences: letterhead.preferences_url.as_ref().map(page),
        }
    }

    /// The link that unsubscribes, for people to follow.
    #[must_use]
    pub fn unsubscribe(&self) -> &str {
        self.one_click.as_ref().unwrap_or(&self.mailto)
    }
}
