//! The preview: proofs of mails as pages, served on loopback or written as files. It knows nothing of stores, sources and
//! how proofs are made: whoever starts it hands in the listener, the proofs, and the moment at which to end.

pub mod asked;
pub mod events;
pub mod files;
pub mod pages;
pub mod pictures;
pub mod proof;
pub mod scheme;
pub mod server;
