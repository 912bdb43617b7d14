//! The publication ledger over many runs: who is who, whatever authors do to their files.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use tidings::catalog::article::Article;
use tidings::catalog::ledger::{Reconciled, reconcile};
use tidings::catalog::naming::Naming;
use tidings::catalog::outline::Outline;
use tidings::catalog::publication::Publication;
use tidings::catalog::reader;
use tidings::catalog::settings::Settings;

use crate::support::site::configuration;

fn settings() -> Settings {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("content")).unwrap();
    let file = folder.path().join("tidings.toml");
    tidings::config::read(&file, &configuration(""), folder.path(), "").unwrap().catalog
}

fn article(settings: &Settings, path: &str, title: &str, more: &str, body: &str) -> Article {
    let text = format!("---\ntitle: {title}\n{more}\n---\n{body}\n");
    reader::article(&text, path, settings, &Naming::default()).unwrap().article
}

/// A ledger that is kept from run to run, as the store keeps it.
#[derive(Default)]
struct Ledger {
    records: BTreeMap<i64, Publication>,
    runs: i32,
}

impl Ledger {
    fn run(&mut self, articles: &[Article]) -> Reconciled {
        let present: Vec<String> = articles.iter().map(|article| article.path.clone()).collect();
        self.run_with(articles, &present)
    }

    fn run_with(&mut self, articles: &[Article], present: &[String]) -> Reconciled {
        let begin: DateTime<Utc> = "2026-05-31T08:00:00Z".parse().unwrap();
        let now = begin + TimeDelta::hours(i64::from(self.runs));
        self.runs += 1;
        let highest = self.records.keys().last().copied().unwrap_or(0);
        let result = reconcile(
            articles.iter().map(Outline::of).collect(),
            self.records.values().cloned().collect(),
            present,
            highest,
            self.runs == 1,
            now,
        );
        for record in &result.to_write {
            self.records.insert(record.number, record.clone());
        }
        result
    }
}

fn id(result: &Reconciled, path: &str) -> String {
    result.published.iter().find(|item| item.outline.path() == path).unwrap().publication.id.clone()
}

#[test]
fn an_article_is_known_again_by_id_path_content_or_title_and_date() {
    let settings = settings();
    let date = "date: 2026-05-01";
    let mut ledger = Ledger::default();
    let first = ledger.run(&[
        article(&settings, "n/by-id.md", "A", "id: tag:example.org,2026:a", "1"),
        article(&settings, "n/by-path.md", "B", date, "2"),
        article(&settings, "n/by-content.md", "C", date, "3"),
        article(&settings, "n/by-title.md", "D", date, "4"),
    ]);
    let second = ledger.run(&[
        article(&settings, "m/moved.md", "Changed", "id: tag:example.org,2026:a", "changed"),
        article(&settings, "n/by-path.md", "Changed", "date: 2026-05-09", "changed"),
        article(&settings, "m/renamed.md", "C", date, "3"),
        article(&settings, "m/edited.md", "D", date, "changed"),
        article(&settings, "n/new.md", "E", date, "5"),
    ]);
    assert_eq!(second.fresh, 1);
    let pairs = [
        ("n/by-id.md", "m/moved.md"),
        ("n/by-path.md", "n/by-path.md"),
        ("n/by-content.md", "m/renamed.md"),
        ("n/by-title.md", "m/edited.md"),
    ];
    for (before, after) in pairs {
        assert_eq!(id(&first, before), id(&second, after), "{before}");
    }
    assert_eq!(id(&first, "n/by-id.md"), "tag:example.org,2026:a");
}

#[test]
fn an_ambiguous_match_is_a_problem_and_never_a_guess() {
    let settings = settings();
    let mut ledger = Ledger::default();
    ledger.run(&[
        article(&settings, "n/a.md", "Twin", "date: 2026-05-01", "same"),
        article(&settings, "n/b.md", "Twin", "date: 2026-05-01", "same"),
    ]);
    let moved = article(&settings, "m/c.md", "Twin", "date: 2026-05-01", "same");
    let result = ledger.run(&[moved]);
    assert_eq!((result.published.len(), result.to_write.len()), (0, 0));
    assert_eq!(
        result.problems[0].message,
        "by its content this may be what was at n/a.md or n/b.md, and 1 files could be it"
    );
    let hint = &result.problems[0].hint;
    assert!(hint.contains("add `id: tag:example.org,2026-05-01:n/a` to one of them"), "{hint}");
    // The author takes the hint.
    let told =
        article(&settings, "m/c.md", "Twin", "date: 2026-05-01\nid: tag:example.org,2026-05-01:n/a", "same");
    assert_eq!(id(&ledger.run(&[told]), "m/c.md"), "tag:example.org,2026-05-01:n/a");
}

#[test]
fn an_article_that_is_held_out_has_not_vanished() {
    let settings = settings();
    let mut ledger = Ledger::default();
    ledger.run(&[article(&settings, "n/a.md", "A", "date: 2026-05-01", "same")]);
    let copy = article(&settings, "n/copy.md", "A", "date: 2026-05-01", "same");
    let result = ledger.run_with(&[copy], &["n/a.md".to_owned(), "n/copy.md".to_owned()]);
    assert_eq!(id(&result, "n/copy.md"), "tag:example.org,2026-05-01:n/copy");
}

#[test]
fn a_new_article_at_the_old_place_of_one_that_moved_gets_an_id_of_its_own() {
    let settings = settings();
    let mut ledger = Ledger::default();
    let stable = "id: tag:example.org,2026:moved\ndate: 2026-05-01";
    let undeclared = article(&settings, "n/a.md", "A", "date: 2026-05-01", "old");
    let before = ledger.run(&[undeclared]);
    // The author gives the article an id, then moves it, then writes another one in its place.
    ledger.run(&[article(&settings, "n/a.md", "A", stable, "old")]);
    let after = ledger.run(&[
        article(&settings, "m/a.md", "A", stable, "old"),
        article(&settings, "n/a.md", "B", "date: 2026-05-01", "new"),
    ]);
    assert_eq!(id(&after, "m/a.md"), id(&before, "n/a.md"), "readers know it by its first id");
    assert_eq!(id(&after, "n/a.md"), "tag:example.org,2026-05-01:n/a~2");
}

#[test]
fn only_an_edit_of_words_is_a_change() {
    let settings = settings();
    let mut ledger = Ledger::default();
    let date = "date: 2026-05-01";
    let updated = |result: &Reconciled| result.published[0].updated().to_rfc3339();
    let first = ledger.run(&[article(&settings, "n/a.md", "A", date, "one two")]);
    assert_eq!(updated(&first), "2026-05-01T09:00:00+00:00");
    let spaced = ledger.run(&[article(&settings, "n/a.md", "A", date, "one\n  two\n")]);
    assert_eq!(updated(&spaced), "2026-05-01T09:00:00+00:00");
    let edited = ledger.run(&[article(&settings, "n/a.md", "A", date, "one two three")]);
    assert_eq!(updated(&edited), "2026-05-31T10:00:00+00:00");
    let same = ledger.run(&[article(&settings, "n/a.md", "A", date, "one two three")]);
    assert_eq!((updated(&same), same.to_write.len()), (updated(&edited), 0));
    let said = format!("{date}\nupdated: 2026-05-15");
    let explicit = ledger.run(&[article(&settings, "n/a.md", "A", &said, "one two three")]);
    assert_eq!(updated(&explicit), "2026-05-15T09:00:00+00:00");
}

/// What may happen to files between two runs; a number chooses one of those that there are.
#[derive(Clone, Debug)]
enum Happening {
    Write,
    Edit(usize),
    Rename(usize),
    RenameAndEdit(usize),
    Remove(usize),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => Just(Happening::Write),
        2 => any::<usize>().prop_map(Happening::Edit),
        2 => any::<usize>().prop_map(Happening::Rename),
        2 => any::<usize>().prop_map(Happening::RenameAndEdit),
        1 => any::<usize>().prop_map(Happening::Remove),
    ]
}

/// A file: where it is, and how often its text was changed. Its place in the list is the article that it is.
#[derive(Clone, Debug)]
struct File {
    path: String,
    edits: u32,
    removed: bool,
}

fn apply(happening: &Happening, files: &mut Vec<File>, paths: &mut u32) {
    let mut fresh_path = || {
        *paths += 1;
        format!("n/{paths}.md")
    };
    let present: Vec<usize> = (0..files.len()).filter(|index| !files[*index].removed).collect();
    let chosen = |number: &usize| present.get(number % present.len().max(1)).copied();
    match happening {
        Happening::Write => files.push(File { path: fresh_path(), edits: 0, removed: false }),
        Happening::Edit(number) => {
            if let Some(index) = chosen(number) {
                files[index].edits += 1;
            }
        }
        Happening::Rename(number) => {
            if let Some(index) = chosen(number) {
                files[index].path = fresh_path();
            }
        }
        Happening::RenameAndEdit(number) => {
            if let Some(index) = chosen(number) {
                files[index].path = fresh_path();
                files[index].edits += 1;
            }
        }
        Happening::Remove(number) => {
            if let Some(index) = chosen(number) {
                files[index].removed = true;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever happens to files between runs, an article keeps its id and number, and no two ever share one.
    #[test]
    fn ids_and_numbers_are_for_ever(happenings in proptest::collection::vec(happening(), 1..40)) {
        let settings = settings();
        let mut ledger = Ledger::default();
        let (mut files, mut paths) = (Vec::new(), 0);
        let mut known: BTreeMap<usize, (String, i64)> = BTreeMap::new();
        for happening in happenings {
            apply(&happening, &mut files, &mut paths);
            let present: Vec<usize> = (0..files.len()).filter(|index| !files[*index].removed).collect();
            let articles = present.iter().map(|index| {
                let (date, body) = (format!("date: 2026-05-01T00:{index:02}:00Z"), format!("{index} {}", files[*index].edits));
                article(&settings, &files[*index].path, &format!("Article {index}"), &date, &body)
            });
            let result = ledger.run(&articles.collect::<Vec<_>>());
            prop_assert!(result.problems.is_empty(), "{:?}", result.problems);
            prop_assert_eq!(result.published.len(), present.len());
            for (index, item) in present.iter().zip(&result.published) {
                let now = (item.publication.id.clone(), item.publication.number);
                let first = known.entry(*index).or_insert_with(|| now.clone());
                prop_assert_eq!(&*first, &now);
            }
            let ids: BTreeSet<&String> = ledger.records.values().map(|record| &record.id).collect();
            prop_assert_eq!(ids.len(), files.len());
        }
    }
}
