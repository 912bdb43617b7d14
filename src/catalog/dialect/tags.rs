//! Template tags in a body, whatever their syntax: found tags become a tree in which an opening tag holds what
//! stands before its closing one.

use std::ops::Range;

/// What a tag is by its looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// An escaped tag: this text is meant.
    Literal(String),
    /// A tag that encloses nothing.
    Single,
    /// A tag that encloses something if a closing one follows.
    Open,
    /// A closing tag.
    Close,
    /// Something that is printed: `{{ value }}` in Liquid.
    Output,
}

/// A tag of a body.
#[derive(Clone, Debug)]
pub struct Tag<'a> {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub form: Form,
    /// Its name; a closing one with an empty name closes whatever is open.
    pub name: &'a str,
    /// What stands behind its name.
    pub rest: &'a str,
}

/// Text, or a tag with what it encloses.
#[derive(Debug)]
pub enum Piece<'a> {
    /// Bytes without a tag.
    Text(Range<usize>),
    /// A tag.
    Tag(Tag<'a>, Option<Inner<'a>>),
}

/// What a tag encloses.
#[derive(Debug)]
pub struct Inner<'a> {
    /// Its bytes.
    pub range: Range<usize>,
    /// The same as a tree.
    pub pieces: Vec<Piece<'a>>,
}

/// After so many tags without an end nobody looks for more: each look goes to the end of the body.
pub const MOST_UNCLOSED: usize = 100;

/// Deeper than anybody nests tags, and no danger to the stack.
const DEEPEST: usize = 100;

/// Where the first of `openers`, which all begin with a brace, stands behind `from`.
#[must_use]
pub fn next_opener(source: &str, from: usize, openers: &[&str]) -> Option<usize> {
    let mut braces = source[from..].match_indices('{').map(|(at, _)| from + at);
    braces.find(|at| openers.iter().any(|opener| source[*at..].starts_with(opener)))
}

/// The tree of `range`, in which `tags` stand, in order.
#[must_use]
pub fn tree<'a>(tags: &[Tag<'a>], range: Range<usize>) -> Vec<Piece<'a>> {
    build(tags, &closings(tags), 0..tags.len(), range)
}

/// For each tag the index of the one that closes it. An opening tag without one encloses nothing.
fn closings(tags: &[Tag<'_>]) -> Vec<Option<usize>> {
    let mut closing = vec![None; tags.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        match tag.form {
            Form::Open => open.push(index),
            Form::Close => {
                let matching = |at: &usize| tag.name.is_empty() || tags[*at].name == tag.name;
                if let Some(depth) = open.iter().rposition(matching) {
                    closing[open[depth]] = Some(index);
                    open.truncate(depth);
                }
            }
            Form::Literal(_) | Form::Single | Form::Output => {}
        }
    }
    let mut ends: Vec<usize> = Vec::new();
    for (index, end) in closing.iter_mut().enumerate() {
        while ends.last().is_some_and(|end| *end <= index) {
            ends.pop();
        }
        if ends.len() >= DEEPEST {
            *end = None;
        }
        ends.extend(*end);
    }
    closing
}

fn build<'a>(
    tags: &[Tag<'a>],
    closing: &[Option<usize>],
    indices: Range<usize>,
    range: Range<usize>,
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let (mut at, mut index) = (range.start, indices.start);
    while index < indices.end {
        let tag = &tags[index];
        if tag.range.start > at {
            pieces.push(Piece::Text(at..tag.range.start));
        }
        if let Some(end) = closing[index] {
            let inside = tag.range.end..tags[end].range.start;
            let inner = build(tags, closing, index + 1..end, inside.clone());
            pieces.push(Piece::Tag(tag.clone(), Some(Inner { range: inside, pieces: inner })));
            (at, index) = (tags[end].range.end, end + 1);
        } else {
            pieces.push(Piece::Tag(tag.clone(), None));
            (at, index) = (tag.range.end, index + 1);
        }
    }
    if at < range.end {
        pieces.push(Piece::Text(at..range.end));
    }
    pieces
}

/// Where `end` stands in `text`, not counting what is between quotes.
#[must_use]
pub fn find_outside_quotes(text: &str, end: &str, quotes: &str) -> Option<usize> {
    find_first_outside_quotes(text, &[end], quotes).map(|(at, _)| at)
}

/// Where the first of `ends` stands in `text`, not counting what is between quotes, and which it is.
#[must_use]
pub fn find_first_outside_quotes<'e>(text: &str, ends: &[&'e str], quotes: &str) -> Option<(usize, &'e str)> {
    let mut quote = None;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(open) if letter == '\\' && open != '`' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None => match ends.iter().find(|end| text[at..].starts_with(**end)) {
                Some(end) => return Some((at, end)),
                None if quotes.contains(letter) => quote = Some(letter),
                None => {}
            },
        }
    }
    None
}

/// What a tag was given: `one "two three" key="value"`, with or without commas.
#[derive(Debug, Default)]
pub struct Arguments {
    /// Those without a key.
    pub plain: Vec<String>,
    /// Those with one.
    pub named: Vec<(String, String)>,
}

impl Arguments {
    /// Reads what stands behind a tag's name.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut arguments = Self::default();
        let mut rest = text.trim_start_matches(is_between);
        while !rest.is_empty() {
            let (first, tail) = word(rest);
            let value = tail.trim_start().strip_prefix('=').map(str::trim_start);
            // A quoted word is a value, never a key.
            if let (Some(value), false) = (value, rest.starts_with(['"', '\'', '`'])) {
                let (value, tail) = word(value);
                arguments.named.push((first.to_lowercase(), value));
                rest = tail;
            } else {
                arguments.plain.push(first);
                rest = tail;
            }
            rest = rest.trim_start_matches(is_between);
        }
        arguments
    }

    /// The value of the first of `keys` that is there.
    #[must_use]
    pub fn get(&self, keys: &[&str]) -> Option<&str> {
        let value =
            |key: &&str| self.named.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        keys.iter().find_map(value).filter(|value| !value.is_empty())
    }

    /// The same, or else the one at `index` among those without a key.
    #[must_use]
    pub fn get_or(&self, keys: &[&str], index: usize) -> Option<&str> {
        self.get(keys).or_else(|| self.plain.get(index).map(String::as_str))
    }
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || letter == ','
}

/// One word, without its quotes, and what follows. Always takes a character.
fn word(text: &str) -> (String, &str) {
    if let Some(quote) = text.chars().next().filter(|letter| "\"'`".contains(*letter)) {
        let inside = &text[1..];
        let mut value = String::new();
        let mut letters = inside.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' if quote != '`' => value.extend(letters.next().map(|(_, letter)| letter)),
                _ if letter == quote => return (value, &inside[at + 1..]),
                _ => value.push(letter),
            }
        }
        return (value, "");
    }
    let end = text.find(|letter| is_between(letter) || letter == '=').unwrap_or(text.len()).max(1);
    let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    (text[..end].to_owned(), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_come_with_keys_or_without_and_in_any_quotes() {
        let table = [
            ("one \"two three\" 'x'", vec!["one", "two three", "x"], vec![]),
            ("src=\"a.png\" alt = 'b \"c\"'", vec![], vec![("src", "a.png"), ("alt", "b \"c\"")]),
            ("id=`x`, autoplay=true", vec![], vec![("id", "x"), ("autoplay", "true")]),
            (r#""say \"hi\"""#, vec!["say \"hi\""], vec![]),
            ("\"a=b\" =", vec!["a=b", "="], vec![]),
            ("\"open", vec!["open"], vec![]),
            ("é=1", vec![], vec![("é", "1")]),
        ];
        for (text, plain, named) in table {
            let found = Arguments::read(text);
            let pairs: Vec<_> =
                found.named.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            assert_eq!(
                (found.plain, pairs),
                (plain.into_iter().map(str::to_owned).collect(), named),
                "{text}"
            );
        }
    }

    #[test]
    fn an_opening_tag_holds_what_stands_before_its_closing_one() {
        let tag = |at: usize, form, name| Tag { range: at..at + 1, form, name, rest: "" };
        // a( b c( d )c )a e: b is never closed.
        let tags = [
            tag(0, Form::Open, "a"),
            tag(2, Form::Open, "b"),
            tag(4, Form::Open, "c"),
            tag(6, Form::Close, "c"),
            tag(8, Form::Close, "a"),
        ];
        let pieces = tree(&tags, 0..10);
        let [Piece::Tag(_, Some(inner)), Piece::Text(rest)] = pieces.as_slice() else { panic!("{pieces:?}") };
        assert_eq!((inner.range.clone(), rest.clone()), (1..8, 9..10));
        assert_eq!(inner.pieces.len(), 5);
        assert!(matches!(&inner.pieces[1], Piece::Tag(tag, None) if tag.name == "b"));
    }
}
