//! The plain part of HTML, as nearly all Markdown makes it: known elements, each closed where it has to be, and text that
//! a parser of HTML would write as it reads it. Whatever else there is, the full sanitiser reads: this one never guesses.
//!
//! Measured: a tenth of the time that the full sanitiser takes. Property tests hold the two together.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr2_iter};
use url::{ParseError, Url};

use crate::catalog::body::{self, LANGUAGES};
use crate::catalog::html;
use crate::catalog::settings::Site;

/// Where an element may stand, and what may stand in one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Blocks and text.
    Blocks,
    /// Text with its marks.
    Text,
    /// Items of a list.
    List,
    /// The head and the body of a table.
    Table,
    /// Rows.
    Rows,
    /// Cells.
    Row,
    /// Nothing: the element has no end.
    Nowhere,
}

/// An element that the sanitiser lets through.
struct Element {
    name: &'static str,
    stands_in: Place,
    holds: Place,
    /// Those that it may have, in this order.
    attributes: &'static [&'static str],
}

const fn element(
    name: &'static str,
    stands_in: Place,
    holds: Place,
    attributes: &'static [&'static str],
) -> Element {
    Element { name, stands_in, holds, attributes }
}

/// The most frequent ones first.
const ELEMENTS: [Element; 28] = [
    element("p", Place::Blocks, Place::Text, &[]),
    element("li", Place::List, Place::Blocks, &[]),
    element("a", Place::Text, Place::Text, &["href", "title"]),
    element("code", Place::Text, Place::Text, &["class"]),
    element("em", Place::Text, Place::Text, &[]),
    element("strong", Place::Text, Place::Text, &[]),
    element("td", Place::Row, Place::Text, &["style"]),
    element("tr", Place::Rows, Place::Row, &[]),
    element("th", Place::Row, Place::Text, &["style"]),
    element("h2", Place::Blocks, Place::Text, &["id", "class"]),
    element("h3", Place::Blocks, Place::Text, &["id", "class"]),
    element("ul", Place::Blocks, Place::List, &[]),
    element("ol", Place::Blocks, Place::List, &["start"]),
    element("pre", Place::Blocks, Place::Text, &[]),
    element("img", Place::Text, Place::Nowhere, &["src", "alt", "title"]),
    element("br", Place::Text, Place::Nowhere, &[]),
    element("blockquote", Place::Blocks, Place::Blocks, &[]),
    element("table", Place::Blocks, Place::Table, &[]),
    element("thead", Place::Table, Place::Rows, &[]),
    element("tbody", Place::Table, Place::Rows, &[]),
    element("sup", Place::Text, Place::Text, &["class"]),
    element("div", Place::Blocks, Place::Blocks, &["class", "id"]),
    element("hr", Place::Blocks, Place::Nowhere, &[]),
    element("del", Place::Text, Place::Text, &[]),
    element("h1", Place::Blocks, Place::Text, &["id", "class"]),
    element("h4", Place::Blocks, Place::Text, &["id", "class"]),
    element("h5", Place::Blocks, Place::Text, &["id", "class"]),
    element("h6", Place::Blocks, Place::Text, &["id", "class"]),
];

/// What [`body::sanitise_in_full`] makes of it, or nothing where it takes a parser to know.
#[must_use]
pub fn clean(html: &str, page: &Url, site: &Site) -> Option<String> {
    // A parser drops the mark and the zero, and makes a line's end of the return.
    if html.starts_with('\u{FEFF}') || memchr2(b'\r', 0, html.as_bytes()).is_some() {
        return None;
    }
    let mut cleaned = String::with_capacity(html.len() + html.len() / 8);
    let mut open: Vec<&Element> = Vec::with_capacity(8);
    let mut rest = html;
    while let Some(start) = memchr(b'<', rest.as_bytes()) {
        let (text, markup) = rest.split_at(start);
        write_text(text, &open, &mut cleaned)?;
        let (tag, behind) = markup[1..].split_once('>')?;
        if let Some(name) = tag.strip_prefix('/') {
            open.pop().filter(|element| element.name == name)?;
            cleaned.extend(["</", name, ">"]);
        } else {
            let element = write_start(tag, &open, page, site, &mut cleaned)?;
            // The line's end behind it belongs to the tag.
            if element.name == "pre" && behind.starts_with('\n') {
                return None;
            }
            if element.holds != Place::Nowhere {
                open.push(element);
            }
        }
        rest = behind;
    }
    write_text(rest, &open, &mut cleaned)?;
    let is_whole = open.is_empty();
    is_whole.then(|| if cleaned.contains('\u{A0}') { cleaned.replace('\u{A0}', "&nbsp;") } else { cleaned })
}

/// Text as it stands; between the parts of lists and tables there is none but blanks.
fn write_text(text: &str, open: &[&Element], cleaned: &mut String) -> Option<()> {
    let is_fit = match open.last().map_or(Place::Blocks, |element| element.holds) {
        Place::Blocks | Place::Text => is_escaped(text, &["&amp;", "&lt;", "&gt;"]),
        _ => text.bytes().all(|byte| byte == b'\n'),
    };
    is_fit.then(|| cleaned.push_str(text))
}

/// Whether every character that has to be escaped is, in one of these ways.
fn is_escaped(text: &str, ways: &[&str]) -> bool {
    memchr2_iter(b'&', b'>', text.as_bytes()).all(|at| ways.iter().any(|way| text[at..].starts_with(way)))
}

/// A start tag, without its brackets, as it may stand here.
fn write_start(
    tag: &str,
    open: &[&Element],
    page: &Url,
    site: &Site,
    cleaned: &mut String,
) -> Option<&'static Element> {
    let name = tag.split(' ').next().unwrap_or(tag);
    let element = ELEMENTS.iter().find(|element| element.name == name)?;
    let here = open.last().map_or(Place::Blocks, |element| element.holds);
    let is_fit = here == element.stands_in || here == Place::Blocks && element.stands_in == Place::Text;
    // A link ends at the next one.
    if !is_fit || name == "a" && open.iter().any(|outer| outer.name == "a") {
        return None;
    }
    cleaned.extend(["<", name]);
    let mut rest = &tag[name.len()..];
    if element.holds == Place::Nowhere {
        rest = rest.strip_suffix(" /").unwrap_or(rest);
    }
    let mut expected = element.attributes.iter();
    while !rest.is_empty() {
        let (attribute, behind) = rest.strip_prefix(' ')?.split_once("=\"")?;
        let (value, behind) = behind.split_once('"')?;
        expected.find(|known| **known == attribute)?;
        write_attribute(element, attribute, value, page, site, cleaned)?;
        rest = behind;
    }
    cleaned.push('>');
    Some(element)
}

/// An attribute as the sanitiser writes it, or nothing where it takes it out.
fn write_attribute(
    element: &Element,
    attribute: &str,
    value: &str,
    page: &Url,
    site: &Site,
    cleaned: &mut String,
) -> Option<()> {
    let is_plain = !value.contains(['&', '<', '>']);
    let is_escaped =
        is_plain || !value.contains('<') && is_escaped(value, &["&amp;", "&lt;", "&gt;", "&quot;"]);
    let address;
    let value = match (element.name, attribute) {
        (_, "href" | "src") => {
            address = absolute(value, page, site)?;
            &address
        }
        (_, "title" | "alt") if is_escaped => value,
        ("div", "id") if is_escaped && value.starts_with("fn-") => value,
        ("ol", "start") if is_plain => value,
        ("code", "class") if is_plain && LANGUAGES.contains(&value) => value,
        ("code", "class") if is_plain && !value.contains(char::is_whitespace) => "",
        ("td" | "th", "style") => match value {
            "text-align: left" => "text-align:left",
            "text-align: center" => "text-align:center",
            "text-align: right" => "text-align:right",
            _ => return None,
        },
        ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) | ("sup" | "div", "class") => return Some(()),
        _ => return None,
    };
    cleaned.extend([" ", attribute, "=\"", value, "\""]);
    Some(())
}

/// An address of an attribute, absolute and escaped; nothing for those that the sanitiser takes out.
fn absolute(value: &str, page: &Url, site: &Site) -> Option<String> {
    const WAYS: [(&str, &str); 5] =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
    let mut address = Cow::Borrowed(value);
    if memchr2(b'&', b'<', value.as_bytes()).is_some() {
        let is_escaped = is_escaped(value, &WAYS.map(|(way, _)| way)) && !value.contains('<');
        let unescaped =
            || WAYS.iter().fold(value.to_owned(), |text, (way, letter)| text.replace(way, letter));
        address = Cow::Owned(is_escaped.then(unescaped)?);
    }
    let alone = Url::parse(&address);
    let is_sound = matches!(alone, Ok(_) | Err(ParseError::RelativeUrlWithoutBase));
    let is_sound = is_sound && address.trim().len() == address.len();
    let address = is_sound.then(|| body::resolved(alone, &address, page, site))??;
    let mut escaped = String::with_capacity(address.len());
    html::escape(&address, &mut escaped);
    Some(escaped)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::clean;
    use crate::catalog::body::{sanitise_in_full, tests::site};
    use crate::catalog::{front_matter, markdown};

    /// Both ways, the plain one where it is taken.
    fn both(html: &str) -> (Option<String>, String) {
        let page = url::Url::parse("https://example.org/blog/heart/salt/").unwrap();
        (clean(html, &page, &site()), sanitise_in_full(html, &page, &site()))
    }

    fn of_markdown(text: &str) -> String {
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, markdown::events(text, "fn-a&b"));
        html
    }

    #[test]
    fn what_markdown_makes_is_cleaned_here() {
        let bodies = [
            "# One {#two .three}\n\nText *a **b*** `c & \"d\"` ~~e~~ & <https://x.org/?a=1&b='2'>.  \nf\\\ng\n\n---\n",
            "[a](/b \"c \\\" < d\") [b](../c) [c](#d) [d](mailto:a@b.org) <a@b.org> [e]()\n\n[f]\n\n[f]: /g",
            "- a\n- [x] b\n  1. c\n\n     d\n\n> e\n>> f\n\n3) g\n4) h\n\n    i < j\n\n```rust\n\nk\n```\n\n``` odd\n```",
            "| a | b | c | d |\n| --- | :-- | :-: | --: |\n| e | *f* | `g` |\n\n|a|\n|-|\n",
            "![a *b* < \"c\"](d.png \"e\") ![](/f.png) &nbsp;\u{a0}é 日本 &quot;'\n\na[^n]\n\n[^n]: Note.\n\n    More.",
        ];
        for body in bodies {
            let (plain, full) = both(&of_markdown(body));
            assert_eq!(plain.as_ref(), Some(&full), "{body:?}");
        }
    }

    #[test]
    fn every_fixture_is_cleaned_as_in_full() {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")];
        folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("content"));
        let (mut bodies, mut cleaned) = (0, 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
                    let body = front_matter::body(&text).unwrap_or(&text);
                    for html in [of_markdown(body), body.to_owned()] {
                        let (plain, full) = both(&html);
                        bodies += 1;
                        cleaned += usize::from(plain.is_some());
                        assert_eq!(plain.unwrap_or_else(|| full.clone()), full, "{:?}", entry.path());
                    }
                }
            }
        }
        assert!(bodies > 100 && cleaned > bodies / 4, "{cleaned} of {bodies}");
    }

    #[rustfmt::skip]
    const MARKDOWN: [&str; 96] = [
        "word", "two words", " ", "  ", "\n", "\n\n", "\n\n", "  \n", "\\\n", "\t", "\n    ", "é日本", "\u{a0}", "&nbsp;", "&amp;",
        "&lt;", "&", "<", ">", "\"", "'", "&#0;", "&#13;", "&#x1F;", "&copy", "\u{feff}", "\r", "\u{b}", "\n# ", "\n## ", "\n### a {#b .c d=e}\n", " {#x}",
        "\nhead\n===\n", "\nhead\n---\n", "\n- ", "\n  - ", "\n    - ", "\n* ", "\n1. ", "\n7) ", "\n   2. ", "\n- [ ] ",
        "\n- [x] ", "\n> ", "\n> > ", "\n>", "\n---\n", "\n***\n", "```\n", "\n```rust\n", "\n```odd & <x>\n", "\n~~~\n", "\n\n    code\n", "`",
        "``", "`a`", "*", "**", "***", "_", "__", "~", "~~", "[", "]", "[a](b)", "](/c)", "](../d?e=1&f=2 \"g\")", "[h](<i j> 'k')",
        "](javascript:alert)", "](mailto:a@b.org)", "](http://[)", "](tel:1)", "](ftp://x)", "](é)", "](//x.org/ü)", "]()", "![", "![a](b.png)",
        "![a *b* [c](d)](e \"f\")", "<https://x.org/?a&b>", "<a@b.org>", "\n[r]: /x \"y\"\n", "[r]", "[^n]", "\n[^n]: note\n",
        "\n\n[^n]: ", "\n| a | b |\n| - | -: |\n", "\n| c | d |", "\n| e |\n|:-:|\n| f |\n", "|", "\\", "<br>", "<b>x</b>",
        "<!-- more -->", "\n<div>\n",
    ];

    #[rustfmt::skip]
    const LEAVES: [&str; 24] = [
        "a", "word", "\n", " ", "&amp;", "&lt;b&gt;", "&quot;", "&#x27;", "&", ">", "\"", "\u{a0}", "<br>", "<br />", "<hr />", "<p />", "<p>", "</p>",
        "<em>", "</em>", "</li>", "<!-- a -->", "<img src=\" b\" alt=\"\" title=\"c&quot;\" />", "<img alt=\"b\" src=\"data:a\" title=\"c\">",
    ];

    #[rustfmt::skip]
    const TAGS: [(&str, &str); 40] = [
        ("<p>", "</p>"), ("<p>", "</p>\n"), ("<p>", ""), ("<ul>", "</ul>"), ("<li>", "</li>"), ("<ul>\n<li>", "</li>\n</ul>"), ("<ol start=\"3\">", "</ol>"),
        ("<ol>\n<li>", "</li></ol>"), ("<em>", "</em>"), ("<strong>", "</strong>"), ("<del>", "</del>"), ("<code>", "</code>"), ("<code class=\"x\">", "</code>"),
        ("<code class=\"language-rust\">", "</code>"), ("<code class=\"language-rust a\">", "</code>"), ("<sup class=\"x\">", "</sup>"), ("<sup>", "</sup>"),
        ("<a>", "</a>"), ("<a href=\"b\">", "</a>"), ("<a href=\"/c?d=1&amp;e\" title=\"f\">", "</a>"), ("<a href=\"javascript:a\">", "</a>"),
        ("<a href=\"a\" href=\"b\">", "</a>"), ("<a title=\"a\" href=\"b\">", "</a>"), ("<pre>", "</pre>"), ("<pre><code>", "</code></pre>\n"), ("<pre>\n", "</pre>"),
        ("<table>", "</table>"), ("<thead>", "</thead>"), ("<tbody>", "</tbody>"), ("<tr>", "</tr>"), ("<td>", "</td>"), ("<th style=\"text-align: left\">", "</th>"),
        ("<table><thead><tr><th>", "</th></tr></thead><tbody>\n</tbody></table>\n"), ("<table><tbody><tr><td style=\"text-align: right\">", "</td></tr></tbody></table>"),
        ("<blockquote>", "</blockquote>"), ("<div class=\"a\" id=\"fn-a&amp;\">", "</div>"), ("<div id=\"b\">", "</div>"), ("<h2 id=\"a\">", "</h2>"), ("<h1>", "</h1>"),
        ("<span>", "</span>"),
    ];

    /// Elements in each other, mostly closed.
    fn tree() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(&LEAVES[..]).prop_map(str::to_owned);
        leaf.prop_recursive(6, 60, 4, |inner| {
            (prop::sample::select(&TAGS[..]), prop::collection::vec(inner, 0..4))
                .prop_map(|((open, close), held)| format!("{open}{}{close}", held.concat()))
        })
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(&MARKDOWN[..]), 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn whatever_markdown_is_cleaned_here_is_cleaned_so_in_full(text in text()) {
            let (plain, full) = both(&of_markdown(&text));
            prop_assert_eq!(plain.unwrap_or_else(|| full.clone()), full);
        }

        #[test]
        fn whatever_html_is_cleaned_here_is_cleaned_so_in_full(html in tree()) {
            let (plain, full) = both(&html);
            prop_assert_eq!(plain.unwrap_or_else(|| full.clone()), full);
        }
    }
}
