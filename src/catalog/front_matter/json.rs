//! JSON front matter: an object at the very start of the file.

use crate::catalog::front_matter::Fault;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::problem::Position;

/// Parses the object that `text` starts with, and says how many bytes it takes.
///
/// # Errors
/// What the parser refuses.
pub fn parse(text: &str) -> Result<(Table, usize), Fault> {
    let mut stream =
        serde_json::Deserializer::from_str(text).into_iter::<serde_json::Map<String, serde_json::Value>>();
    match stream.next() {
        Some(Ok(map)) => {
            let length = stream.byte_offset();
            let mut keys = key_positions(&text[..length]).into_iter().peekable();
            Ok((read_table(map, &mut keys), length))
        }
        Some(Err(error)) => Err(Fault {
            at: position(text, error.line(), error.column()),
            message: format!("broken JSON front matter: {}", message_alone(&error.to_string())),
            hint: "a file that starts with { has a JSON object for its front matter".to_owned(),
        }),
        None => Ok((Table::default(), text.len())),
    }
}

/// The parser counts columns in bytes; people count characters.
fn position(text: &str, line: usize, column: usize) -> Position {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    Position::of_byte(text, start + column.saturating_sub(1))
}

/// What went wrong, without the "at line 1 column 2" that the position says already.
fn message_alone(text: &str) -> String {
    text.split(" at line ").next().unwrap_or(text).to_owned()
}

type Keys = std::iter::Peekable<std::vec::IntoIter<(String, Position)>>;

/// Gives each key the place of its next appearance: the map keeps the order of the text.
fn read_table(map: serde_json::Map<String, serde_json::Value>, keys: &mut Keys) -> Table {
    let entries = map
        .into_iter()
        .map(|(key, value)| {
            let at = keys.find(|(name, _)| *name == key).map_or(Position::START, |(_, at)| at);
            let node = read_node(value, at, keys);
            (key, at, node)
        })
        .collect();
    Table { entries }
}

fn read_node(value: serde_json::Value, at: Position, keys: &mut Keys) -> Node {
    let value = match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(truth),
        serde_json::Value::Number(number) => Value::Literal(number.to_string()),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(items) => {
            Value::List(items.into_iter().map(|item| read_node(item, at, keys)).collect())
        }
        serde_json::Value::Object(map) => Value::Table(read_table(map, keys)),
    };
    Node { value, at }
}

/// Every key of a valid object, nested ones included, in the order of the text.
fn key_positions(text: &str) -> Vec<(String, Position)> {
    let mut keys = Vec::new();
    let mut rest = 0;
    // Counted on from key to key: from the start each time, a long object would take for ever.
    let (mut at, mut counted) = (Position::START, 0);
    while let Some(open) = text[rest..].find('"').map(|at| rest + at) {
        let mut close = open + 1;
        let bytes = text.as_bytes();
        while close < bytes.len() && bytes[close] != b'"' {
            close += if bytes[close] == b'\\' { 2 } else { 1 };
        }
        let end = (close + 1).min(text.len());
        if text[end..].trim_start().starts_with(':')
            && let Ok(key) = serde_json::from_str::<String>(&text[open..end])
        {
            let further = Position::of_byte(&text[counted..], open - counted);
            let column = if further.line == 1 { at.column + further.column - 1 } else { further.column };
            at = Position { line: at.line + further.line - 1, column };
            counted = open;
            keys.push((key, at));
        }
        rest = end;
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_know_their_place() {
        let text = "{\"a\": {\"title\": \"x\\\":\"},\n \"title\": \"T\", \"n\": 1.5}\nBody";
        let (table, length) = parse(text).unwrap();
        assert_eq!(&text[length..], "\nBody");
        assert_eq!(table.position("title"), Some(Position { line: 2, column: 2 }));
        assert_eq!(table.text("title"), Some("T"));
        assert_eq!(table.to_json()["n"], 1.5);
    }

    #[test]
    fn a_fault_has_a_place() {
        assert_eq!(parse("{\"a\": 1,\n\"b\" 2}").unwrap_err().at.line, 2);
    }
}
