//! Rows of databases that are somebody else's: read, one after the other, and never written.

pub mod postgres;
pub mod postgres_query;
pub mod postgres_trouble;
pub mod query;
pub mod sqlite;
