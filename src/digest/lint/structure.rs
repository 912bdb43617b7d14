//! How the HTML part is built: what screen readers need, and what mail programs throw out.

use std::collections::BTreeSet;

use crate::digest::lint::document::{Document, Node};
use crate::digest::lint::finding::{Part, Report, rules, said, written};
use crate::text::shorten;

rules! {
    LANGUAGE = Error "mail-language", "WCAG 2.2, 3.1.1",
        "write <html lang=\"…\">: screen readers choose their voice by it";
    DIRECTION = Warning "mail-direction", "HTML, 3.2.6.4",
        "write <html dir=\"ltr\"> or \"rtl\": mail programs put the mail into a page of their own";
    TITLE = Warning "mail-title", "WCAG 2.2, 2.4.2",
        "give the head a <title>: screen readers and browsers announce the mail by it";
    CHARSET = Warning "mail-charset", "HTML, 4.2.5.4",
        "write <meta charset=\"utf-8\"> at the beginning of the head: a saved mail has no headers";
    TABLE = Warning "mail-table-role", "WAI-ARIA 1.2, 5.4: presentation; WCAG 2.2, 1.3.1",
        "write <table role=\"presentation\"> where a table is for layout, or give it <th> cells";
    HEADING = Warning "mail-heading-order", "WCAG 2.2, 1.3.1 (technique G141)",
        "let levels of headings follow each other without a gap";
    DUPLICATE_ID = Warning "mail-id-duplicate", "HTML, 3.2.6",
        "give each element an id of its own";
    ACTIVE = Error "mail-active-content", "Gmail, Outlook, Apple Mail and Yahoo remove it; filters take it for an attack",
        "leave it out, and link to a page that has it";
    STYLESHEET = Warning "mail-stylesheet", "Can I email: <link> is dropped by all but Apple Mail",
        "put the rules into <style>: simple ones are copied into the elements";
}

/// Elements that run something, or send something somewhere.
const ACTIVE_ELEMENTS: [&str; 8] = ["script", "iframe", "frame", "object", "embed", "applet", "form", "base"];

/// Looks at the elements.
pub fn check(document: &Document, report: &mut Report) {
    check_head(document, report);
    check_elements(document, report);
    let mut level = 1;
    for (index, node) in document.nodes.iter().enumerate() {
        let is_heading = node.name.len() == 2 && node.name.starts_with('h');
        let Some(own) = node.name[usize::from(is_heading)..].parse().ok().filter(|_| is_heading) else {
            continue;
        };
        if own > level + 1 {
            let text = document.text_in(index);
            let shown = shorten(&text, 60);
            let message =
                format!("the heading {shown:?} is an <h{own}>, and the one before it an <h{level}>");
            report.add(Part::Html, &HEADING, message, &[written(&format!("<{}", node.name)), said(&text)]);
        }
        level = own;
    }
}

fn check_head(document: &Document, report: &mut Report) {
    let root = document.named("html").next().map(|(_, node)| node);
    let says =
        |name| root.and_then(|root| root.attribute(name)).is_some_and(|value| !value.trim().is_empty());
    let mut add =
        |rule, message: &str| report.add(Part::Html, rule, message, &[written("<html"), written("<head")]);
    if !says("lang") {
        add(&LANGUAGE, "the HTML does not say which language it is in");
    }
    if !says("dir") {
        add(&DIRECTION, "the HTML does not say in which direction it is read");
    }
    if !document.named("title").any(|(index, _)| !document.text_in(index).is_empty()) {
        add(&TITLE, "the HTML has no title");
    }
    let has_charset = |(_, meta): (usize, &Node)| {
        meta.attribute("charset").is_some()
            || meta.attribute("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("content-type"))
    };
    if !document.named("meta").any(has_charset) {
        add(&CHARSET, "the HTML does not say how its letters are encoded");
    }
}

fn check_elements(document: &Document, report: &mut Report) {
    let mut ids = BTreeSet::new();
    for (index, node) in document.nodes.iter().enumerate() {
        if ACTIVE_ELEMENTS.contains(&node.name.as_str()) {
            let message = format!("the HTML has a <{}>", node.name);
            report.add(Part::Html, &ACTIVE, message, &[written(&format!("<{}", node.name))]);
        }
        for (name, value) in &node.attributes {
            if name.starts_with("on") && name.len() > 3 {
                let message = format!("the HTML has an {name} attribute");
                report.add(Part::Html, &ACTIVE, message, &[written(&format!("{name}=")), said(value)]);
            }
        }
        let relation = node.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        if node.name == "link" && relation.split_whitespace().any(|word| word == "stylesheet") {
            let href = node.attribute("href").unwrap_or_default();
            let message = format!("the HTML takes its style from elsewhere: {href}");
            report.add(Part::Html, &STYLESHEET, message, &[said(href), written("<link")]);
        }
        if let Some(id) = node.attribute("id")
            && !ids.insert(id)
        {
            let message = format!("two elements have the id {id:?}");
            report.add(Part::Html, &DUPLICATE_ID, message, &[written(&format!("id=\"{id}\""))]);
        }
        let is_data = || document.named("th").any(|(cell, _)| table_of(document, cell) == Some(index));
        if node.name == "table" && node.attribute("role").is_none() && !is_data() {
            let class = node.attribute("class").map(|class| written(&format!("class=\"{class}\"")));
            let clues: Vec<_> = class.into_iter().chain([written("<table")]).collect();
            report.add(Part::Html, &TABLE, "a table does not say that it is for layout", &clues);
        }
    }
}

/// The table that a cell is in.
fn table_of(document: &Document, cell: usize) -> Option<usize> {
    document.and_around(cell).find(|(_, node)| node.name == "table").map(|(index, _)| index)
}
