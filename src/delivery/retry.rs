//! What follows from an outcome: done, later, or given up. Pure.

use chrono::{DateTime, Duration, Utc};

use crate::delivery::outcome::Outcome;
use crate::delivery::settings::{OnUncertain, Settings};
use crate::delivery::state::Verdict;

/// How often and how long a delivery is tried.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    first: Duration,
    longest: Duration,
    give_up_after: Duration,
    on_uncertain: OnUncertain,
}

impl Policy {
    /// As configured.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let span = |span: std::time::Duration| Duration::from_std(span).unwrap_or(Duration::days(365));
        Self {
            first: span(settings.retry_first),
            longest: span(settings.retry_longest),
            give_up_after: span(settings.give_up_after),
            on_uncertain: settings.on_uncertain,
        }
    }

    /// What follows from the outcome of attempt number `attempt`, from 1, of an issue that was opened at `opened`.
    #[must_use]
    pub fn verdict(
        &self,
        outcome: Outcome,
        attempt: u32,
        opened: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Verdict {
        match outcome {
            Outcome::Accepted { reply } => Verdict::Sent { reply },
            Outcome::Rejected { reason } => Verdict::Failed { reason },
            Outcome::Deferred { reason } => match self.next(attempt, opened, now) {
                Some(next) => Verdict::Deferred { reason, next },
                None => Verdict::Failed { reason: format!("given up after {attempt} attempts: {reason}") },
            },
            Outcome::Unknown { reason } if self.on_uncertain == OnUncertain::Hold => Verdict::Held { reason },
            Outcome::Unknown { reason } => match self.next(attempt, opened, now) {
                Some(next) => Verdict::Again { reason, next },
                None => Verdict::Held { reason: format!("given up after {attempt} attempts: {reason}") },
            },
        }
    }

    /// What follows from an attempt that the server never let begin.
    #[must_use]
    pub fn released(&self, reason: String, now: DateTime<Utc>) -> Verdict {
        Verdict::Released {
            reason,
            next: now.checked_add_signed(self.first).unwrap_or(DateTime::<Utc>::MAX_UTC),
        }
    }

    /// When the attempt after number `attempt` is due; `None` where that would be too late.
    fn next(&self, attempt: u32, opened: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let doublings = attempt.saturating_sub(1).min(20);
        let wait = self.first.checked_mul(1 << doublings).map_or(self.longest, |wait| wait.min(self.longest));
        let next = now.checked_add_signed(wait)?;
        let end = opened.checked_add_signed(self.give_up_after).unwrap_or(DateTime::<Utc>::MAX_UTC);
        (next <= end).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(on_uncertain: OnUncertain) -> Policy {
        Policy {
            first: Duration::minutes(5),
            longest: Duration::hours(4),
            give_up_after: Duration::days(1),
            on_uncertain,
        }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_end_at_the_deadline() {
        let opened: DateTime<Utc> = "2026-05-31T08:00:00Z".parse().unwrap();
        let table =
            [(1, 0, Some(5)), (2, 5, Some(15)), (3, 15, Some(35)), (9, 600, Some(840)), (9, 1201, None)];
        for (attempt, minutes, expected) in table {
            let next = policy(OnUncertain::Resend).next(attempt, opened, opened + Duration::minutes(minutes));
            assert_eq!(
                next,
                expected.map(|minutes| opened + Duration::minutes(minutes)),
                "attempt {attempt}"
            );
        }
    }

    #[test]
    fn an_unknown_outcome_follows_the_policy() {
        let now: DateTime<Utc> = "2026-05-31T08:00:00Z".parse().unwrap();
        let unknown = || Outcome::Unknown { reason: "lost".to_owned() };
        let resend = policy(OnUncertain::Resend).verdict(unknown(), 1, now, now);
        assert!(matches!(resend, Verdict::Again { .. }), "{resend:?}");
        let hold = policy(OnUncertain::Hold).verdict(unknown(), 1, now, now);
        assert!(matches!(hold, Verdict::Held { .. }), "{hold:?}");
        let late = policy(OnUncertain::Resend).verdict(unknown(), 9, now - Duration::days(2), now);
        assert!(matches!(late, Verdict::Held { .. }), "{late:?}");
    }
}
