//! Reports of delivery: message/delivery-status (RFC 3464) and its international form (RFC 6533). What happened to each
//! recipient, and whose fault it was. Knows nothing of subscribers.

use crate::inbound::fields::Fields;
use crate::inbound::status::{self, Kind, Status};
use crate::mail::address::Address;

/// Most recipients that are read of one report: ours are made out to one.
const MOST_RECIPIENTS: usize = 100;

/// Longest words of a server that are kept, in characters.
const LONGEST_DIAGNOSTIC: usize = 500;

/// What a server says became of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The server that tried (Reporting-MTA).
    pub reporter: Option<String>,
    /// What we called the envelope (Original-Envelope-Id).
    pub envelope: Option<String>,
    /// One for each recipient.
    pub recipients: Vec<Recipient>,
}

/// What became of a message for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// What the server did.
    pub action: Action,
    /// Its enhanced code.
    pub status: Option<Status>,
    /// What a server said, in its own words.
    pub diagnostic: Option<String>,
    /// Where the message went in the end.
    pub last: Option<Address>,
    /// Where it was sent.
    pub first: Option<Address>,
    /// The server that refused it.
    pub remote: Option<String>,
}

/// What a server did (RFC 3464, 2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It gave up.
    Failed,
    /// It goes on trying.
    Delayed,
    /// It delivered.
    Delivered,
    /// It handed the message to a server that reports nothing.
    Relayed,
    /// It delivered to several in the place of one.
    Expanded,
}

impl Action {
    /// The word of RFC 3464.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Relayed => "relayed",
            Self::Expanded => "expanded",
        }
    }
}

impl Recipient {
    /// Whose fault it is, where the message did not arrive.
    #[must_use]
    pub fn bounce(&self) -> Option<Kind> {
        let text = self.diagnostic.as_deref().unwrap_or_default();
        (self.action == Action::Failed).then(|| status::kind(self.status, None, text))
    }

    fn is(&self, address: &Address) -> bool {
        [&self.first, &self.last].into_iter().flatten().any(|own| own.key() == address.key())
    }
}

impl Report {
    /// Reads the text of a message/delivery-status. None where it tells of no recipient.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (message, people) = sorted(Fields::groups(text));
        let recipients: Vec<Recipient> = people.iter().take(MOST_RECIPIENTS).filter_map(recipient).collect();
        if recipients.is_empty() {
            return None;
        }
        Some(Self {
            reporter: message.get("reporting-mta").map(|value| typed(value).to_owned()),
            envelope: message.get("original-envelope-id").map(str::to_owned),
            recipients,
        })
    }

    /// What the report says of the reader whom we wrote to at `address`. A message goes out to one alone: what is told of
    /// others is what an alias or a forward made of it. Then it failed if it failed for all of them, and the mildest kind
    /// counts.
    #[must_use]
    pub fn about(&self, address: &Address) -> Option<&Recipient> {
        if let Some(own) = self.recipients.iter().find(|recipient| recipient.is(address)) {
            return Some(own);
        }
        // None sorts before every kind: one who got it speaks for all.
        self.recipients.iter().min_by_key(|recipient| recipient.bounce())
    }
}

/// The fields about the message, and those of each recipient. Some servers leave out empty lines: a field that a
/// recipient has already begins the next one.
fn sorted(groups: Vec<Fields>) -> (Fields, Vec<Fields>) {
    const BEGIN: [&str; 2] = ["original-recipient", "final-recipient"];
    const OF_RECIPIENT: [&str; 6] =
        ["action", "status", "remote-mta", "diagnostic-code", "last-attempt-date", "will-retry-until"];
    type Row = (String, String);
    let mut message: Vec<Row> = Vec::new();
    let mut people: Vec<Vec<Row>> = Vec::new();
    for group in groups {
        let mut open = false;
        for (name, value) in group.iter() {
            let row = (name.to_owned(), value.to_owned());
            let known = BEGIN.contains(&name) || OF_RECIPIENT.contains(&name);
            match people.last_mut().filter(|_| open) {
                Some(last) if !BEGIN.contains(&name) || !last.iter().any(|(own, _)| own == name) => {
                    last.push(row);
                }
                _ if known => {
                    people.push(vec![row]);
                    open = true;
                }
                _ => message.push(row),
            }
        }
    }
    let fields =
        |rows: Vec<Row>| Fields::from_pairs(rows.iter().map(|(name, value)| (name.as_str(), value.clone())));
    (fields(message), people.into_iter().map(fields).collect())
}

fn recipient(fields: &Fields) -> Option<Recipient> {
    let status = fields.get("status").and_then(Status::find);
    let diagnostic = fields.get("diagnostic-code").map(|text| shortened(words(text)));
    let action = match fields.get("action").map(str::to_ascii_lowercase) {
        Some(word) if word.starts_with("fail") => Action::Failed,
        Some(word) if word.starts_with("delay") => Action::Delayed,
        Some(word) if word.starts_with("deliver") => Action::Delivered,
        Some(word) if word.starts_with("relay") => Action::Relayed,
        Some(word) if word.starts_with("expand") => Action::Expanded,
        // Without a word that we know the class tells; one that may pass is not taken for a failure.
        _ => match status.or_else(|| diagnostic.as_deref().and_then(|text| status::spoken(text).1))?.class {
            2 => Action::Delivered,
            4 => Action::Delayed,
            _ => Action::Failed,
        },
    };
    Some(Recipient {
        action,
        status,
        diagnostic,
        last: fields.get("final-recipient").and_then(address),
        first: fields.get("original-recipient").and_then(address),
        remote: fields.get("remote-mta").map(|value| typed(value).to_owned()),
    })
}

/// What stands behind the type: `dns; mx.example.org`.
fn typed(value: &str) -> &str {
    value.split_once(';').map_or(value, |(_, rest)| rest).trim()
}

/// The words behind `smtp;`, or all of them where there is no type.
fn words(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if kind.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
            rest.trim()
        }
        _ => value.trim(),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_DIAGNOSTIC).collect()
}

/// `rfc822; ana@example.org`, `utf-8; jos\x{E9}@example.org`, `<ana@example.org>`.
#[must_use]
pub fn address(value: &str) -> Option<Address> {
    let text = typed(value).trim_matches(['<', '>', ' ', '"']);
    let text = unescaped(text);
    // Of what RFC 3461, 4 encodes in an ORCPT these two stand in real addresses; some servers bring them back encoded.
    let text = if text.contains("+2B") || text.contains("+3D") {
        text.replace("+2B", "+").replace("+3D", "=")
    } else {
        text
    };
    text.parse().ok()
}

/// `\x{E9}` stands for a character (RFC 6533, 3).
fn unescaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once("\\x{") {
        written.push_str(before);
        let Some((digits, behind)) = escape.split_once('}') else {
            rest = escape;
            continue;
        };
        written.extend(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32));
        rest = behind;
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::{Action, Report, address};
    use crate::inbound::status::Kind;

    #[test]
    fn recipients_without_empty_lines_are_kept_apart() {
        let report = Report::read(
            "Reporting-MTA: dns; mx.example\nFinal-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\
             Final-Recipient: rfc822; b@example.org\nAction: delayed\nStatus: 4.4.1\n",
        )
        .unwrap();
        assert_eq!(report.reporter.as_deref(), Some("mx.example"));
        let seen: Vec<_> = report.recipients.iter().map(|one| (one.action, one.bounce())).collect();
        assert_eq!(seen, [(Action::Failed, Some(Kind::Hard)), (Action::Delayed, None)]);
    }

    #[test]
    fn what_others_got_speaks_for_a_reader_who_is_not_named() {
        let text = "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\n\
                    Final-Recipient: rfc822; b@example.org\nAction: failed\nStatus: 5.2.2\n";
        let report = Report::read(text).unwrap();
        let kind = |who: &str| report.about(&who.parse().unwrap()).and_then(super::Recipient::bounce);
        assert_eq!(kind("A@example.org"), Some(Kind::Hard));
        assert_eq!(kind("list@example.org"), Some(Kind::Soft));
        let report =
            Report::read(&format!("{text}\nFinal-Recipient: rfc822; c@x.org\nAction: relayed\n")).unwrap();
        assert_eq!(report.about(&"list@example.org".parse().unwrap()).unwrap().action, Action::Relayed);
    }

    #[test]
    fn addresses_are_read_in_all_their_forms() {
        let table = [
            ("rfc822; ana@example.org", Some("ana@example.org")),
            ("RFC822;<ana+tag@example.org>", Some("ana+tag@example.org")),
            ("rfc822;ana+2Btag@example.org", Some("ana+tag@example.org")),
            ("utf-8; jos\\x{E9}@b\u{fc}cher.example", Some("josé@xn--bcher-kva.example")),
            ("ana@example.org", Some("ana@example.org")),
            ("x400; /G=Ana/S=Roe/", None),
            ("utf-8; \\x{", None),
        ];
        for (text, expected) in table {
            assert_eq!(address(text).as_ref().map(crate::mail::address::Address::as_str), expected, "{text}");
        }
    }
}
