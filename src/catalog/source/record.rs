//! A record: an article as a source other than a Markdown file tells it, before it is understood. Its keys are read
//! exactly as front matter is.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::catalog::body_text::BodyText;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::problem::{Position, Problem};
use crate::catalog::slug::Slug;

/// Where an article comes from that has no file of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The source's name.
    pub source: Arc<str>,
    /// The file, as an absolute path: where somebody can look.
    pub file: Arc<str>,
    /// Where it begins there.
    pub at: Position,
}

impl Origin {
    /// A problem of the article at `path`, shown where it comes from: at the article's beginning, where it knows no place
    /// of its own.
    #[must_use]
    pub fn placed(&self, path: &str, problem: Problem) -> Problem {
        let at = if problem.at == Position::START { self.at } else { problem.at };
        Problem {
            path: self.file.to_string(),
            at,
            message: format!("{path}: {}", problem.message),
            ..problem
        }
    }
}

/// An article as its source tells it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The source's name and what the article is called there: unique, and the same with every reading.
    pub path: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The permanent id, to the letter, where the source gives one.
    pub id: Option<String>,
    /// Keys as of front matter; `slug` is among them.
    pub table: Table,
    /// Whether its summary is plain text, and no Markdown.
    pub is_plain: bool,
    /// Where its body is until it is needed.
    pub body: BodyText,
}

/// The path of an article: no two keys of a source have the same one, and none leads anywhere.
#[must_use]
pub fn path(source: &str, key: &str) -> String {
    format!("{source}/{}", encoded(key))
}

/// As [`path`], of an article that is known by its address: what is special about it, without the site's host.
#[must_use]
pub fn path_of_address(source: &str, address: &str, site: &Url) -> String {
    let Ok(url) = Url::parse(address) else { return path(source, address) };
    let host = url.host_str().filter(|host| Some(*host) != site.host_str());
    let parts = host.into_iter().chain(url.path().split('/').filter(|part| !part.is_empty()));
    let parts: Vec<String> = parts.map(encoded).collect();
    let query = url.query().map(|query| encoded(&format!("?{query}"))).unwrap_or_default();
    let name = parts.join("/") + &query;
    if name.is_empty() { path(source, "index") } else { format!("{source}/{name}") }
}

/// Letters and digits of every script and `-._~` stay.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    let is_dots = text.chars().all(|c| c == '.');
    for c in text.chars() {
        if c.is_alphanumeric() || "-_~".contains(c) || c == '.' && !is_dots {
            encoded.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// What an article without a slug is called in addresses: as in its own address, or by its title, or by its key.
#[must_use]
pub fn slug(address: Option<&str>, title: Option<&str>, key: &str) -> String {
    let of_address = address.and_then(|address| {
        let url = Url::parse(address).ok();
        let path = url.as_ref().map_or(address, Url::path);
        let last = path.rsplit('/').find(|part| !part.is_empty())?;
        let bare = last.split_once('.').map_or(last, |(bare, _)| bare);
        (bare.chars().any(char::is_alphanumeric) && !bare.contains('%')).then(|| bare.to_owned())
    });
    let of_title = || title.and_then(Slug::from_title).map(|slug| slug.to_string());
    of_address.or_else(of_title).unwrap_or_else(|| key.to_owned())
}

/// A table that is made of what a source says, all of it at one place.
#[derive(Debug)]
pub struct Keys {
    at: Position,
    table: Table,
}

impl Keys {
    /// Of an article that begins there.
    #[must_use]
    pub fn new(at: Position) -> Self {
        Self { at, table: Table::default() }
    }

    /// Adds a text, unless it is empty.
    pub fn text(&mut self, key: &str, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.add(key, Value::Text(text));
        }
    }

    /// Adds a list of texts, unless it is empty; each once.
    pub fn list(&mut self, key: &str, texts: impl IntoIterator<Item = String>) {
        let mut nodes: Vec<Node> = Vec::new();
        for text in texts.into_iter().filter(|text| !text.trim().is_empty()) {
            let node = Node { value: Value::Text(text), at: self.at };
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        if !nodes.is_empty() {
            self.add(key, Value::List(nodes));
        }
    }

    /// Adds a list of tables, unless it is empty.
    pub fn tables(&mut self, key: &str, tables: Vec<Keys>) {
        let nodes: Vec<Node> =
            tables.into_iter().map(|keys| Node { value: Value::Table(keys.table), at: self.at }).collect();
        if !nodes.is_empty() {
            self.add(key, Value::List(nodes));
        }
    }

    /// The table.
    #[must_use]
    pub fn finish(self) -> Table {
        self.table
    }

    fn add(&mut self, key: &str, value: Value) {
        self.table.entries.push((key.to_owned(), self.at, Node { value, at: self.at }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart_and_lead_nowhere() {
        let site = Url::parse("https://example.org/blog").unwrap();
        let table = [
            ("https://example.org/2024/salt/", "s/2024/salt"),
            ("https://example.org/?p=12", "s/%3Fp%3D12"),
            ("https://other.example/salt.html", "s/other.example/salt.html"),
            ("https://example.org/", "s/index"),
            ("urn:x", "s/x"),
        ];
        for (address, expected) in table {
            assert_eq!(path_of_address("s", address, &site), expected);
        }
        for (key, expected) in
            [("17", "s/17"), ("../x", "s/..%2Fx"), ("..", "s/%2E%2E"), ("a b", "s/a%20b"), ("ü", "s/ü")]
        {
            assert_eq!(path("s", key), expected);
        }
    }

    #[test]
    fn a_slug_is_what_the_address_says() {
        let table = [
            (Some("https://e.org/a/salt.html"), Some("T"), "salt"),
            (Some("https://e.org/?p=1"), Some("A title"), "a-title"),
            (None, None, "17"),
        ];
        for (address, title, expected) in table {
            assert_eq!(slug(address, title, "17"), expected);
        }
    }
}
