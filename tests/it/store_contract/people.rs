//! Subscribing, choosing, leaving, being suppressed and forgotten.

use tidings::mail::name::DisplayName;
use tidings::store::subscribers::{Departure, Filter};
use tidings::subscribers::activity::{Activity, Kind, NewActivity};
use tidings::subscribers::preferences::Preferences;
use tidings::subscribers::subscriber::{Added, State};
use tidings::subscribers::suppression::{Cause, Suppression};

use super::{
    Place, add, address, at, choice, chosen, happened, id, later, now, on_both_stores, opened, person,
    publish,
};

on_both_stores!(
    adding_says_what_became_of_each,
    what_is_not_told_again_stays_as_it_was,
    whom_the_source_says_to_have_left_or_must_not_be_mailed_is_recorded_so,
    people_are_listed_by_the_bytes_of_their_addresses_page_by_page,
    choices_begin_at_the_newest_article_once_the_ledger_has_begun,
    leaving_a_digest_and_everything,
    leaving_in_numbers_tells_how_many_were_not_gone,
    preferences_replace_what_was_chosen_and_keep_how_far_it_came,
    whoever_comes_back_has_nothing_of_what_they_chose_before,
    what_happened_is_recorded_once_for_each_mark,
    an_address_is_suppressed_once_and_freed_under_either_name,
    whoever_is_erased_leaves_a_pseudonym_alone,
    a_suppression_outlives_the_erasing_under_the_pseudonym,
    a_list_is_remembered_by_its_hash,
);

async fn adding_says_what_became_of_each(place: Place) {
    let store = place.open().await;
    add(&*store, &[("left@example.org", &["heart"])]).await;
    store.unsubscribe(&[address("left@example.org")], "test", now()).await.unwrap();
    let why = Suppression { cause: Cause::Operator, reason: "asked \"by letter\"".to_owned() };
    store.suppress(&address("never@example.org"), &why, "test", now()).await.unwrap();
    let people = [
        person("Nora@Example.org", &["heart"]),
        person("nora@example.org", &["heart"]),
        person("nora@example.org", &["heart", "sleep"]),
        person("left@example.org", &["heart"]),
        person("never@example.org", &["heart"]),
        person("omar@example.org", &["*"]),
    ];
    let added = store.add_subscribers(&people, now()).await.unwrap();
    let expected = [Added::New, Added::Same, Added::Changed, Added::Left, Added::Suppressed, Added::New];
    assert_eq!(added, expected);
    assert_eq!(store.add_subscribers(&people, now()).await.unwrap()[..3], [Added::Same; 3]);
    assert_eq!(
        chosen(&*store, "nora@example.org").await,
        ["weekly:heart Fresh(None)", "weekly:sleep Fresh(None)"]
    );
    assert_eq!(happened(&*store, "nora@example.org").await, ["added test ", "chose test "]);
    assert!(store.subscriber(&address("never@example.org")).await.unwrap().is_none());
    assert_eq!(store.add_subscribers(&[], now()).await.unwrap(), []);
}

async fn what_is_not_told_again_stays_as_it_was(place: Place) {
    let store = place.open().await;
    let mut nora = person("nora@example.org", &["heart"]);
    nora.state = State::Pending;
    nora.name = DisplayName::new("Nora Ünlü");
    nora.language = Some("de".parse().unwrap());
    nora.time_zone = Some(chrono_tz::Europe::Vienna);
    nora.since = Some(at("2024-01-01T00:00:00Z"));
    store.add_subscribers(&[nora.clone()], now()).await.unwrap();
    nora.state = State::Active;
    nora.name = DisplayName::default();
    nora.language = None;
    nora.time_zone = None;
    assert_eq!(store.add_subscribers(&[nora], later(60)).await.unwrap(), [Added::Changed]);
    let known = store.subscriber(&address("NORA@example.org")).await.unwrap().unwrap();
    assert_eq!((known.name.as_str(), known.state), ("Nora Ünlü", State::Active));
    assert_eq!((known.language.unwrap().as_str(), known.time_zone), ("de", Some(chrono_tz::Europe::Vienna)));
    assert_eq!((known.added, known.changed), (at("2024-01-01T00:00:00Z"), later(60)));
    assert_eq!(
        store.subscriber_numbered(known.id).await.unwrap().unwrap().address,
        address("nora@example.org")
    );
    assert!(store.subscriber_numbered(known.id + 1).await.unwrap().is_none());
}

async fn whom_the_source_says_to_have_left_or_must_not_be_mailed_is_recorded_so(place: Place) {
    let store = place.open().await;
    add(&*store, &[("nora@example.org", &["heart"])]).await;
    let mut gone = person("nora@example.org", &[]);
    gone.state = State::Unsubscribed;
    let mut bounced = person("omar@example.org", &["heart"]);
    bounced.suppression = Some(Suppression { cause: Cause::Bounces, reason: "no such box".to_owned() });
    let added = store.add_subscribers(&[gone.clone(), bounced.clone(), bounced], later(1)).await.unwrap();
    assert_eq!(added, [Added::Changed, Added::New, Added::Same]);
    assert_eq!(store.add_subscribers(&[gone], later(2)).await.unwrap(), [Added::Same]);
    let nora = store.subscriber(&address("nora@example.org")).await.unwrap().unwrap();
    assert_eq!((nora.state, nora.changed), (State::Unsubscribed, later(1)));
    let omar = store.subscriber(&address("omar@example.org")).await.unwrap().unwrap();
    assert_eq!(omar.suppressed.unwrap().reason, "no such box");
    assert_eq!(happened(&*store, "omar@example.org").await, ["suppressed test no such box", "added test "]);
}

async fn people_are_listed_by_the_bytes_of_their_addresses_page_by_page(place: Place) {
    let store = place.open().await;
    let people: Vec<_> =
        ["b-1@example.org", "a_z@example.org", "ab@example.org", "b+x@example.org", "b.1@example.org"]
            .map(|who| person(who, &["heart"]))
            .into();
    store.add_subscribers(&people, now()).await.unwrap();
    store.unsubscribe(&[address("ab@example.org")], "test", now()).await.unwrap();
    let why = Suppression { cause: Cause::Complaint, reason: "complained".to_owned() };
    store.suppress(&address("b.1@example.org"), &why, "test", now()).await.unwrap();
    let mut pages = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.list_subscribers(&Filter::default(), after.as_deref(), 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.address.key());
        pages.push(page.iter().map(|one| one.address.to_string()).collect::<Vec<_>>());
    }
    assert_eq!(
        pages,
        [
            vec!["a_z@example.org", "ab@example.org"],
            vec!["b+x@example.org", "b-1@example.org"],
            vec!["b.1@example.org"]
        ]
    );
    let count = async |filter: Filter| store.list_subscribers(&filter, None, 99).await.unwrap().len();
    let of = |digest: &str| Filter { digest: Some(digest.to_owned()), ..Filter::default() };
    assert_eq!((count(of("weekly")).await, count(of("daily")).await), (5, 0));
    assert_eq!(count(Filter { state: Some(State::Unsubscribed), ..Filter::default() }).await, 1);
    assert_eq!(count(Filter { suppressed: true, ..Filter::default() }).await, 1);
}

async fn choices_begin_at_the_newest_article_once_the_ledger_has_begun(place: Place) {
    let store = place.open().await;
    add(&*store, &[("early@example.org", &["heart"])]).await;
    store.record_publications(&[]).await.unwrap();
    add(&*store, &[("first@example.org", &["heart"])]).await;
    publish(&*store, 1..=7).await;
    add(&*store, &[("late@example.org", &["heart"])]).await;
    assert_eq!(chosen(&*store, "early@example.org").await, ["weekly:heart Fresh(None)"]);
    assert_eq!(chosen(&*store, "first@example.org").await, ["weekly:heart Fresh(Some(0))"]);
    assert_eq!(chosen(&*store, "late@example.org").await, ["weekly:heart Fresh(Some(7))"]);
}

async fn leaving_a_digest_and_everything(place: Place) {
    let store = place.open().await;
    let mut nora = person("nora@example.org", &["heart"]);
    nora.choices.push(("daily".to_owned(), choice("*")));
    store.add_subscribers(&[nora], now()).await.unwrap();
    let nora = id(&*store, "nora@example.org").await;
    let leave = async |digest| store.leave(nora, digest, "link", later(1)).await.unwrap();
    assert_eq!(leave(Some("monthly")).await, Departure::Before);
    assert_eq!(leave(Some("daily")).await, Departure::Digest);
    assert_eq!(leave(Some("daily")).await, Departure::Before);
    assert_eq!(leave(Some("weekly")).await, Departure::Everything);
    assert_eq!(leave(None).await, Departure::Before);
    assert_eq!(store.leave(nora + 7, None, "link", now()).await.unwrap(), Departure::Before);
    let known = store.subscriber_numbered(nora).await.unwrap().unwrap();
    assert_eq!((known.state, known.changed, known.subscriptions.len()), (State::Unsubscribed, later(1), 1));
    assert_eq!(
        happened(&*store, "nora@example.org").await,
        ["added test ", "left link daily", "left link everything"]
    );
}

async fn leaving_in_numbers_tells_how_many_were_not_gone(place: Place) {
    let store = place.open().await;
    add(&*store, &[("a@example.org", &["*"]), ("b@example.org", &["*"])]).await;
    let all = ["a@example.org", "b@example.org", "c@example.org"].map(address);
    assert_eq!(store.unsubscribe(&all[..1], "test", now()).await.unwrap(), 1);
    assert_eq!(store.unsubscribe(&all, "test", now()).await.unwrap(), 1);
    assert_eq!(happened(&*store, "a@example.org").await, ["added test ", "left test everything"]);
}

async fn preferences_replace_what_was_chosen_and_keep_how_far_it_came(place: Place) {
    let store = place.open().await;
    opened(&*store, &["nora@example.org"]).await;
    let nora = id(&*store, "nora@example.org").await;
    let wanted = |choices: &[&str]| Preferences {
        name: DisplayName::new("Nora"),
        language: Some("fr".parse().unwrap()),
        time_zone: Some(chrono_tz::Asia::Tokyo),
        minute: Some(1439),
        choices: choices.iter().map(|text| ("weekly".to_owned(), choice(text))).collect(),
    };
    assert!(store.prefer(nora, &wanted(&["*", "heart"]), "page", later(1)).await.unwrap());
    assert_eq!(
        chosen(&*store, "nora@example.org").await,
        ["weekly:* Begun(2)", "weekly:heart Fresh(Some(3))"]
    );
    let known = store.subscriber_numbered(nora).await.unwrap().unwrap();
    assert_eq!(
        (known.minute, known.time_zone, known.changed),
        (Some(1439), Some(chrono_tz::Asia::Tokyo), now())
    );
    assert!(store.prefer(nora, &wanted(&["heart"]), "page", later(2)).await.unwrap());
    assert_eq!(chosen(&*store, "nora@example.org").await, ["weekly:heart Fresh(Some(3))"]);
    assert!(store.prefer(nora, &wanted(&[]), "page", later(3)).await.unwrap());
    assert_eq!(store.subscriber_numbered(nora).await.unwrap().unwrap().state, State::Unsubscribed);
    assert!(store.prefer(nora, &wanted(&["sleep"]), "page", later(4)).await.unwrap());
    assert_eq!(chosen(&*store, "nora@example.org").await, ["weekly:sleep Fresh(Some(3))"]);
    let trace = happened(&*store, "nora@example.org").await;
    assert_eq!(
        trace[2..],
        ["chose page weekly:heart", "left page everything", "came-back page weekly:sleep"]
    );
    let why = Suppression { cause: Cause::Bounces, reason: "gone".to_owned() };
    store.suppress(&address("nora@example.org"), &why, "test", now()).await.unwrap();
    assert!(!store.prefer(nora, &wanted(&["heart"]), "page", later(5)).await.unwrap());
    assert!(!store.prefer(nora + 1, &wanted(&["heart"]), "page", later(5)).await.unwrap());
}

async fn whoever_comes_back_has_nothing_of_what_they_chose_before(place: Place) {
    let store = place.open().await;
    add(&*store, &[("nora@example.org", &["heart"])]).await;
    let who = address("nora@example.org");
    assert!(!store.come_back(&who, "test", now()).await.unwrap());
    store.unsubscribe(std::slice::from_ref(&who), "test", now()).await.unwrap();
    assert!(store.come_back(&who, "test", later(1)).await.unwrap());
    assert!(!store.come_back(&address("nobody@example.org"), "test", now()).await.unwrap());
    let known = store.subscriber(&who).await.unwrap().unwrap();
    assert_eq!((known.state, known.subscriptions.len()), (State::Active, 0));
}

async fn what_happened_is_recorded_once_for_each_mark(place: Place) {
    let store = place.open().await;
    let new = |mark: Option<&str>, seconds| NewActivity {
        address: address("nora@example.org"),
        activity: Activity {
            at: later(seconds),
            kind: Kind::SoftBounce,
            source: "mail <a@b>".to_owned(),
            detail: format!("{seconds}"),
        },
        mark: mark.map(str::to_owned),
    };
    let first = [new(Some("one"), 2), new(None, 1), new(None, 1)];
    assert_eq!(store.record_activities(&first).await.unwrap(), [true; 3]);
    let second = [new(Some("two"), 3), new(Some("one"), 4)];
    assert_eq!(store.record_activities(&second).await.unwrap(), [true, false]);
    let trace = happened(&*store, "nora@example.org").await;
    assert_eq!(trace, ["1", "1", "2", "3"].map(|detail| format!("soft-bounce mail <a@b> {detail}")));
    assert!(store.record_activities(&[]).await.unwrap().is_empty());
}

async fn an_address_is_suppressed_once_and_freed_under_either_name(place: Place) {
    let store = place.open().await;
    let who = address("nora@example.org");
    let why = |reason: &str| Suppression { cause: Cause::Complaint, reason: reason.to_owned() };
    assert!(store.suppress(&who, &why("first"), "test", now()).await.unwrap());
    assert!(!store.suppress(&who, &why("second"), "test", now()).await.unwrap());
    assert_eq!(store.suppression(&who, "nobody").await.unwrap(), Some(why("first")));
    assert_eq!(store.suppression(&address("omar@example.org"), "nobody").await.unwrap(), None);
    assert!(store.unsuppress(&who, "nobody", "was a mistake", "test", now()).await.unwrap());
    assert!(!store.unsuppress(&who, "nobody", "was a mistake", "test", now()).await.unwrap());
    let trace = happened(&*store, "nora@example.org").await;
    assert_eq!(trace, ["suppressed test first", "unsuppressed test was a mistake"]);
}

async fn whoever_is_erased_leaves_a_pseudonym_alone(place: Place) {
    let store = place.open().await;
    let issue = opened(&*store, &["nora@example.org", "omar@example.org"]).await;
    let who = address("nora@example.org");
    let nora = id(&*store, "nora@example.org").await;
    assert!(store.erase(&who, "p", later(1)).await.unwrap());
    assert!(!store.erase(&address("nobody@example.org"), "q", later(1)).await.unwrap());
    assert!(store.subscriber(&who).await.unwrap().is_none());
    assert_eq!(store.activities(&who).await.unwrap(), []);
    let trace = store.story(nora).await.unwrap();
    assert_eq!((trace[0].issue, trace[0].reason.as_deref()), (issue, Some("erased")));
    assert_eq!(store.suppression(&who, "p").await.unwrap().unwrap().cause, Cause::Erased);
    let leased = store.lease("me", 9, later(2)).await.unwrap();
    assert_eq!(leased.len(), 1, "what was to be sent to them is cancelled");
    let mut again = person("nora@example.org", &["heart"]);
    "p".clone_into(&mut again.pseudonym);
    assert_eq!(store.add_subscribers(&[again.clone()], later(2)).await.unwrap(), [Added::Erased]);
    assert!(store.unsuppress(&who, "p", "asked us", "test", later(2)).await.unwrap());
    assert_eq!(store.add_subscribers(&[again], later(3)).await.unwrap(), [Added::New]);
    assert_ne!(id(&*store, "nora@example.org").await, nora, "a number is never given twice");
}

async fn a_suppression_outlives_the_erasing_under_the_pseudonym(place: Place) {
    let store = place.open().await;
    let who = address("nora@example.org");
    let why = Suppression { cause: Cause::Complaint, reason: "nora@example.org complained".to_owned() };
    store.suppress(&who, &why, "test", now()).await.unwrap();
    assert!(store.erase(&who, "p", later(1)).await.unwrap());
    let left = store.suppression(&who, "p").await.unwrap().unwrap();
    let expected = "was erased; before that, suppressed (complaint)";
    assert_eq!((left.cause, left.reason.as_str()), (Cause::Complaint, expected));
    assert_eq!(store.suppression(&who, "other").await.unwrap(), None);
}

async fn a_list_is_remembered_by_its_hash(place: Place) {
    let store = place.open().await;
    assert_eq!(store.recorded_list().await.unwrap(), None);
    store.record_list("a").await.unwrap();
    store.record_list("b").await.unwrap();
    assert_eq!(store.recorded_list().await.unwrap().as_deref(), Some("b"));
}
