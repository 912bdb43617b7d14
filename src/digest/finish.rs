//! What rendered templates go through before they are mails: styles into elements, plain text tidied, links numbered.

use std::fmt::Write as _;

use crate::digest::slots;
use crate::templates::environment::TemplateError;

/// Styles into `style` attributes, for clients that drop the rest. The `style` element stays where it is, with its
/// media queries: moved to the front of the head, they would push `meta charset` out of the first 1,024 bytes, where
/// it has to be (HTML, 4.2.5.4).
///
/// # Errors
/// Styles that can't be read.
pub fn inline(html: &str) -> Result<String, TemplateError> {
    let inliner =
        css_inline::CSSInliner::options().keep_style_tags(true).load_remote_stylesheets(false).build();
    let result = inliner.inline(html);
    result.map_err(|error| TemplateError { message: format!("the styles of body.html.j2: {error}") })
}

/// Explicit bidirectional controls (Unicode TR 9, 2.1 to 2.5). One that a title opens turns the rest of its line
/// around; in a subject, the rest is the digest's.
#[must_use]
pub fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Controls mean nothing in a mail, and much to a terminal that shows one.
#[must_use]
pub fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// What stands between a mail and its signature (RFC 3676, 4.3): the one line that ends in a blank.
const SIGNATURE: &str = "-- ";

/// Plain text without trailing blanks and without more than one empty line in a row.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        let line = if line == SIGNATURE { line } else { line.trim_end() };
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied
}

/// A number before each address that has a line of its own, so that one can be named on the phone, and found again.
#[must_use]
pub fn number_links(text: &str, secret: &str) -> String {
    let markers = [slots::Slot::Unsubscribe, slots::Slot::Preferences].map(|slot| slot.marker(secret));
    let is_link = |word: &str| {
        !word.contains(char::is_whitespace)
            && (["https://", "http://", "mailto:"].iter().any(|scheme| word.starts_with(scheme))
                || markers.iter().any(|marker| word == marker))
    };
    let mut numbered = String::with_capacity(text.len() + 256);
    let mut number = 0;
    for line in text.lines() {
        let word = line.trim_start();
        if is_link(word) {
            number += 1;
            let indent = &line[..line.len() - word.len()];
            let _ = write!(numbered, "{indent}[{number}] {word}");
        } else {
            numbered.push_str(line);
        }
        numbered.push('\n');
    }
    numbered
}

#[cfg(test)]
mod tests {
    use super::{number_links, tidy};

    #[test]
    fn text_is_tidied_and_its_links_are_numbered() {
        let text = "One  \n\n\n\n  https://a.example/\nsee https://b.example/\nmailto:x@example.org\n-- \nslotsunsubscribex\n";
        let expected = "One\n\n  [1] https://a.example/\nsee https://b.example/\n[2] mailto:x@example.org\n-- \n[3] slotsunsubscribex\n";
        assert_eq!(number_links(&tidy(text), "s"), expected);
    }
}
