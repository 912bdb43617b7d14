//! Letters: mails to one person that are of no digest. They look as digests do, and are written when they are sent.

pub mod compose;
pub mod message;
