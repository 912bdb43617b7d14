//! Permanent ids that follow from what an article or a feed says of itself (`tag:` URIs, RFC 4151), so that a
//! build without a store gives the same ids as one with it.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};

use url::Url;

use crate::catalog::settings::Site;

/// What the parser of addresses forgives, and an IRI may not hold (RFC 3987, 2.2).
pub const NOT_IN_AN_IRI: [char; 10] = [' ', '<', '>', '"', '{', '}', '|', '\\', '^', '`'];

/// The id of an article: the site's authority, the day of the article, its path without the ending. Undated
/// articles take the day since which the domain is the site's. The path of a record has no ending.
#[must_use]
pub fn derived(site: &Site, date: Option<DateTime<FixedOffset>>, path: &str, is_record: bool) -> String {
    // The tag's date is one on which the authority was the site's (RFC 4151, 2.1): never before `since`.
    let day = date.map_or(site.since, |date| date.date_naive().max(site.since));
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let stem = if is_record { path } else { stem.strip_suffix("/index").unwrap_or(stem) };
    format!("tag:{},{day}:{}", authority(site), specific(stem))
}

/// The id of the whole site's feed, or of a category's.
#[must_use]
pub fn feed(site: &Site, category: Option<&str>) -> String {
    let name = category.map_or_else(|| "feed".to_owned(), |slug| format!("feed/{}", specific(slug)));
    format!("tag:{},{}:{name}", authority(site), site.since)
}

/// An id as an absolute IRI: as it is if it is one; ids that were brought along from elsewhere may be anything.
#[must_use]
pub fn iri(site: &Site, id: &str) -> String {
    match Url::parse(id) {
        Ok(_) if !id.contains(NOT_IN_AN_IRI) => id.to_owned(),
        _ => format!("tag:{},{}:id/{}", authority(site), site.since, specific(id)),
    }
}

/// The domain that ids are made of, in lower case (RFC 4151, 2.1). It may be another one's now: an id says whose the
/// domain was on its day.
fn authority(site: &Site) -> String {
    let domain = site.id_domain.as_deref().or(site.url.host_str());
    domain.unwrap_or("localhost").to_ascii_lowercase()
}

/// What RFC 4151 allows in the specific part, all else percent-encoded: one spelling for one path.
fn specific(text: &str) -> Cow<'_, str> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    if text.bytes().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if is_allowed(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Cow::Owned(encoded)
}
