//! Choosing: the entries that each planned feed shows, and those of its archives.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use url::Url;
use xxhash_rust::xxh3::Xxh3;

use crate::catalog::body_text::BodyError;
use crate::catalog::media::Measurements;
use crate::catalog::publication::Published;
use crate::catalog::settings::Settings as CatalogSettings;
use crate::feed::entry::{self, Material, Rendered};
use crate::feed::manner::Manner;
use crate::feed::model::{Addresses, Entry, Feed, History, Kind};
use crate::feed::plan::{self, Planned};
use crate::feed::settings::{Content, Settings};
use crate::feed::{address, archive, head};

/// A feed with the places of the articles that it shows, and not rendered yet.
#[derive(Debug)]
pub struct Choice<'a> {
    /// What is planned.
    pub planned: Planned<'a>,
    /// Newest first.
    shown: Vec<usize>,
    /// Those of its archives by period, the oldest first.
    archived: Vec<(String, Vec<usize>)>,
    /// Whether its files are as they should be: then nothing of it is rendered.
    pub stays: bool,
}

/// A feed and where its files go.
#[derive(Clone, Debug)]
pub struct Selected {
    /// What it is of.
    pub kind: Kind,
    /// Its name in addresses and ids; empty for the site's.
    pub slug: String,
    /// Its name in lists of feeds.
    pub label: String,
    /// One line, for lists of feeds; none for the whole site.
    pub description: Option<String>,
    /// What the paths of its files begin with: `""`, or `heart/`.
    pub prefix: String,
    /// How it is made.
    pub manner: Manner,
    /// The address of its page for people, where it has one.
    pub web: Option<Url>,
    /// How many articles it shows.
    pub shown: usize,
    /// Whether its files are as they should be: then there are no entries here.
    pub stays: bool,
    /// The feed.
    pub feed: Feed,
    /// Archives of older entries with what their paths begin with, the oldest first.
    pub archives: Vec<(String, Feed)>,
}

/// The articles of every feed that is planned, in the order of the plan; those without articles too.
#[must_use]
pub fn choices<'a>(material: &Material<'a>, settings: &Settings) -> Vec<Choice<'a>> {
    let (planned, _) = plan::plan(material.published, material.categories, &settings.labels.site, settings);
    planned.into_par_iter().map(|feed| choice(feed, material.published)).collect()
}

/// The newest; with archives all of the open period too, for that is nowhere else.
fn choice<'a>(planned: Planned<'a>, published: &[Published]) -> Choice<'a> {
    let periods = archive::periods(&planned.members, published, planned.manner.archive);
    let open: HashSet<usize> = periods.open.into_iter().collect();
    let numbered = planned.members.iter().enumerate();
    let shown = numbered.filter(|(number, index)| *number < planned.manner.limit || open.contains(index));
    let shown = shown.map(|(_, index)| *index).collect();
    Choice { planned, shown, archived: periods.closed, stays: false }
}

impl Choice<'_> {
    /// A hash of everything that its documents hold, but for settings, templates, categories and pictures.
    #[must_use]
    pub fn fingerprint(&self, published: &[Published]) -> u64 {
        let mut hash = Xxh3::new();
        let planned = &self.planned;
        hash.update(format!("{:?} {} {}", planned.kind, planned.slug, planned.label).as_bytes());
        let mut add = |name: &str, members: &[usize]| {
            hash.update(name.as_bytes());
            hash.update(&members.len().to_le_bytes());
            for index in members {
                let Published { outline, publication } = &published[*index];
                hash.update(publication.id.as_bytes());
                let changed = publication.changed.map_or(i64::MIN, |at| at.timestamp());
                let first = publication.first_published.timestamp();
                for number in [publication.number, first, changed, outline.mark.sum().cast_signed()] {
                    hash.update(&number.to_le_bytes());
                }
                for slug in &outline.categories {
                    hash.update(slug.as_str().as_bytes());
                }
            }
        };
        add("", &self.shown);
        for (name, members) in &self.archived {
            add(name, members);
        }
        hash.digest()
    }
}

/// The feeds of these choices, with entries where they do not stay as they are.
///
/// # Errors
/// An article's file can't be read any more.
pub fn feeds(
    choices: &[Choice<'_>],
    material: &Material<'_>,
    catalog: &CatalogSettings,
    settings: &Settings,
    measurements: &mut Measurements,
) -> Result<Vec<Selected>, BodyError> {
    let mut wanted: BTreeMap<usize, Content> = BTreeMap::new();
    for Choice { planned, shown, archived, .. } in choices.iter().filter(|choice| !choice.stays) {
        for index in shown.iter().chain(archived.iter().flat_map(|(_, places)| places)) {
            let content = wanted.entry(*index).or_insert(planned.manner.content);
            if planned.manner.content == Content::Full {
                *content = Content::Full;
            }
        }
    }
    let entries = entry::entries(material, &wanted, catalog, measurements)?;
    Ok(choices.iter().map(|choice| selected(choice, &entries, catalog, settings, measurements)).collect())
}

/// The feeds of these choices without any entry: what lists of feeds say.
pub fn heads(
    choices: &[Choice<'_>],
    catalog: &CatalogSettings,
    settings: &Settings,
    measurements: &mut Measurements,
) -> Vec<Selected> {
    let nothing = HashMap::new();
    choices.iter().map(|choice| selected(choice, &nothing, catalog, settings, measurements)).collect()
}

/// So many entries are in memory at a time, unless one feed shows more.
const MOST_ENTRIES: usize = 1024;

/// The choices in order, in portions whose feeds can be rendered together.
#[must_use]
pub fn portions<'a>(choices: &'a [Choice<'a>]) -> Vec<&'a [Choice<'a>]> {
    let (mut portions, mut begin, mut together) = (Vec::new(), 0, HashSet::new());
    for (place, choice) in choices.iter().enumerate() {
        let own = choice.shown.iter().chain(choice.archived.iter().flat_map(|(_, places)| places));
        let own: Vec<usize> = if choice.stays { Vec::new() } else { own.copied().collect() };
        let more = own.iter().filter(|index| !together.contains(*index)).count();
        if together.len() + more > MOST_ENTRIES && !together.is_empty() {
            portions.push(&choices[begin..place]);
            begin = place;
            together.clear();
        }
        together.extend(own);
    }
    portions.push(&choices[begin..]);
    portions
}

fn selected(
    Choice { planned, shown, archived, stays }: &Choice<'_>,
    entries: &HashMap<usize, Rendered>,
    catalog: &CatalogSettings,
    settings: &Settings,
    measurements: &mut Measurements,
) -> Selected {
    let (site, manner) = (&catalog.site, &planned.manner);
    let page = format!("{}{}", planned.prefix, settings.files.page);
    let web = manner.page.then(|| address::of_file(&page, site, settings));
    let pick = |index: &usize| entries.get(index).map(|entry| entry.as_wanted(manner.content));
    let with = |feed: Feed, places: &[usize]| with_entries(feed, places.iter().filter_map(pick).collect());
    let bare = head::head(planned, web.as_ref(), catalog, settings, measurements);

    let prefixes: Vec<String> =
        archived.iter().map(|(name, _)| format!("{}archive/{name}/", planned.prefix)).collect();
    let places: Vec<Addresses> =
        prefixes.iter().map(|prefix| address::of_documents(prefix, manner, site, settings)).collect();
    let archive = |number: usize| {
        let history = History {
            current: Some(bare.addresses.clone()),
            previous: number.checked_sub(1).and_then(|before| places.get(before).cloned()),
            next: places.get(number + 1).cloned(),
        };
        // A hub is told of the feed itself, never of its archives.
        Feed { addresses: places[number].clone(), history: Some(history), hub: None, ..bare.clone() }
    };
    let archives = archived.iter().zip(prefixes).enumerate();
    let archives =
        archives.map(|(number, ((_, members), prefix))| (prefix, with(archive(number), members))).collect();
    let newest = places.last().map(|last| History { previous: Some(last.clone()), ..History::default() });
    let feed = with(Feed { history: newest, ..bare.clone() }, shown);
    let description = head::description(planned);
    let Planned { kind, slug, label, prefix, manner, .. } = planned.clone();
    Selected {
        kind,
        slug,
        label,
        description,
        prefix,
        manner,
        web,
        shown: shown.len(),
        stays: *stays,
        feed,
        archives,
    }
}

/// With the newest change among the entries. An empty feed has none, and the build's time has no place in a feed: it
/// keeps the day since which the site has its domain.
fn with_entries(feed: Feed, entries: Vec<Arc<Entry>>) -> Feed {
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or(feed.updated);
    Feed { updated, entries, ..feed }
}
