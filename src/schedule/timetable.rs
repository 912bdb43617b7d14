//! A timetable: the slots of a cron expression in a time zone. Pure.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

/// When a digest is to be sent.
#[derive(Clone, Debug)]
pub struct Timetable {
    cron: Cron,
    zone: Tz,
}

impl Timetable {
    /// Reads five fields (minute, hour, day of month, month, day of week) or a nickname such as `@weekly`.
    ///
    /// # Errors
    /// What is wrong with the expression, in words for people; also an expression that never comes true.
    pub fn parse(expression: &str, zone: Tz) -> Result<Self, String> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(expression).map_err(|error| error.to_string())?;
        let table = Self { cron, zone };
        // Any moment will do: what comes true at all comes true again within a leap year's cycle.
        match table.next_after(DateTime::UNIX_EPOCH) {
            Some(_) => Ok(table),
            None => Err("it never comes true".to_owned()),
        }
    }

    /// The first slot after `moment`; `None` for an expression that never comes true again.
    #[must_use]
    pub fn next_after(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let start = moment.with_timezone(&self.zone);
        self.cron.find_next_occurrence(&start, false).ok().map(|slot| slot.with_timezone(&Utc))
    }

    /// The last slot at or before `moment`.
    #[must_use]
    pub fn last_until(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let start = moment.with_timezone(&self.zone);
        self.cron.find_previous_occurrence(&start, true).ok().map(|slot| slot.with_timezone(&Utc))
    }

    /// The slots after `since` and not after `until`, oldest first; at most `most`, the newest ones.
    #[must_use]
    pub fn between(&self, since: DateTime<Utc>, until: DateTime<Utc>, most: usize) -> Vec<DateTime<Utc>> {
        let mut slots = Vec::new();
        let mut moment = until;
        while slots.len() < most
            && let Some(slot) = self.last_until(moment).filter(|slot| *slot > since)
        {
            slots.push(slot);
            moment = slot - Duration::seconds(1);
        }
        slots.reverse();
        slots
    }

    /// How far apart slots are around `moment`: from the last one to the next.
    #[must_use]
    pub fn cadence(&self, moment: DateTime<Utc>) -> Duration {
        match (self.last_until(moment), self.next_after(moment)) {
            (Some(last), Some(next)) => next - last,
            _ => Duration::days(7),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn every_slot_fires_once_when_clocks_change() {
        // Berlin goes from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October.
        for (expression, per_day) in [("30 2 * * *", 1), ("0 8 * * *", 1), ("15 */6 * * *", 4)] {
            for (first, days) in [("2026-03-25T00:00:00Z", 10), ("2026-10-20T00:00:00Z", 10)] {
                let table = Timetable::parse(expression, chrono_tz::Europe::Berlin).unwrap();
                let end = at(first) + Duration::days(days);
                let mut forward = Vec::new();
                let mut moment = at(first);
                while let Some(slot) = table.next_after(moment).filter(|slot| *slot <= end) {
                    forward.push(slot);
                    moment = slot;
                }
                assert_eq!(
                    forward.len(),
                    usize::try_from(days * per_day).unwrap(),
                    "{expression} from {first}"
                );
                assert!(forward.windows(2).all(|pair| pair[0] < pair[1]));
                assert_eq!(
                    table.between(at(first), end, 1000),
                    forward,
                    "{expression} from {first}, backwards"
                );
            }
        }
    }

    #[test]
    fn an_hourly_slot_comes_in_both_of_the_two_hours() {
        let table = Timetable::parse("0 * * * *", chrono_tz::Europe::Berlin).unwrap();
        let slots = table.between(at("2026-10-24T22:00:00Z"), at("2026-10-25T04:00:00Z"), 100);
        assert_eq!(slots.len(), 6);
    }

    #[test]
    fn nonsense_is_refused() {
        for expression in ["", "* * *", "61 * * * *", "every monday", "0 0 8 * * MON", "0 0 30 2 *"] {
            assert!(Timetable::parse(expression, chrono_tz::UTC).is_err(), "{expression:?}");
        }
    }

    #[test]
    fn the_cadence_is_the_distance_of_slots() {
        let table = Timetable::parse("0 7 * * MON", chrono_tz::UTC).unwrap();
        assert_eq!(table.cadence(at("2026-11-24T00:00:00Z")), Duration::days(7));
    }
}
