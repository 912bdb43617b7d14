//! What an article brings along beside its words: sound, films, the facts of a podcast's episode, and where it was
//! published first.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::catalog::coded;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::keys::Keys;
use crate::catalog::locate::Place;
use crate::catalog::media;
use crate::catalog::settings::Site;

/// A file to be heard, seen or kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where readers get it.
    pub url: Url,
    /// Its file, where there is one to be measured.
    #[serde(with = "coded::path::option")]
    pub file: Option<PathBuf>,
    /// Bytes, as the author says.
    pub length: Option<u64>,
    /// Media type, as the author says.
    pub media_type: Option<String>,
    /// How long it plays, in seconds.
    pub seconds: Option<u64>,
    /// What it is called.
    pub title: Option<String>,
}

/// What podcast directories want to know of an episode.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Its number.
    pub number: Option<u64>,
    /// Its season's number.
    pub season: Option<u64>,
    /// `full`, `trailer` or `bonus`.
    pub kind: Option<String>,
    /// Whether it is for adults alone.
    pub explicit: Option<bool>,
    /// How long it plays, in seconds.
    pub seconds: Option<u64>,
    /// Its own picture.
    pub image: Option<Url>,
}

/// Where an article was published first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What the publication is called.
    pub title: String,
    /// Its feed or page.
    pub url: Url,
}

/// Of `audio`, `video` and `enclosure`: an address, a table with `url`, or a list of these. In this order: RSS has room
/// for one, and sound is what a podcast is about.
pub fn attachments(place: &Place<'_>, keys: &mut Keys<'_>) -> Vec<Attachment> {
    let mut found = Vec::new();
    for key in ["audio", "video", "enclosure", "enclosures"] {
        let Some(node) = keys.node(key) else { continue };
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        for item in items {
            match attachment(item, place, key) {
                Ok(attachment) => found.push(attachment),
                Err(message) => keys.error(
                    item.at,
                    format!("`{key}`: {message}"),
                    format!(
                        "write {key}: /audio/salt.mp3 or {key}: {{url: /audio/salt.mp3, duration: \"12:30\"}}"
                    ),
                ),
            }
        }
    }
    found
}

fn attachment(item: &Node, place: &Place<'_>, key: &str) -> Result<Attachment, &'static str> {
    let nothing = Table::default();
    let (source, table) = match &item.value {
        Value::Table(table) => (["url", "src", "file"].iter().find_map(|key| table.text(key)), table),
        Value::Text(text) => (Some(text.as_str()), &nothing),
        _ => (None, &nothing),
    };
    let source = source.map(str::trim).filter(|source| !source.is_empty()).ok_or("there is no address")?;
    let (url, file) = place.locate(source).ok_or("this is no address")?;
    let length =
        number(table, &["length", "bytes", "size"]).map_err(|()| "the length is no number of bytes")?;
    let seconds = duration(table).map_err(|()| "the duration is neither 12:30 nor a number of seconds")?;
    let media_type = ["type", "mime_type"].iter().find_map(|key| table.text(key));
    if media_type.is_some_and(|media_type| !media_type.contains('/')) {
        return Err("the type is no media type such as audio/mpeg");
    }
    let text = |value: Option<&str>| value.map(str::to_owned);
    // An address without an ending says nothing of itself, but the key does.
    let media_type = media_type.or(match key {
        _ if media::type_of_attachment(url.path()) != media::UNKNOWN_TYPE => None,
        "audio" => Some("audio/mpeg"),
        "video" => Some("video/mp4"),
        _ => None,
    });
    Ok(Attachment {
        url,
        file,
        length,
        media_type: text(media_type),
        seconds,
        title: text(table.text("title")),
    })
}

/// Of `podcast` or `itunes`: a table.
pub fn episode(place: &Place<'_>, keys: &mut Keys<'_>) -> Option<Episode> {
    let key = ["podcast", "itunes"].into_iter().find(|key| keys.has(key))?;
    let node = keys.node(key)?;
    let hint = format!(
        "write {key}: {{episode: 3, season: 1, episodeType: full, explicit: false, duration: \"12:30\"}}"
    );
    let Value::Table(table) = &node.value else {
        keys.error(node.at, format!("`{key}` is {}, not a table", node.kind()), hint);
        return None;
    };
    let kind = ["episodeType", "episode_type", "type"].iter().find_map(|key| table.text(key));
    let kind = kind.map(str::to_lowercase);
    let explicit = match table.text("explicit").map(str::to_lowercase).as_deref() {
        None => Ok(None),
        Some("true" | "yes" | "explicit") => Ok(Some(true)),
        Some("false" | "no" | "clean") => Ok(Some(false)),
        Some(_) => Err(()),
    };
    let is_kind = kind.as_deref().is_none_or(|kind| ["full", "trailer", "bonus"].contains(&kind));
    let numbers = (number(table, &["episode"]), number(table, &["season"]), duration(table), explicit);
    let (Ok(number), Ok(season), Ok(seconds), Ok(explicit), true) =
        (numbers.0, numbers.1, numbers.2, numbers.3, is_kind)
    else {
        keys.error(node.at, format!("`{key}` holds what directories of podcasts don't take"), hint);
        return None;
    };
    let image = table.text("image").and_then(|image| place.locate(image)).map(|(url, _)| url);
    Some(Episode { number, season, kind, explicit, seconds, image })
}

/// Of `source`: an address, or a table with `title` and `url`. Any other text is a remark of the author's.
pub fn source(site: &Site, keys: &mut Keys<'_>) -> Option<Source> {
    let node = keys.node("source")?;
    let (title, address) = match &node.value {
        Value::Table(table) => (table.text("title").or_else(|| table.text("name")), table.text("url")),
        Value::Text(text) if text.starts_with("https://") || text.starts_with("http://") => {
            (None, Some(text.as_str()))
        }
        _ => return None,
    };
    let Some(url) = address.and_then(|address| site.absolute(address)) else {
        let hint = "write source: {title: The Other Paper, url: https://other.example/feed.xml}";
        keys.error(node.at, "`source` has no address", hint);
        return None;
    };
    let title = title.map_or_else(|| url.host_str().unwrap_or_default().to_owned(), str::to_owned);
    Some(Source { title, url })
}

fn number(table: &Table, keys: &[&str]) -> Result<Option<u64>, ()> {
    let text = keys.iter().find_map(|key| table.text(key));
    text.map(|text| text.trim().parse().map_err(drop)).transpose()
}

/// `1:02:03`, `2:03`, or seconds.
fn duration(table: &Table) -> Result<Option<u64>, ()> {
    let Some(text) = table.text("duration") else { return Ok(None) };
    if text.split(':').count() > 3 {
        return Err(());
    }
    let add = |sum: u64, part: &str| {
        let part: u64 = part.trim().parse().map_err(drop)?;
        sum.checked_mul(60).and_then(|sum| sum.checked_add(part)).ok_or(())
    };
    text.split(':').try_fold(0, add).map(Some)
}
