//! What stands above the articles: the digest's own words, or a file with Markdown for one issue.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::catalog::body;
use crate::catalog::settings::Site;
use crate::digest::long_text;
use crate::digest::settings::Settings;
use crate::language::tag::Language;

/// An introduction, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intro {
    /// As HTML that is safe to show.
    pub html: String,
    /// As plain text.
    pub text: String,
}

/// The introductions of an issue, by language.
#[derive(Clone, Debug, Default)]
pub struct Intros {
    usual: Option<Intro>,
    own: BTreeMap<Language, Intro>,
}

/// A file that is there and can't be read.
#[derive(Debug, thiserror::Error)]
#[error("the introduction {} can't be read: {why}", file.display())]
pub struct IntroError {
    file: PathBuf,
    why: std::io::Error,
}

impl Intros {
    /// Those of the issue of a slot, in these languages. A file that is not there is none: the digest's own words stand.
    ///
    /// # Errors
    /// A file that is there and can't be read.
    pub fn new(
        digest: &Settings,
        site: &Site,
        slot: DateTime<Utc>,
        languages: &[Language],
    ) -> Result<Self, IntroError> {
        let show = |markdown: &str| {
            let html = body::of_markdown(markdown, &site.url, site);
            Intro { text: long_text::of_html(&html), html }
        };
        let mut intros = Self { usual: digest.intro.as_deref().map(show), own: BTreeMap::new() };
        let Some(pattern) = &digest.intro_file else { return Ok(intros) };
        let day =
            slot.with_timezone(&digest.time_zone.unwrap_or(site.time_zone)).format("%Y-%m-%d").to_string();
        for language in languages {
            for tag in language.lookup() {
                let file = pattern.to_string_lossy().replace("{date}", &day).replace("{language}", tag);
                if let Some(markdown) = read(Path::new(&file))? {
                    intros.own.insert(language.clone(), show(&markdown));
                    break;
                }
            }
        }
        Ok(intros)
    }

    /// That of a mail in a language.
    #[must_use]
    pub fn get(&self, language: &Language) -> Option<&Intro> {
        self.own.get(language).or(self.usual.as_ref())
    }
}

fn read(file: &Path) -> Result<Option<String>, IntroError> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(IntroError { file: file.to_owned(), why }),
    }
}
