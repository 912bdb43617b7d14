//! What a content folder's generator lays down for all of its articles: its dialect, and what its own
//! configuration and its data files for folders say.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::catalog::dialect::detect;
use crate::catalog::dialect::generator::Dialect;
use crate::catalog::front_matter::value::{Table, Value};
use crate::catalog::front_matter::{json, toml, yaml};
use crate::catalog::permalink;
use crate::catalog::settings::Sources;
use crate::catalog::source::folder::{File, Listing};

/// Everything that holds for more than one article.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    /// Whose conventions hold.
    pub dialect: Dialect,
    /// The sections that the content folder itself lies in, where it is not all of the site's.
    pub within: Vec<String>,
    /// The pattern of addresses that the generator's configuration gives.
    pub permalink: Option<String>,
    /// The patterns that it gives for single sections.
    pub by_section: BTreeMap<String, String>,
    /// The folders, with their underscore, that hold articles beside `_posts`.
    pub collections: Vec<String>,
    /// What ends the excerpt of an article.
    pub excerpt_separator: Option<String>,
    /// What data files say of all articles in a folder, by the folder's path.
    pub folder_data: BTreeMap<String, Table>,
}

impl Habits {
    /// Of the configured dialect, or else of the one that the folder's marks speak for.
    #[must_use]
    pub fn of(sources: &Sources) -> Self {
        let (dialect, site) = match sources.dialect {
            Some(dialect) => (dialect, detect::site_folder(&sources.content, dialect)),
            None => detect::detect(&sources.content),
        };
        let within = within(&sources.content, &site, dialect);
        let mut habits = Self { dialect, within, ..Self::default() };
        match dialect {
            Dialect::Jekyll => habits.read_jekyll(&site),
            Dialect::Hugo => habits.read_hugo(&site),
            _ => {}
        }
        habits
    }

    /// The outermost section that all of the content lies in, where there is one.
    #[must_use]
    pub fn section(&self) -> Option<&str> {
        self.within.first().map(String::as_str)
    }

    /// The pattern for the article at `path`.
    #[must_use]
    pub fn pattern<'a>(&'a self, configured: Option<&'a str>, path: &str) -> Cow<'a, str> {
        let section = self.section().or_else(|| path.split('/').next()).unwrap_or_default();
        let given = configured
            .or_else(|| self.by_section.get(section).map(String::as_str))
            .or(self.permalink.as_deref());
        match given {
            Some(pattern) => Cow::Borrowed(pattern),
            None if self.within.is_empty() => Cow::Borrowed(self.dialect.permalink()),
            None => Cow::Owned(format!("/{}{}", self.within.join("/"), self.dialect.permalink())),
        }
    }

    fn read_jekyll(&mut self, site: &Path) {
        let Some(table) = first(site, &["_config.yml", "_config.yaml", "_config.toml"]) else { return };
        self.permalink = table.text("permalink").map(|text| permalink::pattern(text, Dialect::Jekyll));
        self.excerpt_separator = table.text("excerpt_separator").map(str::to_owned);
        let Some(Value::Table(collections)) = table.get("collections").map(|node| &node.value) else {
            return;
        };
        for (name, _, node) in &collections.entries {
            // Without pages of their own they are data for other pages.
            let Value::Table(said) = &node.value else { continue };
            if name == "posts" || said.text("output") != Some("true") {
                continue;
            }
            let written = said.text("permalink").unwrap_or("/:collection/:path:output_ext");
            self.by_section.insert(format!("_{name}"), permalink::pattern(written, Dialect::Jekyll));
            self.collections.push(format!("_{name}"));
        }
    }

    fn read_hugo(&mut self, site: &Path) {
        let files = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml"];
        let Some(table) = first(site, &files) else { return };
        let Some(Value::Table(table)) = table.get("permalinks").map(|node| &node.value) else { return };
        // Patterns for pages stand in [permalinks.page], and in older sites in [permalinks] itself.
        let pages = match table.get("page").map(|node| &node.value) {
            Some(Value::Table(pages)) => pages,
            _ => table,
        };
        for (section, _, node) in &pages.entries {
            if let Some(text) = node.scalar() {
                self.by_section.insert(section.clone(), permalink::pattern(text, Dialect::Hugo));
            }
        }
    }

    /// Reads the data files of Eleventy's folders: `posts/posts.json` and `posts/posts.11tydata.json`. One that
    /// can't be read says nothing: it is the generator's to complain of.
    pub fn read_folder_data(&mut self, content: &Path, listing: &Listing) {
        if self.dialect != Dialect::Eleventy {
            return;
        }
        for File { path, .. } in listing.files() {
            let Some((folder, name)) = path.rsplit_once('/') else { continue };
            let own = folder.rsplit('/').next().unwrap_or(folder);
            let stem = name.strip_suffix(".json").map(|stem| stem.strip_suffix(".11tydata").unwrap_or(stem));
            if stem == Some(own)
                && let Some(table) = read(&content.join(path))
            {
                // The more special file of the two comes first by name, and wins.
                let known = self.folder_data.entry(folder.to_owned()).or_default();
                known.entries.extend(table.entries);
            }
        }
    }
}

/// What lies in src/content/blog is served under /blog/: the folders between those that generators keep all
/// content in and the content folder.
fn within(content: &Path, site: &Path, dialect: Dialect) -> Vec<String> {
    if matches!(dialect, Dialect::Tidings | Dialect::Jekyll) {
        return Vec::new();
    }
    let real = |folder: &Path| fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let (content, site) = (real(content), real(site));
    let folders = content.strip_prefix(site).unwrap_or(Path::new("")).iter().filter_map(|name| name.to_str());
    folders.skip_while(|name| matches!(*name, "src" | "content" | "pages")).map(str::to_owned).collect()
}

fn first(site: &Path, names: &[&str]) -> Option<Table> {
    names.iter().map(|name| site.join(name)).find(|file| file.is_file()).and_then(|file| read(&file))
}

fn read(file: &Path) -> Option<Table> {
    let text = fs::read_to_string(file).ok()?.replace("\r\n", "\n");
    match file.extension()?.to_str()? {
        "toml" => toml::parse(&text).ok(),
        "json" => json::parse(&text).ok().map(|(table, _)| table),
        _ => yaml::parse(&text).ok(),
    }
}
