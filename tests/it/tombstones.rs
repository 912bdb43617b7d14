//! Articles that are gone: what Atom feeds say of them, and when they say nothing.

use crate::support::site::{Site, configuration};

const DAYS: [&str; 5] = [
    "2026-06-01T08:00:00Z",
    "2026-06-02T08:00:00Z",
    "2026-06-03T08:00:00Z",
    "2026-06-04T08:00:00Z",
    "2026-06-05T08:00:00Z",
];

fn site(more: &str, articles: u32) -> Site {
    let site = Site::new(&configuration(&format!("[feeds]\ntombstones = true\n{more}")));
    for number in 1..=articles {
        let folder = if number % 2 == 0 { "sleep" } else { "heart" };
        let day = format!("2026-05-{number:02}");
        site.article(&format!("{folder}/a{number}.md"), &format!("A{number}"), &day);
    }
    site.run(&["build", "--at", DAYS[0]]).expect(0);
    site
}

fn delete(site: &Site, paths: &[&str]) {
    for path in paths {
        std::fs::remove_file(site.path(&format!("content/{path}"))).unwrap();
    }
}

/// The tombstones of a feed, as they are written: what it is of, and since when.
fn stones(site: &Site, path: &str) -> Vec<(String, String)> {
    let text = site.read(&format!("public/{path}"));
    let value = |element: &str, name: &str| {
        element.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let elements = text.split("<at:deleted-entry ").skip(1);
    elements.map(|element| (value(element, "ref"), value(element, "when"))).collect()
}

fn stone(path: &str, day: u32, when: &str) -> (String, String) {
    (format!("tag:example.org,2026-05-{day:02}:{path}"), when.to_owned())
}

#[test]
fn a_deleted_article_is_named_in_the_feeds_that_it_was_in_until_it_is_back() {
    let site = site("tags = true\n", 4);
    delete(&site, &["heart/a1.md"]);
    let said = site.run(&["check", "--json", "--at", DAYS[1]]).expect(0);
    assert_eq!(said.json()["errors"], 0);
    site.run(&["build", "--at", DAYS[1]]).expect(0);
    let gone = [stone("heart/a1", 1, DAYS[1])];
    assert_eq!(stones(&site, "atom.xml"), gone);
    assert_eq!(stones(&site, "heart/atom.xml"), gone);
    assert_eq!(stones(&site, "sleep/atom.xml"), []);
    assert!(!site.read("public/rss.xml").contains("deleted"));
    assert!(!site.read("public/feed.json").contains("deleted"));

    // Later builds say the same with the same bytes.
    let before = site.files("public");
    site.run(&["build", "--at", DAYS[2]]).expect(0);
    assert_eq!(site.files("public"), before);

    delete(&site, &["sleep/a2.md"]);
    site.run(&["build", "--at", DAYS[3]]).expect(0);
    assert_eq!(stones(&site, "atom.xml"), [stone("sleep/a2", 2, DAYS[3]), gone[0].clone()]);

    site.article("heart/a1.md", "A1", "2026-05-01");
    site.run(&["build", "--at", DAYS[4]]).expect(0);
    assert_eq!(stones(&site, "atom.xml"), [stone("sleep/a2", 2, DAYS[3])]);
    assert!(site.read("public/atom.xml").contains("<title>A1</title>"));
}

#[test]
fn no_more_are_named_than_the_feed_may_have_entries_and_none_without_the_option() {
    let site = site("limit = 2\n", 6);
    delete(&site, &["heart/a1.md"]);
    site.run(&["build", "--at", DAYS[1]]).expect(0);
    delete(&site, &["sleep/a2.md", "heart/a3.md"]);
    site.run(&["build", "--at", DAYS[2]]).expect(0);
    let newest = [stone("sleep/a2", 2, DAYS[2]), stone("heart/a3", 3, DAYS[2])];
    assert_eq!(stones(&site, "atom.xml"), newest);
    assert_eq!(
        stones(&site, "heart/atom.xml"),
        [stone("heart/a3", 3, DAYS[2]), stone("heart/a1", 1, DAYS[1])]
    );
    let config = site.read("config/tidings.toml").replace("tombstones = true", "");
    site.write("config/tidings.toml", config);
    site.run(&["build", "--at", DAYS[2]]).expect(0);
    assert_eq!(stones(&site, "atom.xml"), []);
}

#[test]
fn a_file_that_is_held_out_or_renamed_is_not_gone_nor_is_one_that_two_files_could_be() {
    let site = site("", 4);
    site.write("content/heart/a1.md", "---\ntitle: A1\ndate: never\n---\nThe text of A1.\n");
    site.write(
        "content/heart/a3.md",
        "---\ntitle: A3\ndate: 2026-05-03\ndraft: true\n---\nThe text of A3.\n",
    );
    std::fs::rename(site.path("content/sleep/a2.md"), site.path("content/sleep/b2.md")).unwrap();
    delete(&site, &["sleep/a4.md"]);
    site.article("sleep/x.md", "A4", "2026-05-04");
    site.article("sleep/y.md", "A4", "2026-05-04");
    site.run(&["build", "--at", DAYS[1]]).expect(1);
    assert_eq!(stones(&site, "atom.xml"), []);
}

#[test]
fn a_folder_that_is_missing_withdraws_nothing() {
    let site = site("", 24);
    std::fs::rename(site.path("content"), site.path("elsewhere")).unwrap();
    std::fs::create_dir(site.path("content")).unwrap();
    site.run(&["build", "--at", DAYS[1]]).expect(0);
    assert_eq!(stones(&site, "atom.xml"), []);
    // Most of it.
    site.article("heart/a25.md", "A25", "2026-05-25");
    site.run(&["build", "--at", DAYS[2]]).expect(0);
    assert_eq!(stones(&site, "atom.xml"), []);
    // A half may well have been deleted.
    std::fs::rename(site.path("elsewhere/heart"), site.path("content/heart-of")).unwrap();
    site.run(&["build", "--at", DAYS[3]]).expect(0);
    assert_eq!(stones(&site, "sleep/atom.xml"), []);
    assert_eq!(stones(&site, "atom.xml").len(), 12);
}
