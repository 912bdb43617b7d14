//! A suppression: an address that must never be mailed, and why. It outlives the subscriber.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::mail::address::Address;

/// An address that must never be mailed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppression {
    /// The address.
    pub address: Address,
    /// Why, in the words of whoever decided it.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
}
