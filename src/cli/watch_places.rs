//! What a build depends on: folders with all that is in them, and single files. A snapshot holds their stamps, and two of
//! them say what has changed. No file is opened, and nothing is asked of what a build writes itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::dialect::habits::Habits;
use crate::catalog::dialect::{detect, folders};
use crate::catalog::source::stamp::Stamp;
use crate::config::{self, Config};

/// Folders deeper than this are a mistake, as for the catalog.
const DEEPEST: usize = 32;

/// What the configuration of a generator ends in.
const ENDINGS: [&str; 9] = ["toml", "yaml", "yml", "json", "js", "mjs", "cjs", "ts", "mts"];

/// Where a site's files are.
#[derive(Debug, Default)]
pub struct Places {
    /// Folders that are read with all that is in them.
    trees: Vec<PathBuf>,
    /// The content folder, some of whose folders its generator keeps to itself.
    content: Option<(PathBuf, Habits)>,
    /// Folders in which generators leave their configuration.
    shallow: Vec<PathBuf>,
    /// Single files.
    files: Vec<PathBuf>,
    /// Databases of `SQLite`, each with its log.
    databases: Vec<PathBuf>,
    /// Folders that are written to, where they really are.
    written: Vec<PathBuf>,
    /// The store.
    store: PathBuf,
}

/// What became of a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    New,
    /// It is another one.
    Changed,
    /// It is not there any more.
    Gone,
}

/// All of it at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Files with their stamps; folders without.
    entries: BTreeMap<PathBuf, Option<Stamp>>,
    /// Folders in which something could change: those that there are, and those that lead to what is not there.
    pub folders: BTreeSet<PathBuf>,
}

impl Places {
    /// Of a configuration that can't be read: nothing but itself and what lies beside it is known.
    #[must_use]
    pub fn of_file(file: &Path) -> Self {
        let shallow = config::site_folder(file).into_iter().collect();
        Self { files: vec![file.to_owned()], shallow, ..Self::default() }
    }

    /// Of a site.
    #[must_use]
    pub fn of(config: &Config, file: &Path) -> Self {
        let sources = &config.catalog.sources;
        let imports = &config.catalog.imports;
        let folders = imports.iter().filter_map(|source| source.folder.clone());
        let databases = imports.iter().filter_map(|source| source.database.as_ref()?.file());
        let real = |folder: &Path| fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let state = config.state_folder();
        Self {
            trees: [sources.static_files.clone(), config.templates.clone()]
                .into_iter()
                .chain(folders)
                .collect(),
            content: Some((sources.content.clone(), Habits::of(sources))),
            shallow: detect::upwards(&sources.content),
            files: imports.iter().filter_map(|source| source.file.clone()).chain([file.to_owned()]).collect(),
            databases: databases.collect(),
            written: [&config.feeds.output, &config.delivery.outbox, state, &state.join("sources")]
                .map(real)
                .to_vec(),
            store: config.state.clone(),
        }
    }

    /// With what mails depend on, too: introductions of issues.
    #[must_use]
    pub fn with_mails(mut self, config: &Config) -> Self {
        let root = config::site_folder(&config.file).unwrap_or_default();
        for file in config.digests.iter().filter_map(|digest| digest.intro_file.as_ref()) {
            // Its name may hold a day or a language: any file of its folder may be the one. All of the site would be too
            // much to look at.
            match file.parent() {
                Some(folder) if !root.starts_with(folder) => self.trees.push(folder.to_owned()),
                _ => self.files.push(file.clone()),
            }
        }
        self
    }

    /// As it is now.
    #[must_use]
    pub fn look(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let everything = |_: &str| false;
        for tree in &self.trees {
            self.tree(tree, &everything, &mut snapshot);
        }
        if let Some((content, habits)) = &self.content {
            self.tree(content, &|name| folders::skipped(habits, name).is_some(), &mut snapshot);
        }
        for folder in &self.shallow {
            self.shallow(folder, &mut snapshot);
        }
        for file in &self.files {
            snapshot.file(file, Stamp::at(file));
        }
        for file in &self.databases {
            let mut log = file.as_os_str().to_owned();
            log.push("-wal");
            // A reader may leave an empty one.
            let log = PathBuf::from(log);
            snapshot.file(&log, Stamp::at(&log).filter(|stamp| stamp.length > 0));
            snapshot.file(file, Stamp::at(file));
        }
        snapshot
    }

    fn tree(&self, root: &Path, is_skipped: &dyn Fn(&str) -> bool, snapshot: &mut Snapshot) {
        snapshot.lead_to(root);
        let mut seen = BTreeSet::new();
        let mut below = vec![(root.to_owned(), 0)];
        while let Some((folder, depth)) = below.pop() {
            let Ok(real) = fs::canonicalize(&folder) else { continue };
            // A link may lead in a circle.
            if depth > DEEPEST || !seen.insert(real.clone()) || depth > 0 && self.written.contains(&real) {
                continue;
            }
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            snapshot.entries.insert(folder.clone(), None);
            snapshot.folders.insert(folder.clone());
            for entry in entries.filter_map(Result::ok) {
                let (place, name) = (entry.path(), entry.file_name());
                let name = name.to_string_lossy();
                if name.starts_with('.') || self.is_of_store(&place) {
                    continue;
                }
                match fs::metadata(&place) {
                    Ok(data) if data.is_dir() && !is_skipped(&name) => below.push((place, depth + 1)),
                    Ok(data) if data.is_file() => {
                        snapshot.entries.insert(place, Some(Stamp::of(&data)));
                    }
                    _ => {}
                }
            }
        }
    }

    /// Folders that are there, and files that may be a generator's configuration.
    fn shallow(&self, folder: &Path, snapshot: &mut Snapshot) {
        snapshot.lead_to(&folder.join("."));
        for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            let place = entry.path();
            let Ok(data) = fs::metadata(&place) else { continue };
            let is_known = |ending: &std::ffi::OsStr| ENDINGS.iter().any(|known| ending == *known);
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if data.is_dir()
                && !is_hidden
                && fs::canonicalize(&place).is_ok_and(|real| !self.written.contains(&real))
            {
                snapshot.entries.insert(place, None);
            } else if data.is_file() && place.extension().is_some_and(is_known) && !self.is_of_store(&place) {
                snapshot.entries.insert(place, Some(Stamp::of(&data)));
            }
        }
    }

    /// Whether it is the store, or a file that comes with it: its lock, its log, its seal, what builds keep.
    fn is_of_store(&self, place: &Path) -> bool {
        let Some(stem) = self.store.file_stem() else { return false };
        place.parent() == self.store.parent()
            && place.file_name().is_some_and(|name| {
                let rest = name.as_encoded_bytes().strip_prefix(stem.as_encoded_bytes());
                rest.is_some_and(|rest| {
                    [".sqlite", ".lock", ".seal", ".index", ".shelf", ".written", ".ledger"]
                        .iter()
                        .any(|end| rest.starts_with(end.as_bytes()))
                }) || Some(name) == self.store.file_name()
            })
    }
}

impl Snapshot {
    /// What became of everything since `before`.
    #[must_use]
    pub fn changes(&self, before: &Self) -> BTreeMap<PathBuf, Change> {
        let mut changes = BTreeMap::new();
        for (place, stamp) in &self.entries {
            match before.entries.get(place) {
                Some(known) if known == stamp => {}
                Some(_) => drop(changes.insert(place.clone(), Change::Changed)),
                None => drop(changes.insert(place.clone(), Change::New)),
            }
        }
        for place in before.entries.keys().filter(|place| !self.entries.contains_key(*place)) {
            changes.insert(place.clone(), Change::Gone);
        }
        changes
    }

    fn file(&mut self, file: &Path, stamp: Option<Stamp>) {
        self.lead_to(file);
        if let Some(stamp) = stamp {
            self.entries.insert(file.to_owned(), Some(stamp));
        }
    }

    /// What is at a place may be removed and made again: its folder tells, or the nearest one that there is.
    fn lead_to(&mut self, place: &Path) {
        let there = place.ancestors().skip(1).find(|folder| folder.is_dir());
        self.folders.extend(there.map(Path::to_owned));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(changes: &BTreeMap<PathBuf, Change>, root: &Path) -> Vec<(String, Change)> {
        let shown = |place: &Path| place.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        changes.iter().map(|(place, change)| (shown(place), *change)).collect()
    }

    #[test]
    fn what_is_written_is_passed_over_wherever_it_lies() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(root.path()).unwrap();
        let write = |path: &str, text: &str| {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), text).unwrap();
        };
        let configuration = "[site]\ntitle = \"S\"\nurl = \"https://example.org\"\nauthor = \"S\"\n[catalog]\ncontent = \".\"\n\
             static = \"static\"\n[store]\npath = \"mind.sqlite\"\n";
        write("tidings.toml", configuration);
        let file = root.join("tidings.toml");
        let config = config::read(&file, configuration, &root, "").unwrap();
        let places = Places::of(&config, &file);
        let before = places.look();
        for path in [
            "public/rss.xml",
            "mind.sqlite",
            "mind.sqlite-wal",
            "mind.lock",
            "mind.seal",
            ".hidden",
            ".git/x",
        ] {
            write(path, "x");
        }
        write("sources/cms.jsonl", "x");
        assert_eq!(names(&places.look().changes(&before), &root), []);

        write("news/a.md", "a");
        write("mind.md", "b");
        let after = places.look();
        let expected = [("mind.md", Change::New), ("news", Change::New), ("news/a.md", Change::New)];
        assert_eq!(
            names(&after.changes(&before), &root),
            expected.map(|(path, change)| (path.to_owned(), change))
        );
        assert!(after.folders.contains(&root.join("news")) && !after.folders.contains(&root.join("public")));
        fs::remove_dir_all(root.join("news")).unwrap();
        write("mind.md", "bb");
        let expected = [("mind.md", Change::Changed), ("news", Change::Gone), ("news/a.md", Change::Gone)];
        let changes = places.look().changes(&after);
        assert_eq!(names(&changes, &root), expected.map(|(path, change)| (path.to_owned(), change)));
    }

    #[test]
    fn what_is_not_there_is_waited_for_where_it_would_be() {
        let root = tempfile::tempdir().unwrap();
        let places = Places { trees: vec![root.path().join("a/b")], ..Places::default() };
        assert!(places.look().folders.contains(root.path()));
        fs::create_dir_all(root.path().join("a/b/c")).unwrap();
        let folders = places.look().folders;
        let expected = ["a", "a/b", "a/b/c"].map(|path| root.path().join(path));
        assert_eq!(folders, BTreeSet::from(expected));
    }
}
