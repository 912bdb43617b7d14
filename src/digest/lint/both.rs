//! The text part against the HTML part: whoever reads the one must not miss what the other says.

use unicode_width::UnicodeWidthStr;

use crate::digest::lint::finding::{Part, Report, rules, said};
use crate::digest::lint::looks::{Look, Mode, looks};
use crate::digest::lint::specimen::{Page, Specimen};
use crate::digest::lint::words::{says, words};
use crate::text::shorten;

rules! {
    TEXT_EMPTY = Error "mail-text-empty", "RFC 2046, 5.1.4",
        "let body.txt.j2 say what body.html.j2 says: some read nothing else";
    TEXT_LACKS = Warning "mail-text-lacks", "RFC 2046, 5.1.4: each part has the same information",
        "say it in body.txt.j2, too";
    TEXT_LACKS_LINK = Warning "mail-text-lacks-link", "RFC 2046, 5.1.4: each part has the same information",
        "print the address in body.txt.j2, on a line of its own";
    TEXT_LACKS_ALT = Warning "mail-text-lacks-picture", "RFC 2046, 5.1.4: each part has the same information",
        "print what the picture shows in body.txt.j2";
    TEXT_WIDE = Warning "mail-text-wide", "RFC 5322, 2.1.1",
        "break the line: `| wrap(74)`; an address has a line of its own, and may be longer";
    ADDRESS = Error "mail-postal-address", "CAN-SPAM, 15 U.S.C. 7704(a)(5)(A)(iii); UK PECR, reg. 23",
        "print footer.postal_address where people see it";
    UNSUBSCRIBE = Error "mail-unsubscribe", "CAN-SPAM, 15 U.S.C. 7704(a)(3); Gmail's email sender guidelines",
        "print links.unsubscribe where people see it";
}

/// Columns of a line of text.
const WIDEST: usize = 78;

/// Columns of what may stand on one line with an address.
const MARK: usize = 20;

/// Holds the parts against each other and against what has to be in both.
pub fn check(specimen: &Specimen<'_>, page: &Page, report: &mut Report) {
    let day = looks(page, Mode::Light);
    let visible = visible(page, &day);
    let text = words(specimen.text);
    check_duties(specimen, page, &day, &words(&visible), report);
    if text.trim().is_empty() {
        report.add(Part::Text, &TEXT_EMPTY, "the text part is empty", &[]);
        return;
    }
    check_lines(specimen.text, report);
    for block in blocks(page, &day) {
        // A block may be a line of links, or a byline that the text part has on two lines: then its pieces count.
        let pieces = block.split(['·', '|', '–', '—', ':', ';', ',', '•', '\n']);
        if says(&text, &block) {
            continue;
        }
        for piece in pieces.filter(|piece| !says(&text, piece)) {
            let message =
                format!("the text part does not say what the HTML says: {:?}", shorten(piece.trim(), 80));
            report.add(Part::Text, &TEXT_LACKS, message, &[said(piece), said(&block)]);
        }
    }
    for (index, image) in page.document.named("img").filter(|(index, _)| day[*index].hidden.is_none()) {
        let alt = image.attribute("alt").unwrap_or_default();
        if !says(&text, alt) && page.document.is_read(index) {
            let message = format!("the text part does not say what a picture shows: {:?}", shorten(alt, 80));
            report.add(Part::Text, &TEXT_LACKS_ALT, message, &[said(alt)]);
        }
    }
    for (index, link) in page.document.named("a") {
        let href = link.attribute("href").unwrap_or_default().trim();
        let leads_out =
            href.starts_with("https:") || href.starts_with("http:") || href.starts_with("mailto:");
        let is_said =
            || specimen.text.contains(href) || specimen.text.contains(href.trim_start_matches("mailto:"));
        if leads_out && !is_said() {
            let name = page.document.text_in(index);
            let message = format!("the text part does not have the link {:?} to {href}", shorten(&name, 60));
            report.add(Part::Text, &TEXT_LACKS_LINK, message, &[said(href), said(&name)]);
        }
    }
}

/// What people see of the page, block by block.
fn visible(page: &Page, day: &[Look]) -> String {
    let mut text = String::new();
    let mut block = 0;
    for (index, node) in page.document.nodes.iter().enumerate() {
        if !node.name.is_empty() || day[index].hidden.is_some() || !page.document.is_read(index) {
            continue;
        }
        if node.block != block {
            text.push('\n');
            block = node.block;
        }
        text.push_str(&node.text);
    }
    text
}

/// Blocks of text from the first heading on. What stands above it is the preheader, which repeats what follows for lists
/// of mails, and the masthead.
fn blocks(page: &Page, day: &[Look]) -> Vec<String> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let first = page.document.nodes.iter().position(|node| matches!(node.name.as_str(), "h1" | "h2"));
    for (index, node) in page.document.nodes.iter().enumerate().skip(first.unwrap_or(0)) {
        if !node.name.is_empty() || day[index].hidden.is_some() || !page.document.is_read(index) {
            continue;
        }
        match blocks.last_mut() {
            Some((block, text)) if *block == node.block => text.push_str(&node.text),
            _ => blocks.push((node.block, node.text.clone())),
        }
    }
    blocks.into_iter().map(|(_, text)| text).filter(|text| !text.trim().is_empty()).collect()
}

fn check_lines(text: &str, report: &mut Report) {
    // An address must not be broken, and may have a mark in front of it, such as [12].
    let breakable = |line: &str| {
        let widest = line.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0);
        line.width() - widest.min(line.width()) > MARK
    };
    for line in text.lines().filter(|line| line.width() > WIDEST && breakable(line)) {
        let message =
            format!("a line of the text part is {} columns wide: {:?}", line.width(), shorten(line, 60));
        report.add(Part::Text, &TEXT_WIDE, message, &[said(line)]);
    }
}

/// The postal address and the way out, in both parts.
fn check_duties(specimen: &Specimen<'_>, page: &Page, day: &[Look], visible: &str, report: &mut Report) {
    let text = words(specimen.text);
    // An empty part has a rule of its own.
    let is_empty = text.trim().is_empty();
    let shown = |is_text| if is_text { (Part::Text, "text part") } else { (Part::Html, "HTML") };
    for (is_there, is_text) in [
        (is_empty || says(&text, specimen.postal_address), true),
        (says(visible, specimen.postal_address), false),
    ] {
        if !is_there || specimen.postal_address.trim().is_empty() {
            let (part, name) = shown(is_text);
            report.add(part, &ADDRESS, format!("the {name} does not show the postal address"), &[]);
        }
    }
    let leads_there = page.document.named("a").any(|(index, link)| {
        link.attribute("href").is_some_and(|href| href.trim().starts_with(specimen.unsubscribe))
            && day[index].hidden.is_none()
            && !page.document.text_in(index).is_empty()
    });
    for (is_there, is_text) in
        [(is_empty || specimen.text.contains(specimen.unsubscribe), true), (leads_there, false)]
    {
        if !is_there || specimen.unsubscribe.is_empty() {
            let (part, name) = shown(is_text);
            report.add(part, &UNSUBSCRIBE, format!("the {name} has no link to unsubscribe"), &[]);
        }
    }
}
