//! Header lines: names and values folded and encoded (RFC 5322, 2.2.3; RFC 2047), each with its CR LF.

use chrono::{DateTime, Utc};
use lettre::message::header::{From, HeaderName, HeaderValue, Headers, ReplyTo, To};
use lettre::message::{Mailbox, Mailboxes};

use crate::mail::address::Address;
use crate::mail::name::DisplayName;

/// Longest subject that is kept, in characters: clients show fewer than 80, and a header is not a body.
const LONGEST_SUBJECT: usize = 250;

/// Why a header can't be written.
#[derive(Debug, thiserror::Error)]
#[error("no message can be made: {0}")]
pub struct HeaderError(pub String);

/// A line of text, whatever it holds.
///
/// # Errors
/// A name that is none.
pub fn text(name: &str, value: &str) -> Result<String, HeaderError> {
    let name = HeaderName::new_from_ascii(name.to_owned())
        .map_err(|_| HeaderError(format!("{name:?} is no header name")))?;
    let mut headers = Headers::new();
    headers.insert_raw(HeaderValue::new(name, one_line(value)));
    Ok(headers.to_string())
}

/// What a person is to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Who wrote it.
    From,
    /// Who answers go to.
    ReplyTo,
    /// Who gets it.
    To,
}

/// A line with one person.
///
/// # Errors
/// An address that the mail library can't write.
pub fn person(role: Role, name: &DisplayName, address: &Address) -> Result<String, HeaderError> {
    let person = Mailboxes::from(mailbox(name, address)?);
    let mut headers = Headers::new();
    match role {
        Role::From => headers.set(From::from(person)),
        Role::ReplyTo => headers.set(ReplyTo::from(person)),
        Role::To => headers.set(To::from(person)),
    }
    Ok(headers.to_string())
}

/// The line with the moment at which a message was written (RFC 5322, 3.3).
#[must_use]
pub fn date(moment: DateTime<Utc>) -> String {
    format!("Date: {}\r\n", moment.format("%a, %-d %b %Y %H:%M:%S +0000"))
}

/// Addresses in angle brackets, each on a line of its own: an address is never broken (RFC 2369, 2), and not every mail
/// program finds the first one below the header's name.
#[must_use]
pub fn addresses(name: &str, addresses: &[&str]) -> String {
    let bracketed: Vec<String> = addresses.iter().map(|address| format!("<{address}>")).collect();
    format!("{name}: {}\r\n", bracketed.join(",\r\n "))
}

/// A subject on one line, no longer than a header should be.
#[must_use]
pub fn subject_line(text: &str) -> String {
    let line = one_line(text);
    if line.chars().count() <= LONGEST_SUBJECT {
        return line;
    }
    let kept: String = line.chars().take(LONGEST_SUBJECT - 1).collect();
    format!("{}…", kept.trim_end())
}

/// No character may begin a new header.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn mailbox(name: &DisplayName, address: &Address) -> Result<Mailbox, HeaderError> {
    let email = lettre::Address::new(address.local(), address.domain())
        .map_err(|error| HeaderError(format!("{}: {error}", address.masked())))?;
    let name = (!name.is_empty()).then(|| name.as_str().to_owned());
    #[allow(clippy::disallowed_methods)] // the one place: the name is clean
    Ok(Mailbox::new(name, email))
}
