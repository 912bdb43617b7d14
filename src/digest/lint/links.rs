//! Links of the HTML part: a mail has no address of its own, so each of them has to lead somewhere by itself.

use url::Url;

use crate::digest::lint::document::{Document, Node};
use crate::digest::lint::finding::{Part, Report, rules, said, written};

rules! {
    EMPTY = Error "mail-link-empty", "HTML, 4.6.1; WCAG 2.2, 2.4.4",
        "give the link an address, or make it text";
    RELATIVE = Error "mail-link-relative", "RFC 3986, 5.1: a mail has no base address",
        "write the whole address, from https:// on";
    BROKEN = Error "mail-link-broken", "URL Standard, 4.4",
        "mend the address: no browser can open it";
    SCRIPT = Error "mail-link-script", "RFC 3986, 7; every mail program removes them",
        "link to a page";
    HTTP = Warning "mail-link-http", "RFC 9110, 17.1; mail programs warn of such links",
        "link to the https address";
    NAMELESS = Warning "mail-link-nameless", "WCAG 2.2, 2.4.4 and 4.1.2",
        "put words into the link, or an alt text on its picture";
}

/// Looks at every link.
pub fn check(document: &Document, report: &mut Report) {
    let links = document.named("a").chain(document.named("area"));
    for (index, node) in links {
        let text = document.text_in(index);
        let Some(href) = node.attribute("href") else {
            // A place to link to has no address, and needs none.
            if node.attribute("id").is_none() && node.attribute("name").is_none() && !text.is_empty() {
                report.add(Part::Html, &EMPTY, format!("the link {text:?} has no address"), &[said(&text)]);
            }
            continue;
        };
        check_address(document, href.trim(), &text, report);
        let has_name = ["aria-label", "title", "alt"].iter().any(|name| node.attribute(name).is_some());
        if text.is_empty() && !has_name {
            let message = format!("the link to {href} has no words");
            report.add(Part::Html, &NAMELESS, message, &[said(href), written(&shown(node))]);
        }
    }
}

fn check_address(document: &Document, href: &str, text: &str, report: &mut Report) {
    let mut add = |rule, message: String| report.add(Part::Html, rule, message, &[said(href), said(text)]);
    if let Some(anchor) = href.strip_prefix('#') {
        let is_there = |node: &Node| [node.attribute("id"), node.attribute("name")].contains(&Some(anchor));
        if anchor.is_empty() || !document.nodes.iter().any(is_there) {
            add(&EMPTY, format!("the link {text:?} leads to {href:?}, which is not in the mail"));
        }
        return;
    }
    if href.is_empty() {
        report.add(
            Part::Html,
            &EMPTY,
            format!("the link {text:?} is empty"),
            &[written("href=\"\""), said(text)],
        );
        return;
    }
    match Url::parse(href) {
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            add(&RELATIVE, format!("the link {text:?} is relative: {href}"));
        }
        Err(error) => add(&BROKEN, format!("the link {text:?} can't be opened: {href}: {error}")),
        Ok(url) => match url.scheme() {
            "http" => add(&HTTP, format!("the link {text:?} is not encrypted: {href}")),
            "javascript" | "vbscript" | "data" | "file" | "blob" => {
                add(&SCRIPT, format!("the link {text:?} leads to a {}: address", url.scheme()));
            }
            // https, mailto, tel, and what programs on the reader's side take.
            _ => {}
        },
    }
}

/// An element's start as a template may write it.
fn shown(node: &Node) -> String {
    node.attribute("class").map_or_else(|| format!("<{}", node.name), |class| format!("class=\"{class}\""))
}
