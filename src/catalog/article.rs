//! An article: what an author wrote, with everything that its front matter says of it.

use chrono::{DateTime, FixedOffset};
use memchr::memmem;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::catalog::attachments::{Attachment, Episode, Source};
use crate::catalog::body_text::BodyText;
use crate::catalog::coded;
use crate::catalog::problem::Position;
use crate::catalog::slug::Slug;
use crate::catalog::source::record::Origin;
use crate::text::is_folded;

/// One source document, read and checked. Its body is still as it was written: only what a feed or a digest selects
/// is rendered, by [`crate::catalog::body`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Article {
    /// Path under the content folder, with `/`; of an article from another source, the source's name and what it is
    /// called there.
    pub path: String,
    /// The id that the front matter gives, and where.
    pub declared_id: Option<(String, Position)>,
    /// The id that follows from what the article says of itself (RFC 4151).
    pub derived_id: String,
    /// Its name in addresses.
    pub slug: Slug,
    /// Where `slug`, `url` or else the title stands: the place to mend a clash.
    pub slug_at: Position,
    /// Its page.
    pub url: Url,
    /// Addresses that it had before, as the author wrote them: they redirect to its page.
    pub aliases: Vec<String>,
    /// Plain text, one line, never empty.
    pub title: String,
    /// When it was published, as the author says; undated articles are dated by the ledger.
    #[serde(with = "coded::moment")]
    pub date: Option<DateTime<FixedOffset>>,
    /// The moment before which it is not published, where that is not its date.
    #[serde(with = "coded::moment")]
    pub not_before: Option<DateTime<FixedOffset>>,
    /// When the author last changed it in a way that matters.
    #[serde(with = "coded::moment")]
    pub updated: Option<DateTime<FixedOffset>>,
    /// When it stops being published.
    #[serde(with = "coded::moment")]
    pub expires: Option<DateTime<FixedOffset>>,
    /// Not to be published yet.
    pub draft: bool,
    /// Bylines in order.
    pub authors: Vec<Byline>,
    /// Its categories, the first one first; never empty.
    pub categories: Vec<Slug>,
    /// Free keywords.
    pub tags: Vec<String>,
    /// The summary that the author gave, plain text.
    pub summary: Option<String>,
    /// The picture that stands for it.
    pub image: Option<Picture>,
    /// Sound, films and other files that come with it.
    pub attachments: Vec<Attachment>,
    /// What it is as an episode of a podcast.
    pub episode: Option<Episode>,
    /// Where it was published first.
    pub source: Option<Source>,
    /// Where readers discuss it.
    pub comments: Option<Discussion>,
    /// Keys that Tidings does not know, for templates.
    #[serde(with = "coded::table")]
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// Its Markdown or HTML.
    pub body: BodyText,
    /// The source that it comes from, where that is not the content folder.
    pub origin: Option<Origin>,
    /// Hash of the body to the letter.
    pub body_hash: u64,
    /// Hash of title and body with white space folded: equal for edits that no reader would notice.
    pub content_hash: ContentHash,
}

/// Why a sound article is not published at a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBack {
    /// `draft: true`.
    Draft,
    /// Its date has not come.
    Future(DateTime<FixedOffset>),
    /// Its `expires` has passed.
    Expired(DateTime<FixedOffset>),
}

impl std::fmt::Display for HeldBack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Draft => f.write_str("draft"),
            Self::Future(date) => write!(f, "to be published at {}", date.to_rfc3339()),
            Self::Expired(date) => write!(f, "expired at {}", date.to_rfc3339()),
        }
    }
}

/// Who wrote an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Byline {
    /// The name as it is shown.
    pub name: String,
    /// A page about them.
    pub url: Option<Url>,
}

/// The picture of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Where readers get it.
    pub url: Url,
    /// What it shows.
    pub alt: Option<String>,
    /// Its file under the static folder or beside the article, where there is one.
    #[serde(with = "coded::path::option")]
    pub file: Option<std::path::PathBuf>,
}

/// Where an article is discussed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussion {
    /// The page.
    pub url: Option<Url>,
    /// How many comments it had.
    pub count: Option<u64>,
}

/// A hash of an article's normalised content; written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContentHash(u128);

impl ContentHash {
    /// Hashes title and body with runs of white space folded to one space. Not cryptographic: it finds
    /// renamed files and edits, it proves nothing.
    #[must_use]
    pub fn of(title: &str, body: &str) -> Self {
        let mut folded = Vec::with_capacity(title.len() + body.len() + 4);
        for part in [title, body] {
            let mut start = 0;
            for end in memmem::find_iter(part.as_bytes(), "\n\n").chain([part.len()]) {
                fold(&part[start..end], &mut folded);
                start = end;
            }
            folded.push(0);
        }
        Self(xxhash_rust::xxh3::xxh3_128(&folded))
    }

    /// One that was written.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        u128::from_str_radix(text, 16).ok().map(Self)
    }
}

impl std::fmt::Display for ContentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Adds the words of a paragraph, each with one blank behind it. Most are folded already, and copied as they are.
fn fold(paragraph: &str, folded: &mut Vec<u8>) {
    let paragraph = paragraph.trim_matches('\n');
    if is_folded(paragraph) {
        folded.extend(paragraph.bytes().map(|byte| if byte == b'\n' { b' ' } else { byte }));
        folded.push(b' ');
        return;
    }
    for word in paragraph.split_whitespace() {
        folded.extend_from_slice(word.as_bytes());
        folded.push(b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::{ContentHash, fold};

    #[test]
    fn paragraphs_fold_as_their_words_do() {
        for text in [
            "",
            " ",
            "a b",
            " a b",
            "a b ",
            "a  b",
            "a\tb",
            "a\u{a0}b",
            "é b",
            "a\u{3000}b",
            "\n a\nb\n",
            "a\n b",
        ] {
            let mut folded = Vec::new();
            fold(text, &mut folded);
            let words: Vec<&str> = text.split_whitespace().flat_map(|word| [word, " "]).collect();
            assert_eq!(folded, words.concat().as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn white_space_does_not_change_the_hash_but_words_do() {
        assert_eq!(ContentHash::of("A b", "c\n\nd"), ContentHash::of(" A  b ", "c d\n"));
        assert_eq!(ContentHash::of("A b", "c d\n\n\ne\n"), ContentHash::of("A\nb", "\n\nc\nd\te"));
        assert_ne!(ContentHash::of("A b", "c"), ContentHash::of("A", "b c"));
    }
}
