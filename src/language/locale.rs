//! How a language writes dates, numbers and lists: Unicode's CLDR, through ICU4X.

use chrono::{Datelike, NaiveDate};
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::{YMD, YMDE};
use icu_datetime::input::Date;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_list::ListFormatter;
use icu_list::options::{ListFormatterOptions, ListLength};
use icu_locale_core::Locale;

/// `7 December 2026`, as the language writes it, in its own calendar.
#[must_use]
pub fn day(language: &str, date: NaiveDate) -> String {
    let formatter = DateTimeFormatter::try_new(locale(language).into(), YMD::long());
    let (year, month, day) = parts(date);
    match (formatter, Date::try_new_iso(year, month, day)) {
        (Ok(formatter), Ok(day)) => formatter.format(&day).to_string(),
        _ => date.to_string(),
    }
}

/// `Monday, 7 December 2026`, as the language writes it.
#[must_use]
pub fn weekday(language: &str, date: NaiveDate) -> String {
    let formatter = DateTimeFormatter::try_new(locale(language).into(), YMDE::long());
    let (year, month, day) = parts(date);
    match (formatter, Date::try_new_iso(year, month, day)) {
        (Ok(formatter), Ok(day)) => formatter.format(&day).to_string(),
        _ => date.to_string(),
    }
}

/// `1,234`, with the language's own digits and groups.
#[must_use]
pub fn number(language: &str, number: i64) -> String {
    DecimalFormatter::try_new(
        locale(language).into(),
        icu_decimal::options::DecimalFormatterOptions::default(),
    )
    .map_or_else(|_| number.to_string(), |formatter| formatter.format(&Decimal::from(number)).to_string())
}

/// `Ana, Bo and Cy`.
#[must_use]
pub fn list(language: &str, items: &[&str]) -> String {
    let options = ListFormatterOptions::default().with_length(ListLength::Wide);
    ListFormatter::try_new_and(locale(language).into(), options)
        .map_or_else(|_| items.join(", "), |formatter| formatter.format(items.iter()).to_string())
}

/// The library's name for a language; English for what it does not know.
fn locale(language: &str) -> Locale {
    Locale::try_from_str(language).unwrap_or(icu_locale_core::locale!("en"))
}

/// Year, month and day. No month or day is over 31.
#[allow(clippy::cast_possible_truncation)] // of months and days
fn parts(date: NaiveDate) -> (i32, u8, u8) {
    (date.year(), date.month() as u8, date.day() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_language_does() {
        let date = NaiveDate::from_ymd_opt(2026, 12, 7).unwrap();
        let written: Vec<String> =
            ["en-GB", "en-US", "de", "fr", "es", "ar", "xx"].map(|language| weekday(language, date)).into();
        assert_eq!(
            written,
            [
                "Monday, 7 December 2026",
                "Monday, December 7, 2026",
                "Montag, 7. Dezember 2026",
                "lundi 7 décembre 2026",
                "lunes, 7 de diciembre de 2026",
                "الاثنين، 7 ديسمبر 2026",
                "2026 M12 7, Mon",
            ]
        );
        assert_eq!(day("de", date), "7. Dezember 2026");
    }

    #[test]
    fn numbers_and_lists_are_too() {
        assert_eq!([number("en", 12345), number("de", 12345), number("fr", 3)], ["12,345", "12.345", "3"]);
        assert_eq!(list("en-GB", &["Ana", "Bo", "Cy"]), "Ana, Bo and Cy");
        assert_eq!(list("es", &["Ana", "Iris"]), "Ana e Iris");
        assert_eq!(list("de", &[]), "");
    }
}
