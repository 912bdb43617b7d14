//! Which category a name means: one answer for addresses, feeds and digests, whatever order files are read in.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::catalog::category::Category;
use crate::catalog::settings::CategorySettings;
use crate::catalog::slug::Slug;

/// The categories that pages and the configuration describe, by everything that they are called.
#[derive(Debug, Default)]
pub struct Naming {
    /// Slugs and, before them, the folders that have a page.
    by_name: HashMap<String, Slug>,
    /// Titles in lower case.
    by_title: HashMap<String, Slug>,
    /// The folders that have a page, by their whole path.
    folders: HashSet<String>,
}

impl Naming {
    /// From the category pages by slug, and `[category.*]`.
    #[must_use]
    pub fn new(pages: &BTreeMap<Slug, Category>, configured: &BTreeMap<String, CategorySettings>) -> Self {
        let mut naming = Self::default();
        for (name, said) in configured {
            if let (Some(title), Some(slug)) = (&said.title, Slug::from_name(name)) {
                naming.by_title.insert(title.to_lowercase(), slug);
            }
        }
        for page in pages.values() {
            naming.by_title.insert(page.title.to_lowercase(), page.slug.clone());
            naming.by_name.insert(page.slug.to_string(), page.slug.clone());
        }
        for page in pages.values() {
            let folder = page.path.as_deref().and_then(folder);
            naming.by_name.extend(folder.map(|folder| (folder.to_owned(), page.slug.clone())));
            let whole = page.path.as_deref().and_then(|path| path.rsplit_once('/'));
            naming.folders.extend(whole.map(|(folder, _)| folder.to_owned()));
        }
        naming
    }

    /// The category that is called so: by its folder, its slug or its title.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<&Slug> {
        self.by_name.get(name).or_else(|| self.by_title.get(&name.to_lowercase()))
    }

    /// The name of the innermost folder above `path` that has a page.
    #[must_use]
    pub fn nearest<'a>(&self, path: &'a str) -> Option<&'a str> {
        let mut above = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
        let folder = above.find(|folder| self.folders.contains(*folder))?;
        folder.rsplit('/').next()
    }

    /// The category that is called so, or else the one whose slug `name` gives. `None` where it has no letter
    /// or digit to make a slug of.
    #[must_use]
    pub fn slug_of(&self, name: &str) -> Option<Slug> {
        self.known(name).cloned().or_else(|| Slug::from_title(name))
    }
}

/// The title of a category that nothing describes: its name. One that looks like a folder's becomes words.
#[must_use]
pub fn title_of(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() && !letter.is_uppercase() || "-_".contains(letter);
    if !name.chars().all(is_plain) {
        return name.to_owned();
    }
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The folder that a file lies in: the last part of its path but one.
#[must_use]
pub fn folder(path: &str) -> Option<&str> {
    path.rsplit('/').nth(1)
}

#[cfg(test)]
mod tests {
    use super::title_of;

    #[test]
    fn a_name_that_an_author_spelled_stays_as_it_is() {
        let table = [
            ("heart-health", "Heart health"),
            ("écologie", "Écologie"),
            ("c++", "c++"),
            ("iPhone", "iPhone"),
            ("a, b", "a, b"),
            ("Well-being", "Well-being"),
        ];
        for (name, title) in table {
            assert_eq!(title_of(name), title);
        }
    }
}
