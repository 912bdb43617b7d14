//! The headers of the message: those that have to be there, once, and what they say of leaving the list.

use crate::digest::lint::finding::{Part, Report, rules};

rules! {
    MISSING = Error "mail-header-missing", "RFC 5322, 3.6; RFC 2045, 4",
        "a message without it is refused or taken for spam; this is for the program to mend, please report it";
    DUPLICATE = Error "mail-header-duplicate", "RFC 5322, 3.6; RFC 8058, 3.1",
        "write it once: servers refuse a message with two, or show the one that was not meant";
    LIST_ID = Error "mail-list-id", "RFC 2919, 3",
        "give each digest a name: readers sort their mail by its List-Id";
    LIST_UNSUBSCRIBE = Error "mail-list-unsubscribe", "RFC 2369, 3.2; Gmail's email sender guidelines",
        "set mail.unsubscribe_url or mail.unsubscribe_mailto: mailboxes show their own button for it";
    ONE_CLICK = Error "mail-one-click", "RFC 8058, 3.1",
        "send List-Unsubscribe-Post: List-Unsubscribe=One-Click exactly where List-Unsubscribe has an https address";
    AUTO = Warning "mail-auto-submitted", "RFC 3834, 5",
        "say Auto-Submitted: auto-generated, so that nobody's autoresponder answers";
}

/// Headers that every message has.
const NEEDED: [&str; 7] = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"];

/// Headers that a message has once at most.
const ONCE: [&str; 20] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Help",
    "List-Archive",
    "Auto-Submitted",
];

/// The headers of a message in their order: names, and values without folds.
fn headers(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in text.lines().take_while(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    headers
}

/// Looks at the headers.
pub fn check(bytes: &[u8], report: &mut Report) {
    let headers = headers(bytes);
    let values = |wanted: &str| -> Vec<&str> {
        let of_name = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        of_name.map(|(_, value)| value.as_str()).collect()
    };
    for name in NEEDED.into_iter().filter(|name| values(name).first().is_none_or(|value| value.is_empty())) {
        report.add(Part::Message, &MISSING, format!("the message has no {name} header"), &[]);
    }
    for name in ONCE.into_iter().filter(|name| values(name).len() > 1) {
        let message = format!("the message has {} {name} headers", values(name).len());
        report.add(Part::Message, &DUPLICATE, message, &[]);
    }
    let list_id = values("List-Id").concat();
    if !(list_id.ends_with('>') && list_id.rsplit_once('<').is_some_and(|(_, id)| id.contains('.'))) {
        let message = "the message has no List-Id with an id like <weekly.example.org>";
        report.add(Part::Message, &LIST_ID, message, &[]);
    }
    let ways = values("List-Unsubscribe").join(", ");
    if !ways.contains("<mailto:") && !ways.contains("<https:") {
        let message = "the message has no List-Unsubscribe with a mailto or https address";
        report.add(Part::Message, &LIST_UNSUBSCRIBE, message, &[]);
    } else if ways.contains("<https:")
        != values("List-Unsubscribe-Post").contains(&"List-Unsubscribe=One-Click")
    {
        let message = if ways.contains("<https:") {
            "List-Unsubscribe has an https address, and List-Unsubscribe-Post does not say that one click is enough"
        } else {
            "List-Unsubscribe-Post promises one click, and List-Unsubscribe has no https address"
        };
        report.add(Part::Message, &ONE_CLICK, message, &[]);
    }
    if values("Auto-Submitted").first().is_none_or(|value| *value == "no") {
        report.add(Part::Message, &AUTO, "the message does not say that a program wrote it", &[]);
    }
}
