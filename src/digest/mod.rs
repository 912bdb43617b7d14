//! Digests: who gets which articles, frozen as an issue, rendered once per distinct set of articles and language. Knows
//! the catalog and subscribers; knows nothing of feeds, of how mail travels, or of stores.

pub mod archive;
pub mod compose;
pub mod draft;
pub mod finish;
pub mod intro;
pub mod issue;
pub mod letterhead;
pub mod lint;
pub mod long_text;
pub mod look;
pub mod message;
pub mod offering;
pub mod pictures;
pub mod plan;
pub mod recipient;
pub mod select;
pub mod settings;
pub mod slots;
pub mod stencil;
pub mod view;
pub mod window;
pub mod wish;
