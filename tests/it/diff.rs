//! `tidings diff`: what readers would see, before it is published.

use serde_json::{Value, json};

use crate::feeds::NOW;
use crate::support::site::{Said, Site, configuration};

fn site(more: &str) -> Site {
    let site = Site::new(&configuration(more));
    for day in 1..=3 {
        site.article(&format!("heart/a{day}.md"), &format!("A{day}"), &format!("2024-05-0{day}"));
    }
    site
}

fn diff(site: &Site, more: &[&str]) -> Said {
    site.run(&[&["diff", "--json", "--at", NOW], more].concat())
}

/// What is said of the entries of a feed: title, fate, and what changed.
fn fates(said: &Said, name: &str) -> Vec<(String, String, Value)> {
    let feeds = said.json()["feeds"].as_array().unwrap().clone();
    let Some(feed) = feeds.into_iter().find(|feed| feed["feed"] == name) else { return Vec::new() };
    let text = |change: &Value, key: &str| change[key].as_str().unwrap().to_owned();
    let changes = feed["changes"].as_array().unwrap().iter();
    changes.map(|change| (text(change, "title"), text(change, "fate"), change["what"].clone())).collect()
}

fn fate(title: &str, fate: &str) -> (String, String, Value) {
    (title.to_owned(), fate.to_owned(), Value::Null)
}

#[test]
fn what_is_new_changed_gone_and_moved_out_is_told_and_nothing_is_touched() {
    let site = site("[feeds]\nlimit = 3");
    site.run(&["build", "--at", NOW]).expect(0);
    assert_eq!(diff(&site, &[]).expect(0).json()["feeds"], json!([]));
    diff(&site, &["--exit-code"]).expect(0);

    site.article("heart/a4.md", "A4", "2024-05-04");
    site.article("sleep/a5.md", "A5", "2024-05-05");
    site.article("heart/a3.md", "A3 mended", "2024-05-03");
    let (published, state) = (site.files("public"), site.read("config/tidings.toml"));
    let said = diff(&site, &[]).expect(0);
    let changed = ("A3 mended".to_owned(), "changed".to_owned(), json!(["title", "content", "updated"]));
    let expected = [
        fate("A5", "new"),
        fate("A4", "new"),
        changed.clone(),
        fate("A2", "moved_out"),
        fate("A1", "moved_out"),
    ];
    assert_eq!(fates(&said, "site"), expected);
    let expected = [fate("A4", "new"), changed, fate("A1", "moved_out")];
    assert_eq!(fates(&said, "heart"), expected);
    let sleep = said.json()["feeds"].as_array().unwrap().iter().find(|feed| feed["feed"] == "sleep").cloned();
    assert_eq!(sleep.unwrap()["new_files"], json!(["sleep/rss.xml", "sleep/atom.xml", "sleep/feed.json"]));
    diff(&site, &["--exit-code"]).expect(1);
    assert_eq!((site.files("public"), site.read("config/tidings.toml")), (published, state));
    // It did not go into the ledger either.
    assert_eq!(diff(&site, &[]).stdout, said.stdout);

    site.run(&["build", "--at", NOW]).expect(0);
    std::fs::remove_file(site.path("content/heart/a4.md")).unwrap();
    let said = diff(&site, &["--feed", "heart"]).expect(0);
    assert_eq!(fates(&said, "heart"), [fate("A1", "moved_in"), fate("A4", "gone")]);
    assert_eq!(fates(&said, "site"), []);
}

#[test]
fn an_entry_whose_id_changes_is_a_warning_and_a_code_of_its_own() {
    let site = site("");
    site.run(&["build", "--at", NOW]).expect(0);
    std::fs::remove_dir_all(site.path("state")).unwrap();
    std::fs::rename(site.path("content/heart/a2.md"), site.path("content/heart/b2.md")).unwrap();
    let said = diff(&site, &[]).expect(1);
    assert_eq!(fates(&said, "heart"), [fate("A2", "new_id")]);
    let warning = "heart: the id of \"A2\" was tag:example.org,2024-05-02:heart/a2 and would be tag:example.org,2024-05-02:heart/b2";
    assert!(said.stderr.contains(warning), "{}", said.stderr);

    // A whole site under another domain, without its store: nothing has its old page either.
    let moved = site.read("config/tidings.toml").replace("example.org", "example.net");
    site.write("config/tidings.toml", moved);
    let said = diff(&site, &["--feed", "site"]).expect(1);
    assert_eq!(fates(&said, "site"), [fate("A3", "new_id"), fate("A2", "new_id"), fate("A1", "new_id")]);
    let feed = &said.json()["feeds"][0];
    assert_eq!(feed["moved"][0]["is"], "https://example.net/rss.xml");
    assert_eq!(feed["new_id"]["was"], "tag:example.org,2020-01-01:feed");
}

#[test]
fn people_read_a_table_and_a_feed_that_is_not_there_is_a_fault() {
    let site = site("");
    site.run(&["build", "--at", NOW]).expect(0);
    site.article("heart/a4.md", "A4", "2024-05-04");
    site.write("public/heart/rss.xml", "no feed");
    let said = site.run(&["diff", "--at", NOW]).expect(0);
    let expected = "\
site (All articles)
  new  A4  https://example.org/heart/a4/

heart (Heart)
  unreadable  heart/rss.xml  what is there is no feed, and would be replaced
  new         A4             https://example.org/heart/a4/

2 feeds would change, 0 would not; 2 new
";
    assert_eq!(said.stdout, expected);
    let said = site.run(&["diff", "--feed", "hart"]).expect(2);
    assert!(
        said.stderr.contains("there is no feed \"hart\"") && said.stderr.contains("site, heart"),
        "{}",
        said.stderr
    );
}
