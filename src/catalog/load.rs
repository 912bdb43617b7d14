//! Loading: every file of the content folder becomes an article, a category page, or a line that says why not.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::catalog::article::Article;
use crate::catalog::category::Category;
use crate::catalog::category_page;
use crate::catalog::dialect::bodies;
use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::habits::Habits;
use crate::catalog::dialect::page::Addresses;
use crate::catalog::naming::Naming;
use crate::catalog::permalink;
use crate::catalog::problem::{Position, Problem, Severity};
use crate::catalog::reader::{self, Draft, Unread};
use crate::catalog::settings::Settings;
use crate::catalog::slug::Slug;
use crate::catalog::source::folder::{self, File, Kind, Listing};
use crate::catalog::source::import;

/// All articles and categories after loading.
#[derive(Debug, Default)]
pub struct Catalog {
    /// What is to be published at the moment of loading, in the order of paths.
    pub articles: Vec<Article>,
    /// All categories, those without articles too: by order, then title, then slug.
    pub categories: Vec<Category>,
    /// Files that are neither article nor category page, and sound articles that are held back.
    pub left_out: Vec<LeftOut>,
    /// Everything that is wrong, in the order of paths and lines.
    pub problems: Vec<Problem>,
    /// When the next article is due or expires, where one does.
    pub until: Option<DateTime<Utc>>,
    /// Every path that was found, in order: an article at one of them has not vanished, whatever is wrong with it.
    pub paths: Vec<String>,
    /// Sources that can't be read now, by name: none of their articles has vanished.
    pub unread: Vec<String>,
}

/// A file that is not published, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Path under the content folder.
    pub path: String,
    /// Why, in a few words.
    pub reason: String,
}

impl Catalog {
    /// How many errors there are: each holds an article or a page out.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// The category with this slug.
    #[must_use]
    pub fn category(&self, slug: &Slug) -> Option<&Category> {
        self.categories.iter().find(|category| category.slug == *slug)
    }
}

/// What there is to load, and nothing of it read yet but what its generator lays down for all.
#[derive(Debug)]
pub struct Survey {
    settings: Settings,
    listing: Listing,
}

impl Survey {
    /// Of the content folder as it stands.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let mut habits = Habits::of(&settings.sources);
        let content = &settings.sources.content;
        // Who has other sources may have no folder.
        let listing = if settings.imports.is_empty() || content.is_dir() {
            folder::list(content, &settings.sources.static_files, &habits)
        } else {
            Listing::default()
        };
        habits.read_folder_data(&listing);
        Self { settings: settled(settings, habits), listing }
    }

    /// What it was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A hash that is the same only for the same files with the same stamps under the same settings.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(format!("{:?}{:?}", self.settings, self.listing.problems).as_bytes());
        for File { path, kind, stamp, .. } in &self.listing.files {
            hasher.update(path.as_bytes());
            hasher.update(kind.reason().as_bytes());
            for number in [stamp.length.cast_signed(), stamp.modified, stamp.changed] {
                hasher.update(&number.to_le_bytes());
            }
        }
        format!("{:032x}", hasher.digest128())
    }

    /// Whether a file was written or changed at this moment or later, in nanoseconds since 1970.
    #[must_use]
    pub fn changed_since(&self, moment: i64) -> bool {
        self.listing.files.iter().any(|file| file.stamp.is_since(moment))
    }
}

/// Loads what a survey found, for publication at `now`. Reads on all cores; category pages first, for an article's
/// address may hold what they call their category.
#[must_use]
pub fn load(survey: Survey, now: DateTime<Utc>) -> Catalog {
    let Survey { settings, listing } = survey;
    let settings = &settings;
    let mut catalog = Catalog {
        paths: listing.files.iter().map(|file| file.path.clone()).collect(),
        problems: listing.problems,
        ..Catalog::default()
    };
    for File { path, kind, .. } in &listing.files {
        if let Kind::LeftOut(reason) = kind {
            catalog.left_out.push(LeftOut { path: path.clone(), reason: (*reason).to_owned() });
        }
    }
    let pages = read(&listing.files, &Kind::CategoryPage, &mut catalog, |text, path| {
        category_page::read(text, path, settings)
    });
    let pages = without_doubles(pages, &mut catalog.problems);
    let naming = Naming::new(&pages, &settings.categories);
    let mut drafts = read(&listing.files, &Kind::Article, &mut catalog, |text, path| {
        reader::article(text, path, settings, &naming)
    });
    import::read_all(settings, &naming, &mut drafts, &mut catalog);
    settle_categories(&mut drafts, pages, &naming, settings, &mut catalog);
    settle_bodies(&mut drafts, settings, &catalog, now);
    catalog.until = drafts.iter().filter_map(|draft| draft.article.next_change(now)).min();
    let mut articles = Vec::new();
    for draft in drafts {
        if let Some(reason) = draft.article.held_back(now) {
            catalog.left_out.push(LeftOut { path: draft.article.path, reason: reason.to_string() });
        } else {
            catalog.problems.extend(draft.warnings);
            articles.push(draft.article);
        }
    }
    // A draft must not give away a category of which nothing is known yet.
    let used: HashSet<&Slug> = articles.iter().flat_map(|article| &article.categories).collect();
    catalog.categories.retain(|category| category.path.is_some() || used.contains(&category.slug));
    catalog.articles = without_clashes(articles, &mut catalog);
    catalog.left_out.sort_by(|a, b| a.path.cmp(&b.path));
    catalog.problems.sort();
    catalog
}

/// The settings with what the folder's generator lays down; the pattern of addresses may be in its words.
fn settled(settings: &Settings, habits: Habits) -> Settings {
    let mut settings = Settings { habits, ..settings.clone() };
    let dialect = settings.habits.dialect;
    if dialect != Dialect::Tidings {
        let permalink = &mut settings.sources.permalink;
        *permalink = permalink.take().map(|text| permalink::pattern(&text, dialect));
    }
    settings
}

/// What `parse` makes of every file of one kind, in the order of paths.
fn read<T: Send>(
    files: &[File],
    wanted: &Kind,
    catalog: &mut Catalog,
    parse: impl Fn(&str, &str) -> Result<T, Unread> + Sync,
) -> Vec<T> {
    let read_one = |File { path, place, .. }: &File| {
        let bytes = std::fs::read(place).map_err(|error| {
            let message = format!("the file can't be read: {error}");
            let hint = "look at its permissions";
            Unread::Faulty(vec![Problem::error(path, Position::START, message, hint)])
        })?;
        let text = reader::decode(&bytes, path).map_err(|problem| Unread::Faulty(vec![problem]))?;
        parse(&text, path)
    };
    let wanted: Vec<&File> = files.iter().filter(|file| file.kind == *wanted).collect();
    let results: Vec<_> = wanted.par_iter().map(|file| read_one(file)).collect();
    let mut values = Vec::with_capacity(results.len());
    for (result, File { path, .. }) in results.into_iter().zip(wanted) {
        match result {
            Ok(value) => values.push(value),
            Err(Unread::Faulty(faults)) => catalog.problems.extend(faults),
            Err(Unread::LeftOut(reason)) => {
                catalog.left_out.push(LeftOut { path: path.clone(), reason: reason.to_owned() });
            }
        }
    }
    values
}

/// The pages by slug; of two with the same the one that comes first by path stays.
fn without_doubles(pages: Vec<Category>, problems: &mut Vec<Problem>) -> BTreeMap<Slug, Category> {
    let mut kept: BTreeMap<Slug, Category> = BTreeMap::new();
    for page in pages {
        if let Some(first) = kept.get(&page.slug) {
            let path = page.path.clone().unwrap_or_default();
            let other = first.path.clone().unwrap_or_default();
            problems.push(Problem::error(
                &path,
                Position::START,
                format!("{other} describes the category {:?} too", page.slug.as_str()),
                "give one of the two a `slug` of its own, or remove it",
            ));
        } else {
            kept.insert(page.slug.clone(), page);
        }
    }
    kept
}

/// Finds each article's categories, and makes those that have no page. Two names that are not the same but slug
/// alike are a problem: feeds of both would be one file.
fn settle_categories(
    drafts: &mut Vec<Draft>,
    mut categories: BTreeMap<Slug, Category>,
    naming: &Naming,
    settings: &Settings,
    catalog: &mut Catalog,
) {
    let mut names: HashMap<Slug, (String, String)> = HashMap::new();
    drafts.retain_mut(|draft| {
        let mut faults = Vec::new();
        for (name, at) in &draft.category_names {
            let Some(slug) = naming.slug_of(name) else {
                let message = format!("the category {name:?} has no letter or digit to make an address of");
                faults.push(draft.article.error(*at, message, "give the category another name"));
                continue;
            };
            let (first, path) =
                names.entry(slug.clone()).or_insert_with(|| (name.clone(), draft.article.path.clone()));
            let has_page = categories.get(&slug).is_some_and(|page| page.path.is_some());
            let is_known = has_page || naming.known(name).is_some();
            if !is_known && !alike(first, name) && name != slug.as_str() {
                faults.push(draft.article.error(
                    *at,
                    format!("the categories {name:?} and {first:?} ({path}) have the same slug {:?}", slug.as_str()),
                    "write the name the same way in both, or give one folder a _category.md with a `slug` of its own",
                ));
                continue;
            }
            let category = categories.entry(slug.clone()).or_insert_with(|| {
                let said = settings.categories.get(slug.as_str()).cloned().unwrap_or_default();
                category_page::described(slug.clone(), name, &said, settings, None)
            });
            if !draft.article.categories.contains(&category.slug) {
                draft.article.categories.push(slug);
            }
        }
        let sound = faults.is_empty();
        catalog.problems.append(&mut faults);
        sound
    });
    catalog.categories = categories.into_values().collect();
    catalog.categories.sort_by(|a, b| (a.order, &a.title, &a.slug).cmp(&(b.order, &b.title, &b.slug)));
}

/// Makes bodies plain Markdown. That takes the addresses of all articles, held ones too: one may link to another.
fn settle_bodies(drafts: &mut [Draft], settings: &Settings, catalog: &Catalog, now: DateTime<Utc>) {
    let mut addresses = Addresses::default();
    for draft in drafts.iter() {
        let is_published = draft.article.held_back(now).is_none();
        addresses.add(&draft.article.path, &draft.article.url, is_published);
    }
    for category in &catalog.categories {
        if let Some(path) = &category.path {
            addresses.add(path, &category.page, true);
        }
    }
    drafts.par_iter_mut().for_each(|draft| bodies::settle(draft, &addresses, settings));
}

/// Names that differ only in case and in what stands for a space are one name.
fn alike(one: &str, other: &str) -> bool {
    let fold = |name: &str| name.to_lowercase().replace(['-', '_'], " ");
    fold(one) == fold(other)
}

/// The path of the article that has an id or address first, and its source.
type First = (String, Option<String>);

/// Holds out articles whose id or address another one has already. Both are named: which of the two is
/// right is the author's to say, and the one that comes first by path stays. One that an earlier source had is no
/// mistake: that is what the order of sources is for.
fn without_clashes(articles: Vec<Article>, catalog: &mut Catalog) -> Vec<Article> {
    let mut ids: HashMap<String, First> = HashMap::new();
    let mut addresses: HashMap<String, First> = HashMap::new();
    let mut kept = Vec::with_capacity(articles.len());
    for article in articles {
        let (id, id_at) = match &article.declared_id {
            Some((id, at)) => (id.clone(), *at),
            None => (article.derived_id.clone(), Position::START),
        };
        let same_address = addresses.get(article.url.as_str());
        let precedes = |first: &&First| first.1.as_deref() != article.source_name();
        if let Some((other, _)) = ids.get(&id).filter(precedes).or(same_address.filter(precedes)) {
            let reason = format!("{other}, of a source that comes first, has its id or address");
            catalog.left_out.push(LeftOut { path: article.path, reason });
            continue;
        }
        let problems = &mut catalog.problems;
        if let Some((other, _)) = ids.get(&id) {
            problems.push(article.error(
                id_at,
                format!("duplicate id {id:?}: {other} has it too"),
                "an id is for one article, for ever; give this one an `id` of its own",
            ));
            continue;
        }
        if let Some((other, _)) = same_address {
            problems.push(article.error(
                article.slug_at,
                format!("slug clash: {other} has the address {} too", article.url),
                "give one of the two a `slug` or `url` of its own",
            ));
            continue;
        }
        let first = (article.path.clone(), article.source_name().map(str::to_owned));
        ids.insert(id, first.clone());
        addresses.insert(article.url.to_string(), first);
        kept.push(article);
    }
    kept
}
