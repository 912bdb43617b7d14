//! The contract of stores: what each verb does, as tests that are run on both kinds, each on a real database.

mod asking;
mod deciding;
mod delivering;
mod forgetting;
mod keeping;
mod opening;
mod people;
mod together;
mod whole;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tidings::catalog::article::ContentHash;
use tidings::catalog::publication::Publication;
use tidings::digest::issue::{Cohort, Contents, Edition, Fate, NewIssue};
use tidings::digest::letterhead::Letterhead;
use tidings::mail::address::Address;
use tidings::mail::name::DisplayName;
use tidings::store::Store;
use tidings::store::postgres::PostgresStore;
use tidings::store::sqlite::SqliteStore;
use tidings::subscribers::subscriber::NewSubscriber;
use tidings::subscribers::subscription::Choice;

use crate::support::postgres::Database;

/// Where a store of one test is.
pub(crate) enum Place {
    File(tempfile::TempDir),
    Server(Database),
}

impl Place {
    fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// Making a database waits for the server, with a runtime of its own.
    async fn server() -> Self {
        Self::Server(tokio::task::spawn_blocking(Database::of_store).await.unwrap())
    }

    /// Opens it, as each process does for itself.
    async fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::File(folder) => Arc::new(SqliteStore::open(&folder.path().join("store")).await.unwrap()),
            Self::Server(database) => {
                Arc::new(PostgresStore::open(&database.owners_address().parse().unwrap()).await.unwrap())
            }
        }
    }
}

/// Runs tests, which take a place, on both kinds of store.
macro_rules! on_both_stores {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Place::file()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Place::server().await).await;
            })*
        }
    };
}
use on_both_stores;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The moment at which most of it happens.
fn now() -> DateTime<Utc> {
    at("2026-06-01T07:00:00Z")
}

fn later(seconds: i64) -> DateTime<Utc> {
    now() + chrono::Duration::seconds(seconds)
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn choice(text: &str) -> Choice {
    Choice::parse(text).unwrap()
}

/// Somebody who chose these categories of the digest `weekly`.
fn person(text: &str, choices: &[&str]) -> NewSubscriber {
    let choices = choices.iter().map(|text| choice(text)).collect();
    let mut person = NewSubscriber::active(address(text), DisplayName::default(), "weekly", choices);
    person.pseudonym = format!("pseudonym of {text}");
    "test".clone_into(&mut person.source);
    person
}

async fn add(store: &dyn Store, people: &[(&str, &[&str])]) {
    let people: Vec<_> = people.iter().map(|(who, choices)| person(who, choices)).collect();
    store.add_subscribers(&people, now()).await.unwrap();
}

async fn id(store: &dyn Store, who: &str) -> i64 {
    store.subscriber(&address(who)).await.unwrap().unwrap().id
}

/// What somebody chose, with how far each has come, as text.
async fn chosen(store: &dyn Store, who: &str) -> Vec<String> {
    let subscriber = store.subscriber(&address(who)).await.unwrap().unwrap();
    let one = |own: &tidings::subscribers::subscription::Subscription| {
        format!("{}:{} {:?}", own.digest, own.choice, own.progress)
    };
    subscriber.subscriptions.iter().map(one).collect()
}

/// What happened to somebody, as text.
async fn happened(store: &dyn Store, who: &str) -> Vec<String> {
    let activities = store.activities(&address(who)).await.unwrap();
    activities.iter().map(|one| format!("{} {} {}", one.kind.as_str(), one.source, one.detail)).collect()
}

fn publication(number: i64) -> Publication {
    Publication {
        number,
        id: format!("tag:example.org,2026:{number}"),
        declared_id: None,
        path: format!("heart/{number}.md"),
        title: format!("Article \"{number}\" \\ ü"),
        date: None,
        content_hash: ContentHash::of("title", &number.to_string()),
        first_published: now(),
        changed: None,
        categories: vec!["heart".to_owned()],
        withdrawn: None,
    }
}

async fn publish(store: &dyn Store, numbers: std::ops::RangeInclusive<i64>) {
    let records: Vec<_> = numbers.map(publication).collect();
    store.record_publications(&records).await.unwrap();
}

fn letterhead() -> Letterhead {
    Letterhead {
        from_name: DisplayName::new("Site"),
        from: address("news@example.org"),
        reply_to: None,
        bounces: address("bounces@example.org"),
        unsubscribe_mailto: address("leave@example.org"),
        unsubscribe_url: None,
        preferences_url: None,
        help_url: None,
        archive_url: None,
        list_id: "weekly.example.org".to_owned(),
        digest: "weekly".to_owned(),
        slots: "secret".to_owned(),
        key: 1,
        verp: false,
    }
}

fn edition(key: &str, articles: Vec<i64>) -> Edition {
    Edition {
        key: key.to_owned(),
        language: "en".parse().unwrap(),
        nameless: "reader".to_owned(),
        subject: format!("Issue with {key}"),
        text: "text".to_owned(),
        html: "<p>ü</p>".to_owned(),
        web: format!("<p>{key}</p>"),
        message: format!("the message of {key}"),
        contents: vec![Contents { category: "heart".to_owned(), articles, more: 0 }],
    }
}

/// An issue up to a publication number, for everybody who subscribes to the digest, all with one edition.
async fn issue(store: &dyn Store, slot: DateTime<Utc>, upto: i64) -> NewIssue {
    let audience = store.audience("weekly").await.unwrap();
    let cohort = |wishes| Cohort { wishes, base: upto - 1, fate: Fate::Mailed("one".to_owned()) };
    NewIssue {
        digest: "weekly".to_owned(),
        slot,
        opened: slot,
        upto,
        held: Vec::new(),
        returned: Vec::new(),
        held_back: false,
        letterhead: letterhead(),
        not_before: Vec::new(),
        editions: vec![edition("one", vec![upto])],
        cohorts: audience.into_iter().map(|group| cohort(group.wishes)).collect(),
    }
}

/// A site with articles, these subscribers of everything, and an open issue for them; returns its number.
async fn opened(store: &dyn Store, people: &[&str]) -> i64 {
    publish(store, 1..=3).await;
    let people: Vec<(&str, &[&str])> = people.iter().map(|who| (*who, &["*"][..])).collect();
    add(store, &people).await;
    let issue = issue(store, now(), 3).await;
    store.open_issue(&issue).await.unwrap().issue
}
