//! People who asked for mail: who they are, what they chose, and who must never be mailed.

pub mod import;
pub mod subscriber;
pub mod subscription;
pub mod suppression;
pub mod token;
