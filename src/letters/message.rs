//! From a rendered letter to a message: bytes for one person.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::mail::address::Address;
use crate::mail::header::{self, HeaderError, Role};
use crate::mail::multipart::{begin, part};
use crate::mail::name::DisplayName;
use crate::mail::quoted::Quoted;

/// A rendered letter, with all that its headers say.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// What tells it from all others, and is the same at every attempt: `letter-12`.
    pub name: &'a str,
    /// Who writes.
    pub from: (&'a DisplayName, &'a Address),
    /// Who answers go to.
    pub reply_to: Option<&'a Address>,
    /// Who gets it.
    pub to: (&'a DisplayName, &'a Address),
    /// When it was asked for.
    pub date: DateTime<Utc>,
    /// One line.
    pub subject: &'a str,
    /// Plain text.
    pub text: &'a str,
    /// HTML.
    pub html: &'a str,
    /// A word that nobody else knows: it makes the Message-ID and the boundary.
    pub secret: &'a str,
}

impl Letter<'_> {
    /// The bytes. Auto-Submitted keeps autoresponders quiet (RFC 3834, 5); a letter is no mail of a list, so it has none of
    /// its headers.
    ///
    /// # Errors
    /// A sender or an address that can't be written into a header.
    pub fn write(&self) -> Result<Vec<u8>, HeaderError> {
        let mut message = header::person(Role::From, self.from.0, self.from.1)?;
        if let Some(reply_to) = self.reply_to {
            message.push_str(&header::person(Role::ReplyTo, &DisplayName::default(), reply_to)?);
        }
        message.push_str(&header::person(Role::To, self.to.0, self.to.1)?);
        message.push_str(&header::text("Subject", self.subject)?);
        message.push_str(&header::date(self.date));
        let (name, secret, domain) = (self.name, self.secret, self.from.1.domain());
        let head = format!(
            "Message-ID: <{name}.{secret}@{domain}>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n\
             X-Tidings-Delivery: {name}\r\n"
        );
        message.push_str(&head);
        let boundary = format!("=_{name}-{secret}");
        message.push_str(&begin("alternative", &boundary, ""));
        part(&mut message, &boundary, "text/plain", &quoted(self.text));
        part(&mut message, &boundary, "text/html", &quoted(self.html));
        let _ = write!(message, "--{boundary}--\r\n");
        Ok(message.into_bytes())
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = Quoted::default();
    quoted.text(text);
    quoted.written
}
