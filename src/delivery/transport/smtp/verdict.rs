//! What a reply to a step of a transaction means for the recipient and for the run. Decides by codes alone: the
//! reply code (RFC 5321 section 4.2) and the enhanced code (RFC 3463). Talks to nobody.

use crate::delivery::outcome::Reply;

/// A step of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Mail,
    Rcpt,
    Data,
    /// The body and its final dot.
    Dot,
}

impl Step {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mail => "MAIL FROM",
            Self::Rcpt => "RCPT TO",
            Self::Data => "DATA",
            Self::Dot => "the final dot",
        }
    }
}

/// What to make of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As it should be: the next step.
    Proceed,
    /// Not now.
    Defer,
    /// Never, to this recipient.
    Reject,
    /// Nothing from us, to anyone.
    RefuseSender,
    /// A no that says nothing of the recipient: client and server disagree about what was said before.
    OutOfStep,
    /// A yes that answers something else.
    Nonsense,
}

/// What `reply` means as the answer to `step`.
pub(super) fn judge(step: Step, reply: &Reply) -> Verdict {
    match (step, reply.code) {
        (Step::Data, 354) | (Step::Mail | Step::Rcpt | Step::Dot, 200..=299) => Verdict::Proceed,
        (_, 400..=499) => Verdict::Defer,
        (Step::Mail, 500..=599) => Verdict::RefuseSender,
        (_, 500..=599) if is_about_us(reply) => Verdict::RefuseSender,
        // Bad sequence of commands.
        (_, 503) => Verdict::OutOfStep,
        (_, 500..=599) => Verdict::Reject,
        _ => Verdict::Nonsense,
    }
}

/// Whether a permanent no concerns the sender: its login (RFC 4954 section 6) or its reputation and
/// permissions (X.7.x).
fn is_about_us(reply: &Reply) -> bool {
    matches!(reply.code, 530 | 534 | 535 | 538)
        || match reply.enhanced {
            Some((5, 7, detail)) => !is_about_the_mailbox(detail),
            _ => false,
        }
}

/// The X.7.x of IANA's registry that speak of the recipient: a list that can't be expanded (2), a disabled
/// account (13), a mailbox (17) or domain (18) that changed hands. One of them must not stop everyone's mail.
fn is_about_the_mailbox(detail: u16) -> bool {
    matches!(detail, 2 | 13 | 17 | 18)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(step: Step, code: u16, enhanced: Option<(u8, u16, u16)>) -> Verdict {
        judge(step, &Reply { code, enhanced, text: String::new() })
    }

    #[test]
    fn only_354_lets_the_body_go() {
        assert_eq!(verdict(Step::Data, 354, None), Verdict::Proceed);
        assert_eq!(verdict(Step::Data, 250, None), Verdict::Nonsense);
        assert_eq!(verdict(Step::Dot, 354, None), Verdict::Nonsense);
    }

    #[test]
    fn a_policy_refusal_stops_the_run_unless_it_is_about_the_mailbox() {
        assert_eq!(verdict(Step::Rcpt, 550, Some((5, 7, 1))), Verdict::RefuseSender);
        assert_eq!(verdict(Step::Dot, 550, Some((5, 7, 515))), Verdict::RefuseSender);
        assert_eq!(verdict(Step::Rcpt, 525, Some((5, 7, 13))), Verdict::Reject);
        assert_eq!(verdict(Step::Rcpt, 530, None), Verdict::RefuseSender);
    }

    #[test]
    fn a_temporary_policy_refusal_is_only_deferred() {
        assert_eq!(verdict(Step::Dot, 421, Some((4, 7, 28))), Verdict::Defer);
        assert_eq!(verdict(Step::Mail, 451, Some((4, 7, 1))), Verdict::Defer);
    }

    #[test]
    fn a_recipient_is_not_blamed_for_a_bad_sequence() {
        assert_eq!(verdict(Step::Data, 503, Some((5, 5, 1))), Verdict::OutOfStep);
        assert_eq!(verdict(Step::Data, 554, Some((5, 5, 1))), Verdict::Reject);
    }
}
