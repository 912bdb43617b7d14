//! What is wrong with a configuration.

use crate::catalog::problem::Position;

/// One thing that is wrong. Any of them stops everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where in the file, where it is about a place.
    pub at: Option<Position>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}
