//! Signatures: the fields that go in front of a message.

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, Utc};
use data_encoding::BASE64;

use crate::mail::dkim::body::BodyHash;
use crate::mail::dkim::folded::Folded;
use crate::mail::dkim::header::{Field, fields, parted, relax};
use crate::mail::dkim::key::SigningKey;
use crate::mail::dkim::key_fault::KeyFault;
use crate::mail::dkim::profile::{Cover, Profile};
use crate::mail::dkim::settings::Identity;

/// The name of the field.
const NAME: &str = "DKIM-Signature";

/// Signs messages, with any number of keys at once. Its keys were parsed when it was made; it is shared between threads.
#[derive(Debug)]
pub struct Signer {
    profile: Profile,
    hands: Vec<Hand>,
}

/// One key, and who signs with it.
#[derive(Debug)]
struct Hand {
    domain: String,
    selector: String,
    key: SigningKey,
}

/// Why no signature was made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DkimError {
    /// A message that nobody sent (RFC 6376, 5.4: From must be signed).
    #[error("a message without From can't be signed")]
    NoFrom,
    /// A line of the header that is none.
    #[error("the line {0:?} of a message's header has no colon: it can't be signed")]
    NoField(String),
    /// The cryptography gave up.
    #[error("the key of the selector {0} made no signature")]
    Key(String),
}

/// A key that can't be used, and whose it is.
#[derive(Debug, thiserror::Error)]
#[error("{} {fault}", identity.key_file.display())]
pub struct Unusable {
    /// Whose key it would be.
    pub identity: Identity,
    /// What is wrong with it.
    pub fault: KeyFault,
}

impl Signer {
    /// Reads the keys. Signatures come in the order of the identities.
    ///
    /// # Errors
    /// The first key that can't be used.
    pub fn open(profile: Profile, identities: &[Identity]) -> Result<Self, Box<Unusable>> {
        let hands = identities.iter().map(|identity| match SigningKey::read(&identity.key_file) {
            Ok(key) => Ok(Hand { key, domain: identity.domain.clone(), selector: identity.selector.clone() }),
            Err(fault) => Err(Box::new(Unusable { identity: identity.clone(), fault })),
        });
        Ok(Self { profile, hands: hands.collect::<Result<_, _>>()? })
    }

    /// With one key that is at hand.
    #[must_use]
    pub fn new(profile: Profile, domain: &str, selector: &str, key: SigningKey) -> Self {
        let hand = Hand { domain: domain.to_owned(), selector: selector.to_owned(), key };
        Self { profile, hands: vec![hand] }
    }

    /// As [`Self::new`], with another key beside those that it has.
    #[must_use]
    pub fn and(mut self, domain: &str, selector: &str, key: SigningKey) -> Self {
        self.hands.push(Hand { domain: domain.to_owned(), selector: selector.to_owned(), key });
        self
    }

    /// The DKIM-Signature fields of a message (lines ending in CR LF), to be put in front of it: one for each key, each
    /// ending in CR LF, lines of up to 76 bytes but for domains that are longer. The same message and the same moment
    /// (`t=`, in whole seconds) give the same bytes.
    ///
    /// # Errors
    /// A header that can't be signed.
    pub fn signatures(&self, message: &[u8], at: DateTime<Utc>) -> Result<Vec<u8>, DkimError> {
        let (header, body) = parted(message);
        self.signatures_over(header, &BodyHash::of(body), at)
    }

    /// The message with its signatures in front.
    ///
    /// # Errors
    /// A header that can't be signed.
    pub fn signed(&self, message: &[u8], at: DateTime<Utc>) -> Result<Vec<u8>, DkimError> {
        let mut signed = self.signatures(message, at)?;
        signed.extend_from_slice(message);
        Ok(signed)
    }

    /// As [`Self::signatures`], of a header (with its last CR LF, without the empty line) and the hash of a body that was
    /// made elsewhere: see [`BodyHasher`](crate::mail::dkim::body::BodyHasher).
    ///
    /// # Errors
    /// A header that can't be signed.
    pub fn signatures_over(
        &self,
        header: &[u8],
        body: &BodyHash,
        at: DateTime<Utc>,
    ) -> Result<Vec<u8>, DkimError> {
        let fields =
            fields(header).map_err(|line| DkimError::NoField(String::from_utf8_lossy(line).into_owned()))?;
        let mut canonical = Vec::with_capacity(header.len() + 512);
        let signed = self.choose(&fields, &mut canonical)?;
        // All keys sign the same fields; only their own comes behind.
        let mut common = Context::new(&SHA256);
        common.update(&canonical);
        let body = BASE64.encode(body.as_ref());
        let moment = at.timestamp().to_string();
        let mut all = Folded::with_capacity(1024 * self.hands.len());
        for hand in &self.hands {
            let start = all.begin();
            all.add(&[NAME.as_bytes(), b": v=1;"]);
            all.add_apart(&[b"a=", hand.key.algorithm().as_bytes(), b";"]);
            all.add_apart(&[b"c=relaxed/relaxed;"]);
            all.add_apart(&[b"d=", hand.domain.as_bytes(), b";"]);
            all.add_apart(&[b"s=", hand.selector.as_bytes(), b";"]);
            all.add_apart(&[b"t=", moment.as_bytes(), b";"]);
            for (index, name) in signed.iter().enumerate() {
                let behind: &[u8] = if index + 1 < signed.len() { b":" } else { b";" };
                if index == 0 {
                    all.add_apart(&[b"h=", name.as_bytes(), behind]);
                } else {
                    all.add(&[name.as_bytes(), behind]);
                }
            }
            all.add_apart(&[b"bh=", body.as_bytes(), b";"]);
            all.next_line();
            all.add(&[b"b="]);
            // What is signed is the field itself with nothing behind `b=` (RFC 6376, 3.7).
            canonical.clear();
            let value = &all.text()[start + NAME.len() + 1..];
            relax(Field { name: NAME.as_bytes(), value }, &mut canonical);
            let mut hash = common.clone();
            hash.update(&canonical);
            let signature = hand.key.sign(&hash.finish());
            let signature = signature.ok_or_else(|| DkimError::Key(hand.selector.clone()))?;
            all.add_anywhere(BASE64.encode(&signature).as_bytes());
        }
        Ok(all.finish())
    }

    /// Writes the fields to sign in their canonical form, and gives their names as `h=` has them. Of several with one
    /// name, the lowest comes first (RFC 6376, 5.4.2).
    fn choose(&self, fields: &[Field<'_>], canonical: &mut Vec<u8>) -> Result<Vec<&'static str>, DkimError> {
        let mut signed = Vec::with_capacity(32);
        for (name, cover) in self.profile.fields() {
            let before = signed.len();
            let alike = fields.iter().rev().filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes()));
            for field in alike {
                relax(*field, canonical);
                canonical.extend_from_slice(b"\r\n");
                signed.push(name);
            }
            let is_there = signed.len() > before;
            if name == "From" && !is_there {
                return Err(DkimError::NoFrom);
            }
            if is_there && cover == Cover::Sealed {
                signed.push(name);
            }
        }
        Ok(signed)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    const MESSAGE: &str = "From: Site <news@example.org>\r\nTo: nora@example.net\r\nSubject: =?utf-8?b?w6Q=?=\r\n \
        =?utf-8?b?w7Y=?=\r\nDate: Mon, 04 May 2026 08:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nX-Odd: not signed\r\n\
        \r\nText  here \r\n";

    fn signer(profile: Profile) -> Signer {
        let seed = [7; 32];
        let prefix = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let key = SigningKey::parse(&[&prefix[..], &seed].concat()).unwrap();
        Signer::new(profile, "example.org", "s1", key)
    }

    fn signatures(profile: Profile, message: &str) -> Result<String, DkimError> {
        let at = Utc.with_ymd_and_hms(2026, 5, 4, 8, 0, 0).unwrap();
        let fields = signer(profile).signatures(message.as_bytes(), at)?;
        Ok(String::from_utf8(fields).unwrap())
    }

    #[test]
    fn a_field_names_all_that_it_covers() {
        let expected = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org;\r\n\
            \ts=s1; t=1777881600; h=From:From:To:To:Subject:Subject:Date:Date:Message-ID:\r\n\
            \tMessage-ID; bh=86dlW3k0+dOrpjOxChIf+XU231H9wlcxHDxFTeWvfCY=;\r\n\
            \tb=rDTDB91Y1w6WqukIGU4Cjh3kQbAaIRhAZ7mxw+yFYnvsRJSfnWNAyuuOh/ofnL7N7JFu8DQHF\r\n\
            \tzseQKuwVkg8Dw==\r\n";
        assert_eq!(signatures(Profile::Generic, MESSAGE).unwrap(), expected);
    }

    #[test]
    fn what_ses_rewrites_is_left_out() {
        let fields = signatures(Profile::Ses, MESSAGE).unwrap();
        assert!(fields.contains("; h=From:From:To:To:Subject:Subject;\r\n"), "{fields}");
    }

    #[test]
    fn a_body_that_was_hashed_before_gives_the_same_signature() {
        let at = Utc.with_ymd_and_hms(2026, 5, 4, 8, 0, 0).unwrap();
        let (header, body) = parted(MESSAGE.as_bytes());
        let mut begun = crate::mail::dkim::body::BodyHasher::default();
        begun.update(&body[..6]);
        let mut hasher = begun.clone();
        hasher.update(&body[6..]);
        let over = signer(Profile::Generic).signatures_over(header, &hasher.finish(), at).unwrap();
        assert_eq!(String::from_utf8(over).unwrap(), signatures(Profile::Generic, MESSAGE).unwrap());
    }

    #[test]
    fn a_header_that_is_none_is_not_signed() {
        assert_eq!(signatures(Profile::Generic, "To: a\r\n\r\n"), Err(DkimError::NoFrom));
        let error = signatures(Profile::Generic, "From: a\r\nnothing\r\n\r\n").unwrap_err();
        assert_eq!(error, DkimError::NoField("nothing".to_owned()));
    }
}
