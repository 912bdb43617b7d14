//! Issues between opening and sending: frozen, looked at, held, released, cancelled.

use crate::support::inbox::mails;
use crate::support::site::{Site, WEEKLY, configuration};

const BEGIN: &str = "2026-05-27T12:00:00Z";
const FIRST: &str = "2026-06-01T07:00:00Z";
const SECOND: &str = "2026-06-08T07:00:00Z";

/// A site whose issues wait, with one subscriber and an issue that is held.
fn held() -> Site {
    let site = Site::new(&configuration(&format!("{WEEKLY}hold = true\n")));
    site.article("heart/pulse.md", "Pulse", "2026-05-26");
    site.run(&["run", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "nora@example.net", "--at", BEGIN]).expect(0);
    let said = site.run(&["run", "--at", FIRST]).expect(0);
    assert!(said.stdout.contains("held until `tidings issues release 1`"), "{}", said.stdout);
    assert_eq!(site.outbox().len(), 0);
    site
}

fn titles(site: &Site) -> Vec<Vec<String>> {
    mails(&site.outbox()).into_iter().map(|mail| mail.titles).collect()
}

#[test]
fn a_held_issue_waits_until_it_is_released_whatever_becomes_of_its_articles() {
    let site = held();
    site.run(&["issues", "show", "1", "--out", "look"]).expect(0);
    site.write(
        "content/heart/pulse.md",
        "---\ntitle: Quite another title\ndate: 2026-05-26\n---\nQuite another text.\n",
    );
    site.run(&["run", "--at", "2026-06-01T09:00:00Z"]).expect(0);
    assert_eq!(site.outbox().len(), 0);
    site.run(&["issues", "release", "1"]).expect(0);
    site.run(&["run", "--at", "2026-06-01T10:00:00Z"]).expect(0);
    assert_eq!(titles(&site), [["Pulse"]]);

    // What was looked at is what was sent, but for what is stamped in.
    let looked: Vec<_> = std::fs::read_dir(site.path("look"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    assert_eq!(looked.len(), 1);
    let whole = |mail: Vec<u8>| String::from_utf8(mail).unwrap().replace("=\r\n", "").replace("=\n", "");
    let looked = whole(std::fs::read(&looked[0]).unwrap());
    let sent = whole(site.outbox().remove(0));
    let differs = |a: &str, b: &str| {
        a.lines().filter(|line| !b.lines().any(|other| other == *line)).map(str::to_owned).collect::<Vec<_>>()
    };
    for line in differs(&looked, &sent) {
        let is_stamped = ["To: ", "weekly-1-0", "unsubscribe", "Reader", "reader@example.org"]
            .iter()
            .any(|part| line.contains(part));
        assert!(is_stamped, "{line}");
    }
}

#[test]
fn an_issue_shows_what_was_frozen_and_how_it_would_differ_now() {
    let site = held();
    let same = site.run(&["issues", "diff", "1", "--at", FIRST]).expect(0);
    assert!(same.stdout.contains("as it would be composed now"), "{}", same.stdout);
    site.write("content/heart/pulse.md", "---\ntitle: Pulses\ndate: 2026-05-26\n---\nQuite another text.\n");
    let other = site.run(&["issues", "diff", "1", "--at", FIRST]).expect(0);
    assert!(other.stdout.contains("-* Pulse\n") && other.stdout.contains("+* Pulses\n"), "{}", other.stdout);
    std::fs::remove_file(site.path("content/heart/pulse.md")).unwrap();
    site.article("heart/rest.md", "Rest", "2026-05-26");
    let gone = site.run(&["issues", "diff", "1", "--at", FIRST]).expect(0);
    assert!(gone.stdout.contains("1 article of it would not be published now"), "{}", gone.stdout);
    let story = site.run(&["issues", "show", "1", "--json"]).expect(0).json();
    assert_eq!((&story["state"], &story["editions"][0]["deliveries"]), (&"held".into(), &1.into()));
    let listed = site.run(&["issues", "list", "--json"]).expect(0).json();
    assert_eq!(listed[0]["state"], "held");
}

#[test]
fn a_cancelled_issue_reaches_nobody_and_its_articles_come_with_the_next() {
    let site = held();
    site.run(&["issues", "cancel", "1", "--why", "a wrong figure"]).expect(0);
    site.run(&["issues", "release", "1"]).expect(2);
    site.run(&["run", "--at", SECOND]).expect(0);
    site.run(&["issues", "release", "2"]).expect(0);
    site.run(&["run", "--at", SECOND]).expect(0);
    assert_eq!(titles(&site), [["Pulse"]]);
    let story = site.run(&["subscribers", "show", "nora@example.net"]).expect(0);
    assert!(story.stdout.contains("the issue was cancelled: a wrong figure"), "{}", story.stdout);
}

#[test]
fn a_held_issue_that_nobody_released_gives_way_to_the_next() {
    let site = held();
    site.article("heart/rest.md", "Rest", "2026-06-05");
    site.run(&["run", "--at", SECOND]).expect(0);
    site.run(&["issues", "release", "1"]).expect(0);
    site.run(&["issues", "release", "2"]).expect(0);
    site.run(&["run", "--at", SECOND]).expect(0);
    assert_eq!(titles(&site), [["Rest", "Pulse"]]);
}

#[test]
fn an_open_issue_can_be_held_and_one_that_is_not_there_is_told() {
    let site = Site::new(&configuration(WEEKLY));
    site.article("heart/pulse.md", "Pulse", "2026-05-26");
    site.run(&["subscribers", "add", "nora@example.net", "--at", BEGIN]).expect(0);
    site.run(&["run", "--now", "--at", BEGIN, "--time-budget", "0s"]).expect(0);
    site.run(&["issues", "hold", "1"]).expect(0);
    site.run(&["run", "--at", BEGIN]).expect(0);
    assert_eq!(site.outbox().len(), 0);
    let again = site.run(&["issues", "hold", "1"]).expect(0);
    assert!(again.stdout.contains("held already"), "{}", again.stdout);
    let none = site.run(&["issues", "hold", "7"]).expect(2);
    assert!(none.stderr.contains("there is no issue 7"), "{}", none.stderr);
    site.run(&["issues", "release", "1"]).expect(0);
    site.run(&["run", "--at", BEGIN]).expect(0);
    assert_eq!(site.outbox().len(), 1);
    let late = site.run(&["issues", "cancel", "1", "--why", "too late"]).expect(2);
    assert!(late.stderr.contains("it is closed"), "{}", late.stderr);
}

#[test]
fn a_message_that_is_not_what_was_frozen_is_not_sent() {
    let site = held();
    site.run(&["issues", "release", "1"]).expect(0);
    let spoil = "import sqlite3, sys\nstore = sqlite3.connect(sys.argv[1])\n\
                 changed = store.execute(\"UPDATE editions SET message = replace(message, 'Pulse', 'Palse')\").rowcount\n\
                 store.commit()\nassert changed == 1";
    let done = std::process::Command::new(crate::support::python::interpreter("sqlite3"))
        .args(["-c", spoil])
        .arg(site.path("state/tidings.sqlite"))
        .status()
        .unwrap();
    assert!(done.success());
    let said = site.run(&["run", "--at", FIRST]);
    assert!(said.code != 0 && said.stderr.contains("is not what was frozen"), "{said:?}");
    assert_eq!(site.outbox().len(), 0);
}
