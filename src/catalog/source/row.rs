//! A row of a database in the shape of front matter: databases know neither lists nor truth values, and count time in
//! seconds.

use chrono::DateTime;
use serde_json::{Map, Value};

/// Columns that hold a list: a list of JSON, or words between commas, as `group_concat` makes them.
const LISTS: [&str; 4] = ["categories", "category", "tags", "authors"];

/// Columns that hold a date.
const DATES: [&str; 4] = ["date", "updated", "lastmod", "expires"];

/// Columns that hold a truth value.
const TRUTHS: [&str; 2] = ["draft", "deleted"];

/// The row as an article of JSON Lines.
#[must_use]
pub fn shaped(row: Map<String, Value>) -> Map<String, Value> {
    row.into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(column, value)| {
            let column = column.to_lowercase();
            let value = shape(&column, value);
            (column, value)
        })
        .collect()
}

fn shape(column: &str, value: Value) -> Value {
    match value {
        Value::String(text) if LISTS.contains(&column) || text.starts_with('[') && column != "body" => {
            match serde_json::from_str::<Value>(&text) {
                Ok(list @ Value::Array(_)) => list,
                // A name may hold a comma: "Roe, Ana" is one author.
                _ if matches!(column, "categories" | "tags") => {
                    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
                    words.map(Value::from).collect()
                }
                _ => Value::String(text),
            }
        }
        Value::Number(number) if DATES.contains(&column) => {
            let seconds = number.as_i64().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            seconds.map_or(Value::Number(number), |moment| moment.to_rfc3339().into())
        }
        Value::Number(number) if TRUTHS.contains(&column) => Value::Bool(number.as_i64() != Some(0)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_take_the_shape_of_front_matter() {
        let table = [
            ("tags", json!("a, b,"), json!(["a", "b"])),
            ("tags", json!("[\"a, b\"]"), json!(["a, b"])),
            ("authors", json!("Roe, Ana"), json!("Roe, Ana")),
            ("authors", json!("[{\"name\": \"Ana\"}]"), json!([{"name": "Ana"}])),
            ("date", json!(1_714_550_400), json!("2024-05-01T08:00:00+00:00")),
            ("date", json!("2024-05-01"), json!("2024-05-01")),
            ("draft", json!(0), json!(false)),
            ("Title", json!("T"), json!("T")),
            ("body", json!("[1, 2]"), json!("[1, 2]")),
        ];
        for (column, value, expected) in table {
            let row = Map::from_iter([(column.to_owned(), value), ("x".to_owned(), Value::Null)]);
            assert_eq!(Value::Object(shaped(row)), json!({(column.to_lowercase()): expected}));
        }
    }
}
