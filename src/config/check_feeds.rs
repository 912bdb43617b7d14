//! Whether what the configuration says of feeds makes sense as a whole.

use std::collections::BTreeMap;

use url::Url;

use crate::catalog::slug::Slug;
use crate::config::Config;
use crate::config::faults::Faults;
use crate::feed::manner::Manner;
use crate::feed::model::Format;
use crate::feed::plan::COMMON;
use crate::feed::settings::{Archive, Files, Particulars, Settings};

/// Everything that is wrong with `[feeds]`, `[[feed]]`, `[site.feed]` and `[category.<slug>.feed]`.
pub fn check(config: &Config, faults: &mut Faults<'_>) {
    let feeds = &config.feeds;
    if feeds.limit == 0 {
        faults.add(&["feeds", "limit"], "feeds.limit is 0", "a feed needs an entry; 20 is usual");
    }
    if feeds.max_bytes == Some(0) {
        faults.add(&["feeds", "max_bytes"], "feeds.max_bytes is 0", "leave it out for no limit");
    }
    // Who takes the whole site's folder for the content, as Jekyll does, has everything in it.
    let content = &config.catalog.sources.content;
    let holds_all = std::path::absolute(&config.file).is_ok_and(|file| file.starts_with(content));
    if feeds.output.starts_with(content) && !holds_all {
        let message = "feeds.output lies in the content folder";
        faults.add(&["feeds", "output"], message, "choose a folder beside it");
    }
    if feeds.formats.is_empty() {
        faults.add(
            &["feeds", "formats"],
            "feeds.formats is empty",
            "write formats = [\"rss\", \"atom\", \"json\"]",
        );
    }
    check_hub(feeds.hub.as_ref(), &["feeds", "hub"], faults);
    let patterns = [
        ("category_path", &feeds.category_path),
        ("tag_path", &feeds.tag_path),
        ("author_path", &feeds.author_path),
    ];
    for (key, pattern) in patterns {
        check_path(pattern, &["feeds", key], faults);
        if !pattern.contains("{slug}") {
            let message = format!("feeds.{key} {pattern:?} gives all feeds of the kind the same files");
            faults.add(&["feeds", key], message, "put {slug} into it");
        }
    }
    check_files(&feeds.files, faults);
    for (from, to) in &feeds.redirects {
        check_redirect(from, to, faults);
    }
    check_particulars(&feeds.site, &["site", "feed"], faults);
    check_chooses_nothing(&feeds.site, &["site", "feed"], faults);
    for (slug, own) in &feeds.of_category {
        let path = ["category", slug.as_str(), "feed"];
        check_particulars(own, &path, faults);
        check_chooses_nothing(own, &path, faults);
    }
    for (index, own) in feeds.configured.iter().enumerate() {
        let index = index.to_string();
        check_particulars(own, &["feed", &index], faults);
        check_name(own, &index, faults);
    }
    check_archives(feeds, faults);
    check_clashes(config, faults);
}

/// What a feed has no room for would be in no archive either, while its period is open.
fn check_archives(feeds: &Settings, faults: &mut Faults<'_>) {
    let of_category =
        feeds.of_category.iter().map(|(slug, own)| (vec!["category".to_owned(), slug.clone()], own));
    let configured = feeds.configured.iter().enumerate();
    let configured = configured.map(|(index, own)| (vec!["feed".to_owned(), index.to_string()], own));
    let all = Particulars::default();
    let tables =
        [(vec!["feeds".to_owned(), "archive".to_owned()], &all), (vec!["site".to_owned()], &feeds.site)];
    for (path, own) in tables.into_iter().chain(of_category).chain(configured) {
        let manner = Manner::of(own, feeds);
        let is_own = own.archive.is_some()
            || own.max_bytes.is_some()
            || path.last().is_some_and(|key| key == "archive");
        if is_own && manner.archive != Archive::None && manner.max_bytes.is_some() {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let hint = "leave out max_bytes, or write archive = \"none\"";
            faults.add(&path, "a feed with archives can't have max_bytes: entries would be in neither", hint);
        }
    }
}

fn check_files(files: &Files, faults: &mut Faults<'_>) {
    let named = [("rss", &files.rss), ("atom", &files.atom), ("json", &files.json), ("page", &files.page)];
    for (index, (key, name)) in named.iter().enumerate() {
        let path = ["feeds", "files", key];
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            faults.add(
                &path,
                format!("feeds.files.{key} {name:?} is no name of a file"),
                "write a name without /",
            );
        }
        if COMMON.contains(&name.as_str()) || named[..index].iter().any(|(_, other)| other == name) {
            faults.add(&path, format!("another file is named {name:?} too"), "give each its own name");
        }
    }
}

/// Both go into the rules of four servers as they are: only what means the same in all of them.
fn check_redirect(from: &str, to: &str, faults: &mut Faults<'_>) {
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/-._~".contains(c));
    let address = to.strip_prefix("https://").or_else(|| to.strip_prefix("http://"));
    let leads = address
        .map_or_else(|| to.starts_with('/') && is_plain(to), |rest| is_plain(&rest.replacen(':', "", 1)));
    if !from.starts_with('/') || !is_plain(from) || !leads || from == to {
        let message = format!("feeds.redirects: {from:?} = {to:?} is no redirect");
        let hint =
            "write \"/old.xml\" = \"/rss.xml\": letters, digits and / - . _ ~, or an address on the right";
        faults.add(&["feeds", "redirects", from], message, hint);
    }
}

/// What a feed of any table may say.
fn check_particulars(own: &Particulars, table: &[&str], faults: &mut Faults<'_>) {
    let at = |key| [table, &[key]].concat();
    if own.limit == Some(0) {
        faults.add(&at("limit"), "limit is 0", "a feed needs an entry; 20 is usual");
    }
    if own.max_bytes == Some(0) {
        faults.add(&at("max_bytes"), "max_bytes is 0", "leave it out for no limit of its own");
    }
    if own.formats.as_ref().is_some_and(Vec::is_empty) {
        faults.add(&at("formats"), "formats is empty", "a feed without a format is none; write [\"rss\"]");
    }
    check_hub(own.hub.as_ref(), &at("hub"), faults);
    let kind = own.podcast.as_ref().and_then(|podcast| podcast.kind.as_deref());
    if kind.is_some_and(|kind| !["episodic", "serial"].contains(&kind)) {
        faults.add(&at("podcast"), "a podcast is \"episodic\" or \"serial\"", "write type = \"episodic\"");
    }
    if let Some(path) = &own.path {
        check_path(path, &at("path"), faults);
    }
}

fn check_chooses_nothing(own: &Particulars, table: &[&str], faults: &mut Faults<'_>) {
    if own.chooses() || own.name.is_some() {
        let message = format!("[{}] chooses articles or gives a name", table.join("."));
        faults.add(
            table,
            message,
            "only a [[feed]] of its own may; take out name, categories, tags and authors",
        );
    }
}

fn check_name(own: &Particulars, index: &str, faults: &mut Faults<'_>) {
    let name = own.name.as_deref().unwrap_or_default();
    if Slug::from_name(name).is_none_or(|slug| slug.as_str() != name) {
        let message = format!("the feed's name {name:?} is no slug");
        let hint = "write name = \"short-name\": it goes into addresses; the title is for people";
        faults.add(&["feed", index, "name"], message, hint);
    }
}

/// What paths begin with: it must stay under the output folder, on every system.
fn check_path(path: &str, at: &[&str], faults: &mut Faults<'_>) {
    let climbs = path.split('/').any(|part| part == "..") || path.starts_with('/') || path.contains("//");
    if climbs || path.contains(['\\', '?', '#', '%']) {
        let message = format!("{path:?} is no path under the output folder");
        faults.add(at, message, "write it without a leading slash: \"tags/{slug}/\"");
    }
}

fn check_hub(hub: Option<&Url>, at: &[&str], faults: &mut Faults<'_>) {
    if hub.is_some_and(|hub| !matches!(hub.scheme(), "http" | "https")) {
        faults.add(at, "the hub is no web address", "write hub = \"https://hub.example.org/\"");
    }
}

/// Two feeds of the configuration that would be one file. Those of articles are found when there are articles.
fn check_clashes(config: &Config, faults: &mut Faults<'_>) {
    let feeds = &config.feeds;
    let common = COMMON.iter().map(|path| ((*path).to_owned(), "the list of feeds".to_owned()));
    let mut taken: BTreeMap<String, String> = common.collect();
    let site = std::iter::once((None, &feeds.site));
    for (index, own) in site.chain(feeds.configured.iter().enumerate().map(|(index, own)| (Some(index), own)))
    {
        let slug = own.name.clone().unwrap_or_default();
        let usual = if index.is_some() { "{slug}/" } else { "" };
        let prefix = own.path.as_deref().unwrap_or(usual).replace("{slug}", &slug);
        let name = index.map_or_else(|| "the site's feed".to_owned(), |_| format!("[[feed]] {slug:?}"));
        let manner = Manner::of(own, feeds);
        let documents = Format::ALL.into_iter().filter(|format| manner.formats.contains(format));
        let page = manner.page.then_some(feeds.files.page.as_str());
        for file in documents.map(|format| feeds.files.of(format)).chain(page) {
            let file = format!("{prefix}{file}");
            let Some(other) = taken.insert(file.clone(), name.clone()) else { continue };
            let message = format!("{name} and {other} would both be written to {file}");
            let index = index.unwrap_or_default().to_string();
            faults.add(&["feed", &index], message, "give one of the two another `name` or `path`");
            break;
        }
    }
}
