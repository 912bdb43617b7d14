//! The catalog: articles and categories, read from their sources, with everything that is wrong with them.
//! Knows nothing of feeds, mails or stores.

pub mod adopt;
pub mod article;
pub mod attachments;
pub mod body;
pub mod body_text;
pub mod category;
pub mod category_page;
pub mod date;
pub mod dialect;
pub mod file_name;
pub mod front_matter;
pub mod html;
pub mod identity;
pub mod keys;
pub mod ledger;
pub mod live_feed;
pub mod load;
pub mod locate;
pub mod markdown;
pub mod media;
pub mod naming;
pub mod permalink;
pub mod problem;
pub mod publication;
pub mod reader;
pub mod settings;
pub mod slug;
pub mod source;
pub mod summary;
pub mod withdrawal;
