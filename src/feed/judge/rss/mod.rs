//! RSS 2.0: the specification of the RSS Advisory Board, and its profile of best practices.

pub mod channel;
pub mod item;
pub mod shape;
