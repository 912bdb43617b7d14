//! Message catalogs: what templates say, in each language (Fluent, projectfluent.org). An operator's file goes before
//! the built-in one of the same language, message by message.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use intl_memoizer::Memoizable;
use intl_memoizer::concurrent::IntlLangMemoizer;
use unic_langid::LanguageIdentifier;

use crate::language::locale;
use crate::language::tag::{self as tags, Language};

/// The catalogs that Tidings brings along, by language.
const BUILT_IN: [(&str, &str); 5] = [
    ("en", include_str!("../../templates/messages/en.ftl")),
    ("de", include_str!("../../templates/messages/de.ftl")),
    ("fr", include_str!("../../templates/messages/fr.ftl")),
    ("es", include_str!("../../templates/messages/es.ftl")),
    ("ar", include_str!("../../templates/messages/ar.ftl")),
];

/// A catalog that can't be read, or a message that can't be written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MessageError(pub String);

/// The catalogs of all languages, each read when it is first asked for.
pub struct Messages {
    folder: Option<PathBuf>,
    read: Mutex<HashMap<String, Option<Arc<Catalog>>>>,
}

/// One language's messages.
struct Catalog(FluentBundle<FluentResource>);

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Messages").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Messages {
    /// With an operator's folder of templates, where there is one: its `messages/de.ftl` is German.
    #[must_use]
    pub fn new(folder: Option<&Path>) -> Self {
        Self { folder: folder.map(|folder| folder.join("messages")), read: Mutex::new(HashMap::new()) }
    }

    /// Whether there is a catalog for a language, or for what it is a kind of.
    ///
    /// # Errors
    /// A catalog that can't be read.
    pub fn has(&self, language: &Language) -> Result<bool, MessageError> {
        for tag in language.lookup() {
            if self.catalog(tag)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The languages that there are catalogs of, those that come along first.
    #[must_use]
    pub fn languages(&self) -> Vec<Language> {
        let own =
            self.folder.as_ref().and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten();
        let mut own: Vec<String> = own
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".ftl").map(str::to_owned))
            .collect();
        own.sort();
        let built_in = BUILT_IN.iter().map(|(tag, _)| (*tag).to_owned());
        let mut languages: Vec<Language> = Vec::new();
        for language in built_in.chain(own).filter_map(|tag| tag.parse().ok()) {
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        languages
    }

    /// A message with its arguments. What a language does not say is said as its parent does (`de` for `de-AT`), and
    /// in English where that does not either.
    ///
    /// # Errors
    /// A message that no catalog has, or that names an argument which it was not given.
    pub fn say(&self, language: &str, id: &str, arguments: &FluentArgs<'_>) -> Result<String, MessageError> {
        let tag: Language = language.parse().unwrap_or_else(|_| Language::english());
        for tag in tag.lookup().chain(["en"]) {
            let Some(catalog) = self.catalog(tag)? else { continue };
            let Some(pattern) = catalog.0.get_message(id).and_then(|message| message.value()) else {
                continue;
            };
            let mut errors = Vec::new();
            let said = catalog.0.format_pattern(pattern, Some(arguments), &mut errors);
            return match errors.first() {
                None => Ok(said.into_owned()),
                Some(error) => Err(MessageError(format!(
                    "the message {id:?} of messages/{tag}.ftl can't be written: {error}"
                ))),
            };
        }
        Err(MessageError(format!(
            "no catalog has a message {id:?}; add `{id} = …` to messages/en.ftl in your folder of templates"
        )))
    }

    /// A message that takes no arguments; empty where no catalog has it.
    #[must_use]
    pub fn words(&self, language: &Language, id: &str) -> String {
        self.say(language.as_str(), id, &FluentArgs::new()).unwrap_or_default()
    }

    fn catalog(&self, tag: &str) -> Result<Option<Arc<Catalog>>, MessageError> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(tag) {
            return Ok(known.clone());
        }
        let catalog = self.read(tag)?.map(Arc::new);
        read.insert(tag.to_owned(), catalog.clone());
        Ok(catalog)
    }

    fn read(&self, tag: &str) -> Result<Option<Catalog>, MessageError> {
        let built_in =
            BUILT_IN.iter().find(|(language, _)| *language == tag).map(|(_, text)| (*text).to_owned());
        let own = match &self.folder {
            Some(folder) => own(&folder.join(format!("{tag}.ftl")))?,
            None => None,
        };
        if built_in.is_none() && own.is_none() {
            return Ok(None);
        }
        let language: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Where lines begin on the right, names and titles of the other direction need marks around them (Unicode TR 9, 2.4),
        // or the words beside them change places. Elsewhere they would only be part of what is copied.
        bundle.set_use_isolating(tags::direction(tag) == "rtl");
        bundle.set_formatter(Some(in_own_digits));
        if let Some(text) = built_in {
            bundle.add_resource_overriding(resource(
                text,
                Path::new(&format!("messages/{tag}.ftl (built in)")),
            )?);
        }
        if let Some((text, file)) = own {
            bundle.add_resource_overriding(resource(text, &file)?);
        }
        Ok(Some(Catalog(bundle)))
    }
}

fn own(file: &Path) -> Result<Option<(String, PathBuf)>, MessageError> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some((text, file.to_owned()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(MessageError(format!("{}: {error}", file.display()))),
    }
}

/// All that is wrong with a catalog, with file and line.
fn resource(text: String, file: &Path) -> Result<FluentResource, MessageError> {
    FluentResource::try_new(text).map_err(|(resource, errors)| {
        let line =
            |at: usize| resource.source().get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        let told =
            errors.iter().map(|error| format!("{}:{}: {error}", file.display(), line(error.pos.start)));
        MessageError(told.collect::<Vec<_>>().join("\n"))
    })
}

/// Whole numbers as the language writes them.
fn in_own_digits(value: &FluentValue<'_>, memoizer: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    #[allow(clippy::cast_possible_truncation)] // counts of articles and minutes
    let whole = (number.value.fract() == 0.0).then_some(number.value as i64)?;
    memoizer.with_try_get::<Digits, _, _>((), |digits| locale::number(&digits.0, whole)).ok()
}

/// The language of a bundle, which the library tells in this way alone.
struct Digits(String);

impl Memoizable for Digits {
    type Args = ();
    type Error = std::convert::Infallible;

    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, Self::Error> {
        Ok(Self(language.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(messages: &Messages, language: &str, id: &str, count: i64) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("count", count);
        let said = messages.say(language, id, &arguments).unwrap_or_else(|error| error.0);
        // Arguments of right-to-left languages have marks around them.
        said.replace(['\u{2068}', '\u{2069}'], "")
    }

    #[test]
    fn counts_have_the_plural_of_their_language() {
        let messages = Messages::new(None);
        let said = |language| [1, 2, 3, 11, 100].map(|count| say(&messages, language, "articles", count));
        assert_eq!(said("en"), ["1 article", "2 articles", "3 articles", "11 articles", "100 articles"]);
        assert_eq!(said("de-AT"), ["1 Artikel", "2 Artikel", "3 Artikel", "11 Artikel", "100 Artikel"]);
        assert_eq!(said("ar"), ["مقال واحد", "مقالان", "3 مقالات", "11 مقالًا", "100 مقال"]);
        assert_eq!(said("xx"), said("en"));
    }

    #[test]
    fn every_catalog_says_everything_with_the_same_arguments() {
        let ids = |text: &str| {
            let mut ids: Vec<String> = text
                .lines()
                .filter(|line| line.starts_with(char::is_alphabetic))
                .filter_map(|line| line.split_once(" =").map(|(id, _)| id.to_owned()))
                .collect();
            ids.sort();
            ids
        };
        for (language, text) in BUILT_IN {
            assert_eq!(ids(text), ids(BUILT_IN[0].1), "{language}");
        }
    }

    #[test]
    fn an_operators_catalog_wins_message_by_message_and_its_faults_have_lines() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("messages")).unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join("messages").join(name), text).unwrap();
        write("de.ftl", "unsubscribe = Tschüss\n");
        write("fi.ftl", "unsubscribe = Peru\n");
        write("nl.ftl", "one = Eén\n\ntwo\n");
        let messages = Messages::new(Some(folder.path()));
        assert_eq!(say(&messages, "de", "unsubscribe", 0), "Tschüss");
        assert_eq!(say(&messages, "de", "articles", 2), "2 Artikel");
        assert_eq!(say(&messages, "fi", "unsubscribe", 0), "Peru");
        assert_eq!(say(&messages, "fi", "articles", 2), "2 articles");
        assert!(say(&messages, "nl", "one", 0).contains("nl.ftl:3: "), "{}", say(&messages, "nl", "one", 0));
        assert!(say(&messages, "en", "nothing", 0).contains("no catalog has a message"));
        assert!(messages.has(&"fi".parse().unwrap()).unwrap());
        assert!(!messages.has(&"sv".parse().unwrap()).unwrap());
    }
}
