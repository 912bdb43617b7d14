//! The arguments of moving subscribers in and out. Plain data, as `args`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `tidings subscribers import`
#[derive(Debug, Args)]
pub struct Import {
    /// A file with the columns or keys address, name, language, `time_zone`, hour, digest, categories, tags, state,
    /// since, consent; or an export of another service. `-` for standard input
    pub file: PathBuf,
    /// The digest of lines that name none [default: the only one]
    #[arg(long)]
    pub digest: Option<String>,
    /// What the file is [default: by its ending]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Whose export it is [default: by its first line]
    #[arg(long = "as", value_enum, value_name = "SERVICE")]
    pub service: Option<Source>,
    /// What a tag stands for, as in "runners=heart" or "runners=weekly:heart"; may be given several times. Tags that are
    /// named like a category need none
    #[arg(long = "map", value_name = "TAG=CATEGORY")]
    pub maps: Vec<String>,
    /// Say what would be, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// File to write rejected lines to, as CSV: line, reason, text
    #[arg(long, value_name = "FILE")]
    pub rejected: Option<PathBuf>,
}

/// Whose export a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// A file of ours: our columns, whatever else it looks like
    Tidings,
    /// Subscribers of listmonk
    Listmonk,
    /// An audience of Mailchimp: subscribed, unsubscribed or cleaned, a file each
    Mailchimp,
    /// Subscribers of Buttondown
    Buttondown,
    /// Members of Ghost
    Ghost,
    /// Contacts of Keila
    Keila,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values with a header line
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// `tidings subscribers export`
#[derive(Debug, Args)]
pub struct Export {
    /// What to write; JSON Lines have all that is on record of each [default: by the ending of --out, or csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// File to write to, for its owner's eyes alone [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only those in this state: pending, active, unsubscribed, suppressed
    #[arg(long)]
    pub state: Option<String>,
    /// Only those of this digest
    #[arg(long)]
    pub digest: Option<String>,
}

/// `tidings subscribers erase`
#[derive(Debug, Args)]
pub struct Erase {
    /// Their addresses
    #[arg(required = true)]
    pub addresses: Vec<String>,
    /// They are to be forgotten for good
    #[arg(long)]
    pub yes: bool,
}
