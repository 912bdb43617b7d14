//! A folder of Markdown files: which of its files are articles, which describe a category, and why the
//! others are left out. Reads nothing but directory entries.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::problem::{Position, Problem};

/// Folders deeper than this are a loop or a mistake.
const DEEPEST: usize = 32;

/// What one file under the content folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An article to read.
    Article,
    /// A page that describes the category of its folder.
    CategoryPage,
    /// Neither, and why.
    LeftOut(&'static str),
}

/// Every file under the content folder, each once.
#[derive(Debug, Default)]
pub struct Listing {
    /// Path with `/` under the content folder, its place on disk, and what it is; in the order of paths.
    pub files: Vec<(String, PathBuf, Kind)>,
    /// Files that are refused and folders that can't be read.
    pub problems: Vec<Problem>,
}

/// Lists `root`; `static_files` below it is the site's business and counts as left out.
#[must_use]
pub fn list(root: &Path, static_files: &Path) -> Listing {
    let mut listing = Listing::default();
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    walk(root, "", 0, &real_root, static_files, &mut listing);
    listing.files.sort_by(|a, b| a.0.cmp(&b.0));
    listing.problems.sort();
    mark_section_pages(&mut listing);
    listing
}

fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    real_root: &Path,
    static_files: &Path,
    listing: &mut Listing,
) {
    let refuse = |listing: &mut Listing, path: &str, message: String, hint: &str| {
        listing
            .problems
            .push(Problem::error(path, Position::START, message, hint));
    };
    if depth > DEEPEST {
        let message = format!("folders are nested more than {DEEPEST} deep");
        refuse(
            listing,
            prefix,
            message,
            "look for a symbolic link that leads back up",
        );
        return;
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let shown = if prefix.is_empty() { "." } else { prefix };
            refuse(
                listing,
                shown,
                format!("the folder can't be read: {error}"),
                "look at its permissions",
            );
            return;
        }
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                refuse(
                    listing,
                    prefix,
                    format!("the folder can't be read to its end: {error}"),
                    "look at the disk",
                );
                return;
            }
        };
        let path = entry.path();
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let shown = format!("{prefix}{}", name.to_string_lossy());
            refuse(
                listing,
                &shown,
                "the file's name is not UTF-8".to_owned(),
                "rename it",
            );
            continue;
        };
        let shown = format!("{prefix}{name}");
        if name.starts_with('.') {
            listing.files.push((shown, path, Kind::LeftOut("hidden")));
            continue;
        }
        let Ok(own) = fs::symlink_metadata(&path) else {
            refuse(
                listing,
                &shown,
                "the file vanished while it was listed".to_owned(),
                "run again",
            );
            continue;
        };
        let data = if own.is_symlink() {
            match fs::canonicalize(&path) {
                Ok(target) if !target.starts_with(real_root) => {
                    let message = "the symbolic link leads out of the content folder".to_owned();
                    refuse(
                        listing,
                        &shown,
                        message,
                        "copy the file into the folder, or make its folder the content",
                    );
                    continue;
                }
                Ok(target) => fs::metadata(target),
                Err(error) => Err(error),
            }
        } else {
            Ok(own)
        };
        match data {
            Ok(data) if data.is_dir() && path == *static_files => {
                listing
                    .files
                    .push((shown + "/", path, Kind::LeftOut("the site's static files")));
            }
            Ok(data) if data.is_dir() => {
                walk(
                    &path,
                    &format!("{shown}/"),
                    depth + 1,
                    real_root,
                    static_files,
                    listing,
                );
            }
            Ok(data) if data.is_file() => {
                let kind = kind(name);
                listing.files.push((shown, path, kind));
            }
            Ok(_) => refuse(
                listing,
                &shown,
                "it is neither a file nor a folder".to_owned(),
                "move sockets, pipes and devices out of the content folder",
            ),
            Err(error) => {
                refuse(
                    listing,
                    &shown,
                    format!("the symbolic link leads nowhere: {error}"),
                    "remove it",
                );
            }
        }
    }
}

fn kind(name: &str) -> Kind {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    match ending.to_ascii_lowercase().as_str() {
        "md" | "markdown" | "mdx" => match stem {
            "_category" | "_index" => Kind::CategoryPage,
            _ => Kind::Article,
        },
        _ => Kind::LeftOut("no Markdown (.md, .markdown, .mdx)"),
    }
}

/// An `index.md` alone in its folder is an article with its pictures beside it; with other articles or
/// folders of articles beside it, it is their page. At the top it would describe the whole site.
fn mark_section_pages(listing: &mut Listing) {
    let markdown: Vec<String> = listing
        .files
        .iter()
        .filter(|(_, _, kind)| matches!(kind, Kind::Article | Kind::CategoryPage))
        .map(|(path, _, _)| path.clone())
        .collect();
    for (path, _, kind) in &mut listing.files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let top = folder.is_empty();
        let prefix = if top { String::new() } else { format!("{folder}/") };
        // Paths are sorted, so the neighbours of one that starts alike are all that start alike.
        let alone = || {
            let first = markdown.partition_point(|other| other.as_str() < prefix.as_str());
            markdown[first..]
                .iter()
                .take(2)
                .filter(|other| other.starts_with(&prefix))
                .count()
                < 2
        };
        if *kind == Kind::CategoryPage && top || *kind == Kind::Article && stem == "index" && top {
            *kind = Kind::LeftOut("the site's own page; [site] in the configuration speaks for the site");
        } else if *kind == Kind::Article && stem == "index" && !alone() {
            *kind = Kind::CategoryPage;
        }
    }
}
