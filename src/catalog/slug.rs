//! Slugs: the names that categories and articles have in addresses and file names.

use std::fmt;
use std::sync::Arc;

/// A name that is safe in a URL path and as a file name on every system: lower-case letters and digits of
/// any script, joined by single hyphens, or what an author chose in their place; never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Slug(Arc<str>);

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
        slug.chars().any(char::is_alphanumeric).then(|| Self(shortened(slug).into()))
    }

    /// The slug that an author or a file's name gives: kept to the letter where it can stand in an address
    /// (RFC 3986, 2.3), so that `v26.7.0` stays what the site calls it; else as of a title.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let is_kept =
            |character: char| character.is_alphanumeric() || is_mark(character) || "-_.~".contains(character);
        if name.chars().all(is_kept) && name.starts_with(char::is_alphanumeric) {
            return Some(Self(shortened(name).into()));
        }
        Self::from_title(name)
    }

    /// What another generator made of a name, as it is; `None` where it can't be part of an address.
    #[must_use]
    pub fn verbatim(name: String) -> Option<Self> {
        let is_fit = !name.trim_matches('.').is_empty() && !name.contains(['/', '\\']);
        (is_fit && !name.chars().any(char::is_control)).then_some(Self(name.into()))
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

/// In bytes: file systems take 255 for the name of a folder.
const LONGEST: usize = 200;

/// What is too long for a folder's name, cut, with a mark that tells it from others with the same beginning.
fn shortened(slug: &str) -> String {
    if slug.len() <= LONGEST {
        return slug.to_owned();
    }
    let mark = format!("-{:016x}", xxhash_rust::xxh3::xxh3_64(slug.as_bytes()));
    let begin = &slug[..slug.floor_char_boundary(LONGEST - mark.len())];
    format!("{}{mark}", begin.trim_end_matches('-'))
}

fn push_word(slug: &mut String, word: &str) {
    if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
    slug.push_str(word);
}

/// Combining marks belong to the letter before them: without them Hindi or decomposed accents fall apart.
#[must_use]
pub fn is_mark(character: char) -> bool {
    matches!(character, '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0903}' | '\u{093A}'..='\u{094F}' | '\u{0981}'..='\u{0983}'
        | '\u{09BC}'..='\u{09CD}' | '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}' | '\u{3099}' | '\u{309A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_as_they_are_where_they_can() {
        let table = [
            ("v26.7.0", "v26.7.0"),
            ("Fresh_Start", "Fresh_Start"),
            (".hidden", "hidden"),
            ("a b", "a-b"),
            ("a/b", "a-b"),
        ];
        for (name, slug) in table {
            assert_eq!(Slug::from_name(name).as_ref().map(Slug::as_str), Some(slug), "{name:?}");
        }
    }

    #[test]
    fn a_slug_fits_into_the_name_of_a_folder() {
        for letter in ["x", "ü", "日"] {
            let name = letter.repeat(300);
            let slug = Slug::from_title(&name).unwrap();
            assert!((LONGEST - 3..=LONGEST).contains(&slug.as_str().len()), "{slug}");
            assert_eq!(Slug::from_name(slug.as_str()), Some(slug.clone()));
            assert_ne!(Slug::from_title(&format!("{name}y")), Some(slug));
        }
    }

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
            assert_eq!(Slug::from_title(title).as_ref().map(Slug::as_str), slug, "{title:?}");
        }
    }
}
