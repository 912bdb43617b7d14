//! HTML as one stream of tags and text: what summaries, titles and pages of other programs are read with. The only place
//! that knows the tokenizer. Nothing here is safe to show: that is what [`crate::catalog::body::sanitise`] is for.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};

use crate::text::folded;

/// A piece of a document.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A start tag; its name and attributes are in lower case.
    Open(&'a str, &'a [(String, String)]),
    /// An end tag.
    Close(&'a str),
    /// Text, its entities resolved.
    Text(&'a str),
}

/// Calls `take` with each piece and its line, from 1, in the order of the document.
pub fn pieces(html: &str, take: impl FnMut(Piece<'_>, usize)) {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Sink(RefCell::new(take)), html5ever::tokenizer::TokenizerOpts::default());
    // There are no scripts that could stop it.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
}

struct Sink<F>(RefCell<F>);

impl<F: FnMut(Piece<'_>, usize)> TokenSink for Sink<F> {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let line = usize::try_from(line).unwrap_or(1);
        let take = &mut *self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => take(Piece::Text(&text), line),
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => take(Piece::Close(&tag.name), line),
            Token::TagToken(tag) => {
                let attributes: Vec<(String, String)> = tag
                    .attrs
                    .iter()
                    .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
                    .collect();
                take(Piece::Open(&tag.name, &attributes), line);
                if tag.self_closing && &*tag.name == "svg" {
                    take(Piece::Close(&tag.name), line);
                }
                return content_of(&tag);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What stands in some elements is text, whatever it looks like (HTML, 13.2.6.4).
fn content_of(tag: &Tag) -> TokenSinkResult<()> {
    match &*tag.name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

/// The value of an attribute.
#[must_use]
pub fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Elements whose text is not for reading.
const UNREAD: [&str; 6] = ["script", "style", "template", "noscript", "iframe", "svg"];

/// Elements that stand beside the prose; a summary leaves them out, a title or byline has none.
const ASIDE: [&str; 12] =
    ["h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "figcaption", "aside", "nav", "form"];

/// Elements that stand in a line of text; all others divide words.
const INLINE: [&str; 18] = [
    "a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "u",
];

/// The text of a piece of HTML on one line.
#[must_use]
pub fn text(html: &str) -> String {
    text_without(html, &UNREAD, usize::MAX)
}

/// The running prose of a body on one line, up to somewhat more than `enough` bytes.
#[must_use]
pub fn prose(html: &str, enough: usize) -> String {
    let all: Vec<&str> = UNREAD.iter().chain(&ASIDE).copied().collect();
    text_without(html, &all, enough)
}

fn text_without(html: &str, unread: &[&str], enough: usize) -> String {
    // Nobody's summary takes more than the beginning of a page.
    let mut text = String::new();
    // The element that is passed over, and how many of its name are open in it.
    let (mut passed, mut depth) = (String::new(), 0_usize);
    pieces(html, |piece, _| match piece {
        _ if text.len() > enough => {}
        Piece::Open(name, _) if depth > 0 => depth += usize::from(name == passed),
        Piece::Close(name) if depth > 0 => depth -= usize::from(name == passed),
        Piece::Open(name, _) if unread.contains(&name) => (passed, depth) = (name.to_owned(), 1),
        Piece::Open(name, _) | Piece::Close(name) if !INLINE.contains(&name) => text.push(' '),
        Piece::Text(more) if depth == 0 => text.push_str(more),
        _ => {}
    });
    folded(&text)
}

/// Writes a piece of text so that it stands for itself in HTML.
pub fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_people_read() {
        let table = [
            ("<p>One <b>t</b>wo.</p><p>AT&amp;T &lt;3</p>", "One two. AT&T <3"),
            ("a<script>var x = '<p>';</script>b<style>p{}</style>", "ab"),
            ("</script>still here", "still here"),
            ("line<br>break", "line break"),
            ("1 < 2 & 3", "1 < 2 & 3"),
            ("", ""),
        ];
        for (html, expected) in table {
            assert_eq!(text(html), expected, "{html:?}");
        }
        assert_eq!(prose("<h1>Head</h1><p>Text</p><pre>code</pre> end", 100), "Text end");
    }

    #[test]
    fn hostile_documents_end() {
        for html in [
            "<div>".repeat(100_000),
            "<svg>".repeat(100_000) + &"</style>".repeat(100_000),
            "<![CDATA[".repeat(1000),
            "<a b=".repeat(10_000),
            "\0<\0".into(),
        ] {
            let _ = text(&html);
        }
    }
}
