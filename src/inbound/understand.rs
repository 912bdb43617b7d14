//! What a message means: from bytes to a report, a complaint, an instruction, or something to leave alone. Decides nothing.

use crate::inbound::automatic;
use crate::inbound::candidate::{self, Candidate, Hints};
use crate::inbound::complaint::{self, Complaint};
use crate::inbound::incoming::Incoming;
use crate::inbound::instruction::{self, Instruction, Ours};
use crate::inbound::plain_report::{self, Plain};
use crate::inbound::report::Report;

/// A message, understood.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// What it is.
    pub meaning: Meaning,
    /// What may prove whose it is, the best first. All have to be checked.
    pub candidates: Vec<Candidate>,
    /// What the mail that it brings back says of itself. For people.
    pub hints: Hints,
    /// Its own Message-ID, without brackets; at most 200 characters.
    pub message: Option<String>,
}

/// What a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A server says what became of a mail.
    Report(Report),
    /// A reader pressed "spam", or a provider tells something else of one mail.
    Complaint(Complaint),
    /// Somebody leaves, joins or confirms.
    Instruction(Instruction),
    /// A program wrote it by itself; why it is taken for one.
    AutoReply(String),
    /// A person wrote it.
    Answer,
    /// A server wrote it, and this is why nothing follows from it.
    Unclear(&'static str),
}

impl Meaning {
    /// The word in reports.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Report(_) => "report",
            Self::Complaint(_) => "complaint",
            Self::Instruction(instruction) => instruction.verb.as_str(),
            Self::AutoReply(_) => "auto-reply",
            Self::Answer => "answer",
            Self::Unclear(_) => "unclear",
        }
    }
}

/// Understands a message. Any bytes are one.
#[must_use]
pub fn understand(bytes: &[u8], ours: &Ours) -> Inbound {
    let incoming = Incoming::read(bytes);
    let meaning = meaning(&incoming, ours);
    let candidates = match &meaning {
        Meaning::Complaint(complaint) => candidate::of_complaint(&incoming, complaint, ours),
        _ => candidate::of_envelope(&incoming, ours),
    };
    let hints = candidate::hints(incoming.returned().as_ref());
    let message = incoming.fields.get("message-id").map(|id| id.trim_matches(['<', '>', ' ']));
    let message = message.map(|id| id.chars().take(200).collect());
    Inbound { meaning, candidates, hints, message }
}

fn meaning(incoming: &Incoming, ours: &Ours) -> Meaning {
    // One of these is in every message (RFC 5322, 3.6; RFC 5321, 4.4).
    if !["from", "date", "received", "return-path"].iter().any(|name| incoming.fields.has(name)) {
        return Meaning::Unclear("no message: there is no header");
    }
    if let Some(text) = delivery_status(incoming) {
        if let Some(report) = Report::read(text) {
            return Meaning::Report(report);
        }
        return match plain_report::read(incoming) {
            Some(Plain::Report(report)) => Meaning::Report(report),
            _ => Meaning::Unclear("a server's report that names no recipient"),
        };
    }
    if let Some(part) = incoming.part(&["message/feedback-report"]) {
        return Meaning::Complaint(Complaint::read(&part.text));
    }
    if let Some(complaint) = complaint::of_outlook(incoming) {
        return Meaning::Complaint(complaint);
    }
    match plain_report::read(incoming) {
        Some(Plain::Report(report)) => return Meaning::Report(report),
        Some(Plain::Unclear(why)) => return Meaning::Unclear(why),
        None => {}
    }
    let mut automatic = automatic::why(incoming);
    if automatic.is_none() && plain_report::has_empty_path(incoming) {
        automatic = Some("an empty Return-Path".to_owned());
    }
    if let Some(instruction) = instruction::read(incoming, ours, automatic.is_some()) {
        return Meaning::Instruction(instruction);
    }
    automatic.map_or(Meaning::Answer, Meaning::AutoReply)
}

/// The part that a program reads. A message that is no report as a whole may have one all the same: gateways wrap reports in
/// what they add, and people pass reports on, which says nothing of the reader whose mail it was.
fn delivery_status(incoming: &Incoming) -> Option<&str> {
    let is_report = incoming.kind == "multipart/report";
    if !is_report && !plain_report::is_of_server(incoming) {
        return None;
    }
    let part = incoming.part(&["message/delivery-status", "message/global-delivery-status"]);
    let mistyped = || {
        let says = |text: &str| text.to_ascii_lowercase().contains("final-recipient:");
        let wanted = is_report && incoming.report_type.as_deref() == Some("delivery-status");
        incoming.parts.iter().find(|part| wanted && part.message.is_none() && says(&part.text))
    };
    part.or_else(mistyped).map(|part| part.text.as_str())
}
