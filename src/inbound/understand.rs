//! What a message means: from bytes to a report, a complaint, a request, or something to leave alone. Decides nothing.

use crate::inbound::automatic;
use crate::inbound::candidate::{self, Candidate, Hints};
use crate::inbound::complaint::{self, Complaint};
use crate::inbound::letter::Letter;
use crate::inbound::plain_report::{self, Plain};
use crate::inbound::report::Report;
use crate::inbound::request::{self, Ours, Request};

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
    Request(Request),
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
            Self::Request(request) => request.verb.as_str(),
            Self::AutoReply(_) => "auto-reply",
            Self::Answer => "answer",
            Self::Unclear(_) => "unclear",
        }
    }
}

/// Understands a message. Any bytes are one.
#[must_use]
pub fn understand(bytes: &[u8], ours: &Ours) -> Inbound {
    let letter = Letter::read(bytes);
    let meaning = meaning(&letter, ours);
    let candidates = match &meaning {
        Meaning::Complaint(complaint) => candidate::of_complaint(&letter, complaint, ours),
        _ => candidate::of_envelope(&letter, ours),
    };
    let hints = candidate::hints(letter.returned().as_ref());
    let message = letter.fields.get("message-id").map(|id| id.trim_matches(['<', '>', ' ']));
    let message = message.map(|id| id.chars().take(200).collect());
    Inbound { meaning, candidates, hints, message }
}

fn meaning(letter: &Letter, ours: &Ours) -> Meaning {
    // One of these is in every message (RFC 5322, 3.6; RFC 5321, 4.4).
    if !["from", "date", "received", "return-path"].iter().any(|name| letter.fields.has(name)) {
        return Meaning::Unclear("no message: there is no header");
    }
    if let Some(text) = delivery_status(letter) {
        if let Some(report) = Report::read(text) {
            return Meaning::Report(report);
        }
        return match plain_report::read(letter) {
            Some(Plain::Report(report)) => Meaning::Report(report),
            _ => Meaning::Unclear("a server's report that names no recipient"),
        };
    }
    if let Some(part) = letter.part(&["message/feedback-report"]) {
        return Meaning::Complaint(Complaint::read(&part.text));
    }
    if let Some(complaint) = complaint::of_outlook(letter) {
        return Meaning::Complaint(complaint);
    }
    match plain_report::read(letter) {
        Some(Plain::Report(report)) => return Meaning::Report(report),
        Some(Plain::Unclear(why)) => return Meaning::Unclear(why),
        None => {}
    }
    let mut automatic = automatic::why(letter);
    if automatic.is_none() && plain_report::has_empty_path(letter) {
        automatic = Some("an empty Return-Path".to_owned());
    }
    if let Some(request) = request::read(letter, ours, automatic.is_some()) {
        return Meaning::Request(request);
    }
    automatic.map_or(Meaning::Answer, Meaning::AutoReply)
}

/// The part that a program reads. A letter that is no report as a whole may have one all the same: gateways wrap reports in
/// what they add, and people pass reports on, which says nothing of the reader whose mail it was.
fn delivery_status(letter: &Letter) -> Option<&str> {
    let is_report = letter.kind == "multipart/report";
    if !is_report && !plain_report::is_of_server(letter) {
        return None;
    }
    let part = letter.part(&["message/delivery-status", "message/global-delivery-status"]);
    let mistyped = || {
        let says = |text: &str| text.to_ascii_lowercase().contains("final-recipient:");
        let wanted = is_report && letter.report_type.as_deref() == Some("delivery-status");
        letter.parts.iter().find(|part| wanted && part.message.is_none() && says(&part.text))
    };
    part.or_else(mistyped).map(|part| part.text.as_str())
}
