//! Languages: what the program's own words are in each, and how each writes dates, numbers and lists. Knows nothing of
//! what is said with them.

pub mod locale;
pub mod messages;
pub mod tag;
