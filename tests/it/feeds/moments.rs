//! Articles come when they are due and go when they expire.

use super::{NOW, build, entry, titles};
use crate::support::site::{Said, Site, configuration};

const MIDNIGHT: &str = "2026-06-01T00:00:00Z";

fn site() -> Site {
    let site = Site::new(&configuration(""));
    site.article("heart/salt.md", "Salt", "2026-05-01");
    site.write("content/plans/draft.md", "---\ntitle: Draft\ndate: 2026-05-01\ndraft: true\n---\nx\n");
    site.write(
        "content/plans/unpublished.md",
        "---\ntitle: Unpublished\ndate: 2026-05-01\npublished: false\n---\nx\n",
    );
    site.article("heart/future.md", "Future", MIDNIGHT);
    let offer = "---\ntitle: Offer\ndate: 2026-05-02\nexpires: 2026-06-01T02:00:00+02:00\n---\nx\n";
    site.write("content/heart/offer.md", offer);
    site
}

/// Path and reason of every file that is left out.
fn left_out(site: &Site, at: &str) -> Vec<(String, String)> {
    let said: Said = site.run(&["check", "--json", "--at", at]).expect(0);
    let files = said.json()["left_out"].as_array().unwrap().clone();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    files.iter().map(|file| (text(&file["path"]), text(&file["reason"]))).collect()
}

#[test]
fn what_is_not_due_stays_out_and_is_listed_with_the_reason() {
    let site = site();
    build(&site, "2026-05-31T23:59:59Z");
    assert_eq!(titles(&site, "rss.xml"), ["Offer", "Salt"]);
    let expected = [
        ("heart/future.md", "to be published at 2026-06-01T00:00:00+00:00"),
        ("plans/draft.md", "draft"),
        ("plans/unpublished.md", "draft"),
    ];
    let expected = expected.map(|(path, reason)| (path.to_owned(), reason.to_owned()));
    assert_eq!(left_out(&site, "2026-05-31T23:59:59Z"), expected);
}

#[test]
fn an_article_comes_at_its_moment_and_another_goes_at_its_own() {
    let site = site();
    build(&site, "2026-05-31T23:59:59Z");
    let said = build(&site, MIDNIGHT);
    assert_eq!(said.json()["published"]["fresh"], 1);
    assert_eq!(titles(&site, "rss.xml"), ["Future", "Salt"]);
    assert_eq!(entry(&site, "Future").published.unwrap().to_rfc3339(), "2026-06-01T00:00:00+00:00");
    let expired = ("heart/offer.md".to_owned(), "expired at 2026-06-01T02:00:00+02:00".to_owned());
    assert!(left_out(&site, MIDNIGHT).contains(&expired));
}

#[test]
fn a_draft_does_not_give_away_its_category() {
    let site = site();
    build(&site, NOW);
    assert!(!site.path("public/plans").exists());
    for page in ["feeds.html", "feeds.opml"] {
        assert!(!site.read(&format!("public/{page}")).to_lowercase().contains("plans"), "{page}");
    }
    let text = site.read("content/plans/draft.md").replace("draft: true\n", "");
    site.write("content/plans/draft.md", text);
    build(&site, NOW);
    assert_eq!(titles(&site, "plans/rss.xml"), ["Draft"]);
}

#[test]
fn an_undated_article_keeps_the_moment_at_which_it_was_first_published() {
    let site = site();
    site.write("content/heart/undated.md", "---\ntitle: Undated\n---\nx\n");
    build(&site, NOW);
    build(&site, MIDNIGHT);
    let undated = entry(&site, "Undated");
    assert_eq!(undated.published.unwrap().to_rfc3339(), "2026-05-31T08:00:00+00:00");
    assert_eq!(undated.updated, undated.published);
}

#[test]
fn an_article_that_comes_late_with_an_early_date_stands_where_its_date_says() {
    let site = site();
    build(&site, NOW);
    site.article("heart/late.md", "Late", "2026-04-01");
    assert_eq!(build(&site, NOW).json()["published"]["fresh"], 1);
    assert_eq!(titles(&site, "rss.xml"), ["Offer", "Salt", "Late"]);
    assert_eq!(entry(&site, "Late").published.unwrap().to_rfc3339(), "2026-04-01T09:00:00+00:00");
}
