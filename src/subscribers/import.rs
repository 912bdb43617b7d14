//! Import of subscribers from CSV and JSON Lines: every line becomes somebody to add, or a rejected line with
//! its reason.

use std::io::{BufRead, Read};

use serde::{Deserialize, Serialize};

use crate::catalog::slug::Slug;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::subscriber::NewSubscriber;
use crate::subscribers::subscription::Choice;

/// What a line may ask for.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Each digest's name with the slugs of its categories.
    pub digests: Vec<(String, Vec<String>)>,
    /// The digest of lines that name none; where none is set, they are rejected.
    pub default_digest: Option<String>,
}

/// A line that nobody was added for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Line of the file, from 1; where a quoted field spans lines, its first.
    pub line: u64,
    /// What was in it, cut short.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// What a file holds, each person with the line they stand on; read one line at a time, so that a long file needs
/// no more memory than a short one.
pub type Lines<'a> = Box<dyn Iterator<Item = Result<(u64, NewSubscriber), Rejected>> + 'a>;

/// The columns of CSV and the keys of JSON Lines. `categories` is divided by `;`, and empty for all.
#[derive(Debug, Default, Deserialize)]
struct Line {
    #[serde(alias = "email", alias = "e-mail", alias = "Email", alias = "Address")]
    address: Option<String>,
    #[serde(alias = "Name")]
    name: Option<String>,
    #[serde(alias = "Language", alias = "lang", alias = "locale")]
    language: Option<String>,
    #[serde(alias = "Digest")]
    digest: Option<String>,
    #[serde(alias = "category", alias = "Categories")]
    categories: Option<Categories>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Categories {
    List(Vec<String>),
    Text(String),
}

/// Reads CSV with a header line (RFC 4180; `address` or `email`, then any of `name`, `language`, `digest`,
/// `categories`).
#[must_use]
pub fn csv<'a>(reader: impl Read + 'a, offer: &'a Offer) -> Lines<'a> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(reader);
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return Box::new(std::iter::once(Err(rejected(1, "", error.to_string())))),
    };
    let has_address =
        headers.iter().any(|name| matches!(name, "address" | "email" | "e-mail" | "Email" | "Address"));
    if !has_address {
        let reason = "the first line names no column `address` or `email`".to_owned();
        let text = headers.iter().collect::<Vec<_>>().join(",");
        return Box::new(std::iter::once(Err(rejected(1, &text, reason))));
    }
    Box::new(std::iter::from_fn(move || {
        let mut record = csv::StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Some(Err(rejected(line, "", error.to_string())));
            }
        }
        let line = first_line(&record, reader.position().line());
        let text = record.iter().collect::<Vec<_>>().join(",");
        // No address, name or category has two lines: a quote that nobody closed swallows all that follow.
        let inner = lines_within(&record);
        if inner > 0 {
            let reason = format!("lines {line} to {} are one field; close or remove its quote", line + inner);
            return Some(Err(rejected(line, &text, reason + ", and nobody of them is lost")));
        }
        if record.len() > headers.len() {
            let reason = format!("{} fields, and the first line names {}", record.len(), headers.len());
            return Some(Err(rejected(line, &text, reason + "; put quotes around a field with a comma")));
        }
        let fields = record.deserialize::<Line>(Some(&headers)).map_err(|error| error.to_string());
        let person = fields.and_then(|fields| accept(fields, offer));
        Some(person.map(|person| (line, person)).map_err(|reason| rejected(line, &text, reason)))
    }))
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

/// Reads one JSON object a line, with the keys of the CSV columns; `categories` may be a list.
#[must_use]
pub fn json_lines<'a>(reader: impl BufRead + 'a, offer: &'a Offer) -> Lines<'a> {
    let lines = reader.split(b'\n').zip(1_u64..);
    Box::new(lines.filter_map(|(line, number)| {
        let line = match line {
            Ok(line) => line,
            Err(error) => return Some(Err(rejected(number, "", error.to_string()))),
        };
        let text = String::from_utf8_lossy(&line);
        if text.trim().is_empty() {
            return None;
        }
        let fields = serde_json::from_str(&text).map_err(|error| error.to_string());
        let person = fields.and_then(|fields| accept(fields, offer));
        Some(person.map(|person| (number, person)).map_err(|reason| rejected(number, &text, reason)))
    }))
}

/// Checks one line against what is on offer.
fn accept(line: Line, offer: &Offer) -> Result<NewSubscriber, String> {
    let text = line.address.filter(|text| !text.trim().is_empty()).ok_or("there is no address")?;
    let address: Address = text.parse().map_err(|error| format!("{text:?} is no address: {error}"))?;
    let digest = line.digest.filter(|name| !name.trim().is_empty()).or_else(|| offer.default_digest.clone());
    let digest = digest.ok_or("no digest is named; add a column `digest`, or say --digest")?;
    let categories = match line.categories {
        None => Vec::new(),
        Some(Categories::List(list)) => list,
        Some(Categories::Text(text)) => text.split(';').map(str::to_owned).collect(),
    };
    let choices = choices(&digest, &categories, offer)?;
    let language =
        line.language.filter(|text| !text.trim().is_empty()).map(|text| text.parse()).transpose()?;
    let name = DisplayName::new(&line.name.unwrap_or_default());
    Ok(NewSubscriber { language, ..NewSubscriber::active(address, name, &digest, choices) })
}

/// The choices that these names stand for; none at all stands for all.
///
/// # Errors
/// A digest or a category that is not on offer, in words for people.
pub fn choices(digest: &str, categories: &[String], offer: &Offer) -> Result<Vec<Choice>, String> {
    let Some((_, offered)) = offer.digests.iter().find(|(name, _)| name == digest) else {
        let names: Vec<&str> = offer.digests.iter().map(|(name, _)| name.as_str()).collect();
        return Err(format!("there is no digest {digest:?}; there is {}", names.join(", ")));
    };
    let mut choices = Vec::new();
    for name in categories.iter().filter(|name| !name.trim().is_empty()) {
        // The slug to the letter, or whatever gives it: "Women's health" for womens-health.
        let found = offered
            .iter()
            .find(|slug| *slug == name.trim() || Slug::from_title(slug) == Slug::from_title(name));
        let choice =
            if name.trim() == "*" { Some(Choice::All) } else { found.and_then(|slug| Choice::parse(slug)) };
        choices.push(choice.ok_or_else(|| {
            let divide = if name.contains(',') { "; divide categories by `;`" } else { "" };
            format!("{digest} has no category {name:?}; it has {}{divide}", offered.join(", "))
        })?);
    }
    if choices.is_empty() || choices.contains(&Choice::All) {
        choices = vec![Choice::All];
    }
    choices.sort();
    choices.dedup();
    Ok(choices)
}

fn rejected(line: u64, text: &str, reason: String) -> Rejected {
    Rejected { line, text: text.chars().take(200).collect(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> Offer {
        Offer {
            digests: vec![("weekly".to_owned(), vec!["heart".to_owned(), "sleep".to_owned()])],
            default_digest: Some("weekly".to_owned()),
        }
    }

    #[test]
    fn csv_gives_people_and_rejected_lines() {
        let file = "email,name,categories\na@example.org,\"Roe, Ana\",sleep;heart\nb@example\n\nc@example.org,,bones\nd@example.org,Di,\ne@example.org,x,y,z\n";
        let offer = offer();
        let lines: Vec<_> = csv(file.as_bytes(), &offer).collect();
        let (_, first) = lines[0].as_ref().unwrap();
        assert_eq!((first.name.as_str(), first.choices.len()), ("Roe, Ana", 2));
        let reasons: Vec<_> = lines.iter().filter_map(|line| line.as_ref().err()).collect();
        assert_eq!(reasons.iter().map(|r| r.line).collect::<Vec<_>>(), [3, 5, 7]);
        assert_eq!(reasons[0].reason, "\"b@example\" is no address: the part behind the @ is no domain");
        assert_eq!(reasons[1].reason, "weekly has no category \"bones\"; it has heart, sleep");
        assert_eq!(lines[3].as_ref().unwrap().1.choices, [("weekly".to_owned(), Choice::All)]);
    }

    #[test]
    fn a_quote_that_nobody_closed_is_told_with_the_lines_that_it_swallowed() {
        let file = "email,name\na@example.org,\"Ana\nb@example.org,Bo\nc@example.org,Cy\n";
        let offer = offer();
        let lines: Vec<_> = csv(file.as_bytes(), &offer).collect();
        let rejected = lines[0].as_ref().unwrap_err();
        assert_eq!((lines.len(), rejected.line), (1, 2));
        assert!(rejected.reason.starts_with("lines 2 to 4 are one field"), "{}", rejected.reason);
    }

    #[test]
    fn json_lines_give_the_same() {
        let file =
            "{\"address\": \"a@example.org\", \"categories\": [\"heart\"]}\n\n{\"address\": 3}\nnot json\n";
        let offer = offer();
        let lines: Vec<_> = json_lines(file.as_bytes(), &offer).collect();
        assert_eq!(lines[0].as_ref().unwrap().1.choices.len(), 1);
        assert_eq!(lines[1].as_ref().unwrap_err().line, 3);
        assert_eq!(lines[2].as_ref().unwrap_err().line, 4);
    }
}
