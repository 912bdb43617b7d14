//! Messages over SMTP (RFC 5321): one owned lettre connection each, a deadline around every step. Reading order:
//! settings, relay, connection, transaction, verdict; below them session, login, reply, body, wire.

mod body;
pub mod connection;
mod login;
mod relay;
mod reply;
mod session;
pub mod settings;
mod transaction;
mod verdict;
mod wire;

pub use relay::Relay;
