//! Several at once: what one process does while another does the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use tidings::mail::name::DisplayName;
use tidings::store::Store;
use tidings::subscribers::request::{Confirmation, NewRequest};
use tidings::subscribers::subscriber::Added;

use super::{
    Place, add, address, choice, chosen, happened, issue, later, now, on_both_stores, opened, person, publish,
};

on_both_stores!(
    two_who_lease_at_once_never_get_the_same_delivery,
    two_who_add_the_same_people_make_one_subscriber_of_each,
    a_request_that_is_confirmed_twice_at_once_is_done_once,
    leaving_and_sending_at_once_come_one_after_the_other,
    two_who_open_the_same_slot_make_one_issue,
    two_who_begin_make_the_same_keys,
);

async fn two_who_lease_at_once_never_get_the_same_delivery(place: Place) {
    let people: Vec<String> = (0..200).map(|number| format!("p{number}@example.org")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    opened(&*place.open().await, &people).await;
    let lease = async |owner: &'static str| {
        let store = place.open().await;
        let mut all = Vec::new();
        loop {
            let leased = store.lease(owner, 7, now()).await.unwrap();
            if leased.is_empty() {
                return all;
            }
            all.extend(leased.into_iter().map(|one| one.delivery));
        }
    };
    let (one, other, third) = tokio::join!(lease("one"), lease("other"), lease("third"));
    let all: Vec<i64> = one.into_iter().chain(other).chain(third).collect();
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (200, 200));
}

async fn two_who_add_the_same_people_make_one_subscriber_of_each(place: Place) {
    let people: Vec<_> =
        (0..50).map(|number| person(&format!("p{number}@example.org"), &["heart"])).collect();
    let mut turned = people.clone();
    turned.reverse();
    let (one, other) = (place.open().await, place.open().await);
    let (first, second) =
        tokio::join!(one.add_subscribers(&people, now()), other.add_subscribers(&turned, now()));
    let both: Vec<Added> = first.unwrap().into_iter().chain(second.unwrap()).collect();
    assert_eq!(both.iter().filter(|added| **added == Added::New).count(), 50);
    assert_eq!(both.iter().filter(|added| **added == Added::Same).count(), 50);
    assert_eq!(happened(&*one, "p7@example.org").await, ["added test "]);
}

async fn a_request_that_is_confirmed_twice_at_once_is_done_once(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let asked = NewRequest {
        address: address("nora@example.org"),
        pseudonym: "p".to_owned(),
        name: DisplayName::default(),
        language: None,
        time_zone: None,
        choices: vec![("weekly".to_owned(), choice("heart"))],
        source: "form".to_owned(),
        wording: None,
        ip: None,
    };
    let request = one.receive(&asked, now()).await.unwrap();
    let (first, second) = tokio::join!(one.confirm(request, "a", now()), other.confirm(request, "b", now()));
    let both = [first.unwrap(), second.unwrap()];
    assert_eq!(both.iter().filter(|done| matches!(done, Confirmation::Done { .. })).count(), 1, "{both:?}");
    assert_eq!(happened(&*one, "nora@example.org").await.len(), 2);
}

async fn leaving_and_sending_at_once_come_one_after_the_other(place: Place) {
    let people: Vec<String> = (0..40).map(|number| format!("p{number}@example.org")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let (one, other) = (place.open().await, place.open().await);
    opened(&*one, &people).await;
    let leased = one.lease("me", 99, now()).await.unwrap();
    let addresses: Vec<_> = people.iter().map(|who| address(who)).collect();
    let send = async {
        let mut begun = 0;
        for delivery in &leased {
            begun += one.record_attempts(&[delivery.delivery], &[], later(1)).await.unwrap().len();
        }
        begun
    };
    let leave = async { other.unsubscribe(&addresses, "test", later(1)).await.unwrap() };
    let (begun, left) = tokio::join!(send, leave);
    assert_eq!(left, 40);
    let status = one.issue_statuses(1).await.unwrap().remove(0);
    let count = |word: &str| {
        status
            .deliveries
            .iter()
            .filter(|(state, _)| state.as_str() == word)
            .map(|(_, many)| *many)
            .sum::<u64>()
    };
    assert_eq!((count("attempting"), count("cancelled")), (begun as u64, 40 - begun as u64));
}

async fn two_who_open_the_same_slot_make_one_issue(place: Place) {
    let (one, other): (Arc<dyn Store>, Arc<dyn Store>) = (place.open().await, place.open().await);
    publish(&*one, 1..=3).await;
    add(&*one, &[("a@example.org", &["*"]), ("b@example.org", &["*"])]).await;
    let new = issue(&*one, now(), 3).await;
    let (first, second) = tokio::join!(one.open_issue(&new), other.open_issue(&new));
    assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|done| **done).count(), 1);
    assert_eq!(one.waiting(now()).await.unwrap().ready, 2);
    assert_eq!(chosen(&*one, "a@example.org").await, ["weekly:* Begun(2)"]);
}

async fn two_who_begin_make_the_same_keys(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let (first, second) = tokio::join!(one.keys(now()), other.keys(now()));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!((first.len(), second.len()), (2, 2));
    assert!(first.iter().zip(&second).all(|(one, other)| one.secret == other.secret));
    let (first, second) = tokio::join!(one.add_key(now()), other.add_key(now()));
    let mut both = [first.unwrap(), second.unwrap()];
    both.sort_unstable();
    assert_eq!(both, [2, 3]);
}

#[tokio::test]
async fn one_run_at_a_time_reaches_a_server_and_a_lost_lock_stops_it() {
    let place = Place::server().await;
    let (one, other) = (place.open().await, place.open().await);
    opened(&*one, &["a@example.org"]).await;
    assert!(one.hold_run().await.unwrap());
    assert!(one.hold_run().await.unwrap());
    assert!(!other.hold_run().await.unwrap());
    one.close().await;
    assert!(other.hold_run().await.unwrap());
    end_locks(place).await;
    assert!(other.lease("me", 9, now()).await.is_err(), "somebody else may have it by now");
}

/// Ends every connection that holds a lock.
async fn end_locks(place: Place) {
    let Place::Server(database) = place else { return };
    let end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = \
               (SELECT oid FROM pg_database WHERE datname = current_database())";
    tokio::task::spawn_blocking(move || database.sql(end)).await.unwrap();
}
