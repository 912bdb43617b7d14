//! What should have been replaced before the mail went out: template syntax and slot markers.

use memchr::memmem;

use crate::digest::lint::finding::{Part, Report, rules, said};
use crate::digest::lint::specimen::Specimen;
use crate::digest::lint::words::{says, words};
use crate::text::shorten;

rules! {
    SYNTAX = Error "mail-template-syntax", "MiniJinja's syntax; templates/README.md",
        "mend the template: readers would see its own words; what is really meant as text goes through {{ \"…\" }}";
    MARKER = Error "mail-slot-marker", "templates/README.md: marks that become each reader's own values",
        "print recipient and links as they are, without a filter";
}

/// How template syntax begins.
pub const BEGINNINGS: [&str; 3] = ["{{", "{%", "{#"];

/// How it ends, in the same order.
const ENDS: [&str; 3] = ["}}", "%}", "#}"];

/// Bytes within which it ends.
const LONGEST: usize = 200;

/// Looks for them in all parts.
pub fn check(specimen: &Specimen<'_>, report: &mut Report) {
    let parts = [(Part::Subject, specimen.subject), (Part::Text, specimen.text), (Part::Html, specimen.html)];
    let marker = format!("slot{}", specimen.slots).to_lowercase();
    let theirs: Vec<(&str, String)> = specimen.said.iter().map(|said| (said.as_str(), words(said))).collect();
    for (part, text) in parts {
        for (begin, end) in BEGINNINGS.into_iter().zip(ENDS) {
            for (at, _) in text.match_indices(begin) {
                // What does not end is no syntax; CSS may well begin so.
                let rest = &text[at..];
                let near = &rest.as_bytes()[..rest.len().min(LONGEST)];
                let Some(length) = memmem::find(near, end.as_bytes()) else { continue };
                let found = &rest[..length + end.len()];
                let core = unescaped(&found[begin.len()..length]);
                let is_theirs = theirs.iter().any(|(text, words)| text.contains(begin) && says(words, &core));
                if !is_theirs {
                    let message = format!("template syntax was left as it is: {}", shorten(found, 60));
                    report.add(part, &SYNTAX, message, &[said(found)]);
                }
            }
        }
        if !specimen.slots.is_empty() && text.to_lowercase().contains(&marker) {
            report.add(part, &MARKER, "a mark for a reader's own value was not replaced", &[]);
        }
    }
}

/// What escaping made of a text, undone: words are all that is looked at.
fn unescaped(text: &str) -> String {
    ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&apos;", "&nbsp;"]
        .iter()
        .fold(text.to_owned(), |text, entity| text.replace(entity, " "))
}
