//! CSS and HTML that major mail programs drop, from the data of Can I email (`data/caniemail`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::digest::lint::document::Node;
use crate::digest::lint::finding::{Clue, Part, Report, rules, written};
use crate::digest::lint::specimen::Page;
use crate::digest::lint::style::{self, Declaration};

rules! {
    DROPPED = Warning "mail-css-dropped", "Can I email (www.caniemail.com)",
        "do it in a way that all of them know, with tables and plain colours, or see to it that nothing is lost without it";
}

/// Features that may be dropped without harm, each with the reason.
const HARMLESS: [(&str, &str); 50] = [
    (
        "css-at-media",
        "what stands in it is for those who know it; simple rules are in the elements themselves",
    ),
    ("css-at-media-hover", "as above"),
    ("css-at-media-orientation", "as above"),
    ("css-at-media-device-pixel-ratio", "as above"),
    ("css-at-media-prefers-color-scheme", "a mail without its dark face is light"),
    ("css-at-media-prefers-reduced-motion", "it takes motion away"),
    ("css-color-scheme", "a mail without it is light, or made dark by the program"),
    ("css-border-radius", "corners are square"),
    ("css-border-radius-logical", "corners are square"),
    ("css-border-spacing", "the attribute cellspacing says it for the others"),
    ("css-box-shadow", "there is no shadow"),
    ("css-text-shadow", "there is no shadow"),
    ("css-transition", "there is no motion"),
    ("css-cursor", "the pointer is the usual one"),
    ("css-hyphens", "words are not divided"),
    ("css-hyphenate-character", "words are not divided"),
    ("css-hyphenate-limit-chars", "words are not divided"),
    ("css-overflow-wrap", "a word that is too long is wider than the page"),
    ("css-word-break", "a word that is too long is wider than the page"),
    ("css-word-wrap", "a word that is too long is wider than the page"),
    ("css-text-wrap", "lines break where they break"),
    ("css-white-space", "it mostly keeps words together, which break then"),
    ("css-orphans", "only for printing"),
    ("css-widows", "only for printing"),
    ("css-font-kerning", "letters stand somewhat apart"),
    ("css-font-stretch", "letters have their usual width"),
    ("css-font-size-adjust", "letters have the size of their font"),
    ("css-tab-size", "tabs have their usual width"),
    ("css-text-decoration-color", "lines have the colour of their text"),
    ("css-text-decoration-line", "as the shorthand says"),
    ("css-text-decoration-skip-ink", "lines run through letters"),
    ("css-text-decoration-style", "lines are plain"),
    ("css-text-decoration-thickness", "lines have their usual width"),
    ("css-text-underline-offset", "lines have their usual place"),
    ("css-text-underline-position", "lines have their usual place"),
    ("css-outline", "it only shows where a keyboard is"),
    ("css-outline-offset", "it only shows where a keyboard is"),
    ("css-user-select", "text can be selected as ever"),
    ("css-list-style-position", "marks of lists hang outside"),
    ("css-height", "Yahoo takes it as the least height"),
    ("css-min-width", "the attribute width says it for the others"),
    ("css-table-layout", "columns are as wide as they need"),
    ("css-visibility", "hidden text has a rule of its own"),
    ("html-abbr", "the words stay"),
    ("html-body", "what it holds stays, and so do the colours of the tables in it"),
    ("html-form", "it has a rule of its own"),
    ("html-object", "it has a rule of its own"),
    ("html-link", "style sheets have a rule of their own"),
    ("html-hidden", "hidden text has a rule of its own"),
    ("html-target", "mail programs open links elsewhere anyway"),
];

/// Kinds of features that lose nothing: selectors are followed before the mail goes out, what only screen readers hear
/// is said beside the text, and elements that are dropped for what they do have rules of their own.
const HARMLESS_KINDS: [&str; 2] = ["selector", "link"];

/// States of an element that are followed, too, before the mail goes out; and those that only a mouse or keyboard brings.
const HARMLESS_STATES: [&str; 22] = [
    "active",
    "checked",
    "default",
    "first-child",
    "first-of-type",
    "focus",
    "focus-visible",
    "focus-within",
    "hover",
    "lang",
    "last-child",
    "last-of-type",
    "link",
    "not",
    "nth-child",
    "nth-last-child",
    "nth-last-of-type",
    "nth-of-type",
    "only-child",
    "only-of-type",
    "root",
    "visited",
];

#[derive(Debug, Default, Deserialize)]
struct Data {
    clients: Vec<String>,
    features: Vec<Feature>,
}

/// Something that mail programs know or don't.
#[derive(Debug, Deserialize)]
struct Feature {
    id: String,
    title: String,
    url: String,
    kind: String,
    names: Vec<String>,
    /// Indices of clients that drop it.
    no: Vec<usize>,
}

/// What is dropped by somebody, and matters: by its kind and name, as in `property float`.
static DROPPED_FEATURES: LazyLock<(Vec<String>, BTreeMap<String, Feature>)> = LazyLock::new(|| {
    let text = include_str!("../../../data/caniemail/clients.json");
    // A test holds that the file can be read.
    let data: Data = serde_json::from_str(text).unwrap_or_default();
    let is_harmless = |feature: &Feature| {
        HARMLESS.iter().any(|(id, _)| *id == feature.id)
            || HARMLESS_KINDS.contains(&feature.kind.as_str())
            || feature.kind == "pseudo"
                && feature.names.iter().all(|name| HARMLESS_STATES.contains(&name.as_str()))
            || feature.names.iter().all(|name| name.starts_with("aria-"))
    };
    let matters = |feature: &Feature| !(feature.no.is_empty() || is_harmless(feature));
    let by_name = |feature: Feature| {
        let keys: Vec<String> = feature.names.iter().map(|name| format!("{} {name}", feature.kind)).collect();
        keys.into_iter().map(move |key| (key, feature.copy()))
    };
    (data.clients, data.features.into_iter().filter(matters).flat_map(by_name).collect())
});

impl Feature {
    fn copy(&self) -> Self {
        Self {
            id: self.id.clone(),
            title: self.title.clone(),
            url: self.url.clone(),
            kind: self.kind.clone(),
            names: self.names.clone(),
            no: self.no.clone(),
        }
    }
}

/// Looks at what the page is written with.
pub fn check(page: &Page, report: &mut Report) {
    for node in page.document.nodes.iter().filter(|node| !node.name.is_empty()) {
        look_at_element(node, report);
        for declaration in style::declarations(node.attribute("style").unwrap_or_default()) {
            look_at_declaration(&declaration, report);
        }
    }
    for (name, prelude) in &page.sheet.at_rules {
        tell(
            "at-rule",
            name,
            &[written(&format!("@{name} {prelude}")), written(&format!("@{name}"))],
            report,
        );
    }
    for rule in page.sheet.rules.iter().filter(|rule| rule.within.is_empty()) {
        for selector in &rule.selectors {
            for state in selector.split(':').skip(1).filter(|state| !state.is_empty()) {
                let end = state.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(state.len());
                tell("pseudo", &state[..end].to_ascii_lowercase(), &[written(selector)], report);
            }
        }
        for declaration in &rule.declarations {
            look_at_declaration(declaration, report);
        }
    }
}

fn look_at_element(node: &Node, report: &mut Report) {
    tell("element", &node.name, &[written(&format!("<{}", node.name))], report);
    for (name, value) in &node.attributes {
        tell(
            "attribute",
            name,
            &[written(&format!("{name}=\"{value}\"")), written(&format!(" {name}"))],
            report,
        );
    }
    let src = node.attribute("src").unwrap_or_default();
    if let Some((_, ending)) = src.rsplit_once('.').filter(|_| node.name == "img") {
        let ending = ending.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        let name = if ending == "tif" { "tiff" } else { &ending };
        tell("image", name, &[Clue::Said(src.to_owned())], report);
    }
}

fn look_at_declaration(declaration: &Declaration, report: &mut Report) {
    let Declaration { property, value, .. } = declaration;
    let value = value.to_ascii_lowercase();
    let clues = [written(&format!("{property}: {value}")), written(&format!("{property}:"))];
    tell("property", property, &clues, report);
    tell("pair", &format!("{property}:{value}"), &clues, report);
    // Words, functions and units of the value; what stands in quotes is somebody's name.
    let mut quote = None;
    let unquoted: String = value
        .chars()
        .filter(|c| match (quote, *c) {
            (None, '"' | '\'') => {
                quote = Some(*c);
                false
            }
            (Some(open), c) if c == open => {
                quote = None;
                false
            }
            (open, _) => open.is_none(),
        })
        .collect();
    if unquoted.contains("url(") {
        return;
    }
    for word in unquoted.split(|c: char| c.is_whitespace() || matches!(c, ',' | ')' | '/' | '+' | '*')) {
        if let Some((function, _)) = word.split_once('(') {
            tell("function", function, &clues, report);
        }
        let word = word.rsplit('(').next().unwrap_or_default();
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
        if unit.len() < word.len() && !unit.is_empty() {
            tell("unit", unit, &clues, report);
        } else {
            tell("value", word, &clues, report);
        }
    }
}

/// Tells of a feature that somebody drops, once.
fn tell(kind: &str, name: &str, clues: &[Clue], report: &mut Report) {
    let (clients, features) = &*DROPPED_FEATURES;
    let Some(feature) = features.get(&format!("{kind} {name}")) else { return };
    let no: Vec<&str> =
        feature.no.iter().filter_map(|index| clients.get(*index)).map(String::as_str).collect();
    let message = format!("{} is dropped by {} ({})", feature.title, no.join(", "), feature.url);
    report.add(Part::Html, &DROPPED, message, clues);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_there_and_what_is_harmless_is_in_it() {
        let text = include_str!("../../../data/caniemail/clients.json");
        let data: Data = serde_json::from_str(text).unwrap();
        assert!(data.features.len() > 200 && data.clients.len() > 5);
        for (id, reason) in HARMLESS {
            let feature = data.features.iter().find(|feature| feature.id == id);
            assert!(feature.is_some_and(|feature| !feature.no.is_empty()) && !reason.is_empty(), "{id}");
        }
        assert!(
            data.features.iter().flat_map(|feature| &feature.no).all(|index| *index < data.clients.len())
        );
    }

    #[test]
    fn what_programs_drop_is_told_once_and_what_does_no_harm_is_not() {
        let page = Page::of(
            "<style>a:hover{color:red} p::before{content:'x'} @import url(x);@media print{p{float:left}}</style>\
             <p style='display: flex; border-radius: 4px; width: calc(1px + 2vw); font-family: \"100vh\"'>\
             <b style='display:flex'></b><svg></svg><img src=a.webp?x>",
        );
        let mut report = Report::default();
        check(&page, &mut report);
        let told: Vec<String> = report
            .into_findings()
            .iter()
            .map(|finding| finding.message.split(" is dropped").next().unwrap().to_owned())
            .collect();
        assert_eq!(
            told,
            ["display:flex", "CSS calc() function", "vw unit", "Embedded <svg> image", "webP image format"]
        );
    }
}
