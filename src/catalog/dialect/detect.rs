//! Which generator a content folder belongs to, by the marks that each leaves in and above it. Reads directory
//! entries and a few short files, never articles but for a section's page.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::dialect::generator::Dialect;

/// What generators call the folders between a site's own and its articles. Marks are looked for above these alone:
/// what lies further up belongs to somebody else.
const INNER: [&str; 10] =
    ["content", "src", "posts", "_posts", "post", "blog", "articles", "pages", "docs", "source"];

/// More folders than lie between a site and its articles.
const HIGHEST: usize = 4;

/// The generator and the folder that is its site's; our own dialect where nothing speaks for another.
#[must_use]
pub fn detect(content: &Path) -> (Dialect, PathBuf) {
    for folder in upwards(content) {
        if let Some(dialect) = by_files(&folder) {
            return (dialect, folder);
        }
    }
    (by_content(content), content.to_owned())
}

/// The folder that the site of a known generator lies in.
#[must_use]
pub fn site_folder(content: &Path, dialect: Dialect) -> PathBuf {
    let found = upwards(content).into_iter().find(|folder| by_files(folder) == Some(dialect));
    found.unwrap_or_else(|| content.to_owned())
}

/// The content folder, and those above it as long as their names are ones that generators give: content/news lies in
/// one. Marks are in these.
#[must_use]
pub fn upwards(content: &Path) -> Vec<PathBuf> {
    let real = fs::canonicalize(content).unwrap_or_else(|_| content.to_owned());
    let mut folders = vec![real];
    let is_inner = |folder: &Path| {
        folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| INNER.contains(&name))
    };
    while folders.len() <= HIGHEST
        && let Some(last) = folders.last()
        && let Some(above) = last.parent()
        && (is_inner(last) || is_inner(above))
        && !has_our_configuration(last)
    {
        folders.push(above.to_owned());
    }
    folders
}

/// Whether this is the folder of the site that is read: whatever lies above it is not its.
fn has_our_configuration(folder: &Path) -> bool {
    ["tidings.toml", "config/tidings.toml"].iter().any(|name| folder.join(name).is_file())
}

fn by_files(folder: &Path) -> Option<Dialect> {
    let any = |names: &[&str]| names.iter().any(|name| folder.join(name).exists());
    let configured = |endings: &[&str], stem: &str| {
        endings.iter().any(|ending| folder.join(format!("{stem}.{ending}")).is_file())
    };
    if configured(&["toml", "yaml", "yml", "json"], "hugo")
        || any(&["config/_default/hugo.toml", "config/_default/hugo.yaml", "config/_default/config.toml"])
    {
        return Some(Dialect::Hugo);
    }
    if configured(&["mjs", "js", "ts", "mts", "cjs"], "astro.config") {
        return Some(Dialect::Astro);
    }
    if any(&[".eleventy.js"]) || configured(&["js", "cjs", "mjs", "ts"], "eleventy.config") {
        return Some(Dialect::Eleventy);
    }
    if any(&["zola.toml"]) {
        return Some(Dialect::Zola);
    }
    for name in ["config.toml", "config.yaml", "config.yml", "config.json"] {
        let Ok(text) = fs::read_to_string(folder.join(name)) else { continue };
        // `base_url` is Zola's spelling; Hugo's is `baseURL`, in any case.
        if name == "config.toml" && has_key(&text, "base_url") {
            return Some(Dialect::Zola);
        }
        if has_key(&text.to_lowercase(), "baseurl") || any(&["archetypes"]) {
            return Some(Dialect::Hugo);
        }
    }
    // Hexo has a `_config.yml` and `_posts` too, and always `scaffolds`.
    let is_jekyll =
        (configured(&["yml", "yaml", "toml"], "_config") || any(&["_posts"])) && !any(&["scaffolds"]);
    is_jekyll.then_some(Dialect::Jekyll)
}

/// Whether a line of a configuration begins with this key.
fn has_key(text: &str, key: &str) -> bool {
    text.lines().any(|line| {
        let rest = line.trim_start().trim_start_matches('"').strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start_matches('"').trim_start().starts_with(['=', ':']))
    })
}

/// By what lies in the folder, for those who copied the content alone.
fn by_content(content: &Path) -> Dialect {
    if content.file_name().is_some_and(|name| name == "_posts") {
        return Dialect::Jekyll;
    }
    let Ok(entries) = fs::read_dir(content) else { return Dialect::Tidings };
    // What an entry is stands beside its name: thousands of articles are not looked at one by one.
    let is_folder = |entry: &fs::DirEntry| match entry.file_type() {
        Ok(found) if !found.is_symlink() => found.is_dir(),
        _ => entry.path().is_dir(),
    };
    let entries = entries.filter_map(Result::ok).filter(is_folder);
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    folders.insert(0, content.to_owned());
    for folder in folders {
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if folder.join(format!("{name}.11tydata.json")).is_file() {
            return Dialect::Eleventy;
        }
        let Ok(text) = fs::read_to_string(folder.join("_index.md")) else { continue };
        let keys = ["sort_by", "paginate_by", "transparent", "page_template", "insert_anchor_links"];
        if text.starts_with("+++") && keys.iter().any(|key| has_key(&text, key)) {
            return Dialect::Zola;
        }
    }
    Dialect::Tidings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generator_is_known_by_its_marks_in_and_above_the_content() {
        let table = [
            ("hugo.toml", "", "content", Dialect::Hugo),
            ("config.toml", "baseURL = 'https://a.example'", "content/posts", Dialect::Hugo),
            ("hugo.toml", "", "content/news", Dialect::Hugo),
            ("config.yaml", "baseurl: https://a.example", "content", Dialect::Hugo),
            ("config.toml", "base_url = 'https://a.example'", "content", Dialect::Zola),
            ("content/blog/_index.md", "+++\nsort_by = \"date\"\n+++\n", "content", Dialect::Zola),
            ("_config.yml", "", "_posts", Dialect::Jekyll),
            ("_posts/x.md", "", ".", Dialect::Jekyll),
            (".eleventy.js", "", "content/blog", Dialect::Eleventy),
            ("eleventy.config.mjs", "", "src", Dialect::Eleventy),
            ("content/blog/blog.11tydata.json", "{}", "content", Dialect::Eleventy),
            ("astro.config.mjs", "", "src/content/blog", Dialect::Astro),
            ("config.toml", "title = 'x'", "content", Dialect::Tidings),
            ("content/news/_index.md", "---\ntitle: News\n---\n", "content", Dialect::Tidings),
            // Too far up to be ours.
            ("_config.yml", "", "mine/content", Dialect::Tidings),
        ];
        for (file, text, content, expected) in table {
            let root = tempfile::tempdir().unwrap();
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::create_dir_all(root.path().join(content)).unwrap();
            fs::write(&file, text).unwrap();
            assert_eq!(detect(&root.path().join(content)).0, expected, "{file:?} {content}");
        }
    }
}
