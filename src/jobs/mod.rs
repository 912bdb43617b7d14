//! Jobs: one file for each thing that a run does. Each loads, lets the domain decide, and acts.

pub mod adopt_ids;
pub mod archive;
pub mod bounces;
pub mod consent;
pub mod copy_store;
pub mod deliver;
pub mod diff;
pub mod export;
pub mod gather;
pub mod gather_rows;
pub mod guard;
pub mod import;
pub mod ingest;
pub mod instructions;
pub mod ledger_copy;
pub mod lint;
pub mod open_issue;
pub mod ping;
pub mod publish;
pub mod rehearse;
pub mod seal;
pub mod staying;
pub mod subscribe;
pub mod take_stock;
pub mod trial;
pub mod witness;
