//! Slugs: the names that categories and articles have in addresses and file names.

use std::fmt;

/// A name that is safe in a URL path and as a file name on every system: lower-case letters and digits of
/// any script, joined by single hyphens; never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Slug(String);

impl Slug {
    /// The slug that a title gives; `None` where it has no letter or digit to keep.
    ///
    /// Letters of every script stay, for dropping them would make different titles alike or empty.
    /// `+` and `#` beside a letter are spelled out, so that "C", "C++" and "C#" are three categories.
    #[must_use]
    pub fn from_title(title: &str) -> Option<Self> {
        let mut slug = String::with_capacity(title.len());
        for character in title.chars().flat_map(char::to_lowercase) {
            match character {
                '\'' | '’' | '\u{00AD}' => {}
                '+' => push_word(&mut slug, "plus"),
                '#' if !slug.is_empty() => push_word(&mut slug, "sharp"),
                letter if letter.is_alphanumeric() || is_mark(letter) => slug.push(letter),
                _ if slug.ends_with('-') || slug.is_empty() => {}
                _ => slug.push('-'),
            }
        }
        let slug = slug.trim_end_matches('-');
        slug.chars()
            .any(char::is_alphanumeric)
            .then(|| Self(slug.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn push_word(slug: &mut String, word: &str) {
    if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
    slug.push_str(word);
}

/// Combining marks belong to the letter before them: without them Hindi or decomposed accents fall apart.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0903}' | '\u{093A}'..='\u{094F}' | '\u{0981}'..='\u{0983}'
        | '\u{09BC}'..='\u{09CD}' | '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}' | '\u{3099}' | '\u{309A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_slugs() {
        let table = [
            ("Women's health", Some("womens-health")),
            ("Café & Co", Some("café-co")),
            ("c++", Some("c-plus-plus")),
            ("C#", Some("c-sharp")),
            ("a, b", Some("a-b")),
            ("  --Heart--  ", Some("heart")),
            ("日本語", Some("日本語")),
            ("../etc/passwd", Some("etc-passwd")),
            ("???", None),
            ("", None),
        ];
        for (title, slug) in table {
            assert_eq!(
                Slug::from_title(title).as_ref().map(Slug::as_str),
                slug,
                "{title:?}"
            );
        }
    }
}
