//! Statuses of delivery (RFC 3463, and the register that RFC 5248 began), and whose fault each one is. Knows nothing of how
//! reports are written.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::inbound::wording;

/// An enhanced status code: class, subject, detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Status {
    /// 2 for success, 4 for what may pass, 5 for what stays.
    pub class: u8,
    /// What it is about.
    pub subject: u16,
    /// What about it.
    pub detail: u16,
}

/// Whose fault it is that a mail did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The server does not want us, or this message. It says nothing of the reader.
    Sender,
    /// The address may work another day.
    Soft,
    /// There is no such address.
    Hard,
}

impl Kind {
    /// The word in the store, the report and the docs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Soft => "soft",
            Self::Hard => "hard",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Sender, Self::Soft, Self::Hard].into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Status {
    /// The first status in a text: `5.1.1`, `#5.1.1`, `(5.1.1)`. An address of the internet is none.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(Self::exactly)
    }

    /// A text that is a status and nothing else.
    #[must_use]
    pub fn exactly(text: &str) -> Option<Self> {
        let mut numbers = text.trim_end_matches('.').split('.');
        let class = match numbers.next()? {
            "2" => 2,
            "4" => 4,
            "5" => 5,
            _ => return None,
        };
        let (subject, detail) = (number(numbers.next()?)?, number(numbers.next()?)?);
        numbers.next().is_none().then_some(Self { class, subject, detail })
    }

    /// Whether it leaves open what happened (RFC 3463, 3.1 and on: X.n.0 is "other or undefined").
    fn is_vague(self) -> bool {
        self.detail == 0
    }
}

/// One to three digits (RFC 3463, 2).
fn number(text: &str) -> Option<u16> {
    let legal = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    legal.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// What a permanent status (5.subject.detail) comes to, where it is clear; the others go by their words. Microsoft's own
/// details (three digits) are those of Exchange Online's list of non-delivery reports.
const PERMANENT: &[(u16, u16, Kind)] = &[
    (1, 1, Kind::Hard),    // RFC 3463, 3.2: bad destination mailbox address
    (1, 2, Kind::Hard),    // RFC 3463, 3.2: bad destination system address
    (1, 3, Kind::Hard),    // RFC 3463, 3.2: bad destination mailbox address syntax
    (1, 4, Kind::Soft),    // RFC 3463, 3.2: the address is ambiguous: the server's trouble
    (1, 6, Kind::Hard),    // RFC 3463, 3.2: mailbox has moved, no forwarding address
    (1, 7, Kind::Sender),  // RFC 3463, 3.2: bad sender's mailbox address syntax
    (1, 8, Kind::Sender),  // RFC 3463, 3.2: bad sender's system address
    (1, 10, Kind::Hard),   // RFC 7505, 4.2: the domain takes no mail (null MX)
    (1, 90, Kind::Sender), // Exchange Online: the sender's daily limit
    (1, 351, Kind::Hard),  // Exchange Online: the remote server knows no such recipient
    (2, 1, Kind::Hard),    // RFC 3463, 3.3: mailbox disabled, not accepting messages
    (2, 2, Kind::Soft),    // RFC 3463, 3.3: mailbox full
    (2, 3, Kind::Soft),    // RFC 3463, 3.3: message longer than this mailbox takes
    (2, 4, Kind::Soft),    // RFC 3463, 3.3: a mailing list could not be expanded
    (3, 4, Kind::Soft),    // RFC 3463, 3.4: message too big for the system
    (4, 310, Kind::Hard),  // Exchange Online: the domain does not exist in DNS
    (6, 7, Kind::Sender),  // RFC 6531, 3.6.2: the server lacks what this address needs
];

/// Whose fault a report names. `status` is its enhanced code, `code` the basic one of SMTP, `text` the server's words,
/// which may hold codes themselves.
///
/// - 4.x.x: it may work another day (RFC 3463, 2), whatever it is, but for 4.7.x.
/// - x.7.x, wherever it stands, never blames the reader: security or policy (RFC 3463, 3.8). Nor does 5.6.x, which is about
///   the content (3.7).
/// - Where the status is vague (5.0.0, 5.1.0, …), or one that servers use for many things, the words decide.
/// - What is still unknown is soft: if it stays so for weeks, it counts all the same.
#[must_use]
pub fn kind(status: Option<Status>, code: Option<u16>, text: &str) -> Kind {
    let spoken = spoken(text);
    let code = code.or(spoken.0);
    if [status, spoken.1].into_iter().flatten().any(|status| status.subject == 7) {
        return Kind::Sender;
    }
    // The server's own words name the code that a report's writer left vague.
    let status = match (status, spoken.1) {
        (Some(own), Some(inner)) if own.is_vague() => Some(inner),
        (own, inner) => own.or(inner),
    };
    if let Some(status) = status {
        return of_status(status, text);
    }
    match code {
        // RFC 5321, 4.2.2 and 4.2.3: 552 is "exceeded storage allocation".
        Some(552 | 400..=499) => Kind::Soft,
        _ => wording::kind(text).unwrap_or(Kind::Soft),
    }
}

fn of_status(status: Status, text: &str) -> Kind {
    if status.class != 5 {
        return Kind::Soft;
    }
    let row = PERMANENT.iter().find(|row| (row.0, row.1) == (status.subject, status.detail));
    match (row, status.subject) {
        (Some((_, _, kind)), _) => *kind,
        (None, 6) => Kind::Sender,
        // 5.4.1 and 5.4.4 are "no answer" and "unable to route" (RFC 3463, 3.5); Exchange Online says the first of unknown
        // recipients, Postfix the second of unknown domains. 5.5.0 was Hotmail's for unknown mailboxes.
        (None, 0..=2 | 4) if !matches!(status.detail, 6 | 7 | 14) => {
            wording::kind(text).unwrap_or(Kind::Soft)
        }
        (None, 3 | 5) if status.is_vague() => wording::kind(text).unwrap_or(Kind::Soft),
        _ => Kind::Soft,
    }
}

/// The codes that a server's words begin with, or hold: `550 5.1.1 …`, `smtp;550-5.1.1 …`, `… (#5.1.1)`.
#[must_use]
pub fn spoken(text: &str) -> (Option<u16>, Option<Status>) {
    let mut words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '-' | ';' | '#' | '(' | ')' | '<' | '>' | '['));
    let code = words.find_map(|word| {
        let word = word.trim_end_matches([':', ',', '.']);
        let legal = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let code: u16 = legal.then(|| word.parse().ok()).flatten()?;
        matches!(code, 400..=599).then_some(code)
    });
    (code, Status::find(text))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Status, kind, spoken};

    #[test]
    fn statuses_are_found_in_words_and_addresses_are_not() {
        let table = [
            ("5.1.1", Some((5, 1, 1))),
            ("smtp; 550-5.1.1 The email", Some((5, 1, 1))),
            ("sorry (#5.1.10)", Some((5, 1, 10))),
            ("4.4.2 (delivery expired)", Some((4, 4, 2))),
            ("host 5.9.1.7 said: 550 5.2.1 no", Some((5, 2, 1))),
            ("from 192.0.2.5.", None),
            ("3.1.1 5.1 5.1.1234 1.5.1.1", None),
        ];
        for (text, expected) in table {
            let expected = expected.map(|(class, subject, detail)| Status { class, subject, detail });
            assert_eq!(Status::find(text), expected, "{text}");
        }
        assert_eq!(spoken("smtp;550 5.1.1 <x>").0, Some(550));
        assert_eq!(spoken("host said: 452-4.2.2 full").0, Some(452));
        assert_eq!(spoken("in 550ms after 25 tries").0, None);
    }

    #[test]
    fn whose_fault_it_is_follows_from_the_codes_and_else_from_the_words() {
        let status = |text: &str| Status::exactly(text);
        let table = [
            ("5.1.1", None, "", Kind::Hard),
            ("5.1.10", None, "", Kind::Hard),
            ("5.2.1", None, "", Kind::Hard),
            ("5.2.2", None, "", Kind::Soft),
            ("5.3.0", None, "user unknown", Kind::Hard),
            ("5.3.2", None, "user unknown", Kind::Soft),
            ("5.1.7", None, "", Kind::Sender),
            ("4.1.1", None, "user unknown", Kind::Soft),
            ("4.7.28", None, "", Kind::Sender),
            ("5.7.1", None, "550 5.7.1 user unknown", Kind::Sender),
            ("5.1.1", None, "smtp; 554 5.7.1 blocked", Kind::Sender),
            ("5.0.0", None, "smtp; 550 5.1.1 gone", Kind::Hard),
            ("5.0.0", None, "smtp; 550 User unknown", Kind::Hard),
            ("5.0.0", None, "smtp; 550 whatever", Kind::Soft),
            ("5.4.1", None, "Recipient address rejected: Access denied", Kind::Hard),
            ("5.4.1", None, "no answer from host", Kind::Soft),
            ("5.4.4", None, "Name service error: Host not found", Kind::Hard),
            ("5.4.7", None, "user unknown", Kind::Soft),
            ("5.5.0", None, "Requested action not taken: mailbox unavailable", Kind::Hard),
            ("5.6.1", None, "", Kind::Sender),
            ("", Some(550), "no such user here", Kind::Hard),
            ("", Some(550), "no", Kind::Soft),
            ("", Some(552), "user unknown", Kind::Soft),
            ("", None, "554 rejected as spam", Kind::Sender),
            ("", Some(450), "", Kind::Soft),
        ];
        for (own, code, text, expected) in table {
            assert_eq!(kind(status(own), code, text), expected, "{own} {code:?} {text}");
        }
    }
}
