//! Archives: what leaves a feed stays where it is for ever (RFC 5005, section 4).

use std::collections::BTreeMap;

use crate::feeds::{build, parsed, titles};
use crate::support::site::{Site, configuration};

/// Two articles a month from January to March, a feed of one entry.
fn site(more: &str) -> Site {
    let site = Site::new(&configuration(&format!("[feeds]\nlimit = 1\npage = false\n{more}")));
    for (month, day) in [(1, 5), (1, 20), (2, 5), (2, 20), (3, 5), (3, 20)] {
        let date = format!("2026-{month:02}-{day:02}");
        site.article(&format!("heart/{date}.md"), &format!("Of {month}-{day}"), &date);
    }
    site
}

/// The bytes of every archive.
fn archived(site: &Site) -> BTreeMap<String, Vec<u8>> {
    site.files("public").into_iter().filter(|(path, _)| path.contains("/archive/")).collect()
}

#[test]
fn closed_months_have_archives_and_the_feed_has_the_open_one() {
    let site = site("archive = \"month\"\n");
    build(&site, "2026-03-25T08:00:00Z");
    for name in ["rss.xml", "atom.xml", "feed.json"] {
        assert_eq!(titles(&site, name), ["Of 3-20", "Of 3-5"], "more than the limit: they are nowhere else");
        assert_eq!(titles(&site, &format!("archive/2026-02/{name}")), ["Of 2-20", "Of 2-5"]);
        assert_eq!(titles(&site, &format!("heart/archive/2026-01/{name}")), ["Of 1-20", "Of 1-5"]);
    }
    assert!(!site.path("public/archive/2026-03").exists());
    for (name, path) in [("rss", "archive/2026-01/rss.xml"), ("atom", "archive/2026-02/atom.xml")] {
        insta::assert_snapshot!(name, site.read(&format!("public/{path}")));
    }
}

#[test]
fn every_entry_is_found_once_on_the_way_back_through_the_archives() {
    let site = site("archive = \"month\"\n");
    build(&site, "2026-03-25T08:00:00Z");
    for (start, relation) in
        [("atom.xml", "prev-archive"), ("rss.xml", "prev-archive"), ("feed.json", "next_url")]
    {
        let (mut path, mut found) = (start.to_owned(), Vec::new());
        loop {
            found.extend(titles(&site, &path));
            let next = if start == "feed.json" {
                let feed: serde_json::Value =
                    serde_json::from_str(&site.read(&format!("public/{path}"))).unwrap();
                feed["next_url"].as_str().map(str::to_owned)
            } else {
                let links = parsed(&site, &path).links.into_iter();
                links.filter(|link| link.rel.as_deref() == Some(relation)).map(|link| link.href).next()
            };
            let Some(next) = next else { break };
            path = next.strip_prefix("https://example.org/").unwrap().to_owned();
        }
        assert_eq!(found, ["Of 3-20", "Of 3-5", "Of 2-20", "Of 2-5", "Of 1-20", "Of 1-5"], "{start}");
    }
}

#[test]
fn an_archive_keeps_its_entries_whatever_dates_say_later() {
    let site = site("archive = \"month\"\n");
    build(&site, "2026-03-25T08:00:00Z");
    let before = archived(&site);
    // A post that is merged late with an old date, and an old one that is given a new date.
    site.article("heart/late.md", "Late", "2026-01-10");
    build(&site, "2026-03-26T08:00:00Z");
    assert_eq!(archived(&site), before, "what is new belongs to the month in which it became public");
    assert_eq!(titles(&site, "rss.xml"), ["Of 3-20", "Of 3-5", "Late"]);
    site.article("heart/2026-01-05.md", "Of 1-5", "2026-03-21");
    build(&site, "2026-03-27T08:00:00Z");
    assert_eq!(titles(&site, "archive/2026-01/rss.xml"), ["Of 1-5", "Of 1-20"]);
    // With the first article of April, March is closed; January stays as it is, but for nothing.
    let before = archived(&site);
    site.article("heart/april.md", "April", "2026-04-01");
    build(&site, "2026-04-02T08:00:00Z");
    assert_eq!(titles(&site, "archive/2026-03/rss.xml"), ["Of 3-20", "Of 3-5", "Late"]);
    let after = archived(&site);
    for (path, bytes) in before.iter().filter(|(path, _)| path.contains("2026-01")) {
        assert_eq!(after.get(path), Some(bytes), "{path}");
    }
}

#[test]
fn years_are_periods_too_and_a_limit_of_bytes_is_none_for_them() {
    let years = site("archive = \"year\"\n");
    years.article("heart/old.md", "Old", "2024-05-01");
    build(&years, "2026-03-25T08:00:00Z");
    assert_eq!(titles(&years, "archive/2024/rss.xml"), ["Old"]);
    assert_eq!(titles(&years, "rss.xml").len(), 6);
    let said = site("archive = \"year\"\nmax_bytes = 10000\n").run(&["build"]).expect(2);
    assert!(
        said.stderr.contains("can't have max_bytes") && said.stderr.contains("toml:10:"),
        "{}",
        said.stderr
    );
}
