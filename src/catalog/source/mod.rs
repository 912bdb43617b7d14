//! Where articles come from: one module per kind of source.

pub mod absent;
pub mod database;
pub mod fallen_out;
pub mod feed;
pub mod folder;
pub mod import;
pub mod jsonl;
pub mod page_facts;
pub mod pages;
pub mod record;
pub mod row;
pub mod settings;
pub mod stamp;
pub mod wordpress;
pub mod wordpress_text;
