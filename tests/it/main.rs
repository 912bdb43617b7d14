//! The integration tests: one file per behaviour, what they share under `support`.

// A test that can't go on fails; the lint's own exception covers test functions, not what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod aiosmtpd;
mod architecture;
mod archives;
mod browser;
mod by_mail;
mod check;
mod check_feed;
mod commands;
mod consent_pages;
mod dialects;
mod diff;
mod digests;
mod dkim;
mod fairness;
mod feeds;
mod fuzzed;
mod hostile;
mod hubs;
mod ids;
#[cfg(feature = "imap")]
mod imap;
mod inbound;
mod incremental;
mod independent;
mod ingest;
mod issue_archive;
mod issues;
mod judge;
mod killed;
mod ledger;
mod lint;
mod mails;
mod media;
mod moving;
mod on_postgres;
mod pages;
mod preview;
mod readers;
mod retention;
mod sealed;
mod selections;
mod served;
mod smtp;
mod sources;
mod spoiled;
mod store_contract;
mod store_copies;
mod themes;
mod tombstones;
mod watched;
