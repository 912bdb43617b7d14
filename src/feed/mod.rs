//! Feeds: which articles they show and how each format says it. Knows the catalog; knows nothing of mails.

pub mod atom;
pub mod extension;
pub mod json;
pub mod model;
pub mod opml;
pub mod page;
pub mod rss;
pub mod select;
pub mod settings;
pub mod write;
pub mod xml;

#[cfg(test)]
pub(crate) mod sample;
