//! The program with its store on a server: all that it does with a file, and what a server has of its own.

use tidings::store::Store;
use tidings::store::postgres::PostgresStore;

use crate::support::inbox::mails;
use crate::support::postgres::{Database, PASSWORD, READER};
use crate::support::site::{Said, Site, WEEKLY, configuration};

const BEGIN: &str = "2026-05-27T12:00:00Z";
const FIRST: &str = "2026-06-01T07:00:00Z";
const SECOND: &str = "2026-06-08T07:00:00Z";

/// A site with an article, whose store is at this address.
fn site(address: &str, digest: &str) -> Site {
    let site = Site::new(&configuration(&format!("{WEEKLY}{digest}\n[store]\npath = {address:?}\n")));
    site.article("heart/pulse.md", "Pulse", "2026-05-26");
    site
}

/// The same with two subscribers and a digest that has begun, in a database that had no tables before.
fn begun(database: &Database, digest: &str) -> Site {
    let site = site(&database.owners_address(), digest);
    site.run(&["run", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "nora@example.net", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "omar@example.net", "--category", "heart", "--at", BEGIN]).expect(0);
    site
}

/// Who got which articles.
fn received(site: &Site) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<_> = mails(&site.outbox()).into_iter().map(|mail| (mail.to, mail.titles)).collect();
    all.sort();
    all
}

fn mail(to: &str, title: &str) -> (String, Vec<String>) {
    (format!("{to}@example.net"), vec![title.to_owned()])
}

#[test]
fn digests_miss_nothing_and_repeat_nothing() {
    let site = begun(&Database::new(), "");
    site.run(&["run", "--at", FIRST]).expect(0);
    site.run(&["run", "--at", FIRST]).expect(0);
    assert_eq!(received(&site), [mail("nora", "Pulse"), mail("omar", "Pulse")]);
    site.article("sleep/naps.md", "Naps", "2026-05-01");
    std::fs::rename(site.path("content/heart/pulse.md"), site.path("content/heart/beat.md")).unwrap();
    site.run(&["run", "--at", SECOND]).expect(0);
    assert_eq!(received(&site), [mail("nora", "Naps"), mail("nora", "Pulse"), mail("omar", "Pulse")]);
    let whole = site.run(&["status", "--json"]).expect(0).json();
    let states: Vec<_> = whole["issues"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["closed", "closed"]);
    let list = site.run(&["subscribers", "list", "--json"]).expect(0).json();
    assert_eq!(list.as_array().map(Vec::len), Some(2), "{list}");
    assert!(site.path("state/tidings.lock").exists() && !site.path("state/tidings.sqlite").exists());
}

#[test]
fn an_issue_that_is_held_waits_until_it_is_released() {
    let site = begun(&Database::new(), "hold = true\n");
    site.run(&["run", "--at", FIRST]).expect(0);
    assert_eq!(received(&site), []);
    site.run(&["issues", "show", "1"]).expect(0);
    site.run(&["subscribers", "remove", "omar@example.net", "--at", FIRST]).expect(0);
    site.run(&["issues", "release", "1"]).expect(0);
    site.run(&["run", "--at", "2026-06-01T10:00:00Z"]).expect(0);
    assert_eq!(received(&site), [mail("nora", "Pulse")]);
    let omar = site.run(&["subscribers", "show", "omar@example.net"]).expect(0).stdout;
    assert!(omar.contains("unsubscribed"), "{omar}");
}

#[test]
fn looking_makes_no_tables() {
    let database = Database::new();
    let site = site(&database.owners_address(), "");
    for command in ["status", "plan", "check"] {
        site.run(&[command, "--at", BEGIN]).expect(0);
    }
    // It would fail if there were one.
    database.sql("CREATE TABLE publications (number BIGINT)");
}

#[test]
fn a_run_on_another_machine_holds_the_lock() {
    let database = Database::of_store();
    let site = site(&database.owners_address(), "");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let other: Box<dyn Store> =
        Box::new(runtime.block_on(PostgresStore::open(&database.owners_address().parse().unwrap())).unwrap());
    assert!(runtime.block_on(other.hold_run()).unwrap());
    let said = site.run(&["run", "--at", BEGIN]).expect(75);
    assert!(
        said.stderr.contains("a run on another machine holds the lock of postgres://"),
        "{}",
        said.stderr
    );
    site.run(&["status"]).expect(0);
    runtime.block_on(other.close());
    site.run(&["run", "--at", BEGIN]).expect(0);
}

#[test]
fn a_password_comes_from_the_environment_and_is_never_shown() {
    let database = Database::new();
    database.sql(&format!("GRANT ALL ON SCHEMA public TO {READER}"));
    let site = site("state/unused.sqlite", "");
    let run = |address: String, password: Option<&str>| {
        let mut command = site.command(&["run", "--at", BEGIN]);
        command.env("TIDINGS_STORE__PATH", address).env_remove("PGPASSWORD").env("HOME", site.path("."));
        command.envs(password.map(|password| ("PGPASSWORD", password)));
        Said::from(command.output().unwrap())
    };
    let refused = run(database.address_of(&format!("{READER}:wrong-{PASSWORD}")), None).expect(74);
    assert!(!refused.stderr.contains(PASSWORD) && refused.stderr.contains(READER), "{}", refused.stderr);
    run(database.address(), Some(PASSWORD)).expect(0);
    let nowhere = run("postgres://ana:s3cret@127.0.0.1:1/news".to_owned(), None).expect(74);
    assert!(nowhere.stderr.contains("postgres://ana@127.0.0.1:1/news"), "{}", nowhere.stderr);
    assert!(!nowhere.stderr.contains("s3cret"), "{}", nowhere.stderr);
    assert!(!site.path("state/unused.sqlite").exists());
}

#[test]
fn tables_of_a_newer_version_are_left_alone() {
    let database = Database::of_store();
    database.sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (99, 'of tomorrow', true, '', 0)",
    );
    let site = site(&database.owners_address(), "");
    let said = site.run(&["run", "--at", BEGIN]).expect(74);
    assert!(said.stderr.contains("a newer version of Tidings made the store's tables"), "{}", said.stderr);
    assert!(said.stderr.contains("install that version here too"), "{}", said.stderr);
}
