//! Complaints: message/feedback-report (RFC 5965), which mailbox providers send when a reader presses "spam". Knows nothing
//! of subscribers.

use crate::inbound::fields::Fields;
use crate::inbound::incoming::Incoming;
use crate::inbound::report;
use crate::mail::address::Address;

/// A report of feedback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaint {
    /// The word of the provider, in lower case: `abuse`.
    pub feedback: String,
    /// The program that wrote it.
    pub reporter: Option<String>,
    /// The reader, where the provider says who it is.
    pub recipient: Option<Address>,
    /// The envelope's sender of the mail that is complained of.
    pub sender: Option<Address>,
}

impl Complaint {
    /// Reads the text of a message/feedback-report. A kind that is missing or unknown is `other` (RFC 5965, 7.3).
    #[must_use]
    pub fn read(text: &str) -> Self {
        let fields = Fields::groups(text).into_iter().next().unwrap_or_default();
        let recipient = fields
            .get("original-rcpt-to")
            .or_else(|| fields.get("removal-recipient"))
            .or_else(|| fields.get("redacted-rcpt-to"));
        Self {
            feedback: fields.get("feedback-type").unwrap_or("other").to_ascii_lowercase(),
            reporter: fields.get("user-agent").map(str::to_owned),
            recipient: recipient.and_then(report::address),
            sender: fields.get("original-mail-from").and_then(report::address),
        }
    }

    /// Whether the reader does not want the mail. `not-spam` says the opposite (RFC 6430), `auth-failure` (RFC 6591) and
    /// `virus` are about the message.
    #[must_use]
    pub fn is_unwanted(&self) -> bool {
        !matches!(self.feedback.as_str(), "not-spam" | "auth-failure" | "virus" | "dmarc")
    }
}

/// Outlook's program (JMRP) sends the mail back without a report: its own header names the reader, and what is attached is
/// ours.
#[must_use]
pub fn of_outlook(incoming: &Incoming) -> Option<Complaint> {
    let from = incoming.fields.get("from")?.to_ascii_lowercase();
    let known = from.contains("staff@hotmail.com") || from.contains("@feedback.outlook.com");
    let returned = incoming.returned().filter(|_| known)?;
    let reader =
        incoming.fields.get("x-hmxmroriginalrecipient").or_else(|| returned.get("x-hmxmroriginalrecipient"));
    Some(Complaint {
        feedback: "abuse".to_owned(),
        reporter: Some("Outlook JMRP".to_owned()),
        recipient: reader.and_then(report::address),
        sender: returned.get("return-path").and_then(report::address),
    })
}
