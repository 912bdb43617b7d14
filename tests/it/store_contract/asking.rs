//! Asking and confirming.

use tidings::mail::name::DisplayName;
use tidings::store::Store;
use tidings::store::requests::{Decided, LetterEnd};
use tidings::subscribers::request::{Confirmation, Letter, NewRequest};
use tidings::subscribers::subscriber::State;
use tidings::subscribers::suppression::{Cause, Suppression};

use super::{Place, add, address, choice, chosen, happened, later, now, on_both_stores, publish};

on_both_stores!(
    a_request_goes_from_received_to_confirmed,
    what_is_known_of_an_address_comes_with_its_request,
    a_request_without_a_letter_is_forgotten,
    a_letter_is_begun_once_and_tried_again_where_it_could_not_be_sent,
    nobody_who_must_not_be_mailed_gets_a_letter_or_confirms,
    whoever_was_erased_or_left_begins_anew,
    a_letter_that_was_put_off_is_given_up_once_it_must_not_go_out,
    confirming_keeps_what_was_not_said_again,
);

fn asking(who: &str, choices: &[&str]) -> NewRequest {
    NewRequest {
        address: address(who),
        pseudonym: format!("pseudonym of {who}"),
        name: DisplayName::new("Nora"),
        language: Some("de".parse().unwrap()),
        time_zone: Some(chrono_tz::Europe::Berlin),
        choices: choices.iter().map(|text| ("weekly".to_owned(), choice(text))).collect(),
        source: "form".to_owned(),
        wording: Some("w0rds".to_owned()),
        ip: Some("192.0.2.1".to_owned()),
    }
}

async fn receive(store: &dyn Store, who: &str, choices: &[&str]) -> i64 {
    store.receive(&asking(who, choices), now()).await.unwrap()
}

/// Up to the letter being sent.
async fn mailed(store: &dyn Store, who: &str, choices: &[&str]) -> i64 {
    let request = receive(store, who, choices).await;
    store.decide(&[Decided { request, letter: Some(Letter::Confirm) }], now()).await.unwrap();
    assert!(store.begin_letter(request, now()).await.unwrap());
    store.end_letter(request, &LetterEnd::Mailed).await.unwrap();
    request
}

async fn a_request_goes_from_received_to_confirmed(place: Place) {
    let store = place.open().await;
    publish(&*store, 1..=2).await;
    let request = receive(&*store, "nora@example.org", &["heart", "sleep"]).await;
    let received = store.received(9).await.unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!(
        (&received[0].0.asked, received[0].0.received),
        (&asking("nora@example.org", &["heart", "sleep"]), now())
    );
    assert!(store.due_letters(later(9), 9).await.unwrap().is_empty());
    store.decide(&[Decided { request, letter: Some(Letter::Confirm) }], later(1)).await.unwrap();
    assert!(store.received(9).await.unwrap().is_empty());
    let pending = store.subscriber(&address("nora@example.org")).await.unwrap().unwrap();
    assert_eq!((pending.state, pending.subscriptions.len()), (State::Pending, 0));
    assert!(store.due_letters(now(), 9).await.unwrap().is_empty());
    let due = store.due_letters(later(1), 9).await.unwrap();
    assert_eq!((due.len(), due[0].letter, due[0].subscriber), (1, Letter::Confirm, Some(pending.id)));
    assert!(store.begin_letter(request, later(2)).await.unwrap());
    store.end_letter(request, &LetterEnd::Mailed).await.unwrap();
    let done = store.confirm(request, "link", later(3)).await.unwrap();
    let Confirmation::Done { subscriber, request: proved } = done else { panic!("{done:?}") };
    assert_eq!((subscriber, proved.id), (pending.id, request));
    assert_eq!(
        chosen(&*store, "nora@example.org").await,
        ["weekly:heart Fresh(Some(2))", "weekly:sleep Fresh(Some(2))"]
    );
    let receipt = "weekly:heart weekly:sleep wording w0rds from 192.0.2.1";
    let trace = happened(&*store, "nora@example.org").await;
    assert_eq!(trace, [format!("asked form {receipt}"), format!("confirmed link {receipt}")]);
    let known = store.subscriber_numbered(subscriber).await.unwrap().unwrap();
    assert_eq!((known.state, known.changed), (State::Active, later(3)));
    let again = store.confirm(request, "link", later(4)).await.unwrap();
    assert_eq!(again, Confirmation::Before { subscriber: Some(subscriber) });
    assert_eq!(store.confirm(request + 7, "link", now()).await.unwrap(), Confirmation::Gone);
    assert!(store.request(request).await.unwrap().is_some());
    assert!(store.request(request + 7).await.unwrap().is_none());
}

async fn what_is_known_of_an_address_comes_with_its_request(place: Place) {
    let store = place.open().await;
    add(&*store, &[("nora@example.org", &["heart"]), ("all@example.org", &["*"])]).await;
    let why = Suppression { cause: Cause::Complaint, reason: "complained".to_owned() };
    store.suppress(&address("never@example.org"), &why, "test", now()).await.unwrap();
    store.erase(&address("all@example.org"), "pseudonym of gone@example.org", now()).await.unwrap();
    mailed(&*store, "new@example.org", &["heart"]).await;
    for (who, choices) in [
        ("nora@example.org", &["heart"][..]),
        ("nora@example.org", &["heart", "sleep"]),
        ("never@example.org", &["heart"]),
        ("gone@example.org", &["heart"]),
        ("new@example.org", &["heart"]),
    ] {
        receive(&*store, who, choices).await;
    }
    let standings: Vec<_> =
        store.received(9).await.unwrap().into_iter().map(|(_, standing)| standing).collect();
    let has_all: Vec<_> = standings.iter().map(|standing| standing.has_all).collect();
    assert_eq!(has_all, [true, false, false, false, false]);
    let states: Vec<_> = standings.iter().map(|standing| standing.state).collect();
    assert_eq!(states, [Some(State::Active), Some(State::Active), None, None, Some(State::Pending)]);
    let causes: Vec<_> = standings.iter().map(|standing| standing.suppressed).collect();
    assert_eq!(causes, [None, None, Some(Cause::Complaint), Some(Cause::Erased), None]);
    let letters: Vec<_> = standings.iter().map(|standing| standing.letter).collect();
    assert_eq!(letters, [None, None, None, None, Some(now())]);
    assert_eq!(store.received(2).await.unwrap().len(), 2);
}

async fn a_request_without_a_letter_is_forgotten(place: Place) {
    let store = place.open().await;
    let request = receive(&*store, "nora@example.org", &["heart"]).await;
    store.decide(&[Decided { request, letter: None }], now()).await.unwrap();
    assert!(store.request(request).await.unwrap().is_none());
    assert!(store.subscriber(&address("nora@example.org")).await.unwrap().is_none());
    let second = receive(&*store, "nora@example.org", &["heart"]).await;
    assert!(second > request, "a number is never given twice");
}

async fn a_letter_is_begun_once_and_tried_again_where_it_could_not_be_sent(place: Place) {
    let store = place.open().await;
    let request = receive(&*store, "nora@example.org", &["heart"]).await;
    store.decide(&[Decided { request, letter: Some(Letter::Known) }], now()).await.unwrap();
    assert!(store.begin_letter(request, now()).await.unwrap());
    assert!(!store.begin_letter(request, now()).await.unwrap());
    let end = LetterEnd::Later { reason: "greylisted".to_owned(), next: later(60) };
    store.end_letter(request, &end).await.unwrap();
    assert!(store.due_letters(later(59), 9).await.unwrap().is_empty());
    let due = store.due_letters(later(60), 9).await.unwrap();
    assert_eq!((due.len(), due[0].attempts, due[0].letter), (1, 1, Letter::Known));
    assert!(store.begin_letter(request, later(60)).await.unwrap());
    store.end_letter(request, &LetterEnd::GivenUp { reason: "no such box".to_owned() }).await.unwrap();
    assert!(store.due_letters(later(999), 9).await.unwrap().is_empty());
    assert!(!store.begin_letter(request, later(999)).await.unwrap());
}

async fn nobody_who_must_not_be_mailed_gets_a_letter_or_confirms(place: Place) {
    let store = place.open().await;
    let request = receive(&*store, "nora@example.org", &["heart"]).await;
    store.decide(&[Decided { request, letter: Some(Letter::Confirm) }], now()).await.unwrap();
    let sent = mailed(&*store, "omar@example.org", &["heart"]).await;
    let why = Suppression { cause: Cause::Operator, reason: "asked".to_owned() };
    for who in ["nora@example.org", "omar@example.org"] {
        store.suppress(&address(who), &why, "test", now()).await.unwrap();
    }
    assert!(!store.begin_letter(request, now()).await.unwrap());
    assert_eq!(store.confirm(sent, "link", now()).await.unwrap(), Confirmation::Gone);
    assert_eq!(store.subscriber(&address("omar@example.org")).await.unwrap().unwrap().state, State::Pending);
}

async fn whoever_was_erased_or_left_begins_anew(place: Place) {
    let store = place.open().await;
    add(&*store, &[("nora@example.org", &["heart"]), ("omar@example.org", &["heart"])]).await;
    store.erase(&address("nora@example.org"), "pseudonym of nora@example.org", now()).await.unwrap();
    store.unsubscribe(&[address("omar@example.org")], "test", now()).await.unwrap();
    for who in ["nora@example.org", "omar@example.org"] {
        let request = mailed(&*store, who, &["sleep"]).await;
        assert!(matches!(store.confirm(request, "link", later(1)).await.unwrap(), Confirmation::Done { .. }));
        assert_eq!(chosen(&*store, who).await, ["weekly:sleep Fresh(None)"]);
    }
    let free =
        store.suppression(&address("nora@example.org"), "pseudonym of nora@example.org").await.unwrap();
    assert_eq!(free, None);
    let trace = happened(&*store, "omar@example.org").await;
    assert!(trace.contains(&"came-back link ".to_owned()), "{trace:?}");
}

async fn confirming_keeps_what_was_not_said_again(place: Place) {
    let store = place.open().await;
    let first = mailed(&*store, "nora@example.org", &["heart"]).await;
    store.confirm(first, "link", later(1)).await.unwrap();
    let mut asked = asking("nora@example.org", &["sleep"]);
    (asked.name, asked.language, asked.time_zone) = (DisplayName::default(), None, None);
    let second = store.receive(&asked, later(2)).await.unwrap();
    assert!(matches!(store.confirm(second, "link", later(3)).await.unwrap(), Confirmation::Done { .. }));
    let known = store.subscriber(&address("nora@example.org")).await.unwrap().unwrap();
    assert_eq!((known.name.as_str(), known.language.unwrap().as_str()), ("Nora", "de"));
    assert_eq!((known.time_zone, known.changed), (Some(chrono_tz::Europe::Berlin), later(1)));
    assert_eq!(known.subscriptions.len(), 2);
}

async fn a_letter_that_was_put_off_is_given_up_once_it_must_not_go_out(place: Place) {
    let store = place.open().await;
    let letter = Some(Letter::Confirm);
    let put_off = |next| LetterEnd::Later { reason: "451 later".to_owned(), next };
    let mut requests = Vec::new();
    for who in ["nora@example.org", "otto@example.org"] {
        let request = receive(&*store, who, &["heart"]).await;
        store.decide(&[Decided { request, letter }], now()).await.unwrap();
        assert!(store.begin_letter(request, now()).await.unwrap());
        store.end_letter(request, &put_off(later(60))).await.unwrap();
        requests.push(request);
    }
    // It would have been due for ever, and whoever sends what is due would never have come to an end.
    let suppression = Suppression { cause: Cause::Operator, reason: "asked to".to_owned() };
    store.suppress(&address("nora@example.org"), &suppression, "test", later(1)).await.unwrap();
    assert!(!store.begin_letter(requests[0], later(60)).await.unwrap());
    // Asked again, and got a letter; the one of before would be the second that day.
    let again = receive(&*store, "otto@example.org", &["heart"]).await;
    store.decide(&[Decided { request: again, letter }], later(30)).await.unwrap();
    assert!(store.begin_letter(again, later(30)).await.unwrap());
    assert!(!store.begin_letter(requests[1], later(60)).await.unwrap());
    assert!(store.due_letters(later(99_999), 9).await.unwrap().is_empty());
    assert!(
        store.request(requests[1]).await.unwrap().is_some(),
        "its link is good, should it have come after all"
    );
}
