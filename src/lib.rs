//! Tidings turns a catalog of articles into feeds per category, and into digest emails for the people who
//! subscribed to those categories. ARCHITECTURE.md shows the rooms and who may know whom.

pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod delivery;
pub mod digest;
pub mod feed;
pub mod fetch;
pub mod inbound;
pub mod jobs;
pub mod language;
pub mod letters;
pub mod mail;
pub mod preview;
pub mod schedule;
pub mod store;
pub mod subscribers;
pub mod templates;
pub mod text;
pub mod web;
