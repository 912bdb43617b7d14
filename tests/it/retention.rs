//! What is kept only for a time: requests, people who never confirmed, addresses of the internet, people who left.

use chrono::{DateTime, Duration, Utc};
use tidings::mail::name::DisplayName;
use tidings::store::requests::{Decided, Requests};
use tidings::store::retention::Retention;
use tidings::store::sqlite::SqliteStore;
use tidings::store::subscribers::Subscribers;
use tidings::subscribers::request::{Letter, NewRequest};
use tidings::subscribers::retention::{Limits, Pruned};
use tidings::subscribers::subscriber::{NewSubscriber, State};
use tidings::subscribers::subscription::Choice;

use crate::support::site::{Site, WEEKLY, configuration};

const NOW: &str = "2026-05-27T12:00:00Z";

fn days(number: u64) -> std::time::Duration {
    std::time::Duration::from_secs(number * 86_400)
}

fn request(name: &str) -> NewRequest {
    NewRequest {
        address: format!("{name}@example.org").parse().unwrap(),
        pseudonym: String::new(),
        name: DisplayName::default(),
        language: None,
        time_zone: None,
        choices: vec![("weekly".to_owned(), Choice::All)],
        source: "form".to_owned(),
        wording: None,
        ip: Some("192.0.2.1".to_owned()),
    }
}

#[tokio::test]
async fn what_is_too_old_goes_and_the_proof_of_whoever_is_subscribed_stays() {
    let store = SqliteStore::in_memory().await.unwrap();
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let ask = async |name: &str, at: DateTime<Utc>| {
        let request = store.receive(&request(name), at).await.unwrap();
        store.decide(&[Decided { request, letter: Some(Letter::Confirm) }], at).await.unwrap();
        request
    };
    let old = now - Duration::days(40);
    let (stays, leaves) = (ask("stays", old).await, ask("leaves", old).await);
    for confirmed in [stays, leaves] {
        store.confirm(confirmed, "link", old).await.unwrap();
    }
    ask("never", old).await;
    ask("waits", now - Duration::days(2)).await;
    for (name, state) in [("moved", State::Active), ("gone", State::Unsubscribed)] {
        let address = format!("{name}@example.org").parse().unwrap();
        let consent = "Mailchimp: confirmed 2018-04-13 10:59:40; from 192.0.2.7".to_owned();
        let person = NewSubscriber::active(address, DisplayName::default(), "weekly", vec![Choice::All]);
        let person = NewSubscriber { state, consent, since: Some(old), ..person };
        store.add_subscribers(&[person], now).await.unwrap();
    }
    let gone = "leaves@example.org".parse().unwrap();
    store.unsubscribe(&[gone], "form", old).await.unwrap();
    let limits = Limits {
        requests: Some(days(7)),
        pending: Some(days(30)),
        ips: Some(days(30)),
        left: Some(days(39)),
        deliveries: Some(days(1)),
    };

    let only_ips = Limits { ips: Some(days(30)), ..Limits::default() };
    assert_eq!(store.prune(&only_ips, now).await.unwrap().ips, 6);
    let told = async |name: &str| {
        let address = format!("{name}@example.org").parse().unwrap();
        let activities = store.activities(&address).await.unwrap();
        activities.iter().map(|one| format!("{} {}", one.kind.as_str(), one.detail)).collect::<Vec<_>>()
    };
    let proof = ["asked weekly:* from 192.0.2.1", "confirmed weekly:* from 192.0.2.1"];
    assert_eq!(told("stays").await, proof);
    assert_eq!(told("leaves").await, ["asked weekly:*", "confirmed weekly:*", "left everything"]);

    assert_eq!(told("moved").await, ["added Mailchimp: confirmed 2018-04-13 10:59:40; from 192.0.2.7"]);
    assert_eq!(told("gone").await, ["added Mailchimp: confirmed 2018-04-13 10:59:40", "left "]);

    let pruned = store.prune(&limits, now).await.unwrap();
    assert_eq!(pruned, Pruned { requests: 3, pending: 1, ips: 0, left: 2, deliveries: 0 });
    assert_eq!(told("stays").await, proof);
    assert_eq!(told("leaves").await, ["left everything"]);
    assert!(store.subscriber(&"never@example.org".parse().unwrap()).await.unwrap().is_none());
    assert!(store.subscriber(&"waits@example.org".parse().unwrap()).await.unwrap().is_some());
    assert_eq!(store.pruned_at().await.unwrap(), Some(now));
    assert_eq!(store.prune(&limits, now).await.unwrap(), Pruned::default());
    // Whoever left is not brought back by a list all the same.
    let again = NewSubscriber::active(
        "leaves@example.org".parse().unwrap(),
        DisplayName::default(),
        "weekly",
        vec![Choice::All],
    );
    let added = store.add_subscribers(&[again], now).await.unwrap();
    assert_eq!(serde_json::to_string(&added).unwrap(), "[\"left\"]");
}

#[test]
fn deliveries_that_are_over_lose_addresses_and_words_when_that_is_wanted() {
    let more = format!("{WEEKLY}[retention]\ndeliveries = \"6months\"\n");
    let site = Site::new(&configuration(&more));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    site.run(&["subscribers", "add", "ana@example.org", "--at", NOW]).expect(0);
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    let later = "2026-12-27T12:00:00Z";
    let pruned = site.run(&["prune", "--json", "--at", later]).expect(0).json();
    assert_eq!(pruned["deliveries"].as_u64(), Some(1));
    let story = site.run(&["subscribers", "show", "ana@example.org"]).expect(0).stdout;
    assert!(story.contains("weekly of 2026-05-27 12:00 UTC: sent"), "{story}");
    assert_eq!(site.run(&["prune", "--at", later]).expect(0).stdout.lines().count(), 5);
}

#[test]
fn a_run_prunes_once_a_day() {
    let site = Site::new(&configuration(&format!("{WEEKLY}[retention]\nleft = \"1d\"\n")));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    site.run(&["run", "--at", NOW]).expect(0);
    site.run(&["subscribers", "add", "ana@example.org", "--name", "Ana", "--at", "2026-05-20T12:00:00Z"])
        .expect(0);
    site.run(&["subscribers", "remove", "ana@example.org", "--at", "2026-05-20T12:00:00Z"]).expect(0);
    let named = |at| {
        site.run(&["run", "--at", at]).expect(0);
        site.run(&["subscribers", "show", "ana@example.org"]).expect(0).stdout.contains("Ana")
    };
    assert!(named("2026-05-28T11:59:00Z"));
    assert!(!named("2026-05-28T12:00:00Z"));
}

#[test]
fn a_limit_that_is_none_is_a_fault_with_its_place() {
    let site = Site::new(&configuration("[retention]\nrequests = \"1d\"\n"));
    let said = site.run(&["check"]).expect(2);
    assert!(said.stderr.contains("retention.requests is below three days"), "{said:?}");
    site.write("config/tidings.toml", configuration("[retention]\nips = \"soon\"\n"));
    let said = site.run(&["check"]).expect(2);
    assert!(said.stderr.contains("\"soon\" is neither a time, as in 30d, nor never"), "{said:?}");
}
