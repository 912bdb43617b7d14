//! Start tags and references, read letter by letter: the pull parser lets pass what is not well-formed here.

use std::borrow::Cow;

use crate::feed::judge::finding::{Report, rules};

rules! {
    ATTRIBUTE = Error "xml-attribute", "XML 1.0, 3.1: attributes are name=\"value\", parted by blanks",
        "quote the value, and escape < and & in it";
    DUPLICATE = Error "xml-attribute-duplicate", "XML 1.0, 3.1: no attribute name appears twice in a tag",
        "keep one of them";
    NAME = Error "xml-name", "XML 1.0, 2.3: names begin with a letter, _ or :",
        "rename it";
    CHARACTER = Error "xml-character", "XML 1.0, 2.2: control characters and noncharacters are not allowed",
        "remove the character; it can't be escaped either";
    REFERENCE = Error "xml-reference", "XML 1.0, 4.1: & begins a reference that ends with ;",
        "write &amp; for an ampersand";
    ENTITY = Error "xml-entity", "XML 1.0, 4.1: only amp, lt, gt, quot and apos are declared",
        "write the character itself, or a numeric reference";
}

/// What XML takes for a blank (2.3, production `S`): nothing that Unicode adds.
pub const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Attributes are held against each other; a hostile document has a million in one tag.
const MOST_ATTRIBUTES: usize = 256;

/// An attribute as it was written.
#[derive(Debug)]
pub struct Written<'a> {
    /// The name, with its prefix.
    pub name: &'a str,
    /// The value, references resolved.
    pub value: Cow<'a, str>,
    /// Where the name begins.
    pub at: usize,
}

/// Whether XML 1.0 allows the character.
#[must_use]
pub fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// The first character that XML 1.0 does not allow, and where it stands.
#[must_use]
#[allow(clippy::needless_bitwise_bool)] // a lazy one is a branch: without any it is done for many bytes at a time
pub fn first_illegal(text: &str) -> Option<(usize, char)> {
    let mut is_odd = false;
    for byte in text.as_bytes() {
        // Of the characters that begin with 0xEF, two are not legal.
        is_odd |= (*byte < b' ') & (*byte != b'\n') | (*byte == 0xEF);
    }
    is_odd.then(|| text.char_indices().find(|(_, c)| !is_legal(*c)))?
}

/// Whether XML 1.0 allows the name, in the edition that everybody implements: the fifth.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':') || (c as u32) >= 0xc0;
    let goes_on = |c: char| starts(c) || c.is_ascii_digit() || matches!(c, '-' | '.' | '\u{b7}');
    name.starts_with(starts) && name.chars().all(goes_on) && !name.contains(['\u{d7}', '\u{f7}'])
}

/// The name and the attributes of the start tag that begins at `at`: `inner` is what stands between `<` and `>`.
/// Nothing where it is not well-formed, which is reported.
pub fn read<'a>(inner: &'a str, at: usize, report: &mut Report) -> Option<(&'a str, Vec<Written<'a>>)> {
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let end = inner.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at(end);
    if !is_name(name) {
        report.add(&NAME, at, format!("{name:?} can't be the name of an element"));
        return None;
    }
    let mut attributes: Vec<Written<'a>> = Vec::new();
    loop {
        let trimmed = rest.trim_start_matches(BLANKS);
        let place = at + inner.len() - trimmed.len();
        if trimmed.is_empty() {
            return Some((name, attributes));
        }
        if trimmed.len() == rest.len() {
            report.add(&ATTRIBUTE, place, "attributes are not parted by a blank");
            return None;
        }
        let Some((attribute, value, after)) = split(trimmed) else {
            let word = trimmed.split_ascii_whitespace().next().unwrap_or_default();
            report.add(&ATTRIBUTE, place, format!("the attribute {word:?} has no value in quotes"));
            return None;
        };
        if !is_name(attribute) {
            report.add(&NAME, place, format!("{attribute:?} can't be the name of an attribute"));
            return None;
        }
        if value.contains('<') {
            report.add(&ATTRIBUTE, place, format!("the value of {attribute:?} holds a bare <"));
            return None;
        }
        if attributes.len() == MOST_ATTRIBUTES {
            report.add(&ATTRIBUTE, place, format!("the tag has more than {MOST_ATTRIBUTES} attributes"));
            return None;
        }
        if attributes.iter().any(|other| other.name == attribute) {
            report.add(&DUPLICATE, place, format!("the attribute {attribute:?} stands twice in the tag"));
            return None;
        }
        let value_at = at + inner.len() - after.len() - value.len() - 1;
        attributes.push(Written { name: attribute, value: resolve(value, value_at, report)?, at: place });
        rest = after;
    }
}

/// Name, raw value, and what follows the closing quote.
#[must_use]
pub fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let rest = rest.trim_start_matches(BLANKS);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = rest.get(1..)?.split_once(quote)?;
    Some((name.trim_end_matches(BLANKS), value, after))
}

/// An attribute's value with its references resolved and its line ends made blanks (XML 1.0, 3.3.3).
fn resolve<'a>(value: &'a str, at: usize, report: &mut Report) -> Option<Cow<'a, str>> {
    if !value.contains(['&', '\t', '\n', '\r']) {
        return Some(Cow::Borrowed(value));
    }
    let mut whole = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        whole.push_str(&before.replace(['\t', '\n', '\r'], " "));
        let place = at + value.len() - after.len() - 1;
        let Some((name, after)) = after.split_once(';') else {
            report.add(&REFERENCE, place, "an ampersand begins no reference");
            return None;
        };
        whole.push(reference(name, place, report)?);
        rest = after;
    }
    whole.push_str(&rest.replace(['\t', '\n', '\r'], " "));
    Some(Cow::Owned(whole))
}

/// The character that a reference stands for: `name` is what stands between `&` and `;`.
pub fn reference(name: &str, at: usize, report: &mut Report) -> Option<char> {
    let named = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
    if let Some((_, c)) = named.iter().find(|(known, _)| *known == name) {
        return Some(*c);
    }
    let Some(number) = name.strip_prefix('#') else {
        if is_name(name) {
            report.add(&ENTITY, at, format!("the entity &{name}; is not declared"));
        } else {
            report.add(&REFERENCE, at, "an ampersand begins no reference");
        }
        return None;
    };
    let code = match number.strip_prefix('x') {
        Some(digits) if !digits.starts_with('+') => u32::from_str_radix(digits, 16),
        None if !number.starts_with('+') => number.parse(),
        _ => "".parse(),
    };
    let Ok(code) = code else {
        report.add(&REFERENCE, at, format!("&{name}; is no reference to a character"));
        return None;
    };
    let character = char::from_u32(code).filter(|c| is_legal(*c));
    if character.is_none() {
        report.add(&CHARACTER, at, format!("&{name}; refers to a character that XML does not allow"));
    }
    character
}
