//! Loading: every file of the content folder becomes an article, a category page, or a line that says why not.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::catalog::article::Article;
use crate::catalog::category::Category;
use crate::catalog::problem::{Position, Problem, Severity};
use crate::catalog::reader::{self, Draft};
use crate::catalog::settings::Settings;
use crate::catalog::slug::Slug;
use crate::catalog::source::folder::{self, Kind};

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
    /// Every path that was found, in order: an article at one of them has not vanished, whatever is wrong with it.
    pub paths: Vec<String>,
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

enum Read {
    Article(Box<Draft>),
    Category(Category),
    Neither(&'static str),
}

/// Loads the content folder as it stands, for publication at `now`. Reads on all cores.
#[must_use]
pub fn load(settings: &Settings, now: DateTime<Utc>) -> Catalog {
    let listing = folder::list(&settings.sources.content, &settings.sources.static_files);
    let mut catalog = Catalog {
        paths: listing.files.iter().map(|(path, _, _)| path.clone()).collect(),
        problems: listing.problems,
        ..Catalog::default()
    };
    let read: Vec<_> = listing.files.par_iter().map(|file| (&file.0, read(file, settings))).collect();
    let mut drafts = Vec::new();
    let mut pages: BTreeMap<Slug, Category> = BTreeMap::new();
    for (path, result) in read {
        match result {
            Ok(Read::Article(draft)) => drafts.push(*draft),
            Ok(Read::Category(page)) => add_page(page, &mut pages, &mut catalog.problems),
            Ok(Read::Neither(reason)) => {
                catalog.left_out.push(LeftOut { path: path.clone(), reason: reason.to_owned() });
            }
            Err(problems) => catalog.problems.extend(problems),
        }
    }
    settle_categories(&mut drafts, pages, settings, &mut catalog);
    let mut articles = Vec::new();
    for draft in drafts {
        if let Some(reason) = draft.article.held_back(now) {
            catalog.left_out.push(LeftOut { path: draft.article.path, reason: reason.to_string() });
        } else {
            catalog.problems.extend(draft.warnings);
            articles.push(draft.article);
        }
    }
    catalog.articles = without_clashes(articles, &mut catalog.problems);
    catalog.left_out.sort_by(|a, b| a.path.cmp(&b.path));
    catalog.problems.sort();
    catalog
}

fn read((path, place, kind): &(String, PathBuf, Kind), settings: &Settings) -> Result<Read, Vec<Problem>> {
    if let Kind::LeftOut(reason) = kind {
        return Ok(Read::Neither(reason));
    }
    let bytes = std::fs::read(place).map_err(|error| {
        vec![Problem::error(
            path,
            Position::START,
            format!("the file can't be read: {error}"),
            "look at its permissions",
        )]
    })?;
    let text = reader::decode(&bytes, path).map_err(|problem| vec![problem])?;
    match kind {
        Kind::CategoryPage => reader::category(&text, path, settings).map(Read::Category),
        _ => reader::article(&text, path, settings).map(|draft| Read::Article(Box::new(draft))),
    }
}

fn add_page(page: Category, pages: &mut BTreeMap<Slug, Category>, problems: &mut Vec<Problem>) {
    if let Some(first) = pages.get(&page.slug) {
        let path = page.path.clone().unwrap_or_default();
        let other = first.path.clone().unwrap_or_default();
        problems.push(Problem::error(
            &path,
            Position::START,
            format!("{other} describes the category {:?} too", page.slug.as_str()),
            "give one of the two a `slug` of its own, or remove it",
        ));
    } else {
        pages.insert(page.slug.clone(), page);
    }
}

/// Finds each article's categories by slug or title, and makes those that have no page. Two names that are
/// not the same but slug alike are a problem: feeds of both would be one file.
fn settle_categories(
    drafts: &mut Vec<Draft>,
    mut categories: BTreeMap<Slug, Category>,
    settings: &Settings,
    catalog: &mut Catalog,
) {
    let mut by_title: HashMap<String, Slug> =
        categories.values().map(|page| (page.title.to_lowercase(), page.slug.clone())).collect();
    let mut names: HashMap<Slug, (String, String)> = HashMap::new();
    drafts.retain_mut(|draft| {
        let mut faults = Vec::new();
        for (name, at) in &draft.category_names {
            let found = by_title.get(&name.to_lowercase()).cloned().or_else(|| Slug::from_title(name));
            let Some(slug) = found else {
                let message = format!("the category {name:?} has no letter or digit to make an address of");
                faults.push(Problem::error(&draft.article.path, *at, message, "give the category another name"));
                continue;
            };
            let known = names.entry(slug.clone()).or_insert_with(|| (name.clone(), draft.article.path.clone()));
            let same = alike(&known.0, name) || name == slug.as_str() || categories.get(&slug).is_some_and(|page| page.path.is_some());
            if !same {
                let (first, path) = known;
                faults.push(Problem::error(
                    &draft.article.path,
                    *at,
                    format!("the categories {name:?} and {first:?} ({path}) have the same slug {:?}", slug.as_str()),
                    "write the name the same way in both, or give one folder a _category.md with a `slug` of its own",
                ));
                continue;
            }
            let category = categories.entry(slug.clone()).or_insert_with(|| {
                let said = settings.categories.get(slug.as_str()).cloned().unwrap_or_default();
                let category = reader::described(slug.clone(), name, &said, settings, None);
                by_title.entry(category.title.to_lowercase()).or_insert_with(|| slug.clone());
                category
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

/// Names that differ only in case and in what stands for a space are one name.
fn alike(one: &str, other: &str) -> bool {
    let fold = |name: &str| name.to_lowercase().replace(['-', '_'], " ");
    fold(one) == fold(other)
}

/// Holds out articles whose id or address another one has already. Both are named: which of the two is
/// right is the author's to say, and the one that comes first by path stays.
fn without_clashes(articles: Vec<Article>, problems: &mut Vec<Problem>) -> Vec<Article> {
    let mut ids: HashMap<String, String> = HashMap::new();
    let mut addresses: HashMap<String, String> = HashMap::new();
    let mut kept = Vec::with_capacity(articles.len());
    for article in articles {
        let (id, id_at) = match &article.declared_id {
            Some((id, at)) => (id.clone(), *at),
            None => (article.derived_id.clone(), Position::START),
        };
        if let Some(other) = ids.get(&id) {
            problems.push(Problem::error(
                &article.path,
                id_at,
                format!("duplicate id {id:?}: {other} has it too"),
                "an id is for one article, for ever; give this one an `id` of its own",
            ));
            continue;
        }
        if let Some(other) = addresses.get(article.url.as_str()) {
            problems.push(Problem::error(
                &article.path,
                article.slug_at,
                format!("slug clash: {other} has the address {} too", article.url),
                "give one of the two a `slug` or `url` of its own",
            ));
            continue;
        }
        ids.insert(id, article.path.clone());
        addresses.insert(article.url.to_string(), article.path.clone());
        kept.push(article);
    }
    kept
}
