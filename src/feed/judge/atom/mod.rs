//! Atom 1.0: RFC 4287.

pub mod construct;
pub mod entry;
pub mod feed;
pub mod link;
