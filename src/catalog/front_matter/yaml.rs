//! YAML front matter. The only module that knows the YAML library, which changes often.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::catalog::front_matter::Fault;
use crate::catalog::front_matter::plain;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::problem::Position;

/// More nodes than any front matter has; a bomb of aliases has more.
const MOST_NODES: usize = 10_000;

/// Parses a block whose line numbers are the file's.
///
/// # Errors
/// What the parser refuses, or a block that is not a table of keys.
pub fn parse(block: &str) -> Result<Table, Fault> {
    plain::parse(block).map_or_else(|| parse_in_full(block), Ok)
}

/// As [`parse`], with the full parser whatever the block holds.
///
/// # Errors
/// As [`parse`].
pub fn parse_in_full(block: &str) -> Result<Table, Fault> {
    if block.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Table::default());
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_nodes: MOST_NODES },
        with_snippet: false,
    };
    let tree: Spanned<Tree> =
        serde_saphyr::from_str_with_options(block, options).map_err(|error| fault(&error))?;
    let root = node(tree, block);
    match root.value {
        Value::Table(table) => Ok(table),
        Value::Null => Ok(Table::default()),
        _ => Err(Fault {
            at: root.at,
            message: format!("the front matter is {}, not a table of keys", root.kind()),
            hint: "write one `key: value` a line".to_owned(),
        }),
    }
}

fn fault(error: &serde_saphyr::Error) -> Fault {
    let at = error.location().map_or(Position::START, position);
    let text = error.without_snippet().to_string();
    // What follows is the place, which `at` says already, or advice to programmers.
    let message = text.split(" at line ").next().and_then(|text| text.split(", set ").next());
    Fault {
        at,
        message: format!("broken YAML front matter: {}", message.unwrap_or(&text).trim()),
        hint: "put quotes around text that holds `: ` or ` #` or begins with one of @ ` * & ! % [ {"
            .to_owned(),
    }
}

fn position(location: Location) -> Position {
    let number = |n: u64| usize::try_from(n).unwrap_or(1).max(1);
    Position { line: number(location.line()), column: number(location.column()) }
}

fn node(spanned: Spanned<Tree>, block: &str) -> Node {
    let at = position(spanned.referenced);
    let value = match spanned.value {
        Tree::Null => Value::Null,
        // YAML 1.1 takes `No` and `on` for truth values, and an author for a title.
        Tree::Bool(truth) => match as_written(&spanned.defined, block) {
            Some(written) if !is_truth(&written) => Value::Text(written),
            _ => Value::Bool(truth),
        },
        Tree::Number(shown) => Value::Literal(as_written(&spanned.defined, block).unwrap_or(shown)),
        Tree::Text(text) => Value::Text(text),
        Tree::List(items) => Value::List(items.into_iter().map(|item| node(item, block)).collect()),
        Tree::Table(entries) => Value::Table(Table {
            entries: entries
                .into_iter()
                .map(|(key, value)| {
                    let at = position(key.referenced);
                    (key.value, at, node(value, block))
                })
                .collect(),
        }),
    };
    Node { value, at }
}

/// A truth value in YAML 1.2 (10.3.2).
fn is_truth(written: &str) -> bool {
    ["true", "True", "TRUE", "false", "False", "FALSE"].contains(&written)
}

/// The characters of a number as the author wrote them: `1.10` and `007` are titles too.
fn as_written(location: &Location, block: &str) -> Option<String> {
    let start = usize::try_from(location.span().byte_offset()?).ok()?;
    let length = usize::try_from(location.span().byte_len()?).ok()?;
    let written = block.get(start..start + length)?.trim();
    (!written.is_empty()).then(|| written.to_owned())
}

enum Tree {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Spanned<Tree>>),
    Table(Vec<(Spanned<String>, Spanned<Tree>)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, a list or a table")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Table(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_text_and_place() {
        let table =
            parse("\ntitle: 1.10\ndate: 2024-05-01\nimage:\n  src: a.png\nlist:\n  - x\n  - 007\nempty:\n")
                .unwrap();
        assert_eq!(table.text("title"), Some("1.10"));
        assert_eq!(parse("title: No\ndraft: true").unwrap().text("title"), Some("No"));
        assert_eq!(parse("title: on").unwrap().text("title"), Some("on"));
        assert_eq!(table.text("date"), Some("2024-05-01"));
        assert_eq!(table.get("date").unwrap().at, Position { line: 3, column: 7 });
        assert_eq!(table.position("image"), Some(Position { line: 4, column: 1 }));
        assert_eq!(table.get("empty").unwrap().value, Value::Null);
        let Value::List(items) = &table.get("list").unwrap().value else { panic!("a list") };
        assert_eq!(items[1].scalar(), Some("007"));
        assert_eq!(items[1].at, Position { line: 8, column: 5 });
    }

    #[test]
    fn faults_have_a_place() {
        assert_eq!(parse("\ntitle: a: b\n").unwrap_err().at.line, 2);
        assert_eq!(parse("\ntitle: a\ntitle: b\n").unwrap_err().at.line, 3);
        assert_eq!(parse("\n- a\n").unwrap_err().at.line, 2);
    }
}
