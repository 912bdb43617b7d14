//! JSON Lines: one object a line, with the names of our columns as keys. Lists may be lists, and what is on record of
//! somebody comes along.

use std::io::{BufRead, Read};

use crate::subscribers::import::accept::Reading;
use crate::subscribers::import::line::Line;
use crate::subscribers::import::offer::Offer;
use crate::subscribers::import::rejected::{Entry, Lines, Rejected};
use crate::subscribers::import::text;

/// Bytes of a line: a whole life on record is far below it.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Reads one JSON object a line.
#[must_use]
pub fn open<'a>(reader: impl Read + 'a, offer: &'a Offer) -> Lines<'a> {
    let mut reader = match text::open(reader) {
        Ok(reader) => reader,
        Err(error) => return Box::new(std::iter::once(Err(Rejected::new(1, "", error.to_string())))),
    };
    let reading = Reading { offer, service: None, of_file: None };
    let mut number = 0;
    let mut line = Vec::new();
    Box::new(std::iter::from_fn(move || {
        loop {
            line.clear();
            number += 1;
            match reader.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(Rejected::new(number, "", error.to_string()))),
            }
            let text = String::from_utf8_lossy(&line);
            if !text.trim().is_empty() {
                return Some(read(&text, number, &reading));
            }
        }
    }))
}

fn read(text: &str, line: u64, reading: &Reading<'_>) -> Result<Entry, Rejected> {
    let fields = serde_json::from_str::<Line>(text).map_err(|error| error.to_string());
    let accepted = fields.and_then(|fields| reading.accept(fields));
    let entry = accepted.map(|(person, unmatched)| Entry { line, person, unmatched });
    entry.map_err(|reason| Rejected::new(line, text.trim_end(), reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscribers::import::tags::Tags;

    #[test]
    fn json_lines_give_people_and_rejected_lines() {
        let offer = Offer {
            digests: vec![("weekly".to_owned(), vec!["heart".to_owned(), "sleep".to_owned()])],
            default_digest: Some("weekly".to_owned()),
            tags: Tags::default(),
        };
        let file =
            "{\"address\": \"a@example.org\", \"categories\": [\"heart\"]}\n\n{\"address\": 3}\nnot json\n";
        let lines: Vec<_> = open(file.as_bytes(), &offer).collect();
        assert_eq!(lines[0].as_ref().unwrap().person.choices.len(), 1);
        assert_eq!(lines[1].as_ref().unwrap_err().line, 3);
        assert_eq!(lines[2].as_ref().unwrap_err().line, 4);
    }
}
