//! What the tests share: real servers, real files, the real program.

pub(crate) mod browser;
pub(crate) mod hub;
#[cfg(feature = "imap")]
pub(crate) mod imap_server;
pub(crate) mod inbox;
pub(crate) mod mail;
pub(crate) mod postgres;
pub(crate) mod previewing;
pub(crate) mod python;
pub(crate) mod readers;
pub(crate) mod serving;
pub(crate) mod site;
pub(crate) mod smtp_certificate;
pub(crate) mod smtp_channel;
pub(crate) mod smtp_login;
pub(crate) mod smtp_script;
pub(crate) mod smtp_server;
pub(crate) mod smtp_session;
pub(crate) mod tree;
