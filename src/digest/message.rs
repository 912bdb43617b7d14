//! From an edition and a recipient to a message: slots stamped, headers written, bytes that are the same at
//! every attempt.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::slots::{self, Slot};
use crate::mail::address::Address;
use crate::mail::message::{Message, MessageError};
use crate::mail::name::DisplayName;
use crate::subscribers::token::{Purpose, Signer};
use crate::templates::html_escape;

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

    /// The Message-ID: the same at every attempt, so that a mailbox that gets two copies can tell.
    #[must_use]
    pub fn message_id(&self, letterhead: &Letterhead) -> String {
        format!("<{}.{}@{}>", self.delivery_name(letterhead), &letterhead.slots, letterhead.from.domain())
    }
}

/// The bytes of one recipient's message.
///
/// # Errors
/// An address that can't be written into a header.
pub fn build(
    edition: &Edition,
    letterhead: &Letterhead,
    recipient: &Recipient,
    signer: &Signer,
) -> Result<Vec<u8>, MessageError> {
    let links = Links::new(letterhead, recipient, signer);
    let (text, html) = stamp_bodies(edition, letterhead, recipient, &links);
    let plain = |slot| Cow::Borrowed(value(slot, letterhead, recipient, &links));
    let message = Message {
        from: (&letterhead.from_name, &letterhead.from),
        reply_to: letterhead.reply_to.as_ref(),
        to: (&recipient.name, &recipient.address),
        subject: &slots::stamp(&edition.subject, &letterhead.slots, plain),
        date: recipient.opened,
        message_id: &recipient.message_id(letterhead),
        boundary: &format!("=_{}-{}", recipient.delivery_name(letterhead), letterhead.slots),
        headers: &headers(letterhead, recipient, &links),
        text: &text,
        html: &html,
    };
    message.to_bytes()
}

/// The text and the HTML of one recipient's message.
#[must_use]
pub fn bodies(
    edition: &Edition,
    letterhead: &Letterhead,
    recipient: &Recipient,
    signer: &Signer,
) -> (String, String) {
    stamp_bodies(edition, letterhead, recipient, &Links::new(letterhead, recipient, signer))
}

fn stamp_bodies(
    edition: &Edition,
    letterhead: &Letterhead,
    recipient: &Recipient,
    links: &Links,
) -> (String, String) {
    let value = |slot| value(slot, letterhead, recipient, links);
    let text = slots::stamp(&edition.text, &letterhead.slots, |slot| Cow::Borrowed(value(slot)));
    let html = slots::stamp(&edition.html, &letterhead.slots, |slot| Cow::Owned(html_escape(value(slot))));
    (text, html)
}

/// What a slot holds for a recipient.
fn value<'v>(slot: Slot, letterhead: &'v Letterhead, recipient: &'v Recipient, links: &'v Links) -> &'v str {
    match slot {
        Slot::Name if recipient.name.is_empty() => &letterhead.nameless,
        Slot::Name => recipient.name.as_str(),
        Slot::Address => recipient.address.as_str(),
        Slot::Unsubscribe => links.unsubscribe(),
        Slot::Preferences => links.preferences.as_deref().unwrap_or_else(|| links.unsubscribe()),
    }
}

/// The links that differ per subscriber.
struct Links {
    mailto: String,
    one_click: Option<String>,
    preferences: Option<String>,
}

impl Links {
    fn new(letterhead: &Letterhead, recipient: &Recipient, signer: &Signer) -> Self {
        let token = signer.token(Purpose::Unsubscribe, recipient.subscriber);
        let with_token = |pattern: &String| pattern.replace("{token}", &token);
        Self {
            mailto: format!("mailto:{}?subject=unsubscribe%20{token}", letterhead.unsubscribe_mailto),
            one_click: letterhead.unsubscribe_url.as_ref().map(with_token),
            preferences: letterhead.preferences_url.as_ref().map(with_token),
        }
    }

    fn unsubscribe(&self) -> &str {
        self.one_click.as_ref().unwrap_or(&self.mailto)
    }
}

/// List headers (RFC 2369, 2919, 8058), and what keeps autoresponders quiet (RFC 3834, 5).
fn headers(letterhead: &Letterhead, recipient: &Recipient, links: &Links) -> Vec<(&'static str, String)> {
    let mut headers = vec![("List-Id", letterhead.list_id.clone())];
    match &links.one_click {
        Some(url) => {
            headers.push(("List-Unsubscribe", format!("<{url}>, <{}>", links.mailto)));
            headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        None => headers.push(("List-Unsubscribe", format!("<{}>", links.mailto))),
    }
    headers.extend(letterhead.help_url.as_ref().map(|url| ("List-Help", format!("<{url}>"))));
    headers.extend(letterhead.archive_url.as_ref().map(|url| ("List-Archive", format!("<{url}>"))));
    headers.push(("Auto-Submitted", "auto-generated".to_owned()));
    headers.push(("Precedence", "bulk".to_owned()));
    let sender = letterhead.from.domain().replace('.', "-");
    headers.push(("Feedback-ID", format!("{}:{}:digest:{sender}", recipient.issue, letterhead.digest)));
    headers.push(("X-Tidings-Delivery", recipient.delivery_name(letterhead)));
    headers
}
