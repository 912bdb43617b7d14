//! Which header fields are signed: all that a digest has, but for what the relay on its way rewrites.

use serde::Deserialize;

/// Whose habits a signature has to live with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// A relay that leaves headers as they are.
    #[default]
    Generic,
    /// Amazon SES.
    Ses,
}

/// How a field is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// As often as the message has it.
    Present,
    /// And once more: a second one that somebody adds breaks the signature (RFC 6376, 5.4.2 and 8.15).
    Sealed,
}

/// Fields in the order of `h=`. Content-Type is sealed too, for with a second one the same body shows as something else.
const FIELDS: [(&str, Cover); 18] = [
    ("From", Cover::Sealed),
    ("To", Cover::Sealed),
    ("Subject", Cover::Sealed),
    ("Date", Cover::Sealed),
    ("Reply-To", Cover::Sealed),
    ("Message-ID", Cover::Sealed),
    ("List-Unsubscribe", Cover::Sealed),
    ("List-Unsubscribe-Post", Cover::Sealed),
    ("Content-Type", Cover::Sealed),
    ("MIME-Version", Cover::Present),
    ("Content-Transfer-Encoding", Cover::Present),
    ("List-Id", Cover::Present),
    ("List-Help", Cover::Present),
    ("List-Archive", Cover::Present),
    ("Auto-Submitted", Cover::Present),
    ("Precedence", Cover::Present),
    ("Feedback-ID", Cover::Present),
    ("X-Tidings-Delivery", Cover::Present),
];

/// What SES puts its own in place of: "Manual DKIM signing" in its developer guide names the first two. It makes a
/// Feedback-ID too, and does not say what becomes of another.
const REWRITTEN_BY_SES: [&str; 3] = ["Date", "Message-ID", "Feedback-ID"];

impl Profile {
    /// The most signatures that a message may carry. SES refuses mail with two DKIM-Signature fields ("Header fields"
    /// in its developer guide) and adds its own.
    #[must_use]
    pub fn most_signatures(self) -> Option<usize> {
        match self {
            Self::Generic => None,
            Self::Ses => Some(1),
        }
    }

    /// The fields to sign, where a message has them.
    pub(super) fn fields(self) -> impl Iterator<Item = (&'static str, Cover)> {
        FIELDS.into_iter().filter(move |(name, _)| self == Self::Generic || !REWRITTEN_BY_SES.contains(name))
    }
}
