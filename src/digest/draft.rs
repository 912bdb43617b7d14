//! From an edition to its stencil: headers in a fixed order, the two bodies encoded once, pictures that come along.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use data_encoding::BASE64;

use crate::digest::letterhead::Letterhead;
use crate::digest::slots;
use crate::digest::stencil::Mark;
use crate::mail::header::{self, HeaderError, Role};
use crate::mail::multipart::{begin, part};
use crate::mail::name::DisplayName;
use crate::mail::quoted::Quoted;

/// A picture that comes along (RFC 2392).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// What the HTML calls it, without `cid:`.
    pub cid: String,
    /// Its media type.
    pub media_type: String,
    /// Its file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a stencil is made of.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// What all mails of the issue say in their headers.
    pub letterhead: &'a Letterhead,
    /// When the issue was opened.
    pub opened: DateTime<Utc>,
    /// One line, with slots.
    pub subject: &'a str,
    /// Plain text, with slots.
    pub text: &'a str,
    /// HTML, with slots.
    pub html: &'a str,
    /// The page of this edition in the archive.
    pub page: Option<&'a str>,
    /// Pictures that come along.
    pub pictures: &'a [Inline],
}

impl Draft<'_> {
    /// The stencil's source.
    ///
    /// # Errors
    /// A sender that can't be written into a header.
    pub fn write(&self) -> Result<String, HeaderError> {
        let mut message = self.head()?;
        // The secret is in neither part, so the boundary is not.
        let boundary = format!("=_{}-{}", self.letterhead.digest, self.letterhead.slots);
        message.push_str(&begin("alternative", &boundary, ""));
        part(&mut message, &boundary, "text/plain", &self.body(self.text, Mark::Text));
        let html = self.body(self.html, Mark::Html);
        if self.pictures.is_empty() {
            part(&mut message, &boundary, "text/html", &html);
        } else {
            let related = format!("{boundary}-r");
            let _ = write!(message, "--{boundary}\r\n{}", begin("related", &related, "; type=\"text/html\""));
            part(&mut message, &related, "text/html", &html);
            for picture in self.pictures {
                let _ = write!(message, "--{related}\r\n{}", attached(picture));
            }
            let _ = write!(message, "--{related}--\r\n");
        }
        let _ = write!(message, "--{boundary}--\r\n");
        Ok(message)
    }

    /// Headers in the order in which they are for good: signatures and eyes depend on it. List headers are those of
    /// RFC 2369, 2919 and 8058; Auto-Submitted keeps autoresponders quiet (RFC 3834, 5).
    fn head(&self) -> Result<String, HeaderError> {
        let letterhead = self.letterhead;
        let mut head = header::person(Role::From, &letterhead.from_name, &letterhead.from)?;
        if let Some(reply_to) = &letterhead.reply_to {
            head.push_str(&header::person(Role::ReplyTo, &DisplayName::default(), reply_to)?);
        }
        head.push_str(&Mark::To.written());
        if slots::are_in(self.subject, &letterhead.slots) {
            head.push_str(&Mark::Subject.written());
        } else {
            head.push_str(&header::text("Subject", self.subject)?);
        }
        head.push_str(&header::date(self.opened));
        let (delivery, issue) = (Mark::Delivery.written(), Mark::Issue.written());
        let domain = letterhead.from.domain();
        let _ = write!(head, "Message-ID: <{delivery}.{}@{domain}>\r\n", letterhead.slots);
        head.push_str("MIME-Version: 1.0\r\n");
        head.push_str(&header::text("List-Id", &letterhead.list_id)?);
        head.push_str(&Mark::Unsubscribe.written());
        if let Some(help) = &letterhead.help_url {
            head.push_str(&header::addresses("List-Help", &[help]));
        }
        if let Some(archive) = self.page.or(letterhead.archive_url.as_deref()) {
            head.push_str(&header::addresses("List-Archive", &[archive]));
        }
        head.push_str("Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n");
        let sender = domain.replace('.', "-");
        let _ = write!(head, "Feedback-ID: {issue}:{}:digest:{sender}\r\n", letterhead.digest);
        let _ = write!(head, "X-Tidings-Delivery: {delivery}\r\n");
        Ok(head)
    }

    fn body(&self, text: &str, mark: fn(slots::Slot) -> Mark) -> String {
        let mut quoted = Quoted::default();
        let pieces = slots::pieces(text, &self.letterhead.slots);
        for (index, (piece, slot)) in pieces.iter().enumerate() {
            quoted.text(piece);
            if let Some(slot) = slot {
                let next = pieces.get(index + 1).map_or("", |(next, _)| next);
                let ends_line =
                    next.is_empty() && index + 2 == pieces.len() || next.starts_with(['\n', '\r']);
                quoted.open(&mark(*slot).written(), ends_line);
            }
        }
        quoted.written
    }
}

/// A picture in lines of 76 (RFC 2045, 6.8).
fn attached(picture: &Inline) -> String {
    let mut part = format!(
        "Content-Type: {}\r\nContent-ID: <{}>\r\nContent-Disposition: inline; filename=\"{}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        picture.media_type, picture.cid, picture.name
    );
    for line in picture.bytes.chunks(57) {
        part.push_str(&BASE64.encode(line));
        part.push_str("\r\n");
    }
    part
}
