//! Tokens: what a link or a mail carries to prove whose it is, without a login.
//!
//! A token is one word: the number of the key, what it is about, and an HMAC-SHA-256 over its purpose and all of that, cut
//! to 128 bits (RFC 2104, 5, allows half of the hash). In links it is base64url; in the local part of an address, which
//! has 64 bytes (RFC 5321, 4.5.3.1.1) and no certain case, base32 in small letters. A token that was changed anywhere, made
//! for another purpose or with a retired key is none. Tokens to leave with do not expire: a mail may be read years later.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use data_encoding::{BASE64URL_NOPAD, Encoding};

use crate::mail::address::Address;
use crate::subscribers::key_ring::{KeyNumber, KeyRing};

/// Bytes of the mac that a token carries.
const MAC_LENGTH: usize = 16;

/// Base32 in small letters.
static SMALL: std::sync::LazyLock<Encoding> = std::sync::LazyLock::new(|| {
    let mut specification = data_encoding::Specification::new();
    specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification.encoding().unwrap_or(data_encoding::BASE32HEX_NOPAD)
});

/// What a token is good for; one of another purpose is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Leaving a digest.
    Unsubscribe,
    /// Looking at and changing what is chosen.
    Preferences,
    /// Confirming a request.
    Confirm,
    /// Reporting a mail that can't be delivered: the return path.
    ReturnPath,
}

/// What a token is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Leaving a digest.
    Unsubscribe {
        /// Who.
        subscriber: i64,
        /// What.
        digest: String,
    },
    /// Looking at and changing what is chosen.
    Preferences {
        /// Whose.
        subscriber: i64,
    },
    /// Confirming a request.
    Confirm {
        /// The request's number.
        request: i64,
        /// Until when; in seconds.
        until: DateTime<Utc>,
    },
    /// Reporting a mail that can't be delivered.
    ReturnPath {
        /// The issue.
        issue: i64,
        /// Who could not be reached.
        subscriber: i64,
    },
}

/// Makes and checks tokens. Debug shows no secret.
#[derive(Clone)]
pub struct Signer {
    ring: KeyRing,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
            Self::Preferences => "preferences",
            Self::Confirm => "confirm",
            Self::ReturnPath => "return-path",
        }
    }

    fn encoding(self) -> Encoding {
        match self {
            Self::ReturnPath => SMALL.clone(),
            Self::Unsubscribe | Self::Preferences | Self::Confirm => BASE64URL_NOPAD,
        }
    }
}

impl Signer {
    /// With the installation's keys.
    #[must_use]
    pub fn new(ring: KeyRing) -> Self {
        Self { ring }
    }

    /// The key that new mails are signed with.
    #[must_use]
    pub fn newest(&self) -> KeyNumber {
        self.ring.newest()
    }

    /// The token for a subject with a key: always the same one. A key that was retired meanwhile makes way for the newest.
    #[must_use]
    pub fn token(&self, key: KeyNumber, subject: &Subject) -> String {
        let purpose = subject.purpose();
        let (number, key) = self.ring.signing(key);
        let mut bytes = Vec::with_capacity(48);
        write_number(&mut bytes, number);
        subject.write(&mut bytes);
        let mac = hmac::sign(key, &message(purpose, &bytes));
        bytes.extend(&mac.as_ref()[..MAC_LENGTH]);
        purpose.encoding().encode(&bytes)
    }

    /// What a token is about, if it is one of ours for this purpose, made with a key that is not retired. Whether it
    /// expired is for the caller to see.
    #[must_use]
    pub fn read(&self, purpose: Purpose, token: &str) -> Option<Subject> {
        let bytes = purpose.encoding().decode(token.as_bytes()).ok()?;
        let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC_LENGTH)?)?;
        let mut rest = body;
        let key = self.ring.key(read_number(&mut rest)?)?;
        let expected = hmac::sign(key, &message(purpose, body));
        let expected = expected.as_ref().get(..MAC_LENGTH)?;
        aws_lc_rs::constant_time::verify_slices_are_equal(expected, mac).ok()?;
        Subject::read(purpose, rest)
    }

    /// A word of 16 hexadecimal digits that only this installation can know, always the same for one text.
    #[must_use]
    pub fn secret_word(&self, text: &str) -> String {
        let mac = hmac::sign(self.ring.lasting(), format!("word\0{text}").as_bytes());
        data_encoding::HEXLOWER.encode(&mac.as_ref()[..8])
    }

    /// What an erased address is known by: a keyed hash that nobody can guess addresses from without the store. It never
    /// changes, whatever becomes of the keys of tokens.
    #[must_use]
    pub fn pseudonym(&self, address: &Address) -> String {
        let mac = hmac::sign(self.ring.lasting(), format!("address\0{}", address.key()).as_bytes());
        format!("#{}", data_encoding::HEXLOWER.encode(mac.as_ref()))
    }
}

impl Subject {
    fn purpose(&self) -> Purpose {
        match self {
            Self::Unsubscribe { .. } => Purpose::Unsubscribe,
            Self::Preferences { .. } => Purpose::Preferences,
            Self::Confirm { .. } => Purpose::Confirm,
            Self::ReturnPath { .. } => Purpose::ReturnPath,
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Unsubscribe { subscriber, digest } => {
                write_number(bytes, *subscriber);
                bytes.extend(digest.as_bytes());
            }
            Self::Preferences { subscriber } => write_number(bytes, *subscriber),
            Self::Confirm { request, until } => {
                write_number(bytes, *request);
                write_number(bytes, until.timestamp());
            }
            Self::ReturnPath { issue, subscriber } => {
                write_number(bytes, *issue);
                write_number(bytes, *subscriber);
            }
        }
    }

    fn read(purpose: Purpose, mut rest: &[u8]) -> Option<Self> {
        let first = read_number(&mut rest)?;
        let mut second = || read_number(&mut rest);
        Some(match purpose {
            Purpose::Preferences => Self::Preferences { subscriber: first },
            Purpose::Confirm => {
                Self::Confirm { request: first, until: DateTime::from_timestamp(second()?, 0)? }
            }
            Purpose::ReturnPath => Self::ReturnPath { issue: first, subscriber: second()? },
            Purpose::Unsubscribe => {
                Self::Unsubscribe { subscriber: first, digest: std::str::from_utf8(rest).ok()?.to_owned() }
            }
        })
    }
}

/// The purpose ends in a byte that no purpose holds, so that two can't be read as one.
fn message(purpose: Purpose, bytes: &[u8]) -> Vec<u8> {
    [purpose.word().as_bytes(), b"\0", bytes].concat()
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow. Our numbers are not negative.
fn write_number(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = number.unsigned_abs();
    while rest >= 0x80 {
        bytes.push(u8::try_from(rest & 0x7f).unwrap_or(0) | 0x80);
        rest >>= 7;
    }
    bytes.push(u8::try_from(rest).unwrap_or(0));
}

fn read_number(rest: &mut &[u8]) -> Option<i64> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let (first, others) = rest.split_first()?;
        *rest = others;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return i64::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscribers::key_ring::StoredKey;

    fn ring(retired: &[i64]) -> Signer {
        let moment = DateTime::UNIX_EPOCH;
        let key = |number: i64| StoredKey {
            number,
            secret: vec![u8::try_from(number).unwrap(); 32],
            made: moment,
            retired: retired.contains(&number).then_some(moment),
        };
        Signer::new(KeyRing::new(&[key(0), key(1), key(2)]).unwrap())
    }

    fn subjects() -> [(Purpose, Subject); 4] {
        let until = "2026-05-03T00:00:00Z".parse().unwrap();
        [
            (
                Purpose::Unsubscribe,
                Subject::Unsubscribe { subscriber: 1_000_000, digest: "weekly".to_owned() },
            ),
            (Purpose::Preferences, Subject::Preferences { subscriber: 42 }),
            (Purpose::Confirm, Subject::Confirm { request: 7, until }),
            (Purpose::ReturnPath, Subject::ReturnPath { issue: 12, subscriber: 345 }),
        ]
    }

    #[test]
    fn every_single_bit_that_changes_makes_a_token_none() {
        let signer = ring(&[]);
        for (purpose, subject) in subjects() {
            let token = signer.token(2, &subject);
            assert_eq!(signer.read(purpose, &token).as_ref(), Some(&subject));
            assert!(token.len() < 50, "{token}");
            for index in 0..token.len() {
                for bit in 0..8 {
                    let mut bytes = token.clone().into_bytes();
                    bytes[index] ^= 1 << bit;
                    let changed = String::from_utf8_lossy(&bytes);
                    assert_eq!(signer.read(purpose, &changed), None, "{changed}");
                }
                assert_eq!(signer.read(purpose, &token[..index]), None);
            }
            assert_eq!(signer.read(purpose, &format!("{token}A")), None);
            // The same of what the letters stand for.
            let encoding = purpose.encoding();
            let bytes = encoding.decode(token.as_bytes()).unwrap();
            for bit in 0..bytes.len() * 8 {
                let mut changed = bytes.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(signer.read(purpose, &encoding.encode(&changed)), None, "{purpose:?}, bit {bit}");
            }
        }
    }

    #[test]
    fn a_token_is_written_in_one_way_alone() {
        // Lengths of all remainders, so that the last letter of some has bits that stand for nothing.
        let subjects = subjects().into_iter().chain((0..5).map(|length| {
            (Purpose::Unsubscribe, Subject::Unsubscribe { subscriber: 9, digest: "d".repeat(length) })
        }));
        let signer = ring(&[]);
        for (purpose, subject) in subjects {
            let token = signer.token(2, &subject);
            let (rest, last) = token.split_at(token.len() - 1);
            for other in (b'!'..=b'~').map(char::from).filter(|other| !last.starts_with(*other)) {
                assert_eq!(signer.read(purpose, &format!("{rest}{other}")), None, "{other} for {last}");
            }
            for (index, letter) in token.char_indices().filter(|(_, letter)| letter.is_ascii_alphabetic()) {
                let other = if letter.is_ascii_lowercase() {
                    letter.to_ascii_uppercase()
                } else {
                    letter.to_ascii_lowercase()
                };
                let changed = format!("{}{other}{}", &token[..index], &token[index + 1..]);
                assert_eq!(signer.read(purpose, &changed), None, "{changed}");
            }
            for around in
                [format!("{token}="), format!("{token}\n"), format!(" {token}"), format!("{token}\0")]
            {
                assert_eq!(signer.read(purpose, &around), None, "{around:?}");
            }
        }
    }

    #[test]
    fn a_token_is_refused_for_every_other_purpose() {
        let signer = ring(&[]);
        for (made_for, subject) in subjects() {
            let token = signer.token(1, &subject);
            let bytes = made_for.encoding().decode(token.as_bytes()).unwrap();
            for (purpose, _) in subjects() {
                assert_eq!(signer.read(purpose, &token).is_some(), purpose == made_for, "{made_for:?}");
                // Nor does it help to write it as that purpose would.
                let rewritten = purpose.encoding().encode(&bytes);
                assert_eq!(signer.read(purpose, &rewritten).is_some(), purpose == made_for, "{made_for:?}");
            }
        }
    }

    #[test]
    fn old_keys_are_good_until_they_are_retired_and_pseudonyms_for_ever() {
        let address: Address = "Ana@example.org".parse().unwrap();
        assert_eq!(ring(&[]).newest(), 2);
        for (purpose, subject) in subjects() {
            let old = ring(&[2]).token(1, &subject);
            assert_eq!(ring(&[]).read(purpose, &old), Some(subject.clone()), "{purpose:?}");
            assert_eq!(ring(&[1]).read(purpose, &old), None, "{purpose:?}");
            assert_eq!(ring(&[1]).token(1, &subject), ring(&[]).token(2, &subject));
            assert_eq!(ring(&[1]).read(purpose, &ring(&[1]).token(1, &subject)), Some(subject));
        }
        assert_eq!(ring(&[1]).pseudonym(&address), ring(&[]).pseudonym(&"ana@EXAMPLE.org".parse().unwrap()));
    }

    #[test]
    fn a_return_path_is_a_local_part_in_small_letters() {
        let token = ring(&[]).token(1, &Subject::ReturnPath { issue: 1_000_000, subscriber: i64::MAX });
        assert!(token.len() < 50 && token.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    }
}
