//! Tokens: what a link or a mail carries to prove whose it is, without a login.
//!
//! A token is `<subject>.<mac>`, both base64url without padding: the subject is the subscriber's number, the
//! mac HMAC-SHA-256 over purpose and subject, cut to 128 bits (RFC 2104, 5, allows half of the hash).
//! Unsubscribe tokens do not expire: a mail may be read years later.

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;

/// Bytes of the mac that a token carries.
const MAC_LENGTH: usize = 16;

/// What a token is good for; one of another purpose is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Leaving a list.
    Unsubscribe,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// Makes and checks tokens. Debug shows no secret.
#[derive(Clone)]
pub struct Signer {
    key: hmac::Key,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// With the installation's secret.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, secret) }
    }

    /// The token of a subscriber for a purpose: always the same one.
    #[must_use]
    pub fn token(&self, purpose: Purpose, subscriber: i64) -> String {
        let subject = subscriber.to_string();
        let mac = hmac::sign(&self.key, &message(purpose, &subject));
        let subject = BASE64URL_NOPAD.encode(subject.as_bytes());
        format!("{subject}.{}", BASE64URL_NOPAD.encode(&mac.as_ref()[..MAC_LENGTH]))
    }

    /// A word of 16 hexadecimal digits that only this installation can know, always the same for one text.
    #[must_use]
    pub fn secret_word(&self, text: &str) -> String {
        let mac = hmac::sign(&self.key, format!("word\0{text}").as_bytes());
        data_encoding::HEXLOWER.encode(&mac.as_ref()[..8])
    }

    /// The subscriber of a token, if it is one of ours for this purpose.
    #[must_use]
    pub fn subscriber(&self, purpose: Purpose, token: &str) -> Option<i64> {
        let (subject, _) = token.split_once('.')?;
        let subject = String::from_utf8(BASE64URL_NOPAD.decode(subject.as_bytes()).ok()?).ok()?;
        let subscriber = subject.parse().ok()?;
        let expected = self.token(purpose, subscriber);
        let same = aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), token.as_bytes());
        same.is_ok().then_some(subscriber)
    }
}

/// The purpose ends in a byte that no purpose holds, so that two can't be read as one.
fn message(purpose: Purpose, subject: &str) -> Vec<u8> {
    format!("{}\0{subject}", purpose.word()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_one_subscriber_and_every_change_of_it_is_refused() {
        let signer = Signer::new(b"secret");
        let token = signer.token(Purpose::Unsubscribe, 42);
        assert_eq!(signer.subscriber(Purpose::Unsubscribe, &token), Some(42));
        assert_eq!(Signer::new(b"other").subscriber(Purpose::Unsubscribe, &token), None);
        for index in 0..token.len() {
            for bit in 0..7 {
                let mut bytes = token.clone().into_bytes();
                bytes[index] ^= 1 << bit;
                if let Ok(changed) = String::from_utf8(bytes) {
                    assert_eq!(signer.subscriber(Purpose::Unsubscribe, &changed), None, "{changed}");
                }
            }
        }
    }
}
