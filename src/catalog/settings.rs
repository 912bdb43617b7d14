//! What the catalog needs to know of the site and of where its sources are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;
use url::{ParseError, Url};

use crate::catalog::date::Defaults;

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
    /// A day on which the site's domain was yours already: it goes into permanent ids (RFC 4151) and dates
    /// empty feeds.
    #[serde(deserialize_with = "day")]
    pub since: NaiveDate,
}

/// What a permalink pattern may hold.
pub const PERMALINK_PLACES: [&str; 6] = ["{category}", "{slug}", "{path}", "{year}", "{month}", "{day}"];

/// What the pattern of category pages may hold.
pub const CATEGORY_PAGE_PLACES: [&str; 1] = ["{category}"];

/// Where articles come from and how they are addressed. Table `[catalog]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// Folder of the articles.
    pub content: PathBuf,
    /// Folder whose files the site serves under its root: where pictures are measured.
    #[serde(rename = "static")]
    pub static_files: PathBuf,
    /// An article's path under the site: `{category} {slug} {path} {year} {month} {day}`.
    pub permalink: String,
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

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = toml::value::Datetime::deserialize(deserializer)?.to_string();
    let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    day.ok_or_else(|| {
        serde::de::Error::custom(format!("{text} is no day; write it as 2026-01-31, without quotes"))
    })
}
