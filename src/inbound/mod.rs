//! What comes back by mail: reports of servers, complaints, requests, answers. From bytes to a meaning, and from what is
//! remembered of an address to a decision. Knows no store: whose a message is, is proved by whoever holds the secret.

pub mod automatic;
pub mod candidate;
pub mod complaint;
pub mod fields;
pub mod letter;
pub mod mailbox;
pub mod mark;
pub mod plain_report;
pub mod policy;
pub mod report;
pub mod request;
pub mod settings;
pub mod status;
pub mod understand;
pub mod wording;
