//! Looking at issues, holding, releasing and stopping them.

use tidings::digest::issue::Fate;
use tidings::store::editorial::Decided;

use super::{Place, add, edition, id, issue, later, now, on_both_stores, opened, publish};

on_both_stores!(
    an_issue_tells_its_editions_those_of_most_readers_first,
    an_issue_that_is_held_waits_until_it_is_released,
    a_cancelled_issue_reaches_nobody_else,
    what_may_have_arrived_is_not_cancelled,
    the_archive_has_what_went_out_newest_first,
);

async fn an_issue_tells_its_editions_those_of_most_readers_first(place: Place) {
    let store = place.open().await;
    publish(&*store, 1..=3).await;
    add(
        &*store,
        &[("a@example.org", &["heart"]), ("b@example.org", &["sleep"]), ("c@example.org", &["sleep"])],
    )
    .await;
    let mut new = issue(&*store, now(), 3).await;
    new.editions.push(edition("two", vec![1]));
    new.cohorts[1].fate = Fate::Mailed("two".to_owned());
    let number = store.open_issue(&new).await.unwrap().issue;
    let trace = store.issue(number).await.unwrap().unwrap();
    let editions: Vec<_> =
        trace.editions.iter().map(|one| (one.key.as_str(), one.deliveries, one.html_bytes)).collect();
    assert_eq!((trace.opened, editions), (now(), vec![("two", 2, 9), ("one", 1, 9)]));
    let frozen = store.editions(number).await.unwrap();
    assert_eq!(frozen.iter().map(|one| one.edition.key.as_str()).collect::<Vec<_>>(), ["two", "one"]);
    assert!(store.issue(number + 1).await.unwrap().is_none());
}

async fn an_issue_that_is_held_waits_until_it_is_released(place: Place) {
    let store = place.open().await;
    let number = opened(&*store, &["a@example.org", "b@example.org"]).await;
    assert_eq!(store.lease("me", 1, now()).await.unwrap().len(), 1);
    assert_eq!(store.hold(number).await.unwrap(), Decided::Done(2));
    assert_eq!(store.hold(number).await.unwrap(), Decided::Already);
    assert!(store.lease("me", 9, now()).await.unwrap().is_empty());
    let waiting = store.waiting(now()).await.unwrap();
    assert_eq!((waiting.ready, waiting.held, waiting.in_hand), (0, 2, 0));
    assert_eq!(store.release_issue(number).await.unwrap(), Decided::Done(2));
    assert_eq!(store.release_issue(number).await.unwrap(), Decided::Already);
    assert_eq!(store.lease("me", 9, now()).await.unwrap().len(), 2);
    assert_eq!(store.hold(number + 1).await.unwrap(), Decided::Nothing);
}

async fn a_cancelled_issue_reaches_nobody_else(place: Place) {
    let store = place.open().await;
    let number = opened(&*store, &["a@example.org", "b@example.org"]).await;
    assert_eq!(store.cancel(number, "a wrong figure", later(1)).await.unwrap(), Decided::Done(2));
    assert_eq!(store.cancel(number, "again", later(1)).await.unwrap(), Decided::Already);
    assert_eq!(store.release_issue(number).await.unwrap(), Decided::TooLate("cancelled".to_owned()));
    assert!(store.lease("me", 9, later(9)).await.unwrap().is_empty());
    let status = store.issue_status(number).await.unwrap().unwrap();
    assert_eq!((status.state.as_str(), status.reason.as_deref()), ("cancelled", Some("a wrong figure")));
    let trace = store.story(id(&*store, "a@example.org").await).await.unwrap();
    assert_eq!(trace[0].reason.as_deref(), Some("the issue was cancelled: a wrong figure"));
}

async fn what_may_have_arrived_is_not_cancelled(place: Place) {
    use tidings::delivery::settings::OnUncertain;
    let store = place.open().await;
    let number = opened(&*store, &["a@example.org", "b@example.org"]).await;
    let leased = store.lease("me", 1, now()).await.unwrap();
    store.record_attempts(&[leased[0].delivery], &[], now()).await.unwrap();
    store.recover(OnUncertain::Resend, later(1)).await.unwrap();
    assert_eq!(store.cancel(number, "a wrong figure", later(2)).await.unwrap(), Decided::Done(2));
    let counts = store.issue_status(number).await.unwrap().unwrap().deliveries;
    let counts: Vec<_> = counts.iter().map(|(state, many)| (state.as_str(), *many)).collect();
    assert_eq!(counts, [("uncertain", 1), ("cancelled", 1)]);
    // It went out to somebody, perhaps.
    assert_eq!(store.public_issues("weekly").await.unwrap().len(), 1);
}

async fn the_archive_has_what_went_out_newest_first(place: Place) {
    let store = place.open().await;
    let first = opened(&*store, &["a@example.org"]).await;
    publish(&*store, 4..=6).await;
    let mut second = issue(&*store, later(60), 6).await;
    second.editions[0].contents[0].articles = vec![6, 4, 99, 5];
    let second = store.open_issue(&second).await.unwrap().issue;
    let mut third = issue(&*store, later(120), 6).await;
    third.held_back = true;
    store.open_issue(&third).await.unwrap();
    let sent = store.public_issues("weekly").await.unwrap();
    assert_eq!(
        sent.iter().map(|one| (one.issue, one.slot)).collect::<Vec<_>>(),
        [(second, later(60)), (first, now())]
    );
    let lead = sent[0].lead.as_ref().unwrap();
    let titles = [6, 4, 5].map(|number| format!("Article \"{number}\" \\ ü"));
    assert_eq!(
        (lead.key.as_str(), lead.subject.as_str(), &lead.titles[..]),
        ("one", "Issue with one", &titles[..])
    );
    assert!(store.public_issues("daily").await.unwrap().is_empty());
}
