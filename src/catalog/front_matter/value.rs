//! The tree of front matter values, each with the place where it was written.

use crate::catalog::problem::Position;

/// A value and where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What was written.
    pub value: Value,
    /// Where, in the file.
    pub at: Position,
}

/// What front matter can say in all three formats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing: `key:` in YAML, `null` in JSON.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number or a TOML date, as it was written: `1.10` stays `1.10`.
    Literal(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A table of its own.
    Table(Table),
}

/// Keys and values in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Each key once, with the place of the key.
    pub entries: Vec<(String, Position, Node)>,
}

impl Node {
    /// The text of a scalar: what a title like `2024` or `true` is meant to be.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Literal(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Null | Value::List(_) | Value::Table(_) => None,
        }
    }

    /// What kind of value this is, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Literal(_) => "a number or date",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The value without positions, for templates.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(truth) => (*truth).into(),
            Value::Literal(text) => serde_json::from_str::<serde_json::Number>(text)
                .map_or_else(|_| text.as_str().into(), Into::into),
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Table(table) => table.to_json().into(),
        }
    }
}

impl Table {
    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(name, _, _)| name == key).map(|(_, _, node)| node)
    }

    /// The text of the scalar under `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::scalar)
    }

    /// Where `key` stands.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<Position> {
        self.entries.iter().find(|(name, _, _)| name == key).map(|(_, at, _)| *at)
    }

    /// The table without positions, for templates.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        self.entries.iter().map(|(key, _, node)| (key.clone(), node.to_json())).collect()
    }
}
