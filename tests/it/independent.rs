//! Parsers of other people, in another language, read what we publish.

use std::path::Path;

use serde_json::Value;

use crate::feeds::{ARTICLES, FEEDS, NOW};
use crate::support::python;
use crate::support::site::Site;

/// Every feed and list of feeds of the site, with what expat and feedparser or a reader of JSON found in it; by path.
#[track_caller]
fn judged(site: &Site) -> Vec<(String, Value)> {
    let is_feed = |path: &String| {
        Path::new(path)
            .extension()
            .is_some_and(|ending| ["xml", "opml", "json"].iter().any(|of| ending == *of))
    };
    let paths: Vec<String> = site.files("public").into_keys().filter(is_feed).collect();
    let places: Vec<_> = paths.iter().map(|path| site.path(path)).collect();
    let found: Vec<Value> = serde_json::from_str(&python::run("feeds.py", &places)).unwrap();
    assert_eq!(found.len(), paths.len());
    paths.into_iter().zip(found).collect()
}

/// The version that a file of this name has to have.
fn version(path: &str) -> &'static str {
    match path.rsplit('/').next() {
        Some("rss.xml") => "rss20",
        Some("atom.xml") => "atom10",
        Some("feed.json") => "json11",
        _ => "opml",
    }
}

#[test]
fn expat_and_feedparser_find_no_fault_with_the_hard_site() {
    let site = Site::fixture("hard");
    site.run(&["build", "--at", NOW]).expect(0);
    let judged = judged(&site);
    assert_eq!(judged.len(), FEEDS.len() * 3 + 1);
    for (path, found) in &judged {
        assert_eq!(found["version"], version(path), "{path}");
    }
    // Only of Atom: feedparser guesses which titles of RSS are HTML.
    let (_, found) = judged.iter().find(|(path, _)| path == "public/atom.xml").unwrap();
    let entries = found["entries"].as_array().unwrap();
    let shown: Vec<_> =
        entries.iter().map(|entry| (entry["title"].clone(), entry["authors"].clone())).collect();
    assert_eq!(shown, ARTICLES.map(|(title, authors, _, _)| (Value::from(title), Value::from(authors))));
}

#[test]
fn expat_and_feedparser_find_no_fault_with_the_sample_site() {
    let site = Site::sample();
    site.run(&["build", "--at", "2026-12-01T08:00:00Z"]).expect(0);
    let judged = judged(&site);
    assert_eq!(judged.len(), 8 * 3 + 1);
    for (path, found) in &judged {
        assert_eq!(found["version"], version(path), "{path}");
        let entries = found["entries"].as_array().map_or(1, Vec::len);
        assert!(entries > 0, "{path} has no entries");
    }
}

#[test]
fn expat_and_feedparser_find_no_fault_with_the_hard_site_when_it_has_everything() {
    let site = Site::fixture("hard");
    let more = "\n[feeds]\ntags = true\nauthors = true\narchive = \"month\"\nhub = \"https://hub.example/?a=1&b=2\"\n\n\
        [[feed]]\nname = \"hard\"\ntitle = \"AT&T <b>x</b> ]]> 🦀 &amp;lt;\"\nnot_tags = [\"R&D\"]\n\n\
        [feed.podcast]\nauthor = \"<b> & ]]>\"\nowner = \"<b> & ]]>\"\nemail = \"a@example.org\"\n\
        categories = [\"<b> & > ]]>\"]\n";
    site.write("config/tidings.toml", site.read("config/tidings.toml") + more);
    let sound = "---\ntitle: Sound\ndate: 2026-05-20\ncategory: c++\naudio: {url: \"/a & b.mp3?<x>\", title: \"<b> & ]]>\", length: 3, duration: 3}\n\
        source: {title: \"<b> & ]]>\", url: \"https://other.example/?a=1&b=2\"}\npodcast: {episode: 1}\n---\nx\n";
    site.write("content/hard/sound.md", sound);
    site.run(&["build", "--at", NOW]).expect(0);
    let judged = judged(&site);
    for folder in ["tags/r-d/", "tags/b/", "authors/zoë/", "authors/neil-buzz/", "hard/", "archive/2026-04/"]
    {
        for name in ["rss.xml", "atom.xml", "feed.json"] {
            let path = format!("public/{folder}{name}");
            let (_, found) =
                judged.iter().find(|(judged, _)| *judged == path).unwrap_or_else(|| panic!("no {path}"));
            assert_eq!(found["version"], version(&path), "{path}");
        }
    }
}
