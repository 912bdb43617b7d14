//! Dates as authors write them. Where no zone is given the site's holds, where no time is given its default hour.

use chrono::{DateTime, Duration, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// What an incomplete date is completed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The zone of a date-time without one.
    pub zone: Tz,
    /// The time of day of a date without one.
    pub time: NaiveTime,
}

/// Date-times without a zone; with one they are tried with `%z` behind.
const DATE_TIMES: [&str; 4] =
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];

/// Reads RFC 3339, a date-time with or without a zone, or a date alone. `None` for anything else, and for
/// years that RFC 822 and RFC 3339 can't write (before 1 or after 9999). The year 1 is what a date that was never set comes
/// out as: such an article is held out alone, where the judge would hold back every feed that it is in.
#[must_use]
pub fn parse(text: &str, defaults: Defaults) -> Option<DateTime<FixedOffset>> {
    use chrono::{Datelike, Timelike};
    let text = text.trim();
    let moment = plain(text, defaults).or_else(|| complete(text)).or_else(|| local(text, defaults))?;
    let is_fit = [moment.year(), moment.naive_utc().year()].iter().all(|year| (2..=9999).contains(year));
    is_fit.then_some(moment)?.with_nanosecond(moment.nanosecond() % SECOND)
}

/// What chrono keeps a leap second in: more nanoseconds than there are. As 23:59:60 feed readers refuse it.
const SECOND: u32 = 1_000_000_000;

/// What nearly all dates look like, without the patterns: a day, with or without a time of day in seconds and an offset.
fn plain(text: &str, defaults: Defaults) -> Option<DateTime<FixedOffset>> {
    let (date, rest) = text.split_at_checked(10)?;
    let date = day(date)?;
    if rest.is_empty() {
        return Some(in_zone(date.and_time(defaults.time), defaults.zone));
    }
    let (time, offset) = rest.split_at_checked(9)?;
    let &[b'T' | b' ', ref hour @ .., b':', m1, m2, b':', s1, s2] = time.as_bytes() else { return None };
    let time = NaiveTime::from_hms_opt(number(hour)?, number(&[m1, m2])?, number(&[s1, s2])?)?;
    let seconds = match *offset.as_bytes() {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let minutes = Some(number(&[m1, m2])?).filter(|minutes| *minutes < 60)?;
            let seconds = (number(&[h1, h2])? * 60 + minutes).cast_signed() * 60;
            if sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    date.and_time(time).and_local_timezone(FixedOffset::east_opt(seconds)?).single()
}

/// `2026-05-31`, to the letter.
#[must_use]
pub fn day(text: &str) -> Option<NaiveDate> {
    let [year @ .., b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let year = Some(year).filter(|year| year.len() == 4)?;
    NaiveDate::from_ymd_opt(number(year)?.cast_signed(), number(&[*m1, *m2])?, number(&[*d1, *d2])?)
}

fn number(digits: &[u8]) -> Option<u32> {
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    digits.iter().try_fold(0, |number, byte| Some(number * 10 + digit(byte)?))
}

fn complete(text: &str) -> Option<DateTime<FixedOffset>> {
    let zulu;
    let text = if let Some(bare) = text.strip_suffix(['Z', 'z']) {
        zulu = format!("{}+00:00", bare.trim_end());
        &zulu
    } else {
        text
    };
    DATE_TIMES
        .iter()
        .flat_map(|format| [format!("{format}%z"), format!("{format} %z")])
        .find_map(|format| DateTime::parse_from_str(text, &format).ok())
}

fn local(text: &str, defaults: Defaults) -> Option<DateTime<FixedOffset>> {
    let naive = DATE_TIMES
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_time(defaults.time)))?;
    Some(in_zone(naive, defaults.zone))
}

/// The moment of a wall-clock time: the earlier of two, and where the clock jumps over it, as far behind the
/// jump as it was written behind it.
#[must_use]
pub fn in_zone(naive: NaiveDateTime, zone: Tz) -> DateTime<FixedOffset> {
    match zone.from_local_datetime(&naive) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => moment.fixed_offset(),
        LocalResult::None => {
            let before = zone.from_local_datetime(&(naive - Duration::hours(3))).earliest();
            before.map_or_else(
                || naive.and_utc().fixed_offset(),
                |before| (before + Duration::hours(3)).fixed_offset(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn defaults() -> Defaults {
        Defaults { zone: chrono_tz::Europe::Berlin, time: NaiveTime::from_hms_opt(9, 0, 0).unwrap() }
    }

    proptest! {
        #[test]
        fn what_looks_plain_is_what_the_patterns_make_of_it(
            text in "([12][09][0-9]{2}|[0-9]{3,5})-(0[1-9]|1[0-9])-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|[-+][0-3][0-9]:[0-6][0-9])?)?"
        ) {
            if let Some(moment) = plain(&text, defaults()) {
                prop_assert_eq!(Some(moment), complete(&text).or_else(|| local(&text, defaults())));
            }
        }
    }

    #[test]
    fn dates_in_every_form() {
        let defaults = defaults();
        let table = [
            ("2024-05-01T10:00:00Z", Some("2024-05-01T10:00:00+00:00")),
            ("2024-05-01T10:00:00.250+05:30", Some("2024-05-01T10:00:00.250+05:30")),
            ("2024-05-01 10:00:00 +0200", Some("2024-05-01T10:00:00+02:00")),
            ("2024-05-01T10:00", Some("2024-05-01T10:00:00+02:00")),
            ("2024-01-01", Some("2024-01-01T09:00:00+01:00")),
            ("1969-07-20", Some("1969-07-20T09:00:00+01:00")),
            // The clock jumps from 02:00 to 03:00, and goes from 03:00 back to 02:00.
            ("2024-03-31T02:30", Some("2024-03-31T03:30:00+02:00")),
            ("2024-10-27T02:30", Some("2024-10-27T02:30:00+02:00")),
            ("2024-02-30", None),
            ("yesterday", None),
            ("", None),
            ("2016-12-31T23:59:60Z", Some("2016-12-31T23:59:59+00:00")),
            ("9999-12-31T23:59:59-12:00", None),
            ("0002-01-01T00:00:00+14:00", None),
            ("12024-01-01", None),
            ("0001-01-01", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text, defaults).map(|at| at.to_rfc3339()).as_deref(), expected, "{text:?}");
        }
    }
}
