//! From a stencil and a recipient to a message: bytes that are the same at every attempt.

use std::borrow::Cow;

use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::recipient::{Links, Recipient};
use crate::digest::slots::{self, Slot};
use crate::digest::stencil::{Mark, Stencil};
use crate::mail::header::{self, HeaderError, Role};
use crate::mail::quoted::quoted;
use crate::subscribers::token::Signer;
use crate::text::html_escape;

/// What the messages of an edition are made with.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// What all mails of the issue say in their headers.
    pub letterhead: Letterhead,
    /// The message with its marks.
    pub stencil: Stencil,
    /// One line, with slots.
    pub subject: String,
    /// What a reader without a name is called.
    pub nameless: String,
}

impl Stamp {
    /// For an edition; none if its message holds marks of another version.
    #[must_use]
    pub fn new(letterhead: &Letterhead, edition: &Edition) -> Option<Self> {
        Some(Self {
            letterhead: letterhead.clone(),
            stencil: Stencil::parse(edition.message.clone())?,
            subject: edition.subject.clone(),
            nameless: edition.nameless.clone(),
        })
    }

    /// The bytes of one recipient's message.
    ///
    /// # Errors
    /// An address that can't be written into a header.
    pub fn message(&self, recipient: &Recipient, signer: &Signer) -> Result<Vec<u8>, HeaderError> {
        let letterhead = &self.letterhead;
        let links = Links::new(letterhead, recipient.subscriber, signer);
        let values = Values { nameless: &self.nameless, recipient, links: &links };
        self.stencil.stamp(|mark| match mark {
            Mark::To => header::person(Role::To, &recipient.name, &recipient.address),
            Mark::Subject => header::text(
                "Subject",
                &slots::stamp(&self.subject, &letterhead.slots, |slot| values.plain(slot)),
            ),
            Mark::Delivery => Ok(recipient.delivery_name(letterhead)),
            Mark::Issue => Ok(recipient.issue.to_string()),
            Mark::Unsubscribe => Ok(unsubscribe(&links)),
            Mark::Text(slot) => Ok(quoted(&values.plain(slot))),
            Mark::Html(slot) => Ok(quoted(&html_escape(&values.plain(slot)))),
        })
    }
}

/// The bytes of one recipient's message, of an edition that nobody else's is made of.
///
/// # Errors
/// An address that can't be written into a header.
pub fn message(
    edition: &Edition,
    letterhead: &Letterhead,
    recipient: &Recipient,
    signer: &Signer,
) -> Result<Vec<u8>, HeaderError> {
    let stamp = Stamp::new(letterhead, edition);
    stamp
        .ok_or_else(|| HeaderError("its stencil is of another version".to_owned()))?
        .message(recipient, signer)
}

/// The text and the HTML of one recipient's message.
#[must_use]
pub fn bodies(
    edition: &Edition,
    letterhead: &Letterhead,
    recipient: &Recipient,
    signer: &Signer,
) -> (String, String) {
    let links = Links::new(letterhead, recipient.subscriber, signer);
    let values = Values { nameless: &edition.nameless, recipient, links: &links };
    let text = slots::stamp(&edition.text, &letterhead.slots, |slot| values.plain(slot));
    let html =
        slots::stamp(&edition.html, &letterhead.slots, |slot| Cow::Owned(html_escape(&values.plain(slot))));
    (text, html)
}

/// The subject of one recipient's message.
#[must_use]
pub fn subject(edition: &Edition, letterhead: &Letterhead, recipient: &Recipient, signer: &Signer) -> String {
    let links = Links::new(letterhead, recipient.subscriber, signer);
    let values = Values { nameless: &edition.nameless, recipient, links: &links };
    slots::stamp(&edition.subject, &letterhead.slots, |slot| values.plain(slot))
}

/// What the slots of a recipient's message hold.
struct Values<'v> {
    nameless: &'v str,
    recipient: &'v Recipient,
    links: &'v Links,
}

impl Values<'_> {
    fn plain(&self, slot: Slot) -> Cow<'_, str> {
        Cow::Borrowed(match slot {
            Slot::Name if self.recipient.name.is_empty() => self.nameless,
            Slot::Name => self.recipient.name.as_str(),
            Slot::Address => self.recipient.address.as_str(),
            Slot::Unsubscribe => self.links.unsubscribe(),
            Slot::Preferences => {
                self.links.preferences.as_deref().unwrap_or_else(|| self.links.unsubscribe())
            }
        })
    }
}

/// One web address and one mail address; with https, the promise of RFC 8058.
fn unsubscribe(links: &Links) -> String {
    match &links.one_click {
        Some(url) if !url.starts_with("https:") => {
            header::addresses("List-Unsubscribe", &[url, &links.mailto])
        }
        Some(url) => {
            header::addresses("List-Unsubscribe", &[url, &links.mailto])
                + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        }
        None => header::addresses("List-Unsubscribe", &[&links.mailto]),
    }
}
