//! Whole folders of a site: what is published, and a copy of the sample site.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::site::Site;

impl Site {
    /// A copy of the sample site, the repository's own.
    pub(crate) fn sample() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let site = Self::new("");
        for folder in ["config", "content"] {
            for (path, bytes) in tree(root, folder) {
                site.write(&path, bytes);
            }
        }
        site
    }

    /// Every file under a folder of the site with its bytes, by its path from the site's folder.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path(""), folder)
    }
}

fn tree(root: &Path, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let places: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        for place in places {
            if place.is_dir() {
                folders.push(place);
            } else {
                let path = place.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(path, std::fs::read(&place).unwrap());
            }
        }
    }
    files
}
