//! How messages are handed over. Table `[delivery]`.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

/// Table `[delivery]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where messages go.
    pub transport: Kind,
    /// Folder of the `file` transport, in maildir layout.
    pub outbox: PathBuf,
    /// What becomes of a message of which nobody knows whether it arrived.
    pub on_uncertain: OnUncertain,
    /// The first wait before another attempt; each further one is twice as long.
    #[serde(with = "humantime_serde")]
    pub retry_first: Duration,
    /// The longest wait between attempts.
    #[serde(with = "humantime_serde")]
    pub retry_longest: Duration,
    /// After this time an issue is not delivered any more; its articles come with the next.
    #[serde(with = "humantime_serde")]
    pub give_up_after: Duration,
}

/// Where messages go.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Into a folder, one file each.
    File,
    /// To the relay of table `[smtp]`.
    Smtp,
}

/// What becomes of a message whose connection died between its end and the server's answer.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum OnUncertain {
    /// It is sent again, with the same Message-ID and the same bytes: a reader may get it twice.
    Resend,
    /// It is never sent again by itself: a reader may miss it.
    Hold,
}
