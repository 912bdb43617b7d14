//! Plain text, whoever it belongs to: what several parts do with strings.

use memchr::memchr3_iter;
use unicode_segmentation::UnicodeSegmentation;

/// Cuts at the end of a sentence where one ends in the last half of `length`, else at a word, with an ellipsis.
#[must_use]
pub fn shorten(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let limit = text.char_indices().nth(length).map_or(text.len(), |(offset, _)| offset);
    let sentences = text
        .split_sentence_bound_indices()
        .map(|(start, sentence)| start + sentence.trim_end().len())
        .take_while(|end| *end <= limit)
        .last()
        .filter(|end| *end >= limit / 2);
    if let Some(end) = sentences {
        return text[..end].to_owned();
    }
    let room = text.char_indices().nth(length.saturating_sub(1)).map_or(text.len(), |(offset, _)| offset);
    let words = text
        .split_word_bound_indices()
        .map(|(start, word)| (start + word.len(), word))
        .take_while(|(end, _)| *end <= room)
        .filter(|(_, word)| word.chars().any(char::is_alphanumeric))
        .last()
        .map_or(room, |(end, _)| end);
    format!("{}…", &text[..words])
}

/// The words of a text with one blank between them.
#[must_use]
pub fn folded(text: &str) -> String {
    let text = text.trim();
    if is_folded(text) {
        return text.replace('\n', " ");
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Whether a text is words with one blank, or the end of a line, between them and no other white space. Without branches,
/// so that it is done for many bytes at a time.
#[must_use]
#[allow(clippy::needless_bitwise_bool)] // a lazy one is a branch
pub fn is_folded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    let (mut is_odd, mut has_wide) = (*first <= b' ' || *last <= b' ', *first >= 0x80);
    for (before, byte) in bytes.iter().zip(&bytes[1..]) {
        is_odd |= *before.max(byte) <= b' ';
        is_odd |= (*byte < b' ') & (*byte != b'\n');
        has_wide |= *byte >= 0x80;
    }
    !(is_odd || has_wide && has_wide_blank(text))
}

/// Whether there is white space that is not ASCII. Few letters begin with the bytes that all of it but one begins with.
fn has_wide_blank(text: &str) -> bool {
    let is_blank = |at: usize| text[at..].starts_with(char::is_whitespace);
    memchr3_iter(0xC2, 0xE1, 0xE2, text.as_bytes()).any(is_blank) || text.contains('\u{3000}')
}

/// Text as HTML, in an element or in a quoted attribute.
#[must_use]
pub fn html_escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{folded, is_folded, shorten};

    #[test]
    fn what_is_folded_has_single_blanks_within_alone() {
        for space in ('\0'..=char::MAX).filter(|letter| letter.is_whitespace()) {
            assert_eq!(is_folded(&format!("a{space}b")), [' ', '\n'].contains(&space), "{space:?}");
            assert_eq!(folded(&format!("{space}a{space} b{space}")), "a b");
        }
        assert!(is_folded("“Ça va”, 日本 ok"));
        for text in ["", " ", " a b", "a b ", "a  b", "a\tb", "a \nb", "a\n", "\u{3000}a", "a\u{3000}"] {
            assert!(!is_folded(text), "{text:?}");
        }
    }

    #[test]
    fn a_cut_leaves_whole_sentences_or_whole_words() {
        let text = "First one here. Second one is here. Third.";
        assert_eq!(shorten(text, 500), text);
        assert_eq!(shorten(text, 40), "First one here. Second one is here.");
        assert_eq!(shorten(text, 34), "First one here. Second one is…");
        assert_eq!(shorten("Supercalifragilistic", 6), "Super…");
        assert_eq!(shorten("", 6), "");
    }
}
