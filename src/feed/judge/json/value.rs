//! A small JSON tree that knows where each value stands.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A value.
#[derive(Debug)]
pub struct Value<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// Its first byte.
    pub at: usize,
    /// Behind its last byte.
    pub end: usize,
}

/// What a value is.
#[derive(Debug)]
pub enum Kind<'a> {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool,
    /// As it was written.
    Number(&'a str),
    /// With its escapes resolved.
    String(Cow<'a, str>),
    /// In its order.
    Array(Vec<Value<'a>>),
    /// In its order, with the place of each key.
    Object(Vec<(Cow<'a, str>, usize, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// The value of a key of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.members().iter().find(|(name, _, _)| name == key).map(|(_, _, value)| value)
    }

    /// Keys, their places, and values; none of what is no object.
    #[must_use]
    pub fn members(&self) -> &[(Cow<'a, str>, usize, Value<'a>)] {
        if let Kind::Object(members) = &self.kind { members } else { &[] }
    }

    /// The values of an array; none of what is no array.
    #[must_use]
    pub fn items(&self) -> &[Value<'a>] {
        if let Kind::Array(items) = &self.kind { items } else { &[] }
    }

    /// The text of a string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// The path to the value that covers a byte: `items[2].url`.
    #[must_use]
    pub fn path(&self, offset: usize) -> String {
        let mut path = String::new();
        let mut here = self;
        'down: loop {
            for (key, at, value) in here.members() {
                if *at <= offset && offset < value.end {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                    here = value;
                    continue 'down;
                }
            }
            for (index, value) in here.items().iter().enumerate() {
                if value.at <= offset && offset < value.end {
                    let _ = write!(path, "[{}]", index + 1);
                    here = value;
                    continue 'down;
                }
            }
            return path;
        }
    }
}
