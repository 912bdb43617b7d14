//! JSON Lines: one article a line, with the keys of front matter. Read as a stream, and bodies stay in the file until
//! they are needed: a catalog may be larger than the memory.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::catalog::body_text::{BodyError, BodyText, Form};
use crate::catalog::coded;
use crate::catalog::front_matter::json;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::identity;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::source::import::{Item, Source, Take, Unreadable};
use crate::catalog::source::record::{self, Origin, Record};

/// No article is longer; a file without line ends would fill the memory.
const LONGEST: usize = 8_000_000;

/// The keys of a body, and what it is written in; the first that has a text counts.
const BODIES: [(&str, Form); 5] = [
    ("body", Form::Markdown),
    ("markdown", Form::Markdown),
    ("content", Form::Markdown),
    ("content_html", Form::Html),
    ("html", Form::Html),
];

/// A file of JSON Lines.
#[derive(Debug)]
pub struct JsonLines<'a> {
    /// The source's name.
    pub name: Arc<str>,
    /// The file.
    pub file: &'a Path,
    /// The site's address.
    pub site: &'a Url,
}

impl Source for JsonLines<'_> {
    fn read(&self, take: &mut Take<'_>) -> Result<(), Unreadable> {
        let file = File::open(self.file)?;
        if !file.metadata()?.is_file() {
            return Err(Unreadable("it is no file".to_owned()));
        }
        let shown: Arc<str> = self.file.to_string_lossy().into();
        let mut lines = BufReader::with_capacity(1 << 16, file);
        let (mut offset, mut bytes) = (0, Vec::new());
        for number in 1.. {
            bytes.clear();
            let mut length = (&mut lines).take(LONGEST as u64 + 1).read_until(b'\n', &mut bytes)? as u64;
            if length == 0 {
                break;
            }
            if bytes.len() > LONGEST {
                length += lines.skip_until(b'\n')? as u64;
                let message = format!("the line is longer than {LONGEST} bytes");
                take(Item::Problem(self.problem(
                    number,
                    message,
                    "each article stands on a line of its own",
                )));
            } else if !bytes.trim_ascii().is_empty() {
                take(self.line(&bytes, number, Span { offset, length: bytes.len() }, &shown));
            }
            offset += length;
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Span {
    offset: u64,
    length: usize,
}

impl JsonLines<'_> {
    fn line(&self, bytes: &[u8], number: usize, span: Span, shown: &Arc<str>) -> Item {
        let at = Position { line: number, column: 1 };
        let text = match std::str::from_utf8(without_mark(bytes)) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("the line is not UTF-8: {error}");
                return Item::Problem(self.problem(number, message, "save the file as UTF-8"));
            }
        };
        let mut table = match json::parse(text) {
            Ok((table, length)) if text[length..].trim().is_empty() => table,
            Ok((_, length)) => {
                let column = Position::of_byte(text, length).column;
                let hint = "each article stands on a line of its own";
                let problem = self.problem(number, "something stands behind the object", hint);
                return Item::Problem(Problem { at: Position { line: number, column }, ..problem });
            }
            Err(fault) => {
                let message = fault.message.replace("broken JSON front matter", "broken JSON");
                let problem = self.problem(number, message, "each line is a JSON object");
                let at = Position { line: number, column: fault.at.column };
                return Item::Problem(Problem { at, ..problem });
            }
        };
        on_line(&mut table, number);
        let Some((path, id)) = self.identity(&table) else {
            let message = "the article has neither `id` nor `url` nor `slug`";
            return Item::Problem(self.problem(number, message, "add \"id\": what it is called, for ever"));
        };
        let is_deleted = table.text("deleted") == Some("true") || table.text("deleted") == Some("1");
        if is_deleted {
            return Item::LeftOut(path, "deleted");
        }
        let found = BODIES.iter().enumerate().find_map(|(body, (key, _))| match &table.get(key)?.value {
            Value::Text(text) => Some((body, text.clone())),
            _ => None,
        });
        let (body, written) = match found {
            None => (BodyText::Here(String::new()), String::new()),
            Some((body, written)) => {
                let hash = xxhash_rust::xxh3::xxh3_64(bytes);
                let Span { offset, length } = span;
                (BodyText::Line(Line { place: self.file.to_owned(), offset, length, hash, body }), written)
            }
        };
        let key = table.text("id").filter(|id| !id.contains(':')).unwrap_or(&path);
        let slug = record::slug(table.text("url"), table.text("title"), key);
        table.entries.retain(|(key, _, _)| !BODIES.iter().any(|(known, _)| known == key) && key != "id");
        if table.get("slug").is_none_or(|node| node.value == Value::Null) {
            table.entries.retain(|(key, _, _)| key != "slug");
            table.entries.push(("slug".to_owned(), at, Node { value: Value::Text(slug), at }));
        }
        let origin = Origin { source: Arc::clone(&self.name), file: Arc::clone(shown), at };
        Item::Article(Box::new(Record { path, origin, id, table, is_plain: false, body }), written)
    }

    /// What the article is called for ever, and its permanent id where it gives one.
    fn identity(&self, table: &Table) -> Option<(String, Option<String>)> {
        let given = |key| table.text(key).map(str::trim).filter(|text: &&str| !text.is_empty());
        if let Some(id) = given("id") {
            let is_permanent = Url::parse(id).is_ok() && !id.contains(identity::NOT_IN_AN_IRI);
            return Some((record::path(&self.name, id), is_permanent.then(|| id.to_owned())));
        }
        let path = match given("url") {
            Some(url) => record::path_of_address(&self.name, url, self.site),
            None => record::path(&self.name, given("slug")?),
        };
        Some((path, None))
    }

    fn shown(&self) -> String {
        self.file.to_string_lossy().into_owned()
    }

    fn problem(&self, line: usize, message: impl Into<String>, hint: &str) -> Problem {
        Problem::error(&self.shown(), Position { line, column: 1 }, message, hint)
    }
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes)
}

/// The text was one line to its parser.
fn on_line(table: &mut Table, line: usize) {
    for (_, at, node) in &mut table.entries {
        at.line = line;
        node_on_line(node, line);
    }
}

fn node_on_line(node: &mut Node, line: usize) {
    node.at.line = line;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| node_on_line(item, line)),
        Value::Table(table) => on_line(table, line),
        _ => {}
    }
}

/// Where the body of an article is in a file of JSON Lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    #[serde(with = "coded::path")]
    place: PathBuf,
    offset: u64,
    length: usize,
    /// Of the whole line, to see whether it is still the same: another file may have taken its place.
    hash: u64,
    /// Which of [`BODIES`] it has.
    body: usize,
}

impl Line {
    /// What the body is written in.
    #[must_use]
    pub fn form(&self) -> Form {
        BODIES.get(self.body).map_or(Form::Markdown, |(_, form)| *form)
    }

    /// The body.
    ///
    /// # Errors
    /// The file was written to since.
    pub fn read(&self) -> Result<String, BodyError> {
        let fail = |why: String| BodyError::new(&self.place, why);
        let mut bytes = vec![0; self.length];
        let read = File::open(&self.place).and_then(|file| file.read_exact_at(&mut bytes, self.offset));
        read.map_err(|error| fail(error.to_string()))?;
        if xxhash_rust::xxh3::xxh3_64(&bytes) != self.hash {
            return Err(fail("a line is another one now".to_owned()));
        }
        let mut object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(without_mark(&bytes)).map_err(|error| fail(error.to_string()))?;
        match BODIES.get(self.body).and_then(|(key, _)| object.remove(*key)) {
            Some(serde_json::Value::String(body)) => Ok(body),
            _ => Err(fail("a line has lost its body".to_owned())),
        }
    }
}
