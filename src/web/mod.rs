//! Pages for subscribers: asking, confirming, choosing, leaving; and the feeds as files. Everything works without scripts
//! and cookies. A GET changes nothing: programs that look at mails follow every link.

pub mod confirm;
pub mod desk;
pub mod fields;
pub mod figures;
pub mod files;
pub mod limits;
pub mod pages;
pub mod peer;
pub mod preferences;
pub mod router;
pub mod server;
pub mod settings;
pub mod subscribe;
pub mod unsubscribe;
