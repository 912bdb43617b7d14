//! Where articles come from: one module per kind of source.

pub mod folder;
pub mod stamp;
