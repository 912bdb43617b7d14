//! The installation's keys: one that never changes, and those that tokens are signed with, the newest first in use.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};

/// A key's number: it stands in each token, and is never given twice.
pub type KeyNumber = i64;

/// The key that never changes: erased addresses are known by it, and it signs no token.
pub const LASTING: KeyNumber = 0;

/// A key as the store keeps it.
#[derive(Clone)]
pub struct StoredKey {
    /// Its number.
    pub number: KeyNumber,
    /// 32 random bytes.
    pub secret: Vec<u8>,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// Since when tokens that were signed with it are refused.
    pub retired: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredKey({})", self.number)
    }
}

/// The keys, ready for use.
#[derive(Clone)]
pub struct KeyRing {
    lasting: hmac::Key,
    signing: BTreeMap<KeyNumber, hmac::Key>,
    newest: (KeyNumber, hmac::Key),
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing")
    }
}

impl KeyRing {
    /// Of the keys of a store; none where the lasting one or one that is not retired is missing.
    #[must_use]
    pub fn new(keys: &[StoredKey]) -> Option<Self> {
        let ready = |key: &StoredKey| (key.number, hmac::Key::new(hmac::HMAC_SHA256, &key.secret));
        let lasting = keys.iter().find(|key| key.number == LASTING).map(|key| ready(key).1)?;
        let in_use = keys.iter().filter(|key| key.number != LASTING && key.retired.is_none());
        let signing: BTreeMap<KeyNumber, hmac::Key> = in_use.map(ready).collect();
        let newest = signing.last_key_value().map(|(number, key)| (*number, key.clone()))?;
        Some(Self { lasting, signing, newest })
    }

    /// The key that new tokens are signed with.
    #[must_use]
    pub fn newest(&self) -> KeyNumber {
        self.newest.0
    }

    /// The key with this number to sign with; the newest where it is not in use any more.
    #[must_use]
    pub fn signing(&self, number: KeyNumber) -> (KeyNumber, &hmac::Key) {
        self.signing.get(&number).map_or((self.newest.0, &self.newest.1), |key| (number, key))
    }

    /// A key that is in use.
    #[must_use]
    pub fn key(&self, number: KeyNumber) -> Option<&hmac::Key> {
        self.signing.get(&number)
    }

    /// The key that never changes.
    #[must_use]
    pub fn lasting(&self) -> &hmac::Key {
        &self.lasting
    }
}
