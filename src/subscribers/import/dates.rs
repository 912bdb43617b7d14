//! Dates as services write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// The forms that bear a zone: RFC 3339, Go (`2023-01-15 10:20:30.123 +0000 UTC`), and with a zone behind a space.
const ZONED: [&str; 4] =
    ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%d %H:%M%#z"];

/// The forms that bear none. Services keep UTC.
const PLAIN: [&str; 4] = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];

/// A moment, to the second. A day without a time is its beginning in UTC.
///
/// # Errors
/// Any other text, in words for people.
pub fn read(text: &str) -> Result<DateTime<Utc>, String> {
    let text = text.trim();
    // Go writes the zone twice: as numbers, and by its name.
    let short = match text.rsplit_once(' ') {
        Some((before, _)) if before.split(' ').count() == 3 => before,
        _ => text,
    };
    let zoned = ZONED.iter().find_map(|form| DateTime::parse_from_str(short, form).ok());
    let moment = zoned.map(|moment| moment.to_utc()).or_else(|| {
        let plain = PLAIN.iter().find_map(|form| NaiveDateTime::parse_from_str(short, form).ok());
        let day =
            || NaiveDate::parse_from_str(short, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN));
        plain.or_else(day).map(|moment| moment.and_utc())
    });
    // Stores keep seconds.
    let moment = moment.and_then(|moment| DateTime::from_timestamp(moment.timestamp(), 0));
    moment.ok_or_else(|| format!("{text:?} is no date; write 2026-05-01 or 2026-05-01T07:30:00Z"))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn dates_of_all_services_are_read() {
        let table = [
            ("2018-04-13 10:57:02", "2018-04-13T10:57:02+00:00"),
            ("2023-01-15 10:20:30.123456 +0000 UTC", "2023-01-15T10:20:30+00:00"),
            ("2023-01-15 10:20:30.123456 +0530 +0530", "2023-01-15T04:50:30+00:00"),
            ("2023-01-15 10:20:30 +0100 CET", "2023-01-15T09:20:30+00:00"),
            ("2021-07-28T16:19:23.000Z", "2021-07-28T16:19:23+00:00"),
            ("2021-07-28T16:19:23.123456+00:00", "2021-07-28T16:19:23+00:00"),
            ("2021-07-28 16:19:23+00:00", "2021-07-28T16:19:23+00:00"),
            ("2021-07-28", "2021-07-28T00:00:00+00:00"),
        ];
        for (text, moment) in table {
            assert_eq!(read(text).map(|moment| moment.to_rfc3339()).as_deref(), Ok(moment), "{text}");
        }
        assert!(read("13/04/2018").unwrap_err().starts_with("\"13/04/2018\" is no date"));
    }
}
