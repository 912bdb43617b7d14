//! Choosing: which articles a feed shows, and what each of them looks like as an entry.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveTime};
use rayon::prelude::*;
use url::Url;

use crate::catalog::category::Category;
use crate::catalog::media::{self, Measurements};
use crate::catalog::publication::{Published, newest_first};
use crate::catalog::settings::{Settings as CatalogSettings, Site};
use crate::catalog::slug::Slug;
use crate::catalog::{body, identity, summary};
use crate::feed::model::{Addresses, Comments, Entry, Feed, Image, Person, Term};
use crate::feed::settings::{Content, Settings};

/// A feed and the folder under the output that its formats lie in; empty for the whole site's.
#[derive(Clone, Debug)]
pub struct Selected {
    /// `""`, or the category's slug and a slash.
    pub folder: String,
    /// The category, for lists of feeds.
    pub category: Option<Category>,
    /// The feed.
    pub feed: Feed,
}

/// The feed of the whole site, then one for each category, in their order; those without articles too.
#[must_use]
pub fn feeds(
    published: &[Published],
    categories: &[Category],
    catalog: &CatalogSettings,
    settings: &Settings,
) -> Vec<Selected> {
    let newest_first = newest_first(published);
    let whole: Vec<usize> = newest_first.iter().copied().take(settings.limit).collect();
    let mut of_category: HashMap<&Slug, Vec<usize>> = HashMap::new();
    for index in &newest_first {
        for slug in &published[*index].article.categories {
            let chosen = of_category.entry(slug).or_default();
            if chosen.len() < settings.limit {
                chosen.push(*index);
            }
        }
    }
    let wanted: BTreeSet<usize> = whole.iter().chain(of_category.values().flatten()).copied().collect();
    let entries = entries(published, &wanted, categories, catalog, settings);
    let pick = |indices: &[usize]| indices.iter().filter_map(|index| entries.get(index).cloned()).collect();

    let mut feeds = vec![Selected {
        folder: String::new(),
        category: None,
        feed: site_feed(pick(&whole), catalog, settings),
    }];
    for category in categories {
        let indices = of_category.get(&category.slug).map_or(&[][..], Vec::as_slice);
        feeds.push(Selected {
            folder: format!("{}/", category.slug),
            category: Some(category.clone()),
            feed: category_feed(category, pick(indices), catalog, settings),
        });
    }
    feeds
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

/// Renders each article that any feed shows, once, on all cores.
fn entries(
    published: &[Published],
    wanted: &BTreeSet<usize>,
    categories: &[Category],
    catalog: &CatalogSettings,
    settings: &Settings,
) -> HashMap<usize, Arc<Entry>> {
    let categories: HashMap<&Slug, &Category> =
        categories.iter().map(|category| (&category.slug, category)).collect();
    let mut measurements = Measurements::default();
    let images: HashMap<usize, Image> = wanted
        .iter()
        .filter_map(|index| Some((*index, picture(&published[*index], &mut measurements)?)))
        .collect();
    wanted
        .par_iter()
        .map(|index| {
            let image = images.get(index).cloned();
            (*index, Arc::new(entry(&published[*index], image, &categories, catalog, settings)))
        })
        .collect()
}

fn entry(
    item: &Published,
    image: Option<Image>,
    categories: &HashMap<&Slug, &Category>,
    catalog: &CatalogSettings,
    settings: &Settings,
) -> Entry {
    let article = &item.article;
    let scheme = catalog.site.url.to_string();
    let of_category = |slug: &Slug| Term {
        term: slug.to_string(),
        label: categories.get(slug).map_or_else(|| slug.to_string(), |category| category.title.clone()),
        scheme: Some(scheme.clone()),
    };
    let of_tag = |tag: &String| Term { term: tag.clone(), label: tag.clone(), scheme: None };
    Entry {
        id: item.publication.id.clone(),
        url: article.url.clone(),
        title: article.title.clone(),
        authors: article
            .authors
            .iter()
            .map(|author| Person { name: author.name.clone(), url: author.url.clone() })
            .collect(),
        published: item.date(),
        updated: item.updated(),
        summary: article
            .summary
            .clone()
            .unwrap_or_else(|| summary::of_body(&article.markdown, catalog.sources.summary_length)),
        content_html: (settings.content == Content::Full).then(|| body::html(article, &catalog.site)),
        terms: article.categories.iter().map(of_category).chain(article.tags.iter().map(of_tag)).collect(),
        image,
        comments: article
            .comments
            .as_ref()
            .map(|discussion| Comments { url: discussion.url.clone(), count: discussion.count }),
    }
}

fn picture(item: &Published, measurements: &mut Measurements) -> Option<Image> {
    let picture = item.article.image.as_ref()?;
    let measured = picture.file.as_ref().map(|file| measurements.of(file)).unwrap_or_default();
    Some(Image {
        url: picture.url.clone(),
        media_type: media::type_by_ending(picture.url.path()).to_owned(),
        length: measured.length,
        size: measured.size,
        alt: picture.alt.clone(),
    })
}

fn site_feed(entries: Vec<Arc<Entry>>, catalog: &CatalogSettings, settings: &Settings) -> Feed {
    let site = &catalog.site;
    Feed {
        id: identity::feed(site, None),
        title: site.title.clone(),
        subtitle: site.description.clone(),
        overview: Vec::new(),
        page: site.url.clone(),
        addresses: addresses("", site, settings),
        language: site.language.clone(),
        rights: site.copyright.clone(),
        ttl_minutes: settings.ttl,
        author: Person { name: site.author.clone(), url: Some(site.url.clone()) },
        editor: site.editor_email.as_ref().map(|email| format!("{email} ({})", site.author)),
        image: logo(catalog),
        hub: None,
        stylesheet: settings.stylesheet.then(|| address("feed.css", site, settings).to_string()),
        updated: newest_change(&entries, site),
        entries,
    }
}

fn category_feed(
    category: &Category,
    entries: Vec<Arc<Entry>>,
    catalog: &CatalogSettings,
    settings: &Settings,
) -> Feed {
    let site = &catalog.site;
    Feed {
        id: identity::feed(site, Some(category.slug.as_str())),
        // Readers list feeds by title alone: two sites may both have a category "Heart".
        title: format!("{} – {}", site.title, category.title),
        subtitle: if category.description.is_empty() {
            category.title.clone()
        } else {
            category.description.clone()
        },
        overview: category.overview.clone(),
        page: category.page.clone(),
        addresses: addresses(category.slug.as_str(), site, settings),
        updated: newest_change(&entries, site),
        ..site_feed(entries, catalog, settings)
    }
}

fn addresses(folder: &str, site: &Site, settings: &Settings) -> Addresses {
    let place = |name: &str| {
        if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
    };
    Addresses {
        rss: Some(address(&place("rss.xml"), site, settings)),
        atom: Some(address(&place("atom.xml"), site, settings)),
        json: Some(address(&place("feed.json"), site, settings)),
    }
}

/// The newest change among the entries. An empty feed has none, and the build's time has no place in a feed:
/// it takes the day since which the site has its domain.
fn newest_change(entries: &[Arc<Entry>], site: &Site) -> DateTime<FixedOffset> {
    let since = || site.since.and_time(NaiveTime::MIN).and_utc().fixed_offset();
    entries.iter().map(|entry| entry.updated).max().unwrap_or_else(since)
}

fn logo(catalog: &CatalogSettings) -> Option<Image> {
    let source = catalog.site.logo.as_ref()?;
    let url = catalog.site.absolute(source)?;
    let file = catalog.sources.static_files.join(source.trim_start_matches('/'));
    let measured = Measurements::default().of(&file);
    Some(Image {
        media_type: media::type_by_ending(url.path()).to_owned(),
        url,
        length: measured.length,
        size: measured.size,
        alt: Some(catalog.site.title.clone()),
    })
}
