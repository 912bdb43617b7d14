//! Plain text that looks like something else: markup in titles, text that was escaped twice.

use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::html;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{Base, short};

rules! {
    TITLE_MARKUP = Warning "title-markup", "RSS Profile, title; RFC 4287, 3.1.1.1; JSON Feed 1.1: titles are plain text",
        "take the markup out: one reader shows the tags, another drops what is between them";
    TWICE = Warning "text-escaped-twice", "RSS Profile, Character Data: text is escaped once",
        "escape it once: readers show &amp; and tags as letters";
    EMPTY_TITLE = Warning "title-empty", "RSS Profile, title; RFC 4287, 4.2.14: a title is of use when it says something",
        "give it a title; readers show a blank line to click on";
}

/// Tags that somebody would put into a title.
const INLINE: [&str; 14] =
    ["b", "i", "em", "strong", "a", "p", "br", "br/", "span", "code", "sup", "sub", "u", "img"];

/// What is left of an escaped tag that was escaped again.
const LEFT: [&str; 6] = ["&lt;p&gt;", "&lt;/p&gt;", "&lt;br", "&lt;div", "&lt;img ", "&lt;a href"];

/// Checks a title in plain text.
pub fn check_title(report: &mut Report, at: usize, title: &str) {
    if title.trim().is_empty() {
        report.add(&EMPTY_TITLE, at, "the title is empty");
    }
    check_plain(report, at, title);
}

/// Checks plain text.
pub fn check_plain(report: &mut Report, at: usize, text: &str) {
    if holds_markup(text) {
        report.add(&TITLE_MARKUP, at, format!("the plain text {} holds markup", short(text)));
    }
    if holds_reference(text) {
        report.add(&TWICE, at, format!("the plain text {} still holds an entity", short(text)));
    }
}

/// Checks an element's text as HTML.
pub fn check_html(report: &mut Report, element: &Element<'_>, base: Base) {
    let html = element.raw_text();
    if !html.contains('<') && LEFT.iter().any(|left| html.contains(left)) {
        report.add(&TWICE, element.text_at(), "the HTML shows its tags as letters");
    }
    html::check(report, &html, base, |at| element.locate(at));
}

/// Whether a tag stands in the text that somebody would put there.
#[must_use]
pub fn holds_markup(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        rest.find(['>', ' ']).is_some_and(|end| {
            INLINE.iter().any(|name| rest[..end].eq_ignore_ascii_case(name)) && rest.contains('>')
        })
    })
}

fn holds_reference(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| {
        let Some((name, _)) = rest.split_once(';') else { return false };
        matches!(
            name,
            "amp" | "lt" | "gt" | "quot" | "apos" | "nbsp" | "mdash" | "ndash" | "hellip" | "rsquo"
        ) || name.strip_prefix('#').is_some_and(|number| {
            !number.is_empty() && number.trim_start_matches('x').chars().all(|c| c.is_ascii_hexdigit())
        })
    })
}
