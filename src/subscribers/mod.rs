//! People who asked for mail: who they are, what they chose, and who must never be mailed.

pub mod activity;
pub mod adding;
pub mod export;
pub mod formula;
pub mod import;
pub mod key_ring;
pub mod preferences;
pub mod request;
pub mod retention;
pub mod subscriber;
pub mod subscription;
pub mod suppression;
pub mod token;
