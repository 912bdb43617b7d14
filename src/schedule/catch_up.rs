//! Catching up: what to do about slots that passed while nobody looked. Pure.

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use crate::schedule::timetable::Timetable;

/// A slot that is looked at within this time is on time: cron may call as seldom as once an hour.
const ON_TIME: i64 = 60;

/// More missed slots than anybody lists.
const MOST_SLOTS: usize = 1_000;

/// What becomes of missed slots. Articles of a slot that is not opened come with the next one, except under
/// [`Policy::Latest`].
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// One issue for all of them, with everything that is new.
    Merge,
    /// One issue for the last of them, with only what was published since the slot before it.
    Latest,
    /// None: the next slot that is on time has everything.
    Skip,
}

/// What a look at the timetable finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The slot to open now.
    pub open: Option<Slot>,
    /// Slots that passed without an issue of their own, oldest first, each with the reason.
    pub passed: Vec<(DateTime<Utc>, String)>,
}

/// A slot to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When it was due.
    pub at: DateTime<Utc>,
    /// The slot before it: what became public between the two is the news of one interval.
    pub begin: DateTime<Utc>,
    /// Only what was published after this moment goes in, where there is such a limit.
    pub only_since: Option<DateTime<Utc>>,
}

/// Which slot is due at `now`, when all up to `since` were dealt with.
#[must_use]
pub fn due(
    timetable: &Timetable,
    policy: Policy,
    most_late: Duration,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Due {
    let mut slots = timetable.between(since, now, MOST_SLOTS);
    let Some(newest) = slots.pop() else {
        return Due::default();
    };
    let late = now - newest;
    let reason = if late <= Duration::minutes(ON_TIME) {
        None
    } else if policy == Policy::Skip {
        Some("missed; catch_up is \"skip\"".to_owned())
    } else {
        (late > most_late).then(|| "missed by more than max_lateness".to_owned())
    };
    let mut passed: Vec<_> =
        slots.iter().map(|slot| (*slot, "missed; a later slot passed too".to_owned())).collect();
    if let Some(reason) = reason {
        passed.push((newest, reason));
        return Due { open: None, passed };
    }
    let begin =
        timetable.last_until(newest - Duration::seconds(1)).unwrap_or(newest - timetable.cadence(newest));
    let only_since = (policy == Policy::Latest && !slots.is_empty()).then_some(begin);
    Due { open: Some(Slot { at: newest, begin, only_since }), passed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_differ_in_what_they_do_about_missed_slots() {
        let timetable = Timetable::parse("0 8 * * *", chrono_tz::UTC).unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let since = at("2026-05-01T08:00:00Z");
        let table = [
            // policy, now, slot that is opened, its limit, slots passed over
            (Policy::Merge, "2026-05-02T07:59:00Z", None, None, 0),
            (Policy::Merge, "2026-05-02T08:00:00Z", Some("2026-05-02T08:00:00Z"), None, 0),
            (Policy::Skip, "2026-05-02T09:00:00Z", Some("2026-05-02T08:00:00Z"), None, 0),
            (Policy::Skip, "2026-05-02T09:01:00Z", None, None, 1),
            (Policy::Merge, "2026-05-05T14:00:00Z", Some("2026-05-05T08:00:00Z"), None, 3),
            (Policy::Merge, "2026-05-05T20:01:00Z", None, None, 4),
            (
                Policy::Latest,
                "2026-05-05T08:30:00Z",
                Some("2026-05-05T08:00:00Z"),
                Some("2026-05-04T08:00:00Z"),
                3,
            ),
            (Policy::Latest, "2026-05-02T08:30:00Z", Some("2026-05-02T08:00:00Z"), None, 0),
            (Policy::Skip, "2026-05-05T08:30:00Z", Some("2026-05-05T08:00:00Z"), None, 3),
        ];
        for (policy, now, open, only_since, passed) in table {
            let due = due(&timetable, policy, Duration::hours(12), since, at(now));
            let expected = open.map(|slot| Slot {
                at: at(slot),
                begin: at(slot) - Duration::days(1),
                only_since: only_since.map(at),
            });
            assert_eq!((due.open, due.passed.len()), (expected, passed), "{policy:?} at {now}");
        }
    }
}
