//! Loading: every file of the content folder becomes an article, a category page, or a line that says why not.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::catalog::cache::Keeping;
use crate::catalog::category::Category;
use crate::catalog::contents::{Catalog, LeftOut};
use crate::catalog::files;
use crate::catalog::gathering::Gathering;
use crate::catalog::imports;
use crate::catalog::naming::Naming;
use crate::catalog::outline::Outline;
use crate::catalog::problem::Position;
use crate::catalog::slug::Slug;
use crate::catalog::source::folder::{File, Kind};
use crate::catalog::survey::Survey;

/// Loads what a survey found, for publication at `now`. Category pages come first, for an article's address may hold what
/// they call their category. With `keeping`, what did not change since an earlier build is not read again.
#[must_use]
pub fn load(survey: Survey, keeping: Option<&Keeping>, now: DateTime<Utc>) -> Catalog {
    let Survey { settings, mut listing } = survey;
    listing.settle(&settings.sources.content, &settings.habits);
    let mut catalog = Catalog {
        paths: listing.files().map(|file| file.path.to_owned()).collect(),
        problems: std::mem::take(&mut listing.problems),
        ..Catalog::default()
    };
    for File { path, kind, .. } in listing.files() {
        if let Kind::LeftOut(reason) = kind {
            catalog.left_out.push(LeftOut { path: path.to_owned(), reason: reason.to_owned() });
        }
    }
    let pages = files::pages(&listing, &settings, &mut catalog);
    let naming = Naming::new(&pages, &settings.categories);
    let mut gathering = Gathering::new(pages, &naming, &settings, catalog, now);
    files::articles(&listing, keeping, &mut gathering);
    imports::read_all(&mut gathering);
    gathering.settle_bodies();
    let Gathering { outlines, mut catalog, categories, shelf, .. } = gathering;
    catalog.shelf = shelf;
    catalog.until = outlines.iter().filter_map(|outline| outline.next_change(now)).min();
    let mut articles = Vec::with_capacity(outlines.len());
    for outline in outlines {
        if let Some(reason) = outline.held_back(now) {
            catalog.left_out.push(LeftOut { path: outline.path().to_owned(), reason: reason.to_string() });
        } else {
            articles.push(outline);
        }
    }
    catalog.categories = shown(categories, &articles);
    catalog.articles = without_clashes(articles, &mut catalog);
    catalog.left_out.sort_by(|a, b| a.path.cmp(&b.path));
    catalog.problems.sort();
    catalog
}

/// The categories in their order. A draft must not give away one of which nothing is known yet.
fn shown(categories: BTreeMap<Slug, Category>, articles: &[Outline]) -> Vec<Category> {
    let mut unseen: HashSet<Slug> =
        categories.values().filter(|known| known.path.is_none()).map(|known| known.slug.clone()).collect();
    for article in articles {
        if unseen.is_empty() {
            break;
        }
        for slug in &article.categories {
            unseen.remove(slug);
        }
    }
    let mut categories: Vec<Category> = categories.into_values().collect();
    categories.retain(|known| !unseen.contains(&known.slug));
    categories.sort_by(|a, b| (a.order, &a.title, &a.slug).cmp(&(b.order, &b.title, &b.slug)));
    categories
}

/// The path of the article that has an id or address first, and its source.
type First<'a> = (&'a str, Option<&'a str>);

/// Holds out articles whose id or address another one has already. Both are named: which of the two is
/// right is the author's to say, and the one that comes first by path stays. One that an earlier source had is no
/// mistake: that is what the order of sources is for.
fn without_clashes(articles: Vec<Outline>, catalog: &mut Catalog) -> Vec<Outline> {
    let id_of = |article: &Outline| {
        let id = article.declared_id().unwrap_or(article.derived_id());
        xxhash_rust::xxh3::xxh3_64(id.as_bytes())
    };
    let address_of = |article: &Outline| xxhash_rust::xxh3::xxh3_64(article.url().as_bytes());
    if all_differ(articles.iter().map(id_of)) && all_differ(articles.iter().map(address_of)) {
        return articles;
    }
    let mut ids: HashMap<&str, First<'_>> = HashMap::with_capacity(articles.len());
    let mut addresses: HashMap<&str, First<'_>> = HashMap::with_capacity(articles.len());
    let mut out = HashSet::new();
    for (place, article) in articles.iter().enumerate() {
        let id = article.declared_id().unwrap_or(article.derived_id());
        let (same_id, same_address) = (ids.get(id), addresses.get(article.url()));
        let precedes = |first: &&First<'_>| first.1 != article.source_name();
        if let Some((other, _)) = same_id.filter(precedes).or(same_address.filter(precedes)) {
            let reason = format!("{other}, of a source that comes first, has its id or address");
            catalog.left_out.push(LeftOut { path: article.path().to_owned(), reason });
        } else if let Some((other, _)) = same_id {
            catalog.problems.push(article.error(
                id_at(catalog, article),
                format!("duplicate id {id:?}: {other} has it too"),
                "an id is for one article, for ever; give this one an `id` of its own",
            ));
        } else if let Some((other, _)) = same_address {
            catalog.problems.push(article.error(
                slug_at(catalog, article),
                format!("slug clash: {other} has the address {} too", article.url()),
                "give one of the two a `slug` or `url` of its own",
            ));
        } else {
            let first = (article.path(), article.source_name());
            ids.insert(id, first);
            addresses.insert(article.url(), first);
            continue;
        }
        out.insert(place);
    }
    drop((ids, addresses));
    let kept = articles.into_iter().enumerate().filter(|(place, _)| !out.contains(place));
    kept.map(|(_, article)| article).collect()
}

fn all_differ(hashes: impl Iterator<Item = u64>) -> bool {
    let mut hashes: Vec<u64> = hashes.collect();
    hashes.sort_unstable();
    hashes.windows(2).all(|pair| pair[0] != pair[1])
}

/// Where an article gives its id.
fn id_at(catalog: &Catalog, outline: &Outline) -> Position {
    let article = catalog.shelf.article(outline).ok();
    article.and_then(|article| article.declared_id).map_or(Position::START, |(_, at)| at)
}

/// Where an article gives its address.
fn slug_at(catalog: &Catalog, outline: &Outline) -> Position {
    catalog.shelf.article(outline).map_or(Position::START, |article| article.slug_at)
}
