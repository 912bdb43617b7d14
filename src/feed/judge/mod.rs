//! The judge: holds a feed against the specifications' MUSTs and SHOULDs and against what readers trip over.
//!
//! It reads bytes and knows nothing of the model or of our writers, so that it can't share their mistakes. A document
//! may come from anybody: its size, depth and number of nodes are bounded, and it can define no entities.

pub mod finding;

pub mod values;

pub mod dates;

pub mod html;

pub mod text;

pub mod space;
pub mod tree;

pub mod read;
pub mod tag;

pub mod decode;

pub mod facts;

pub mod extensions;
pub mod history;
pub mod podcast;

pub mod rss;

pub mod atom;

pub mod json;

pub mod verdict;

pub mod across;
pub mod compare;
