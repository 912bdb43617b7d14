//! Fetching what others publish: bounded in time, size and hops, and never from inside of one's own network unless
//! that was asked for. Knows the judge's rules; knows nothing of the site.

pub mod address;
pub mod get;
pub mod response;
