//! Faulty articles: each fault is told with its place, and nobody else has to wait.

use crate::support::site::{Said, Site};

const NOW: &str = "2026-05-31T08:00:00Z";

/// Path, line and column of every fault of `faulty`.
const FAULTS: [(&str, u64, u64); 39] = [
    ("news/author-list.md", 4, 11),
    ("news/author-without-name.md", 6, 5),
    // Columns are characters: a byte order mark is none, an accented letter is one.
    ("news/bom-crlf.md", 3, 16),
    ("news/bytes.md", 5, 14),
    ("news/category-alike.md", 6, 5),
    ("news/category-nameless.md", 4, 20),
    ("news/comments-count.md", 4, 19),
    ("news/comments-list.md", 4, 11),
    ("news/comments-word.md", 4, 11),
    ("news/date-impossible.md", 3, 7),
    ("news/date-unknown.md", 3, 9),
    ("news/draft.md", 4, 8),
    ("news/duplicate-id.md", 4, 1),
    ("news/expires.md", 4, 10),
    ("news/id-no-iri.md", 4, 1),
    ("news/id-spaced.md", 4, 1),
    ("news/image-empty.md", 4, 8),
    ("news/image-scheme.md", 4, 8),
    ("news/json-broken.md", 3, 18),
    ("news/json-endless.md", 3, 1),
    ("news/slug-clash.md", 4, 1),
    ("news/slug-nameless.md", 4, 1),
    // One file with three faults.
    ("news/three.md", 3, 7),
    ("news/three.md", 4, 1),
    ("news/three.md", 5, 11),
    ("news/title-empty.md", 2, 1),
    ("news/title-list.md", 2, 8),
    ("news/title-missing.md", 1, 1),
    ("news/toml-broken.md", 3, 8),
    ("news/toml-date.md", 3, 8),
    ("news/unterminated.md", 1, 1),
    ("news/url-none.md", 4, 1),
    ("news/url-scheme.md", 4, 1),
    ("news/yaml-broken.md", 2, 14),
    ("news/yaml-list.md", 2, 1),
    ("news/yaml-twice.md", 4, 1),
    ("no-category.md", 1, 1),
    ("ordered/_category.md", 3, 8),
    ("two/_category.md", 1, 1),
];

/// The titles in the site's feed.
fn titles(site: &Site) -> Vec<String> {
    let feed = feed_rs::parser::parse(site.read("public/rss.xml").as_bytes()).unwrap();
    feed.entries.into_iter().map(|entry| entry.title.unwrap().content).collect()
}

#[test]
fn every_fault_is_reported_with_its_place() {
    let site = Site::fixture("faulty");
    let found = site.run(&["check", "--json", "--at", NOW]).expect(1).json();
    let problems = found["problems"].as_array().unwrap();
    let place = |problem: &serde_json::Value| {
        let number = |key: &str| problem[key].as_u64().unwrap();
        (problem["path"].as_str().unwrap().to_owned(), number("line"), number("column"))
    };
    let places: Vec<_> = problems.iter().map(place).collect();
    assert_eq!(places, FAULTS.map(|(path, line, column)| (path.to_owned(), line, column)));
    assert_eq!((&found["errors"], &found["warnings"]), (&FAULTS.len().into(), &0.into()));
    for problem in problems {
        assert!(problem["severity"] == "error" && problem["hint"] != "", "{problem}");
    }
}

#[test]
fn people_read_what_is_wrong_where_it_is_and_what_to_do() {
    let site = Site::fixture("faulty");
    let said = site.run(&["check", "--at", NOW]).expect(1);
    assert_eq!(said.stdout, "2 articles, 3 categories, 0 files left out, 39 errors, 0 warnings\n");
    insta::assert_snapshot!("faults", said.stderr);
}

#[test]
fn a_check_changes_nothing() {
    let site = Site::fixture("faulty");
    let before = site.files("");
    site.run(&["check", "--at", NOW]).expect(1);
    assert_eq!(site.files(""), before);
}

#[test]
fn a_build_holds_out_the_faulty_articles_alone() {
    let site = Site::fixture("faulty");
    let said = site.run(&["build", "--json", "--at", NOW]).expect(1);
    assert_eq!(said.json()["errors"], 39);
    assert_eq!(said.json()["published"]["articles"], 2);
    assert_eq!(titles(&site), ["Sound as well", "Sound"]);
}

#[test]
fn a_strict_build_publishes_nothing_over_a_fault() {
    let site = Site::fixture("faulty");
    let said = site.run(&["build", "--strict", "--at", NOW]).expect(1);
    assert!(said.stderr.contains("nothing was published or sent over 39 problems"), "{}", said.stderr);
    assert!(!site.path("public").exists());

    // Nor does it touch what is there, or remember what it has seen.
    site.run(&["build", "--at", NOW]).expect(1);
    let before = site.files("public");
    site.article("news/fresh.md", "Fresh", "2026-05-30");
    site.run(&["build", "--strict", "--at", NOW]).expect(1);
    assert_eq!(site.files("public"), before);
    let said = site.run(&["build", "--json", "--at", NOW]).expect(1);
    assert_eq!(said.json()["published"]["fresh"], 1);
}

#[test]
fn a_mended_article_goes_out_once() {
    let site = Site::fixture("faulty");
    site.run(&["build", "--at", NOW]).expect(1);
    let build = |at: &str| -> Said { site.run(&["build", "--json", "--at", at]).expect(1) };
    let mended = site.read("content/news/date-unknown.md").replace("yesterday, é", "2026-05-30");
    site.write("content/news/date-unknown.md", mended);
    let said = build("2026-06-01T08:00:00Z");
    assert_eq!((&said.json()["published"]["fresh"], &said.json()["errors"]), (&1.into(), &38.into()));
    assert_eq!(titles(&site), ["No date at all", "Sound as well", "Sound"]);
    let again = build("2026-06-02T08:00:00Z");
    assert_eq!(again.json()["published"]["fresh"], 0);
    assert_eq!(again.json()["published"]["written"], serde_json::json!([]));
}

#[test]
fn an_article_that_breaks_leaves_the_feeds_and_comes_back_as_the_same_entry() {
    let site = Site::fixture("faulty");
    let build = || site.run(&["build", "--json", "--at", NOW]).expect(1);
    build();
    let before = site.files("public");
    let sound = site.read("content/news/02-sound.md");
    site.write("content/news/02-sound.md", sound.replace("title:", "title"));
    build();
    assert_eq!(titles(&site), ["Sound"]);
    site.write("content/news/02-sound.md", sound);
    assert_eq!(build().json()["published"]["fresh"], 0);
    assert_eq!(site.files("public"), before);
}
