//! Forgetting what is too old, and what is read for a whole page of people.

use std::time::Duration;

use chrono::TimeDelta;
use tidings::mail::name::DisplayName;
use tidings::store::Store;
use tidings::store::requests::{Decided, LetterEnd};
use tidings::subscribers::request::{Letter, NewRequest};
use tidings::subscribers::retention::{Limits, Pruned};
use tidings::subscribers::subscriber::State;
use tidings::subscribers::suppression::{Cause, Suppression};

use super::{Place, add, address, choice, happened, later, now, on_both_stores, person};

on_both_stores!(
    what_is_too_old_is_forgotten_and_proof_of_those_who_are_subscribed_is_not,
    what_is_known_and_what_happened_is_read_for_a_page_of_people,
    the_hour_and_language_that_came_along_are_kept,
);

const DAY: Duration = Duration::from_hours(24);

/// Somebody asks from an address of the internet, and is sent a letter.
async fn asks(store: &dyn Store, who: &str) -> i64 {
    let asked = NewRequest {
        address: address(who),
        pseudonym: format!("pseudonym of {who}"),
        name: DisplayName::default(),
        language: None,
        time_zone: None,
        choices: vec![("weekly".to_owned(), choice("heart"))],
        source: "form".to_owned(),
        wording: Some("w0rds".to_owned()),
        ip: Some("192.0.2.1".to_owned()),
    };
    let request = store.receive(&asked, now()).await.unwrap();
    store.decide(&[Decided { request, letter: Some(Letter::Confirm) }], now()).await.unwrap();
    assert!(store.begin_letter(request, now()).await.unwrap());
    store.end_letter(request, &LetterEnd::Mailed).await.unwrap();
    request
}

async fn what_is_too_old_is_forgotten_and_proof_of_those_who_are_subscribed_is_not(place: Place) {
    let store = place.open().await;
    let confirmed = asks(&*store, "ana@example.org").await;
    store.confirm(confirmed, "form", now()).await.unwrap();
    let left = asks(&*store, "ben@example.org").await;
    store.confirm(left, "form", now()).await.unwrap();
    let ben = store.subscriber(&address("ben@example.org")).await.unwrap().unwrap().id;
    store.leave(ben, None, "form", now()).await.unwrap();
    asks(&*store, "eva@example.org").await;
    let before = happened(&*store, "ana@example.org").await;
    assert!(before.iter().any(|line| line.contains("from 192.0.2.1")), "{before:?}");
    assert_eq!(store.pruned_at().await.unwrap(), None);

    let limits = Limits {
        requests: Some(7 * DAY),
        pending: Some(7 * DAY),
        ips: Some(3 * DAY),
        left: Some(30 * DAY),
        deliveries: None,
    };
    let after = |days: i64| now() + TimeDelta::days(days) + TimeDelta::seconds(1);
    let pruned = store.prune(&limits, after(2)).await.unwrap();
    assert_eq!(pruned, Pruned::default());
    let pruned = store.prune(&limits, after(4)).await.unwrap();
    // Three requests; asking and confirming of ben, who left. Of eva nothing is on record before she confirms.
    assert_eq!(pruned, Pruned { ips: 3 + 2, ..Pruned::default() });
    let pruned = store.prune(&limits, after(8)).await.unwrap();
    assert_eq!((pruned.requests, pruned.pending), (3, 1));
    assert_eq!(store.subscriber(&address("eva@example.org")).await.unwrap(), None);
    let pruned = store.prune(&limits, after(31)).await.unwrap();
    assert!(pruned.left > 0, "{pruned:?}");
    let kept = store.subscriber(&address("ben@example.org")).await.unwrap().unwrap();
    assert_eq!(kept.state, State::Unsubscribed);
    assert_eq!(happened(&*store, "ben@example.org").await.len(), 1);
    assert_eq!(happened(&*store, "ana@example.org").await, before);
    assert_eq!(store.pruned_at().await.unwrap(), Some(after(31)));
}

async fn what_is_known_and_what_happened_is_read_for_a_page_of_people(place: Place) {
    let store = place.open().await;
    add(&*store, &[("ana@example.org", &["heart"]), ("ben@example.org", &["sleep"])]).await;
    store.erase(&address("ben@example.org"), "pseudonym of ben@example.org", later(1)).await.unwrap();
    let gone = Suppression { cause: Cause::Complaint, reason: "complained".to_owned() };
    for who in ["zoe@example.org", "yan@example.org"] {
        store.suppress(&address(who), &gone, "test", later(2)).await.unwrap();
    }
    let people = ["ana@example.org", "ben@example.org", "eva@example.org", "zoe@example.org"];
    let asked: Vec<_> = people.iter().map(|who| person(who, &["heart"])).collect();
    let known = store.known(&asked).await.unwrap();
    let told: Vec<_> = people
        .iter()
        .map(|who| {
            let one = &known[&address(who).key()];
            (one.subscriber.is_some(), one.is_suppressed, one.is_erased, one.choices.len())
        })
        .collect();
    assert_eq!(
        told,
        [(true, false, false, 1), (false, true, true, 0), (false, false, false, 0), (false, true, false, 0)]
    );

    let addresses: Vec<_> = people.iter().map(|who| address(who)).collect();
    let histories = store.histories(&addresses).await.unwrap();
    assert_eq!(histories.keys().collect::<Vec<_>>(), ["ana@example.org", "zoe@example.org"]);
    assert_eq!(histories["zoe@example.org"].len(), 1);

    let first = store.suppressed_strangers(None, 1).await.unwrap();
    assert_eq!(first, [(address("yan@example.org"), gone.clone())]);
    let rest = store.suppressed_strangers(Some("yan@example.org"), 9).await.unwrap();
    assert_eq!(rest, [(address("zoe@example.org"), gone)]);
}

async fn the_hour_and_language_that_came_along_are_kept(place: Place) {
    let store = place.open().await;
    let mut ana = person("ana@example.org", &["heart"]);
    ana.minute = Some(7 * 60 + 30);
    ana.time_zone = Some(chrono_tz::Asia::Tokyo);
    ana.changed = Some(later(-500));
    store.add_subscribers(&[ana], now()).await.unwrap();
    let told = store.subscriber(&address("ana@example.org")).await.unwrap().unwrap();
    assert_eq!((told.minute, told.time_zone), (Some(450), Some(chrono_tz::Asia::Tokyo)));
    assert_eq!(told.changed, later(-500));

    let mut again = person("ana@example.org", &["heart"]);
    again.minute = Some(8 * 60);
    store.add_subscribers(&[again], later(1)).await.unwrap();
    let told = store.subscriber(&address("ana@example.org")).await.unwrap().unwrap();
    assert_eq!((told.minute, told.time_zone), (Some(480), Some(chrono_tz::Asia::Tokyo)));
}
