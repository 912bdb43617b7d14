//! The verbs of asking and confirming.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::store::StoreError;
use crate::subscribers::request::{Confirmation, DueLetter, Letter, NewRequest, Request, Standing};

/// What becomes of a request that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The request's number.
    pub request: i64,
    /// Which letter is to be sent; without one the request is forgotten.
    pub letter: Option<Letter>,
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterEnd {
    /// It was handed over, or may have been.
    Mailed,
    /// It is tried again.
    Later {
        /// Why.
        reason: String,
        /// Not before this.
        next: DateTime<Utc>,
    },
    /// It can't be sent.
    GivenUp {
        /// Why.
        reason: String,
    },
}

/// What is remembered of requests.
#[async_trait]
pub trait Requests: Send + Sync {
    /// Writes a request down. It costs the same whatever is known of the address.
    ///
    /// # Errors
    /// The store can't be written.
    async fn receive(&self, request: &NewRequest, now: DateTime<Utc>) -> Result<i64, StoreError>;

    /// Requests that nobody has looked at, oldest first, each with what is known of its address.
    ///
    /// # Errors
    /// The store can't be read.
    async fn received(&self, most: u32) -> Result<Vec<(Request, Standing)>, StoreError>;

    /// Writes down what is decided of requests: an address that nobody knows becomes a pending subscriber if it is to
    /// get a letter.
    ///
    /// # Errors
    /// The store can't be written: nothing is decided.
    async fn decide(&self, decided: &[Decided], now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Letters that are to be sent now, oldest first.
    ///
    /// # Errors
    /// The store can't be read.
    async fn due_letters(&self, now: DateTime<Utc>, most: u32) -> Result<Vec<DueLetter>, StoreError>;

    /// Marks a letter as mailed, before it is handed over: whatever happens then, there is no second one that day. False
    /// if somebody else did, or it is not to be sent any more; one whose address was suppressed meanwhile, or had another
    /// letter within [`QUIET`], is given up, so that it is not due again.
    ///
    /// [`QUIET`]: crate::subscribers::request::QUIET
    ///
    /// # Errors
    /// The store can't be written.
    async fn begin_letter(&self, request: i64, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Writes down what became of it.
    ///
    /// # Errors
    /// The store can't be written.
    async fn end_letter(&self, request: i64, end: &LetterEnd) -> Result<(), StoreError>;

    /// A request, if it is known.
    ///
    /// # Errors
    /// The store can't be read.
    async fn request(&self, request: i64) -> Result<Option<Request>, StoreError>;

    /// Subscribes who confirms a request to what they asked for, and records both, with their times and sources, as the
    /// proof of it. Somebody who left has nothing of what they chose before. An erased address is known again.
    ///
    /// # Errors
    /// The store can't be written: nothing is confirmed.
    async fn confirm(
        &self,
        request: i64,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<Confirmation, StoreError>;
}
