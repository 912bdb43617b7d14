//! A folder of a built site: HTML pages that say of themselves that they are articles, with JSON-LD or `OpenGraph`. The body
//! is what stands in `<article>` or `<main>`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use url::Url;

use crate::catalog::body_text::{BodyError, BodyText};
use crate::catalog::problem::{Position, Problem};
use crate::catalog::reader;
use crate::catalog::source::import::{Item, Source, Take, Unreadable};
use crate::catalog::source::page_facts::{self, Facts};
use crate::catalog::source::record::{self, Keys, Origin, Record};

/// Bytes of a page.
const LARGEST: u64 = 8_000_000;

/// Folders deeper than this are a mistake.
const DEEPEST: usize = 32;

/// A folder of pages.
#[derive(Debug)]
pub struct Pages<'a> {
    /// The source's name.
    pub name: Arc<str>,
    /// The folder.
    pub folder: &'a Path,
    /// The site's address.
    pub site: &'a Url,
}

impl Source for Pages<'_> {
    fn read(&self, take: &mut Take<'_>) -> Result<(), Unreadable> {
        self.walk(self.folder, "", 0, take)
    }
}

impl Pages<'_> {
    fn walk(&self, folder: &Path, prefix: &str, depth: usize, take: &mut Take<'_>) -> Result<(), Unreadable> {
        let unreadable = |error: std::io::Error| Unreadable(format!("{}: {error}", folder.display()));
        if depth > DEEPEST {
            return Err(Unreadable(format!("folders are nested more than {DEEPEST} deep")));
        }
        let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(unreadable)?.collect();
        let mut entries = entries.map_err(unreadable)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            // What has no name that could be in an address is nobody's page; nor is what begins with a dot.
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            // Links are not followed: one could lead out of the folder, or round in a circle.
            let kind = entry.file_type().map_err(unreadable)?;
            let shown = format!("{prefix}{name}");
            if kind.is_dir() {
                self.walk(&entry.path(), &format!("{shown}/"), depth + 1, take)?;
            } else if kind.is_file() && is_page(name) {
                take(self.page(&entry.path(), &shown));
            }
        }
        Ok(())
    }

    fn page(&self, place: &Path, shown: &str) -> Item {
        let file = place.to_string_lossy().into_owned();
        let bare = shown.strip_suffix("index.html").unwrap_or(shown);
        let address = self.address(bare);
        let path = record::path_of_address(&self.name, address.as_str(), self.site);
        let text = match text(place) {
            Ok(text) => text,
            Err(why) => {
                let hint = "the page is held out; build the site again";
                return Item::Problem(Problem::error(&file, Position::START, why, hint));
            }
        };
        let facts = page_facts::read(&text);
        if !facts.is_article {
            return Item::LeftOut(path, "neither JSON-LD nor OpenGraph says that it is an article");
        }
        let url = facts.url.as_deref().and_then(|url| address.join(url).ok()).unwrap_or(address);
        let body = page_facts::body(&text);
        let origin = Origin { source: Arc::clone(&self.name), file: file.into(), at: Position::START };
        let table = keys(facts, &url, &path).finish();
        let kept = BodyText::Page(place.to_owned());
        Item::Article(Box::new(Record { path, origin, id: None, table, is_plain: true, body: kept }), body)
    }

    /// Where a file of the folder is served.
    fn address(&self, bare: &str) -> Url {
        let mut address = self.site.clone();
        let root = address.path().trim_end_matches('/').to_owned();
        address.set_path(&format!("{root}/{bare}"));
        address
    }
}

fn keys(facts: Facts, url: &Url, path: &str) -> Keys {
    let absolute = |address: &str| url.join(address).map(String::from).unwrap_or_default();
    let mut keys = Keys::new(Position::START);
    keys.text("slug", record::slug(Some(url.as_str()), facts.title.as_deref(), path));
    keys.text("title", facts.title.unwrap_or_default());
    keys.text("url", url.as_str());
    keys.text("summary", facts.summary.unwrap_or_default());
    keys.text("date", facts.published.unwrap_or_default());
    keys.text("updated", facts.modified.unwrap_or_default());
    let authors = facts.authors.into_iter().map(|(name, page)| {
        let mut author = Keys::new(Position::START);
        author.text("name", name);
        author.text("url", page.map(|page| absolute(&page)).unwrap_or_default());
        author
    });
    keys.tables("authors", authors.collect());
    keys.list("categories", facts.sections);
    keys.list("tags", facts.tags);
    keys.text("image", facts.image.map(|image| absolute(&image)).unwrap_or_default());
    keys
}

fn is_page(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| matches!(ending.as_str(), "html" | "htm"))
}

fn text(place: &Path) -> Result<String, String> {
    let unread = |error: std::io::Error| format!("the page can't be read: {error}");
    if fs::metadata(place).map_err(unread)?.len() > LARGEST {
        return Err(format!("the page is larger than {LARGEST} bytes"));
    }
    let bytes = fs::read(place).map_err(unread)?;
    reader::decode(&bytes, "").map(std::borrow::Cow::into_owned).map_err(|problem| problem.message)
}

/// The body of the page in a file.
///
/// # Errors
/// The file vanished or broke since its article was loaded.
pub fn body(place: &Path) -> Result<String, BodyError> {
    text(place).map(|text| page_facts::body(&text)).map_err(|why| BodyError::new(place, why))
}
