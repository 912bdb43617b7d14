//! What each file under a content folder is, by its generator: an article, a page about a category, or neither.

use std::collections::HashSet;

use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::habits::Habits;
use crate::catalog::dialect::jekyll;
use crate::catalog::file_name;
use crate::catalog::naming::{Naming, folder};
use crate::catalog::settings::Settings;
use crate::catalog::source::folder::{File, Kind, Listing};

/// Why a folder is not even looked into; `None` where it is.
#[must_use]
pub fn skipped(habits: &Habits, name: &str) -> Option<&'static str> {
    let has_own = matches!(habits.dialect, Dialect::Jekyll | Dialect::Eleventy | Dialect::Astro);
    if has_own && matches!(name, "node_modules" | "vendor" | "bower_components") {
        return Some("somebody else's files");
    }
    let is_read = habits.dialect == Dialect::Jekyll
        && (matches!(name, "_posts" | "_drafts") || habits.collections.iter().any(|known| known == name));
    (has_own && name.starts_with('_') && !is_read)
        .then_some("the generator's own: it begins with an underscore")
}

/// What the files of another generator are, in the order of the listing.
#[must_use]
pub fn settled(listing: &Listing, habits: &Habits, top_is_posts: bool) -> Vec<Kind> {
    // The folders that are one article with its files.
    let bundles: HashSet<&str> = listing
        .files()
        .filter(|file| file.kind == Kind::Article && file_name::is_bundle(file.path))
        .filter_map(|file| file.path.rfind('/').map(|at| &file.path[..=at]))
        .collect();
    let kind = |File { path, kind, .. }: File| {
        if matches!(kind, Kind::LeftOut(_)) {
            return kind;
        }
        let settled = match habits.dialect {
            Dialect::Hugo => hugo(path),
            Dialect::Zola => zola(path),
            Dialect::Jekyll => jekyll(path, habits, top_is_posts),
            Dialect::Eleventy | Dialect::Astro
                if path.rsplit('/').next().unwrap_or(path).starts_with('_') =>
            {
                Kind::LeftOut("the generator's own: it begins with an underscore")
            }
            Dialect::Tidings | Dialect::Eleventy | Dialect::Astro => kind,
        };
        let leads_bundles = matches!(habits.dialect, Dialect::Hugo | Dialect::Zola);
        if leads_bundles
            && settled == Kind::Article
            && !file_name::is_bundle(path)
            && in_bundle(path, &bundles)
        {
            return Kind::LeftOut("a file of the article in whose folder it lies");
        }
        settled
    };
    listing.files().map(kind).collect()
}

fn in_bundle(path: &str, bundles: &HashSet<&str>) -> bool {
    path.match_indices('/').any(|(at, _)| bundles.contains(&path[..=at]))
}

/// A page at the top.
pub const OF_THE_SITE: Kind =
    Kind::LeftOut("the site's own page; [site] in the configuration speaks for the site");

fn hugo(path: &str) -> Kind {
    let parts: Vec<&str> = path.split('/').collect();
    let is_section = parts.last().is_some_and(|name| name.starts_with("_index."));
    match parts.as_slice() {
        [_] if is_section => OF_THE_SITE,
        // The page of one term describes a category; those about all terms, or about other taxonomies, do not.
        ["categories", _, _] if is_section => Kind::CategoryPage,
        ["categories" | "tags" | "authors" | "series", ..] if is_section => {
            Kind::LeftOut("a page about a taxonomy")
        }
        [_, _] if is_section => Kind::CategoryPage,
        _ if is_section => Kind::LeftOut("a section in a section: the outermost is the category"),
        ["index.md"] => OF_THE_SITE,
        _ => Kind::Article,
    }
}

fn zola(path: &str) -> Kind {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "_index.md" if folder.is_empty() => OF_THE_SITE,
        "_index.md" => Kind::CategoryPage,
        _ if name.starts_with("_index.") => Kind::LeftOut("a page in another language"),
        _ if folder.is_empty() && name == "index.md" => OF_THE_SITE,
        _ => Kind::Article,
    }
}

fn jekyll(path: &str, habits: &Habits, top_is_posts: bool) -> Kind {
    match jekyll::place(path, &habits.collections) {
        Some(("_posts", _)) if jekyll::dated(file_name::stem(path)).0.is_none() => {
            Kind::LeftOut("no date in front of its name: no post to Jekyll")
        }
        Some(_) => Kind::Article,
        None if top_is_posts && jekyll::dated(file_name::stem(path)).0.is_some() => Kind::Article,
        None => Kind::LeftOut("a page, no post: it lies in no folder _posts"),
    }
}

/// The category of an article that names none; `None` for one that lies outside all sections.
#[must_use]
pub fn category_of(path: &str, settings: &Settings, naming: &Naming) -> Option<String> {
    let first = path.split_once('/').map(|(first, _)| first);
    let bundle = file_name::is_bundle(path);
    // A bundle at the top lies in its own folder alone.
    let first = first.filter(|_| !bundle || path.matches('/').count() > 1);
    let habits = &settings.habits;
    let found = match habits.dialect {
        Dialect::Tidings => {
            let outer = path.rsplit('/').nth(2).filter(|_| bundle);
            return outer.or_else(|| folder(path)).map(str::to_owned);
        }
        Dialect::Jekyll => {
            let place = jekyll::place(path, &habits.collections).map_or("_posts", |(place, _)| place);
            Some(if place == "_drafts" { "posts" } else { place.trim_start_matches('_') })
        }
        Dialect::Zola => naming.nearest(path).or(habits.section()).or(first),
        Dialect::Hugo | Dialect::Eleventy | Dialect::Astro => habits.section().or(first),
    };
    found.map(str::to_owned)
}
