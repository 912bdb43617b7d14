//! HTML that a feed carries: what readers strip, what leads nowhere, and what stays open.

use std::borrow::Cow;

use memchr::{memchr, memchr3};
use url::{ParseError, Url};

use crate::feed::judge::finding::{Report, Rule, rules};
use crate::feed::judge::values::{Base, short};

rules! {
    SCRIPT = Warning "html-script", "RSS Profile, description; RFC 4287, 8.1: readers remove what could run",
        "leave scripts out: nobody runs them";
    HANDLER = Warning "html-handler", "RFC 4287, 8.1: readers remove what could run",
        "leave event handlers and javascript: addresses out";
    EMBEDDED = Warning "html-embedded", "RFC 4287, 8.1: readers remove frames, objects and forms",
        "link to it, so that readers find it";
    RELATIVE = Error "html-relative", "RSS Profile, description: addresses should be whole; readers have no base",
        "write whole addresses";
    UNCLOSED = Warning "html-unclosed", "Known trouble: an open element swallows the entries below it in some readers",
        "close it";
    DOCUMENT = Warning "html-document", "RFC 4287, 3.1.1.2: content is what could stand in a <div>",
        "publish what is inside of <body> alone";
}

/// Elements that have no end tag.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements whose end tag HTML lets one leave out.
const OPTIONAL: [&str; 17] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup",
    "caption", "rt", "rp", "html",
];

/// Attributes that hold an address.
const ADDRESSES: [&str; 6] = ["href", "src", "poster", "cite", "data", "background"];

/// Browsers stop nesting at about half of it; a hostile document would make every end tag search for ever.
const DEEPEST: usize = 1_000;

/// A tag.
struct Tag<'a> {
    name: Cow<'a, str>,
    is_end: bool,
    is_empty: bool,
    inner: &'a str,
    at: usize,
}

/// Checks a piece of HTML. `locate` tells where a byte of it stands in the document.
pub fn check(report: &mut Report, html: &str, base: Base, locate: impl Fn(usize) -> usize) {
    let mut open: Vec<(Cow<'_, str>, usize)> = Vec::new();
    let mut add = |rule: &'static Rule, at: usize, message: String| report.add(rule, locate(at), message);
    for tag in tags(html) {
        let name = &*tag.name;
        if tag.is_end {
            match open.iter().rposition(|(opened, _)| opened == name) {
                Some(index) => {
                    for (left, at) in open.drain(index..).skip(1) {
                        if !OPTIONAL.contains(&&*left) {
                            add(&UNCLOSED, at, format!("<{left}> is still open where <{name}> ends"));
                        }
                    }
                }
                None if VOID.contains(&name) || name == "p" => {}
                None => add(&UNCLOSED, tag.at, format!("</{name}> ends what was not begun")),
            }
            continue;
        }
        match name {
            "script" | "style" => add(&SCRIPT, tag.at, format!("<{name}> is in the content")),
            "iframe" | "object" | "embed" | "applet" | "form" | "frame" | "frameset" => {
                add(&EMBEDDED, tag.at, format!("<{name}> is in the content"));
            }
            "html" | "head" | "body" => add(&DOCUMENT, tag.at, format!("<{name}> is in the content")),
            _ => {}
        }
        attributes(&tag, base, &mut add);
        if !tag.is_empty && !VOID.contains(&name) && open.len() < DEEPEST {
            open.push((tag.name, tag.at));
        }
    }
    for (name, at) in open {
        if !OPTIONAL.contains(&&*name) {
            add(&UNCLOSED, at, format!("<{name}> is never closed"));
        }
    }
}

fn attributes(tag: &Tag<'_>, base: Base, add: &mut impl FnMut(&'static Rule, usize, String)) {
    for (name, value) in pairs(tag.inner) {
        let name = lower_case(name);
        if name.starts_with("on") && name.len() > 3 {
            add(&HANDLER, tag.at, format!("<{}> has the event handler {}", tag.name, short(&name)));
            continue;
        }
        if name == "srcset" {
            for candidate in value.split(", ").filter_map(|part| part.split_ascii_whitespace().next()) {
                address(tag, candidate.trim_matches(','), base, add);
            }
        } else if ADDRESSES.contains(&&*name) {
            address(tag, value, base, add);
        }
    }
}

fn address(tag: &Tag<'_>, value: &str, base: Base, add: &mut impl FnMut(&'static Rule, usize, String)) {
    match Url::parse(value.trim()) {
        Ok(url) if matches!(url.scheme(), "javascript" | "vbscript") => {
            add(&HANDLER, tag.at, format!("<{}> has the address {}", tag.name, short(value)));
        }
        Err(ParseError::RelativeUrlWithoutBase) if base == Base::None => {
            add(&RELATIVE, tag.at, format!("the address {} in <{}> is relative", short(value), tag.name));
        }
        _ => {}
    }
}

/// The tags of a piece of HTML, without what stands in comments, scripts and styles.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = html.get(at..).and_then(|rest| memchr(b'<', rest.as_bytes())) {
        let start = at + found;
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.len(), |end| start + end + 3);
            continue;
        }
        let is_end = rest.starts_with("</");
        let after = &rest[if is_end { 2 } else { 1 }..];
        if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            at = start + 1;
            continue;
        }
        let Some(length) = tag_end(after) else { break };
        let inner = &after[..length];
        // Names go into messages, and so to somebody's terminal: nothing but letters, digits, - and : is one.
        let name_end = inner
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | ':'))
            .unwrap_or(inner.len());
        let name = lower_case(&inner[..name_end]);
        at = html.len() - after.len() + length + 1;
        let is_raw = !is_end && matches!(&*name, "script" | "style" | "textarea" | "title");
        if is_raw {
            at = raw_end(html, at, &name);
        }
        tags.push(Tag { name, is_end, is_empty: inner.ends_with('/'), inner: &inner[name_end..], at: start });
    }
    tags
}

fn lower_case(name: &str) -> Cow<'_, str> {
    let has_upper = name.bytes().any(|byte| byte.is_ascii_uppercase());
    if has_upper { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) }
}

/// Where the end tag of an element begins that holds no other tags.
fn raw_end(html: &str, from: usize, name: &str) -> usize {
    let ends = html[from..].match_indices("</").map(|(index, _)| from + index);
    let mut ours = ends
        .filter(|at| html.get(at + 2..at + 2 + name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)));
    ours.next().unwrap_or(html.len())
}

/// Where the `>` of a tag stands, which may be in a quoted value too.
fn tag_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += memchr3(b'>', b'"', b'\'', &bytes[at..])?;
        match bytes[at] {
            b'>' => return Some(at),
            quote => at += memchr(quote, &bytes[at + 1..])? + 2,
        }
    }
}

/// Names and values of attributes; a value without quotes ends at a blank.
fn pairs(inner: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut rest = inner.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=') else {
            let skipped = usize::from(end == 0);
            rest = after.get(skipped..).unwrap_or_default().trim_start();
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        pairs.push((name, value));
        rest = after.trim_start();
    }
    pairs
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn found(html: &str) -> Vec<&'static str> {
        let mut report = Report::new(DateTime::default());
        check(&mut report, html, Base::None, |at| at);
        report.into_findings(html, |_| String::new()).iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn faults_of_html_are_found_and_sound_html_is_not_blamed() {
        assert_eq!(
            found("<p>a<br>b<p>c<ul><li>x<li>y</ul><img src='https://e.org/a.png' alt='1 > 0'/> 1 < 2"),
            [""; 0]
        );
        assert_eq!(found("<a href=/x>y</a>"), ["html-relative"]);
        assert_eq!(found("<img srcset='https://e.org/1 1x, two 2x'>"), ["html-relative"]);
        assert_eq!(found("<b><i>x</b>"), ["html-unclosed"]);
        assert_eq!(found("x</div>"), ["html-unclosed"]);
        assert_eq!(found("<script>if (a<b) '<p>'</script>"), ["html-script"]);
        assert_eq!(found("<p onclick=x()>y</p><!-- <b> -->"), ["html-handler"]);
    }
}
