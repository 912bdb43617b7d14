//! What servers say in words, for reports whose code leaves open whose fault it is. Knows no codes.

use crate::inbound::status::Kind;

/// Whose fault a server's words name: our own comes first, so that no reader is blamed for it; then a mailbox that is
/// full, then one that is none. None where the words are unknown.
#[must_use]
pub fn kind(text: &str) -> Option<Kind> {
    let text = text.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    if says(SENDER) || word(&text, &["spf", "dkim", "rbl", "dnsbl"]) {
        Some(Kind::Sender)
    } else if says(FULL) {
        Some(Kind::Soft)
    } else if says(NOBODY) || nobody_known(&text) {
        Some(Kind::Hard)
    } else {
        None
    }
}

/// The server does not want this sender, this relay or this content.
const SENDER: &[&str] = &[
    "spam",
    "blacklist",
    "black list",
    "blocklist",
    "block list",
    "blocked using",
    "denylist",
    "reputation",
    "dmarc",
    "authentication required",
    "not authenticated",
    "unauthenticated",
    "policy",
    "relay access denied",
    "relaying denied",
    "not permitted to relay",
    "unable to relay",
    "sender rejected",
    "sender address rejected",
    "sender verify failed",
    "sender denied",
    "banned",
    "too many connections",
    "rate limit",
    "virus",
    "message content rejected",
    "reverse dns",
    "ptr record",
    "poor domain",
];

/// There is a mailbox, and no room in it, or no time for us now.
const FULL: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "mailfolder is full",
    "inbox is full",
    "over quota",
    "overquota",
    "over its quota",
    "over the allowed quota",
    "quota exceeded",
    "exceeded quota",
    "exceeds quota",
    "exceeds its quota",
    "exceeded its storage",
    "exceeded storage",
    "exceeded the storage",
    "out of storage",
    "disk quota",
    "insufficient system storage",
    "not enough storage",
    "greylist",
    "try again later",
    "temporarily",
];

/// Nobody is there.
const NOBODY: &[&str] = &[
    "user unknown",
    "unknown user",
    "user not found",
    "no such user",
    "no such person",
    "no such recipient",
    "no such mailbox",
    "no such address",
    "no such local",
    "no such domain",
    "no mailbox here",
    "no mailbox by that name",
    "not a valid mailbox",
    "mailbox not found",
    "mailbox unknown",
    "mailbox does not exist",
    "mailbox unavailable",
    "mailbox disabled",
    "mailbox is disabled",
    "account disabled",
    "account is disabled",
    "account has been disabled",
    "account has been deactivated",
    "account that you tried to reach does not exist",
    "account that you tried to reach is disabled",
    "inactive user",
    "user disabled",
    "invalid recipient",
    "invalid mailbox",
    "recipient unknown",
    "recipient not found",
    "unknown recipient",
    "unknown local",
    "unknown mailbox",
    "unknown address",
    "unrouteable address",
    "address does not exist",
    "address unknown",
    "address not found",
    "user does not exist",
    "user doesn't have",
    "recipient address rejected: access denied",
    "recipient address rejected: undeliverable",
    "recipientnotfound",
    "resolver.adr",
    "not listed in domino directory",
    "host not found",
    "domain not found",
    "domain does not exist",
    "nxdomain",
    "nullmx",
    "null mx",
];

/// Words that stand alone: `spf` is no part of a name.
fn word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|own| words.contains(&own))
}

/// `User <x@example.org> unknown`, `User x@example.org does not exist`: the name stands between.
fn nobody_known(text: &str) -> bool {
    let tells = ["unknown", "does not exist", "doesn't exist", "not found", "not known"];
    ["user", "recipient", "mailbox", "account", "addressee"].iter().any(|what| {
        text.match_indices(what).any(|(at, _)| {
            let near: String = text[at + what.len()..].chars().take(80).collect();
            // What another sentence says is not about this one.
            let near =
                near.split(['.', ';']).filter(|part| !part.is_empty()).take(3).collect::<Vec<_>>().join(".");
            near.contains('@') && tells.iter().any(|tell| near.contains(tell))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::kind;
    use crate::inbound::status::Kind;

    #[test]
    fn our_own_fault_is_heard_before_the_reader_s() {
        let table = [
            ("User unknown in local recipient table", Some(Kind::Hard)),
            ("sorry, no mailbox here by that name", Some(Kind::Hard)),
            (
                "<ana@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
                Some(Kind::Hard),
            ),
            ("User ana@example.org does not exist", Some(Kind::Hard)),
            ("The email account that you tried to reach is over quota", Some(Kind::Soft)),
            ("Mailbox full, user unknown to be reading", Some(Kind::Soft)),
            ("Unknown user, or your IP has a poor reputation", Some(Kind::Sender)),
            ("SPF check failed", Some(Kind::Sender)),
            ("requested action not taken", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(kind(text), expected, "{text}");
        }
    }
}
