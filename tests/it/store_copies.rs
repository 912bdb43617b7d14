//! Copies of the store: moved to another kind, backed up while it is used, and put back when it is lost. Whatever is put
//! back, nobody gets an issue twice.

use std::path::Path;

use crate::support::inbox::mails;
use crate::support::postgres::Database;
use crate::support::site::{Said, Site, WEEKLY, configuration};

const BEGIN: &str = "2026-05-27T12:00:00Z";
const FIRST: &str = "2026-06-01T07:00:00Z";
const SECOND: &str = "2026-06-08T07:00:00Z";
const LATER: &str = "2026-06-10T12:00:00Z";
const THIRD: &str = "2026-06-15T07:00:00Z";

/// A site with two subscribers, whose first issue went out.
fn site() -> Site {
    let site = Site::new(&configuration(WEEKLY));
    site.article("heart/pulse.md", "Pulse", "2026-05-26");
    site.run(&["run", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "nora@example.net", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "omar@example.net", "--category", "heart", "--at", BEGIN]).expect(0);
    site.run(&["run", "--at", FIRST]).expect(0);
    site
}

/// The program on the site, with its store elsewhere.
fn with_store(site: &Site, store: &str, arguments: &[&str]) -> Said {
    Said::from(site.command(arguments).env("TIDINGS_STORE__PATH", store).output().unwrap())
}

/// Who got which articles, so far.
fn received(site: &Site) -> Vec<(String, String)> {
    let all = mails(&site.outbox()).into_iter();
    let mut all: Vec<_> =
        all.map(|mail| (mail.to.replace("@example.net", ""), mail.titles.join(" "))).collect();
    all.sort();
    all
}

fn mail(to: &str, titles: &str) -> (String, String) {
    (to.to_owned(), titles.to_owned())
}

/// Takes the store away, with all that is kept beside it but the witness if that is to stay.
fn lose(site: &Site, with_witness: bool) {
    for entry in std::fs::read_dir(site.path("state")).unwrap() {
        let file = entry.unwrap().path();
        let is_witness = file.extension().is_some_and(|ending| ending == "witness");
        if file.is_file() && (with_witness || !is_witness) {
            std::fs::remove_file(file).unwrap();
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).unwrap();
}

#[test]
fn a_backup_that_is_put_back_sends_nothing_before_it_is_resumed_and_nothing_twice_then() {
    for with_witness in [false, true] {
        let site = site();
        site.run(&["store", "backup", "backup.sqlite", "--at", FIRST]).expect(0);
        let again = site.run(&["store", "backup", "backup.sqlite", "--at", FIRST]).expect(2);
        assert!(again.stderr.contains("backup.sqlite is there already"), "{}", again.stderr);
        site.article("heart/lost.md", "Lost", "2026-06-05");
        site.run(&["run", "--at", SECOND]).expect(0);
        let sent = [mail("nora", "Lost"), mail("nora", "Pulse"), mail("omar", "Lost"), mail("omar", "Pulse")];
        assert_eq!(received(&site), sent);

        lose(&site, with_witness);
        copy(&site.path("backup.sqlite"), &site.path("state/tidings.sqlite"));
        for command in [["run", "--at", LATER], ["send", "--at", LATER]] {
            let said = site.run(&command).expect(2);
            assert!(said.stderr.contains("the store is a backup of 2026-06-01T07:00:00"), "{}", said.stderr);
            assert!(said.stderr.contains("tidings store resume --why"), "{}", said.stderr);
        }
        let said = site.run(&["store", "resume", "--why", "the disk broke", "--at", LATER]).expect(0);
        assert!(said.stdout.contains("this is the store in use now"), "{}", said.stdout);
        site.run(&["run", "--at", LATER]).expect(0);
        assert_eq!(received(&site), sent, "with_witness: {with_witness}");
        site.article("heart/new.md", "New", "2026-06-11");
        site.run(&["run", "--at", THIRD]).expect(0);
        let mut sent = sent.to_vec();
        sent.extend([mail("nora", "New"), mail("omar", "New")]);
        sent.sort();
        assert_eq!(received(&site), sent);
        site.run(&["store", "check"]).expect(0);
        let again = site.run(&["store", "resume", "--why", "again", "--at", THIRD]).expect(2);
        assert!(again.stderr.contains("no backup, and not older"), "{}", again.stderr);
    }
}

#[test]
fn an_old_copy_that_nobody_marked_is_known_by_the_witness() {
    let site = site();
    copy(&site.path("state/tidings.sqlite"), &site.path("old.sqlite"));
    site.article("heart/lost.md", "Lost", "2026-06-05");
    site.run(&["run", "--at", SECOND]).expect(0);
    lose(&site, false);
    copy(&site.path("old.sqlite"), &site.path("state/tidings.sqlite"));
    let said = site.run(&["run", "--at", LATER]).expect(2);
    let expected = "the store is an old copy: it knows of issues up to number 1, and 2 was given already";
    assert!(said.stderr.contains(expected), "{}", said.stderr);
    // Looking and publishing are free.
    site.run(&["status"]).expect(0);
    site.run(&["build", "--at", LATER]).expect(0);
    let resumed = site.run(&["store", "resume", "--why", "x", "--at", LATER, "--json"]).expect(0).json();
    assert_eq!((&resumed["cancelled"], &resumed["moved"]), (&0.into(), &2.into()));
    site.run(&["run", "--at", LATER]).expect(0);
    assert_eq!(received(&site).len(), 4);
    // Message-IDs are made of issues and readers: the number of the lost issue is not given again.
    site.article("heart/new.md", "New", "2026-06-11");
    site.run(&["run", "--at", THIRD]).expect(0);
    let issues = site.run(&["issues", "list", "--json"]).expect(0).json();
    assert_eq!(issues[0]["issue"], 3, "{issues}");
}

#[test]
fn an_empty_store_in_the_place_of_the_one_that_sent_is_no_beginning() {
    let site = site();
    lose(&site, false);
    let said = site.run(&["run", "--at", LATER]).expect(2);
    assert!(said.stderr.contains("another store has sent mail from here"), "{}", said.stderr);
}

#[test]
fn what_a_backup_was_about_to_send_is_not_sent_again() {
    let site = Site::new(&configuration(&format!("{WEEKLY}hold = true\n")));
    site.article("heart/pulse.md", "Pulse", "2026-05-26");
    site.run(&["run", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "nora@example.net", "--at", BEGIN]).expect(0);
    site.run(&["run", "--at", FIRST]).expect(0);
    site.run(&["store", "backup", "backup.sqlite", "--at", FIRST]).expect(0);
    site.run(&["issues", "release", "1"]).expect(0);
    site.run(&["run", "--at", FIRST]).expect(0);
    assert_eq!(received(&site), [mail("nora", "Pulse")]);
    lose(&site, false);
    copy(&site.path("backup.sqlite"), &site.path("state/tidings.sqlite"));
    let resumed = site.run(&["store", "resume", "--why", "x", "--at", LATER, "--json"]).expect(0).json();
    assert_eq!(resumed["cancelled"], 1);
    site.run(&["run", "--at", LATER]).expect(0);
    assert_eq!(received(&site), [mail("nora", "Pulse")]);
    let said = site.run(&["issues", "release", "1"]);
    assert_ne!(said.code, 0, "{said:?}");
}

#[test]
fn a_store_moves_to_a_server_and_back_without_loss() {
    let site = site();
    let file = site.path("state/tidings.sqlite").display().to_string();
    let server = Database::new().owners_address();
    let there = site.run(&["store", "copy", &file, &server, "--json"]).expect(0).json();
    let back = site.run(&["store", "copy", &server, "back.sqlite", "--json"]).expect(0).json();
    assert_eq!(there["tables"], back["tables"]);
    let list = |store: &str| with_store(&site, store, &["subscribers", "list", "--json"]).expect(0).stdout;
    assert_eq!(list(&file), list(&server));
    assert_eq!(list(&file), list("back.sqlite"));
    let said = site.run(&["store", "copy", "back.sqlite", &server]);
    assert!(said.stderr.contains("there is a store already"), "{}", said.stderr);

    // It goes on there, and the one that was left behind is an old copy from then on.
    site.article("heart/new.md", "New", "2026-06-05");
    with_store(&site, &server, &["run", "--at", SECOND]).expect(0);
    let sent = [mail("nora", "New"), mail("nora", "Pulse"), mail("omar", "New"), mail("omar", "Pulse")];
    assert_eq!(received(&site), sent);
    with_store(&site, &server, &["store", "check"]).expect(0);
    let said = site.run(&["run", "--at", SECOND]).expect(2);
    assert!(said.stderr.contains("the store is an old copy"), "{}", said.stderr);

    // A backup of a server is a file.
    with_store(&site, &server, &["store", "backup", "backup.sqlite", "--at", SECOND]).expect(0);
    assert_eq!(list("backup.sqlite"), list(&server));
    let said = with_store(&site, "backup.sqlite", &["run", "--at", SECOND]).expect(2);
    assert!(said.stderr.contains("the store is a backup of"), "{}", said.stderr);
}

#[test]
fn tables_are_made_and_brought_up_to_date_on_demand() {
    let site = Site::new(&configuration(""));
    let server = Database::new().owners_address();
    let steps = |expected: i64| {
        let said = with_store(&site, &server, &["store", "migrate", "--json"]).expect(0).json();
        assert_eq!(said["steps"], expected);
    };
    steps(1);
    steps(0);
    let said = site.run(&["store", "migrate"]).expect(2);
    assert!(said.stderr.contains("there is no store at"), "{}", said.stderr);
}

#[test]
fn a_store_that_does_not_hold_together_is_told_in_words() {
    let site = site();
    let said = site.run(&["store", "check"]).expect(0);
    assert!(said.stdout.starts_with("the store holds together: "), "{}", said.stdout);
    let database = format!("sqlite:{}", site.path("state/tidings.sqlite").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        use sqlx::Connection;
        let mut connection = sqlx::SqliteConnection::connect(&database).await.unwrap();
        let statement = "UPDATE deliveries SET state = 'deferred'";
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
    let said = site.run(&["store", "check"]).expect(1);
    for line in [
        "2 deliveries wait, of issues that are dealt with\n",
        "2 deliveries that wait to be tried again have no moment for it\n",
        "2 findings in ",
    ] {
        assert!(said.stdout.contains(line), "{}", said.stdout);
    }
}
