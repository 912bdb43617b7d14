//! What the catalog needs to know of the site and of where its sources are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;
use url::{ParseError, Url};

use crate::catalog::date::Defaults;
use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::habits::Habits;
use crate::catalog::source::settings::Settings as SourceSettings;

/// The site: what feeds and mails say of themselves. Table `[site]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The publication's name.
    pub title: String,
    /// One line on what it is.
    pub description: String,
    /// Absolute address of the front page; everything relative starts here.
    pub url: Url,
    /// BCP 47 tag.
    pub language: String,
    /// Zone of dates that name none.
    pub time_zone: chrono_tz::Tz,
    /// Time of day of dates that name none, as `HH:MM`.
    #[serde(deserialize_with = "time_of_day")]
    pub default_time: chrono::NaiveTime,
    /// Who publishes it.
    pub author: String,
    /// Address of whoever answers for the content.
    pub editor_email: Option<String>,
    /// Copyright line.
    pub copyright: Option<String>,
    /// The site's logo, an address or a path under the site.
    pub logo: Option<String>,
    /// The domain that permanent ids are made of, where it is no longer that of [`Self::url`].
    #[serde(default)]
    pub id_domain: Option<String>,
    /// A day on which the site's domain was yours already: it goes into permanent ids (RFC 4151) and dates
    /// empty feeds.
    #[serde(deserialize_with = "day")]
    pub since: NaiveDate,
}

/// What the pattern of category pages may hold.
pub const CATEGORY_PAGE_PLACES: [&str; 1] = ["category"];

/// Where articles come from and how they are addressed. Table `[catalog]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// Folder of the articles.
    pub content: PathBuf,
    /// Folder whose files the site serves under its root: where pictures are measured.
    #[serde(rename = "static")]
    pub static_files: PathBuf,
    /// Whose conventions the folder follows; `None` for those that its marks speak for.
    #[serde(deserialize_with = "dialect")]
    pub dialect: Option<Dialect>,
    /// An article's path under the site, from [`crate::catalog::permalink::TOKENS`] in braces; `None` for what the
    /// dialect makes of it.
    #[serde(default)]
    pub permalink: Option<String>,
    /// A category's page under the site: `{category}`.
    pub category_page: String,
    /// Longest summary that is made where none is given, in characters.
    pub summary_length: usize,
}

/// What the configuration says of a category that has no `_category.md`. Table `[category.<slug>]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategorySettings {
    /// The title that people read.
    pub title: Option<String>,
    /// One line.
    pub description: Option<String>,
    /// Paragraphs, divided by empty lines.
    pub overview: Option<String>,
    /// Smaller comes first.
    pub order: Option<i64>,
}

/// Everything that loading a catalog takes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `[site]`
    pub site: Site,
    /// `[catalog]`, its paths made absolute.
    pub sources: Sources,
    /// `[category.*]` by slug.
    pub categories: BTreeMap<String, CategorySettings>,
    /// `[[source]]`, in the order of the file: where else articles come from.
    pub imports: Vec<SourceSettings>,
    /// What the folder's generator lays down, as loading finds it; until then, our own dialect.
    pub habits: Habits,
}

impl Site {
    /// What completes an incomplete date.
    #[must_use]
    pub fn date_defaults(&self) -> Defaults {
        Defaults { zone: self.time_zone, time: self.default_time }
    }

    /// An address that the author gave, made absolute; a path starts at the site's front page, whether it
    /// begins with a slash or not, so that a site that lives in a folder keeps its folder.
    #[must_use]
    pub fn absolute(&self, address: &str) -> Option<Url> {
        match Url::parse(address) {
            Ok(url) => matches!(url.scheme(), "http" | "https").then_some(url),
            Err(_) if address.starts_with("//") => self.url.join(address).ok(),
            Err(ParseError::RelativeUrlWithoutBase) => {
                let mut root = self.url.clone();
                if !root.path().ends_with('/') {
                    root.set_path(&format!("{}/", root.path()));
                }
                root.join(&format!("./{}", address.trim_start_matches('/'))).ok()
            }
            Err(_) => None,
        }
    }
}

fn time_of_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<chrono::NaiveTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    chrono::NaiveTime::parse_from_str(&text, "%H:%M")
        .map_err(|_| serde::de::Error::custom(format!("{text:?} is no time of day; write it as 09:00")))
}

fn dialect<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Dialect>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let named = Dialect::ALL.iter().find(|(name, _)| *name == text).map(|(_, dialect)| *dialect);
    if named.is_none() && text != "auto" {
        let known = Dialect::ALL.map(|(name, _)| name).join(", ");
        let message = format!("{text:?} is no dialect; there are auto, {known}");
        return Err(serde::de::Error::custom(message));
    }
    Ok(named)
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = toml::value::Datetime::deserialize(deserializer)?.to_string();
    let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    day.ok_or_else(|| {
        serde::de::Error::custom(format!("{text} is no day; write it as 2026-01-31, without quotes"))
    })
}
