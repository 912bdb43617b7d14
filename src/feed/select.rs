//! Choosing: the entries that each planned feed shows, and those of its archives.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use url::Url;

use crate::catalog::body_text::BodyError;
use crate::catalog::category::Category;
use crate::catalog::media::Measurements;
use crate::catalog::publication::Published;
use crate::catalog::settings::Settings as CatalogSettings;
use crate::catalog::shelf::Shelf;
use crate::feed::entry::{self, Rendered};
use crate::feed::manner::Manner;
use crate::feed::model::{Addresses, Entry, Feed, History, Kind};
use crate::feed::plan::{self, Planned};
use crate::feed::settings::{Content, Settings};
use crate::feed::{address, archive, head};

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
    /// The feed.
    pub feed: Feed,
    /// Archives of older entries with what their paths begin with, the oldest first.
    pub archives: Vec<(String, Feed)>,
}

/// Places of articles that a feed shows, and those of its archives by period.
struct Chosen {
    shown: Vec<usize>,
    archived: Vec<(String, Vec<usize>)>,
}

/// Every feed that is planned, in the order of the plan; those without articles too.
///
/// # Errors
/// An article's file can't be read any more.
pub fn feeds(
    published: &[Published],
    shelf: &Shelf,
    categories: &[Category],
    catalog: &CatalogSettings,
    settings: &Settings,
    measurements: &mut Measurements,
) -> Result<Vec<Selected>, BodyError> {
    let (planned, _) = plan::plan(published, categories, &settings.labels.site, settings);
    let chosen: Vec<Chosen> = planned.iter().map(|feed| choose(feed, published)).collect();
    let mut wanted: BTreeMap<usize, Content> = BTreeMap::new();
    for (feed, chosen) in planned.iter().zip(&chosen) {
        for index in chosen.shown.iter().chain(chosen.archived.iter().flat_map(|(_, places)| places)) {
            let content = wanted.entry(*index).or_insert(feed.manner.content);
            if feed.manner.content == Content::Full {
                *content = Content::Full;
            }
        }
    }
    let entries = entry::entries(published, shelf, &wanted, categories, catalog, measurements)?;
    let select = |(feed, chosen): (Planned<'_>, Chosen)| {
        selected(feed, &chosen, &entries, catalog, settings, measurements)
    };
    Ok(planned.into_iter().zip(chosen).map(select).collect())
}

/// The newest; with archives all of the open period too, for that is nowhere else.
fn choose(feed: &Planned<'_>, published: &[Published]) -> Chosen {
    let periods = archive::periods(&feed.members, published, feed.manner.archive);
    let open: HashSet<usize> = periods.open.into_iter().collect();
    let numbered = feed.members.iter().enumerate();
    let shown = numbered.filter(|(number, index)| *number < feed.manner.limit || open.contains(index));
    Chosen { shown: shown.map(|(_, index)| *index).collect(), archived: periods.closed }
}

fn selected(
    planned: Planned<'_>,
    chosen: &Chosen,
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
    let bare = head::head(&planned, web.as_ref(), catalog, settings, measurements);

    let prefixes: Vec<String> =
        chosen.archived.iter().map(|(name, _)| format!("{}archive/{name}/", planned.prefix)).collect();
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
    let archives = chosen.archived.iter().zip(prefixes).enumerate();
    let archives =
        archives.map(|(number, ((_, members), prefix))| (prefix, with(archive(number), members))).collect();
    let newest = places.last().map(|last| History { previous: Some(last.clone()), ..History::default() });
    let feed = with(Feed { history: newest, ..bare.clone() }, &chosen.shown);
    let description = head::description(&planned);
    let Planned { kind, slug, label, prefix, manner, .. } = planned;
    Selected { kind, slug, label, description, prefix, manner, web, feed, archives }
}

/// With the newest change among the entries. An empty feed has none, and the build's time has no place in a feed: it
/// keeps the day since which the site has its domain.
fn with_entries(feed: Feed, entries: Vec<Arc<Entry>>) -> Feed {
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or(feed.updated);
    Feed { updated, entries, ..feed }
}
