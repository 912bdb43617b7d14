//! One message over one session: MAIL, RCPT, DATA, the body with its dot. Turns every way in which that can go
//! into one end. Doesn't reconnect and doesn't repeat.

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter};

use super::body::Body;
use super::reply::Fault;
use super::session::Session;
use super::settings::Timeouts;
use super::verdict::{Step, Verdict, judge};
use crate::delivery::outcome::{Outcome, Refusal, Reply};

/// The unit of the block timeout.
const BLOCK: usize = 64 * 1024;

/// One message, ready to go.
#[derive(Debug)]
pub(super) struct Letter {
    /// `None` is the null reverse-path.
    pub(super) sender: Option<Address>,
    pub(super) recipient: Address,
    pub(super) body: Body,
}

/// How a transaction ended.
#[derive(Debug)]
pub(super) enum End {
    /// With something to record for the recipient.
    Settled(Outcome),
    /// With nothing more to send, to anyone.
    Refused(Refusal),
    /// Before the server had taken it up: MAIL got no reply, or 421. The recipient has no part in that.
    NotBegun(String),
}

/// Carries one message over.
pub(super) async fn carry(session: &mut Session, letter: &Letter, timeouts: &Timeouts) -> End {
    let mut parameters = Vec::new();
    if !letter.recipient_is_ascii() || !letter.sender_is_ascii() || !letter.body.is_ascii() {
        if !session.extensions.smtputf8 {
            return letter.needs_smtputf8();
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !letter.body.is_ascii() {
        // Whoever offers SMTPUTF8 offers 8BITMIME (RFC 6531, 3.1).
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if session.dirty {
        match session.exchange(timeouts.command, Rset).await {
            Ok(reply) if (200..300).contains(&reply.code) => session.dirty = false,
            Ok(reply) => return not_begun(session, reply.to_string()),
            Err(fault) => return not_begun(session, fault.to_string()),
        }
    }

    let mail = Mail::new(letter.sender.clone(), parameters);
    match session.exchange(timeouts.command, mail).await {
        Err(fault @ (Fault::Lost(_) | Fault::Late(_))) => return not_begun(session, fault.to_string()),
        Ok(reply) if session.broken => return not_begun(session, reply.to_string()),
        answer => {
            session.worn = true;
            if let Some(end) = early_end(session, Step::Mail, answer) {
                return end;
            }
        }
    }
    session.dirty = true;
    let answer = session.exchange(timeouts.command, Rcpt::new(letter.recipient.clone(), Vec::new())).await;
    if let Some(end) = early_end(session, Step::Rcpt, answer) {
        return end;
    }
    let answer = session.exchange(timeouts.data, Data).await;
    if let Some(end) = early_end(session, Step::Data, answer) {
        return end;
    }
    hand_over(session, &letter.body, timeouts).await
}

/// The body and its dot. From the dot's first byte on, no answer means that nobody knows (RFC 1047).
async fn hand_over(session: &mut Session, body: &Body, timeouts: &Timeouts) -> End {
    let blocks = u32::try_from(body.dot_at() / BLOCK).unwrap_or(u32::MAX).saturating_add(1);
    let limit = timeouts.block.saturating_mul(blocks).saturating_add(timeouts.dot);
    let answer = session.exchange(limit, body.as_str()).await;
    let reply = match answer {
        Ok(reply) => reply,
        Err(fault) if session.may_have_left() > body.dot_at() => {
            let reason = format!("after the final dot: {fault}");
            return End::Settled(Outcome::Unknown { reason });
        }
        Err(fault) => {
            let reason = format!("before the final dot: {fault}");
            return End::Settled(Outcome::Deferred { reason });
        }
    };
    // Whatever the reply, the transaction is over (RFC 5321 section 4.1.1.4).
    session.dirty = false;
    match judge(Step::Dot, &reply) {
        Verdict::Proceed => End::Settled(Outcome::Accepted { reply: reply.to_string() }),
        Verdict::Nonsense => {
            session.broken = true;
            let reason = format!("the reply to the final dot makes no sense: {reply}");
            End::Settled(Outcome::Unknown { reason })
        }
        verdict => negative(session, verdict, reply),
    }
}

/// The end that the answer to a step before the dot brings, if it brings one.
fn early_end(session: &mut Session, step: Step, answer: Result<Reply, Fault>) -> Option<End> {
    let reply = match answer {
        Ok(reply) => reply,
        Err(fault) => {
            let reason = format!("at {}: {fault}", step.name());
            return Some(End::Settled(Outcome::Deferred { reason }));
        }
    };
    match judge(step, &reply) {
        Verdict::Proceed => None,
        Verdict::Nonsense => {
            session.broken = true;
            let reason = format!("the reply to {} makes no sense: {reply}", step.name());
            Some(End::Settled(Outcome::Deferred { reason }))
        }
        verdict => Some(negative(session, verdict, reply)),
    }
}

fn negative(session: &mut Session, verdict: Verdict, reply: Reply) -> End {
    match verdict {
        Verdict::RefuseSender => End::Refused(Refusal::Sender { reply }),
        Verdict::Reject => End::Settled(Outcome::Rejected { reason: reply.to_string() }),
        Verdict::OutOfStep => {
            session.broken = true;
            End::Settled(Outcome::Deferred { reason: reply.to_string() })
        }
        Verdict::Defer | Verdict::Proceed | Verdict::Nonsense => {
            End::Settled(Outcome::Deferred { reason: reply.to_string() })
        }
    }
}

fn not_begun(session: &mut Session, reason: String) -> End {
    session.broken = true;
    End::NotBegun(reason)
}

impl Letter {
    fn recipient_is_ascii(&self) -> bool {
        AsRef::<str>::as_ref(&self.recipient).is_ascii()
    }

    fn sender_is_ascii(&self) -> bool {
        self.sender.as_ref().is_none_or(|sender| AsRef::<str>::as_ref(sender).is_ascii())
    }

    /// RFC 6531 section 3.2: such an address must not go to a server that doesn't know the extension.
    fn needs_smtputf8(&self) -> End {
        if !self.sender_is_ascii() {
            let reason = "the sender's address isn't ASCII, and the mail server doesn't offer SMTPUTF8 (RFC 6531); \
                          set an ASCII address to send from";
            return End::Refused(Refusal::Setup { reason: reason.to_owned() });
        }
        let reason =
            "the address isn't ASCII before the @, and the mail server doesn't offer SMTPUTF8 (RFC 6531)";
        End::Settled(Outcome::Rejected { reason: reason.to_owned() })
    }
}
