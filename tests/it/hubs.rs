//! `WebSub` hubs are told of what changed, once it is published, and again where they could not be told.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tidings::feed::websub::Topic;
use tidings::fetch::hub::Teller;
use tidings::jobs::ping::{Report, ping};
use tidings::store::sqlite::SqliteStore;

use crate::support::hub::{Answer, Hub};
use crate::support::site::{Site, configuration};

const NOW: &str = "2026-05-31T08:00:00Z";

fn site(hub: &Hub, more: &str) -> Site {
    let hub = &hub.address;
    let feeds =
        format!("[feeds]\nallow_private_hubs = true\nformats = [\"rss\", \"atom\"]\nhub = {hub:?}\n{more}");
    let site = Site::new(&configuration(&feeds));
    site.article("heart/salt.md", "Salt", "2026-05-01");
    site.article("sleep/nap.md", "Nap", "2026-05-02");
    site
}

/// The full addresses of feeds.
fn of(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| format!("https://example.org/{path}")).collect()
}

#[track_caller]
fn pinged(site: &Site, command: &str, at: &str) -> Value {
    site.run(&[command, "--json", "--at", at]).expect(0).json()["pinged"].clone()
}

#[test]
fn a_hub_is_told_of_each_feed_that_changed_and_of_no_other() {
    let hub = Hub::that(Answer::Status(204));
    let site = site(&hub, "archive = \"month\"\n");
    let said = pinged(&site, "build", NOW);
    let all = ["atom.xml", "heart/atom.xml", "heart/rss.xml", "rss.xml", "sleep/atom.xml", "sleep/rss.xml"];
    assert_eq!(hub.heard(), of(&all));
    assert_eq!(said, json!({ "told": of(&all), "waiting": [], "given_up": [] }));

    assert_eq!(pinged(&site, "run", NOW)["told"], json!([]));
    assert_eq!(hub.heard(), of(&[]));

    site.article("heart/tea.md", "Tea", "2026-05-03");
    pinged(&site, "run", "2026-05-31T09:00:00Z");
    assert_eq!(hub.heard(), of(&["atom.xml", "heart/atom.xml", "heart/rss.xml", "rss.xml"]));

    // Another machine with neither store nor change has nothing to tell.
    std::fs::remove_dir_all(site.path("state")).unwrap();
    let said = site.run(&["build", "--json", "--at", "2026-05-31T09:00:00Z"]).json();
    assert_eq!((said["pinged"]["told"].clone(), hub.heard()), (json!([]), of(&[])));
}

#[test]
fn a_hub_that_fails_is_told_again_later_and_by_then_of_the_newest_alone() {
    let hub = Hub::that(Answer::Status(500));
    let site = site(&hub, "categories = false\n");
    let said = site.run(&["build", "--at", NOW]).expect(0);
    assert!(said.stdout.contains("told of 0 feeds, 2 to be tried again"), "{}", said.stdout);
    assert_eq!(hub.heard().len(), 2);
    let status = site.run(&["status", "--at", NOW]).expect(0);
    let expected = "does not know of https://example.org/rss.xml: it answered 500 Internal Server Error; again from 2026-05-31 08:05 UTC";
    assert!(status.stdout.contains(expected), "{}", status.stdout);
    assert_eq!(site.run(&["status", "--json"]).json()["pings"][0]["attempts"], 1);

    // Not before its time; then once.
    pinged(&site, "build", "2026-05-31T08:04:59Z");
    assert_eq!(hub.heard(), of(&[]));
    hub.now(Answer::Status(204));
    assert_eq!(pinged(&site, "build", "2026-05-31T08:05:00Z")["told"], json!(of(&["atom.xml", "rss.xml"])));
    assert_eq!(hub.heard().len(), 2);
    assert_eq!(site.run(&["status", "--json"]).json()["pings"], json!([]));

    // A later change takes the place of one that waits, is told at once, and waits from its own beginning.
    hub.now(Answer::Status(503));
    site.article("heart/tea.md", "Tea", "2026-05-03");
    pinged(&site, "build", "2026-05-31T09:00:00Z");
    pinged(&site, "build", "2026-05-31T09:05:00Z");
    hub.heard();
    hub.now(Answer::Status(202));
    site.article("heart/mint.md", "Mint", "2026-05-04");
    assert_eq!(pinged(&site, "build", "2026-05-31T09:06:00Z")["told"].as_array().unwrap().len(), 2);
    pinged(&site, "build", "2026-06-01T09:06:00Z");
    assert_eq!(hub.heard().len(), 2);
}

#[test]
fn a_hub_that_is_gone_is_given_up_after_three_days_with_its_reason() {
    let hub = Hub::that(Answer::Status(410));
    let feeds = format!(
        "[feeds]\nallow_private_hubs = true\nformats = [\"rss\"]\ncategories = false\nhub = {:?}\n",
        hub.address
    );
    let site = Site::new(&configuration(&feeds));
    site.article("heart/salt.md", "Salt", "2026-05-01");
    let mut now: DateTime<Utc> = NOW.parse().unwrap();
    let given_up = loop {
        let said = pinged(&site, "build", &now.to_rfc3339());
        let Some(next) = said["waiting"][0]["next"].as_str() else { break said["given_up"].clone() };
        now = next.parse().unwrap();
    };
    assert_eq!(given_up[0]["problem"], "it answered 410 Gone");
    assert_eq!(usize::try_from(given_up[0]["attempts"].as_u64().unwrap()).unwrap(), hub.heard().len());
    assert!(now <= "2026-06-03T08:00:00Z".parse::<DateTime<Utc>>().unwrap(), "{now}");
    let said = site.run(&["build", "--at", "2026-06-09T08:00:00Z"]).expect(0);
    assert!(said.stderr.contains("could not be told of https://example.org/rss.xml"), "{}", said.stderr);
    assert_eq!(hub.heard(), of(&[]));
}

#[test]
fn what_is_uploaded_first_is_told_afterwards_and_a_feed_that_was_held_back_is_not() {
    let hub = Hub::that(Answer::Status(204));
    let site = site(&hub, "categories = false\n");
    site.run(&["build", "--no-ping", "--at", NOW]).expect(0);
    assert_eq!(hub.heard(), of(&[]));
    site.run(&["build", "--at", NOW]).expect(0);
    assert_eq!(hub.heard(), of(&["atom.xml", "rss.xml"]));

    let other = site.read("public/rss.xml").replace("tag:example.org,", "tag:older.example.org,");
    site.write("public/rss.xml", &other);
    site.article("heart/tea.md", "Tea", "2026-05-03");
    let said = site.run(&["build", "--json", "--at", NOW]).expect(1);
    assert_eq!(
        (said.json()["pinged"]["told"].clone(), hub.heard()),
        (json!(of(&["atom.xml"])), of(&["atom.xml"]))
    );
}

#[test]
fn a_hub_inside_of_the_network_is_not_told_unless_that_is_allowed() {
    let hub = Hub::that(Answer::Status(204));
    for host in ["127.0.0.1", "localhost"] {
        let address = hub.address.replace("127.0.0.1", host);
        let site = Site::new(&configuration(&format!("[feeds]\nhub = {address:?}\n")));
        site.article("heart/salt.md", "Salt", "2026-05-01");
        let said = pinged(&site, "build", NOW);
        let problem = said["waiting"][0]["problem"].as_str().unwrap();
        assert!(problem.contains("public address"), "{problem}");
    }
    assert_eq!(hub.heard(), of(&[]));
}

fn topic(hub: &Hub, path: &str, version: &str) -> Topic {
    Topic {
        hub: hub.address.parse().unwrap(),
        address: format!("https://example.org/{path}").parse().unwrap(),
        version: Some(version.to_owned()),
        is_written: true,
    }
}

async fn tell(topics: &[Topic], store: &SqliteStore, at: &str) -> Report {
    let teller = Teller::new(Duration::from_secs(1), true).unwrap();
    ping(topics, &teller, store, at.parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_silent_hub_is_waited_for_once_in_a_run_and_keeps_no_other_hub_waiting() {
    let (silent, other) = (Hub::that(Answer::Silence), Hub::that(Answer::Status(200)));
    let store = SqliteStore::in_memory().await.unwrap();
    let topics = [topic(&silent, "a", "1"), topic(&silent, "b", "1"), topic(&other, "a", "1")];
    let report = tell(&topics, &store, NOW).await;
    assert_eq!(report.told, of(&["a"]));
    let problems: Vec<_> = report.waiting.iter().map(|ping| ping.problem.as_deref().unwrap()).collect();
    assert_eq!(problems, ["no whole answer came in time"; 2]);
    assert_eq!((silent.heard(), other.heard()), (of(&["a"]), of(&["a"])));
}

#[tokio::test]
async fn a_version_that_the_hub_knows_is_not_told_again_and_what_left_the_site_is_forgotten() {
    let hub = Hub::that(Answer::Status(204));
    let store = SqliteStore::in_memory().await.unwrap();
    tell(&[topic(&hub, "a", "1"), topic(&hub, "b", "1")], &store, NOW).await;
    hub.heard();
    hub.now(Answer::Status(500));
    tell(&[topic(&hub, "a", "2"), topic(&hub, "b", "2")], &store, NOW).await;
    hub.heard();
    hub.now(Answer::Status(204));
    // Back to what the hub knows, and no longer there.
    let report = tell(&[topic(&hub, "a", "1")], &store, "2026-06-01T08:00:00Z").await;
    assert_eq!((report, hub.heard()), (Report::default(), of(&[])));
}
