//! The hour of a reader's choosing: when a mail may be handed over to whoever wants it at a time of their own.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, Duration, LocalResult, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

/// What a reader's clock shows: the zone that it is in, and the minute after midnight at which they want their mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderClock {
    /// Their zone; the digest's where they told none.
    pub zone: Option<Tz>,
    /// The minute after midnight; the digest's where they told none.
    pub minute: Option<u16>,
}

/// A time of day, to the minute: `08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// So many minutes after midnight.
    #[must_use]
    pub fn of(minute: u16) -> Self {
        Self(minute % (24 * 60))
    }

    /// The minute after midnight.
    #[must_use]
    pub fn minute(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let two = |part: &str, most: u16| {
            let is_two = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|number| is_two && *number < most)
        };
        let parts = text.split_once(':').and_then(|(hour, minute)| Some((two(hour, 24)?, two(minute, 60)?)));
        let (hour, minute) = parts.ok_or_else(|| format!("{text:?} is no time of day; write 08:00"))?;
        Ok(Self(hour * 60 + minute))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// The first moment from `from` on at which the clocks of a zone show this minute after midnight. On a day that jumps over
/// it, it is where the jump ends; on one that has it twice, the first.
#[must_use]
pub fn first_at(from: DateTime<Utc>, zone: Tz, minute: u16) -> DateTime<Utc> {
    let today = from.with_timezone(&zone).date_naive();
    // Yesterday's may be still to come where clocks were set back over midnight.
    let days = [today.checked_sub_days(Days::new(1)), Some(today), today.checked_add_days(Days::new(1))];
    let moments = days.into_iter().flatten().filter_map(|day| on(day, zone, minute));
    moments.filter(|moment| *moment >= from).min().unwrap_or(from)
}

/// When the clocks of a zone show this minute on a day.
fn on(day: NaiveDate, zone: Tz, minute: u16) -> Option<DateTime<Utc>> {
    let wanted = day.and_hms_opt(u32::from(minute / 60), u32::from(minute % 60), 0)?;
    match zone.from_local_datetime(&wanted) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment.to_utc()),
        // Clocks jump by a quarter of an hour at least, and by a whole day at most (Samoa, 2011).
        LocalResult::None => (1..=24 * 4 + 1).find_map(|quarters| {
            let later = wanted + Duration::minutes(15 * quarters);
            let moment = zone.from_local_datetime(&later).earliest()?;
            // The jump ends at a whole quarter: as much before `later` as `wanted` is off one.
            let over = i64::from(minute % 15);
            Some((moment - Duration::minutes(over)).to_utc())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(from: &str, zone: Tz, minute: u16) -> String {
        first_at(from.parse().unwrap(), zone, minute).to_rfc3339()
    }

    #[test]
    fn a_mail_waits_for_the_readers_hour_in_their_zone() {
        assert_eq!(
            at("2026-01-05T07:00:00Z", chrono_tz::Europe::Berlin, 8 * 60),
            "2026-01-05T07:00:00+00:00"
        );
        assert_eq!(
            at("2026-01-05T07:00:01Z", chrono_tz::Europe::Berlin, 8 * 60),
            "2026-01-06T07:00:00+00:00"
        );
        assert_eq!(at("2026-01-05T07:00:00Z", chrono_tz::Asia::Tokyo, 8 * 60), "2026-01-05T23:00:00+00:00");
        assert_eq!(
            at("2026-07-05T07:00:00Z", chrono_tz::America::New_York, 8 * 60),
            "2026-07-05T12:00:00+00:00"
        );
    }

    #[test]
    fn an_hour_that_the_clocks_jump_over_is_where_the_jump_ends() {
        // 02:00 to 03:00 on 29 March 2026.
        let berlin = chrono_tz::Europe::Berlin;
        assert_eq!(at("2026-03-28T12:00:00Z", berlin, 2 * 60 + 30), "2026-03-29T01:00:00+00:00");
        assert_eq!(at("2026-03-28T12:00:00Z", berlin, 2 * 60 + 10), "2026-03-29T01:00:00+00:00");
        assert_eq!(at("2026-03-29T02:00:00Z", berlin, 2 * 60 + 30), "2026-03-30T00:30:00+00:00");
        // The 30th of December 2011 did not happen in Samoa.
        assert_eq!(at("2011-12-30T08:00:00Z", chrono_tz::Pacific::Apia, 8 * 60), "2011-12-30T10:00:00+00:00");
    }

    #[test]
    fn an_hour_that_comes_twice_is_the_first_of_the_two_and_once() {
        // 03:00 back to 02:00 on 25 October 2026.
        let berlin = chrono_tz::Europe::Berlin;
        assert_eq!(at("2026-10-24T12:00:00Z", berlin, 2 * 60 + 30), "2026-10-25T00:30:00+00:00");
        assert_eq!(at("2026-10-25T00:30:01Z", berlin, 2 * 60 + 30), "2026-10-26T01:30:00+00:00");
    }
}
