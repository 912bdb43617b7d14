//! Mail as a format: addresses, names, header lines, encodings. Knows nothing of digests or subscribers.

pub mod address;
pub mod dkim;
pub mod header;
pub mod multipart;
pub mod name;
pub mod quoted;
