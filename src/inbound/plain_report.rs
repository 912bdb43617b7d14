//! Reports of delivery that are not RFC 3464: qmail's (QSBMF), old ones of Exim and Exchange, and whatever a server wrote in
//! words. A code has to stand there, and all codes have to say the same; anything else is left to people.

use crate::inbound::incoming::Incoming;
use crate::inbound::instruction::bare_address;
use crate::inbound::report::{Action, Recipient, Report};
use crate::inbound::status::{self, Kind, Status};
use crate::mail::address::Address;

/// Most lines that are read: what counts stands above the copy of the mail.
const MOST_LINES: usize = 400;

/// What a message of a server comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    /// It says what happened.
    Report(Report),
    /// It is a report, and this is why it is not clear.
    Unclear(&'static str),
}

/// Reads a message. None where it is no report.
#[must_use]
pub fn read(incoming: &Incoming) -> Option<Plain> {
    if !is_report(incoming) {
        return None;
    }
    let lines = own_lines(incoming.text());
    let replies: Vec<Reply> = (0..lines.len()).filter_map(|at| reply(&lines, at)).collect();
    let subject = incoming.fields.get("subject").unwrap_or_default();
    if says(subject, WAITING) || lines.iter().any(|line| says(line, GOES_ON)) {
        return Some(Plain::Report(one(incoming, &lines, Action::Delayed, replies.first())));
    }
    let mut kinds: Vec<Kind> = replies.iter().map(|reply| reply.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Some(match kinds.len() {
        0 => Plain::Unclear("a server's report without a code"),
        1 => Plain::Report(one(incoming, &lines, Action::Failed, replies.first())),
        _ => Plain::Unclear("a server's report with codes that contradict each other"),
    })
}

/// Whether a server wrote it, as far as its header can tell.
#[must_use]
pub fn is_of_server(incoming: &Incoming) -> bool {
    const NAMES: [&str; 8] = [
        "mailer-daemon",
        "postmaster",
        "mail-daemon",
        "mdaemon",
        "maildaemon",
        "mail_daemon",
        "microsoftexchange",
        "mailerdaemon",
    ];
    let from = incoming.fields.get("from").unwrap_or_default().to_ascii_lowercase();
    let local = bare_address(&from).map_or(from.clone(), |address| address.local().to_owned());
    has_empty_path(incoming) || NAMES.iter().any(|name| local.contains(name))
}

/// Whether the envelope's sender was empty, as it is of what must not be answered (RFC 5321, 4.5.5).
#[must_use]
pub fn has_empty_path(incoming: &Incoming) -> bool {
    incoming.fields.get("return-path").is_some_and(|path| path.replace(' ', "") == "<>")
}

fn is_report(incoming: &Incoming) -> bool {
    const SUBJECTS: [&str; 20] = [
        "undeliver",
        "delivery status notification",
        "delivery notification",
        "delivery failure",
        "delivery failed",
        "delivery has failed",
        "delivery report",
        "mail delivery",
        "message delivery",
        "mail system error",
        "returned mail",
        "returned to sender",
        "return to sender",
        "failure notice",
        "could not be delivered",
        "nondeliverable",
        "non-deliverable",
        "unzustellbar",
        "non remis",
        "no se puede entregar",
    ];
    let subject = incoming.fields.get("subject").unwrap_or_default().to_lowercase();
    let tells = incoming.fields.has("x-failed-recipients")
        || SUBJECTS.iter().any(|words| subject.contains(words))
        || says(&subject, WAITING);
    is_of_server(incoming) && (tells || says(incoming.text(), &["qmail-send program"]))
}

/// Subjects of reports that say that a server goes on trying.
const WAITING: &[&str] =
    &["delayed", "warning: message", "warning: could not send", "still being retried", "(delay)"];
/// And their words.
const GOES_ON: &[&str] = &[
    "will keep trying",
    "will continue to be attempted",
    "attempts will continue",
    "will be retried",
    "still trying",
    "do not need to resend",
    "no action is required",
];

fn says(text: &str, phrases: &[&str]) -> bool {
    let text = text.to_lowercase();
    phrases.iter().any(|phrase| text.contains(phrase))
}

/// The lines above the copy of the mail.
fn own_lines(text: &str) -> Vec<&str> {
    const COPY: [&str; 7] = [
        "below this line is a copy",
        "this is a copy of",
        "original message",
        "message header follows",
        "message headers follow",
        "headers of the original",
        "unsent message below",
    ];
    let is_copy = |line: &str| {
        line.starts_with("Received: ") || line.starts_with("Return-Path: ") || line.starts_with('>') || {
            let dashed = line.trim_start().starts_with('-');
            dashed && says(line, &COPY)
        }
    };
    text.lines().take(MOST_LINES).take_while(|line| !is_copy(line)).collect()
}

/// A line that tells of a server's reply.
struct Reply {
    status: Option<Status>,
    text: String,
    kind: Kind,
}

fn reply(lines: &[&str], at: usize) -> Option<Reply> {
    let line = lines[at].trim();
    let rest = from_code(line)?;
    // What the server said may go on below.
    let more = lines[at + 1..].iter().take(2).map(|line| line.trim()).take_while(|line| !line.is_empty());
    let text = std::iter::once(rest).chain(more).collect::<Vec<_>>().join(" ");
    let (code, status) = status::spoken(rest);
    Some(Reply { status, kind: status::kind(status, code, &text), text: text.chars().take(300).collect() })
}

/// The line from its code on. A number is a code where it begins the line or what somebody said, or where a status follows;
/// a status is one behind `#` or `(`, or at the beginning of the line.
fn from_code(line: &str) -> Option<&str> {
    for (at, _) in line.match_indices(['4', '5']) {
        let (before, rest) = (&line[..at], &line[at..]);
        if before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@' | '_' | '/')) {
            continue;
        }
        let word = rest.split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap_or_default();
        let behind = &rest[word.len()..];
        let opened = before.trim_end();
        if Status::exactly(word).is_some()
            && (opened.is_empty() || opened.ends_with(['#', '(', ':', ';', '[']))
        {
            return Some(rest);
        }
        let is_code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let said = opened.is_empty() || opened.ends_with([':', ';', '<', '>', '"', '\'', '#']);
        let follows = Status::find(behind.get(1..12.min(behind.len())).unwrap_or_default()).is_some();
        if is_code && behind.starts_with([' ', '-', '#']) && (said || follows) {
            return Some(rest);
        }
    }
    None
}

fn one(incoming: &Incoming, lines: &[&str], action: Action, reply: Option<&Reply>) -> Report {
    let recipient = Recipient {
        action,
        status: reply.and_then(|reply| reply.status),
        diagnostic: reply.map(|reply| reply.text.clone()),
        last: recipient(incoming, lines),
        first: None,
        remote: None,
    };
    Report { reporter: None, envelope: None, recipients: vec![recipient] }
}

/// Whom it is about: Exim's field, or the first address that stands on a line of its own or before a colon.
fn recipient(incoming: &Incoming, lines: &[&str]) -> Option<Address> {
    let field = incoming.fields.get("x-failed-recipients").and_then(|value| value.split(',').next());
    if let Some(address) = field.and_then(bare_address) {
        return Some(address);
    }
    lines.iter().find_map(|line| {
        let text = line.trim().trim_end_matches(':').trim_matches(['<', '>', ' ']);
        text.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::from_code;

    #[test]
    fn numbers_are_codes_only_where_they_can_be() {
        let table = [
            ("550 5.1.1 no such user", Some("550 5.1.1 no such user")),
            ("Remote host said: 550 no", Some("550 no")),
            ("<<< 552-5.2.2 full", Some("552-5.2.2 full")),
            ("Sorry, no mailbox here. (#5.1.1)", Some("5.1.1)")),
            ("the error was 550 5.7.1 blocked", Some("550 5.7.1 blocked")),
            ("after 450 seconds", None),
            ("(Exim 4.96)", None),
            ("mail.example (192.0.2.5)", None),
            ("version 5.1.1 of our program", None),
            ("call 555-1234", None),
        ];
        for (line, expected) in table {
            assert_eq!(from_code(line), expected, "{line}");
        }
    }
}
