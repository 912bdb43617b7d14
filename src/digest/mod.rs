//! Digests: who gets which articles, frozen as an issue, rendered once per distinct set of articles. Knows
//! the catalog and subscribers; knows nothing of feeds, of how mail travels, or of stores.

pub mod compose;
pub mod issue;
pub mod letterhead;
pub mod message;
pub mod plan;
pub mod select;
pub mod settings;
pub mod slots;
pub mod window;
pub mod wish;
