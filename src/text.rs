//! Plain text, whoever it belongs to: what several parts do with strings.

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

#[cfg(test)]
mod tests {
    use super::shorten;

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
