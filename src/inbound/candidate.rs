//! Whose a message is: addresses and tokens that may prove it, in the order of what they are worth. Whoever holds the secret
//! checks them; nothing here is trusted.

use crate::inbound::complaint::Complaint;
use crate::inbound::fields::Fields;
use crate::inbound::incoming::Incoming;
use crate::inbound::instruction::Ours;
use crate::inbound::report;
use crate::mail::address::Address;

/// Most candidates of one message: each costs a check.
const MOST: usize = 8;

/// Something that may prove whose a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The token, as it stands there.
    pub token: String,
    /// What it would be good for.
    pub purpose: Purpose,
    /// The field that holds it.
    pub field: &'static str,
}

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Of the address that a mail was sent from (VERP): `bounces+TOKEN@…`.
    ReturnPath,
    /// Of the link that unsubscribes.
    Unsubscribe,
}

/// What returned headers say. Anybody can write them: for people to read alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// X-Tidings-Delivery: `weekly-12-345`.
    pub delivery: Option<String>,
    /// Message-ID.
    pub message: Option<String>,
    /// Return-Path.
    pub return_path: Option<String>,
}

/// Fields that the server that delivered to us writes, and then those that the sender wrote. The first ones are the envelope.
const ENVELOPE: [(&str, &str); 8] = [
    ("delivered-to", "Delivered-To"),
    ("x-original-to", "X-Original-To"),
    ("envelope-to", "Envelope-To"),
    ("x-envelope-to", "X-Envelope-To"),
    ("x-delivered-to", "X-Delivered-To"),
    ("x-rcpt-to", "X-Rcpt-To"),
    ("to", "To"),
    ("cc", "Cc"),
];

/// The addresses that a message may have been sent to, with the field of each.
#[must_use]
pub fn recipients(incoming: &Incoming) -> Vec<(&'static str, Address)> {
    let mut found: Vec<(&'static str, Address)> = Vec::new();
    for (name, shown) in ENVELOPE {
        for text in incoming.fields.all(name).flat_map(|value| value.split(',')).take(50) {
            let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest);
            let Ok(address) = inner.trim().trim_matches(['<', '>', ' ']).parse::<Address>() else { continue };
            if !found.iter().any(|(_, own)| *own == address) {
                found.push((shown, address));
            }
        }
    }
    found
}

/// What an address of ours has behind a `+` (RFC 5233): the token of `bounces+TOKEN@…`.
#[must_use]
pub fn tag<'a>(address: &'a Address, ours: &Address) -> Option<&'a str> {
    let head = address.local().get(..ours.local().len())?;
    let tag = address.local().get(ours.local().len()..)?.strip_prefix('+')?;
    let same = head.eq_ignore_ascii_case(ours.local()) && address.domain() == ours.domain();
    (same && !tag.is_empty()).then_some(tag)
}

/// The candidates of a report of delivery, or of anything that came to the address of an envelope.
#[must_use]
pub fn of_envelope(incoming: &Incoming, ours: &Ours) -> Vec<Candidate> {
    let tokens = recipients(incoming).into_iter().filter_map(|(field, address)| {
        let token = tag(&address, &ours.bounces)?.to_owned();
        Some(Candidate { token, purpose: Purpose::ReturnPath, field })
    });
    distinct(tokens)
}

/// The candidates of a complaint. It comes to an address that was told to a provider, so the mail that it brings back has
/// to say whose it is: by the envelope's sender that it had, or by its link for leaving. Whoever has such a token has the
/// mail, and could press that link.
#[must_use]
pub fn of_complaint(incoming: &Incoming, complaint: &Complaint, ours: &Ours) -> Vec<Candidate> {
    let returned = incoming.returned().unwrap_or_default();
    let path = returned.get("return-path").and_then(report::address);
    let senders = [("Original-Mail-From", complaint.sender.clone()), ("Return-Path", path)];
    let tokens = senders.into_iter().filter_map(|(field, address)| {
        let token = tag(&address?, &ours.bounces)?.to_owned();
        Some(Candidate { token, purpose: Purpose::ReturnPath, field })
    });
    let leaving = returned.get("list-unsubscribe").and_then(leaving_token);
    let leaving =
        leaving.map(|token| Candidate { token, purpose: Purpose::Unsubscribe, field: "List-Unsubscribe" });
    distinct(of_envelope(incoming, ours).into_iter().chain(tokens).chain(leaving))
}

/// The token of `mailto:…?subject=unsubscribe%20TOKEN`.
fn leaving_token(value: &str) -> Option<String> {
    let (_, rest) = value.split_once("subject=unsubscribe%20")?;
    let end = rest.find(['>', '&', ',', ' ']).unwrap_or(rest.len());
    Some(rest[..end].to_owned()).filter(|token| !token.is_empty())
}

/// What the headers of the mail that came back say.
#[must_use]
pub fn hints(returned: Option<&Fields>) -> Hints {
    let get = |name: &str| returned.and_then(|fields| fields.get(name)).map(str::to_owned);
    Hints { delivery: get("x-tidings-delivery"), message: get("message-id"), return_path: get("return-path") }
}

fn distinct(candidates: impl Iterator<Item = Candidate>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !found.iter().any(|own| own.token == candidate.token && own.purpose == candidate.purpose) {
            found.push(candidate);
        }
    }
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::tag;

    #[test]
    fn a_tag_is_of_our_address_alone() {
        let ours = "Bounces@news.example".parse().unwrap();
        let table = [
            ("bounces+abc@news.example", Some("abc")),
            ("BOUNCES+aB+c@NEWS.example", Some("aB+c")),
            ("bounces@news.example", None),
            ("bounces+abc@other.example", None),
            ("mybounces+abc@news.example", None),
            ("bouncesx+abc@news.example", None),
            ("é+abc@news.example", None),
        ];
        for (text, expected) in table {
            let address = text.parse().unwrap();
            assert_eq!(tag(&address, &ours), expected, "{text}");
        }
    }
}
