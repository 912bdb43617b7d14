//! A message as bytes: multipart/alternative, the same bytes for the same values at any time.

use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::mail::address::Address;
use crate::mail::name::DisplayName;

/// Longest subject that is kept, in characters: clients show fewer than 80, and a header is not a body.
const LONGEST_SUBJECT: usize = 250;

/// Everything that a message is made of.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// Who writes.
    pub from: (&'a DisplayName, &'a Address),
    /// Who answers go to, if not to `from`.
    pub reply_to: Option<&'a Address>,
    /// The one who gets it.
    pub to: (&'a DisplayName, &'a Address),
    /// One line of text.
    pub subject: &'a str,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// Unique, with its angle brackets (RFC 5322, 3.6.4).
    pub message_id: &'a str,
    /// What divides the parts: of up to 70 characters (RFC 2046, 5.1.1), and in neither part.
    pub boundary: &'a str,
    /// Further headers in their order: names and unfolded values.
    pub headers: &'a [(&'static str, String)],
    /// The message as plain text.
    pub text: &'a str,
    /// The message as HTML.
    pub html: &'a str,
}

/// Why no message can be made.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// An address or a header that the mail library refuses.
    #[error("no message can be made: {0}")]
    Refused(String),
}

impl Message<'_> {
    /// The bytes as they go over the wire, lines ending in CR LF.
    ///
    /// # Errors
    /// An address that the mail library can't write.
    pub fn to_bytes(&self) -> Result<Vec<u8>, MessageError> {
        let mut builder = lettre::Message::builder()
            .from(mailbox(self.from)?)
            .to(mailbox(self.to)?)
            .subject(subject_line(self.subject))
            .date(self.date.into())
            .message_id(Some(self.message_id.to_owned()));
        if let Some(reply_to) = self.reply_to {
            builder = builder.reply_to(mailbox((&DisplayName::default(), reply_to))?);
        }
        for (name, value) in self.headers {
            let name = HeaderName::new_from_ascii((*name).to_owned())
                .map_err(|_| MessageError::Refused(format!("{name:?} is no header name")))?;
            builder = builder.raw_header(HeaderValue::new(name, one_line(value)));
        }
        let parts = MultiPart::alternative()
            .boundary(self.boundary)
            .singlepart(SinglePart::plain(self.text.to_owned()))
            .singlepart(SinglePart::html(self.html.to_owned()));
        let message = builder.multipart(parts).map_err(|error| MessageError::Refused(error.to_string()))?;
        Ok(message.formatted())
    }
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

fn mailbox((name, address): (&DisplayName, &Address)) -> Result<Mailbox, MessageError> {
    let email = lettre::Address::new(address.local(), address.domain())
        .map_err(|error| MessageError::Refused(format!("{}: {error}", address.masked())))?;
    let name = (!name.is_empty()).then(|| name.as_str().to_owned());
    #[allow(clippy::disallowed_methods)] // the one place: the name is clean
    Ok(Mailbox::new(name, email))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn the_same_values_give_the_same_bytes() {
        let (name, address): (DisplayName, Address) =
            (DisplayName::new("Zoë, A"), "zoe@example.org".parse().unwrap());
        let headers = [
            ("List-Id", "Weekly <weekly.example.org>".to_owned()),
            ("X-Long", "ä\r\nBcc: x@example.org".to_owned()),
        ];
        let message = Message {
            from: (&name, &address),
            reply_to: Some(&address),
            to: (&name, &address),
            subject: "Salt & pepper\r\nBcc: evil@example.org",
            date: Utc.with_ymd_and_hms(2026, 5, 31, 8, 0, 0).unwrap(),
            message_id: "<1.2@example.org>",
            boundary: "b-1",
            headers: &headers,
            text: "Grüße\n.\n",
            html: "<p>Grüße</p>",
        };
        let bytes = message.to_bytes().unwrap();
        assert_eq!(bytes, message.to_bytes().unwrap());
        let parsed = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(parsed.subject(), Some("Salt & pepper Bcc: evil@example.org"));
        assert_eq!(parsed.bcc(), None);
        assert_eq!(parsed.body_text(0).as_deref(), Some("Grüße\r\n.\r\n"));
        assert_eq!(parsed.from().and_then(|from| from.first()).and_then(|from| from.name()), Some("Zoë, A"));
    }
}
