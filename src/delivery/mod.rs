//! Delivery: handing messages over and knowing what became of each. Knows mail as bytes; knows nothing of
//! digests, and of the store only the verbs that [`scribe::Ledger`] names.

pub mod outcome;
pub mod retry;
pub mod scribe;
pub mod settings;
pub mod state;
pub mod transport;
pub mod worker;
