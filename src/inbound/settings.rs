//! Where messages come in, and when an address is given up. Tables `[ingest]` and `[bounces]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::inbound::mailbox::imap_settings::Settings as Imap;
use crate::mail::address::Address;

/// Table `[ingest]`: the mailboxes that `tidings run` reads first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingest {
    /// A folder with a file for each message.
    pub maildir: Option<PathBuf>,
    /// A file with all messages.
    pub mbox: Option<PathBuf>,
    /// A mailbox on a server.
    pub imap: Option<Imap>,
    /// The address that people write to who want to subscribe by mail.
    pub subscribe: Option<Address>,
}

impl Ingest {
    /// With its paths below a folder.
    #[must_use]
    pub fn within(mut self, root: &Path) -> Self {
        let ca_file = self.imap.as_mut().and_then(|imap| imap.ca_file.as_mut());
        for path in [self.maildir.as_mut(), self.mbox.as_mut(), ca_file].into_iter().flatten() {
            *path = root.join(&path);
        }
        self
    }
}

/// Table `[bounces]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounces {
    /// Days with a hard bounce after which an address is mailed no more.
    pub hard: u32,
    /// At least so long between the first of them and the last.
    #[serde(with = "humantime_serde")]
    pub hard_span: Duration,
    /// A hard bounce that is older does not count any more.
    #[serde(with = "humantime_serde")]
    pub hard_memory: Duration,
    /// The score of soft bounces at which an address is mailed no more. Each day with one adds 1.
    pub soft: f64,
    /// At least so long between the first of them and the last.
    #[serde(with = "humantime_serde")]
    pub soft_span: Duration,
    /// After this time a soft bounce counts half.
    #[serde(with = "humantime_serde")]
    pub soft_half_life: Duration,
    /// A mail that servers accepted and of which nothing came back for so long, from its issue on, has arrived: soft bounces
    /// before it are forgotten.
    #[serde(with = "humantime_serde")]
    pub quiet: Duration,
}

impl Default for Bounces {
    fn default() -> Self {
        let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
        Self {
            hard: 2,
            hard_span: days(2),
            hard_memory: days(180),
            soft: 4.0,
            soft_span: days(14),
            soft_half_life: days(90),
            quiet: days(9),
        }
    }
}
