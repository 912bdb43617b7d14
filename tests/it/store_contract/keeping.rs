//! The publication ledger, what hubs and the operator were told, and keys.

use tidings::feed::websub::Topic;
use tidings::store::Store;
use tidings::store::pings::Settled;
use tidings::subscribers::key_ring::{KeyRing, LASTING};

use super::{Place, later, now, on_both_stores, publication, publish};

on_both_stores!(
    the_ledger_gives_back_what_was_recorded,
    each_write_of_the_ledger_has_a_mark_of_its_own,
    ids_are_given_all_or_none,
    paths_are_remembered_for_each_folder,
    notices_are_replaced_as_a_whole,
    hubs_are_told_what_they_do_not_know,
    a_version_takes_the_place_of_one_that_waits,
    keys_are_made_once_and_one_to_sign_with_stays,
);

async fn the_ledger_gives_back_what_was_recorded(place: Place) {
    let store = place.open().await;
    assert!(!store.has_begun().await.unwrap());
    assert_eq!(store.highest_number().await.unwrap(), 0);
    store.record_publications(&[]).await.unwrap();
    assert!(store.has_begun().await.unwrap());
    let mut records = [publication(2), publication(1)];
    records[0].declared_id = Some("mine".to_owned());
    records[0].date = Some("2026-05-01T09:00:00+02:00".parse().unwrap());
    records[0].changed = Some(later(1));
    records[0].withdrawn = Some(later(2));
    records[0].categories = vec!["heart".to_owned(), "sl\"eep".to_owned()];
    store.record_publications(&records).await.unwrap();
    records.reverse();
    assert_eq!(store.publications().await.unwrap(), records);
    "Another title".clone_into(&mut records[0].title);
    store.record_publications(&records[..1]).await.unwrap();
    assert_eq!(store.publications().await.unwrap(), records);
    assert_eq!(store.highest_number().await.unwrap(), 2);
}

async fn each_write_of_the_ledger_has_a_mark_of_its_own(place: Place) {
    let store = place.open().await;
    let before = store.ledger_revision().await.unwrap();
    publish(&*store, 1..=1).await;
    let first = store.ledger_revision().await.unwrap();
    assert_ne!(before, first);
    store.record_publications(&[]).await.unwrap();
    assert_eq!(store.ledger_revision().await.unwrap(), first, "nothing was written");
    publish(&*store, 1..=1).await;
    assert_ne!(store.ledger_revision().await.unwrap(), first);
}

async fn ids_are_given_all_or_none(place: Place) {
    let store = place.open().await;
    publish(&*store, 1..=3).await;
    store.record_ids(&[(1, "one".to_owned()), (2, "two".to_owned())]).await.unwrap();
    let ids = async || {
        let all = store.publications().await.unwrap();
        all.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(ids().await, ["one", "two", "tag:example.org,2026:3"]);
    assert!(store.record_ids(&[(3, "three".to_owned()), (1, "two".to_owned())]).await.is_err());
    assert_eq!(ids().await, ["one", "two", "tag:example.org,2026:3"]);
}

async fn paths_are_remembered_for_each_folder(place: Place) {
    let store = place.open().await;
    let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    store.record_published_files("/a", &paths(&["b/rss.xml", "B.xml", "a-b.xml", "a.xml"])).await.unwrap();
    store.record_published_files("/b", &paths(&["rss.xml"])).await.unwrap();
    assert_eq!(store.published_files("/a").await.unwrap(), ["B.xml", "a-b.xml", "a.xml", "b/rss.xml"]);
    store.record_published_files("/a", &[]).await.unwrap();
    assert!(store.published_files("/a").await.unwrap().is_empty());
    assert_eq!(store.published_files("/b").await.unwrap(), ["rss.xml"]);
}

async fn notices_are_replaced_as_a_whole(place: Place) {
    let store = place.open().await;
    let hashes = |hashes: &[&str]| hashes.iter().map(|hash| (*hash).to_owned()).collect::<Vec<_>>();
    store.record_told(&hashes(&["b", "a", "b"])).await.unwrap();
    assert_eq!(store.told().await.unwrap(), ["a", "b"]);
    store.record_told(&hashes(&["c"])).await.unwrap();
    assert_eq!(store.told().await.unwrap(), ["c"]);
    store.record_told(&[]).await.unwrap();
    assert!(store.told().await.unwrap().is_empty());
}

fn topic(path: &str, version: Option<&str>, is_written: bool) -> Topic {
    Topic {
        hub: "https://hub.example.org/".parse().unwrap(),
        address: format!("https://example.org/{path}").parse().unwrap(),
        version: version.map(str::to_owned),
        is_written,
    }
}

async fn due(store: &dyn Store, at: i64) -> Vec<String> {
    let due = store.due_pings(later(at)).await.unwrap();
    due.into_iter().map(|ping| ping.address.replace("https://example.org/", "")).collect()
}

fn settled(path: &str, next: Option<i64>) -> Settled {
    Settled {
        hub: "https://hub.example.org/".to_owned(),
        address: format!("https://example.org/{path}"),
        is_told: next.is_none(),
        next: next.map(later),
        problem: next.map(|_| "no answer".to_owned()),
    }
}

async fn hubs_are_told_what_they_do_not_know(place: Place) {
    let store = place.open().await;
    store.want_pings(&[], now()).await.unwrap();
    let topics = [topic("b", Some("1"), true), topic("a", Some("1"), true), topic("known", Some("1"), false)];
    store.want_pings(&topics, now()).await.unwrap();
    assert_eq!(due(&*store, 0).await, ["a", "b"]);
    store.settle_pings(&[settled("a", None), settled("b", Some(60))]).await.unwrap();
    assert_eq!((due(&*store, 59).await, due(&*store, 60).await), (vec![], vec!["b".to_owned()]));
    let open = store.open_pings().await.unwrap();
    assert_eq!((open.len(), open[0].attempts, open[0].problem.as_deref()), (1, 1, Some("no answer")));
    assert_eq!((open[0].since, open[0].next), (now(), Some(later(60))));
    // One that was held back keeps what was wanted; one that left is forgotten.
    store.want_pings(&[topic("b", None, false)], later(1)).await.unwrap();
    assert_eq!(due(&*store, 60).await, ["b"]);
    store.want_pings(&[], later(2)).await.unwrap();
    assert!(store.open_pings().await.unwrap().is_empty());
}

async fn a_version_takes_the_place_of_one_that_waits(place: Place) {
    let store = place.open().await;
    store.want_pings(&[topic("a", Some("1"), true)], now()).await.unwrap();
    store.settle_pings(&[settled("a", None)]).await.unwrap();
    store.want_pings(&[topic("a", Some("2"), true)], later(1)).await.unwrap();
    store.settle_pings(&[settled("a", Some(600))]).await.unwrap();
    store.want_pings(&[topic("a", Some("2"), false)], later(2)).await.unwrap();
    assert!(due(&*store, 2).await.is_empty(), "the same waits on");
    store.want_pings(&[topic("a", Some("3"), true)], later(3)).await.unwrap();
    let waiting = store.due_pings(later(3)).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].attempts, waiting[0].since), (1, 0, later(3)));
    store.want_pings(&[topic("a", Some("1"), true)], later(4)).await.unwrap();
    assert!(store.open_pings().await.unwrap().is_empty(), "the hub knows that one");
}

async fn keys_are_made_once_and_one_to_sign_with_stays(place: Place) {
    let store = place.open().await;
    let keys = store.keys(now()).await.unwrap();
    assert_eq!(
        keys.iter().map(|key| (key.number, key.secret.len())).collect::<Vec<_>>(),
        [(LASTING, 32), (1, 32)]
    );
    let again = place.open().await.keys(later(1)).await.unwrap();
    assert!(keys.iter().zip(&again).all(|(one, other)| one.secret == other.secret));
    assert!(!store.retire_key(1, now()).await.unwrap(), "the last one");
    assert_eq!(store.add_key(later(2)).await.unwrap(), 2);
    assert!(!store.retire_key(LASTING, later(3)).await.unwrap());
    assert!(store.retire_key(1, later(3)).await.unwrap());
    assert!(!store.retire_key(1, later(4)).await.unwrap());
    let keys = store.keys(now()).await.unwrap();
    assert_eq!(keys[1].retired, Some(later(3)));
    assert!(KeyRing::new(&keys).is_some());
}
