//! TOML front matter.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::catalog::front_matter::Fault;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::problem::Position;

/// Parses a block whose line numbers are the file's.
///
/// # Errors
/// What the parser refuses.
pub fn parse(block: &str) -> Result<Table, Fault> {
    let table = DeTable::parse(block).map_err(|error| Fault {
        at: error.span().map_or(Position::START, |span| Position::of_byte(block, span.start)),
        message: format!("broken TOML front matter: {}", error.message().replace('\n', "; ")),
        hint: "text needs quotes in TOML: title = \"…\"".to_owned(),
    })?;
    Ok(read_table(table.into_inner(), block))
}

fn read_table(table: DeTable<'_>, block: &str) -> Table {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    Table {
        entries: entries
            .into_iter()
            .map(|(key, value)| {
                let at = Position::of_byte(block, key.span().start);
                (key.into_inner().into_owned(), at, read_node(value, block))
            })
            .collect(),
    }
}

fn read_node(value: Spanned<DeValue<'_>>, block: &str) -> Node {
    let span = value.span();
    let written = || Value::Literal(block.get(span.clone()).unwrap_or_default().to_owned());
    let at = Position::of_byte(block, span.start);
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => written(),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| read_node(item, block)).collect()),
        DeValue::Table(table) => Value::Table(read_table(table, block)),
    };
    Node { value, at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_text_and_place() {
        let table =
            parse("\ntitle = \"A\"\ndate = 2024-05-01\nweight = 1.10\n[image]\nsrc = 'a.png'\n").unwrap();
        assert_eq!(table.text("date"), Some("2024-05-01"));
        assert_eq!(table.text("weight"), Some("1.10"));
        assert_eq!(table.get("date").unwrap().at, Position { line: 3, column: 8 });
        assert_eq!(table.to_json()["image"]["src"], "a.png");
        let keys: Vec<_> = table.entries.iter().map(|(key, _, _)| key.as_str()).collect();
        assert_eq!(keys, ["title", "date", "weight", "image"]);
    }

    #[test]
    fn a_fault_has_a_place() {
        assert_eq!(parse("\ntitle = A\n").unwrap_err().at, Position { line: 2, column: 9 });
    }
}
