//! What readers make of what authors and operators do: how many entries show as new, and how many as changed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use crate::feeds::{NOW, build};
use crate::support::python;
use crate::support::readers::{Kind, News, Reader};
use crate::support::site::{Site, configuration};

const LATER: &str = "2026-06-01T08:00:00Z";
const FILES: [&str; 3] = ["rss.xml", "atom.xml", "feed.json"];
const CONFIG: &str = "config/tidings.toml";
const SALT: &str = "content/heart/a1.md";

/// Three articles in one category, two in another, published and read once.
fn site() -> Site {
    let site = Site::new(&configuration("[catalog]\npermalink = \"/{category}/{slug}/\""));
    site.write("content/heart/_category.md", "---\ntitle: Heart\n---\nOf hearts.\n");
    for day in 1..=3 {
        site.article(&format!("heart/a{day}.md"), &format!("A{day}"), &format!("2024-05-0{day}"));
    }
    site.article("sleep/b4.md", "B4", "2024-05-04");
    // Undated: it has the date of the build that found it.
    site.write("content/sleep/b5.md", "---\ntitle: B5\n---\nThe text of B5.\n");
    build(&site, NOW);
    site
}

fn readers(site: &Site) -> Vec<Reader> {
    let kinds = [Kind::Miniflux, Kind::FreshRss];
    let all = FILES.iter().flat_map(|file| kinds.map(|kind| (kind, format!("https://example.org/{file}"))));
    all.map(|(kind, address)| Reader::subscribed(kind, &address, site)).collect()
}

#[track_caller]
fn see(readers: &mut [Reader], site: &Site, new: usize, changed: usize) {
    for reader in readers {
        assert_eq!(reader.poll(site), News { new, changed }, "{reader:#?}");
    }
}

/// Reads, lets something happen, builds, and reads again.
#[track_caller]
fn after(new: usize, changed: usize, happens: impl FnOnce(&Site)) {
    let site = site();
    let mut readers = readers(&site);
    happens(&site);
    build(&site, LATER);
    see(&mut readers, &site, new, changed);
}

fn edit(site: &Site, path: &str, from: &str, to: &str) {
    let text = site.read(path);
    assert!(text.contains(from), "{text}");
    site.write(path, text.replace(from, to));
}

fn rename(site: &Site, from: &str, to: &str) {
    std::fs::rename(site.path(from), site.path(to)).unwrap();
}

#[test]
fn a_second_build_shows_nothing() {
    after(0, 0, |_| {});
}

#[test]
fn a_renamed_file_is_one_changed_link() {
    after(0, 1, |site| rename(site, SALT, "content/heart/salt.md"));
}

#[test]
fn a_changed_slug_is_one_changed_link() {
    after(0, 1, |site| edit(site, SALT, "title: A1", "title: A1\nslug: salt"));
}

#[test]
fn a_slash_less_at_the_end_of_addresses_is_a_changed_link_for_each() {
    after(0, 5, |site| edit(site, CONFIG, "{slug}/\"", "{slug}\""));
}

#[test]
fn a_site_that_moves_to_another_domain_with_its_store_is_a_changed_link_for_each() {
    after(0, 5, |site| edit(site, CONFIG, "https://example.org", "https://example.net"));
}

#[test]
fn blank_lines_and_blanks_at_ends_of_lines_are_no_change() {
    after(0, 0, |site| edit(site, SALT, "The text of A1.\n", "\n\nThe text of A1. \n\n\n"));
}

#[test]
fn an_edit_of_words_is_one_change() {
    after(0, 1, |site| edit(site, SALT, "The text of A1.", "Another text."));
}

#[test]
fn a_new_title_of_a_category_is_a_change_of_each_of_its_articles() {
    after(0, 3, |site| edit(site, "content/heart/_category.md", "Heart", "Hearts"));
}

#[test]
fn a_category_under_another_name_is_a_change_of_each_of_its_articles() {
    after(0, 3, |site| rename(site, "content/heart", "content/cardio"));
}

#[test]
fn a_deleted_article_shows_nothing() {
    after(0, 0, |site| std::fs::remove_file(site.path(SALT)).unwrap());
}

#[test]
fn a_backdated_article_is_new_once() {
    after(1, 0, |site| site.article("heart/old.md", "Old", "2021-01-01"));
}

#[test]
fn an_article_that_is_held_out_and_mended_shows_nothing() {
    let site = site();
    let mut readers = readers(&site);
    edit(&site, SALT, "date: 2024-05-01", "date: never");
    site.run(&["build", "--at", LATER]).expect(1);
    see(&mut readers, &site, 0, 0);
    edit(&site, SALT, "date: never", "date: 2024-05-01");
    build(&site, LATER);
    see(&mut readers, &site, 0, 0);
}

/// The site on another machine: other times of files, another zone, and the store if it comes along.
fn elsewhere(site: &Site, with_store: bool) -> Site {
    let other = Site::new("");
    let folders = if with_store { &["config", "content", "state"][..] } else { &["config", "content"] };
    for (path, bytes) in folders.iter().flat_map(|folder| site.files(folder)) {
        other.write(&path, bytes);
    }
    let said = other.command(&["build", "--at", LATER]).env("TZ", "Asia/Tokyo").env("LC_ALL", "C").output();
    assert!(said.unwrap().status.success());
    other
}

#[test]
fn another_machine_shows_nothing_with_the_store_and_without_it() {
    let site = site();
    let mut readers = readers(&site);
    // Without an edit before, for only the store knows of that.
    see(&mut readers, &elsewhere(&site, true), 0, 0);
    see(&mut readers, &elsewhere(&site, false), 0, 0);
}

#[test]
fn only_the_store_knows_that_a_file_was_renamed() {
    let site = site();
    rename(&site, SALT, "content/heart/salt.md");
    build(&site, LATER);
    let mut readers = readers(&site);
    see(&mut readers, &elsewhere(&site, true), 0, 0);
    see(&mut readers, &elsewhere(&site, false), 1, 0);
}

#[test]
fn a_site_that_moves_without_its_store_keeps_its_ids_under_the_domain_that_they_are_made_of() {
    let site = site();
    let mut readers = readers(&site);
    edit(&site, CONFIG, "https://example.org", "https://example.net");
    edit(&site, CONFIG, "since = ", "id_domain = \"example.org\"\nsince = ");
    let other = elsewhere(&site, false);
    see(&mut readers, &other, 0, 5);
    assert!(readers.iter().any(|reader| reader.address.starts_with("https://example.net/")));
    // The feed itself has its old id, too.
    let id = "<id>tag:example.org,2020-01-01:feed</id>";
    assert!(site.read("public/atom.xml").contains(id) && other.read("public/atom.xml").contains(id));
}

#[test]
fn a_domain_for_ids_that_is_none_is_a_fault() {
    let site = site();
    edit(&site, CONFIG, "since = ", "id_domain = \"https://example.org\"\nsince = ");
    let said = site.run(&["build"]).expect(2);
    let expected = "site.id_domain \"https://example.org\" is no domain";
    assert!(said.stderr.contains(expected) && said.stderr.contains("toml:5:"), "{}", said.stderr);
}

#[test]
fn a_site_that_moves_without_store_and_without_a_word_on_its_ids_is_held_back() {
    let site = site();
    edit(&site, CONFIG, "https://example.org", "https://example.net");
    std::fs::remove_dir_all(site.path("state")).unwrap();
    let said = site.run(&["build", "--json", "--at", LATER]).expect(1);
    let held = said.json()["published"]["held_back"].as_array().unwrap().clone();
    assert!(held.iter().all(|doubt| doubt["rule"] == "churn-id"), "{held:?}");
    // Those of the site and of the heart. Of two articles on sleep one is undated, so that one alone is recognised.
    assert_eq!(held.len(), 6);
    assert!(said.stderr.contains("sleep/rss.xml:1:1: churn-one-id"), "{}", said.stderr);
}

/// What came of a poll.
#[derive(Debug, serde::Deserialize)]
struct Poll {
    /// How each feed was answered, by its path and the reader: newsboat, or one that goes by what it was told before.
    statuses: BTreeMap<String, u16>,
    /// What newsboat shows as unread, of all feeds.
    unread: usize,
}

/// Lets files that were written just now have been written on a day long ago: servers tell whole seconds, and two builds of
/// a test may be within one.
fn age(site: &Site, day: u64) {
    let long_ago = |day| SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000 + day * 86_400);
    for path in site.files("public").keys() {
        let file = std::fs::File::options().write(true).open(site.path(path)).unwrap();
        if file.metadata().unwrap().modified().unwrap() > long_ago(100) {
            file.set_modified(long_ago(day)).unwrap();
        }
    }
}

#[test]
fn polite_readers_are_told_that_nothing_changed_until_something_does() {
    let site = site();
    age(&site, 1);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parsers/polite.py");
    let mut child = Command::new(python::interpreter("feedparser"))
        .arg(script)
        .arg(site.path("public"))
        .args(["rss.xml", "atom.xml", "sleep/rss.xml", "sleep/atom.xml"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut poll = child.stdin.take().unwrap();
    let mut answer =
        || -> Poll { serde_json::from_str(&answers.next().expect("newsboat: see above")).unwrap() };
    let first = answer();
    assert!(first.statuses.len() == 16 && first.statuses.values().all(|status| *status == 200), "{first:?}");
    // It knows an article of four feeds for one, by its id.
    assert_eq!(first.unread, 5);

    build(&site, LATER);
    poll.write_all(b"\n").unwrap();
    let second = answer();
    assert!(second.statuses.values().all(|status| *status == 304), "{second:?}");

    edit(&site, SALT, "The text", "A text");
    build(&site, LATER);
    age(&site, 2);
    poll.write_all(b"\n").unwrap();
    let third = answer();
    for (feed, status) in third.statuses {
        assert_eq!(status, if feed.starts_with("sleep/") { 304 } else { 200 }, "{feed}");
    }
    // Neither a changed text nor an address is anything new.
    assert_eq!(third.unread, first.unread);
    rename(&site, SALT, "content/heart/salt.md");
    site.article("heart/a6.md", "A6", "2024-05-06");
    build(&site, LATER);
    age(&site, 3);
    poll.write_all(b"\n").unwrap();
    assert_eq!(answer().unread, first.unread + 1);
    drop(poll);
    assert!(child.wait().unwrap().success());
}
