//! Instructions: mails in which people leave, ask to join, or confirm. Their tokens are handed over as they stand; whoever holds
//! the secret checks them.

use crate::inbound::candidate;
use crate::inbound::incoming::Incoming;
use crate::inbound::report;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What.
    pub verb: Verb,
    /// What proves whose the instruction is. Joining needs none; leaving without one is for a person to look at, for anybody
    /// can write any address above a mail.
    pub token: Option<String>,
    /// Who wrote, as the mail says.
    pub from: Option<Address>,
    /// What they are called, as the mail says; may be empty.
    pub name: DisplayName,
    /// For joining, what follows the verb: digests by name.
    pub words: Vec<String>,
}

/// What can be asked for by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// To get no more mails.
    Unsubscribe,
    /// To be asked whether mails are wanted.
    Subscribe,
    /// To say that they are.
    Confirm,
}

impl Verb {
    /// The word in subjects and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
            Self::Subscribe => "subscribe",
            Self::Confirm => "confirm",
        }
    }
}

/// The addresses of ours that mails may be for.
#[derive(Clone, Debug)]
pub struct Ours {
    /// What reports come to: `mail.bounces`.
    pub bounces: Address,
    /// What instructions to leave come to: `mail.unsubscribe_mailto`.
    pub unsubscribe: Address,
    /// What instructions to join and confirmations come to, where there is one.
    pub subscribe: Option<Address>,
}

/// Reads an instruction. `marked` says that a program wrote the message by itself.
///
/// - Leaving: the subject is `unsubscribe TOKEN`, as the mail programs write that follow our link. Some say that a program
///   wrote it, for one did.
/// - Confirming: an answer to our question, which has `[confirm TOKEN]` in its subject, or is to `name+confirm-TOKEN@…`.
///   An absence note has that subject too, so nothing that a program wrote confirms.
/// - Joining: anything that a person wrote to the address for it. The subject may be `subscribe`, and name digests.
#[must_use]
pub fn read(incoming: &Incoming, ours: &Ours, marked: bool) -> Option<Instruction> {
    let written = incoming.fields.get("from").unwrap_or_default();
    let (from, name) = (bare_address(written), name_before(written));
    let (answer, subject) = without_prefixes(incoming.fields.get("subject").unwrap_or_default());
    let mut words = subject.split_whitespace();
    let verb = words.next().unwrap_or_default().to_ascii_lowercase();
    let token = words.next().filter(|word| is_token(word)).map(str::to_owned);
    let alone = words.next().is_none();
    let instruction = |verb, token| {
        let wanted = || subject.split_whitespace().skip(1).map(str::to_ascii_lowercase).collect();
        let names_digests = verb == Verb::Subscribe && is_first(subject, Verb::Subscribe);
        let words = if names_digests { wanted() } else { Vec::new() };
        Some(Instruction { verb, token, from: from.clone(), name: name.clone(), words })
    };
    let to = candidate::recipients(incoming);
    let is_for = |address: &Address| to.iter().any(|(_, own)| own.key() == address.key());

    // An absence note answers our digest; none has this subject by itself unless a person's mail had it first.
    if verb == "unsubscribe" && alone && !(marked && answer) {
        if token.is_some() {
            return instruction(Verb::Unsubscribe, token);
        }
        if is_for(&ours.unsubscribe) && subject.split_whitespace().count() == 1 {
            return instruction(Verb::Unsubscribe, None);
        }
    }
    let subscribe = ours.subscribe.as_ref().filter(|_| !marked)?;
    let tagged = to
        .iter()
        .find_map(|(_, own)| candidate::tag(own, subscribe)?.strip_prefix("confirm-").map(str::to_owned));
    if tagged.is_some() {
        return instruction(Verb::Confirm, tagged);
    }
    if let Some(token) = in_brackets(subject) {
        return instruction(Verb::Confirm, Some(token.to_owned()));
    }
    is_for(subscribe).then(|| instruction(Verb::Subscribe, None)).flatten()
}

/// An address with or without a name before it.
#[must_use]
pub fn bare_address(text: &str) -> Option<Address> {
    let inner =
        text.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(text, |(inner, _)| inner);
    report::address(inner)
}

/// What `confirm` in brackets is followed by.
fn in_brackets(subject: &str) -> Option<&str> {
    let (_, rest) = subject.split_once("[confirm ")?;
    rest.split_once(']').map(|(token, _)| token.trim()).filter(|token| is_token(token))
}

fn is_first(subject: &str, verb: Verb) -> bool {
    subject.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(verb.as_str()))
}

/// The name before an address in `<>`.
fn name_before(text: &str) -> DisplayName {
    let name = text.rsplit_once('<').map_or("", |(name, _)| name.trim());
    DisplayName::new(name.trim_matches('"'))
}

/// Letters that tokens are made of: base64url or base32, and dots between.
fn is_token(word: &str) -> bool {
    word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_=".contains(&byte))
}

/// The subject without `Re:` and what other languages write for it, and whether it had one.
fn without_prefixes(subject: &str) -> (bool, &str) {
    const PREFIXES: [&str; 12] =
        ["re", "aw", "antw", "sv", "vs", "odp", "rv", "ref", "rif", "res", "回复", "ynt"];
    let (mut rest, mut had) = (subject.trim(), false);
    while let Some((head, tail)) = rest.split_once([':', '\u{ff1a}']) {
        let prefix = head.trim().to_lowercase();
        if !PREFIXES.contains(&prefix.as_str()) {
            break;
        }
        (rest, had) = (tail.trim(), true);
    }
    (had, rest)
}

#[cfg(test)]
mod tests {
    use super::{Ours, Verb, read};
    use crate::inbound::incoming::Incoming;

    type Seen<'t> = Option<(Verb, Option<&'t str>)>;

    fn ours() -> Ours {
        Ours {
            bounces: "bounces@news.example".parse().unwrap(),
            unsubscribe: "leave@news.example".parse().unwrap(),
            subscribe: Some("join@news.example".parse().unwrap()),
        }
    }

    #[test]
    fn requests_are_known_by_their_subject_and_address() {
        let leave = Some((Verb::Unsubscribe, Some("NDI.abcdefgh")));
        let table: [(&str, &str, bool, Seen); 14] = [
            ("leave@news.example", "unsubscribe NDI.abcdefgh", false, leave),
            ("other@news.example", "Unsubscribe  NDI.abcdefgh", false, leave),
            ("leave@news.example", "unsubscribe NDI.abcdefgh", true, leave),
            ("leave@news.example", "Re: unsubscribe NDI.abcdefgh", true, None),
            ("leave@news.example", "AW: RE: unsubscribe NDI.abcdefgh", false, leave),
            ("leave@news.example", "unsubscribe", false, Some((Verb::Unsubscribe, None))),
            ("other@news.example", "unsubscribe", false, None),
            ("leave@news.example", "How do I unsubscribe?", false, None),
            ("join@news.example", "Hello", false, Some((Verb::Subscribe, None))),
            ("join@news.example", "Hello", true, None),
            (
                "join@news.example",
                "Re: Please [confirm NDI.abcdefgh]",
                false,
                Some((Verb::Confirm, Some("NDI.abcdefgh"))),
            ),
            ("join@news.example", "Re: Please [confirm NDI.abcdefgh]", true, None),
            (
                "Join+confirm-abcdefgh@news.example",
                "Re: Yes?",
                false,
                Some((Verb::Confirm, Some("abcdefgh"))),
            ),
            ("join+confirm-abcdefgh@news.example", "Absent", true, None),
        ];
        for (to, subject, marked, expected) in table {
            let bytes =
                format!("From: Ana <ana@example.org>\r\nTo: <{to}>\r\nSubject: {subject}\r\n\r\n\r\n");
            let instruction = read(&Incoming::read(bytes.as_bytes()), &ours(), marked);
            let seen =
                instruction.as_ref().map(|instruction| (instruction.verb, instruction.token.as_deref()));
            assert_eq!(seen, expected, "{to} {subject} {marked}");
        }
    }
}
