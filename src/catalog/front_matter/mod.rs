//! Front matter: the block of keys at the top of a source file, in YAML, TOML or JSON, as one tree of
//! values that know where they stand. Knows nothing of what the keys mean.

pub mod json;
pub mod plain;
pub mod toml;
pub mod value;
pub mod yaml;

use crate::catalog::front_matter::value::Table;
use crate::catalog::problem::Position;

/// A source file taken apart.
#[derive(Debug)]
pub struct Document<'a> {
    /// The keys, in the order in which they stand; empty without front matter.
    pub table: Table,
    /// Everything behind the front matter.
    pub body: &'a str,
    /// The line of the file on which `body` starts, from 1.
    pub body_line: usize,
}

/// Front matter that can't be read, and where the reader gave up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Position in the file.
    pub at: Position,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// Takes a source file apart. `text` has neither a byte order mark nor carriage returns.
///
/// # Errors
/// A block that does not end, or that its format's parser refuses.
pub fn read(text: &str) -> Result<Document<'_>, Fault> {
    if let Some((block, body, body_line)) = fenced(text, "---")? {
        return Ok(Document { table: yaml::parse(block)?, body, body_line });
    }
    if let Some((block, body, body_line)) = fenced(text, "+++")? {
        return Ok(Document { table: toml::parse(block)?, body, body_line });
    }
    if text.starts_with('{') {
        let (table, length) = json::parse(text)?;
        let body = &text[length..];
        return Ok(Document { table, body, body_line: Position::of_byte(text, length).line });
    }
    Ok(Document { table: Table::default(), body: text, body_line: 1 })
}

/// What stands behind the front matter, which is not looked at.
///
/// # Errors
/// A block that does not end.
pub fn body(text: &str) -> Result<&str, Fault> {
    for fence in ["---", "+++"] {
        if let Some((_, body, _)) = fenced(text, fence)? {
            return Ok(body);
        }
    }
    Ok(if text.starts_with('{') { &text[json::parse(text)?.1..] } else { text })
}

/// The block between two lines that are just `fence`, the body behind it and the body's first line.
/// The block keeps one empty line in the fence's place, so that its line numbers are the file's.
fn fenced<'a>(text: &'a str, fence: &str) -> Result<Option<(&'a str, &'a str, usize)>, Fault> {
    let is_fence = |line: &str| line.trim_end() == fence;
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| is_fence(line)) else {
        return Ok(None);
    };
    let block_start = first.trim_end().len();
    let mut offset = first.len();
    for (index, line) in lines.enumerate() {
        if is_fence(line) {
            return Ok(Some((&text[block_start..offset], &text[offset + line.len()..], index + 3)));
        }
        offset += line.len();
    }
    Err(Fault {
        at: Position::START,
        message: format!("the front matter that starts here with {fence} never ends"),
        hint: format!("close it with a line that is just {fence}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_gives_the_same_tree_and_body() {
        let yaml = read("---\ntitle: Salt\ntags: [a, b]\n---\nBody\n").unwrap();
        let toml = read("+++\ntitle = \"Salt\"\ntags = [\"a\", \"b\"]\n+++\nBody\n").unwrap();
        let json = read("{\n\"title\": \"Salt\",\n\"tags\": [\"a\", \"b\"]\n}\nBody\n").unwrap();
        for document in [&yaml, &toml, &json] {
            assert_eq!(document.table.text("title"), Some("Salt"));
            assert_eq!(document.table.position("tags").map(|at| at.line), Some(3));
            assert_eq!(document.body.trim(), "Body");
            assert_eq!(document.table.to_json()["tags"], serde_json::json!(["a", "b"]));
        }
        assert_eq!((yaml.body_line, toml.body_line, json.body_line), (5, 5, 4));
    }

    #[test]
    fn the_body_is_found_without_reading_the_keys() {
        for text in [
            "---\na: 1\n---\nBody\n",
            "+++\na = 1\n+++\nBody\n",
            "{\"a\": 1}\nBody\n",
            "Body\n",
            "---\n---\n",
        ] {
            assert_eq!(body(text).unwrap(), read(text).unwrap().body, "{text:?}");
        }
    }

    #[test]
    fn an_endless_block_and_no_block() {
        assert_eq!(read("---\ntitle: x\n").unwrap_err().at, Position::START);
        assert_eq!(read("Just text\n---\n").unwrap().body, "Just text\n---\n");
        assert_eq!(read("---\n---\nx").unwrap().body, "x");
    }
}
