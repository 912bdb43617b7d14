//! Opening issues: slots, audiences, cohorts, what is owed.

use tidings::digest::issue::Fate;
use tidings::digest::wish::{Wish, WishList};
use tidings::mail::name::DisplayName;
use tidings::schedule::reader_clock::ReaderClock;
use tidings::store::Store;
use tidings::subscribers::preferences::Preferences;
use tidings::subscribers::subscriber::State;
use tidings::subscribers::subscription::Progress;
use tidings::subscribers::suppression::{Cause, Suppression};

use super::{
    Place, add, address, at, choice, chosen, edition, id, issue, later, letterhead, now, on_both_stores,
    opened, person, publish,
};

on_both_stores!(
    a_digest_is_dealt_with_from_the_moment_it_was_first_seen,
    slots_that_passed_are_on_record_once,
    readers_with_equal_wishes_and_language_are_one_group,
    those_who_get_nothing_are_named_with_the_reason,
    opening_makes_a_delivery_for_each_with_its_fate,
    a_slot_has_one_issue,
    a_frozen_edition_comes_back_as_it_was,
    a_new_issue_takes_the_place_of_what_was_not_delivered,
    mails_wait_for_the_hour_of_their_readers,
    whoever_chose_anew_while_an_issue_was_composed_waits_for_the_next,
    articles_that_were_held_out_are_owed_and_count_anew_when_they_are_back,
    subscriptions_begin_where_their_first_issue_began,
    the_edition_at_hand_is_the_readers_own_or_that_of_most,
);

async fn a_digest_is_dealt_with_from_the_moment_it_was_first_seen(place: Place) {
    let store = place.open().await;
    assert_eq!(store.peek_handled_until("weekly", now()).await.unwrap(), now());
    assert_eq!(store.handled_until("weekly", later(5)).await.unwrap(), later(5));
    assert_eq!(store.handled_until("weekly", later(9)).await.unwrap(), later(5));
    assert_eq!(store.peek_handled_until("weekly", later(9)).await.unwrap(), later(5));
}

async fn slots_that_passed_are_on_record_once(place: Place) {
    let store = place.open().await;
    let slots =
        [(later(1), "missed: 13 hours late".to_owned()), (later(2), "nothing new for anybody".to_owned())];
    store.record_passed("weekly", &slots, later(3)).await.unwrap();
    store.record_passed("weekly", &slots[..1], later(3)).await.unwrap();
    store.record_passed("weekly", &[], later(3)).await.unwrap();
    assert_eq!(store.handled_until("weekly", later(3)).await.unwrap(), later(2), "it never moves back");
    let statuses = store.issue_statuses(9).await.unwrap();
    let shown: Vec<_> =
        statuses.iter().map(|one| (one.slot, one.state.as_str(), one.reason.as_deref())).collect();
    assert_eq!(
        shown,
        [
            (later(2), "empty", Some("nothing new for anybody")),
            (later(1), "missed", Some("missed: 13 hours late"))
        ]
    );
}

async fn readers_with_equal_wishes_and_language_are_one_group(place: Place) {
    let store = place.open().await;
    add(&*store, &[("a@example.org", &["sleep", "heart"]), ("b@example.org", &["heart", "sleep"])]).await;
    let mut german = person("c@example.org", &["heart", "sleep"]);
    german.language = Some("de".parse().unwrap());
    let mut pending = person("d@example.org", &["heart"]);
    pending.state = State::Pending;
    store
        .add_subscribers(&[german, pending, person("e@example.org", &["b-a", "b", "*"])], now())
        .await
        .unwrap();
    let audience = store.audience("weekly").await.unwrap();
    let found: Vec<_> = audience
        .iter()
        .map(|group| {
            let choices: Vec<_> = group.wishes.wishes.iter().map(|wish| wish.choice.to_string()).collect();
            (choices.join(" "), group.wishes.language.as_ref().map(ToString::to_string), group.subscribers)
        })
        .collect();
    let expected = [("* b b-a", None, 1), ("heart sleep", None, 2), ("heart sleep", Some("de"), 1)];
    assert_eq!(
        found,
        expected.map(|(text, language, many)| (text.to_owned(), language.map(str::to_owned), many))
    );
    let members = store.members("weekly", 9).await.unwrap();
    let wishes: Vec<_> = audience.iter().map(|group| &group.wishes).collect();
    assert_eq!(members.iter().map(|(wishes, _)| wishes).collect::<Vec<_>>(), wishes);
    assert_eq!(members[1].1, ["a@example.org", "b@example.org"].map(address));
    assert_eq!(store.members("weekly", 1).await.unwrap()[1].1, [address("a@example.org")]);
    assert!(store.audience("daily").await.unwrap().is_empty());
}

async fn those_who_get_nothing_are_named_with_the_reason(place: Place) {
    let store = place.open().await;
    let mut pending = person("a@example.org", &["heart"]);
    pending.state = State::Pending;
    store.add_subscribers(&[pending], now()).await.unwrap();
    add(
        &*store,
        &[("b@example.org", &["heart"]), ("c@example.org", &["heart"]), ("d@example.org", &["heart"])],
    )
    .await;
    store.unsubscribe(&[address("b@example.org")], "test", now()).await.unwrap();
    let why = Suppression { cause: Cause::Operator, reason: "by letter".to_owned() };
    store.suppress(&address("c@example.org"), &why, "test", now()).await.unwrap();
    let excluded = store.excluded("weekly").await.unwrap();
    let excluded: Vec<_> =
        excluded.iter().map(|one| (one.address.to_string(), one.reason.as_str())).collect();
    assert_eq!(
        excluded,
        [
            ("a@example.org".to_owned(), "has not confirmed yet"),
            ("b@example.org".to_owned(), "unsubscribed"),
            ("c@example.org".to_owned(), "suppressed: by letter")
        ]
    );
}

async fn opening_makes_a_delivery_for_each_with_its_fate(place: Place) {
    let store = place.open().await;
    publish(&*store, 1..=3).await;
    add(
        &*store,
        &[("a@example.org", &["heart"]), ("b@example.org", &["sleep"]), ("c@example.org", &["heart"])],
    )
    .await;
    let why = Suppression { cause: Cause::Operator, reason: "by letter".to_owned() };
    let mut new = issue(&*store, now(), 3).await;
    new.cohorts[1].fate = Fate::Spared("nothing new in sleep".to_owned());
    store.suppress(&address("c@example.org"), &why, "test", now()).await.unwrap();
    let opened = store.open_issue(&new).await.unwrap();
    assert_eq!((opened.planned, opened.spared, opened.superseded), (1, 2, 0));
    assert_eq!(store.handled_until("weekly", later(9)).await.unwrap(), now());
    let told = async |who: &str| {
        let chapter = store.story(id(&*store, who).await).await.unwrap().remove(0);
        (chapter.state.as_str(), chapter.reason)
    };
    assert_eq!(told("a@example.org").await, ("planned", None));
    assert_eq!(told("b@example.org").await, ("cancelled", Some("nothing new in sleep".to_owned())));
    assert_eq!(told("c@example.org").await, ("cancelled", Some("suppressed: by letter".to_owned())));
    let status = store.issue_status(opened.issue).await.unwrap().unwrap();
    let counts: Vec<_> = status.deliveries.iter().map(|(state, many)| (state.as_str(), *many)).collect();
    assert_eq!((status.state.as_str(), counts), ("open", vec![("planned", 1), ("cancelled", 2)]));
    assert!(store.issue_status(opened.issue + 1).await.unwrap().is_none());
}

async fn a_slot_has_one_issue(place: Place) {
    let store = place.open().await;
    opened(&*store, &["a@example.org"]).await;
    let again = issue(&*store, now(), 3).await;
    assert!(store.open_issue(&again).await.is_err());
    assert_eq!(store.issue_statuses(9).await.unwrap().len(), 1);
}

async fn a_frozen_edition_comes_back_as_it_was(place: Place) {
    let store = place.open().await;
    let issue = opened(&*store, &["a@example.org"]).await;
    let frozen = store.frozen(issue, "one").await.unwrap();
    assert_eq!((frozen.edition, frozen.letterhead), (edition("one", vec![3]), letterhead()));
    assert!(store.frozen(issue, "two").await.is_err());
}

async fn a_new_issue_takes_the_place_of_what_was_not_delivered(place: Place) {
    let store = place.open().await;
    let first = opened(&*store, &["a@example.org", "b@example.org"]).await;
    publish(&*store, 4..=4).await;
    store.unsubscribe(&[address("b@example.org")], "test", now()).await.unwrap();
    let second = issue(&*store, later(60), 4).await;
    let second = store.open_issue(&second).await.unwrap();
    assert_eq!((second.planned, second.superseded), (1, 1));
    let trace = store.story(id(&*store, "a@example.org").await).await.unwrap();
    assert_eq!(trace[0].issue, second.issue);
    assert_eq!((trace[1].issue, trace[1].state.as_str()), (first, "cancelled"));
    assert_eq!(trace[1].reason.as_deref(), Some(&*format!("superseded by issue {}", second.issue)));
    let other = store.story(id(&*store, "b@example.org").await).await.unwrap();
    assert_eq!(other[0].state.as_str(), "planned", "they don't get the new one");
}

async fn mails_wait_for_the_hour_of_their_readers(place: Place) {
    let store = place.open().await;
    publish(&*store, 1..=3).await;
    add(&*store, &[("a@example.org", &["*"]), ("b@example.org", &["*"])]).await;
    let mut tokyo = person("c@example.org", &["*"]);
    tokyo.time_zone = Some(chrono_tz::Asia::Tokyo);
    store.add_subscribers(&[tokyo], now()).await.unwrap();
    let wanted = Preferences {
        name: DisplayName::default(),
        language: None,
        time_zone: None,
        minute: Some(480),
        choices: vec![("weekly".to_owned(), choice("*"))],
    };
    store.prefer(id(&*store, "b@example.org").await, &wanted, "page", now()).await.unwrap();
    let clock = |zone, minute| ReaderClock { zone, minute };
    let tokyo = Some(chrono_tz::Asia::Tokyo);
    let clocks = store.reader_clocks("weekly").await.unwrap();
    assert_eq!(clocks, [clock(None, None), clock(None, Some(480)), clock(tokyo, None)]);
    let mut new = issue(&*store, now(), 3).await;
    new.not_before = vec![(clock(None, Some(480)), later(3600)), (clock(tokyo, None), later(60))];
    store.open_issue(&new).await.unwrap();
    let waiting = store.waiting(now()).await.unwrap();
    assert_eq!((waiting.ready, waiting.deferred, waiting.next), (1, 2, Some(later(60))));
    let due: Vec<_> =
        store.lease("me", 9, later(60)).await.unwrap().iter().map(|one| one.address.to_string()).collect();
    assert_eq!(due, ["a@example.org", "c@example.org"]);
}

async fn whoever_chose_anew_while_an_issue_was_composed_waits_for_the_next(place: Place) {
    let store = place.open().await;
    publish(&*store, 1..=3).await;
    add(&*store, &[("a@example.org", &["heart"]), ("b@example.org", &["heart"])]).await;
    let new = issue(&*store, now(), 3).await;
    add(&*store, &[("b@example.org", &["sleep"])]).await;
    let opened = store.open_issue(&new).await.unwrap();
    assert_eq!((opened.planned, opened.spared), (1, 1));
    let trace = store.story(id(&*store, "b@example.org").await).await.unwrap();
    let expected = "chose anew while the issue was composed; the next one has it all";
    assert_eq!(trace[0].reason.as_deref(), Some(expected));
}

async fn articles_that_were_held_out_are_owed_and_count_anew_when_they_are_back(place: Place) {
    let store = place.open().await;
    publish(&*store, 1..=5).await;
    add(&*store, &[("a@example.org", &["*"])]).await;
    let mut first = issue(&*store, now(), 3).await;
    first.held = vec![1, 3];
    store.open_issue(&first).await.unwrap();
    // The first issue began behind 2: what came before was none of it.
    assert_eq!(store.absences("weekly").await.unwrap(), [(3, None)]);
    let mut second = issue(&*store, later(60), 5).await;
    (second.held, second.returned) = (vec![2, 4], vec![3]);
    store.open_issue(&second).await.unwrap();
    assert_eq!(store.absences("weekly").await.unwrap(), [(3, Some(5)), (4, None)]);
    assert_eq!(store.absences("daily").await.unwrap(), []);
    assert_eq!(store.highest_number().await.unwrap(), 5);
}

fn wishes(text: &str, progress: Progress) -> WishList {
    WishList { wishes: vec![Wish { choice: choice(text), progress }], language: None }
}

async fn subscriptions_begin_where_their_first_issue_began(place: Place) {
    let store = place.open().await;
    publish(&*store, 1..=5).await;
    add(&*store, &[("a@example.org", &["heart"]), ("b@example.org", &["sleep"])]).await;
    let cohorts =
        vec![(wishes("heart", Progress::Fresh(Some(5))), 2), (wishes("sleep", Progress::Fresh(Some(5))), 9)];
    store.begin_subscriptions("weekly", cohorts).await.unwrap();
    store.begin_subscriptions("weekly", vec![(wishes("heart", Progress::Begun(2)), 1)]).await.unwrap();
    assert_eq!(chosen(&*store, "a@example.org").await, ["weekly:heart Begun(2)"]);
    assert_eq!(
        chosen(&*store, "b@example.org").await,
        ["weekly:sleep Begun(5)"],
        "never behind where they joined"
    );
}

async fn majority(store: &dyn Store) {
    publish(store, 1..=3).await;
    add(
        store,
        &[("a@example.org", &["heart"]), ("b@example.org", &["sleep"]), ("c@example.org", &["sleep"])],
    )
    .await;
    let mut new = issue(store, at("2026-06-01T07:00:00Z"), 3).await;
    new.editions.push(edition("two", vec![1, 2]));
    new.cohorts[1].fate = Fate::Mailed("two".to_owned());
    store.open_issue(&new).await.unwrap();
}

async fn the_edition_at_hand_is_the_readers_own_or_that_of_most(place: Place) {
    let store = place.open().await;
    let at_hand = async |who: &str| {
        let found = store.edition_at_hand("weekly", &address(who)).await.unwrap();
        found.map(|found| found.frozen.edition.key)
    };
    assert_eq!(at_hand("a@example.org").await, None);
    majority(&*store).await;
    assert_eq!(at_hand("a@example.org").await.as_deref(), Some("one"));
    assert_eq!(at_hand("nobody@example.org").await.as_deref(), Some("two"));
}
