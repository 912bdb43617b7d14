//! Mails as a reader's program sees them.

use mail_parser::{MessageParser, MimeHeaders};

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) to: String,
    /// What names the delivery: digest, issue and subscriber.
    pub(crate) delivery: String,
    pub(crate) subject: String,
    pub(crate) date: String,
    pub(crate) text: String,
    /// The titles of its articles, in their order: in the text each stands behind a `*`.
    pub(crate) titles: Vec<String>,
}

/// Decodes mails, in the order of their dates.
pub(crate) fn mails(all: &[Vec<u8>]) -> Vec<Mail> {
    let mut mails: Vec<Mail> = all.iter().map(|bytes| mail(bytes)).collect();
    mails.sort_by(|a, b| (&a.date, &a.to).cmp(&(&b.date, &b.to)));
    mails
}

fn mail(bytes: &[u8]) -> Mail {
    let parsed = MessageParser::default().parse(bytes).unwrap();
    assert!(parsed.content_type().is_some_and(|kind| kind.subtype() == Some("alternative")));
    let text = parsed.body_text(0).unwrap().replace("\r\n", "\n");
    let titles = text.lines().filter_map(|line| line.strip_prefix("* ")).map(str::to_owned).collect();
    Mail {
        to: parsed.to().unwrap().first().unwrap().address().unwrap().to_owned(),
        delivery: parsed.header_raw("X-Tidings-Delivery").unwrap().trim().to_owned(),
        subject: parsed.subject().unwrap().to_owned(),
        date: parsed.date().unwrap().to_rfc3339(),
        titles,
        text,
    }
}
