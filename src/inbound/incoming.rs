//! A message: a message that came in, taken apart into its header and its parts. The only place that knows the parser; what
//! the parts mean is decided elsewhere.

use mail_parser::decoders::html::html_to_text;
use mail_parser::{Header, HeaderName, HeaderValue, Message, MessageParser, MessagePart, PartType};

use crate::inbound::fields::Fields;

/// Most bytes of a message that are read. Reports are a few kilobytes, and have what counts at their beginning; what
/// comes back with them may be large.
pub const MOST: usize = 1024 * 1024;

/// Most parts that are looked at: a report has three.
const MOST_PARTS: usize = 200;

/// A message, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    /// Its header.
    pub fields: Fields,
    /// Type and subtype of all of it, in lower case.
    pub kind: String,
    /// What kind of report it says it is (RFC 6522, 3), in lower case.
    pub report_type: Option<String>,
    /// Its parts in their order. Multiparts are opened; messages within it are not.
    pub parts: Vec<Part>,
}

/// A part that is no multipart.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Type and subtype, in lower case.
    pub kind: String,
    /// What it says as text, decoded. Empty for a message.
    pub text: String,
    /// The header of a message that is this part.
    pub message: Option<Fields>,
}

impl Incoming {
    /// Reads bytes, whatever they are. Of more than [`MOST`] the beginning counts. Anybody can send us a mail: one that the
    /// parser stumbles over has a header and no parts, and stops nothing.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let bytes = without_from_line(&bytes[..bytes.len().min(MOST)]);
        std::panic::catch_unwind(|| Self::parse(bytes)).unwrap_or_else(|_| {
            let fields = Fields::groups(&String::from_utf8_lossy(bytes)).into_iter().next();
            Self { fields: fields.unwrap_or_default(), ..Self::default() }
        })
    }

    fn parse(bytes: &[u8]) -> Self {
        let parser = MessageParser::new()
            .with_mime_headers()
            .header_text(HeaderName::Subject)
            .header_text(HeaderName::From)
            .default_header_raw();
        let Some(message) = parser.parse(bytes) else { return Self::default() };
        let content = message.parts.first().and_then(|part| content_type(part));
        Self {
            fields: fields(message.headers()),
            kind: content.as_ref().map_or_else(|| "text/plain".to_owned(), |content| content.0.clone()),
            report_type: content.and_then(|content| content.1),
            parts: message.parts.iter().take(MOST_PARTS).filter_map(part).collect(),
        }
    }

    /// The first part of one of these kinds.
    #[must_use]
    pub fn part(&self, kinds: &[&str]) -> Option<&Part> {
        self.parts.iter().find(|part| kinds.contains(&part.kind.as_str()))
    }

    /// What people read of it: the plain text, or else what the HTML says.
    #[must_use]
    pub fn text(&self) -> &str {
        let part = self.part(&["text/plain"]).or_else(|| self.part(&["text/html"]));
        part.map_or("", |part| &part.text)
    }

    /// The header of the message that it brings back, whole or alone (RFC 6522, 4).
    #[must_use]
    pub fn returned(&self) -> Option<Fields> {
        let whole = self.parts.iter().find_map(|part| part.message.clone());
        whole.or_else(|| {
            let headers = self.part(&[
                "text/rfc822-headers",
                "message/rfc822-headers",
                "message/global-headers",
                "message/rfc822",
                "message/global",
            ])?;
            Fields::groups(&headers.text).into_iter().next()
        })
    }
}

/// Programs that hand a message over on a pipe put the line of an mbox above it.
fn without_from_line(bytes: &[u8]) -> &[u8] {
    if !bytes.starts_with(b"From ") {
        return bytes;
    }
    let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    &bytes[end..]
}

/// Type and subtype, and the kind of report.
fn content_type(part: &MessagePart<'_>) -> Option<(String, Option<String>)> {
    let header = part.headers.iter().find(|header| header.name == HeaderName::ContentType)?;
    let content = header.value.as_content_type()?;
    let kind = match content.subtype() {
        Some(subtype) => format!("{}/{subtype}", content.ctype()),
        None => content.ctype().to_owned(),
    };
    let report = content.attribute("report-type").map(str::to_ascii_lowercase);
    Some((kind.to_ascii_lowercase(), report))
}

fn part(part: &MessagePart<'_>) -> Option<Part> {
    let kind = content_type(part).map(|content| content.0);
    let (default, text, message) = match &part.body {
        PartType::Multipart(_) => return None,
        PartType::Text(text) => ("text/plain", text.to_string(), None),
        PartType::Html(html) => ("text/html", html_to_text(html), None),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            ("application/octet-stream", String::from_utf8_lossy(bytes).into_owned(), None)
        }
        PartType::Message(message) => ("message/rfc822", String::new(), Some(inner_fields(message))),
    };
    Some(Part { kind: kind.unwrap_or_else(|| default.to_owned()), text, message })
}

fn inner_fields(message: &Message<'_>) -> Fields {
    fields(message.headers())
}

fn fields(headers: &[Header<'_>]) -> Fields {
    Fields::from_pairs(headers.iter().map(|header| (header.name(), value(&header.value))))
}

/// A field's value as text. Of structured ones only the type is kept, for nobody asks for more.
fn value(value: &HeaderValue<'_>) -> String {
    match value {
        HeaderValue::Text(text) => text.to_string(),
        HeaderValue::TextList(texts) => texts.join(" "),
        HeaderValue::ContentType(content) => content.ctype().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Incoming, MOST};

    #[test]
    fn a_message_is_taken_apart_and_what_it_brings_back_is_not_opened() {
        let bytes = b"From MAILER-DAEMON Mon Nov 23 2026\nfrom: a@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
            Delivered-To:\r\n\tbounces+x@example.org\r\n\
            Content-Type: multipart/report; report-type=Delivery-Status; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n\
            --b\r\nContent-Type: message/rfc822\r\n\r\nSubject: old\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n\
            --c\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n--c--\r\n--b--\r\n";
        let incoming = Incoming::read(bytes);
        assert_eq!(incoming.fields.get("subject"), Some("Grüße"));
        assert_eq!(incoming.fields.get("delivered-to"), Some("bounces+x@example.org"));
        assert_eq!(incoming.report_type.as_deref(), Some("delivery-status"));
        assert_eq!(incoming.text().trim(), "Hello");
        assert_eq!(incoming.returned().unwrap().get("subject"), Some("old"));
        assert!(incoming.part(&["message/delivery-status"]).is_none());
    }

    #[test]
    fn of_a_message_that_is_too_large_the_beginning_counts() {
        let mut bytes = b"Subject: big\r\n\r\n".to_vec();
        bytes.resize(10 * MOST, b'x');
        let incoming = Incoming::read(&bytes);
        assert_eq!(incoming.fields.get("subject"), Some("big"));
        assert!(incoming.text().len() < MOST);
    }
}
