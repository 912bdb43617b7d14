//! A language as BCP 47 writes it.

use std::fmt;
use std::str::FromStr;

use icu_locale_core::LanguageIdentifier;
use serde::{Deserialize, Serialize};

/// A language tag in its usual writing: `de`, `en-GB`, `zh-Hant-TW`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl Language {
    /// English, which every text of the program is written in first.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone: `de` of `de-AT`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// Itself, then what it is a kind of, shorter and shorter (RFC 4647, 3.4): `de-AT`, `de`.
    pub fn lookup(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.0.as_str()), |tag| tag.rsplit_once('-').map(|(parent, _)| parent))
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let tag = LanguageIdentifier::try_from_str(text.trim());
        match tag {
            Ok(tag) if !tag.language.is_unknown() => Ok(Self(tag.to_string())),
            _ => Err(format!("{text:?} is no language; write it as \"de\" or \"en-GB\"")),
        }
    }
}

impl TryFrom<String> for Language {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `rtl` for a language (BCP 47) that is written from right to left, else `ltr`. A script subtag says it; without
/// one, the language's usual script.
#[must_use]
pub fn direction(language: &str) -> &'static str {
    let subtags = language.to_ascii_lowercase();
    let mut subtags = subtags.split('-');
    let language = subtags.next().unwrap_or_default();
    let is_script = |subtag: &&str| subtag.len() == 4 && subtag.chars().all(char::is_alphabetic);
    let from_right = match subtags.find(is_script) {
        Some(script) => RIGHT_TO_LEFT_SCRIPTS.contains(&script),
        None => RIGHT_TO_LEFT_LANGUAGES.contains(&language),
    };
    if from_right { "rtl" } else { "ltr" }
}

const RIGHT_TO_LEFT_SCRIPTS: [&str; 8] = ["adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"];

const RIGHT_TO_LEFT_LANGUAGES: [&str; 13] =
    ["ar", "arc", "ckb", "dv", "fa", "he", "ku", "nqo", "ps", "sd", "syr", "ug", "ur"];

#[cfg(test)]
mod tests {
    use super::{Language, direction};

    #[test]
    fn a_tag_is_read_whatever_its_case_and_shortened_by_its_parts() {
        let language: Language = "ZH-hant-tw".parse().unwrap();
        assert_eq!(language.as_str(), "zh-Hant-TW");
        assert_eq!(language.lookup().collect::<Vec<_>>(), ["zh-Hant-TW", "zh-Hant", "zh"]);
        for wrong in ["", "und", "deutsch", "d e", "../x"] {
            assert!(wrong.parse::<Language>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_script_says_where_lines_begin() {
        for (language, expected) in
            [("en-GB", "ltr"), ("he", "rtl"), ("ar-EG", "rtl"), ("pa-Arab-PK", "rtl"), ("ur-Latn", "ltr")]
        {
            assert_eq!(direction(language), expected, "{language}");
        }
    }
}
