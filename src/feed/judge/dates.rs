//! Dates, strictly: RFC 822 as RSS wants it, RFC 3339 as Atom and JSON Feed do, and what no date can be.

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, NaiveTime, TimeZone, Weekday};

use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::values::short;

rules! {
    RSS = Error "rss-date", "RSS 2.0 Specification: all dates conform to RFC 822, 5, with four digits for the year",
        "write it as Sat, 07 Sep 2002 09:42:31 GMT";
    RSS_YEAR = Warning "rss-date-year", "RSS Profile, Dates: years should have four digits",
        "write the year with four digits";
    RSS_ZONE = Warning "rss-date-zone", "RSS Profile, Dates; RFC 1123, 5.2.14: zones should be numeric or GMT",
        "write GMT, or an offset such as +0200";
    RSS_WEEKDAY = Error "rss-date-weekday", "RFC 822, 5.2: the day of the week is that of the date",
        "leave the day of the week out, or write the right one";
    RFC_3339 = Error "date-rfc3339", "RFC 4287, 3.3; JSON Feed 1.1; RFC 3339, 5.6: with a capital T, and Z or an offset",
        "write it as 2003-12-13T18:30:02Z";
    UNSET = Error "date-unset", "Known trouble: a date that was never set comes out as the year 1",
        "leave the date out, or let the article have one";
    EPOCH = Warning "date-epoch", "Known trouble: a date that was never set comes out as 1970",
        "leave the date out, or let the article have one";
    FUTURE = Warning "date-future", "Known trouble: readers hide entries of tomorrow, or keep them on top",
        "publish the entry when its time has come";
}

/// How far clocks and zones may be apart.
const TOLERANCE: Duration = Duration::hours(24);

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Checks a date of RSS.
pub fn check_rss(report: &mut Report, at: usize, text: &str) -> Option<DateTime<FixedOffset>> {
    let Some(read) = rfc_822(text) else {
        report.add(&RSS, at, format!("{} is no date of RFC 822", short(text)));
        return None;
    };
    if read.short_year {
        report.add(&RSS_YEAR, at, format!("{} has a year of two digits", short(text)));
    }
    if read.named_zone {
        report.add(&RSS_ZONE, at, format!("{} names its zone", short(text)));
    }
    if read.weekday.is_some_and(|weekday| weekday != read.date.weekday()) {
        report.add(&RSS_WEEKDAY, at, format!("{} was a {}", short(text), read.date.format("%A")));
    }
    plausible(report, at, read.date);
    Some(read.date)
}

/// Checks a date of Atom or JSON Feed.
pub fn check_rfc_3339(report: &mut Report, at: usize, text: &str) -> Option<DateTime<FixedOffset>> {
    let Some(date) = rfc_3339(text) else {
        report.add(&RFC_3339, at, format!("{} is no date of RFC 3339", short(text)));
        return None;
    };
    plausible(report, at, date);
    Some(date)
}

/// Whether it is one of the shapes of W3C's note on dates: a year, a month, a day, or a moment.
#[must_use]
pub fn is_w3c(text: &str) -> bool {
    let is_day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '-');
    match text.len() {
        4 => digits(text) && !text.contains('-'),
        7 => digits(text) && is_day(&format!("{text}-01")),
        10 => is_day(text),
        _ => rfc_3339(text).is_some() || rfc_3339(&text.replacen(['Z', '+'], ":00Z", 1)).is_some(),
    }
}

fn plausible(report: &mut Report, at: usize, date: DateTime<FixedOffset>) {
    if date.year() <= 1 {
        report.add(&UNSET, at, format!("the date is in the year {}", date.year()));
    } else if date.timestamp() == 0 {
        report.add(&EPOCH, at, "the date is the first second of 1970");
    } else if date > report.now() + TOLERANCE {
        report.add(&FUTURE, at, format!("{} has not come yet", date.format("%Y-%m-%d %H:%M %:z")));
    }
}

struct Rfc822 {
    date: DateTime<FixedOffset>,
    weekday: Option<Weekday>,
    short_year: bool,
    named_zone: bool,
}

fn rfc_822(text: &str) -> Option<Rfc822> {
    let (weekday, rest) = match text.split_once(',') {
        Some((name, rest)) if name.len() == 3 => (Some(name.parse::<Weekday>().ok()?), rest.trim_start()),
        Some(_) => return None,
        None => (None, text),
    };
    let parts: Vec<&str> = rest.split_ascii_whitespace().collect();
    let [day, month, year, time, zone] = parts[..] else { return None };
    let is_number = |text: &str, lengths: &[usize]| {
        lengths.contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
    };
    if !is_number(day, &[1, 2]) || !is_number(year, &[2, 4]) {
        return None;
    }
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?;
    let short_year = year.len() == 2;
    let year: i32 = year.parse().ok()?;
    // RFC 2822, 4.3: how two digits are read.
    let year = if !short_year {
        year
    } else if year < 50 {
        year + 2000
    } else {
        year + 1900
    };
    let (offset, named_zone) = zone_of(zone)?;
    let day = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()? + 1, day.parse().ok()?)?;
    let date = offset.from_local_datetime(&day.and_time(clock(time)?)).single()?;
    Some(Rfc822 { date, weekday, short_year, named_zone })
}

/// `HH:MM`, with seconds or without; a leap second is taken for the one before it.
fn clock(text: &str) -> Option<NaiveTime> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_pair = |part: &&str| part.len() == 2 && part.chars().all(|c| c.is_ascii_digit());
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(is_pair) {
        return None;
    }
    let number = |index: usize| parts.get(index).map_or(Some(0), |part| part.parse::<u32>().ok());
    let second = number(2)?;
    NaiveTime::from_hms_opt(number(0)?, number(1)?, if second == 60 { 59 } else { second })
}

/// The offset, and whether it has a name other than GMT.
fn zone_of(text: &str) -> Option<(FixedOffset, bool)> {
    let hours = match text {
        "GMT" => return FixedOffset::east_opt(0).map(|zone| (zone, false)),
        "UT" | "Z" => 0,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return numeric_zone(text).map(|zone| (zone, false)),
    };
    FixedOffset::east_opt(hours * 3600).map(|zone| (zone, true))
}

fn numeric_zone(text: &str) -> Option<FixedOffset> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = text.get(1..)?;
    if digits.len() != 4 || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..)?.parse::<i32>().ok()?);
    if minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

fn rfc_3339(text: &str) -> Option<DateTime<FixedOffset>> {
    let shape = text.as_bytes();
    // chrono takes lower case, a blank for the T, and more; RFC 4287 does not.
    let is_plain = shape.get(4) == Some(&b'-') && shape.get(10) == Some(&b'T') && text.is_ascii();
    let has_zone = text.ends_with('Z')
        || matches!(text.len().checked_sub(6).and_then(|at| shape.get(at)), Some(b'+' | b'-'));
    if !is_plain || !has_zone || text.contains(char::is_whitespace) {
        return None;
    }
    DateTime::parse_from_rfc3339(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_rss_are_read_strictly() {
        for good in
            ["Sat, 07 Sep 2002 00:00:01 GMT", "7 Sep 2002 00:00 +0200", "Thu, 01 Jan 1970 00:00:00 -0000"]
        {
            assert!(rfc_822(good).is_some(), "{good}");
        }
        for bad in [
            "2002-09-07T00:00:01Z",
            "Sat, 31 Sep 2002 00:00:01 GMT",
            "Saturday, 07 Sep 2002 00:00:01 GMT",
            "07 September 2002 00:00:01 GMT",
            "Sat, 07 Sep 2002 24:00:01 GMT",
            "Sat, 07 Sep 2002 00:00:01",
            "Sat, 07 Sep 2002 00:00:01 CET",
            "Sat, 07 Sep 2002 00:00:01 +02:00",
            "",
        ] {
            assert!(rfc_822(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn dates_of_atom_are_read_strictly() {
        for good in ["2003-12-13T18:30:02Z", "2003-12-13T18:30:02.25+01:00"] {
            assert!(rfc_3339(good).is_some(), "{good}");
        }
        for bad in [
            "2003-12-13t18:30:02Z",
            "2003-12-13 18:30:02Z",
            "2003-12-13T18:30:02",
            "2003-12-13T18:30Z",
            "2003-02-30T18:30:02Z",
            "2003-12-13T18:30:02z",
            "13 Dec 2003",
            "",
        ] {
            assert!(rfc_3339(bad).is_none(), "{bad}");
        }
        assert!(is_w3c("2003") && is_w3c("2003-12") && is_w3c("2003-12-13") && is_w3c("2003-12-13T18:30Z"));
        assert!(!is_w3c("13 Dec 2003") && !is_w3c("2003-13"));
    }
}
