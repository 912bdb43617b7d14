//! The plain part of YAML, as nearly all front matter is written: `key: value` at the left edge, values that are
//! words, quoted text, or simple lists of these. Whatever else there is, the full parser reads: this one never guesses.
//!
//! Measured: a tenth of the time that the full parser takes. A property test holds the two together.

use std::iter::Peekable;

use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::problem::Position;

/// Parses a block, or gives it up for the full parser to read.
#[must_use]
pub fn parse(block: &str) -> Option<Table> {
    let mut table = Table { entries: Vec::with_capacity(8) };
    let mut lines = block.lines().zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, rest) = line.split_once(':')?;
        if !is_key(key) || table.get(key).is_some() {
            return None;
        }
        let at = Position { line: number, column: 1 };
        let value = if rest.trim_matches(' ').is_empty() {
            let mut items = Vec::new();
            while let Some((item, number)) =
                lines.next_if(|(line, _)| line.trim_start_matches(' ').starts_with('-'))
            {
                let indent = item.len() - item.trim_start_matches(' ').len();
                let text = item[indent..].strip_prefix("- ")?;
                let column = indent + 3 + (text.len() - text.trim_start_matches(' ').len());
                items.push((
                    indent,
                    scalar(text.trim_matches(' '), Position { line: number, column }, false)?,
                ));
            }
            let indent = items.first()?.0;
            // What is indented behind a list belongs to it, or is a mistake.
            let goes_on = lines.peek().is_some_and(|(line, _)| line.starts_with([' ', '\t']));
            if goes_on || items.iter().any(|(other, _)| *other != indent) {
                return None;
            }
            // The full parser says so: where the first dash stands, or its item, if dashes are not indented.
            let first = items.first()?.1.at;
            let at = if indent == 0 { first } else { Position { line: first.line, column: indent + 1 } };
            Node { value: Value::List(items.into_iter().map(|(_, item)| item).collect()), at }
        } else {
            let text = rest.strip_prefix(' ')?.trim_start_matches(' ');
            if let Some(style) = Style::of(text) {
                let node = style.read(&mut lines)?;
                table.entries.push((key.to_owned(), at, node));
                continue;
            }
            let column = key.len() + rest.len() - text.len() + 2;
            let goes_on = lines.peek().is_some_and(|(line, _)| line.starts_with([' ', '\t', '-']));
            if goes_on {
                return None;
            }
            value(text.trim_end_matches(' '), Position { line: number, column })?
        };
        table.entries.push((key.to_owned(), at, value));
    }
    Some(table)
}

/// A text on lines of its own.
#[derive(Clone, Copy)]
struct Style {
    /// What joins its lines.
    joint: &'static str,
    /// What ends it.
    end: &'static str,
}

impl Style {
    /// `>` folds lines, `|` keeps them; `-` drops the last line's end.
    fn of(mark: &str) -> Option<Self> {
        let (joint, end) = match mark.trim_end_matches(' ') {
            ">" => (" ", "\n"),
            ">-" => (" ", ""),
            "|" => ("\n", "\n"),
            "|-" => ("\n", ""),
            _ => return None,
        };
        Some(Self { joint, end })
    }

    /// Its lines, all as far indented as the first, none empty.
    fn read<'a>(self, lines: &mut Peekable<impl Iterator<Item = (&'a str, usize)>>) -> Option<Node> {
        let mut text = String::new();
        let (mut indent, mut at) = (0, Position::START);
        while let Some((line, number)) = lines.next_if(|(line, _)| line.starts_with(' ')) {
            let inner = line.trim_start_matches(' ');
            if indent == 0 {
                indent = line.len() - inner.len();
                at = Position { line: number, column: indent + 1 };
            } else {
                text.push_str(self.joint);
            }
            if line.len() - inner.len() != indent
                || inner.is_empty()
                || inner.ends_with(' ')
                || !is_printable(inner)
            {
                return None;
            }
            text.push_str(inner);
        }
        // An empty line may belong to it, and a tab is somebody's mistake.
        let goes_on = lines.peek().is_some_and(|(line, _)| line.is_empty() || line.starts_with('\t'));
        if text.is_empty() || goes_on {
            return None;
        }
        text.push_str(self.end);
        Some(Node { value: Value::Text(text), at })
    }
}

/// Letters, digits, hyphens and underscores, and no word that YAML takes for something else.
fn is_key(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        && !is_special(key)
}

/// A scalar, or a list in brackets.
fn value(text: &str, at: Position) -> Option<Node> {
    let Some(inner) = text.strip_prefix('[') else { return scalar(text, at, false) };
    let inner = inner.strip_suffix(']')?;
    let mut items = Vec::new();
    if inner.trim_matches(' ').is_empty() {
        return Some(Node { value: Value::List(items), at });
    }
    let mut column = at.column + 1;
    for part in inner.split(',') {
        let text = part.trim_start_matches(' ');
        let before = part.len() - text.len();
        items.push(scalar(
            text.trim_end_matches(' '),
            Position { line: at.line, column: column + before },
            true,
        )?);
        column += part.chars().count() + 1;
    }
    Some(Node { value: Value::List(items), at })
}

/// One text, number or date without surprises.
fn scalar(text: &str, at: Position, in_list: bool) -> Option<Node> {
    let node = |value| Some(Node { value, at });
    let quote = text.chars().next()?;
    if quote == '"' || quote == '\'' {
        let inner = text[1..].strip_suffix(quote)?;
        // A comma in quotes was taken for the end of an item already, so a quoted item has none.
        let is_simple = !inner.contains([quote, '\\']) && is_printable(inner);
        return if is_simple { node(Value::Text(inner.to_owned())) } else { None };
    }
    let is_odd = text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
        || !is_printable(text)
        || in_list && text.contains(['[', ']', '{', '}', ',', ':', '"', '\'', '#'])
        || is_special(text);
    if is_odd {
        return None;
    }
    if quote.is_ascii_digit() {
        return match text.as_bytes() {
            _ if is_moment(text) => node(Value::Text(text.to_owned())),
            [b'1'..=b'9', rest @ ..] if rest.len() < 15 && rest.iter().all(u8::is_ascii_digit) => {
                node(Value::Literal(text.to_owned()))
            }
            _ => None,
        };
    }
    if quote.is_alphabetic() { node(Value::Text(text.to_owned())) } else { None }
}

/// No tab and no control: YAML has rules for each.
fn is_printable(text: &str) -> bool {
    let mut has_control = false;
    for byte in text.bytes() {
        has_control |= byte < b' ';
        has_control |= byte == 0x7F;
    }
    !has_control && (text.is_ascii() || !text.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{FEFF}']))
}

/// A word that some version of YAML takes for no text.
fn is_special(word: &str) -> bool {
    const SPECIAL: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    word.len() <= 5 && SPECIAL.iter().any(|special| word.eq_ignore_ascii_case(special))
}

/// `2024-05-01`, with or without what may follow: a time behind `T` or a blank, and an offset.
fn is_moment(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(place, byte)| match place {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
        && match bytes.get(10) {
            None => true,
            Some(b'T' | b' ') => {
                bytes.len() > 11
                    && bytes[11..].iter().all(|byte| byte.is_ascii_digit() || b":.+-Z ".contains(byte))
            }
            Some(_) => false,
        }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;
    use crate::catalog::front_matter::yaml;

    #[test]
    fn usual_front_matter_is_read_here() {
        let block = "\n# by hand\ntitle: Salt & the heart, part 2\ndate: 2024-05-01\nupdated: 2024-05-01 08:00:00 +0200\n\
             tags: [a, \"b c\", d-e]\nauthors:\n  - Ana Roe\n  - 'Bo Li'\nempty: []\norder: 12\nsummary: \"One: two\"\n\
             url: https://example.org/a:b\nlong: >-\n  One two\n  three.\nkept: |\n   a\n   b\n";
        assert_eq!(parse(block), Some(yaml::parse_in_full(block).unwrap()));
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_full_parser() {
        let blocks = [
            "a: b: c",
            "a: &x b",
            "a: *x",
            "a: b\n  c",
            "a: b # note",
            "a: \"b\\n\"",
            "a: 'b''c'",
            "a: {b: c}",
            "a: [b, [c]]",
            "a:\n  b: c",
            "a:\n- b\n  c",
            "a:\n- b: c",
            "a: 1.10",
            "a: 007",
            "a: yes",
            "a: ~",
            "a:",
            "a: b\na: c",
            "- a",
            "a",
            "yes: 1",
            "a: ['b, c']",
            "a:\tb",
            "a: b\tc",
            "? a",
            "a: 12:30",
            "a: [b: c]",
            "...",
            "a: @b",
            "a:\n- b\n - c",
        ];
        for block in blocks {
            assert_eq!(parse(block), None, "{block:?}");
        }
    }

    /// Pieces of which YAML is made, put together without sense.
    fn block() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "title",
            "date",
            "a",
            "yes",
            "no",
            "null",
            "true",
            ": ",
            ":",
            "\n",
            "\n",
            "\n  ",
            "\n- ",
            "\n  - ",
            " ",
            "  ",
            "\"",
            "'",
            "[",
            "]",
            ", ",
            ",",
            "#",
            " #",
            "é",
            "日本",
            "2024-05-01",
            "T08:00",
            " 08:00:00 +0200",
            "12",
            "007",
            "1.5",
            "1e3",
            "0x1f",
            "word",
            "two words",
            "-",
            "|",
            ">",
            "&",
            "*",
            "{",
            "}",
            "\\",
            "\t",
            "~",
            ".inf",
            "\u{a0}",
            "?",
            "!",
            "%",
            "@",
            "`",
            "http://x.org/",
            "+",
            "_",
            "=",
            "<<",
        ]);
        let line = (
            prop::sample::select(vec!["title", "date", "tags", "a-b", "x_1", "Key"]),
            prop::collection::vec(piece, 0..6),
        );
        prop::collection::vec(line, 0..5).prop_map(|lines| {
            lines
                .into_iter()
                .flat_map(|(key, pieces)| ["\n".to_owned(), key.to_owned(), ": ".to_owned(), pieces.concat()])
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn whatever_is_read_here_is_what_the_full_parser_reads(block in block()) {
            if let Some(table) = parse(&block) {
                prop_assert_eq!(Ok(table), yaml::parse_in_full(&block));
            }
        }
    }
}
