//! Digests from due time to outbox: who gets which articles, when, and why not.

use crate::support::inbox::{Mail, mails};
use crate::support::site::{Site, WEEKLY, configuration};
use crate::support::smtp_script::{Step, at};
use crate::support::smtp_server::SmtpServer;

/// The installation: a Wednesday.
const BEGIN: &str = "2026-05-27T12:00:00Z";
/// The first slot after it, and those that follow.
const FIRST: &str = "2026-06-01T07:00:00Z";
const SECOND: &str = "2026-06-08T07:00:00Z";
const THIRD: &str = "2026-06-15T07:00:00Z";

/// A site with two categories of two articles, one of them in both, and two subscribers.
fn site(more: &str) -> Site {
    let site = Site::new(&configuration(&format!("{WEEKLY}{more}")));
    site.article("heart/salt.md", "Salt", "2026-05-20");
    site.article("heart/pulse.md", "Pulse", "2026-05-26");
    site.article("sleep/naps.md", "Naps", "2026-05-26");
    site.write(
        "content/sleep/both.md",
        "---\ntitle: Both\ndate: 2026-05-25\ncategories: [sleep, heart]\n---\nText.\n",
    );
    site.run(&["run", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "all@example.org", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "heart@example.org", "--category", "heart", "--at", BEGIN]).expect(0);
    site
}

/// The mails of the outbox to one address, oldest first.
fn to(site: &Site, address: &str) -> Vec<Mail> {
    mails(&site.outbox()).into_iter().filter(|mail| mail.to == address).collect()
}

fn titles(mails: &[Mail]) -> Vec<Vec<String>> {
    mails.iter().map(|mail| mail.titles.clone()).collect()
}

#[test]
fn nobody_is_mailed_before_the_first_slot_after_the_installation() {
    let site = site("");
    site.run(&["run", "--at", "2026-06-01T06:59:59Z"]).expect(0);
    assert_eq!(site.outbox().len(), 0);
    site.run(&["run", "--at", FIRST]).expect(0);
    assert_eq!(site.outbox().len(), 2);
    site.run(&["run", "--at", "2026-06-01T07:01:00Z"]).expect(0);
    assert_eq!(site.outbox().len(), 2);
}

#[test]
fn a_first_issue_holds_one_cadence_each_article_once_under_one_category() {
    let site = site("");
    site.run(&["run", "--at", FIRST]).expect(0);
    // Salt is older than the week before the slot.
    assert_eq!(titles(&to(&site, "all@example.org")), [["Pulse", "Naps", "Both"]]);
    assert_eq!(titles(&to(&site, "heart@example.org")), [["Pulse", "Both"]]);
}

#[test]
fn a_first_issue_can_hold_the_newest_so_many() {
    let site = site("first_issue = 2\n");
    site.run(&["run", "--at", FIRST]).expect(0);
    assert_eq!(titles(&to(&site, "heart@example.org")), [["Pulse", "Both"]]);
    assert_eq!(to(&site, "all@example.org")[0].titles.len(), 2);
}

#[test]
fn a_backdated_article_is_in_the_next_digest_once_and_a_renamed_one_in_none() {
    let site = site("");
    site.run(&["run", "--at", FIRST]).expect(0);
    site.article("heart/late.md", "Late", "2026-04-15");
    std::fs::rename(site.path("content/heart/pulse.md"), site.path("content/heart/beat.md")).unwrap();
    site.run(&["run", "--at", SECOND]).expect(0);
    assert_eq!(titles(&to(&site, "heart@example.org")), [vec!["Pulse", "Both"], vec!["Late"]]);
    site.run(&["run", "--at", THIRD]).expect(0);
    assert_eq!(to(&site, "heart@example.org").len(), 2, "nothing is new, so nobody is mailed");
}

#[test]
fn an_article_that_was_faulty_goes_out_once_when_it_is_mended() {
    let site = site("");
    site.write("content/heart/broken.md", "---\ntitle: Broken\ndate: soon\n---\nText.\n");
    site.run(&["run", "--at", FIRST]).expect(1);
    site.article("heart/broken.md", "Mended", "2026-05-01");
    site.run(&["run", "--at", SECOND]).expect(0);
    site.run(&["run", "--at", THIRD]).expect(0);
    assert_eq!(titles(&to(&site, "heart@example.org")), [vec!["Pulse", "Both"], vec!["Mended"]]);
}

#[test]
fn too_few_articles_wait_for_the_next_issue() {
    let site = site("fewest = 2\n");
    site.run(&["run", "--at", FIRST]).expect(0);
    site.article("heart/one.md", "One", "2026-06-02");
    let run = site.run(&["run", "--at", SECOND, "--json"]).expect(0).json();
    assert_eq!(run["digests"][0]["passed"][0][1], "nothing new for anybody");
    site.article("heart/two.md", "Two", "2026-06-09");
    site.run(&["run", "--at", THIRD]).expect(0);
    assert_eq!(titles(&to(&site, "heart@example.org")), [vec!["Pulse", "Both"], vec!["Two", "One"]]);
}

#[test]
fn articles_beyond_the_cap_are_counted_and_do_not_come_again() {
    let site = site("most = 1\n");
    site.run(&["run", "--at", FIRST]).expect(0);
    let mail = &to(&site, "heart@example.org")[0];
    // "Both" counts under the first of its own categories, though it came for the sake of the other.
    assert_eq!(mail.titles, ["Pulse", "1 article in Sleep:"]);
    assert!(mail.text.contains("* 1 article in Sleep:\n  [3] https://example.org/sleep/"), "{}", mail.text);
    site.article("heart/one.md", "One", "2026-06-02");
    site.run(&["run", "--at", SECOND]).expect(0);
    assert_eq!(titles(&to(&site, "heart@example.org")), [vec!["Pulse", "1 article in Sleep:"], vec!["One"]]);
}

#[test]
fn missed_slots_merge_into_one_issue_and_late_ones_are_not_opened() {
    let site = site("max_lateness = \"12h\"\n");
    site.run(&["run", "--at", "2026-06-15T20:00:00Z"]).expect(0);
    assert_eq!(site.outbox().len(), 0, "the newest slot is 13 hours late");
    let status = site.run(&["status", "--json"]).expect(0).json();
    let found: Vec<_> =
        status["issues"].as_array().unwrap().iter().map(|issue| issue["state"].clone()).collect();
    assert_eq!(found, ["missed", "missed", "missed"]);
    site.run(&["subscribers", "add", "new@example.org", "--at", "2026-06-16T00:00:00Z"]).expect(0);
    site.article("heart/june.md", "June", "2026-06-16");
    site.run(&["run", "--at", "2026-06-22T08:00:00Z"]).expect(0);
    assert_eq!(titles(&to(&site, "heart@example.org")), [["June"]], "a first issue holds one cadence");
}

#[test]
fn the_plan_names_everybody_who_gets_nothing_and_changes_nothing() {
    let site = site("");
    site.run(&["subscribers", "add", "gone@example.org", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "remove", "gone@example.org", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "never@example.org", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "suppress", "never@example.org", "--why", "asked by letter", "--at", BEGIN])
        .expect(0);
    site.run(&["subscribers", "add", "sleep@example.org", "--category", "sleep", "--at", BEGIN]).expect(0);
    std::fs::remove_file(site.path("content/sleep/naps.md")).unwrap();
    std::fs::remove_file(site.path("content/sleep/both.md")).unwrap();
    site.article("sleep/dreams.md", "Dreams", "2026-01-01");
    site.run(&["build", "--at", BEGIN]).expect(0);
    let plan = site.run(&["plan", "--at", FIRST, "--json"]).expect(0).json();
    let excluded: Vec<_> = plan["digests"][0]["excluded"]
        .as_array()
        .unwrap()
        .iter()
        .map(|who| (who["address"].as_str().unwrap(), who["reason"].as_str().unwrap()))
        .collect();
    let expected =
        [("gone@example.org", "unsubscribed"), ("never@example.org", "suppressed: asked by letter")];
    assert_eq!(excluded, expected);
    let text = site.run(&["plan", "--at", FIRST]).expect(0).stdout;
    assert!(
        text.contains("one mail each for 1 subscriber of heart (heart@example.org):\n    - Pulse\n"),
        "{text}"
    );
    assert_eq!(site.run(&["plan", "--at", FIRST]).expect(0).stdout, text);
    assert_eq!(site.outbox().len(), 0);
    site.run(&["run", "--at", FIRST]).expect(0);
    let story = site.run(&["subscribers", "show", "never@example.org", "--json"]).expect(0).json();
    assert_eq!(story["deliveries"][0]["reason"], "suppressed: asked by letter");
}

#[test]
fn run_now_opens_issues_at_once_and_a_second_one_has_nothing_to_send() {
    let site = site("");
    site.run(&["run", "--now", "--at", "2026-05-27T12:01:00Z"]).expect(0);
    assert_eq!(site.outbox().len(), 2);
    site.run(&["run", "--now", "--at", "2026-05-27T12:02:00Z"]).expect(0);
    assert_eq!(site.outbox().len(), 2);
}

#[test]
fn a_second_choice_does_not_bring_articles_again_that_came_under_the_first() {
    let site = site("first_issue = 10\n");
    site.run(&["run", "--at", FIRST]).expect(0);
    site.run(&["subscribers", "add", "heart@example.org", "--category", "sleep", "--at", FIRST]).expect(0);
    site.run(&["run", "--at", SECOND]).expect(0);
    assert_eq!(titles(&to(&site, "heart@example.org")), [vec!["Pulse", "Salt", "Both"], vec!["Naps"]]);
}

#[test]
fn articles_of_a_mail_that_was_refused_come_with_the_next_issue() {
    let server = SmtpServer::builder()
        .rule(at(Step::Rcpt).to("heart@example.org").times(1).reply("550 5.2.1 off"))
        .start();
    let site = site(&format!(
        "[delivery]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        server.port()
    ));
    let said = site.run(&["run", "--at", FIRST]).expect(1);
    assert!(
        said.stderr.contains("  heart@example.org, issue 1 of weekly: 550 5.2.1 off\n"),
        "{}",
        said.stderr
    );
    site.article("heart/one.md", "One", "2026-06-02");
    site.run(&["run", "--at", SECOND]).expect(0);
    let bytes: Vec<Vec<u8>> = server.accepted().into_iter().map(|accepted| accepted.data).collect();
    let received: Vec<Mail> =
        mails(&bytes).into_iter().filter(|mail| mail.to == "heart@example.org").collect();
    assert_eq!(titles(&received), [["One", "Pulse", "Both"]]);
    let story = site.run(&["subscribers", "show", "heart@example.org", "--json"]).expect(0).json();
    assert_eq!(story["deliveries"][1]["state"], "failed");
    assert_eq!(story["deliveries"][1]["reason"], "550 5.2.1 off");
    assert_eq!(server.violations(), Vec::<String>::new());
}

#[test]
fn what_still_waits_is_superseded_by_the_next_issue() {
    let server = SmtpServer::builder()
        .rule(at(Step::Rcpt).to("heart@example.org").times(1).reply("451 4.7.1 later"))
        .start();
    let site = site(&format!(
        "[delivery]\ntransport = \"smtp\"\nretry_first = \"30d\"\nretry_longest = \"30d\"\ngive_up_after = \"60d\"\n\
         [smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        server.port()
    ));
    let run = site.run(&["run", "--at", FIRST, "--json"]).expect(0).json();
    assert_eq!((&run["delivered"]["sent"], &run["delivered"]["deferred"]), (&1.into(), &1.into()));
    site.article("heart/one.md", "One", "2026-06-02");
    site.run(&["run", "--at", SECOND]).expect(0);
    let bytes: Vec<Vec<u8>> = server.accepted().into_iter().map(|accepted| accepted.data).collect();
    let received: Vec<Mail> =
        mails(&bytes).into_iter().filter(|mail| mail.to == "heart@example.org").collect();
    assert_eq!(titles(&received), [["One", "Pulse", "Both"]]);
    let story = site.run(&["subscribers", "show", "heart@example.org", "--json"]).expect(0).json();
    assert_eq!(story["deliveries"][1]["reason"], "superseded by issue 2");
}

#[test]
fn a_deferred_mail_is_tried_again_with_the_same_bytes() {
    let server = SmtpServer::builder()
        .rule(at(Step::Dot).to("heart@example.org").times(1).reply("451 4.3.0 busy"))
        .start();
    let site = site(&format!(
        "[delivery]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        server.port()
    ));
    site.run(&["run", "--at", FIRST]).expect(0);
    site.run(&["run", "--at", "2026-06-01T07:04:00Z"]).expect(0);
    assert_eq!(server.accepted().len(), 1, "the first wait is five minutes");
    // What changes meanwhile changes nothing for a frozen issue.
    site.write(
        "config/tidings.toml",
        site.read("config/tidings.toml").replace("title = \"The week\"", "title = \"Other\""),
    );
    site.article("heart/pulse.md", "Changed", "2026-05-26");
    site.run(&["run", "--at", "2026-06-01T07:05:00Z"]).expect(0);
    let received = mails(&server.accepted().into_iter().map(|accepted| accepted.data).collect::<Vec<_>>());
    let late = received.iter().find(|mail| mail.to == "heart@example.org").unwrap();
    assert_eq!(late.titles, ["Pulse", "Both"]);
    assert!(late.subject.ends_with("The week"), "{}", late.subject);
    assert_eq!(late.date, "2026-06-01T07:00:00Z");
}

#[test]
fn nothing_is_lost_that_came_after_somebody_subscribed() {
    // Cron calls late: the article is newer than the subscription, and than the slot.
    let site = site("");
    site.run(&["run", "--at", FIRST]).expect(0);
    site.run(&["subscribers", "add", "new@example.org", "--at", "2026-06-01T07:05:00Z"]).expect(0);
    site.article("heart/early.md", "Early", "2026-06-01");
    site.run(&["build", "--at", "2026-06-01T07:10:00Z"]).expect(0);
    site.run(&["run", "--at", "2026-06-08T07:30:00Z"]).expect(0);
    assert_eq!(titles(&to(&site, "new@example.org")), [["Early"]]);
}

#[test]
fn an_interval_is_measured_back_from_the_slot() {
    // Working days only: what came on Friday noon is within the interval before Monday's slot.
    let site = Site::new(&configuration(&WEEKLY.replace("0 7 * * MON", "0 7 * * MON-FRI")));
    site.article("heart/old.md", "Old", "2026-05-20");
    site.article("heart/friday.md", "Friday", "2026-05-29T12:00:00Z");
    site.run(&["subscribers", "add", "ana@example.org", "--at", "2026-05-30T08:00:00Z"]).expect(0);
    site.run(&["run", "--at", "2026-05-30T08:00:00Z"]).expect(0);
    site.run(&["run", "--at", FIRST]).expect(0);
    assert_eq!(titles(&to(&site, "ana@example.org")), [["Friday"]]);
}

#[test]
fn the_first_article_of_an_empty_site_is_news_whatever_its_date() {
    let site = Site::new(&configuration(WEEKLY));
    site.run(&["run", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "ana@example.org", "--at", BEGIN]).expect(0);
    site.article("heart/first.md", "First", "2026-01-01");
    site.run(&["run", "--at", FIRST]).expect(0);
    assert_eq!(titles(&to(&site, "ana@example.org")), [["First"]]);
}

#[test]
fn a_late_mail_is_not_superseded_by_an_issue_that_holds_nothing_for_its_reader() {
    let server = SmtpServer::builder().rule(at(Step::Rcpt).times(2).reply("451 4.7.1 later")).start();
    let site = site(&format!(
        "[delivery]\ntransport = \"smtp\"\nretry_first = \"10d\"\nretry_longest = \"10d\"\ngive_up_after = \"60d\"\n\
         [smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        server.port()
    ).replace("[delivery]", "catch_up = \"latest\"\n[delivery]"));
    site.run(&["run", "--at", FIRST]).expect(0);
    site.article("sleep/nest.md", "Nest", "2026-06-11");
    site.run(&["build", "--at", "2026-06-11T12:00:00Z"]).expect(0);
    // Two slots later: only the last interval counts, and it has nothing of the heart.
    site.run(&["run", "--at", THIRD]).expect(0);
    let story = site.run(&["subscribers", "show", "heart@example.org", "--json"]).expect(0).json();
    assert_eq!(story["deliveries"][1]["state"], "sent", "{story}");
    assert_eq!(story["deliveries"][0]["reason"], "nothing new in their categories", "{story}");
}

#[test]
fn an_address_of_other_letters_holds_nobody_up() {
    let server = SmtpServer::builder().start();
    let site = site(&format!(
        "[delivery]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nconnections = 1\n",
        server.port()
    ));
    site.run(&["subscribers", "add", "josé@example.org", "--at", BEGIN]).expect(0);
    site.run(&["subscribers", "add", "last@example.org", "--at", BEGIN]).expect(0);
    let run = site.run(&["run", "--at", FIRST, "--json"]).expect(1).json();
    assert_eq!((&run["delivered"]["sent"], &run["delivered"]["failed"]), (&3.into(), &1.into()));
    assert_eq!(run["failed"][0]["address"], "josé@example.org");
    let story = site.run(&["subscribers", "show", "josé@example.org", "--json"]).expect(0).json();
    assert!(story["deliveries"][0]["reason"].as_str().unwrap().contains("SMTPUTF8"), "{story}");
}

#[test]
fn one_refusal_of_the_sender_does_not_stop_every_run_at_the_same_reader() {
    let server =
        SmtpServer::builder().rule(at(Step::Rcpt).to("all@example.org").reply("550 5.7.1 policy")).start();
    let site = site(&format!(
        "[delivery]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nconnections = 1\n",
        server.port()
    ));
    site.run(&["run", "--at", FIRST]).expect(69);
    site.run(&["run", "--at", "2026-06-01T07:06:00Z"]).expect(69);
    assert_eq!(server.accepted().len(), 1, "the other reader has theirs");
}

#[test]
fn a_server_that_is_down_is_told_and_costs_nobody() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let smtp = format!("[smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nconnections = 4\n");
    let site = site(&format!("[delivery]\ntransport = \"smtp\"\n{smtp}"));
    for minute in 0..5 {
        let said = site.run(&["run", "--at", &format!("2026-06-01T07:0{minute}:00Z")]).expect(69);
        assert!(said.stderr.contains(&format!("127.0.0.1:{port} can't be used now")), "{}", said.stderr);
    }
    let status = site.run(&["status", "--at", FIRST, "--json"]).expect(0).json();
    assert_eq!(status["waiting"]["ready"], 2);
}

#[test]
fn an_article_that_is_broken_on_the_day_of_an_issue_comes_with_the_next_and_only_to_those_who_miss_it() {
    let site = site("");
    site.run(&["run", "--at", FIRST]).expect(0);
    site.article("heart/three.md", "Three", "2026-06-02");
    site.run(&["build", "--at", "2026-06-02T12:00:00Z"]).expect(0);
    site.article("heart/four.md", "Four", "2026-06-03");
    // On the day of the issue, one article that readers have had and one that they have not are broken.
    let broken = "---\ntitle: Broken\ndate: soon\n---\nText.\n";
    let (three, pulse) = (site.read("content/heart/three.md"), site.read("content/heart/pulse.md"));
    site.write("content/heart/three.md", broken);
    site.write("content/heart/pulse.md", broken);
    site.run(&["run", "--at", SECOND]).expect(1);
    site.write("content/heart/three.md", three);
    site.write("content/heart/pulse.md", pulse);
    site.run(&["run", "--at", THIRD]).expect(0);
    site.run(&["run", "--at", "2026-06-22T07:00:00Z"]).expect(0);
    assert_eq!(titles(&to(&site, "heart@example.org")), [vec!["Pulse", "Both"], vec!["Four"], vec!["Three"]]);
    site.article("heart/five.md", "Five", "2026-06-23");
    site.run(&["run", "--at", "2026-06-29T07:00:00Z"]).expect(0);
    assert_eq!(to(&site, "heart@example.org")[3].titles, ["Five"]);
}
