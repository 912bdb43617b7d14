//! A folder of Markdown files: which of its files are articles, which describe a category, and why the
//! others are left out. Reads nothing but directory entries. Most builds find nothing changed and do little else than
//! this, so it keeps to what the system needs for it.

use std::borrow::Cow;
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

/// So many entries of one folder are a task for one core: with fewer, sharing them out takes longer than they do.
const TASK: usize = 128;

/// What one file under the content folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    pub fn reason(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::CategoryPage => "category page",
            Self::LeftOut(reason) => reason,
        }
    }
}

/// One file under the content folder.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Path with `/` under the content folder; a folder that is left out as a whole ends in one.
    pub path: &'a str,
    /// What it is.
    pub kind: Kind,
    /// As it was when it was listed; of what is left out unread, nothing.
    pub stamp: Stamp,
}

/// Every file under the content folder, each once, in the order of paths.
#[derive(Debug, Default)]
pub struct Listing {
    /// All paths, one behind the other.
    paths: String,
    entries: Vec<Entry>,
    /// Files that are refused and folders that can't be read.
    pub problems: Vec<Problem>,
}

/// What is known of a file beside its path.
#[derive(Debug)]
struct Entry {
    /// Where its path ends among all paths.
    end: usize,
    kind: Kind,
    stamp: Stamp,
}

impl Listing {
    /// The files, in the order of paths.
    pub fn files(&self) -> impl Iterator<Item = File<'_>> {
        let mut start = 0;
        self.entries.iter().map(move |&Entry { end, kind, stamp }| {
            let path = &self.paths[start..end];
            start = end;
            File { path, kind, stamp }
        })
    }

    /// Settles what the files are: by their generator, and which pages speak for a section.
    pub fn settle(&mut self, root: &Path, habits: &Habits) {
        if habits.dialect != Dialect::Tidings {
            let top_is_posts = root.file_name().is_some_and(|name| name == "_posts");
            self.change(folders::settled(self, habits, top_is_posts));
        }
        if !matches!(habits.dialect, Dialect::Hugo | Dialect::Zola) {
            self.change(with_section_pages(self));
        }
    }

    fn change(&mut self, kinds: Vec<Kind>) {
        for (entry, kind) in self.entries.iter_mut().zip(kinds) {
            entry.kind = kind;
        }
    }

    fn add(&mut self, prefix: &str, name: &str, kind: Kind, stamp: Stamp) {
        self.paths.push_str(prefix);
        self.paths.push_str(name);
        self.entries.push(Entry { end: self.paths.len(), kind, stamp });
    }

    fn append(&mut self, other: Self) {
        let before = self.paths.len();
        self.paths.push_str(&other.paths);
        self.entries
            .extend(other.entries.into_iter().map(|entry| Entry { end: before + entry.end, ..entry }));
        self.problems.extend(other.problems);
    }

    fn refuse(&mut self, path: &str, message: impl Into<String>, hint: &str) {
        self.problems.push(Problem::error(path, Position::START, message, hint));
    }
}

/// Lists `root` on all cores; `static_files` below it is the site's business and counts as left out. What the files are
/// is said by their names alone, until that is settled.
#[must_use]
pub fn list(root: &Path, static_files: &Path, habits: &Habits) -> Listing {
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let above = [real_root.clone()];
    let walker = Walker { root, real_root, static_files, habits };
    let mut listing = walker.folder("", &above);
    listing.problems.sort();
    listing
}

struct Walker<'a> {
    root: &'a Path,
    /// Where symbolic links have to stay.
    real_root: PathBuf,
    static_files: &'a Path,
    habits: &'a Habits,
}

/// An entry of a folder. The names of folders end in a slash, so that sorted entries make sorted paths.
struct Found {
    name: String,
    what: What,
}

enum What {
    File(Kind, Stamp),
    /// A folder to look into, and where it really is.
    Folder(PathBuf),
    Refused(Refusal),
}

/// Why an entry is refused, and what to do about it.
type Refusal = (Cow<'static, str>, &'static str);

impl Walker<'_> {
    /// Lists a folder; `prefix` is its path under the root, with a slash at its end; `above` are the folders on the way
    /// to it, where they really are, itself the last.
    fn folder(&self, prefix: &str, above: &[PathBuf]) -> Listing {
        let mut listing = Listing::default();
        let shown = if prefix.is_empty() { "." } else { prefix };
        if above.len() > DEEPEST {
            let message = format!("folders are nested more than {DEEPEST} deep");
            listing.refuse(shown, message, "make the tree of folders flatter");
            return listing;
        }
        let mut entries = Vec::new();
        match fs::read_dir(self.root.join(prefix)) {
            Ok(all) => {
                for entry in all {
                    match entry {
                        Ok(entry) => entries.push(entry),
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
        let tasks = entries.into_par_iter().with_min_len(TASK);
        let mut found: Vec<Found> = tasks.map(|entry| self.entry(&entry, prefix, above)).collect();
        found.par_sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let inner = found.par_iter().filter_map(|Found { name, what }| match what {
            What::Folder(real) => {
                let real = std::slice::from_ref(real);
                Some(self.folder(&[prefix, name].concat(), &[above, real].concat()))
            }
            _ => None,
        });
        let inner = inner.collect::<Vec<Listing>>();
        let own = found.iter().map(|found| prefix.len() + found.name.len());
        let texts = own.chain(inner.iter().map(|inner| inner.paths.len())).sum();
        listing.paths.reserve_exact(texts);
        listing
            .entries
            .reserve_exact(found.len() + inner.iter().map(|inner| inner.entries.len()).sum::<usize>());
        let mut inner = inner.into_iter();
        for Found { name, what } in found {
            match what {
                What::File(kind, stamp) => listing.add(prefix, &name, kind, stamp),
                What::Folder(_) => listing.append(inner.next().unwrap_or_default()),
                What::Refused((message, hint)) => listing.refuse(&[prefix, &name].concat(), message, hint),
            }
        }
        listing
    }

    fn entry(&self, entry: &fs::DirEntry, prefix: &str, above: &[PathBuf]) -> Found {
        let mut name = match entry.file_name().into_string() {
            Ok(name) => name,
            Err(name) => {
                let what = What::Refused(("the file's name is not UTF-8".into(), "rename it"));
                return Found { name: name.to_string_lossy().into_owned(), what };
            }
        };
        if name.starts_with('.') {
            return Found { name, what: What::File(Kind::LeftOut("hidden"), Stamp::default()) };
        }
        let what = match self.metadata(entry, prefix, &name, above) {
            Ok((data, target)) if data.is_dir() => {
                let what = self.inner(prefix, &name, above, target);
                name.push('/');
                what
            }
            Ok((data, _)) if data.is_file() => What::File(kind(&name), Stamp::of(&data)),
            Ok(_) => What::Refused((
                "it is neither a file nor a folder".into(),
                "move sockets, pipes and devices out of the content folder",
            )),
            Err(refusal) => What::Refused(refusal),
        };
        Found { name, what }
    }

    /// What is to become of a folder in a folder; `target` is where a symbolic link leads.
    fn inner(&self, prefix: &str, name: &str, above: &[PathBuf], target: Option<PathBuf>) -> What {
        let left_out = if self.place(prefix, name) == self.static_files {
            Some("the site's static files")
        } else {
            folders::skipped(self.habits, name)
        };
        match left_out {
            Some(reason) => What::File(Kind::LeftOut(reason), Stamp::default()),
            None => {
                What::Folder(target.unwrap_or_else(|| above.last().unwrap_or(&self.real_root).join(name)))
            }
        }
    }

    /// What the entry is, behind a symbolic link too, as long as that stays under the root; and where a link leads.
    fn metadata(
        &self,
        entry: &fs::DirEntry,
        prefix: &str,
        name: &str,
        above: &[PathBuf],
    ) -> Result<(fs::Metadata, Option<PathBuf>), Refusal> {
        let vanished =
            |error| (format!("the file vanished while it was listed: {error}").into(), "run again");
        let own = entry.metadata().map_err(vanished)?;
        if !own.is_symlink() {
            return Ok((own, None));
        }
        let target = fs::canonicalize(self.place(prefix, name))
            .map_err(|error| (format!("the symbolic link leads nowhere: {error}").into(), "remove it"))?;
        if !target.starts_with(&self.real_root) {
            let message = "the symbolic link leads out of the content folder".into();
            return Err((message, "copy the file into the folder, or make its folder the content"));
        }
        if above.contains(&target) {
            let message = "the symbolic link leads back up to a folder that it lies in".into();
            return Err((message, "remove it"));
        }
        Ok((fs::metadata(&target).map_err(vanished)?, Some(target)))
    }

    fn place(&self, prefix: &str, name: &str) -> PathBuf {
        self.root.join(prefix).join(name)
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
fn with_section_pages(listing: &Listing) -> Vec<Kind> {
    let is_markdown = |file: &File| matches!(file.kind, Kind::Article | Kind::CategoryPage);
    let markdown: Vec<&str> = listing.files().filter(is_markdown).map(|file| file.path).collect();
    let kind = |File { path, kind, .. }: File| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let prefix = &path[..path.len() - name.len()];
        let is_index = name.rsplit_once('.').map_or(name, |(stem, _)| stem) == "index";
        // Paths are sorted, so the neighbours of one that starts alike are all that start alike.
        let alone = || {
            let first = markdown.partition_point(|other| *other < prefix);
            markdown[first..].iter().take(2).filter(|other| other.starts_with(prefix)).count() < 2
        };
        match kind {
            Kind::CategoryPage if prefix.is_empty() => folders::OF_THE_SITE,
            Kind::Article if is_index && prefix.is_empty() => folders::OF_THE_SITE,
            Kind::Article if is_index && !alone() => Kind::CategoryPage,
            _ => kind,
        }
    };
    listing.files().map(kind).collect()
}
