//! Subscribing, confirming and leaving by mail alone, where there are no pages: the real program, its letters, and answers
//! to them.

use serde_json::Value;

use crate::support::site::{Site, WEEKLY, configuration};
use crate::support::smtp_server::{Accepted, SmtpServer};

const BEGIN: &str = "2026-05-27T12:00:00Z";
const LATER: &str = "2026-05-27T15:00:00Z";
const FIRST: &str = "2026-06-01T07:00:00Z";
const LATE: &str = "2026-06-20T07:00:00Z";

const INGEST: &str = "[ingest]\nmaildir = \"back\"\nsubscribe = \"join@example.org\"\n";

fn site(server: &SmtpServer) -> Site {
    let mail = "[mail]\nbounces = \"bounces@example.org\"\nunsubscribe_mailto = \"leave@example.org\"\n";
    let site = Site::new(&configuration(&format!(
        "{}[delivery]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n{INGEST}",
        WEEKLY.replace("[mail]\n", mail),
        server.port(),
    )));
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(site.path("back").join(part)).unwrap();
    }
    site.article("news/a1.md", "A1", "2026-05-26");
    site
}

/// Somebody writes; the program reads it.
fn written(site: &Site, number: u32, from: &str, to: &str, subject: &str, more: &str, at: &str) -> Value {
    let message = format!(
        "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{number}@mail.example>\r\n{more}\r\nHello.\r\n"
    );
    site.write(&format!("back/new/{number}.a.host"), message);
    site.run(&["ingest", "--json", "--at", at]).expect(0).json()
}

/// A header of a letter, unfolded.
fn header(mail: &Accepted, name: &str) -> String {
    let text = String::from_utf8_lossy(&mail.data).replace("\r\n ", " ");
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_default().to_owned()
}

fn state(site: &Site, address: &str) -> Value {
    site.run(&["subscribers", "show", address, "--json"]).expect(0).json()["state"].clone()
}

#[test]
fn people_subscribe_confirm_and_leave_by_mail() {
    let server = SmtpServer::builder().start();
    let site = site(&server);
    let ana = "=?utf-8?Q?An=C3=A1_Roe?= <ana@reader.example>";

    let report = written(&site, 1, ana, "join@example.org", "subscribe weekly", "", BEGIN);
    assert_eq!((&report["asked"], &report["confirmed"]), (&1.into(), &0.into()));
    assert_eq!(state(&site, "ana@reader.example"), "pending");
    let letters = server.accepted();
    assert_eq!(letters.len(), 1);
    assert_eq!(header(&letters[0], "Reply-To"), "join@example.org");
    let subject = header(&letters[0], "Subject");
    assert!(subject.contains("[confirm "), "{subject}");
    let text = String::from_utf8_lossy(&letters[0].data).into_owned();
    assert!(!text.contains("/confirm/"), "there is no page:\n{text}");

    // One letter a day; who asks for another digest gets none; and a program's answer confirms nothing.
    written(&site, 2, ana, "join@example.org", "Hello", "", LATER);
    assert_eq!(server.accepted().len(), 1);
    let report = written(&site, 3, ana, "join@example.org", "subscribe daily", "", LATER);
    assert_eq!((&report["asked"], &report["alone"]["instructions"]), (&0.into(), &1.into()));
    let absence = "Auto-Submitted: auto-replied\r\n";
    written(&site, 4, ana, "join@example.org", &format!("Re: {subject}"), absence, LATER);
    assert_eq!(state(&site, "ana@reader.example"), "pending");

    // Any change of the token makes it nobody's.
    let forged = subject.replace("[confirm ", "[confirm A");
    written(&site, 5, ana, "join@example.org", &format!("Re: {forged}"), "", LATER);
    assert_eq!(state(&site, "ana@reader.example"), "pending");

    let report = written(&site, 6, ana, "join@example.org", &format!("Re: {subject}"), "", LATER);
    assert_eq!(report["confirmed"], 1);
    let shown = site.run(&["subscribers", "show", "ana@reader.example", "--json"]).expect(0).json();
    assert_eq!((&shown["state"], &shown["name"]), (&"active".into(), &"Aná Roe".into()));
    let sources: Vec<&str> =
        shown["activities"].as_array().unwrap().iter().map(|one| one["source"].as_str().unwrap()).collect();
    assert!(sources.iter().any(|source| source.starts_with("mail <1@mail.example>")), "{sources:?}");
    assert!(sources.iter().any(|source| source.starts_with("mail <6@mail.example>")), "{sources:?}");

    site.run(&["run", "--at", BEGIN]).expect(0);
    let run = site.run(&["run", "--json", "--at", FIRST]).expect(0).json();
    assert_eq!(run["delivered"]["sent"], 1);
    let mail = server.accepted().pop().unwrap();
    let link = String::from_utf8_lossy(&mail.data).replace("\r\n ", "");
    let token =
        link.split_once("subject=unsubscribe%20").unwrap().1.split(['>', '"']).next().unwrap().to_owned();
    written(&site, 7, ana, "leave@example.org", &format!("unsubscribe {token}"), "", FIRST);
    assert_eq!(state(&site, "ana@reader.example"), "unsubscribed");
}

#[test]
fn a_confirmation_that_comes_too_late_is_left_for_a_person_to_look_at() {
    let server = SmtpServer::builder().start();
    let site = site(&server);
    written(&site, 1, "ben@reader.example", "join@example.org", "Hello", "", BEGIN);
    let subject = header(&server.accepted()[0], "Subject");
    let report =
        written(&site, 2, "ben@reader.example", "join@example.org", &format!("Re: {subject}"), "", LATE);
    insta::assert_snapshot!(report["to_look_at"][0]["why"].as_str().unwrap());
    assert_eq!(state(&site, "ben@reader.example"), "pending");
    assert!(site.path("back/new/2.a.host").exists() || site.path("back/cur").join("2.a.host:2,").exists());
}
