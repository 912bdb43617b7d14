//! Reads JSON strictly (RFC 8259), into a tree that knows where each value stands.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::json::value::{Kind, Value};

rules! {
    SYNTAX = Error "json-syntax", "RFC 8259, 2 to 7",
        "let a JSON library write it";
    DUPLICATE = Error "json-key-duplicate", "RFC 8259, 4: names within an object should be unique; readers take the one or the other",
        "keep one of them";
    BYTES = Error "json-bytes", "RFC 8259, 8.1: JSON is UTF-8",
        "save the file as UTF-8";
    BOM = Error "json-bom", "RFC 8259, 8.1: no byte order mark",
        "leave the three bytes out: JSON parsers stop there";
    MANY = Error "json-too-many", "Our own limit: a million values",
        "publish fewer items, and next_url for the rest";
    DEEP = Error "json-too-deep", "Our own limit: 100 arrays and objects inside each other",
        "look for what nests itself";
}

const NO_CHARACTER: &str = "the string holds an escape that stands for no character";

/// As deep as the stack is sure to bear.
const DEEPEST: usize = 100;

/// About 100 MB of tree at most.
const MOST_VALUES: usize = 1_000_000;

/// The document. Nothing where it is no JSON, which is reported.
pub fn read<'a>(text: &'a str, report: &mut Report) -> Option<Value<'a>> {
    let mut reader = Reader { text, at: 0, values: 0, report };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        return reader.fail("something stands behind the document");
    }
    Some(value)
}

struct Reader<'a, 'r> {
    text: &'a str,
    at: usize,
    values: usize,
    report: &'r mut Report,
}

impl<'a> Reader<'a, '_> {
    fn fail<T>(&mut self, message: &str) -> Option<T> {
        self.report.add(&SYNTAX, self.at, message);
        None
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn takes(&mut self, wanted: char) -> bool {
        self.blanks();
        let found = self.rest().starts_with(wanted);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        self.blanks();
        let at = self.at;
        if depth > DEEPEST {
            self.report.add(&DEEP, at, "arrays and objects are nested more than a hundred deep");
            return None;
        }
        self.values += 1;
        if self.values > MOST_VALUES {
            self.report.add(&MANY, at, "the document has more than a million values");
            return None;
        }
        let kind = match self.rest().chars().next() {
            Some('{') => self.object(depth)?,
            Some('[') => self.array(depth)?,
            Some('"') => Kind::String(self.string()?),
            Some(c) if c == '-' || c.is_ascii_digit() => self.number()?,
            Some(_) => self.word()?,
            None => return self.fail("the document ends too early"),
        };
        Some(Value { kind, at, end: self.at })
    }

    fn object(&mut self, depth: usize) -> Option<Kind<'a>> {
        self.at += 1;
        let mut members: Vec<(Cow<'a, str>, usize, Value<'a>)> = Vec::new();
        if self.takes('}') {
            return Some(Kind::Object(members));
        }
        loop {
            self.blanks();
            let at = self.at;
            if !self.rest().starts_with('"') {
                return self.fail("a key in quotes is missing");
            }
            let key = self.string()?;
            if !self.takes(':') {
                return self.fail("a : is missing behind the key");
            }
            let value = self.value(depth + 1)?;
            if members.len() < 1_000 && members.iter().any(|(other, _, _)| *other == key) {
                self.report.add(&DUPLICATE, at, format!("the key {key:?} stands there twice"));
            }
            members.push((key, at, value));
            if self.takes('}') {
                return Some(Kind::Object(members));
            }
            if !self.takes(',') {
                return self.fail("a , or } is missing");
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Kind<'a>> {
        self.at += 1;
        let mut items = Vec::new();
        if self.takes(']') {
            return Some(Kind::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.takes(']') {
                return Some(Kind::Array(items));
            }
            if !self.takes(',') {
                return self.fail("a , or ] is missing");
            }
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        let body = self.text.get(start + 1..).unwrap_or_default();
        let Some(length) = length(body) else { return self.broken(body) };
        self.at = start + 1 + length + 1;
        let raw = &body[..length];
        if memchr(b'\\', raw.as_bytes()).is_none() {
            return Some(Cow::Borrowed(raw));
        }
        // The library knows escapes and surrogates; it gets this one string alone.
        if let Ok(text) = serde_json::from_str(self.text.get(start..self.at)?) {
            return Some(Cow::Owned(text));
        }
        self.at = start;
        self.fail(NO_CHARACTER)
    }

    /// Says what is wrong with a string that is not closed or holds a control character.
    fn broken<T>(&mut self, body: &str) -> Option<T> {
        let mut escaped = false;
        for (index, c) in body.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return self.fail(NO_CHARACTER),
                c if c < ' ' => {
                    self.at += 1 + index;
                    return self.fail("the string holds a control character");
                }
                _ => {}
            }
        }
        self.fail("the string is never closed")
    }

    fn number(&mut self) -> Option<Kind<'a>> {
        let rest = self.rest();
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
        let number = &rest[..end];
        if serde_json::from_str::<serde_json::Number>(number).is_err() {
            return self.fail("the number is not written as JSON writes it");
        }
        self.at += end;
        Some(Kind::Number(number))
    }

    fn word(&mut self) -> Option<Kind<'a>> {
        for (word, is_null) in [("null", true), ("true", false), ("false", false)] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Some(if is_null { Kind::Null } else { Kind::Bool });
            }
        }
        self.fail("no value of JSON begins like this")
    }
}

/// How long a string is that is closed and holds no control character.
fn length(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = memchr2(b'"', b'\\', bytes)?;
    while bytes[at] == b'\\' {
        // What is escaped is no end, whatever it is.
        at += 2;
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
    }
    let mut has_control = false;
    for byte in &bytes[..at] {
        has_control |= *byte < b' ';
    }
    (!has_control).then_some(at)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::read;
    use crate::feed::judge::finding::Report;
    use crate::feed::judge::json::value::Kind;

    /// The string that is read, or what is said of it.
    fn string(text: &str) -> Result<String, String> {
        let mut report = Report::new(DateTime::default());
        match read(text, &mut report).map(|value| value.kind) {
            Some(Kind::String(text)) => Ok(text.into_owned()),
            _ => Err(report.into_findings(text, |_| String::new()).remove(0).message),
        }
    }

    #[test]
    fn each_broken_string_is_blamed_for_what_is_wrong_with_it() {
        let table = [
            ("\"a", "the string is never closed"),
            ("\"a\\\"", "the string is never closed"),
            ("\"a\\", "the string is never closed"),
            ("\"a\n\\q\"", "the string holds a control character"),
            ("\"a\\\n\"", super::NO_CHARACTER),
            ("\"a\\q\"", super::NO_CHARACTER),
            ("\"\\ud800\"", super::NO_CHARACTER),
        ];
        for (text, message) in table {
            assert_eq!(string(text), Err(message.to_owned()), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn strings_are_read_as_the_library_reads_them(inner in "[a\\\\\"\\n\\tné/u0-9]{0,12}") {
            let text = format!("\"{inner}\"");
            prop_assert_eq!(string(&text).ok(), serde_json::from_str::<String>(&text).ok());
        }
    }
}
