//! What publishing would change for readers: feeds on disk beside those that would be written. Changes nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::Serialize;

use crate::catalog::identity;
use crate::catalog::media::Measurements;
use crate::catalog::settings::Settings as CatalogSettings;
use crate::feed::diff::{self, Change, Fate, Members};
use crate::feed::documents;
use crate::feed::judge::facts::Facts;
use crate::feed::judge::verdict::{self, LARGEST};
use crate::feed::model::{Format, Kind};
use crate::feed::select::{self, Selected};
use crate::feed::settings::Settings as FeedSettings;
use crate::feed::tombstones;
use crate::feed::write::{self, Document};
use crate::jobs::guard::{self, Doubt};
use crate::jobs::take_stock::Stock;
use crate::store::publications::Publications;
use crate::templates::environment::Templates;

/// What the feed of the whole site is called here, whose paths begin with nothing.
pub const SITE: &str = "site";

/// What would become of all feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Feeds that would change, in the order in which they are listed.
    pub feeds: Vec<Differing>,
    /// The names of those that would stay as they are.
    pub unchanged: Vec<String>,
    /// Files of feeds that are no more, and still there: readers of them see nothing new.
    pub abandoned: Vec<String>,
    /// Why feeds would be held back: readers would see nothing of these.
    pub held_back: Vec<Doubt>,
}

/// What would become of one feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differing {
    /// `site`, or what its paths begin with.
    pub feed: String,
    /// Its name for people.
    pub label: String,
    /// How many entries it would have.
    pub entries: usize,
    /// Files that are not there yet: nobody reads them.
    pub new_files: Vec<String>,
    /// Files that hold no feed that could be read: what their readers see is not known.
    pub unreadable: Vec<String>,
    /// What its own address (`rel="self"`) was and would be: some readers go on with the new one.
    pub moved: Vec<Renamed>,
    /// What its id was and would be.
    pub new_id: Option<Renamed>,
    /// Whether something differs that is no entry: its title, its hub, how it is written.
    pub head: bool,
    /// What would become of entries, whatever the format.
    pub changes: Vec<Change>,
}

/// What something was and would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// What it is.
    pub was: String,
    /// What it would be.
    pub is: String,
}

impl Differing {
    /// Whether nothing of it would change.
    #[must_use]
    pub fn is_same(&self) -> bool {
        *self
            == Self {
                feed: self.feed.clone(),
                label: self.label.clone(),
                entries: self.entries,
                ..Self::default()
            }
    }
}

impl Report {
    /// Whether anything would change.
    #[must_use]
    pub fn differs(&self) -> bool {
        !self.feeds.is_empty() || !self.abandoned.is_empty()
    }

    /// Whether readers would see known entries as new, or feeds would be held back: it wants somebody's eye.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        let has_new_ids =
            |feed: &Differing| feed.changes.iter().any(|change| matches!(change.fate, Fate::NewId { .. }));
        !self.held_back.is_empty() || self.feeds.iter().any(has_new_ids)
    }
}

/// A feed as it is on disk and as it would be, in one format.
struct Pair {
    path: String,
    format: Format,
    old: Old,
    new: Facts,
}

enum Old {
    Same,
    Missing,
    Unreadable,
    Read(Facts),
}

/// Compares what is published with what would be.
///
/// # Errors
/// A feed or template that can't be rendered, a store that can't be read.
pub async fn diff(
    stock: &Stock,
    catalog: &CatalogSettings,
    settings: &FeedSettings,
    templates: &Templates,
    store: &dyn Publications,
    now: DateTime<Utc>,
) -> Result<Report> {
    let material = stock.material();
    let choices = select::choices(&material, settings);
    let members: HashMap<String, Vec<usize>> = choices
        .iter()
        .map(|choice| (choice.planned.prefix.clone(), choice.planned.members.clone()))
        .collect();
    let mut feeds = select::feeds(&choices, &material, catalog, settings, &mut Measurements::default())?;
    tombstones::add(&mut feeds, &stock.withdrawn, &catalog.site, settings);
    let documents = documents::all(&feeds, catalog, settings, templates)?;
    let known: HashSet<String> = store.publications().await?.into_iter().map(|record| record.id).collect();
    let before = store.published_files(&settings.output.to_string_lossy()).await?;
    let rendered: BTreeMap<&str, &Document> =
        documents.iter().map(|document| (document.path.as_str(), document)).collect();
    let compared: Result<Vec<Differing>> = feeds
        .par_iter()
        .map(|selected| {
            let places = members.get(&selected.prefix).map(Vec::as_slice).unwrap_or_default();
            let all: HashSet<String> =
                places.iter().map(|index| stock.published[*index].publication.id.clone()).collect();
            let members = Members { known: all.intersection(&known).cloned().collect(), all };
            let pairs: Result<Vec<Pair>> = selected
                .manner
                .formats
                .iter()
                .map(|format| {
                    let path = format!("{}{}", selected.prefix, settings.files.of(*format));
                    let document = rendered.get(path.as_str()).context("a feed was not rendered")?;
                    Ok(pair(path, *format, &settings.output, &document.bytes, now))
                })
                .collect();
            Ok(differing(selected, pairs?, &members, |id| identity::iri(&catalog.site, id)))
        })
        .collect();
    let (same, differing): (Vec<Differing>, Vec<Differing>) =
        compared?.into_iter().partition(Differing::is_same);
    let files: Vec<String> = documents.iter().map(|document| document.path.clone()).collect();
    let abandoned = write::gone(&settings.output, &before, &files);
    let feeds_alone = documents.into_iter().filter(|document| guard::is_feed(&document.path)).collect();
    Ok(Report {
        feeds: differing,
        unchanged: same.into_iter().map(|feed| feed.feed).collect(),
        abandoned,
        held_back: guard::guard(&settings.output, feeds_alone, false, now).held_back,
    })
}

fn pair(path: String, format: Format, root: &Path, bytes: &[u8], now: DateTime<Utc>) -> Pair {
    let place = root.join(&path);
    // Whatever lies there may be anybody's: what is too large to be a feed is not read.
    let old = match fs::metadata(&place) {
        Err(_) => Old::Missing,
        Ok(data) if !data.is_file() || data.len() > LARGEST as u64 => Old::Unreadable,
        Ok(_) => match fs::read(&place) {
            Ok(old) if old == bytes => Old::Same,
            Ok(old) => {
                let verdict = verdict::judge(&old, now);
                if verdict.format.is_some() { Old::Read(verdict.facts) } else { Old::Unreadable }
            }
            Err(_) => Old::Unreadable,
        },
    };
    let new = if matches!(old, Old::Same) { Facts::default() } else { verdict::judge(bytes, now).facts };
    Pair { path, format, old, new }
}

fn differing(
    selected: &Selected,
    mut pairs: Vec<Pair>,
    members: &Members,
    iri: impl Fn(&str) -> String,
) -> Differing {
    // Atom writes ids that are no IRI as one; they are the same entries.
    let mut plain: HashMap<String, String> = HashMap::new();
    let others = pairs.iter().filter(|pair| pair.format != Format::Atom).flat_map(Pair::ids);
    for id in others.chain(members.all.iter()) {
        plain.insert(iri(id), id.clone());
    }
    for pair in pairs.iter_mut().filter(|pair| pair.format == Format::Atom) {
        for id in pair.ids_mut() {
            if let Some(plain) = plain.get(id) {
                id.clone_from(plain);
            }
        }
    }
    let name = match selected.kind {
        Kind::Site => SITE,
        _ => selected.prefix.trim_end_matches('/'),
    };
    let mut differing = Differing {
        feed: name.to_owned(),
        label: selected.label.clone(),
        entries: selected.feed.entries.len(),
        ..Differing::default()
    };
    let mut of_formats = Vec::new();
    for Pair { path, old, new, .. } in pairs {
        match old {
            Old::Same => {}
            Old::Missing => differing.new_files.push(path),
            Old::Unreadable => differing.unreadable.push(path),
            Old::Read(old) => {
                let changes = diff::changes(&old, &new, members);
                differing.moved.extend(renamed(old.address.as_ref(), new.address.as_ref()));
                differing.new_id = differing.new_id.or_else(|| renamed(old.id.as_ref(), new.id.as_ref()));
                differing.head |= changes.is_empty();
                of_formats.push(changes);
            }
        }
    }
    differing.changes = diff::merged(of_formats);
    differing
}

fn renamed(was: Option<&String>, is: Option<&String>) -> Option<Renamed> {
    let (was, is) = (was?, is?);
    (was != is).then(|| Renamed { was: was.clone(), is: is.clone() })
}

impl Pair {
    fn ids(&self) -> impl Iterator<Item = &String> {
        let old = if let Old::Read(old) = &self.old { old.entries.as_slice() } else { &[] };
        old.iter().chain(&self.new.entries).map(|entry| &entry.id)
    }

    fn ids_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let old = if let Old::Read(old) = &mut self.old { old.entries.as_mut_slice() } else { &mut [] };
        old.iter_mut().chain(&mut self.new.entries).map(|entry| &mut entry.id)
    }
}
