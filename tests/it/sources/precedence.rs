//! Several sources at once: which one wins, and what becomes of articles whose source can't be read.

use super::{NOW, fixture};
use crate::support::site::{Site, configuration};

fn jsonl(name: &str) -> String {
    format!("[[source]]\nkind = \"jsonl\"\nname = \"{name}\"\nfile = \"{name}.jsonl\"\n\n")
}

fn left_out(site: &Site) -> Vec<String> {
    let said = site.run(&["check", "--json", "--at", NOW]).expect(0).json();
    let files = said["left_out"].as_array().unwrap().iter();
    files
        .map(|file| format!("{}: {}", file["path"].as_str().unwrap(), file["reason"].as_str().unwrap()))
        .collect()
}

#[test]
fn of_two_articles_with_one_id_or_address_that_of_the_first_source_is_published() {
    let site = Site::new(&configuration(&(jsonl("first") + &jsonl("second"))));
    site.write(
        "content/news/one.md",
        "---\ntitle: One\ndate: 2024-05-01\nid: tag:example.org,2024:one\n---\nFolder.\n",
    );
    site.write(
        "first.jsonl",
        "{\"id\": \"tag:example.org,2024:one\", \"title\": \"One again\", \"date\": \"2024-05-01\"}\n\
         {\"id\": \"two\", \"title\": \"Two\", \"date\": \"2024-05-02\", \"url\": \"/two/\"}\n",
    );
    site.write(
        "second.jsonl",
        "{\"id\": \"2\", \"title\": \"Two again\", \"date\": \"2024-05-02\", \"url\": \"/two/\"}\n",
    );
    assert_eq!(
        left_out(&site),
        [
            "first/tag%3Aexample.org%2C2024%3Aone: news/one.md, of a source that comes first, has its id or address",
            "second/2: first/two, of a source that comes first, has its id or address",
        ]
    );
    site.run(&["build", "--at", NOW]).expect(0);
    let feed = site.read("public/feed.json");
    assert!(feed.contains("Folder.") && feed.contains("\"Two\"") && !feed.contains("again"), "{feed}");
}

#[test]
fn a_source_that_is_down_keeps_its_articles_and_feeds_stay_as_they_are() {
    let site = Site::new(&configuration(&jsonl("first")));
    site.article("news/one.md", "One", "2024-05-01");
    let line = "{\"id\": \"two\", \"title\": \"Two\", \"date\": \"2024-05-02\", \"body\": \"Same words.\"}\n";
    site.write("first.jsonl", line);
    site.run(&["build", "--at", NOW]).expect(0);
    let before = site.read("public/feed.json");

    std::fs::remove_file(site.path("first.jsonl")).unwrap();
    // What looks like the one that is down is not taken for it.
    site.write("content/news/copy.md", "---\ntitle: Two\ndate: 2024-05-02\n---\nSame words.\n");
    let said = site.run(&["build", "--at", "2024-06-02T00:00:00Z"]).expect(1);
    assert!(said.stderr.contains("the source \"first\" can't be read"), "{}", said.stderr);
    assert!(said.stdout.contains("left as they are"), "{}", said.stdout);
    assert_eq!(site.read("public/feed.json"), before);

    site.write("first.jsonl", line);
    site.run(&["build", "--at", "2024-06-03T00:00:00Z"]).expect(0);
    let after: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    let before: serde_json::Value = serde_json::from_str(&before).unwrap();
    assert_eq!(after["items"].as_array().unwrap().len(), 3);
    for item in before["items"].as_array().unwrap() {
        assert!(after["items"].as_array().unwrap().contains(item), "{item} in {after}");
    }
}

#[test]
fn a_first_run_waits_for_all_sources() {
    let site = Site::new(&configuration(&jsonl("first")));
    site.article("news/one.md", "One", "2024-05-01");
    for command in ["build", "run", "send"] {
        let said = site.run(&[command, "--at", NOW]).expect(1);
        assert!(said.stderr.contains("a first run needs all sources"), "{}", said.stderr);
    }
    assert!(!site.path("public").exists());
    std::fs::copy(fixture("articles.jsonl"), site.path("first.jsonl")).unwrap();
    site.run(&["build", "--at", "2024-06-09T00:00:00Z"]).expect(0);
    // All of it is as old as it says.
    assert!(site.read("public/feed.json").contains("2024-05-02"));
}

#[test]
fn a_content_folder_that_went_away_is_no_empty_one() {
    let site = Site::new(&configuration(&jsonl("first")));
    site.article("news/one.md", "One", "2024-05-01");
    std::fs::copy(fixture("articles.jsonl"), site.path("first.jsonl")).unwrap();
    site.run(&["build", "--at", NOW]).expect(0);
    let before = site.read("public/feed.json");
    std::fs::rename(site.path("content"), site.path("elsewhere")).unwrap();
    let said = site.run(&["build", "--at", NOW]).expect(1);
    assert!(said.stderr.contains("the content folder is not there"), "{}", said.stderr);
    assert_eq!(site.read("public/feed.json"), before);
}
