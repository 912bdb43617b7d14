//! Text as words, to find out whether one text says what another does, whatever its line breaks, case and punctuation.

/// The words of a text between blanks, with one in front and one behind, so that a sequence is found as text.
#[must_use]
pub fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for c in text.chars() {
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        } else if !words.ends_with(' ') && !is_within_words(c) {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// Marks that divide no words: soft hyphens, joiners, signs of direction, apostrophes.
fn is_within_words(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\'' | '’')
}

/// Whether `said` holds the words of `part` in their order.
#[must_use]
pub fn says(said: &str, part: &str) -> bool {
    let part = words(part);
    part.trim().is_empty() || said.contains(&part)
}

#[cfg(test)]
mod tests {
    use super::{says, words};

    #[test]
    fn words_are_found_across_lines_and_not_within_others() {
        let said = words("  4 Quiet\n   Street, Ex\u{ad}ampleton – it’s “here”.");
        for part in ["4 quiet street", "Exampleton", "Street. exampleton", "its here", "—", ""] {
            assert!(says(&said, part), "{part}");
        }
        for part in ["quiet str", "street here", "14 Quiet"] {
            assert!(!says(&said, part), "{part}");
        }
    }
}
