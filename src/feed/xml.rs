//! What the XML writers share: strings that XML 1.0 allows, escaping, and the frame of a document.
//!
//! Every string of the model passes through [`legal`] or one of its callers here, once; a [`url::Url`] is
//! ASCII without controls already. This file must not know which element of which format a string ends in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use memchr::{memchr, memmem};

/// What wrote the document. Without a version: an upgrade of Tidings must not rewrite every feed and put an end
/// to every reader's 304s.
pub const GENERATOR: &str = "Tidings";

/// The prefixes that the writers use without help of their crates, and what they stand for.
const NAMESPACES: [(&str, &str); 5] = [
    // Entries that were withdrawn (RFC 6721, section 3).
    ("at", "http://purl.org/atompub/tombstones/1.0"),
    // Archives of a feed (RFC 5005, section 4).
    ("fh", "http://purl.org/syndication/history/1.0"),
    // Pictures with their measure and description (<https://www.rssboard.org/media-rss>).
    ("media", "http://search.yahoo.com/mrss/"),
    // The number of comments in RSS (<http://purl.org/rss/1.0/modules/slash/>).
    ("slash", "http://purl.org/rss/1.0/modules/slash/"),
    // The number of comments in Atom (RFC 4685, section 2).
    ("thr", "http://purl.org/syndication/thread/1.0"),
];

/// `text` with only the characters that XML 1.0 allows (section 2.2, production `Char`).
///
/// A character outside of it can't be written as a numeric reference either, so it goes; of the controls,
/// vertical tab and form feed part words and become a space. Line ends become `\n`, as a parser would make
/// them (section 2.11), so that what is read is what was written.
#[must_use]
pub fn legal(text: &str) -> Cow<'_, str> {
    if is_plain(text) || text.chars().all(|c| c != '\r' && is_legal(c)) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n").replace(['\u{b}', '\u{c}'], " ");
    Cow::Owned(lines.chars().filter(|&c| is_legal(c)).collect())
}

/// [`legal`] text on one line, for titles, names and attributes: runs of blanks and line ends become one
/// space. A no-break space is the author's typography and stays.
#[must_use]
pub fn one_line(text: &str) -> String {
    let text = legal(text);
    let words =
        text.split([' ', '\t', '\n', '\u{85}', '\u{2028}', '\u{2029}']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// [`one_line`], or nothing where no character is left: for elements that are left out or have a substitute.
#[must_use]
pub fn line(text: &str) -> Option<String> {
    Some(one_line(text)).filter(|line| !line.is_empty())
}

/// [`legal`] paragraphs with a blank line between them; empty ones are left out.
#[must_use]
pub fn paragraphs<'a, S: AsRef<str> + ?Sized + 'a>(texts: impl IntoIterator<Item = &'a S>) -> String {
    let cleaned: Vec<_> = texts.into_iter().map(|text| legal(text.as_ref())).collect();
    cleaned.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Escapes [`legal`] text for element content and double-quoted attributes, of XML and HTML alike.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    Cow::Owned(escaped)
}

/// The namespaces to declare for elements that are filed under their prefix, as both crates file extensions.
#[must_use]
pub fn namespaces<'a, T: 'a>(
    extensions: impl Iterator<Item = &'a BTreeMap<String, T>>,
) -> BTreeMap<String, String> {
    let used: BTreeSet<&str> = extensions.flat_map(BTreeMap::keys).map(String::as_str).collect();
    let declared = NAMESPACES.iter().filter(|(prefix, _)| used.contains(prefix));
    declared.map(|&(prefix, uri)| (prefix.to_owned(), uri.to_owned())).collect()
}

/// A whole document around `root`: declaration at byte 0, the stylesheet if there is one, a newline at the
/// end. A declaration that a serialiser has put before `root` is replaced, so that all documents have one.
///
/// The stylesheet is CSS because browsers give up XSLT. Its address is escaped as in an attribute
/// (<https://www.w3.org/TR/xml-stylesheet/>, section 3), which also keeps `?>` out of the instruction.
#[must_use]
pub fn document(stylesheet: Option<&str>, root: &str) -> Vec<u8> {
    let mut text = String::with_capacity(root.len() + 200);
    text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if let Some(address) = stylesheet {
        let address = one_line(address);
        text.push_str("<?xml-stylesheet href=\"");
        text.push_str(&escape(&address));
        text.push_str("\" type=\"text/css\"?>\n");
    }
    let declared = root.strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>"));
    text.push_str(declared.map_or(root, |(_, rest)| rest).trim());
    text.push('\n');
    text.into_bytes()
}

/// `&`, `<` and `>` of element text as hexadecimal references.
///
/// To an XML parser nothing changes. The profile ("Character Data") asks for them in plain text because
/// readers disagree whether a title is HTML, and this spelling came out as the literal character in most of
/// them. Escaping twice instead would show `&amp;` in every reader that follows the specification. Tags and
/// CDATA, where HTML lives, are copied as they are.
#[must_use]
pub fn with_numeric_references(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len() + xml.len() / 32);
    let mut rest = xml;
    while let Some((text, markup)) =
        memchr(b'<', rest.as_bytes()).and_then(|start| rest.split_at_checked(start))
    {
        out.push_str(&numeric_references(text));
        let close = if markup.starts_with("<![CDATA[") { "]]>" } else { ">" };
        let end =
            memmem::find(markup.as_bytes(), close.as_bytes()).map_or(markup.len(), |at| at + close.len());
        let (markup, after) = markup.split_at_checked(end).unwrap_or((markup, ""));
        out.push_str(markup);
        rest = after;
    }
    out.push_str(&numeric_references(rest));
    out
}

/// Whether every character is legal at first sight. Without branches, so that it is done for many bytes at a time.
#[allow(clippy::needless_bitwise_bool)] // a lazy one is a branch
fn is_plain(text: &str) -> bool {
    let mut is_odd = false;
    for byte in text.as_bytes() {
        // Of the characters that begin with 0xEF, two are not legal.
        is_odd |= (*byte < b' ') & (*byte != b'\n') & (*byte != b'\t') | (*byte == 0xEF);
    }
    !is_odd
}

fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn numeric_references(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    // The quotes need no escaping in element text; the serialiser escapes them all the same.
    let pairs =
        [("&lt;", "&#x3C;"), ("&gt;", "&#x3E;"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&#x26;")];
    let replaced = pairs.iter().fold(text.to_owned(), |text, (named, numeric)| text.replace(named, numeric));
    Cow::Owned(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_legal_characters_are_left_and_legal_text_is_borrowed() {
        assert!(matches!(legal("tab\t, line\n, \u{d7ff}\u{e000}\u{fffd}🦀\u{10ffff}"), Cow::Borrowed(_)));
        assert_eq!(legal("a\u{0}b\u{8}c\u{1f}d\u{fffe}e\u{ffff}f"), "abcdef");
        assert_eq!(legal("a\u{b}b\u{c}c\r\nd\re"), "a b c\nd\ne");
    }

    #[test]
    fn one_line_collapses_blanks_but_not_typography() {
        assert_eq!(one_line("  a\t\r\n b\u{b}c\u{2028}d\u{a0}! "), "a b c d\u{a0}!");
        assert_eq!(line(" \u{8}\n"), None);
    }

    #[test]
    fn paragraphs_are_parted_by_blank_lines() {
        assert_eq!(paragraphs(["", "a\nb\u{b}", "\u{8}", " c "]), "a\nb\n\nc");
    }

    #[test]
    fn a_document_has_one_declaration_and_its_stylesheet_after_it() {
        let bytes = document(Some("/a?b=\"1\"&c?>"), "<?xml version=\"1.0\"?><x>?></x>");
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <?xml-stylesheet href=\"/a?b=&quot;1&quot;&amp;c?&gt;\" type=\"text/css\"?>\n<x>?></x>\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        assert_eq!(document(None, "<x/>"), b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<x/>\n");
    }

    #[test]
    fn references_become_numeric_in_text_and_nowhere_else() {
        let xml = "<a b=\"&amp;&lt;\">&amp;lt; &lt;b&gt; &quot;&apos;<![CDATA[<i>&amp;]]]]><![CDATA[>]]></a>";
        let expected =
            "<a b=\"&amp;&lt;\">&#x26;lt; &#x3C;b&#x3E; \"'<![CDATA[<i>&amp;]]]]><![CDATA[>]]></a>";
        assert_eq!(with_numeric_references(xml), expected);
    }
}
