//! The same input gives the same bytes, and a file that would not change is not touched.

use std::collections::BTreeSet;
use std::fs::File;
use std::time::{Duration, SystemTime};

use super::{NOW, build, files, titles};
use crate::support::site::{Said, Site, configuration};

/// `hard` without what the time of building has a say in.
fn timeless() -> Site {
    let site = Site::fixture("hard");
    for path in ["hard/undated.md", "hard/2031-01-01-future.md"] {
        std::fs::remove_file(site.path(&format!("content/{path}"))).unwrap();
    }
    site
}

#[test]
fn two_builds_from_scratch_are_equal_in_every_byte_wherever_and_whenever_they_run() {
    let surroundings = [
        ("2026-05-31T08:00:00Z", "UTC", "C"),
        ("2027-01-15T23:59:59Z", "Asia/Kolkata", "tr_TR.UTF-8"),
        ("2029-12-31T12:00:00-11:00", "America/Los_Angeles", "de_DE@euro"),
    ];
    let built = surroundings.map(|(at, zone, locale)| {
        let site = timeless();
        let mut command = site.command(&["build", "--at", at]);
        command.env("TZ", zone).env("LANG", locale).env("LC_ALL", locale);
        Said::from(command.output().unwrap()).expect(0);
        site.files("public")
    });
    assert_eq!(built[0].len(), 35);
    for other in &built[1..] {
        for (path, bytes) in &built[0] {
            assert_eq!(other.get(path), Some(bytes), "{path}");
        }
        assert_eq!(other.len(), built[0].len());
    }
}

/// Makes everything that was published old, so that a file that is written again stands out.
fn age(site: &Site) -> SystemTime {
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in site.files("public").keys() {
        File::options().write(true).open(site.path(path)).unwrap().set_modified(long_ago).unwrap();
    }
    long_ago
}

/// The published files that were touched since.
fn touched(site: &Site, since: SystemTime) -> BTreeSet<String> {
    let is_touched = |path: &String| std::fs::metadata(site.path(path)).unwrap().modified().unwrap() != since;
    site.files("public").into_keys().filter(is_touched).collect()
}

#[test]
fn a_second_build_touches_no_file() {
    let site = Site::fixture("hard");
    assert_eq!(files(&build(&site, NOW), "written").len(), 35);
    let aged = age(&site);
    let again = build(&site, "2026-06-01T08:00:00Z");
    assert_eq!(files(&again, "written"), [""; 0]);
    assert_eq!(again.json()["published"]["unchanged"], 35);
    assert_eq!(touched(&site, aged), BTreeSet::new());
}

#[test]
fn an_edit_touches_only_the_feeds_that_the_article_is_in() {
    let site = Site::fixture("hard");
    build(&site, NOW);
    let aged = age(&site);
    let text = site.read("content/hard/toml.md").replace("before the site", "long before the site");
    site.write("content/hard/toml.md", text);
    let said = build(&site, "2026-06-01T08:00:00Z");
    let expected = ["a-b/", "", "c-plus-plus/"].map(|folder| {
        ["atom.xml", "feed.html", "feed.json", "rss.xml"].map(|name| format!("{folder}{name}"))
    });
    let mut expected = expected.concat();
    expected.sort();
    assert_eq!(files(&said, "written"), expected);
    assert_eq!(touched(&site, aged), expected.iter().map(|path| format!("public/{path}")).collect());
}

#[test]
fn a_published_file_that_was_damaged_is_mended() {
    let site = Site::fixture("hard");
    build(&site, NOW);
    let whole = site.read("public/quiet/rss.xml");
    site.write("public/quiet/rss.xml", &whole[..whole.len() - 9]);
    std::fs::remove_file(site.path("public/quiet/atom.xml")).unwrap();
    assert_eq!(files(&build(&site, NOW), "written"), ["quiet/atom.xml", "quiet/rss.xml"]);
    assert_eq!(site.read("public/quiet/rss.xml"), whole);
}

/// A site with an article in each of two categories, published.
fn two_categories() -> Site {
    let site = Site::new(&configuration(""));
    site.article("heart/salt.md", "Salt", "2026-05-01");
    site.article("sleep/naps.md", "Naps", "2026-05-02");
    build(&site, NOW);
    site
}

#[test]
fn a_feed_whose_category_is_gone_is_reported_and_stays_until_it_is_pruned() {
    let site = two_categories();
    std::fs::remove_dir_all(site.path("content/sleep")).unwrap();
    // Reported each time, for its readers go on polling what is there.
    for _ in 0..2 {
        let said = build(&site, NOW);
        assert_eq!(
            files(&said, "gone"),
            ["sleep/atom.xml", "sleep/feed.html", "sleep/feed.json", "sleep/rss.xml"]
        );
        assert!(
            said.stderr.contains("sleep/atom.xml, sleep/feed.html, sleep/feed.json, sleep/rss.xml")
                && said.stderr.contains("--prune")
        );
        assert!(site.path("public/sleep/rss.xml").exists());
    }
    assert!(!site.read("public/feeds.opml").contains("sleep"));
    assert_eq!(titles(&site, "rss.xml"), ["Salt"]);

    let said = site.run(&["build", "--json", "--prune", "--at", NOW]).expect(0);
    assert_eq!(
        files(&said, "removed"),
        ["sleep/atom.xml", "sleep/feed.html", "sleep/feed.json", "sleep/rss.xml"]
    );
    assert_eq!(files(&said, "gone"), [""; 0]);
    assert!(!site.path("public/sleep").exists());
    assert_eq!(files(&build(&site, NOW), "gone"), [""; 0]);
}

#[test]
fn pruning_leaves_files_alone_that_are_not_ours() {
    let site = two_categories();
    site.write("public/sleep/notes.txt", "mine");
    site.write("public/other/rss.xml", "mine");
    std::fs::remove_dir_all(site.path("content/sleep")).unwrap();
    site.run(&["build", "--prune", "--at", NOW]).expect(0);
    let left: Vec<_> = site.files("public").into_keys().filter(|path| path.contains("sleep")).collect();
    assert_eq!(left, ["public/sleep/notes.txt"]);
    assert_eq!(site.read("public/other/rss.xml"), "mine");
}
