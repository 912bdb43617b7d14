//! The text of a `WordPress` post as HTML: paragraphs where the author wrote empty lines, without the marks of blocks and
//! without shortcodes, which only the plug-ins of the site could fill.

use std::collections::{BTreeMap, HashSet};

/// Shortcodes of `WordPress` itself.
const CORE: [&str; 7] = ["audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"];

/// Elements that are no part of a paragraph.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

/// What a post's text becomes.
#[derive(Debug, PartialEq, Eq)]
pub struct Rendered {
    /// HTML that nobody has looked at yet.
    pub html: String,
    /// Shortcodes that were dropped, by name. What they enclose stays.
    pub dropped: BTreeMap<String, usize>,
}

/// The text as HTML.
#[must_use]
pub fn render(text: &str) -> Rendered {
    let text = text.replace("\r\n", "\n");
    let has_blocks = text.contains("<!-- wp:");
    let (text, dropped) = without_shortcodes(&without_marks(&text));
    let has_paragraphs = text.contains("<p>") || text.contains("<p ");
    let html = if has_blocks || has_paragraphs { text } else { paragraphs(&text) };
    Rendered { html: html.trim().to_owned(), dropped }
}

/// Takes out the comments that begin and end blocks.
fn without_marks(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<!-- ") {
        let (before, mark) = rest.split_at(start);
        left.push_str(before);
        let name = &mark["<!-- ".len()..];
        if !name.starts_with("wp:") && !name.starts_with("/wp:") {
            left.push_str("<!-- ");
            rest = name;
            continue;
        }
        // One that never ends hides all that follows, as it does in a browser.
        rest = mark.find("-->").map_or("", |end| &mark[end + "-->".len()..]);
    }
    left.push_str(rest);
    left
}

fn without_shortcodes(text: &str) -> (String, BTreeMap<String, usize>) {
    let mut dropped = BTreeMap::new();
    // Collected once: looking for each one's end would take for ever in a hostile text.
    let closed: HashSet<&str> = text.match_indices("[/").map(|(at, _)| word(&text[at + 2..])).collect();
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let (before, code) = rest.split_at(start);
        left.push_str(before);
        // Two brackets are how one writes about shortcodes.
        let is_escaped = code.starts_with("[[");
        let length = if is_escaped { None } else { shortcode(code, &closed) };
        match length {
            Some((name, length)) => {
                if !code.starts_with("[/") {
                    *dropped.entry(name.to_owned()).or_insert(0) += 1;
                }
                rest = &code[length..];
            }
            None if is_escaped => {
                left.push_str("[[");
                rest = &code[2..];
            }
            None => {
                left.push('[');
                rest = &code[1..];
            }
        }
    }
    left.push_str(rest);
    (left, dropped)
}

/// The name and length of the shortcode that text begins with. `[sic]` is none: one has a name of `WordPress`'s own, or a
/// value, or an end.
fn shortcode<'a>(code: &'a str, closed: &HashSet<&str>) -> Option<(&'a str, usize)> {
    let name = word(code[1..].trim_start_matches('/'));
    let is_end = code.starts_with("[/");
    let inner = &code[1 + usize::from(is_end) + name.len()..];
    // No attribute is longer; nor does a shortcode hold another one's bracket.
    let end = inner.char_indices().take(2000).find(|(_, c)| matches!(c, ']' | '['))?;
    let attributes = &inner[..end.0];
    let is_one = CORE.contains(&name) || closed.contains(name) || attributes.contains('=');
    let is_apart = attributes.is_empty() || attributes.starts_with([' ', '\n', '/']);
    (end.1 == ']' && !name.is_empty() && is_one && is_apart)
        .then(|| (name, code.len() - inner.len() + end.0 + 1))
}

/// The name that text begins with.
fn word(text: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let word = &text[..end];
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) { word } else { "" }
}

/// Paragraphs for empty lines and breaks for line ends, as `WordPress` makes them when it shows a post (wpautop).
fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 100);
    let mut rest = text;
    while let Some(start) = rest.find("<pre") {
        prose(&rest[..start], &mut html);
        let end = rest[start..].find("</pre>").map_or(rest.len(), |end| start + end + "</pre>".len());
        html.push_str(&rest[start..end]);
        html.push('\n');
        rest = &rest[end..];
    }
    prose(rest, &mut html);
    html
}

fn prose(text: &str, html: &mut String) {
    let apart = blocks_apart(text);
    for chunk in apart.split("\n\n").map(str::trim).filter(|chunk| !chunk.is_empty()) {
        if block(chunk).is_some() || chunk.starts_with("<!--") {
            html.push_str(chunk);
            html.push('\n');
        } else {
            html.push_str("<p>");
            html.push_str(&chunk.replace('\n', "<br>\n"));
            html.push_str("</p>\n");
        }
    }
}

/// The text with an empty line before each block's start and behind its end.
fn blocks_apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len() + 100);
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        apart.push_str(before);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        match block(tag) {
            Some(is_end) => {
                apart.push_str(if is_end { "" } else { "\n\n" });
                apart.push_str(&tag[..end]);
                apart.push_str(if is_end { "\n\n" } else { "" });
            }
            None => apart.push_str(&tag[..end]),
        }
        rest = &tag[end..];
    }
    apart.push_str(rest);
    apart
}

/// Whether text begins with a block's tag, and that is an end tag.
fn block(text: &str) -> Option<bool> {
    let tag = text.strip_prefix('<')?;
    let is_end = tag.starts_with('/');
    let name = word(tag.trim_start_matches('/')).to_ascii_lowercase();
    BLOCKS.contains(&name.as_str()).then_some(is_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_made_where_the_author_left_lines_empty() {
        let table = [
            ("One\ntwo.\n\nThree.", "<p>One<br>\ntwo.</p>\n<p>Three.</p>"),
            ("Text\n<ul>\n<li>a</li>\n</ul>\nend", "<p>Text</p>\n<ul>\n<li>a</li>\n</ul>\n<p>end</p>"),
            ("a\n\n<pre>x\n\ny</pre>\n\nb", "<p>a</p>\n<pre>x\n\ny</pre>\n<p>b</p>"),
            ("<p>One</p>\n\nTwo", "<p>One</p>\n\nTwo"),
            ("<!-- wp:paragraph {\"a\":1} -->\n<p>One</p>\n<!-- /wp:paragraph -->", "<p>One</p>"),
            ("a<!--more-->\n\nb <", "<p>a<!--more--></p>\n<p>b <</p>"),
        ];
        for (text, html) in table {
            assert_eq!(render(text).html, html, "{text:?}");
        }
    }

    #[test]
    fn shortcodes_are_dropped_and_brackets_stay() {
        let table = [
            ("[gallery ids=\"1,2\"]x", "<p>x</p>", 1),
            ("[caption id=\"a\"]<img src=\"x\"> Salt[/caption]", "<p><img src=\"x\"> Salt</p>", 1),
            ("[box]in[/box] [box]in[/box]", "<p>in in</p>", 2),
            (
                "as he said [sic], [1], [[gallery]] and a[0]=1",
                "<p>as he said [sic], [1], [[gallery]] and a[0]=1</p>",
                0,
            ),
            ("[unclosed a=1", "<p>[unclosed a=1</p>", 0),
            ("[", "<p>[</p>", 0),
        ];
        for (text, html, dropped) in table {
            let rendered = render(text);
            assert_eq!(
                (rendered.html.as_str(), rendered.dropped.values().sum::<usize>()),
                (html, dropped),
                "{text:?}"
            );
        }
    }

    #[test]
    fn hostile_texts_end() {
        for text in [
            "[a".repeat(200_000),
            "[/a]".repeat(100_000),
            "<!-- ".repeat(100_000),
            "<!-- wp:".repeat(100_000),
            "<".repeat(100_000),
        ] {
            let _ = render(&text);
        }
    }
}
