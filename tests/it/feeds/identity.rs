//! An article stays the one that readers know, whatever becomes of its file.

use super::{NOW, build, entry, titles};
use crate::support::site::{Site, configuration};

const LATER: &str = "2026-06-07T08:00:00Z";

/// A site with three articles, published, and the id of the one about salt.
fn published() -> (Site, String) {
    let site = Site::new(&configuration(""));
    for (path, title, date) in [
        ("heart/2026-05-01-salt.md", "Salt", "2026-05-01"),
        ("heart/stairs.md", "Stairs", "2026-05-02"),
        ("sleep/naps.md", "Naps", "2026-05-03"),
    ] {
        site.article(path, title, date);
    }
    build(&site, NOW);
    let id = entry(&site, "Salt").id;
    assert_eq!(id, "tag:example.org,2026-05-01:heart/2026-05-01-salt");
    (site, id)
}

fn move_file(site: &Site, from: &str, to: &str) {
    let text = site.read(&format!("content/{from}"));
    std::fs::remove_file(site.path(&format!("content/{from}"))).unwrap();
    site.write(&format!("content/{to}"), text);
}

fn replace(site: &Site, path: &str, old: &str, new: &str) {
    let text = site.read(path);
    assert!(text.contains(old), "{path} has no {old:?}");
    site.write(path, text.replace(old, new));
}

#[test]
fn a_renamed_file_keeps_its_id_and_is_no_new_entry() {
    let (site, id) = published();
    move_file(&site, "heart/2026-05-01-salt.md", "sleep/a-pinch.md");
    let said = build(&site, LATER);
    assert_eq!(said.json()["published"]["fresh"], 0);
    assert_eq!(titles(&site, "atom.xml"), ["Naps", "Stairs", "Salt"]);
    let entry = entry(&site, "Salt");
    assert_eq!(entry.id, id);
    assert_eq!(entry.links[0].href, "https://example.org/sleep/a-pinch/");
    assert_eq!(entry.updated, entry.published);
}

#[test]
fn a_renamed_file_that_was_edited_too_is_known_by_title_and_date() {
    let (site, id) = published();
    move_file(&site, "heart/2026-05-01-salt.md", "heart/pinch.md");
    replace(&site, "content/heart/pinch.md", "The text", "Other text");
    assert_eq!(build(&site, LATER).json()["published"]["fresh"], 0);
    assert_eq!(entry(&site, "Salt").id, id);
    assert_eq!(entry(&site, "Salt").updated.unwrap().to_rfc3339(), "2026-06-07T08:00:00+00:00");
}

#[test]
fn a_file_that_shares_nothing_with_what_is_gone_is_a_new_entry() {
    let (site, id) = published();
    move_file(&site, "heart/2026-05-01-salt.md", "heart/pinch.md");
    replace(&site, "content/heart/pinch.md", "Salt", "Pepper");
    assert_eq!(build(&site, LATER).json()["published"]["fresh"], 1);
    assert_ne!(entry(&site, "Pepper").id, id);
}

#[test]
fn an_id_in_the_front_matter_outlives_every_other_change() {
    let (site, _) = published();
    replace(
        &site,
        "content/heart/stairs.md",
        "title: Stairs",
        "title: Stairs\nid: tag:example.org,2026:steps",
    );
    build(&site, NOW);
    // Readers know it by the first id already.
    let id = entry(&site, "Stairs").id;
    assert_eq!(id, "tag:example.org,2026-05-02:heart/stairs");
    move_file(&site, "heart/stairs.md", "sleep/steps.md");
    let other =
        "---\ntitle: Steps\nid: tag:example.org,2026:steps\ndate: 2026-05-04\n---\nAll else is new.\n";
    site.write("content/sleep/steps.md", other);
    assert_eq!(build(&site, LATER).json()["published"]["fresh"], 0);
    assert_eq!(entry(&site, "Steps").id, id);
}

#[test]
fn a_changed_slug_or_date_keeps_the_id_and_moves_the_address() {
    let (site, id) = published();
    let path = "content/heart/2026-05-01-salt.md";
    replace(&site, path, "date: 2026-05-01", "date: 2026-04-30\nslug: less-salt");
    assert_eq!(build(&site, LATER).json()["published"]["fresh"], 0);
    let entry = entry(&site, "Salt");
    assert_eq!((entry.id, entry.links[0].href.as_str()), (id, "https://example.org/heart/less-salt/"));
}

#[test]
fn a_rename_that_could_be_of_either_of_two_files_is_a_problem_and_no_guess() {
    let site = Site::new(&configuration(""));
    for path in ["heart/one.md", "heart/two.md"] {
        site.article(path, "Twin", "2026-05-01");
    }
    site.article("heart/salt.md", "Salt", "2026-05-02");
    build(&site, NOW);
    move_file(&site, "heart/one.md", "heart/three.md");
    std::fs::remove_file(site.path("content/heart/two.md")).unwrap();

    let said = site.run(&["build", "--json", "--at", LATER]).expect(1);
    assert_eq!(titles(&site, "atom.xml"), ["Salt"]);
    assert!(said.stderr.contains("content/heart/three.md:1:1"), "{}", said.stderr);
    assert!(said.stderr.contains("heart/one.md or heart/two.md"), "{}", said.stderr);

    // The hint says how to end it.
    let id = "tag:example.org,2026-05-01:heart/two";
    replace(&site, "content/heart/three.md", "title: Twin", &format!("title: Twin\nid: {id}"));
    assert_eq!(build(&site, LATER).json()["published"]["fresh"], 0);
    assert_eq!(entry(&site, "Twin").id, id);
}

#[test]
fn an_edit_of_white_space_is_no_update_and_one_of_words_is() {
    let (site, _) = published();
    let path = "content/heart/2026-05-01-salt.md";
    replace(&site, path, "The text of", "The  text\nof");
    build(&site, LATER);
    assert_eq!(entry(&site, "Salt").updated, entry(&site, "Salt").published);

    replace(&site, path, "The  text", "Every text");
    build(&site, LATER);
    let changed = entry(&site, "Salt");
    assert_eq!(changed.updated.unwrap().to_rfc3339(), "2026-06-07T08:00:00+00:00");
    assert_eq!(changed.published.unwrap().to_rfc3339(), "2026-05-01T09:00:00+00:00");

    // It stays the moment of the edit, and is not that of the build.
    build(&site, "2026-07-01T08:00:00Z");
    assert_eq!(entry(&site, "Salt").updated, changed.updated);
}

#[test]
fn an_update_that_the_author_dates_wins_over_the_one_that_was_seen() {
    let (site, _) = published();
    let path = "content/heart/2026-05-01-salt.md";
    replace(&site, path, "The text", "Every text");
    replace(&site, path, "date: 2026-05-01", "date: 2026-05-01\nupdated: 2026-05-20T12:00:00Z");
    build(&site, LATER);
    assert_eq!(entry(&site, "Salt").updated.unwrap().to_rfc3339(), "2026-05-20T12:00:00+00:00");

    // Nothing is updated before it was published.
    replace(&site, path, "updated: 2026-05-20", "updated: 2020-05-20");
    build(&site, LATER);
    assert_eq!(entry(&site, "Salt").updated, entry(&site, "Salt").published);
}

#[test]
fn a_build_without_a_store_gives_the_same_ids() {
    let (site, id) = published();
    std::fs::remove_dir_all(site.path("state")).unwrap();
    build(&site, LATER);
    assert_eq!(entry(&site, "Salt").id, id);
}
