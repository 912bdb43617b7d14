//! The store as a whole: its tables, a moment of it, a copy, and going on with an old one.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Connection, PgConnection, SqliteConnection};
use tidings::jobs::copy_store;
use tidings::store::Store;
use tidings::store::history::{self, mark_backup};
use tidings::store::resuming::{Lost, resume};
use tidings::store::soundness;
use tidings::store::whole::{TABLES, Value};
use tidings::subscribers::suppression::{Cause, Suppression};

use super::{Place, add, address, chosen, happened, id, issue, later, now, on_both_stores, opened, publish};

on_both_stores!(
    every_column_of_every_table_is_copied,
    a_moment_stays_as_it_was_while_others_write,
    a_copy_has_the_same_rows_and_gives_no_number_twice,
    a_copy_goes_into_an_empty_store_alone,
    what_waited_in_an_old_copy_counts_as_sent,
    a_store_that_is_used_holds_together,
);

async fn every_column_of_every_table_is_copied(place: Place) {
    place.open().await.close().await;
    let found: Vec<String> = match &place {
        Place::File(folder) => {
            let file = folder.path().join("store");
            let mut connection =
                SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
            sqlx::query_scalar(
                "SELECT m.name || '.' || c.name || CASE c.type WHEN 'INTEGER' THEN '#' ELSE '' END
                 FROM sqlite_master m, pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> '_sqlx_migrations'",
            )
            .fetch_all(&mut connection)
            .await
            .unwrap()
        }
        Place::Server(database) => {
            let mut connection = PgConnection::connect(&database.owners_address()).await.unwrap();
            sqlx::query_scalar(
                "SELECT table_name || '.' || column_name || CASE data_type WHEN 'bigint' THEN '#' ELSE '' END
                 FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name <> '_sqlx_migrations'",
            )
            .fetch_all(&mut connection)
            .await
            .unwrap()
        }
    };
    let known = TABLES
        .iter()
        .flat_map(|table| table.columns.split(' ').map(move |column| format!("{}.{column}", table.name)));
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), known.collect::<BTreeSet<_>>());
}

async fn a_moment_stays_as_it_was_while_others_write(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    add(&*one, &[("a@example.org", &["*"])]).await;
    let mut moment = one.as_it_is().await.unwrap();
    let before = copy_store::sums(&mut *moment, &|_| {}).await.unwrap();
    add(&*other, &[("b@example.org", &["*"])]).await;
    assert_eq!(copy_store::sums(&mut *moment, &|_| {}).await.unwrap(), before);
    let mut now = other.as_it_is().await.unwrap();
    assert_ne!(copy_store::sums(&mut *now, &|_| {}).await.unwrap(), before);
}

/// A store with something in each table that matters.
async fn lived(store: &dyn Store) {
    let issue = opened(store, &["a@example.org", "b@example.org", "o'c@example.org"]).await;
    let leased = store.lease("me", 2, now()).await.unwrap();
    store.record_attempts(&[leased[0].delivery], &[], later(1)).await.unwrap();
    let why = Suppression { cause: Cause::Operator, reason: "line\none \\ \"two\"".to_owned() };
    store.suppress(&address("b@example.org"), &why, "test", later(2)).await.unwrap();
    store.keys(now()).await.unwrap();
    store.record_told(&["a hash".to_owned()]).await.unwrap();
    assert_eq!(issue, 1);
}

async fn a_copy_has_the_same_rows_and_gives_no_number_twice(place: Place) {
    let store = place.open().await;
    lived(&*store).await;
    let last = id(&*store, "o'c@example.org").await;
    store.erase(&address("o'c@example.org"), "p", later(3)).await.unwrap();
    let from = copy_store::sums(&mut *store.as_it_is().await.unwrap(), &|_| {}).await.unwrap();
    for kind in [Place::file(), Place::server().await] {
        let other = kind.open().await;
        let mut tables = other.to_change().await.unwrap();
        let mut original = store.as_it_is().await.unwrap();
        let sums = copy_store::copy(&mut *original, &mut *tables, &|_| {}).await.unwrap();
        tables.keep().await.unwrap();
        drop(original);
        assert_eq!(sums, from);
        assert_eq!(chosen(&*other, "a@example.org").await, chosen(&*store, "a@example.org").await);
        assert_eq!(happened(&*other, "b@example.org").await, happened(&*store, "b@example.org").await);
        add(&*other, &[("new@example.org", &["*"])]).await;
        assert!(id(&*other, "new@example.org").await > last, "a number is never given twice");
        assert_eq!(soundness::findings(&*other).await.unwrap(), Vec::<String>::new());
    }
}

async fn a_copy_goes_into_an_empty_store_alone(place: Place) {
    let (from, to) = (Place::file(), place);
    let (from, to) = (from.open().await, to.open().await);
    add(&*to, &[("a@example.org", &["*"])]).await;
    let mut tables = to.to_change().await.unwrap();
    let mut original = from.as_it_is().await.unwrap();
    let error = copy_store::copy(&mut *original, &mut *tables, &|_| {}).await.unwrap_err();
    assert!(error.to_string().contains("there is a store already"), "{error}");
}

async fn what_waited_in_an_old_copy_counts_as_sent(place: Place) {
    let store = place.open().await;
    opened(&*store, &["a@example.org", "b@example.org"]).await;
    let before = history::named(&*store).await.unwrap();
    let mut tables = store.to_change().await.unwrap();
    mark_backup(&mut *tables, now()).await.unwrap();
    tables.keep().await.unwrap();
    assert_eq!(history::history(&*store).await.unwrap().backup.as_deref(), Some("2026-06-01T07:00:00+00:00"));
    // What the copy does not know of, and knows again now.
    publish(&*store, 4..=5).await;
    let lost = |digests| Lost {
        why: "the disk broke",
        digests,
        held: &[],
        counters: BTreeMap::from([("issues".to_owned(), 7), ("subscribers".to_owned(), 100)]),
    };
    let resumed = resume(&*store, &lost(vec![]), later(5)).await.unwrap();
    assert_eq!((resumed.cancelled, resumed.moved), (2, 0));
    assert_eq!(chosen(&*store, "a@example.org").await, ["weekly:* Served(3)"]);
    assert!(store.lease("me", 9, later(6)).await.unwrap().is_empty());
    let trace = store.story(id(&*store, "a@example.org").await).await.unwrap();
    let expected = "may have arrived: an older copy took the store's place (the disk broke)";
    assert_eq!((trace[0].state.as_str(), trace[0].reason.as_deref()), ("cancelled", Some(expected)));

    let after = history::history(&*store).await.unwrap();
    assert_eq!((after.backup, after.counters["issues"]), (None, 7));
    assert_ne!(after.store, before.store);
    let resumed = resume(&*store, &lost(vec![("weekly".to_owned(), later(9))]), later(9)).await.unwrap();
    assert_eq!((resumed.cancelled, resumed.moved), (0, 2));
    assert_eq!(chosen(&*store, "b@example.org").await, ["weekly:* Served(5)"]);
    assert_eq!(store.handled_until("weekly", now()).await.unwrap(), later(9));
    add(&*store, &[("c@example.org", &["*"])]).await;
    assert_eq!(id(&*store, "c@example.org").await, 101);
    publish(&*store, 6..=6).await;
    let next = issue(&*store, later(3600), 6).await;
    assert_eq!(store.open_issue(&next).await.unwrap().issue, 8);
}

async fn a_store_that_is_used_holds_together(place: Place) {
    let store = place.open().await;
    lived(&*store).await;
    assert_eq!(soundness::findings(&*store).await.unwrap(), Vec::<String>::new());
    let mut tables = store.to_change().await.unwrap();
    for statement in ["UPDATE issues SET state = 'closed'", "UPDATE digests SET handled = 5"] {
        tables.change(statement, &[]).await.unwrap();
    }
    let statement = "UPDATE subscriptions SET served = $1 WHERE digest = $2";
    tables.change(statement, &[99.into(), Value::from("weekly")]).await.unwrap();
    tables.keep().await.unwrap();
    let expected = [
        "2 deliveries wait, of issues that are dealt with",
        "3 subscriptions count as served with articles that there are not",
        "1 issues are newer than the moment up to which their digest has been dealt with",
    ];
    let found = soundness::findings(&*store).await.unwrap();
    assert_eq!(found[1..], expected[1..], "{found:?}");
    assert!(found[0].ends_with("deliveries wait, of issues that are dealt with"), "{found:?}");
}
