//! Fetching what others publish, and telling hubs what we do: bounded in time, size and hops, and never from inside of one's own network unless
//! that was asked for. Knows the judge's rules; knows nothing of the site.

pub mod address;
mod client;
pub mod get;
pub mod hub;
pub mod response;
