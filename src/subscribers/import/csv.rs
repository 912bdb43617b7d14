//! CSV with a header line (RFC 4180), of ours or of another service.

use std::io::Read;

use crate::subscribers::formula;
use crate::subscribers::import::accept::Reading;
use crate::subscribers::import::columns::{Columns, OURS, Role};
use crate::subscribers::import::line::Line;
use crate::subscribers::import::offer::Offer;
use crate::subscribers::import::rejected::{Entry, Lines, Rejected};
use crate::subscribers::import::services::{self, Fate, Service};
use crate::subscribers::import::text;

/// Which service's export a file is, and how it is known.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// The service, where the operator says it; else the header line tells.
    pub service: Option<&'static Service>,
    /// The file's name, for some services say something with it.
    pub name: &'a str,
}

/// A CSV file that has been opened.
pub struct Csv<'a> {
    /// Whose export it is; none where it is a file of ours.
    pub service: Option<&'static Service>,
    /// What it holds.
    pub lines: Lines<'a>,
}

/// Reads CSV: the columns of an export that is known, or any of ours.
#[must_use]
pub fn open<'a>(reader: impl Read + 'a, export: Export<'_>, offer: &'a Offer) -> Csv<'a> {
    read(reader, offer, |headers| {
        let service = export.service.or_else(|| services::recognise(headers.iter()));
        (service, service.and_then(|service| service.fate_of_file(export.name)))
    })
}

/// Reads CSV of ours, whatever it looks like.
#[must_use]
pub fn ours<'a>(reader: impl Read + 'a, offer: &'a Offer) -> Csv<'a> {
    read(reader, offer, |_| (None, None))
}

fn read<'a>(
    reader: impl Read + 'a,
    offer: &'a Offer,
    whose: impl FnOnce(&csv::StringRecord) -> (Option<&'static Service>, Option<Fate>),
) -> Csv<'a> {
    let opened = text::open(reader).and_then(text::divider);
    let (divider, reader) = match opened {
        Ok(opened) => opened,
        Err(error) => return refused("", error.to_string()),
    };
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.trim(csv::Trim::All).flexible(true).delimiter(divider).from_reader(reader);
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return refused("", told(&error)),
    };
    let (service, of_file) = whose(&headers);
    let columns = Columns::new(headers.iter(), service.map_or(&OURS[..], |service| service.columns));
    if !columns.has(Role::Address) {
        let reason = "the first line names no column `address` or `email`";
        return refused(&headers.iter().collect::<Vec<_>>().join(","), reason);
    }
    let table =
        Table { columns, width: headers.len(), divider, reading: Reading { offer, service, of_file } };
    let lines = std::iter::from_fn(move || {
        let mut record = csv::StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) => Some(table.entry(&record, reader.position().line())),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                Some(Err(Rejected::new(line, "", told(&error))))
            }
        }
    });
    Csv { service, lines: Box::new(lines) }
}

fn refused<'a>(text: &str, reason: impl Into<String>) -> Csv<'a> {
    let rejected = Rejected::new(1, text, reason);
    Csv { service: None, lines: Box::new(std::iter::once(Err(rejected))) }
}

fn told(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8; save the file as \"CSV UTF-8\"".to_owned(),
        _ => error.to_string(),
    }
}

/// How the records of a file are read.
struct Table<'a> {
    columns: Columns,
    width: usize,
    divider: u8,
    reading: Reading<'a>,
}

impl Table<'_> {
    fn entry(&self, record: &csv::StringRecord, after: u64) -> Result<Entry, Rejected> {
        let line = first_line(record, after);
        self.read(record, line)
            .map_err(|reason| Rejected::new(line, &record.iter().collect::<Vec<_>>().join(","), reason))
    }

    fn read(&self, record: &csv::StringRecord, line: u64) -> Result<Entry, String> {
        let inner = lines_within(record);
        if inner > 0 && !self.may_have_lines(record) {
            let last = line + inner;
            return Err(format!(
                "lines {line} to {last} are one field; close or remove its quote, and nobody of them is lost"
            ));
        }
        if record.len() > self.width {
            let reason = format!("{} fields, and the first line names {}", record.len(), self.width);
            return Err(reason + "; put quotes around a field with a comma");
        }
        let mut read = Line::default();
        for (column, cell) in record.iter().enumerate() {
            if let Some(role) = self.columns.role(column) {
                // Only our own exports are known to be neutralised in this way.
                let cell = if self.reading.service.is_none() { formula::restored(cell) } else { cell };
                read.set(role, cell);
            }
        }
        let (person, unmatched) = self.reading.accept(read)?;
        Ok(Entry { line, person, unmatched })
    }

    /// No address, name or category has two lines: a quote that nobody closed swallows all that follow. Notes and other
    /// columns of services may have them, unless one of their lines looks like somebody else's.
    fn may_have_lines(&self, record: &csv::StringRecord) -> bool {
        if self.reading.service.is_none() || record.len() != self.width {
            return false;
        }
        let divider = char::from(self.divider);
        let is_record =
            |line: &str| line.contains('@') && line.matches(divider).count() + 1 >= self.width.min(3);
        record.iter().enumerate().all(|(column, field)| {
            !field.contains('\n')
                || matches!(self.columns.role(column), None | Some(Role::LeftWhy | Role::Tags))
                    && !field.lines().skip(1).any(is_record)
        })
    }
}

/// The line that a record starts on. The reader counts from before the empty lines that it skips, so the line
/// is told from its end; at the end of a file without a line end, from its beginning.
fn first_line(record: &csv::StringRecord, after: u64) -> u64 {
    let counted = record.position().map_or(0, csv::Position::line);
    counted.max(after.saturating_sub(1 + lines_within(record)))
}

/// How many line ends the fields of a record hold.
fn lines_within(record: &csv::StringRecord) -> u64 {
    record.iter().map(|field| field.matches('\n').count() as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscribers::import::tags::Tags;
    use crate::subscribers::subscription::Choice;

    fn offer() -> Offer {
        Offer {
            digests: vec![("weekly".to_owned(), vec!["heart".to_owned(), "sleep".to_owned()])],
            default_digest: Some("weekly".to_owned()),
            tags: Tags::default(),
        }
    }

    fn lines(file: &str) -> Vec<Result<Entry, Rejected>> {
        let offer = offer();
        open(file.as_bytes(), Export { service: None, name: "" }, &offer).lines.collect()
    }

    #[test]
    fn csv_gives_people_and_rejected_lines() {
        let lines = lines(
            "email,name,categories\na@example.org,\"Roe, Ana\",sleep;heart\nb@example\n\nc@example.org,,bones\nd@example.org,Di,\ne@example.org,x,y,z\n",
        );
        let first = &lines[0].as_ref().unwrap().person;
        assert_eq!((first.name.as_str(), first.choices.len()), ("Roe, Ana", 2));
        let reasons: Vec<_> = lines.iter().filter_map(|line| line.as_ref().err()).collect();
        assert_eq!(reasons.iter().map(|r| r.line).collect::<Vec<_>>(), [3, 5, 7]);
        assert_eq!(reasons[0].reason, "\"b@example\" is no address: the part behind the @ is no domain");
        assert_eq!(reasons[1].reason, "weekly has no category \"bones\"; it has heart, sleep");
        assert_eq!(lines[3].as_ref().unwrap().person.choices, [("weekly".to_owned(), Choice::All)]);
    }

    #[test]
    fn a_quote_that_nobody_closed_is_told_with_the_lines_that_it_swallowed() {
        for file in [
            "email,name\na@example.org,\"Ana\nb@example.org,Bo\nc@example.org,Cy\n",
            "Email Address,EUID,NOTES\na@example.org,1,\"Ana\nb@example.org,2,\nc@example.org,3,\n",
        ] {
            let lines = lines(file);
            let rejected = lines[0].as_ref().unwrap_err();
            assert_eq!((lines.len(), rejected.line), (1, 2));
            assert!(rejected.reason.starts_with("lines 2 to 4 are one field"), "{}", rejected.reason);
        }
    }

    #[test]
    fn notes_of_a_service_may_have_several_lines() {
        let lines = lines(
            "Email Address,CONFIRM_TIME,NOTES\na@example.org,2020-01-01,\"Likes\nsalt\"\nb@example.org,2020-01-01,\n",
        );
        assert_eq!(lines.iter().filter(|line| line.is_ok()).count(), 2);
        assert_eq!(lines[1].as_ref().unwrap().line, 4);
    }
}
