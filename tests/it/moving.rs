//! Moving in and out: exports of other services come in, everything goes out and comes back, and the erased stay forgotten.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use tidings::jobs::export::{Form, export};
use tidings::jobs::import::{Importing, import};
use tidings::mail::name::DisplayName;
use tidings::store::custody::Custody;
use tidings::store::sqlite::SqliteStore;
use tidings::store::subscribers::Filter;
use tidings::subscribers::import::offer::Offer;
use tidings::subscribers::import::rejected::{Entry, Lines, Rejected};
use tidings::subscribers::import::tags::Tags;
use tidings::subscribers::import::{csv, json_lines};
use tidings::subscribers::key_ring::KeyRing;
use tidings::subscribers::subscriber::{NewSubscriber, State};
use tidings::subscribers::subscription::Choice;
use tidings::subscribers::suppression::{Cause, Suppression};
use tidings::subscribers::token::Signer;

use crate::support::site::{Said, Site, WEEKLY, configuration};

const NOW: &str = "2026-05-27T12:00:00Z";

fn site() -> Site {
    let site = Site::new(&configuration(WEEKLY));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    site.article("sleep/naps.md", "Naps", "2026-05-26");
    site
}

/// A fixture under its own name beside the site.
fn fixture(site: &Site, name: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exports").join(name);
    site.write(name, std::fs::read(file).unwrap());
}

/// What an import says, and whom it leaves behind, as our own CSV.
fn imported(name: &str, more: &[&str]) -> String {
    let site = site();
    fixture(&site, name);
    let arguments = [&["subscribers", "import", name, "--at", NOW], more].concat();
    let said = site.run(&arguments);
    let rehearsed = site.run(&[arguments.as_slice(), &["--dry-run"]].concat());
    assert_eq!(rehearsed.stderr.contains("rejected"), said.stderr.contains("rejected"));
    let exported = site.run(&["subscribers", "export", "--at", NOW]).expect(0).stdout;
    format!("exit {}\n{}{}\n{exported}", said.code, said.stderr, said.stdout)
}

#[test]
fn an_export_of_listmonk_comes_in_with_states_and_dates() {
    insta::assert_snapshot!(imported("listmonk.csv", &[]));
}

#[test]
fn an_audience_of_mailchimp_comes_in_with_consent_and_tags() {
    let name = "subscribed_email_audience_export_4f1.csv";
    insta::assert_snapshot!(imported(name, &["--map", "Runners, fast=sleep"]));
}

#[test]
fn mailchimps_other_files_say_by_their_columns_and_names_who_is_not_mailed() {
    let all = ["unsubscribed", "cleaned", "nonsubscribed"]
        .map(|what| imported(&format!("{what}_email_audience_export_4f1.csv"), &[]));
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn an_export_of_buttondown_comes_in_with_each_state() {
    insta::assert_snapshot!(imported("buttondown.csv", &["--map", "beta=weekly:sleep"]));
}

#[test]
fn an_export_of_ghost_comes_in_with_labels() {
    insta::assert_snapshot!(imported("ghost.csv", &[]));
}

#[test]
fn an_export_of_keila_comes_in_with_the_tags_of_its_data() {
    insta::assert_snapshot!(imported("keila.csv", &[]));
}

#[test]
fn an_export_that_a_spreadsheet_saved_is_read_all_the_same() {
    let site = site();
    let text =
        "\u{FEFF}Email\tFirst name\tLast name\tData\tStatus\r\nana@example.org\tZoë\tRoe\t{}\tactive\r\n";
    site.write("utf16.csv", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    site.write(
        "semicolons.csv",
        "\u{FEFF}\"E-mail\";name;categories\r\nbo@example.org;\"Bo; Roe\";\"heart;sleep\"\r\n",
    );
    site.write("latin.csv", b"email,name\ncy@example.org,Zo\xEB\n");
    site.run(&["subscribers", "import", "utf16.csv"]).expect(0);
    site.run(&["subscribers", "import", "semicolons.csv"]).expect(0);
    let said = site.run(&["subscribers", "import", "latin.csv"]).expect(1);
    assert!(
        said.stderr.contains("latin.csv:2: rejected: it is not UTF-8; save the file as \"CSV UTF-8\""),
        "{said:?}"
    );
    let list = site.run(&["subscribers", "list"]).expect(0).stdout;
    assert!(list.contains("ana@example.org  Zoë Roe  active  weekly:*"), "{list}");
    assert!(list.contains("bo@example.org   Bo; Roe  active  weekly:heart weekly:sleep"), "{list}");
}

#[test]
fn a_dry_run_says_what_an_import_then_does_and_writes_nothing() {
    let site = site();
    let mut lines = vec!["address,name,categories,state".to_owned()];
    // The same people again many lines later: what the first lines would do counts.
    for round in ["", "Name", "Name"] {
        lines.extend((0..4000).map(|number| format!("p{number}@example.org,{round},heart,")));
        lines.push("nobody,,,".to_owned());
        lines.push("p7@example.org,,,unsubscribed".to_owned());
    }
    site.write("people.csv", lines.join("\n"));
    let dry = ["subscribers", "import", "people.csv", "--dry-run", "--rejected", "no.csv", "--json"];
    let dry = site.run(&dry).expect(1);
    let rejected = site.read("no.csv");
    assert_eq!(site.run(&["subscribers", "list"]).expect(0).stdout.lines().count(), 1);
    let wet = site.run(&["subscribers", "import", "people.csv", "--rejected", "no.csv", "--json"]).expect(1);
    assert_eq!((&dry.stdout, &dry.stderr), (&wet.stdout, &wet.stderr));
    assert_eq!(rejected, site.read("no.csv"));
    let report = wet.json();
    assert_eq!((report["added"].as_u64(), report["changed"].as_u64()), (Some(4000), Some(4000)));
    assert_eq!((report["rejected"].as_u64(), report["left"].as_u64()), (Some(3), Some(2)));
    assert!(rejected.starts_with("line,reason,text\n4002,"), "{rejected}");
    let told: Vec<&str> = wet.stderr.lines().filter(|line| line.contains("rejected")).collect();
    assert_eq!(told.len(), 5, "{told:?}");
    let all = site.run(&["subscribers", "list", "--json"]).expect(0).json();
    assert_eq!(all.as_array().unwrap().len(), 4000);
}

#[test]
fn a_mapping_that_leads_nowhere_is_told_at_once() {
    let site = site();
    site.write("people.csv", "email,tags\nana@example.org,x\n");
    let said = site.run(&["subscribers", "import", "people.csv", "--map", "x=bones"]).expect(2);
    assert!(
        said.stderr
            .contains("there is no \"weekly:bones\" to map \"x\" to; there is weekly:heart, weekly:sleep"),
        "{said:?}"
    );
}

fn exported(site: &Site, format: &str) -> Said {
    site.run(&["subscribers", "export", "--format", format]).expect(0)
}

#[test]
fn everything_goes_out_and_comes_back_and_no_cell_is_a_formula() {
    let site = site();
    site.write(
        "people.jsonl",
        concat!(
            r#"{"address": "=sum@example.org", "name": "=HYPERLINK(\"http://x\")", "language": "de", "time_zone": "Europe/Berlin", "hour": "7", "categories": ["heart"], "since": "2020-01-02", "consent": "at the fair"}"#,
            "\n",
            r#"{"address": "left@example.org", "state": "unsubscribed", "since": "2020-01-02", "changed": "2021-01-02T03:04:05Z", "consent": "'-1"}"#,
            "\n",
            r#"{"address": "wait@example.org", "state": "pending"}"#,
            "\n",
            r#"{"address": "back@example.org", "suppressed": "bounces", "reason": "550 5.1.1\nno such user"}"#,
            "\n"
        ),
    );
    site.run(&["subscribers", "import", "people.jsonl", "--at", NOW]).expect(0);
    site.run(&["subscribers", "suppress", "stranger@example.org", "--why", "asked by letter", "--at", NOW])
        .expect(0);
    let csv = exported(&site, "csv").stdout;
    insta::assert_snapshot!("exported_csv", csv);
    let json = exported(&site, "jsonl").stdout;
    insta::assert_snapshot!("exported_json_lines", json);
    for (name, text, format) in [("all.csv", &csv, "csv"), ("all.jsonl", &json, "jsonl")] {
        let other = self::site();
        other.write(name, text);
        other.run(&["subscribers", "import", name]).expect(0);
        assert_eq!(&exported(&other, format).stdout, text);
        // A second time there is nothing to do.
        let again = other.run(&["subscribers", "import", name, "--json"]);
        assert_eq!(
            (again.json()["added"].as_u64(), again.json()["same"].as_u64()),
            (Some(0), Some(5)),
            "{again:?}"
        );
        assert_eq!(&exported(&other, format).stdout, text);
    }
    site.run(&["subscribers", "export", "--out", "out.jsonl"]).expect(0);
    assert_eq!(site.read("out.jsonl"), json);
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&site.path("out.jsonl").metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

/// Everything in every table, a row a line.
async fn dump(file: &Path) -> String {
    let store = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
        .fetch_all(&store)
        .await
        .unwrap();
    let mut text = String::new();
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
            .bind(&table)
            .fetch_all(&store)
            .await
            .unwrap();
        let row =
            columns.iter().map(|name| format!("quote(\"{name}\")")).collect::<Vec<_>>().join(" || '|' || ");
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT {row} FROM \"{table}\"")))
                .fetch_all(&store)
                .await
                .unwrap();
        text.extend(rows.into_iter().map(|row| format!("{table}: {row}\n")));
    }
    store.close().await;
    text
}

#[tokio::test]
async fn whoever_was_erased_is_nowhere_in_the_store_and_no_list_brings_them_back() {
    let list = "[subscribers]\nfile = \"people.csv\"\n";
    let site = Site::new(&configuration(&format!("{WEEKLY}{list}")));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    let mut people = vec!["address,name,consent".to_owned()];
    people.extend(
        (0..3000).map(|number| format!("person{number}@example.org,Name{number} Surname,fair {number}")),
    );
    people.insert(1500, "Zebulon.Quirk@example.net,Zebulon Quirkson,told zebulon at the fair".to_owned());
    site.write("people.csv", people.join("\n"));
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    assert!(dump(&site.path("state/tidings.sqlite")).await.to_lowercase().contains("quirk"));

    let address = "zebulon.quirk@example.net";
    let said = site.run(&["subscribers", "erase", address]).expect(2);
    assert!(said.stderr.contains("say it again with --yes"), "{said:?}");
    site.run(&["subscribers", "erase", address, "--yes", "--at", NOW]).expect(0);
    assert_eq!(site.run(&["subscribers", "erase", address, "--yes"]).expect(1).stdout, "0 erased\n");

    let rows = dump(&site.path("state/tidings.sqlite")).await.to_lowercase();
    assert!(!rows.contains("quirk") && !rows.contains("zebulon"), "a row still has them");
    assert!(rows.contains("was erased at their own wish"));
    for entry in std::fs::read_dir(site.path("state")).unwrap() {
        let file = entry.unwrap().path();
        let Ok(bytes) = std::fs::read(&file) else { continue };
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!text.contains("quirk") && !text.contains("zebulon"), "{} still has them", file.display());
    }

    // Neither the site's own list nor an import nor the operator brings them back.
    site.write("people.csv", people.join("\n") + "\n");
    let said = site.run(&["run", "--at", NOW]).expect(1);
    assert!(
        said.stderr
            .contains("people.csv:1501: rejected: was erased; only they can come back, by subscribing anew"),
        "{}",
        said.stderr
    );
    let report = site.run(&["subscribers", "import", "people.csv", "--json"]).expect(1).json();
    assert_eq!((report["erased"].as_u64(), report["same"].as_u64()), (Some(1), Some(3000)));
    let said = site.run(&["subscribers", "add", address]).expect(1);
    assert!(said.stdout.contains("was erased, and was not added"), "{said:?}");
    let rows = dump(&site.path("state/tidings.sqlite")).await.to_lowercase();
    assert!(!rows.contains("quirk"), "an import has written them down again");
}

#[test]
fn keys_are_listed_rotated_and_retired_with_what_that_does_to_links() {
    let site = site();
    let keys =
        |arguments: &[&str], code| site.run(&[&["keys"], arguments, &["--at", NOW]].concat()).expect(code);
    let mut told = keys(&["list"], 0).stdout;
    told += &keys(&["retire", "1"], 2).stderr;
    told += &keys(&["rotate"], 0).stdout;
    told += &keys(&["retire", "1"], 2).stderr;
    told += &keys(&["retire", "1", "--yes"], 0).stdout;
    told += &keys(&["retire", "1", "--yes"], 2).stderr;
    told += &keys(&["retire", "0", "--yes"], 2).stderr;
    told += &keys(&["retire", "7", "--yes"], 2).stderr;
    told += &keys(&["list"], 0).stdout;
    insta::assert_snapshot!(told);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_exported_comes_back_as_it_was(people in proptest::collection::vec(anybody(), 0..12)) {
        let mut seen = BTreeSet::new();
        let people: Vec<_> = people.into_iter().filter(|person| seen.insert(person.address.key())).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let lines = people.into_iter().zip(1..);
            let lines = lines.map(|(person, line)| Ok(Entry { line, person, unmatched: Vec::new() }));
            let store = filled(Box::new(lines)).await;
            let offer = offer();
            for form in [Form::Csv, Form::JsonLines] {
                let first = written(&store, form).await;
                let lines = match form {
                    Form::Csv => csv::ours(first.as_slice(), &offer).lines,
                    Form::JsonLines => json_lines::open(first.as_slice(), &offer),
                };
                let second = written(&filled(lines).await, form).await;
                assert_eq!(String::from_utf8(first.clone()).unwrap(), String::from_utf8(second).unwrap());
            }
        });
    }
}

fn offer() -> Offer {
    let slugs = ["heart", "sleep"].map(str::to_owned).to_vec();
    Offer {
        digests: vec![("weekly".to_owned(), slugs.clone()), ("daily".to_owned(), slugs)],
        default_digest: None,
        tags: Tags::default(),
    }
}

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// A store that these lines were added to.
async fn filled(lines: Lines<'_>) -> SqliteStore {
    let store = SqliteStore::in_memory().await.unwrap();
    let signer = Signer::new(KeyRing::new(&store.keys(now()).await.unwrap()).unwrap());
    let importing =
        Importing { name: "import x", signer: &signer, store: &store, now: now(), is_rehearsal: false };
    let mut tell = |rejected: &Rejected, why| panic!("{why:?}: {rejected:?}");
    import(lines, &importing, &mut tell).await.unwrap();
    store
}

async fn written(store: &SqliteStore, form: Form) -> Vec<u8> {
    let mut bytes = Vec::new();
    export(&Filter::default(), form, store, &mut bytes).await.unwrap();
    bytes
}

/// Somebody with any name, state and choices.
fn anybody() -> impl Strategy<Value = NewSubscriber> {
    let chosen =
        proptest::sample::subsequence(vec![("weekly", "heart"), ("weekly", "sleep"), ("daily", "*")], 1..=3);
    let texts = ("[=+'a-c-]{1,6}", "\\PC{0,12}", "[ =+@'\"a-c;,\n-]{0,12}", "[=+@'a-c\n -]{0,9}");
    let state = proptest::sample::select(vec![State::Active, State::Pending, State::Unsubscribed]);
    let cause = proptest::option::of(proptest::sample::select(vec![Cause::Bounces, Cause::Complaint]));
    let rest = (proptest::option::of(0..1440_u16), 0..2_000_000_000_i64, proptest::bool::ANY);
    (texts, chosen, state, cause, rest).prop_map(
        |(texts, chosen, state, cause, (minute, seconds, is_known))| {
            let (local, name, consent, reason) = texts;
            let address = format!("{local}@example.org").parse().unwrap();
            let since = is_known.then(|| DateTime::from_timestamp(seconds, 0).unwrap());
            NewSubscriber {
                choices: chosen
                    .into_iter()
                    .map(|(digest, slug)| (digest.to_owned(), Choice::parse(slug).unwrap()))
                    .collect(),
                state,
                minute,
                since,
                changed: since,
                consent,
                language: is_known.then(|| "pt-BR".parse().unwrap()),
                time_zone: minute.map(|_| chrono_tz::Tz::Asia__Kolkata),
                suppression: cause.map(|cause| Suppression { cause, reason }),
                ..NewSubscriber::active(address, DisplayName::new(&name), "weekly", Vec::new())
            }
        },
    )
}
