//! A folder of Markdown files: which of its files are articles, which describe a category, and why the
//! others are left out. Reads nothing but directory entries.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::catalog::dialect::folders;
use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::habits::Habits;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::source::stamp::Stamp;

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

impl Kind {
    /// Why it is left out, or a word for what it is.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::CategoryPage => "category page",
            Self::LeftOut(reason) => reason,
        }
    }
}

/// One file under the content folder.
#[derive(Clone, Debug)]
pub struct File {
    /// Path with `/` under the content folder; a folder that is left out as a whole ends in one.
    pub path: String,
    /// Its place on disk.
    pub place: PathBuf,
    /// What it is.
    pub kind: Kind,
    /// As it was when it was listed; of what is left out unread, nothing.
    pub stamp: Stamp,
}

/// Every file under the content folder, each once.
#[derive(Debug, Default)]
pub struct Listing {
    /// In the order of paths.
    pub files: Vec<File>,
    /// Files that are refused and folders that can't be read.
    pub problems: Vec<Problem>,
}

/// Lists `root` on all cores; `static_files` below it is the site's business and counts as left out.
#[must_use]
pub fn list(root: &Path, static_files: &Path, habits: &Habits) -> Listing {
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let above = [real_root.clone()];
    let walker = Walker { real_root, static_files, habits };
    let mut listing = walker.folder(root, "", &above);
    listing.files.sort_by(|a, b| a.path.cmp(&b.path));
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
}

/// What stands behind an entry, and where a symbolic link leads.
type Found = (fs::Metadata, Option<PathBuf>);

/// A folder in a folder: its place, its path with a slash at its end, and where it really is.
type Below = (PathBuf, String, PathBuf);

impl Walker<'_> {
    /// Lists a folder; `prefix` is its path under the root, with a slash at its end; `above` are the folders on the way
    /// to it, where they really are, itself the last.
    fn folder(&self, folder: &Path, prefix: &str, above: &[PathBuf]) -> Listing {
        let mut listing = Listing::default();
        let shown = if prefix.is_empty() { "." } else { prefix };
        if above.len() > DEEPEST {
            let message = format!("folders are nested more than {DEEPEST} deep");
            listing.refuse(shown, message, "make the tree of folders flatter");
            return listing;
        }
        let mut below = Vec::new();
        match fs::read_dir(folder) {
            Ok(entries) => {
                for entry in entries {
                    match entry {
                        Ok(entry) => below.extend(self.entry(&entry, prefix, above, &mut listing)),
                        Err(error) => {
                            let message = format!("the folder can't be read to its end: {error}");
                            listing.refuse(shown, message, "look at the disk");
                            break;
                        }
                    }
                }
            }
            Err(error) => {
                let message = format!("the folder can't be read: {error}");
                listing.refuse(shown, message, "look at its permissions");
            }
        }
        let below: Vec<Listing> = below
            .into_par_iter()
            .map(|(place, prefix, real)| self.folder(&place, &prefix, &[above, &[real]].concat()))
            .collect();
        for inner in below {
            listing.files.extend(inner.files);
            listing.problems.extend(inner.problems);
        }
        listing
    }

    /// Adds an entry to the listing, or returns the folder that it is.
    fn entry(
        &self,
        entry: &fs::DirEntry,
        prefix: &str,
        above: &[PathBuf],
        listing: &mut Listing,
    ) -> Option<Below> {
        let (place, name) = (entry.path(), entry.file_name());
        let path = format!("{prefix}{}", name.to_string_lossy());
        let Some(name) = name.to_str() else {
            listing.refuse(&path, "the file's name is not UTF-8", "rename it");
            return None;
        };
        let left_out =
            |path, place, reason| File { path, place, kind: Kind::LeftOut(reason), stamp: Stamp::default() };
        if name.starts_with('.') {
            listing.files.push(left_out(path, place, "hidden"));
            return None;
        }
        match self.metadata(entry, &place, above) {
            Ok((data, _)) if data.is_dir() && place == self.static_files => {
                listing.files.push(left_out(path + "/", place, "the site's static files"));
            }
            Ok((data, target)) if data.is_dir() => {
                if let Some(reason) = folders::skipped(self.habits, name) {
                    listing.files.push(left_out(path + "/", place, reason));
                } else {
                    let here = above.last().unwrap_or(&self.real_root);
                    return Some((place, format!("{path}/"), target.unwrap_or_else(|| here.join(name))));
                }
            }
            Ok((data, _)) if data.is_file() => {
                listing.files.push(File { path, place, kind: kind(name), stamp: Stamp::of(&data) });
            }
            Ok(_) => listing.refuse(
                &path,
                "it is neither a file nor a folder",
                "move sockets, pipes and devices out of the content folder",
            ),
            Err((message, hint)) => listing.refuse(&path, message, hint),
        }
        None
    }

    /// What the entry is, behind a symbolic link too, as long as that stays under the root.
    fn metadata(
        &self,
        entry: &fs::DirEntry,
        place: &Path,
        above: &[PathBuf],
    ) -> Result<Found, (String, &'static str)> {
        let vanished = |error| (format!("the file vanished while it was listed: {error}"), "run again");
        let own = entry.metadata().map_err(vanished)?;
        if !own.is_symlink() {
            return Ok((own, None));
        }
        let target = fs::canonicalize(place)
            .map_err(|error| (format!("the symbolic link leads nowhere: {error}"), "remove it"))?;
        if !target.starts_with(&self.real_root) {
            let message = "the symbolic link leads out of the content folder".to_owned();
            return Err((message, "copy the file into the folder, or make its folder the content"));
        }
        if above.contains(&target) {
            let message = "the symbolic link leads back up to a folder that it lies in".to_owned();
            return Err((message, "remove it"));
        }
        Ok((fs::metadata(&target).map_err(vanished)?, Some(target)))
    }
}

impl Listing {
    fn refuse(&mut self, path: &str, message: impl Into<String>, hint: &str) {
        self.problems.push(Problem::error(path, Position::START, message, hint));
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
        .filter(|file| matches!(file.kind, Kind::Article | Kind::CategoryPage))
        .map(|file| file.path.clone())
        .collect();
    for File { path, kind, .. } in &mut listing.files {
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
