//! When an address is given up: a function of what came back from it, and when. Knows no store and no clock.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::inbound::settings::Bounces;
use crate::inbound::status::Kind;

/// A bounce that is on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bounce {
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Whose fault it was.
    pub kind: Kind,
}

/// What is remembered of one address since it was last taken off the suppression list.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Its bounces, in any order.
    pub bounces: Vec<Bounce>,
    /// When the issues were opened of which servers accepted the mail, in any order. A relay accepts everything: what came
    /// back says whether it arrived.
    pub accepted: Vec<DateTime<Utc>>,
}

/// What follows.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// The address is mailed on.
    Keep,
    /// It is mailed no more, for this reason.
    Suppress(Reason),
}

/// Why an address is given up.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// There is no such address.
    Hard {
        /// On so many days.
        days: usize,
        /// Since this day.
        since: NaiveDate,
    },
    /// It has not worked for long.
    Soft {
        /// What the bounces add up to.
        score: f64,
        /// Since this day.
        since: NaiveDate,
    },
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Hard { days, since } => {
                write!(f, "no such address: hard bounces on {days} days since {since}")
            }
            Self::Soft { score, since } => {
                write!(f, "mails could not be delivered since {since} (score {score:.1})")
            }
        }
    }
}

/// Decides.
///
/// - Several bounces of one day (UTC) count once: they are several mails, or several servers, and one cause.
/// - Hard: on `hard` days, over `hard_span` at least, none older than `hard_memory`. One wrong answer of a server that is
///   being moved gives nobody up.
/// - Soft: each day adds 1, which halves every `soft_half_life`; given up at `soft`, over `soft_span` at least. A hard day
///   is a soft one too, so that an address that fails now so, now so, is given up as well.
/// - Mails that arrived make the soft days before them forgotten. A mail arrived if it was accepted and no bounce came
///   within `quiet` from its issue on: we try for some days, servers for five more (RFC 5321, 4.5.4.1), and then report.
/// - What was our own fault never counts.
#[must_use]
pub fn decide(memory: &Memory, settings: &Bounces, now: DateTime<Utc>) -> Decision {
    let delta = |span| TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX);
    let hard = days(&memory.bounces, |bounce| {
        bounce.kind == Kind::Hard && now - bounce.at <= delta(settings.hard_memory)
    });
    if let Some(since) = spanned(&hard, delta(settings.hard_span))
        && hard.len() >= settings.hard as usize
    {
        return Decision::Suppress(Reason::Hard { days: hard.len(), since });
    }
    let arrived = last_arrival(memory, delta(settings.quiet), now);
    let soft = days(&memory.bounces, |bounce| {
        bounce.kind != Kind::Sender && arrived.is_none_or(|arrived| bounce.at > arrived)
    });
    let half_life = settings.soft_half_life.as_secs_f64().max(1.0);
    let score: f64 = soft.iter().map(|at| 0.5_f64.powf(seconds(now - *at).max(0.0) / half_life)).sum();
    match spanned(&soft, delta(settings.soft_span)) {
        Some(since) if score >= settings.soft => Decision::Suppress(Reason::Soft { score, since }),
        _ => Decision::Keep,
    }
}

/// The first moment of each day that counts, in order.
fn days(bounces: &[Bounce], counts: impl Fn(&Bounce) -> bool) -> Vec<DateTime<Utc>> {
    let mut moments: Vec<DateTime<Utc>> =
        bounces.iter().filter(|bounce| counts(bounce)).map(|bounce| bounce.at).collect();
    moments.sort_unstable();
    moments.dedup_by_key(|at| at.date_naive());
    moments
}

/// The first day, if the last one is far enough from it.
fn spanned(moments: &[DateTime<Utc>], span: TimeDelta) -> Option<NaiveDate> {
    let (first, last) = (moments.first()?, moments.last()?);
    (*last - *first >= span).then(|| first.date_naive())
}

/// When the last mail was accepted of which nothing came back.
fn last_arrival(memory: &Memory, quiet: TimeDelta, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let came_back =
        |at: DateTime<Utc>| memory.bounces.iter().any(|bounce| bounce.at >= at && bounce.at - at <= quiet);
    memory.accepted.iter().copied().filter(|at| now - *at > quiet && !came_back(*at)).max()
}

#[allow(clippy::cast_precision_loss)] // seconds of some years
fn seconds(delta: TimeDelta) -> f64 {
    delta.num_seconds() as f64
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;

    use super::{Bounce, Decision, Memory, Reason, decide};
    use crate::inbound::settings::Bounces;
    use crate::inbound::status::Kind;

    /// The moment so many hours after a Monday.
    fn hour(hours: i64) -> DateTime<Utc> {
        "2026-11-02T07:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours)
    }

    fn memory(kind: Kind, days: &[i64]) -> Memory {
        let bounces = days.iter().map(|day| Bounce { at: hour(day * 24), kind }).collect();
        Memory { bounces, accepted: Vec::new() }
    }

    fn decided(memory: &Memory, day: i64) -> &'static str {
        match decide(memory, &Bounces::default(), hour(day * 24 + 1)) {
            Decision::Keep => "keep",
            Decision::Suppress(Reason::Hard { .. }) => "hard",
            Decision::Suppress(Reason::Soft { .. }) => "soft",
        }
    }

    #[test]
    fn addresses_are_given_up_over_days_and_not_at_once() {
        let weeks: Vec<i64> = (0..5).map(|week| week * 7).collect();
        let months: Vec<i64> = (0..8).map(|month| month * 30).collect();
        let table: [(Kind, &[i64], &str); 14] = [
            (Kind::Hard, &[0], "keep"),
            (Kind::Hard, &[0, 0, 0], "keep"),
            (Kind::Hard, &[0, 1], "keep"),
            (Kind::Hard, &[0, 1, 2], "hard"),
            (Kind::Hard, &[0, 7], "hard"),
            (Kind::Hard, &[0, 200], "keep"),
            (Kind::Soft, &[0, 1, 2, 3, 4, 5, 6], "keep"),
            (Kind::Soft, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], "soft"),
            (Kind::Soft, &weeks[..4], "keep"),
            (Kind::Soft, &weeks, "soft"),
            (Kind::Soft, &months[..7], "keep"),
            (Kind::Soft, &months, "soft"),
            (Kind::Sender, &weeks, "keep"),
            (Kind::Sender, &months, "keep"),
        ];
        for (kind, days, expected) in table {
            let last = days.last().copied().unwrap();
            assert_eq!(decided(&memory(kind, days), last), expected, "{kind:?} {days:?}");
        }
    }

    #[test]
    fn soft_bounces_decay_and_a_mail_that_arrived_makes_them_forgotten() {
        let mut memory = memory(Kind::Soft, &[0, 7, 14, 21, 28]);
        assert_eq!(decided(&memory, 28), "soft");
        assert_eq!(decided(&memory, 120), "keep");
        // Accepted by a relay, and back after a day: it did not arrive.
        memory.accepted = [0, 7, 14, 21, 28].map(|day| hour(day * 24 - 20)).to_vec();
        assert_eq!(decided(&memory, 28), "soft");
        memory.bounces.pop();
        memory.accepted.pop();
        memory.bounces.push(Bounce { at: hour(40 * 24), kind: Kind::Soft });
        memory.accepted.push(hour(31 * 24 + 1));
        assert_eq!(decided(&memory, 40), "soft", "a bounce came on the ninth day");
        memory.accepted.push(hour(30 * 24));
        assert_eq!(decided(&memory, 40), "keep");
    }

    #[test]
    fn reasons_are_told_in_words() {
        let Decision::Suppress(reason) = decide(&memory(Kind::Hard, &[0, 7]), &Bounces::default(), hour(200))
        else {
            unreachable!()
        };
        assert_eq!(reason.to_string(), "no such address: hard bounces on 2 days since 2026-11-02");
    }

    proptest! {
        #[test]
        fn what_was_our_own_fault_changes_no_decision(
            bounces in prop::collection::vec((0_i64..4000, 0_u8..3), 0..40),
            accepted in prop::collection::vec(0_i64..4000, 0..20),
        ) {
            let kind = |number| [Kind::Sender, Kind::Soft, Kind::Hard][usize::from(number)];
            let all: Vec<Bounce> =
                bounces.iter().map(|(at, number)| Bounce { at: hour(*at), kind: kind(*number) }).collect();
            let others = all.iter().copied().filter(|bounce| bounce.kind != Kind::Sender).collect();
            let settings = Bounces::default();
            let whole = Memory { bounces: all, accepted: Vec::new() };
            let without = Memory { bounces: others, accepted: Vec::new() };
            let decision = decide(&whole, &settings, hour(4000));
            prop_assert_eq!(&decision, &decide(&without, &settings, hour(4000)));
            // Mails that arrive never give an address up.
            let arrived = Memory { accepted: accepted.into_iter().map(hour).collect(), ..whole };
            if decision == Decision::Keep {
                prop_assert_eq!(decide(&arrived, &settings, hour(4000)), Decision::Keep);
            }
        }
    }
}
