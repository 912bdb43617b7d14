//! The arguments of what has to do with mail: issues, keys, subscribers. Plain data, as `args`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::args_moving::{Erase, Export, Import};
use crate::language::tag::Language;

/// `tidings issues`
#[derive(Debug, Subcommand)]
pub enum Issues {
    /// List issues, the newest first
    List {
        /// How many [default: 20]
        #[arg(long, value_name = "NUMBER")]
        most: Option<u32>,
    },
    /// Show an issue: its state, its deliveries, and its mails as they were frozen
    Show {
        /// Its number
        issue: i64,
        /// Folder to write the mails to, as HTML, text and .eml
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Show how the frozen mails differ from what would be composed now
    Diff {
        /// Its number
        issue: i64,
    },
    /// Stop an open issue until it is released
    Hold {
        /// Its number
        issue: i64,
    },
    /// Let a held issue go out
    Release {
        /// Its number
        issue: i64,
    },
    /// Stop an issue for good; its articles come with the next one
    Cancel {
        /// Its number
        issue: i64,
        /// Why, for the record
        #[arg(long)]
        why: String,
    },
}

/// `tidings keys`
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// List keys, with what each is for
    List,
    /// Make a key that new mails are signed with; what older ones signed is still accepted
    Rotate,
    /// Refuse all that a key signed: links and return addresses in mails that went out stop working
    Retire {
        /// Its number
        number: i64,
        /// Links in those mails may stop working
        #[arg(long)]
        yes: bool,
    },
}

/// `tidings dkim`
#[derive(Debug, Subcommand)]
pub enum Dkim {
    /// Make a private key, and print its DNS record and the lines for the configuration
    Keygen(Keygen),
    /// Print the DNS records of all keys in the configuration
    Record,
}

/// `tidings dkim keygen`
#[derive(Debug, Args)]
pub struct Keygen {
    /// The kind of key: every receiver verifies rsa; ed25519 is for beside it
    #[arg(long, value_enum, default_value_t = Algorithm::Rsa)]
    pub algorithm: Algorithm,
    /// Length of an RSA key: 2048, 3072 or 4096
    #[arg(long, default_value = "2048", value_parser = ["2048", "3072", "4096"])]
    pub bits: String,
    /// The name of the key in the DNS, one that was never used before, as in s2026
    #[arg(long)]
    pub selector: String,
    /// The domain that signs [default: that of mail.from in the configuration]
    #[arg(long)]
    pub domain: Option<String>,
    /// File to write the private key to; one that is there is left as it is
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// A kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Algorithm {
    /// RSA (RFC 6376)
    Rsa,
    /// Ed25519 (RFC 8463)
    Ed25519,
}

/// `tidings subscribers`
#[derive(Debug, Subcommand)]
pub enum Subscribers {
    /// Add somebody, or add to what they chose
    Add(Add),
    /// Add everybody in a CSV or JSON Lines file, or in another service's export
    Import(Import),
    /// Write all subscribers as CSV or JSON Lines; `import` reads it back
    Export(Export),
    /// Forget people for good, but for a keyed hash that keeps imports from bringing them back
    Erase(Erase),
    /// List subscribers
    List(List),
    /// Tell the whole story of one address
    Show {
        /// The address
        address: String,
    },
    /// Let people leave: they are mailed nothing more, and an import does not bring them back
    Remove(Remove),
    /// Never mail an address again, whoever adds it
    Suppress {
        /// The address
        address: String,
        /// Why, for the record
        #[arg(long)]
        why: String,
    },
    /// Take an address off the list of those that are never mailed
    Unsuppress {
        /// The address
        address: String,
        /// Why, for the record
        #[arg(long)]
        why: String,
    },
}

/// `tidings subscribers add`
#[derive(Debug, Args)]
pub struct Add {
    /// The address
    pub address: String,
    /// What they are called
    #[arg(long, default_value = "")]
    pub name: String,
    /// The language of their mails, as in de or en-GB [default: the digest's]
    #[arg(long)]
    pub language: Option<Language>,
    /// The digest [default: the only one]
    #[arg(long)]
    pub digest: Option<String>,
    /// A category of the digest; may be given several times [default: all]
    #[arg(long = "category", value_name = "CATEGORY")]
    pub categories: Vec<String>,
    /// They unsubscribed, and asked you to let them come back; they begin anew
    #[arg(long)]
    pub again: bool,
}

/// `tidings subscribers list`
#[derive(Debug, Args)]
pub struct List {
    /// Only those of this digest
    #[arg(long)]
    pub digest: Option<String>,
    /// Only those in this state: pending (not confirmed yet), active, unsubscribed, suppressed
    #[arg(long)]
    pub state: Option<String>,
}

/// `tidings subscribers remove`
#[derive(Debug, Args)]
pub struct Remove {
    /// Their addresses
    #[arg(required_unless_present = "token")]
    pub addresses: Vec<String>,
    /// The token from the subject of a mail to your unsubscribe address
    #[arg(long)]
    pub token: Option<String>,
}
