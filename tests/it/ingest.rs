//! What comes back by mail and what follows from it: the real program, with mails that it sent itself.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::support::site::{Said, Site, WEEKLY, configuration};
use crate::support::smtp_script::{Step, at};
use crate::support::smtp_server::SmtpServer;

/// The installation: a Wednesday.
const BEGIN: &str = "2026-05-27T12:00:00Z";
/// The first slot after it, a day later, and the next ones.
const FIRST: &str = "2026-06-01T07:00:00Z";
const TUESDAY: &str = "2026-06-02T09:00:00Z";
const SECOND: &str = "2026-06-08T07:00:00Z";
const THIRD: &str = "2026-06-15T07:00:00Z";

const INGEST: &str = "[ingest]\nmaildir = \"back\"\n";

/// A site that sends through a server, with a mailbox for what comes back, and three subscribers.
fn site(server: &SmtpServer, more: &str) -> Site {
    let mail = "[mail]\nbounces = \"bounces@example.org\"\nunsubscribe_mailto = \"leave@example.org\"\n";
    let site = Site::new(&configuration(&format!(
        "{}[delivery]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n{more}",
        WEEKLY.replace("[mail]\n", mail),
        server.port(),
    )));
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(site.path("back").join(part)).unwrap();
    }
    article(&site, 1);
    site.run(&["run", "--at", BEGIN]).expect(0);
    for name in ["ana", "ben", "eva"] {
        site.run(&["subscribers", "add", &format!("{name}@example.org"), "--at", BEGIN]).expect(0);
    }
    site
}

fn article(site: &Site, number: u32) {
    site.article(&format!("news/a{number}.md"), &format!("A{number}"), "2026-05-26");
}

/// The return path of the newest mail to an address.
fn return_path(server: &SmtpServer, to: &str) -> String {
    let all = server.accepted();
    all.iter().rfind(|mail| mail.recipients == [to]).unwrap().sender.clone()
}

/// The token of the link in the newest mail to an address.
fn leaving_token(server: &SmtpServer, to: &str) -> String {
    let all = server.accepted();
    let mail = all.iter().rfind(|mail| mail.recipients == [to]).unwrap();
    let text = String::from_utf8_lossy(&mail.data).replace("\r\n ", "");
    text.split_once("subject=unsubscribe%20").unwrap().1.split('>').next().unwrap().to_owned()
}

/// A sample, made out to a return path of ours.
fn sample(name: &str, path: &str) -> String {
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/bounces/{name}.eml"));
    let bytes = std::fs::read(file).unwrap();
    String::from_utf8_lossy(&bytes).replace("bounces+K7Q2TOKEN1@news.example", path)
}

fn deliver(site: &Site, name: &str, message: &str) {
    site.write(&format!("back/new/{name}"), message);
}

fn show(site: &Site, name: &str) -> Value {
    site.run(&["subscribers", "show", &format!("{name}@example.org"), "--json"]).expect(0).json()
}

/// The kinds of what is on record of somebody.
fn record(site: &Site, name: &str) -> Vec<String> {
    let shown = show(site, name);
    let all = shown["activities"].as_array().unwrap();
    all.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

/// Runs the program with a message on its standard input.
fn piped(site: &Site, message: &[u8]) -> Said {
    let mut child = site
        .command(&["ingest", "-", "--at", TUESDAY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends at once may not have read all of it.
    let _ = child.stdin.take().unwrap().write_all(message);
    Said::from(child.wait_with_output().unwrap())
}

#[test]
fn two_hard_bounces_over_days_give_an_address_up_and_it_can_be_taken_back() {
    let server = SmtpServer::builder().start();
    let site = site(&server, INGEST);
    site.run(&["run", "--at", FIRST]).expect(0);
    let path = return_path(&server, "ana@example.org");
    assert!(path.starts_with("bounces+") && path.len() < 64 + 1 + "example.org".len(), "{path}");
    assert_ne!(path, return_path(&server, "ben@example.org"), "each reader's mail has its own");

    deliver(&site, "1.a.host", &sample("postfix-unknown", &path));
    let report = site.run(&["ingest", "--json", "--at", TUESDAY]).expect(0).json();
    assert_eq!((&report["hard"], &report["given_up"]), (&1.into(), &serde_json::json!([])));
    assert!(site.path("back/cur/1.a.host:2,S").exists());
    assert_eq!(record(&site, "ana"), ["added", "hard-bounce"]);
    let bounce = &show(&site, "ana")["activities"][1];
    assert!(bounce["source"].as_str().unwrap().starts_with("mail <20261123070102.4ABD@mx.example.org> #"));
    assert!(
        bounce["detail"]
            .as_str()
            .unwrap()
            .starts_with("issue 1: 5.1.1 550 5.1.1 <ana@example.org>: Recipient")
    );

    // The same day, another server: one cause, counted once.
    deliver(&site, "2.a.host", &sample("gmail-unknown", &path));
    site.run(&["ingest", "--at", TUESDAY]).expect(0);
    assert_eq!(show(&site, "ana")["suppressed"], Value::Null);

    article(&site, 2);
    site.run(&["run", "--at", SECOND]).expect(0);
    let path = return_path(&server, "ana@example.org");
    deliver(&site, "3.a.host", &sample("exim-plain", &path.to_uppercase()));
    let said = site.run(&["ingest", "--at", SECOND]).expect(0);
    insta::assert_snapshot!(format!("{}---\n{}", said.stdout, said.stderr));
    assert_eq!(show(&site, "ana")["suppressed"]["cause"], "bounces");

    article(&site, 3);
    let before = server.accepted().len();
    site.run(&["run", "--at", THIRD]).expect(0);
    assert_eq!(server.accepted().len(), before + 2, "ana is not mailed");

    // What was reversed stays so, though the messages are read again.
    site.run(&["subscribers", "unsuppress", "ana@example.org", "--why", "she called", "--at", THIRD])
        .expect(0);
    for entry in std::fs::read_dir(site.path("back/cur")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::rename(
            &path,
            site.path("back/new")
                .join(path.file_name().unwrap().to_str().unwrap().split(':').next().unwrap()),
        )
        .unwrap();
    }
    let report = site.run(&["ingest", "--json", "--at", THIRD]).expect(0).json();
    assert_eq!(
        (&report["before"], &report["hard"], &report["given_up"]),
        (&3.into(), &0.into(), &serde_json::json!([]))
    );
    assert_eq!(show(&site, "ana")["suppressed"], Value::Null);
    let expected = ["added", "hard-bounce", "hard-bounce", "hard-bounce", "suppressed", "unsuppressed"];
    assert_eq!(record(&site, "ana"), expected);
}

#[test]
fn who_complains_or_leaves_by_mail_is_not_mailed_by_the_run_that_reads_it() {
    let server = SmtpServer::builder().start();
    let site = site(&server, INGEST);
    site.run(&["run", "--at", FIRST]).expect(0);
    deliver(&site, "1.a.host", &sample("arf-generic", &return_path(&server, "ana@example.org")));
    let token = leaving_token(&server, "ben@example.org");
    deliver(&site, "2.a.host", &sample("leave-by-link", "").replace("NDI.abcdefghijklmnopqrstuv", &token));
    article(&site, 2);
    let run = site.run(&["run", "--json", "--at", SECOND]).expect(0).json();
    assert_eq!((&run["ingested"]["complaints"], &run["ingested"]["left"]), (&1.into(), &1.into()));
    assert_eq!(run["delivered"]["sent"], 1, "eva alone");
    assert_eq!(show(&site, "ana")["suppressed"]["cause"], "complaint");
    assert_eq!(show(&site, "ben")["state"], "unsubscribed");

    // They came back since; the message of old does nothing, wherever it is found.
    site.run(&["subscribers", "add", "ben@example.org", "--again", "--at", SECOND]).expect(0);
    let incoming = sample("leave-by-link", "").replace("NDI.abcdefghijklmnopqrstuv", &token);
    site.write("mbox", format!("From ana@example.org Mon Jun  1 09:00:00 2026\n{incoming}"));
    let report = site.run(&["ingest", "--mbox", "mbox", "--json", "--at", SECOND]).expect(0).json();
    assert_eq!((&report["left"], &report["before"]), (&0.into(), &1.into()));
    assert_eq!(show(&site, "ben")["state"], "active");
}

#[test]
fn forged_letters_change_nothing_and_answers_stay_where_they_are() {
    let server = SmtpServer::builder().start();
    let site = site(&server, INGEST);
    site.run(&["run", "--at", FIRST]).expect(0);
    let people = ["ana", "ben", "eva"];
    let before: Vec<Value> = people.map(|name| show(&site, name)).to_vec();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bounces");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        // To our own addresses, with tokens that are none, and with one of another purpose.
        let token = leaving_token(&server, "ana@example.org");
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).replace("@news.example", "@example.org");
        deliver(&site, &format!("1.{name}"), &text);
        deliver(&site, &format!("2.{name}"), &text.replace("K7Q2TOKEN1", &token));
        count += 2;
    }
    let said = site.run(&["ingest", "--json", "--at", TUESDAY]).expect(0);
    let report = said.json();
    assert_eq!(report["read"], count);
    for kind in ["hard", "soft", "refused", "complaints", "left", "before"] {
        assert_eq!(report[kind], 0, "{kind}");
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&report["alone"]).unwrap());
    assert_eq!(people.map(|name| show(&site, name)).to_vec(), before);
    let seen = std::fs::read_dir(site.path("back/cur")).unwrap().count();
    let nothing_follows = report["other_feedback"].as_u64().unwrap();
    assert_eq!(seen as u64, nothing_follows, "all else is where it was");
}

#[test]
fn what_is_no_bounce_or_our_own_fault_gives_nobody_up() {
    let server = SmtpServer::builder().start();
    let site = site(&server, INGEST);
    site.run(&["run", "--at", FIRST]).expect(0);
    let path = return_path(&server, "ana@example.org");
    for (index, name) in
        ["postfix-delayed", "postfix-delivered", "exchange-online-dmarc", "qmail-policy", "arf-not-spam"]
            .iter()
            .enumerate()
    {
        deliver(&site, &format!("{index}.a.host"), &sample(name, &path));
    }
    let report = site.run(&["ingest", "--json", "--at", TUESDAY]).expect(0).json();
    let seen = (&report["other_reports"], &report["refused"], &report["other_feedback"]);
    assert_eq!(seen, (&2.into(), &2.into(), &1.into()));
    assert_eq!(record(&site, "ana"), ["added", "refused", "refused"]);
    assert_eq!(show(&site, "ana")["suppressed"], Value::Null);
}

#[test]
fn a_full_mailbox_is_given_up_after_weeks() {
    let server = SmtpServer::builder().start();
    let site = site(&server, INGEST);
    site.run(&["run", "--at", FIRST]).expect(0);
    let path = return_path(&server, "ana@example.org");
    for (week, day) in
        ["2026-06-02", "2026-06-09", "2026-06-16", "2026-06-23", "2026-06-30"].iter().enumerate()
    {
        assert_eq!(show(&site, "ana")["suppressed"], Value::Null, "week {week}");
        // Each server words its report anew.
        let incoming = sample("postfix-full", &path).replace("4ABC", &format!("4ABC{week}"));
        deliver(&site, &format!("{week}.a.host"), &incoming);
        site.run(&["ingest", "--at", &format!("{day}T09:00:00Z")]).expect(0);
    }
    assert_eq!(
        show(&site, "ana")["suppressed"]["reason"],
        "mails could not be delivered since 2026-06-02 (score 4.5)"
    );
}

#[test]
fn a_pipe_ends_with_0_or_asks_to_try_again() {
    let server = SmtpServer::builder().start();
    let site = site(&server, "[ingest]\n");
    site.run(&["run", "--at", FIRST]).expect(0);
    let bounce = sample("postfix-unknown", &return_path(&server, "ana@example.org"));
    // A mail server may put the line of an mbox above it.
    piped(&site, format!("From MAILER-DAEMON Tue Jun  2 09:00:00 2026\n{bounce}").as_bytes()).expect(0);
    assert_eq!(record(&site, "ana"), ["added", "hard-bounce"]);
    piped(&site, sample("forged-token", "").as_bytes()).expect(0);
    piped(&site, b"").expect(0);

    let right = site.read("config/tidings.toml");
    site.write("config/tidings.toml", right.replace("[ingest]", "[ingest]\nunknown = 1"));
    let said = piped(&site, bounce.as_bytes()).expect(75);
    assert!(said.stderr.contains("unknown"), "{}", said.stderr);
    site.write("config/tidings.toml", right.replace("[ingest]", "[ingest]\n[store]\npath = \"content\"\n"));
    piped(&site, bounce.as_bytes()).expect(75);
}

#[test]
fn a_mailbox_that_can_t_be_read_holds_up_nothing_else() {
    let server = SmtpServer::builder().start();
    let site = site(&server, INGEST);
    std::fs::remove_dir_all(site.path("back/cur")).unwrap();
    let said = site.run(&["run", "--at", FIRST]).expect(1);
    assert!(
        said.stderr.contains("back/cur is missing: a Maildir has the folders new, cur and tmp"),
        "{}",
        said.stderr
    );
    assert_eq!(server.accepted().len(), 3);
    site.run(&["ingest", "--at", TUESDAY]).expect(1);
    site.run(&["ingest", "--mbox", "missing", "--at", TUESDAY]).expect(1);
    site.run(&["ingest", "what"]).expect(2);
    site.run(&["ingest", "--imap"]).expect(2);
}

#[test]
fn what_a_server_refuses_at_once_counts_as_what_comes_back() {
    let server = SmtpServer::builder()
        .rule(at(Step::Rcpt).to("ana@example.org").reply("550 5.1.1 no such user"))
        .rule(at(Step::Rcpt).to("ben@example.org").reply("552 5.2.2 mailbox full"))
        .start();
    let site = site(&server, "");
    site.run(&["run", "--at", FIRST]).expect(1);
    assert_eq!(record(&site, "ana"), ["added", "hard-bounce"]);
    assert_eq!(record(&site, "ben"), ["added", "soft-bounce"]);
    article(&site, 2);
    let run = site.run(&["run", "--json", "--at", SECOND]).expect(1).json();
    assert_eq!(run["given_up"][0]["address"], "ana@example.org");
    assert_eq!(show(&site, "ana")["suppressed"]["cause"], "bounces");
    assert_eq!(show(&site, "ben")["suppressed"], Value::Null);
    // The day is not over: the next run finds the same failures, and records nothing twice.
    site.run(&["run", "--at", "2026-06-08T08:00:00Z"]).expect(0);
    assert_eq!(record(&site, "ben"), ["added", "soft-bounce", "soft-bounce"]);
}

#[test]
fn without_a_mailbox_all_mails_have_one_return_path() {
    let server = SmtpServer::builder().start();
    let site = site(&server, "");
    site.run(&["run", "--at", FIRST]).expect(0);
    assert_eq!(return_path(&server, "ana@example.org"), "bounces@example.org");
    site.run(&["ingest"]).expect(2);
}

#[cfg(feature = "imap")]
#[test]
fn a_mailbox_on_a_server_is_read_by_the_run() {
    use crate::support::imap_server::{ImapServer, PASSWORD, USER};
    let mailbox = ImapServer::start(true);
    let server = SmtpServer::builder().start();
    let site = site(&server, "");
    site.write("ca.pem", mailbox.authority_pem());
    site.write("word", format!("{PASSWORD}\n"));
    let more = format!(
        "[ingest.imap]\nhost = \"localhost\"\nport = {}\nusername = \"{USER}\"\npassword_file = \"word\"\n\
         ca_file = \"ca.pem\"\n",
        mailbox.port()
    );
    site.write("config/tidings.toml", site.read("config/tidings.toml") + &more);
    site.run(&["run", "--at", FIRST]).expect(0);
    mailbox.deliver("1.a.host", sample("arf-generic", &return_path(&server, "ana@example.org")).as_bytes());
    mailbox.deliver("2.a.host", sample("answer", "").as_bytes());
    article(&site, 2);
    let run = site.run(&["run", "--json", "--at", SECOND]).expect(0).json();
    assert_eq!(
        (&run["ingested"]["complaints"], &run["ingested"]["alone"]["answers"]),
        (&1.into(), &1.into())
    );
    assert_eq!(run["delivered"]["sent"], 2);
    let names = mailbox.messages("");
    assert_eq!(names.iter().filter(|name| name.ends_with('S')).count(), 1, "{names:?}");
}
