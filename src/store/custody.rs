//! The verbs of keeping the store itself: its keys, and its end.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::store::StoreError;
use crate::subscribers::key_ring::{KeyNumber, StoredKey};

/// What whoever opened a store does with it as a whole.
#[async_trait]
pub trait Custody: Send + Sync {
    /// The installation's keys, by number. A store that has none makes the lasting one and the first to sign with.
    ///
    /// # Errors
    /// The store can't be read or written.
    async fn keys(&self, now: DateTime<Utc>) -> Result<Vec<StoredKey>, StoreError>;

    /// Adds a key that new tokens are signed with from now on; returns its number.
    ///
    /// # Errors
    /// The store can't be written.
    async fn add_key(&self, now: DateTime<Utc>) -> Result<KeyNumber, StoreError>;

    /// Retires a key: tokens that were signed with it are refused from now on. Returns whether it was in use and is
    /// neither the lasting one nor the last to sign with.
    ///
    /// # Errors
    /// The store can't be written.
    async fn retire_key(&self, number: KeyNumber, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Keeps runs on other machines out until the store is closed, where others reach it; the lock beside a file does
    /// for its machine. False if another run is under way.
    ///
    /// # Errors
    /// The store can't be asked.
    async fn hold_run(&self) -> Result<bool, StoreError>;

    /// Ends all connections: what was written is where it belongs, and nothing beside it is needed to read it.
    async fn close(&self);
}

/// 32 random bytes, in hexadecimal.
///
/// # Errors
/// The system gives none.
pub(crate) fn fresh_secret() -> Result<String, StoreError> {
    let mut fresh = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut fresh).map_err(|_| StoreError::Corrupt {
        what: "no key, for the system gives no random bytes",
        value: String::new(),
    })?;
    Ok(data_encoding::HEXLOWER.encode(&fresh))
}

/// A key from its row.
pub(crate) fn stored_key(
    number: KeyNumber,
    secret: &str,
    made: DateTime<Utc>,
    retired: Option<DateTime<Utc>>,
) -> Result<StoredKey, StoreError> {
    let secret = data_encoding::HEXLOWER.decode(secret.as_bytes());
    let secret = secret.map_err(|_| StoreError::Corrupt { what: "a key", value: "(hidden)".to_owned() })?;
    Ok(StoredKey { number, secret, made, retired })
}
