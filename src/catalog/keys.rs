//! The keys of front matter: typed values out of the tree, and a problem for each that can't be one.

use chrono::{DateTime, FixedOffset};

use crate::catalog::article::{Byline, Discussion};
use crate::catalog::date::{self, Defaults};
use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::loose_date;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::problem::{Position, Problem};
use crate::catalog::settings::Site;
use crate::text::folded;

/// Keys that have a meaning of their own; all others are kept for templates.
const KNOWN: [&str; 31] = [
    "title",
    "date",
    "updated",
    "authors",
    "author",
    "category",
    "categories",
    "tags",
    "summary",
    "description",
    "excerpt",
    "slug",
    "url",
    "id",
    "image",
    "image_alt",
    "draft",
    "expires",
    "comments",
    "overview",
    "order",
    "permalink",
    "lastmod",
    "published",
    "enclosure",
    "enclosures",
    "audio",
    "video",
    "podcast",
    "itunes",
    "source",
];

/// Reads the keys of one file and collects what is wrong with them.
pub struct Keys<'a> {
    table: &'a Table,
    path: &'a str,
    dialect: Dialect,
    /// What was wrong so far.
    pub problems: Vec<Problem>,
}

impl<'a> Keys<'a> {
    /// Of the file at `path`.
    #[must_use]
    pub fn new(table: &'a Table, path: &'a str, dialect: Dialect) -> Self {
        Self { table, path, dialect, problems: Vec::new() }
    }

    /// The first of `keys` that is there.
    #[must_use]
    pub fn place(&self, keys: &[&str]) -> Option<Position> {
        keys.iter().find_map(|key| self.table.position(key))
    }

    /// Whether `key` is there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// A key without a meaning of its own that looks like a slip of `key`: at most two letters away.
    #[must_use]
    pub fn like(&self, key: &str) -> Option<&'a str> {
        let unknown = self.table.entries.iter().map(|(name, _, _)| name.as_str());
        unknown
            .filter(|name| !KNOWN.contains(name))
            .find(|name| strsim::osa_distance(&name.to_lowercase(), key) <= 2)
    }

    /// The value of `key`, for those that read tables of their own.
    #[must_use]
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        self.first(&[key]).map(|(_, node)| node)
    }

    /// Where `key` stands, or the start of the file.
    #[must_use]
    pub fn at(&self, key: &str) -> Position {
        self.table.position(key).unwrap_or(Position::START)
    }

    /// Records an error.
    pub fn error(&mut self, at: Position, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::error(self.path, at, message, hint));
    }

    /// The first of `keys` that has a value, as one line of text.
    pub fn line(&mut self, keys: &[&str]) -> Option<String> {
        let (key, node) = self.first(keys)?;
        let Some(text) = node.scalar() else {
            self.error(
                node.at,
                format!("`{key}` is {}, not text", node.kind()),
                format!("write {key}: some text"),
            );
            return None;
        };
        let line = folded(text);
        (!line.is_empty()).then_some(line)
    }

    /// A list of lines: a list, or one text on its own.
    pub fn lines(&mut self, keys: &[&str]) -> Vec<(String, Position)> {
        let Some((key, node)) = self.first(keys) else {
            return Vec::new();
        };
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut lines = Vec::new();
        for item in items {
            match item.scalar() {
                Some(text) if text.trim().is_empty() => {}
                Some(text) => lines.push((folded(text), item.at)),
                None => self.error(
                    item.at,
                    format!("`{key}` holds {}, not text", item.kind()),
                    format!("write {key}: [one, two]"),
                ),
            }
        }
        lines
    }

    /// A truth value.
    pub fn truth(&mut self, key: &str) -> bool {
        match self.first(&[key]).map(|(_, node)| (node.at, node.scalar().map(str::to_ascii_lowercase))) {
            None => false,
            Some((at, word)) => match word.as_deref() {
                Some("true" | "yes" | "on") => true,
                Some("false" | "no" | "off") => false,
                _ => {
                    self.error(
                        at,
                        format!("`{key}` is neither true nor false"),
                        format!("write {key}: true"),
                    );
                    false
                }
            },
        }
    }

    /// A whole number.
    pub fn number(&mut self, key: &str) -> Option<i64> {
        let (_, node) = self.first(&[key])?;
        let number = node.scalar().and_then(|text| text.parse().ok());
        if number.is_none() {
            self.error(node.at, format!("`{key}` is no whole number"), format!("write {key}: 1"));
        }
        number
    }

    /// A date.
    pub fn date(&mut self, keys: &[&str], defaults: Defaults) -> Option<DateTime<FixedOffset>> {
        let (key, node) = self.first(keys)?;
        let parse = if self.is_foreign() { loose_date::parse } else { date::parse };
        let date = node.scalar().and_then(|text| parse(text, defaults));
        if date.is_none() {
            let written = node.scalar().map_or_else(|| node.kind().to_owned(), |text| format!("{text:?}"));
            self.error(
                node.at,
                format!("`{key}` is no date: {written}"),
                "write 2026-05-31, 2026-05-31T08:00 or 2026-05-31T08:00:00+02:00",
            );
        }
        date
    }

    /// Bylines: names, or tables with `name` and `url`.
    pub fn bylines(&mut self, keys: &[&str], site: &Site) -> Vec<Byline> {
        let Some((key, node)) = self.first(keys) else {
            return Vec::new();
        };
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut bylines = Vec::new();
        for item in items {
            let (name, url) = match &item.value {
                Value::Table(table) => (table.text("name"), table.text("url")),
                _ => (item.scalar(), None),
            };
            match name.map(folded) {
                Some(name) if !name.is_empty() => {
                    bylines.push(Byline { name, url: url.and_then(|url| site.absolute(url)) });
                }
                Some(_) => {}
                None => self.error(
                    item.at,
                    format!("`{key}` holds {} without a name", item.kind()),
                    format!("write {key}: [Ana Roe, {{name: Bo Li, url: /people/bo/}}]"),
                ),
            }
        }
        bylines
    }

    /// The discussion: a number, an address, or a table with `count` and `url`.
    pub fn discussion(&mut self, site: &Site) -> Option<Discussion> {
        let (_, node) = self.first(&["comments"])?;
        // Whatever a theme makes of it is no fault of the author's.
        if self.is_foreign() && !matches!(node.value, Value::Table(_)) {
            return None;
        }
        let (count, url) = match &node.value {
            Value::Bool(_) => return None,
            // A truth value to YAML 1.1, and to many authors.
            Value::Text(word) if ["yes", "no", "on", "off"].contains(&word.to_ascii_lowercase().as_str()) => {
                return None;
            }
            Value::Table(table) => (table.get("count"), table.get("url")),
            Value::Literal(_) => (Some(node), None),
            _ => (None, Some(node)),
        };
        let counted = count.map(|node| (node.at, node.scalar().and_then(|text| text.parse().ok())));
        // Any word would do for a relative address: `closed` is hardly meant as one.
        let address = |text: &str| text.contains(['/', '#']).then(|| site.absolute(text)).flatten();
        let linked = url.map(|node| (node.at, node.scalar().and_then(address)));
        for (at, wrong) in [
            counted.map(|(at, count)| (at, count.is_none())),
            linked.as_ref().map(|(at, url)| (*at, url.is_none())),
        ]
        .into_iter()
        .flatten()
        {
            if wrong {
                self.error(
                    at,
                    "`comments` is neither a count nor an address",
                    "write comments: {count: 3, url: https://example.org/post/#comments}",
                );
            }
        }
        Some(Discussion { url: linked.and_then(|(_, url)| url), count: counted.and_then(|(_, count)| count) })
    }

    /// The picture's address and its alternative text, with the place of the address.
    pub fn picture(&mut self, keys: &[&str]) -> Option<(String, Option<String>, Position)> {
        let (_, node) = self.first(keys)?;
        let node = match &node.value {
            Value::List(items) if self.is_foreign() => items.first()?,
            _ => node,
        };
        let foreign = self.is_foreign();
        let alt_key = self.table.text("image_alt").map(str::to_owned);
        let (source, alt) = match &node.value {
            Value::Table(table) => (
                table
                    .text("src")
                    .or_else(|| table.text("url"))
                    .or_else(|| ["image", "path"].iter().find_map(|key| table.text(key)).filter(|_| foreign)),
                table.text("alt").map(str::to_owned).or(alt_key),
            ),
            _ => (node.scalar(), alt_key),
        };
        if let Some(source) = source.filter(|source| !source.trim().is_empty()) {
            return Some((source.trim().to_owned(), alt, node.at));
        }
        if self.is_foreign() {
            return None;
        }
        self.error(
            node.at,
            "`image` has no address",
            "write image: {src: /images/salt.png, alt: A salt cellar}",
        );
        None
    }

    /// Every key without a meaning of its own.
    #[must_use]
    pub fn extra(&self) -> serde_json::Map<String, serde_json::Value> {
        let names = self.dialect.names();
        let read = [names.date, names.not_before, names.updated, names.expires, names.aliases, names.url];
        let is_read = |key: &str| KNOWN.contains(&key) || read.iter().any(|keys| keys.contains(&key));
        let tables = self.tables_of_extras();
        if tables.is_empty() {
            let unread = self.table.entries.iter().filter(|(key, _, _)| !is_read(key));
            return unread.map(|(key, _, node)| (key.clone(), node.to_json())).collect();
        }
        let mut extra = self.table.to_json();
        for key in tables {
            let Some(serde_json::Value::Object(inner)) = extra.remove(*key) else { continue };
            for (key, value) in inner {
                extra.entry(key).or_insert(value);
            }
        }
        extra.retain(|key, _| !is_read(key));
        extra
    }

    /// Whose conventions hold.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The text of the scalar under `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.table.text(key)
    }

    /// Whether the conventions are somebody else's: what their themes do with a key that is ours too is no fault.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.dialect != Dialect::Tidings
    }

    /// The tables in which a generator keeps keys of one's own.
    fn tables_of_extras(&self) -> &'static [&'static str] {
        match self.dialect {
            Dialect::Hugo => &["params"],
            Dialect::Zola => &["extra", "taxonomies"],
            _ => &[],
        }
    }

    fn first<'k>(&self, keys: &[&'k str]) -> Option<(&'k str, &'a Node)> {
        let table = self.table;
        // A key without a value is what a generator's archetypes leave behind.
        let is_left_empty = |node: &Node| match &node.value {
            Value::Null => true,
            Value::Text(text) => text.is_empty() && self.is_foreign(),
            _ => false,
        };
        keys.iter().find_map(|key| Some((*key, table.get(key).filter(|node| !is_left_empty(node))?)))
    }
}
