//! Writing: files appear whole or not at all, and one that did not change is not touched.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::TempPath;

/// A file to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Path under the output folder, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What writing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Paths that were new or different.
    pub changed: Vec<String>,
    /// How many were left alone: their modification time still says when they changed, for conditional GET.
    pub unchanged: usize,
}

/// What temporary files begin with.
const TEMPORARY: &str = ".tidings-";

/// Publishes: each file that differs is written beside its place; when all are, they are synced; when all are, they are
/// renamed into their places, and the folders are synced. One step after the other, for what is there to be synced at the
/// first time is not there at the others.
///
/// # Errors
/// The first file that can't be written, with its path: then none is renamed. The first that can't be renamed.
pub fn write(root: &Path, documents: &[Document]) -> io::Result<Written> {
    clear_leftovers(root, documents);
    let places = documents.par_iter().map(|document| (document, root.join(&document.path)));
    let changed: Vec<(&Document, PathBuf)> =
        places.filter(|(document, place)| !is_same(place, &document.bytes)).collect();
    let folders: BTreeSet<&Path> = changed.iter().filter_map(|(_, place)| place.parent()).collect();
    for folder in &folders {
        fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
    }
    let written: Vec<TempPath> = changed
        .par_iter()
        .map(|(document, place)| beside(place, &document.bytes).map_err(|error| at(place, &error)))
        .collect::<Result<_, _>>()?;
    written.par_iter().try_for_each(|path| sync(path))?;
    for (path, (_, place)) in written.into_iter().zip(&changed) {
        path.persist(place).map_err(|error| at(place, &error.error))?;
    }
    for folder in &folders {
        sync(folder)?;
    }
    Ok(Written {
        unchanged: documents.len() - changed.len(),
        changed: changed.into_iter().map(|(document, _)| document.path.clone()).collect(),
    })
}

/// Which of the paths that were published before are not any more, and still there. `files` are all that are.
#[must_use]
pub fn gone(root: &Path, before: &[String], files: &[String]) -> Vec<String> {
    let current: BTreeSet<&str> = files.iter().map(String::as_str).collect();
    let mut gone: Vec<String> = before
        .iter()
        .filter(|path| !current.contains(path.as_str()) && root.join(path).is_file())
        .cloned()
        .collect();
    gone.sort();
    gone
}

/// Removes files that are published no more, and folders that they leave empty.
///
/// # Errors
/// The first file that can't be removed, with its path.
pub fn remove(root: &Path, paths: &[String]) -> io::Result<()> {
    for path in paths {
        let place = root.join(path);
        match fs::remove_file(&place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&place, &error)),
            _ => {}
        }
        if let Some(folder) = place.parent().filter(|folder| *folder != root) {
            // A folder that still holds something stays; that is no error.
            let _ = fs::remove_dir(folder);
        }
    }
    Ok(())
}

/// Temporary files of a run that was killed would stay for ever. One run at a time writes here, so they are nobody's.
fn clear_leftovers(root: &Path, documents: &[Document]) {
    let places: Vec<PathBuf> = documents.iter().map(|document| root.join(&document.path)).collect();
    let folders: BTreeSet<&Path> = places.iter().filter_map(|place| place.parent()).collect();
    for entry in folders.into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            // One that can't be removed does no more harm than before.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_same(place: &Path, bytes: &[u8]) -> bool {
    let same_length =
        fs::metadata(place).is_ok_and(|data| data.is_file() && data.len() == bytes.len() as u64);
    same_length && fs::read(place).is_ok_and(|current| current == bytes)
}

/// Writes a file beside its place, closed, for there may be more of them than a process may have open.
fn beside(place: &Path, bytes: &[u8]) -> io::Result<TempPath> {
    let folder = place.parent().unwrap_or(Path::new(""));
    let mut temporary = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    // Temporary files are for their owner alone; what is published is for everybody.
    temporary.as_file().set_permissions(Permissions::from_mode(0o644))?;
    Ok(temporary.into_temp_path())
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|error| at(path, &error))
}

fn at(place: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", place.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(path: &str, text: &str) -> Document {
        Document { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn only_what_differs_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("public");
        let first = [document("rss.xml", "1"), document("heart/rss.xml", "2")];
        assert_eq!(write(&root, &first).unwrap().changed, ["rss.xml", "heart/rss.xml"]);
        let second = [document("rss.xml", "1"), document("heart/rss.xml", "3")];
        fs::write(root.join("heart/.tidings-x"), "half").unwrap();
        let stamp = fs::metadata(root.join("rss.xml")).unwrap().modified().unwrap();
        let written = write(&root, &second).unwrap();
        assert_eq!((written.changed.as_slice(), written.unchanged), (&["heart/rss.xml".to_owned()][..], 1));
        assert_eq!(fs::metadata(root.join("rss.xml")).unwrap().modified().unwrap(), stamp);
        assert!(!root.join("heart/.tidings-x").exists(), "left by a run that was killed");
        assert_eq!(fs::metadata(root.join("rss.xml")).unwrap().permissions().mode() & 0o777, 0o644);
    }

    #[test]
    fn what_is_gone_is_found_and_removed_with_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let all = [document("rss.xml", "1"), document("heart/rss.xml", "2")];
        write(folder.path(), &all).unwrap();
        let before: Vec<String> = all.iter().map(|document| document.path.clone()).collect();
        let gone = gone(folder.path(), &before, &before[..1]);
        assert_eq!(gone, ["heart/rss.xml"]);
        remove(folder.path(), &gone).unwrap();
        assert!(!folder.path().join("heart").exists());
        assert!(folder.path().join("rss.xml").exists());
    }
}
