//! A query as `PostgreSQL` is asked it: `:since` with a value of the right type, and places in it for people.

use crate::store::rows::query::SINCE;

/// Types that a value of `:since` is tried with where the query makes no sense without one, as in
/// `modified > :since - interval '1 hour'`.
pub(super) const CASTS: [&str; 7] = ["timestamptz", "timestamp", "date", "int8", "numeric", "float8", "text"];

/// A query, and where it says `:since`.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    text: &'a str,
    places: Vec<usize>,
}

impl<'a> Asked<'a> {
    /// As the operator wrote it.
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.trim_end_matches(|c: char| c.is_whitespace() || c == ';');
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let places = text.match_indices(SINCE).map(|(at, _)| at);
        // `::since` is a cast, and `:since_when` something else.
        let places =
            places.filter(|at| !text[..*at].ends_with(':') && !text[at + SINCE.len()..].starts_with(is_name));
        Self { text, places: places.collect() }
    }

    /// Whether it says `:since` at all.
    pub(super) fn has_since(&self) -> bool {
        !self.places.is_empty()
    }

    /// With NULL for `:since`, each character where it was.
    pub(super) fn without_value(&self) -> String {
        self.with("NULL  ")
    }

    /// With this expression for `:since`.
    pub(super) fn with(&self, value: &str) -> String {
        let mut sql = String::with_capacity(self.text.len() + 32);
        let mut from = 0;
        for at in &self.places {
            sql.push_str(&self.text[from..*at]);
            sql.push_str(value);
            from = at + SINCE.len();
        }
        sql.push_str(&self.text[from..]);
        sql
    }

    /// The place of the character with this number, the first being 1, with what stands there.
    pub(super) fn place(&self, number: usize) -> String {
        let before: String = self.text.chars().take(number.saturating_sub(1)).collect();
        let line = before.matches('\n').count();
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let written = self.text.lines().nth(line).unwrap_or_default().trim();
        format!("line {}, column {column} of the query: {written}", line + 1)
    }
}

/// What a value of a column of this type is cast to, to be held against the column; `None` where it has no use for it.
pub(super) fn cast(type_name: &str) -> Option<&'static str> {
    match type_name {
        "INT2" | "INT4" | "INT8" => Some("int8"),
        // As an eight-byte number, 0.1 is less than the column's 0.1.
        "FLOAT4" => Some("float4"),
        "FLOAT8" => Some("float8"),
        "NUMERIC" => Some("numeric"),
        "TEXT" | "VARCHAR" | "CHAR" => Some("text"),
        "DATE" => Some("date"),
        "TIMESTAMP" => Some("timestamp"),
        "TIMESTAMPTZ" => Some("timestamptz"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_found_where_it_stands_alone() {
        let table = [
            ("SELECT 1 WHERE :since IS NULL OR a > :since;\n", "SELECT 1 WHERE $1 IS NULL OR a > $1"),
            ("SELECT ':since_when', a::since, :since::date", "SELECT ':since_when', a::since, $1::date"),
            ("SELECT 1 -- ;", "SELECT 1 --"),
        ];
        for (text, expected) in table {
            assert_eq!(Asked::new(text).with("$1"), expected);
            assert_eq!(Asked::new(text).has_since(), text.contains(" :since"));
        }
        let text = "SELECT :since, ü";
        assert_eq!(Asked::new(text).without_value(), "SELECT NULL  , ü");
    }

    #[test]
    fn a_place_is_told_with_its_line() {
        let asked = Asked::new("SELECT ä\n  FORM posts\n");
        assert_eq!(asked.place(12), "line 2, column 3 of the query: FORM posts");
        assert_eq!(asked.place(1), "line 1, column 1 of the query: SELECT ä");
        assert_eq!(asked.place(99), "line 2, column 13 of the query: FORM posts");
    }
}
