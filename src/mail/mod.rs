//! Mail as a format: addresses, names, and messages as bytes. Knows nothing of digests or subscribers.

pub mod address;
pub mod message;
pub mod name;
