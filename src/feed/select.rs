//! Choosing: the entries that each planned feed shows, and what the feed says of itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveTime};
use url::Url;

use crate::catalog::body_text::BodyError;
use crate::catalog::category::Category;
use crate::catalog::identity;
use crate::catalog::media::{self, Measurements};
use crate::catalog::publication::Published;
use crate::catalog::settings::{Settings as CatalogSettings, Site};
use crate::feed::entry::{self, Rendered};
use crate::feed::model::{Addresses, Entry, Feed, Format, Image, Kind, Person};
use crate::feed::plan::{self, Planned};
use crate::feed::settings::{Content, Manner, Settings};

/// A feed and where its files go.
#[derive(Clone, Debug)]
pub struct Selected {
    /// What it is of.
    pub kind: Kind,
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
}

/// Every feed that is planned, in the order of the plan; those without articles too.
///
/// # Errors
/// An article's file can't be read any more.
pub fn feeds(
    published: &[Published],
    categories: &[Category],
    catalog: &CatalogSettings,
    settings: &Settings,
) -> Result<Vec<Selected>, BodyError> {
    let (planned, _) = plan::plan(published, categories, &settings.labels.site, settings);
    let shown =
        |feed: &Planned<'_>| -> Vec<usize> { feed.members.iter().copied().take(feed.manner.limit).collect() };
    let mut wanted: BTreeMap<usize, Content> = BTreeMap::new();
    for feed in &planned {
        for index in shown(feed) {
            let content = wanted.entry(index).or_insert(feed.manner.content);
            if feed.manner.content == Content::Full {
                *content = Content::Full;
            }
        }
    }
    let entries = entry::entries(published, &wanted, categories, catalog)?;
    let mut measurements = Measurements::default();
    let select = |feed: Planned<'_>| {
        let pick =
            |index: usize| entries.get(&index).map(|entry: &Rendered| entry.as_wanted(feed.manner.content));
        let chosen = shown(&feed).into_iter().filter_map(pick).collect();
        selected(feed, chosen, catalog, settings, &mut measurements)
    };
    Ok(planned.into_iter().map(select).collect())
}

/// The address of a file of the output folder.
#[must_use]
pub fn address(path: &str, site: &Site, settings: &Settings) -> Url {
    let mut base = settings.url.clone().unwrap_or_else(|| site.url.clone());
    if let Ok(mut segments) = base.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
    base
}

fn selected(
    planned: Planned<'_>,
    entries: Vec<Arc<Entry>>,
    catalog: &CatalogSettings,
    settings: &Settings,
    measurements: &mut Measurements,
) -> Selected {
    let (site, own) = (&catalog.site, &planned.own);
    let place = |name: &str| address(&format!("{}{name}", planned.prefix), site, settings);
    let web = planned.manner.page.then(|| place(&settings.files.page));
    let document =
        |format: Format| planned.manner.formats.contains(&format).then(|| place(settings.files.of(format)));
    let language = own.language.as_ref().unwrap_or(&site.language);
    let image = own.image.as_ref().or(site.logo.as_ref());
    let feed = Feed {
        id: id(&planned, site),
        title: title(&planned, site),
        subtitle: subtitle(&planned, site),
        overview: planned.category.map(|category| category.overview.clone()).unwrap_or_default(),
        page: page(&planned, web.as_ref(), site),
        addresses: Addresses {
            rss: document(Format::Rss),
            atom: document(Format::Atom),
            json: document(Format::Json),
        },
        language: language.clone(),
        rights: own.copyright.clone().or_else(|| site.copyright.clone()),
        ttl_minutes: planned.manner.ttl,
        author: Person { name: site.author.clone(), url: Some(site.url.clone()) },
        editor: site.editor_email.as_ref().map(|email| format!("{email} ({})", site.author)),
        image: image.and_then(|source| picture(source, catalog, measurements)),
        hub: planned.manner.hub.clone(),
        podcast: own.podcast.clone(),
        stylesheet: planned.manner.stylesheet.then(|| address("feed.css", site, settings).to_string()),
        updated: newest_change(&entries, site),
        entries,
    };
    let description = match planned.kind {
        Kind::Site => own.description.clone(),
        _ => Some(own.description.clone().unwrap_or_else(|| {
            planned.category.map(|category| category.description.clone()).unwrap_or_default()
        })),
    };
    let Planned { kind, label, prefix, manner, .. } = planned;
    Selected { kind, label, description, prefix, manner, web, feed }
}

fn id(planned: &Planned<'_>, site: &Site) -> String {
    let slug = &planned.slug;
    // A slug holds no slash: no category's id can be one of the others.
    match planned.kind {
        Kind::Site => identity::feed(site, None),
        Kind::Category => identity::feed(site, Some(slug)),
        Kind::Selection => identity::feed(site, Some(&format!("selection/{slug}"))),
        Kind::Tag => identity::feed(site, Some(&format!("tag/{slug}"))),
        Kind::Author => identity::feed(site, Some(&format!("author/{slug}"))),
    }
}

/// Readers list feeds by title alone: two sites may both have a category "Heart", and a site a tag of that name.
fn title(planned: &Planned<'_>, site: &Site) -> String {
    match planned.kind {
        Kind::Site => planned.own.title.clone().unwrap_or_else(|| site.title.clone()),
        Kind::Tag => format!("{} – #{}", site.title, planned.label),
        Kind::Selection | Kind::Category | Kind::Author => format!("{} – {}", site.title, planned.label),
    }
}

fn subtitle(planned: &Planned<'_>, site: &Site) -> String {
    let said = planned.own.description.as_ref();
    let said = said.or_else(|| match planned.kind {
        Kind::Site => Some(&site.description),
        _ => planned.category.map(|category| &category.description),
    });
    match said.filter(|text| !text.is_empty()) {
        Some(text) => text.clone(),
        None if planned.kind == Kind::Site => String::new(),
        None => planned.label.clone(),
    }
}

/// The page that the feed mirrors. What the site has no page of has the one that is written beside the feed.
fn page(planned: &Planned<'_>, web: Option<&Url>, site: &Site) -> Url {
    let said = planned.own.link.as_ref().and_then(|link| site.absolute(link));
    let usual = match planned.kind {
        Kind::Site => None,
        Kind::Category => planned.category.map(|category| category.page.clone()),
        Kind::Selection | Kind::Tag | Kind::Author => web.cloned(),
    };
    said.or(usual).unwrap_or_else(|| site.url.clone())
}

/// The newest change among the entries. An empty feed has none, and the build's time has no place in a feed:
/// it takes the day since which the site has its domain.
fn newest_change(entries: &[Arc<Entry>], site: &Site) -> DateTime<FixedOffset> {
    let since = || site.since.and_time(NaiveTime::MIN).and_utc().fixed_offset();
    entries.iter().map(|entry| entry.updated).max().unwrap_or_else(since)
}

/// A feed's picture, measured where it is a file of the site.
fn picture(source: &str, catalog: &CatalogSettings, measurements: &mut Measurements) -> Option<Image> {
    let url = catalog.site.absolute(source)?;
    let file = catalog.sources.static_files.join(source.trim_start_matches('/'));
    let measured = measurements.of(&file);
    Some(Image {
        media_type: media::type_by_ending(url.path()).to_owned(),
        url,
        length: measured.length,
        size: measured.size,
        alt: Some(catalog.site.title.clone()),
    })
}
