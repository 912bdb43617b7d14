//! What all kinds of store have in common: what values mean that go into rows and come out of them. Knows no dialect of
//! SQL, and asks nothing of any database.

pub(super) mod adding;
pub(super) mod deliveries;
pub(super) mod editions;
pub(super) mod editorial;
pub(super) mod moving;
pub(super) mod pings;
pub(super) mod publications;
pub(super) mod requests;
pub(super) mod subscribers;
pub(super) mod tables;
pub(super) mod values;
pub(super) mod wishes;
