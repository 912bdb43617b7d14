//! What comes back by mail: reports of servers, complaints, instructions, answers. From bytes to a meaning, and from what is
//! remembered of an address to a decision. Knows no store: whose a message is, is proved by whoever holds the secret.

pub mod automatic;
pub mod candidate;
pub mod complaint;
pub mod fields;
pub mod incoming;
pub mod instruction;
pub mod mailbox;
pub mod mark;
pub mod plain_report;
pub mod policy;
pub mod report;
pub mod settings;
pub mod status;
pub mod understand;
pub mod wording;
