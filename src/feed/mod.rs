//! Feeds: which articles they show and how each format says it. Knows the catalog; knows nothing of mails.

pub mod address;
pub mod archive;
pub mod atom;
pub mod diff;
pub mod documents;
pub mod entry;
pub mod extension;
pub mod filter;
pub mod gzip;
pub mod head;
pub mod itunes;
pub mod json;
pub mod judge;
pub mod manner;
pub mod model;
pub mod opml;
pub mod page;
pub mod plan;
pub mod rss;
pub mod select;
pub mod server;
pub mod settings;
pub mod tombstones;
pub mod websub;
pub mod write;
pub mod xml;

#[cfg(test)]
pub(crate) mod sample;
