//! DKIM (RFC 6376): a domain's signature on a message, RSA and Ed25519 (RFC 8463) side by side, relaxed/relaxed and
//! without `l=`. Reading order: what the operator says, keys, the two canonical forms, signatures, and the record in
//! the DNS. It takes finished messages and knows nothing of how they were made or where they go.

pub mod settings;

pub mod profile;

pub mod key;
pub mod key_fault;

pub mod generate;

pub mod body;
pub mod header;

pub mod folded;
pub mod sign;

pub mod record;
