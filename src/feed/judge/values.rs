//! Values that all formats share: addresses, language tags, mail addresses, media types, numbers.

use url::{ParseError, Url};

use crate::feed::judge::finding::{Report, rules};

rules! {
    RELATIVE = Error "url-relative", "RSS 2.0 Specification, Comments; JSON Feed 1.1: addresses are whole. RFC 4287, 2",
        "write the whole address, with https:// and host";
    BASE = Warning "url-base", "Known trouble: readers forget xml:base and resolve against the feed's address",
        "write the whole address";
    SYNTAX = Error "url-syntax", "RFC 3986, 2 and 3: what a URI may hold",
        "percent-encode blanks and what else may not stand in an address";
    CHARACTERS = Warning "url-characters", "RFC 3986, 2; browsers take them, strict readers don't",
        "percent-encode them";
    SCHEME = Error "url-scheme", "RSS 2.0 Specification, Comments; RFC 4287, 8: what a reader may safely open",
        "link to an http or https address";
    LANGUAGE = Error "language-tag", "BCP 47 (RFC 5646), 2.1: what a language tag looks like",
        "write a tag such as en, de-AT or zh-Hant";
}

/// Whether an address has a base to be resolved against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// None: RSS and JSON.
    None,
    /// `xml:base` of an element around it.
    Given,
}

/// Checks an absolute address or IRI. Blanks around it are no fault here.
pub fn check_url(report: &mut Report, at: usize, text: &str, base: Base) {
    let text = text.trim();
    if let Some(c) = text.chars().find(|c| c.is_whitespace() || matches!(c, '<' | '>' | '"')) {
        report.add(&SYNTAX, at, format!("the address {} holds {c:?}", short(text)));
        return;
    }
    if let Some(c) = text.chars().find(|c| matches!(c, '{' | '}' | '|' | '\\' | '^' | '`')) {
        report.add(&CHARACTERS, at, format!("the address {} holds {c:?}", short(text)));
    }
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "javascript" | "vbscript" | "data" | "file" | "about" | "blob") => {
            report.add(&SCHEME, at, format!("no reader may open {}", short(text)));
        }
        Ok(_) => {}
        Err(ParseError::RelativeUrlWithoutBase | ParseError::RelativeUrlWithCannotBeABaseBase) => {
            match base {
                Base::None => report.add(&RELATIVE, at, format!("the address {} is relative", short(text))),
                Base::Given => report.add(&BASE, at, format!("{} is relative to an xml:base", short(text))),
            }
        }
        Err(error) => report.add(&SYNTAX, at, format!("{} is no address: {error}", short(text))),
    }
}

/// Whether it is an absolute IRI, such as `tag:` and `urn:` make too.
#[must_use]
pub fn is_absolute(text: &str) -> bool {
    !text.contains(char::is_whitespace) && Url::parse(text).is_ok()
}

/// Checks a language tag.
pub fn check_language(report: &mut Report, at: usize, text: &str) {
    if !is_language(text) {
        report.add(&LANGUAGE, at, format!("{} is no language tag", short(text)));
    }
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = parts.next().unwrap_or_default();
    let is_primary = (2..=8).contains(&primary.len()) && primary.chars().all(|c| c.is_ascii_alphabetic());
    let is_private = matches!(primary, "x" | "i" | "X" | "I") && text.contains('-');
    (is_primary || is_private)
        && parts.all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Whether it looks like `name@host`.
#[must_use]
pub fn is_email(text: &str) -> bool {
    match text.rsplit_once('@') {
        Some((name, host)) => {
            !name.is_empty()
                && !host.is_empty()
                && !host.starts_with('.')
                && !text.contains(|c: char| {
                    c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '(' | ')')
                })
        }
        None => false,
    }
}

/// Whether it looks like `type/subtype`, with parameters or without (RFC 6838, 4.2).
#[must_use]
pub fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    let is_token = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+*".contains(c))
    };
    essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// A whole number that is not negative, in plain digits.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    text.chars().all(|c| c.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// A value as messages quote it.
#[must_use]
pub fn short(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(60).collect();
    if chars.next().is_some() { format!("{start:?}…") } else { format!("{start:?}") }
}
