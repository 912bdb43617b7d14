//! Mail as a format: addresses, names, header lines, encodings, and TLS with a mail server. Knows nothing of digests or subscribers.

pub mod address;
pub mod dkim;
pub mod header;
pub mod multipart;
pub mod name;
pub mod quoted;
pub mod tls;
