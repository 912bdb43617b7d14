//! A folder of Markdown files: which of its files are articles, which describe a category, and why the
//! others are left out. Reads nothing but directory entries.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::dialect::folders;
use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::habits::Habits;
use crate::catalog::problem::{Position, Problem};

/// Folders deeper than this are a mistake.
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
pub fn list(root: &Path, static_files: &Path, habits: &Habits) -> Listing {
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let above = vec![real_root.clone()];
    let mut walker = Walker { real_root, static_files, habits, above, listing: Listing::default() };
    walker.folder(root, "");
    let mut listing = walker.listing;
    listing.files.sort_by(|a, b| a.0.cmp(&b.0));
    listing.problems.sort();
    let top_is_posts = root.file_name().is_some_and(|name| name == "_posts");
    folders::settle(&mut listing, habits, top_is_posts);
    if !matches!(habits.dialect, Dialect::Hugo | Dialect::Zola) {
        mark_section_pages(&mut listing);
    }
    listing
}

struct Walker<'a> {
    /// Where symbolic links have to stay.
    real_root: PathBuf,
    static_files: &'a Path,
    habits: &'a Habits,
    /// The folders on the way to the one that is listed, where they really are; the root is the first.
    above: Vec<PathBuf>,
    listing: Listing,
}

/// What stands behind an entry, and where a symbolic link leads.
type Found = (fs::Metadata, Option<PathBuf>);

impl Walker<'_> {
    /// Lists a folder; `prefix` is its path under the root, with a slash at its end.
    fn folder(&mut self, folder: &Path, prefix: &str) {
        if self.above.len() > DEEPEST {
            let message = format!("folders are nested more than {DEEPEST} deep");
            self.refuse(prefix, message, "make the tree of folders flatter");
            return;
        }
        let shown = if prefix.is_empty() { "." } else { prefix };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.refuse(shown, format!("the folder can't be read: {error}"), "look at its permissions");
                return;
            }
        };
        for entry in entries {
            match entry {
                Ok(entry) => self.entry(&entry, prefix),
                Err(error) => {
                    self.refuse(
                        shown,
                        format!("the folder can't be read to its end: {error}"),
                        "look at the disk",
                    );
                    return;
                }
            }
        }
    }

    fn entry(&mut self, entry: &fs::DirEntry, prefix: &str) {
        let (place, name) = (entry.path(), entry.file_name());
        let shown = format!("{prefix}{}", name.to_string_lossy());
        let Some(name) = name.to_str() else {
            self.refuse(&shown, "the file's name is not UTF-8", "rename it");
            return;
        };
        if name.starts_with('.') {
            self.listing.files.push((shown, place, Kind::LeftOut("hidden")));
            return;
        }
        match self.metadata(&place) {
            Ok((data, _)) if data.is_dir() && place == self.static_files => {
                self.listing.files.push((shown + "/", place, Kind::LeftOut("the site's static files")));
            }
            Ok((data, _)) if data.is_dir() && folders::skipped(self.habits, name).is_some() => {
                let reason = folders::skipped(self.habits, name).unwrap_or_default();
                self.listing.files.push((shown + "/", place, Kind::LeftOut(reason)));
            }
            Ok((data, target)) if data.is_dir() => {
                let above = self.above.last().unwrap_or(&self.real_root);
                self.above.push(target.unwrap_or_else(|| above.join(name)));
                self.folder(&place, &format!("{shown}/"));
                self.above.pop();
            }
            Ok((data, _)) if data.is_file() => self.listing.files.push((shown, place, kind(name))),
            Ok(_) => self.refuse(
                &shown,
                "it is neither a file nor a folder",
                "move sockets, pipes and devices out of the content folder",
            ),
            Err((message, hint)) => self.refuse(&shown, message, hint),
        }
    }

    /// What the entry is, behind a symbolic link too, as long as that stays under the root.
    fn metadata(&self, place: &Path) -> Result<Found, (String, &'static str)> {
        let vanished = |error| (format!("the file vanished while it was listed: {error}"), "run again");
        let own = fs::symlink_metadata(place).map_err(vanished)?;
        if !own.is_symlink() {
            return Ok((own, None));
        }
        let target = fs::canonicalize(place)
            .map_err(|error| (format!("the symbolic link leads nowhere: {error}"), "remove it"))?;
        if !target.starts_with(&self.real_root) {
            let message = "the symbolic link leads out of the content folder".to_owned();
            return Err((message, "copy the file into the folder, or make its folder the content"));
        }
        if self.above.contains(&target) {
            let message = "the symbolic link leads back up to a folder that it lies in".to_owned();
            return Err((message, "remove it"));
        }
        Ok((fs::metadata(&target).map_err(vanished)?, Some(target)))
    }

    fn refuse(&mut self, path: &str, message: impl Into<String>, hint: &str) {
        self.listing.problems.push(Problem::error(path, Position::START, message, hint));
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
            markdown[first..].iter().take(2).filter(|other| other.starts_with(&prefix)).count() < 2
        };
        if *kind == Kind::CategoryPage && top || *kind == Kind::Article && stem == "index" && top {
            *kind = Kind::LeftOut("the site's own page; [site] in the configuration speaks for the site");
        } else if *kind == Kind::Article && stem == "index" && !alone() {
            *kind = Kind::CategoryPage;
        }
    }
}
