//! The lint: holds a mail, as one reader would get it, against the rules of mailboxes, of the law, and of those who can't
//! see it. It reads a message and knows nothing of how it was made; `places` looks for the line of an article or template
//! that is to blame. What stops an issue is an error; everything else is told.

pub mod finding;

pub mod document;
pub mod style;

pub mod specimen;

pub mod colour;
pub mod looks;
pub mod selector;

pub mod words;

pub mod both;
pub mod clients;
pub mod contrast;
pub mod headers;
pub mod images;
pub mod leftovers;
pub mod links;
pub mod structure;
pub mod subject;
pub mod wire;

pub mod inspect;

pub mod places;
