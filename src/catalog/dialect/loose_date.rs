//! Dates as other generators let authors write them: anything that means one moment and no other.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};

use crate::catalog::date::{self, Defaults};

/// Date-times that our own dialect refuses; with a zone behind they are tried with `%z`.
const DATE_TIMES: [&str; 12] = [
    "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %I:%M%p",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%B %d, %Y %H:%M",
    "%B %d, %Y %I:%M %p",
    "%B %d %Y %H:%M:%S",
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%a, %d %B %Y %H:%M:%S",
    "%a %B %d %H:%M:%S %Y",
];

/// Dates alone. `%B` takes short names of months too. 01/02/2020 is two different days to different people.
const DATES: [&str; 5] = ["%Y/%m/%d", "%B %d, %Y", "%B %d %Y", "%d %B %Y", "%a %B %d %Y"];

/// As [`date::parse`], and more forms besides.
#[must_use]
pub fn parse(text: &str, defaults: Defaults) -> Option<DateTime<FixedOffset>> {
    date::parse(text, defaults).or_else(|| {
        let plain = sloppy(text, defaults)?;
        // What is no date there is none here.
        date::parse(&plain.to_rfc3339(), defaults)
    })
}

fn sloppy(text: &str, defaults: Defaults) -> Option<DateTime<FixedOffset>> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("Sept ", "Sep ");
    let text = ordinals_gone(&text);
    let (bare, offset) = without_zone(&text);
    let naive =
        DATE_TIMES.iter().find_map(|format| NaiveDateTime::parse_from_str(bare, format).ok()).or_else(|| {
            let day = DATES.iter().find_map(|format| NaiveDate::parse_from_str(bare, format).ok())?;
            Some(day.and_time(defaults.time))
        });
    if let (Some(naive), Some(offset)) = (naive, offset) {
        return naive.and_local_timezone(offset).single();
    }
    match (naive, offset) {
        (Some(naive), _) => Some(date::in_zone(naive, defaults.zone)),
        // `2020-01-02 12:00:00 UTC`: a name where we take numbers.
        (None, Some(offset)) => Some(
            date::parse(bare, Defaults { zone: chrono_tz::UTC, ..defaults })?
                .naive_utc()
                .and_local_timezone(offset)
                .single()?,
        ),
        (None, None) => None,
    }
}

/// `2nd` is `2`.
fn ordinals_gone(text: &str) -> String {
    let word = |word: &str| {
        let digits = word.trim_end_matches(',').trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = word.trim_end_matches(',').strip_prefix(digits).unwrap_or_default();
        let is_day = !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit());
        if is_day && matches!(suffix, "st" | "nd" | "rd" | "th") {
            format!("{digits}{}", if word.ends_with(',') { "," } else { "" })
        } else {
            word.to_owned()
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The zone at the end, as a number, or as one of the names that RFC 822 knows.
fn without_zone(text: &str) -> (&str, Option<FixedOffset>) {
    let Some((bare, zone)) = text.rsplit_once(' ') else { return (text, None) };
    let hours = match zone {
        "Z" | "UTC" | "GMT" => 0,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => {
            // `-05` is whole hours.
            let whole = if zone.len() == 3 { format!("{zone}:00") } else { zone.to_owned() };
            let offset = whole.parse::<FixedOffset>().ok().filter(|_| zone.starts_with(['+', '-']));
            return if offset.is_some() { (bare, offset) } else { (text, None) };
        }
    };
    (bare, FixedOffset::east_opt(hours * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sloppy_dates_are_read_where_they_mean_one_moment() {
        let defaults = Defaults {
            zone: chrono_tz::Europe::Berlin,
            time: chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        };
        let table = [
            ("2020-01-02", Some("2020-01-02T09:00:00+01:00")),
            ("2020-1-2", Some("2020-01-02T09:00:00+01:00")),
            ("2020-1-2 3:04 PM", Some("2020-01-02T15:04:00+01:00")),
            ("2020-01-02 3:04pm", Some("2020-01-02T15:04:00+01:00")),
            ("2020-01-02 12:00:00 -0500", Some("2020-01-02T12:00:00-05:00")),
            ("2020-01-02 12:00:00 UTC", Some("2020-01-02T12:00:00+00:00")),
            ("2020-01-02 12:00:00 -05", Some("2020-01-02T12:00:00-05:00")),
            ("2020-01-02 12:00 EST", Some("2020-01-02T12:00:00-05:00")),
            ("2020/01/02", Some("2020-01-02T09:00:00+01:00")),
            ("2020/01/02 10:11:12 +0000", Some("2020-01-02T10:11:12+00:00")),
            ("Jan 2, 2020", Some("2020-01-02T09:00:00+01:00")),
            ("January 2nd, 2020", Some("2020-01-02T09:00:00+01:00")),
            ("Jul 08 2022", Some("2022-07-08T09:00:00+02:00")),
            ("2 January 2020", Some("2020-01-02T09:00:00+01:00")),
            ("Thu, 02 Jan 2020 10:00:00 GMT", Some("2020-01-02T10:00:00+00:00")),
            ("01/02/2020", None),
            ("Jan 32, 2020", None),
            ("soon", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text, defaults).map(|at| at.to_rfc3339()).as_deref(), expected, "{text:?}");
        }
    }
}
