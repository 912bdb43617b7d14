//! What each generator makes of names and titles in addresses, letter by letter, as the generators themselves showed
//! (`tests/generators.py`). Knows nothing of articles.

use std::borrow::Cow;

use crate::catalog::slug::is_mark;

/// Hugo, of the name of a file or folder: each space a hyphen.
#[must_use]
pub fn hugo_path(name: &str) -> String {
    hugo_kept(&name.replace(' ', "-")).to_lowercase()
}

/// Hugo, of the key `slug`.
#[must_use]
pub fn hugo_slug(text: &str) -> String {
    hugo_kept(text).to_lowercase()
}

/// Hugo, of a title that a pattern names. A plus means a space there, and is one afterwards.
#[must_use]
pub fn hugo_title(title: &str) -> String {
    hugo_spaced(&title.replace('/', "-"))
}

/// Hugo, of a slug that a pattern names.
#[must_use]
pub fn hugo_slug_in_pattern(slug: &str) -> String {
    hugo_spaced(slug).trim_matches('-').to_owned()
}

fn hugo_spaced(text: &str) -> String {
    hugo_kept(&hugo_kept(text).replace('+', " ")).to_lowercase()
}

/// Letters, digits, marks and some punctuation; runs of white space between them are one hyphen.
fn hugo_kept(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut owes_hyphen, mut was_hyphen) = (false, false);
    for letter in text.chars() {
        if is_letter(letter) || "./_#+~-@".contains(letter) {
            was_hyphen = letter == '-';
            if owes_hyphen && !was_hyphen {
                kept.push('-');
            }
            owes_hyphen = false;
            kept.push(letter);
        } else if letter.is_whitespace() && !kept.is_empty() && !was_hyphen {
            owes_hyphen = true;
        }
    }
    kept
}

/// Jekyll, of a file's name or a `slug` that ends an address: its own letters, and what may stand in a path.
#[must_use]
pub fn jekyll_title(name: &str) -> String {
    hyphenated(name, |letter| is_letter(letter) || "._~!$&'()+,;=@".contains(letter))
}

/// Jekyll, of `:slug`, `:name` and the categories in `:slugified_categories`.
#[must_use]
pub fn jekyll_slug(name: &str) -> String {
    hyphenated(name, is_letter).to_lowercase()
}

/// Eleventy's filter `slugify`. Of letters beside the Latin ones it knows more than we do.
#[must_use]
pub fn slugify(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.replace('&', " and ").chars().flat_map(char::to_lowercase) {
        let found = LATIN.iter().find(|(letters, _)| letters.contains(letter));
        match found {
            Some((_, ascii)) => plain.push_str(ascii),
            None if is_mark(letter) => {}
            None => plain.push(letter),
        }
    }
    for ending in ["s", "t"] {
        plain = plain.replace(&format!("'{ending} "), &format!("{ending} "));
        if let Some(stem) = plain.strip_suffix(&format!("'{ending}")) {
            plain = format!("{stem}{ending}");
        }
    }
    hyphenated(&plain, |letter| letter.is_ascii_alphanumeric())
}

/// Lower-case letters of Latin scripts, and what stands for them in ASCII.
const LATIN: [(&str, &str); 28] = [
    ("àáâãåāăą", "a"),
    ("ä", "ae"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŋ", "n"),
    ("òóôõøōŏő", "o"),
    ("ö", "oe"),
    ("œ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûũūŭůűų", "u"),
    ("ü", "ue"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
    ("ƒ", "f"),
    ("’", "'"),
];

/// What is not kept, in runs, becomes one hyphen; none begins or ends the whole.
fn hyphenated(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut name = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_kept(letter) {
            name.push(letter);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.strip_prefix('-').unwrap_or(&name);
    name.strip_suffix('-').unwrap_or(name).to_owned()
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || is_mark(letter)
}

/// As it has to be written in a path, so that nothing ends the path.
#[must_use]
pub fn in_path(text: &str) -> Cow<'_, str> {
    if text.contains(['%', '#', '?', '\\']) {
        let escaped = [('%', "%25"), ('#', "%23"), ('?', "%3F"), ('\\', "%5C")];
        escaped.iter().fold(text.to_owned(), |text, (letter, code)| text.replace(*letter, code)).into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_what_the_generators_themselves_make_of_them() {
        type Rule = fn(&str) -> String;
        let table: [(Rule, &[(&str, &str)]); 7] = [
            (
                hugo_path,
                &[
                    ("Upper Case", "upper-case"),
                    ("c++ & co", "c++--co"),
                    ("-edge-", "-edge-"),
                    ("@at~tilde", "@at~tilde"),
                    ("a,b;c", "abc"),
                    ("50% off", "50-off"),
                    ("emoji 🦀 crab", "emoji--crab"),
                    ("under_score", "under_score"),
                    ("日本 語", "日本-語"),
                ],
            ),
            (hugo_slug, &[("With Space", "with-space"), ("c++", "c++"), ("O'Brien", "obrien")]),
            (
                hugo_title,
                &[
                    ("C++", "c"),
                    ("A + B", "a--b"),
                    ("a+b+", "a-b"),
                    ("a/b/c", "a-b-c"),
                    ("-x-", "-x-"),
                    ("O'Brien & Söhne: C++ (\"x\") 50% v1.2 — 日本_x", "obrien-söhne-c-x-50-v1.2-日本_x"),
                    ("Url /u/:year/:title/", "url-u-year-title-"),
                ],
            ),
            (hugo_slug_in_pattern, &[("-x-", "x"), ("1+1=2", "1-12"), ("x...", "x...")]),
            (
                jekyll_title,
                &[
                    ("Upper Case", "Upper-Case"),
                    ("c++ & co", "c++-&-co"),
                    ("a--b", "a-b"),
                    ("emoji 🦀 crab", "emoji-crab"),
                    ("O'Brien (x)", "O'Brien-(x)"),
                    ("a/b", "a-b"),
                    ("-edge-", "edge"),
                ],
            ),
            (jekyll_slug, &[("C#", "c"), ("a/b", "a-b"), ("2020-10-11-Perma Link", "2020-10-11-perma-link")]),
            (
                slugify,
                &[
                    ("O'Brien & Söhne: C++ 50% v1.2 — 日本_x 6", "o-brien-and-soehne-c-50-v1-2-x-6"),
                    ("Ann's café can't", "anns-cafe-cant"),
                ],
            ),
        ];
        for (rule, cases) in table {
            for (name, expected) in cases {
                assert_eq!(rule(name), *expected, "{name}");
            }
        }
    }
}
