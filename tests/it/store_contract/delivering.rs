//! Leasing, attempting, settling, recovering.

use tidings::delivery::settings::OnUncertain;
use tidings::delivery::state::{Settlement, Verdict};
use tidings::store::Store;
use tidings::store::deliveries::Recovered;
use tidings::subscribers::suppression::{Cause, Suppression};

use super::{Place, add, address, chosen, id, issue, later, now, on_both_stores, opened, publish};

on_both_stores!(
    what_waits_is_leased_in_order_and_once,
    whoever_left_meanwhile_is_not_attempted,
    each_verdict_leaves_its_trace,
    what_arrived_moves_the_subscriptions_that_the_issue_was_composed_for,
    what_a_dead_run_had_is_settled_by_the_policy,
    what_was_not_attempted_is_given_back_to_its_owner,
    an_issue_is_closed_once_all_is_settled,
    a_reply_about_somebody_who_was_erased_is_not_kept,
    a_reply_may_hold_anything,
);

fn settled(delivery: i64, verdict: Verdict) -> Settlement {
    Settlement { delivery, at: later(5), verdict }
}

/// Leases and attempts all that waits.
async fn attempted(store: &dyn Store) -> Vec<i64> {
    let leased = store.lease("me", 99, later(1)).await.unwrap();
    let ids: Vec<i64> = leased.iter().map(|one| one.delivery).collect();
    let mut allowed = store.record_attempts(&ids, &[], later(2)).await.unwrap();
    allowed.sort_unstable();
    assert_eq!(allowed, ids);
    ids
}

async fn state(store: &dyn Store, who: &str) -> (String, Option<String>, u32) {
    let chapter = store.story(id(store, who).await).await.unwrap().remove(0);
    (chapter.state.as_str().to_owned(), chapter.reason, chapter.attempts)
}

async fn what_waits_is_leased_in_order_and_once(place: Place) {
    let store = place.open().await;
    let number = opened(&*store, &["c@example.org", "a@example.org", "b@example.org"]).await;
    let first = store.lease("me", 2, now()).await.unwrap();
    let second = store.lease("you", 2, now()).await.unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    assert!(store.lease("me", 2, now()).await.unwrap().is_empty());
    let one = &first[0];
    assert_eq!((one.issue, one.edition.as_str(), one.attempts, one.opened), (number, "one", 0, now()));
    assert_eq!(one.subscriber, id(&*store, &one.address.to_string()).await);
    assert_eq!(store.waiting(now()).await.unwrap().in_hand, 3);
}

async fn whoever_left_meanwhile_is_not_attempted(place: Place) {
    let store = place.open().await;
    let all = ["gone@example.org", "never@example.org", "other@example.org", "stays@example.org"];
    opened(&*store, &all).await;
    let mut more = super::person("other@example.org", &[]);
    more.choices = vec![("daily".to_owned(), super::choice("*"))];
    store.add_subscribers(&[more], now()).await.unwrap();
    let leased = store.lease("me", 9, now()).await.unwrap();
    store.unsubscribe(&[address("gone@example.org")], "test", now()).await.unwrap();
    let why = Suppression { cause: Cause::Complaint, reason: "complained".to_owned() };
    store.suppress(&address("never@example.org"), &why, "test", now()).await.unwrap();
    store.leave(id(&*store, "other@example.org").await, Some("weekly"), "link", now()).await.unwrap();
    let ids: Vec<i64> = leased.iter().map(|one| one.delivery).collect();
    let allowed = store.record_attempts(&ids, &[], later(1)).await.unwrap();
    let stays = leased.iter().find(|one| one.address == address("stays@example.org")).unwrap();
    assert_eq!(allowed, [stays.delivery]);
    let cancelled = |reason: &str| ("cancelled".to_owned(), Some(reason.to_owned()), 0);
    assert_eq!(state(&*store, "gone@example.org").await, cancelled("unsubscribed"));
    assert_eq!(state(&*store, "never@example.org").await, cancelled("suppressed: complained"));
    assert_eq!(state(&*store, "other@example.org").await, cancelled("left this digest"));
    assert_eq!(store.record_attempts(&ids, &[], later(2)).await.unwrap(), [0_i64; 0], "each is begun once");
}

async fn each_verdict_leaves_its_trace(place: Place) {
    let store = place.open().await;
    let all = [
        "a@example.org",
        "b@example.org",
        "c@example.org",
        "d@example.org",
        "e@example.org",
        "f@example.org",
    ];
    let number = opened(&*store, &all).await;
    let ids = attempted(&*store).await;
    let text = |text: &str| text.to_owned();
    let verdicts = [
        Verdict::Sent { reply: text("250 taken") },
        Verdict::Deferred { reason: text("450 later"), next: later(60) },
        Verdict::Released { reason: text("no connection"), next: later(30) },
        Verdict::Failed { reason: text("550 no such box") },
        Verdict::Again { reason: text("connection lost"), next: later(90) },
        Verdict::Held { reason: text("connection lost") },
    ];
    let settlements: Vec<_> = ids.iter().zip(verdicts).map(|(id, verdict)| settled(*id, verdict)).collect();
    assert_eq!(store.record_attempts(&[], &settlements, later(5)).await.unwrap(), [0_i64; 0]);
    let mut found = Vec::new();
    for who in all {
        let (state, reason, attempts) = state(&*store, who).await;
        found.push(format!("{state} {attempts} {} {}", reason.unwrap(), chosen(&*store, who).await.join("")));
    }
    assert_eq!(
        found,
        [
            "sent 1 250 taken weekly:* Served(3)",
            "deferred 1 450 later weekly:* Begun(2)",
            "planned 0 no connection weekly:* Begun(2)",
            "failed 1 550 no such box weekly:* Begun(2)",
            "planned 1 connection lost weekly:* Served(3)",
            "uncertain 1 connection lost weekly:* Served(3)",
        ]
    );
    let waiting = store.waiting(later(30)).await.unwrap();
    assert_eq!(
        (waiting.ready, waiting.deferred, waiting.next, waiting.uncertain),
        (1, 2, Some(later(60)), 1)
    );
    let failed = store.failed_since(later(5), 9).await.unwrap();
    assert_eq!(
        (failed.len(), failed[0].address.clone(), failed[0].issue),
        (1, address("d@example.org"), number)
    );
    assert!(store.failed_since(later(6), 9).await.unwrap().is_empty());
    // What may have arrived is not taken back by a new issue.
    publish(&*store, 4..=4).await;
    let next = issue(&*store, later(40), 4).await;
    assert_eq!(store.open_issue(&next).await.unwrap().superseded, 2);
    let due: Vec<_> =
        store.lease("me", 99, later(90)).await.unwrap().into_iter().map(|one| one.delivery).collect();
    assert!(due.contains(&ids[4]) && !due.contains(&ids[1]), "{due:?}");
}

async fn what_arrived_moves_the_subscriptions_that_the_issue_was_composed_for(place: Place) {
    let store = place.open().await;
    opened(&*store, &["a@example.org"]).await;
    add(&*store, &[("a@example.org", &["heart"])]).await;
    publish(&*store, 4..=5).await;
    let ids = attempted(&*store).await;
    let second = issue(&*store, later(3), 5).await;
    store.open_issue(&second).await.unwrap();
    let more = store.lease("me", 9, later(4)).await.unwrap();
    let more: Vec<i64> = more.iter().map(|one| one.delivery).collect();
    store.record_attempts(&more, &[], later(4)).await.unwrap();
    // Two issues that settle together: the later counts.
    let sent = |id| settled(id, Verdict::Sent { reply: "250".to_owned() });
    store.record_attempts(&[], &[sent(more[0]), sent(ids[0])], later(5)).await.unwrap();
    assert_eq!(chosen(&*store, "a@example.org").await, ["weekly:* Served(5)", "weekly:heart Served(5)"]);
    store.record_attempts(&[], &[sent(ids[0])], later(6)).await.unwrap();
    assert_eq!(chosen(&*store, "a@example.org").await[0], "weekly:* Served(5)", "it never moves back");
}

async fn what_a_dead_run_had_is_settled_by_the_policy(place: Place) {
    let store = place.open().await;
    opened(&*store, &["a@example.org", "b@example.org", "c@example.org"]).await;
    let leased = store.lease("me", 2, now()).await.unwrap();
    store.record_attempts(&[leased[0].delivery], &[], now()).await.unwrap();
    let found = store.recover(OnUncertain::Resend, later(9)).await.unwrap();
    assert_eq!(found, Recovered { released: 1, resent: 1, held: 0 });
    assert_eq!(store.lease("me", 9, later(9)).await.unwrap().len(), 3);
    store.record_attempts(&[leased[0].delivery], &[], later(9)).await.unwrap();
    let found = store.recover(OnUncertain::Hold, later(9)).await.unwrap();
    assert_eq!(found, Recovered { released: 2, resent: 0, held: 1 });
    assert_eq!(store.recover(OnUncertain::Hold, later(9)).await.unwrap(), Recovered::default());
    let who = leased[0].address.to_string();
    let (state, reason, attempts) = state(&*store, &who).await;
    let expected = "the run ended before the server's answer was recorded";
    assert_eq!((state.as_str(), reason.as_deref(), attempts), ("uncertain", Some(expected), 2));
    assert_eq!(chosen(&*store, &who).await, ["weekly:* Served(3)"]);
}

async fn what_was_not_attempted_is_given_back_to_its_owner(place: Place) {
    let store = place.open().await;
    opened(&*store, &["a@example.org", "b@example.org", "c@example.org"]).await;
    let mine = store.lease("me", 2, now()).await.unwrap();
    store.lease("you", 1, now()).await.unwrap();
    store.record_attempts(&[mine[0].delivery], &[], now()).await.unwrap();
    assert_eq!(store.release("me").await.unwrap(), 1);
    assert_eq!(store.release("me").await.unwrap(), 0);
    assert_eq!(store.lease("me", 9, now()).await.unwrap().len(), 1);
}

async fn an_issue_is_closed_once_all_is_settled(place: Place) {
    let store = place.open().await;
    let number = opened(&*store, &["a@example.org", "b@example.org"]).await;
    let ids = attempted(&*store).await;
    let sent = |id| settled(id, Verdict::Sent { reply: "250".to_owned() });
    store.record_attempts(&[], &[sent(ids[0])], later(5)).await.unwrap();
    assert_eq!(store.close_issues().await.unwrap(), 0);
    store.record_attempts(&[], &[sent(ids[1])], later(5)).await.unwrap();
    assert_eq!(store.close_issues().await.unwrap(), 1);
    assert_eq!(store.close_issues().await.unwrap(), 0);
    assert_eq!(store.issue_status(number).await.unwrap().unwrap().state, "closed");
}

async fn a_reply_about_somebody_who_was_erased_is_not_kept(place: Place) {
    let store = place.open().await;
    opened(&*store, &["a@example.org"]).await;
    let a = id(&*store, "a@example.org").await;
    let ids = attempted(&*store).await;
    store.erase(&address("a@example.org"), "p", later(3)).await.unwrap();
    let reply = Verdict::Failed { reason: "550 a@example.org is no more".to_owned() };
    store.record_attempts(&[], &[settled(ids[0], reply)], later(5)).await.unwrap();
    let trace = store.story(a).await.unwrap();
    assert_eq!((trace[0].state.as_str(), trace[0].reason.as_deref()), ("failed", Some("erased")));
    assert!(store.failed_since(now(), 9).await.unwrap().is_empty());
}

async fn a_reply_may_hold_anything(place: Place) {
    let store = place.open().await;
    opened(&*store, &["a@example.org"]).await;
    let ids = attempted(&*store).await;
    let reply = Verdict::Failed { reason: "550 \"\\u0000\" 'ü' \u{1F600} \u{7}\0.".to_owned() };
    store.record_attempts(&[], &[settled(ids[0], reply)], later(5)).await.unwrap();
    let (state, reason, _) = state(&*store, "a@example.org").await;
    let reason = reason.unwrap().replace('\0', "\u{fffd}");
    assert_eq!((state.as_str(), reason.as_str()), ("failed", "550 \"\\u0000\" 'ü' \u{1F600} \u{7}\u{fffd}."));
}
