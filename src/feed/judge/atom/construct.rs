//! What Atom's elements are made of: texts, persons, categories, content (RFC 4287, 3 and 4.1.3).

use std::fmt::Write as _;

use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{self, Base, short};
use crate::feed::judge::{html, text};

rules! {
    ATTRIBUTE = Error "atom-attribute-unknown", "RFC 4287, 2: what is not of Atom has a namespace",
        "remove it, or give it a namespace";
    UNKNOWN = Error "atom-element-unknown", "RFC 4287, 6.2: Atom's namespace holds what is defined for the place alone",
        "remove it, or move it to where it belongs";
    TWICE = Error "atom-element-twice", "RFC 4287, 4.1: it must not appear more than once",
        "keep one of them";
    TEXT_TYPE = Error "atom-text-type", "RFC 4287, 3.1.1: the type is text, html or xhtml",
        "write one of the three";
    MARKUP = Error "atom-markup", "RFC 4287, 3.1.1 and 4.1.3.3: text and html hold no elements",
        "escape the markup, or say type=\"xhtml\" and put it into a <div>";
    XHTML = Error "atom-xhtml", "RFC 4287, 3.1.1.3 and 4.1.3.3: xhtml is a single <div> of XHTML",
        "put everything into <div xmlns=\"http://www.w3.org/1999/xhtml\">";
    PERSON_NAME = Error "atom-person-name", "RFC 4287, 3.2.1: a person has exactly one name",
        "give the person one <name>";
    PERSON_EMAIL = Error "atom-person-email", "RFC 4287, 3.2.3: the email is an address of RFC 2822",
        "write name@host, or leave it out";
    CATEGORY = Error "atom-category-term", "RFC 4287, 4.2.2.1: a category has a term",
        "give the category a term";
    CONTENT_TYPE = Error "atom-content-type", "RFC 4287, 4.1.3.1: text, html, xhtml or a MIME type that is not composite",
        "write one of them";
    CONTENT_SOURCE = Error "atom-content-src", "RFC 4287, 4.1.3.2: content with src is empty",
        "leave the text out, or the src";
    CONTENT_SOURCE_TYPE = Warning "atom-content-src-type", "RFC 4287, 4.1.3.2: content with src should say its type",
        "add the MIME type of what is there";
    BASE64 = Error "atom-content-base64", "RFC 4287, 4.1.3.3: content of other types is Base64",
        "encode it as Base64, or say type=\"html\"";
}

/// What holds for an element's relative addresses.
#[must_use]
pub fn base_of(element: &Element<'_>, outer: Base) -> Base {
    match element.xml("base") {
        Some(base) if values::is_absolute(&base.value) => Base::Given,
        _ => outer,
    }
}

/// Checks the attributes of an element of Atom: `known` ones, `xml:lang`, `xml:base`.
pub fn attributes(report: &mut Report, element: &Element<'_>, known: &[&str]) {
    for attribute in &element.attributes {
        if attribute.space == Space::None && !known.contains(&attribute.name) {
            let message = format!("<{}> has the attribute {:?}", element.written, attribute.name);
            report.add(&ATTRIBUTE, attribute.at, message);
        }
        if attribute.space == Space::Xml && attribute.name == "lang" && !attribute.value.is_empty() {
            values::check_language(report, attribute.at, &attribute.value);
        }
    }
}

/// Checks that only known elements of Atom are there, and single ones once.
pub fn children(report: &mut Report, element: &Element<'_>, once: &[&str], many: &[&str]) {
    let mut seen: Vec<&str> = Vec::new();
    for child in element.children().filter(|child| child.space == Space::Atom) {
        let is_single = once.contains(&child.name);
        if !is_single && !many.contains(&child.name) {
            let message = format!("<{}> does not belong into <{}>", child.written, element.written);
            report.add(&UNKNOWN, child.at, message);
        } else if is_single && seen.contains(&child.name) {
            report.add(&TWICE, child.at, format!("<{}> has a second <{}>", element.written, child.written));
        }
        if is_single && !seen.contains(&child.name) {
            seen.push(child.name);
        }
    }
}

/// Checks a text construct, and returns it as plain text for comparisons.
pub fn text(report: &mut Report, element: &Element<'_>, base: Base, is_title: bool) -> String {
    attributes(report, element, &["type"]);
    let base = base_of(element, base);
    let kind = element.attribute("type").map_or("text", |kind| kind.value.as_ref());
    match kind {
        "text" => {
            no_elements(report, element);
            if is_title {
                text::check_title(report, element.text_at(), &element.text());
            } else {
                text::check_plain(report, element.text_at(), &element.text());
            }
        }
        "html" => {
            no_elements(report, element);
            text::check_html(report, element, base);
            if is_title && element.text().is_empty() {
                report.add(&text::EMPTY_TITLE, element.at, "the title is empty");
            }
        }
        "xhtml" => xhtml(report, element, base),
        other => {
            let at = element.attribute("type").map_or(element.at, |kind| kind.at);
            report.add(&TEXT_TYPE, at, format!("{} is no type of text", short(other)));
        }
    }
    if kind == "xhtml" { whole_text(element) } else { element.raw_text().into_owned() }
}

/// All text below an element.
#[must_use]
pub fn whole_text(element: &Element<'_>) -> String {
    let mut whole = element.raw_text().into_owned();
    for child in element.children() {
        whole.push_str(&whole_text(child));
    }
    whole
}

/// Checks a person.
pub fn person(report: &mut Report, person: &Element<'_>, base: Base) {
    attributes(report, person, &[]);
    children(report, person, &["uri", "email"], &["name"]);
    let base = base_of(person, base);
    let mut names = person.all(Space::Atom, "name");
    match names.next() {
        None => report.add(&PERSON_NAME, person.at, format!("<{}> has no name", person.written)),
        Some(name) if name.text().is_empty() => report.add(&PERSON_NAME, name.at, "the name is empty"),
        Some(name) => text::check_plain(report, name.text_at(), &name.text()),
    }
    if let Some(second) = names.next() {
        report.add(&PERSON_NAME, second.at, format!("<{}> has a second name", person.written));
    }
    if let Some(uri) = person.child(Space::Atom, "uri") {
        values::check_url(report, uri.text_at(), &uri.text(), base);
    }
    if let Some(email) = person.child(Space::Atom, "email").filter(|email| !values::is_email(&email.text())) {
        report.add(&PERSON_EMAIL, email.text_at(), format!("{} is no address", short(&email.text())));
    }
}

/// Checks a category.
pub fn category(report: &mut Report, category: &Element<'_>, base: Base) {
    attributes(report, category, &["term", "scheme", "label"]);
    if category.attribute("term").is_none_or(|term| term.value.trim().is_empty()) {
        report.add(&CATEGORY, category.at, "the category has no term");
    }
    if let Some(scheme) = category.attribute("scheme") {
        values::check_url(report, scheme.at, &scheme.value, base_of(category, base));
    }
}

/// What an entry has to know of its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// It is elsewhere, or in Base64: the entry needs a summary.
    pub needs_summary: bool,
}

/// Checks an entry's content.
pub fn content(report: &mut Report, element: &Element<'_>, base: Base) -> Content {
    attributes(report, element, &["type", "src"]);
    let base = base_of(element, base);
    let kind_at = element.attribute("type").map_or(element.at, |kind| kind.at);
    let kind = element.attribute("type").map(|kind| kind.value.as_ref());
    if let Some(source) = element.attribute("src") {
        values::check_url(report, source.at, &source.value, base);
        if element.children().next().is_some() || !element.text().is_empty() {
            report.add(&CONTENT_SOURCE, element.at, "the content is here and at its src");
        }
        match kind {
            None => report.add(&CONTENT_SOURCE_TYPE, element.at, "the content with src has no type"),
            Some(kind) => media_type(report, kind, kind_at),
        }
        return Content { needs_summary: true };
    }
    match kind.unwrap_or("text") {
        "text" => no_elements(report, element),
        "html" => {
            no_elements(report, element);
            text::check_html(report, element, base);
        }
        "xhtml" => xhtml(report, element, base),
        other => {
            media_type(report, other, kind_at);
            let lower = other.to_ascii_lowercase();
            let is_xml = lower.ends_with("+xml") || lower.ends_with("/xml");
            if values::is_media_type(other) && !is_xml && !lower.starts_with("text/") {
                if !is_base64(&element.text()) {
                    report.add(
                        &BASE64,
                        element.text_at(),
                        format!("the content of type {other} is no Base64"),
                    );
                }
                return Content { needs_summary: true };
            }
        }
    }
    Content::default()
}

fn media_type(report: &mut Report, kind: &str, at: usize) {
    let lower = kind.to_ascii_lowercase();
    if lower.starts_with("multipart/") || lower.starts_with("message/") {
        report.add(&CONTENT_TYPE, at, format!("{} is a composite type", short(kind)));
    } else if !values::is_media_type(kind) {
        report.add(&CONTENT_TYPE, at, format!("{} is no type of content", short(kind)));
    }
}

fn no_elements(report: &mut Report, element: &Element<'_>) {
    if let Some(child) = element.children().next() {
        let message = format!("<{}> holds the element <{}>", element.written, child.written);
        report.add(&MARKUP, child.at, message);
    }
}

/// Checks a `<div>` of XHTML: its elements as tags, so that the same rules hold as for HTML.
fn xhtml(report: &mut Report, element: &Element<'_>, base: Base) {
    let mut children = element.children();
    let is_alone = element.text().is_empty();
    match (children.next(), children.next()) {
        (Some(div), None) if div.is(Space::Xhtml, "div") && is_alone => tags(report, div, base),
        _ => report.add(&XHTML, element.at, format!("<{}> of XHTML is no single <div>", element.written)),
    }
}

fn tags(report: &mut Report, element: &Element<'_>, base: Base) {
    let base = base_of(element, base);
    let mut tag = format!("<{}", element.name);
    for attribute in element.attributes.iter().filter(|attribute| attribute.space == Space::None) {
        let _ = write!(tag, " {}=\"{}\"", attribute.name, attribute.value.replace('"', "&quot;"));
    }
    tag.push_str("/>");
    html::check(report, &tag, base, |_| element.at);
    element.children().for_each(|child| tags(report, child, base));
}

fn is_base64(text: &str) -> bool {
    let bare: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    data_encoding::BASE64.decode(&bare).is_ok()
}
