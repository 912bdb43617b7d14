//! A site whose articles are made to break feeds: what is published of it is sound, and what can't be is told.

use std::path::Path;

use tidings::catalog::live_feed;
use tidings::feed::judge::verdict;

use crate::support::python;
use crate::support::site::Site;

const NOW: &str = "2026-06-01T00:00:00Z";

fn ends_in(path: &str, endings: &[&str]) -> bool {
    Path::new(path).extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
}

/// Published with every kind of feed on: an exit code of 1, for some articles are held out.
fn published() -> Site {
    let site = Site::fixture("hostile");
    site.run(&["build", "--at", NOW]).expect(1);
    site
}

#[test]
fn feeds_of_hostile_articles_are_sound_to_the_judge_and_to_feed_rs() {
    let site = published();
    let mut most = 0;
    let mut count = 0;
    for (path, bytes) in site.files("public") {
        if !ends_in(&path, &["xml", "json"]) {
            continue;
        }
        count += 1;
        let verdict = verdict::judge(&bytes, NOW.parse().unwrap());
        let errors: Vec<_> = verdict.findings.iter().filter(|finding| finding.is_error()).collect();
        assert!(errors.is_empty(), "{path}: {errors:#?}");
        let read = live_feed::read(&bytes).unwrap_or_else(|error| panic!("{path}: {error}")).len();
        assert_eq!(read, verdict.facts.entries.len(), "{path}");
        most = most.max(read);
    }
    assert!(most >= 100, "{most} hostile articles are published");
    assert!(count >= 300, "{count} feeds");
}

#[test]
fn feeds_of_hostile_articles_are_sound_to_expat_and_feedparser() {
    let site = published();
    let paths: Vec<_> =
        site.files("public").into_keys().filter(|path| ends_in(path, &["xml", "json", "opml"])).collect();
    let places: Vec<_> = paths.iter().map(|path| site.path(path)).collect();
    let found: Vec<serde_json::Value> = serde_json::from_str(&python::run("feeds.py", &places)).unwrap();
    for (path, found) in paths.iter().zip(&found) {
        assert!(found["version"].is_string(), "{path}: {found}");
    }
}

#[test]
fn what_is_shown_of_a_hostile_article_can_do_nothing() {
    let site = published();
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    for item in feed["items"].as_array().unwrap() {
        let html = item["content_html"].as_str().unwrap_or_default();
        let tags: Vec<&str> =
            html.split('<').skip(1).map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag)).collect();
        for tag in tags {
            let tag = tag.to_lowercase();
            let is_live =
                ["script", "style", "iframe", "object", "embed", "form", "base", "meta", "link", "svg"]
                    .iter()
                    .any(|name| tag.split([' ', '/']).next() == Some(name));
            // In an attribute `javascript:` is an address; a picture's data is only a picture.
            let is_armed =
                ["=\"javascript:", "=\"vbscript:", "=\"data:text", " onclick=", " onerror=", " onload="]
                    .iter()
                    .any(|part| tag.contains(part));
            assert!(!is_live && !is_armed, "{}: <{tag}>", item["title"]);
        }
    }
}

#[test]
fn a_hostile_site_is_published_again_without_a_change() {
    let site = published();
    let before = site.files("public");
    site.run(&["build", "--at", NOW]).expect(1);
    assert_eq!(site.files("public"), before);
}
