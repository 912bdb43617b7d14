//! What a body's tags may ask for: the article that they stand in, the site, and where every source file is read.

use std::collections::HashMap;

use crate::catalog::dialect::rewrite::{Kind, Notes};
use crate::catalog::settings::Settings;
use serde_json::{Map, Value};

/// Endings that a link to a source may leave out.
const ENDINGS: [&str; 7] = ["", ".md", ".markdown", ".mdx", "/index.md", "/_index.md", "/index.mdx"];

/// Where the pages of source files are.
#[derive(Debug, Default)]
pub struct Addresses {
    by_path: HashMap<String, (String, bool)>,
    /// The paths of all files with this name, without its ending.
    by_stem: HashMap<String, Vec<String>>,
}

/// The article whose body is read.
#[derive(Debug)]
pub struct Page<'a> {
    /// Its path under the content folder.
    pub path: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its page.
    pub url: &'a str,
    /// Its date, as RFC 3339.
    pub date: Option<String>,
    /// Its bylines.
    pub authors: String,
    /// Its summary, where the author gave one.
    pub summary: Option<&'a str>,
    /// Its keys without a meaning of their own.
    pub extra: &'a Map<String, Value>,
    /// The site.
    pub settings: &'a Settings,
    /// Where other source files are read.
    pub addresses: &'a Addresses,
}

impl Addresses {
    /// Adds the page of a source file, and whether it is published.
    pub fn add(&mut self, path: &str, url: &str, is_published: bool) {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let name = stem.rsplit('/').find(|part| *part != "index").unwrap_or(stem);
        self.by_stem.entry(name.to_owned()).or_default().push(path.to_owned());
        self.by_path.insert(path.to_owned(), (url.to_owned(), is_published));
    }

    /// The page of the file that a link in `from` means by `target`, and whether it is published. A `wide` one may
    /// leave out the ending, start at the content folder, or give no more than the end of the path.
    fn find(&self, from: &str, target: &str, wide: bool) -> Option<&(String, bool)> {
        let target = target.replace("%20", " ");
        let (rooted, bare) = match target.strip_prefix("@/").or_else(|| target.strip_prefix('/')) {
            Some(bare) => (true, bare),
            None => (false, target.as_str()),
        };
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let near = if rooted { None } else { joined(folder, bare) };
        let far = if rooted || wide { joined("", bare) } else { None };
        let endings = if wide { &ENDINGS[..] } else { &ENDINGS[..1] };
        let mut places = near.iter().chain(&far);
        places
            .find_map(|place| endings.iter().find_map(|ending| self.by_path.get(&format!("{place}{ending}"))))
            .or_else(|| self.by_end(bare).filter(|_| wide))
            // Where the folder `_posts` itself is the content.
            .or_else(|| self.by_end(bare.strip_prefix("_posts/")?).filter(|_| wide))
    }

    /// The one file whose path ends so.
    fn by_end(&self, target: &str) -> Option<&(String, bool)> {
        let known = |ending: &&&str| !ending.is_empty() && target.ends_with(**ending);
        let ending = ENDINGS.iter().find(known).copied().unwrap_or("");
        let stem = target.strip_suffix(ending).unwrap_or(target);
        let paths = self.by_stem.get(stem.rsplit('/').next()?)?;
        let ends_so = |path: &&String| {
            let stem_of = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
            let stem_of = stem_of.strip_suffix("/index").unwrap_or(stem_of);
            stem_of == stem || stem_of.strip_suffix(stem).is_some_and(|before| before.ends_with('/'))
        };
        let mut matching = paths.iter().filter(ends_so);
        match (matching.next(), matching.next()) {
            (Some(path), None) => self.by_path.get(path),
            _ => None,
        }
    }
}

impl Page<'_> {
    /// The address of the source file that `target` means, with its fragment; `None`, and a note, where there is none.
    pub fn address(&self, target: &str, wide: bool, at: usize, notes: &mut Notes) -> Option<String> {
        let (bare, fragment) =
            target.split_once('#').map_or((target, None), |(bare, part)| (bare, Some(part)));
        let bare = bare.split('?').next().unwrap_or_default().trim();
        let fragment = fragment.map(|part| format!("#{part}")).unwrap_or_default();
        if bare.is_empty() {
            return Some(fragment);
        }
        // Where one section is the content, paths from the root of all content name it too.
        let within = self.settings.habits.within.join("/") + "/";
        let rooted = bare.strip_prefix("@/").or_else(|| bare.strip_prefix('/'));
        let inside = rooted.and_then(|path| path.strip_prefix(&within)).map(|path| format!("/{path}"));
        match self.addresses.find(self.path, inside.as_deref().unwrap_or(bare), wide) {
            Some((url, true)) => Some(format!("{url}{fragment}")),
            Some((url, false)) => {
                notes.add(Kind::Held, target, at);
                Some(format!("{url}{fragment}"))
            }
            None => {
                notes.add(Kind::Broken, target, at);
                None
            }
        }
    }

    /// An address without the site's own, which authors put in front of it or not.
    #[must_use]
    pub fn under_site<'u>(&self, address: &'u str) -> &'u str {
        let root = self.settings.site.url.as_str().trim_end_matches('/');
        address.strip_prefix(root).filter(|path| path.starts_with('/')).unwrap_or(address)
    }

    /// What a name of a template stands for.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<String> {
        let site = &self.settings.site;
        match name {
            // With the whole address here and nothing there, every way to put them together comes out right.
            "site.url" => Some(site.url.as_str().trim_end_matches('/').to_owned()),
            // Nor is the content printed once more inside itself.
            "site.baseurl" | "site.github.url" | "content" => Some(String::new()),
            "site.title" => Some(site.title.clone()),
            "site.description" => Some(site.description.clone()),
            "site.author" => Some(site.author.clone()),
            "page.title" | "title" => Some(self.title.to_owned()),
            "page.url" => Some(self.under_site(self.url).to_owned()),
            "page.date" | "date" => self.date.clone(),
            "page.author" | "author" if !self.authors.is_empty() => Some(self.authors.clone()),
            "page.description" | "description" | "page.excerpt" | "excerpt" => {
                self.summary.map(str::to_owned)
            }
            _ => match self.extra.get(name.strip_prefix("page.").unwrap_or(name))? {
                Value::String(text) => Some(text.clone()),
                other @ (Value::Number(_) | Value::Bool(_)) => Some(other.to_string()),
                _ => None,
            },
        }
    }
}

/// A path put together, without `.` and `..`; `None` where it leads out of the content folder.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_finds_its_file_as_generators_find_it() {
        let mut addresses = Addresses::default();
        for path in ["blog/a.md", "blog/b/index.md", "news/a.md", "_posts/2020-01-02-c.md", "blog/_index.md"]
        {
            let url = format!("https://example.org/{path}");
            addresses.add(path, &url, true);
        }
        let table = [
            ("blog/x.md", "a.md", false, Some("blog/a.md")),
            ("blog/x.md", "../news/a.md", false, Some("news/a.md")),
            ("blog/b/index.md", "../a.md", false, Some("blog/a.md")),
            ("x.md", "@/blog/b/index.md", false, Some("blog/b/index.md")),
            ("x.md", "a.md", false, None),
            ("x.md", "../../a.md", false, None),
            ("blog/x.md", "a", true, Some("blog/a.md")),
            ("x.md", "/news/a", true, Some("news/a.md")),
            // Two files have this name.
            ("x.md", "a", true, None),
            ("x.md", "b", true, Some("blog/b/index.md")),
            ("news/x.md", "blog", true, Some("blog/_index.md")),
            ("_posts/x.md", "2020-01-02-c", true, Some("_posts/2020-01-02-c.md")),
            ("food/_posts/x.md", "2020-01-02-c", true, Some("_posts/2020-01-02-c.md")),
            ("x.md", "_posts/2020-01-02-c.md", true, Some("_posts/2020-01-02-c.md")),
        ];
        for (from, target, wide, expected) in table {
            let found = addresses
                .find(from, target, wide)
                .map(|(url, _)| url["https://example.org/".len()..].to_owned());
            assert_eq!(found.as_deref(), expected, "{from} {target}");
        }
    }
}
