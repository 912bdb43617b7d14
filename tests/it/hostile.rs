//! A site whose articles are made to break feeds: what is published of it is sound, and what can't be is told.

use std::collections::BTreeMap;
use std::path::Path;

use tidings::catalog::live_feed;
use tidings::feed::judge::verdict;

use crate::support::python;
use crate::support::site::Site;

const NOW: &str = "2026-06-01T00:00:00Z";

/// One test, for a build with every kind of feed on takes seconds.
#[test]
fn what_is_published_of_hostile_articles_is_sound_to_every_parser_can_do_nothing_and_stays() {
    let site = Site::fixture("hostile");
    // 1: some articles are held out.
    site.run(&["build", "--at", NOW]).expect(1);
    let published = site.files("public");
    is_sound_to_the_judge_and_to_feed_rs(&published);
    is_sound_to_expat_and_feedparser(&site, &published);
    can_do_nothing(&site.read("public/feed.json"));
    site.run(&["build", "--at", NOW]).expect(1);
    assert_eq!(site.files("public"), published);
}

fn ends_in(path: &str, endings: &[&str]) -> bool {
    Path::new(path).extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
}

#[track_caller]
fn is_sound_to_the_judge_and_to_feed_rs(published: &BTreeMap<String, Vec<u8>>) {
    let mut most = 0;
    let mut count = 0;
    for (path, bytes) in published.iter().filter(|(path, _)| ends_in(path, &["xml", "json"])) {
        count += 1;
        let verdict = verdict::judge(bytes, NOW.parse().unwrap());
        let errors: Vec<_> = verdict.findings.iter().filter(|finding| finding.is_error()).collect();
        assert!(errors.is_empty(), "{path}: {errors:#?}");
        let read = live_feed::read(bytes).unwrap_or_else(|error| panic!("{path}: {error}")).len();
        assert_eq!(read, verdict.facts.entries.len(), "{path}");
        most = most.max(read);
    }
    assert!(most >= 100, "{most} hostile articles are published");
    assert!(count >= 300, "{count} feeds");
}

#[track_caller]
fn is_sound_to_expat_and_feedparser(site: &Site, published: &BTreeMap<String, Vec<u8>>) {
    let paths: Vec<_> = published.keys().filter(|path| ends_in(path, &["xml", "json", "opml"])).collect();
    let places: Vec<_> = paths.iter().map(|path| site.path(path)).collect();
    let found: Vec<serde_json::Value> = serde_json::from_str(&python::run("feeds.py", &places)).unwrap();
    for (path, found) in paths.iter().zip(&found) {
        assert!(found["version"].is_string(), "{path}: {found}");
    }
}

#[track_caller]
fn can_do_nothing(feed: &str) {
    const LIVE: [&str; 10] =
        ["script", "style", "iframe", "object", "embed", "form", "base", "meta", "link", "svg"];
    const ARMED: [&str; 6] =
        ["=\"javascript:", "=\"vbscript:", "=\"data:text", " onclick=", " onerror=", " onload="];
    let feed: serde_json::Value = serde_json::from_str(feed).unwrap();
    for item in feed["items"].as_array().unwrap() {
        let html = item["content_html"].as_str().unwrap_or_default().to_lowercase();
        for rest in html.split('<').skip(1) {
            let tag = rest.split_once('>').map_or(rest, |(tag, _)| tag);
            let name = tag.split([' ', '/']).next().unwrap_or_default();
            let is_armed = ARMED.iter().any(|part| tag.contains(part));
            assert!(!LIVE.contains(&name) && !is_armed, "{}: <{tag}>", item["title"]);
        }
    }
}
