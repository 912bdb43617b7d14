//! What survives a run that is killed, locked out, or can't write its ledger: nobody is missed, and nobody is
//! mailed twice beyond what SMTP leaves open (RFC 1047): one message for each open connection.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use mail_parser::MessageParser;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::support::site::{Said, Site, WEEKLY, configuration};
use crate::support::smtp_script::{Rule, Step, at};
use crate::support::smtp_server::SmtpServer;

/// Between two looks at what the server has seen: little beside one message.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// The Friday on which the digest is seen first, and its first slot.
const FRIDAY: &str = "2026-06-05T09:00:00Z";
const MONDAY: &str = "2026-06-08T07:00:00Z";

const CONNECTIONS: usize = 4;

/// The one whose message is killed.
const UNLUCKY: &str = "reader-7@people.example";

/// No test that goes well waits for this long.
const PLENTY: Duration = Duration::from_mins(1);

#[test]
fn a_message_without_an_answer_is_sent_again_with_the_same_bytes() {
    let (server, site) = killed_before_the_answer("resend");
    let said = run(&site).expect(0);
    assert_eq!(said.json()["recovered"]["resent"], 1, "{said:?}");

    let copies = copies(&server);
    assert_eq!(people_with(2, &copies), [UNLUCKY]);
    assert_eq!(people_with(1, &copies).len(), 19);
    assert_eq!(copies[UNLUCKY][0], copies[UNLUCKY][1]);
    assert_eq!(server.violations(), [""; 0]);
}

#[test]
fn a_message_without_an_answer_is_held_where_that_is_the_policy() {
    let (server, site) = killed_before_the_answer("hold");
    let before = server.commands();
    for expected in [1, 0] {
        let said = run(&site).expect(1);
        assert_eq!(said.json()["recovered"]["held"], expected, "{said:?}");
        assert_eq!(said.json()["waiting"]["uncertain"], 1, "{said:?}");
    }
    let status = site.run(&["status", "--json"]).expect(1).json();
    assert_eq!(status["waiting"]["uncertain"], 1, "{status}");
    assert_eq!(
        status["issues"][0]["deliveries"],
        serde_json::json!({"sent": 19, "uncertain": 1}),
        "{status}"
    );
    assert_eq!(server.commands(), before, "somebody was mailed again");
}

#[test]
fn runs_that_are_killed_at_random_moments_miss_nobody() {
    let server = SmtpServer::builder().start();
    let site = site_with(60, &server, "resend");
    let seed = RandomState::new().build_hasher().finish();
    let (mut kills, mut random) = (0, seed);
    for _ in 0..3 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let more = 1 + usize::try_from((random >> 33) % 15).unwrap();
        let enough = server.accepted().len() + more;
        let mut child = start(&site);
        until("the run is under way", || {
            server.accepted().len() >= enough || child.try_wait().unwrap().is_some()
        });
        kills += usize::from(kill(child));
    }
    run(&site).expect(0);

    let copies = copies(&server);
    assert_eq!(copies.len(), 60, "somebody was missed; seed {seed}");
    let twice = server.accepted().len() - copies.len();
    assert!(twice <= CONNECTIONS * kills, "{twice} duplicates of {kills} kills; seed {seed}");
    assert!(copies.values().all(|copies| copies.iter().all(|copy| *copy == copies[0])), "seed {seed}");
}

#[test]
fn a_second_run_says_who_holds_the_lock_and_sends_nothing() {
    let server = SmtpServer::builder().rule(at(Step::Dot).silence()).start();
    let site = site_with(20, &server, "resend");
    let first = start(&site);
    until("every connection waits for an answer", || spoken(&server, "DATA") == CONNECTIONS);
    let before = server.commands();

    let second = run(&site).expect(75);
    assert_eq!(second.stdout, "");
    let lock = site.path("state/tidings.lock").canonicalize().unwrap();
    assert_eq!(
        second.stderr.replace(lock.to_str().unwrap(), "LOCK"),
        format!(
            "error: tidings run (process {}, since 2026-06-08T07:00:00+00:00) holds the lock LOCK\n  \
             hint: it is safe to let cron call again; nothing was done\n",
            first.id()
        )
    );
    assert_eq!((server.commands(), server.connections()), (before, CONNECTIONS));
    assert!(kill(first), "the first run ended by itself");
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_stops_the_sending() {
    let server = SmtpServer::builder().start();
    let site = site_with(60, &server, "resend");
    let store = site.path("state/tidings.sqlite");
    execute(
        &store,
        "CREATE TRIGGER full BEFORE UPDATE OF state ON deliveries
         WHEN NEW.state = 'sent' AND (SELECT count(*) FROM deliveries WHERE state = 'sent') >= 10
         BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    )
    .await;
    let stopped = run(&site).expect(74);
    assert_eq!(
        stopped.stderr,
        "error: the delivery ledger can't be written: the store can't settle deliveries: error returned from \
         database: (code: 1811) the disk is full\n  \
         hint: sending has stopped; look at the disk. The next run settles what was under way\n"
    );
    let recorded = usize::try_from(stopped.json()["delivered"]["sent"].as_u64().unwrap()).unwrap();
    let accepted = server.accepted().len();
    assert!(recorded <= 10 && accepted <= recorded + CONNECTIONS, "{accepted} sent, {recorded} recorded");

    execute(&store, "DROP TRIGGER full").await;
    run(&site).expect(0);
    let copies = copies(&server);
    assert_eq!(copies.len(), 60);
    assert_eq!(server.accepted().len() - 60, accepted - recorded);
    assert!(copies.values().all(|copies| copies.iter().all(|copy| *copy == copies[0])));
}

/// A site whose digest for that many readers is due on Monday.
fn site_with(readers: usize, server: &SmtpServer, on_uncertain: &str) -> Site {
    let site = Site::new(&configuration(&format!(
        "{WEEKLY}\n[subscribers]\nfile = \"config/people.csv\"\n\n\
         [delivery]\ntransport = \"smtp\"\non_uncertain = \"{on_uncertain}\"\n\n\
         [smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nhello_name = \"client.test\"\n\
         connections = {CONNECTIONS}\n",
        server.port()
    )));
    let people: Vec<String> = (1..=readers).map(|number| format!("reader-{number}@people.example")).collect();
    site.write("config/people.csv", format!("address\n{}\n", people.join("\n")));
    site.article("news/old.md", "Old", "2026-05-01");
    site.run(&["run", "--at", FRIDAY]).expect(0);
    site.article("news/new.md", "New", "2026-06-06");
    site
}

/// Twenty readers; the server took the message of one and did not say so, and the run was killed when all others
/// were settled.
fn killed_before_the_answer(on_uncertain: &str) -> (SmtpServer, Site) {
    let withheld: Rule = at(Step::Dot).to(UNLUCKY).times(1).accepting().silence();
    let server = SmtpServer::builder().rule(withheld).start();
    let site = site_with(20, &server, on_uncertain);
    let child = start(&site);
    // A connection is closed when its last message is settled: only the silent one stays.
    until("all but one connection are done", || {
        server.accepted().len() == 20 && spoken(&server, "QUIT") + 1 == server.connections()
    });
    assert!(kill(child), "the run ended by itself");
    (server, site)
}

fn run(site: &Site) -> Said {
    site.run(&["run", "--at", MONDAY, "--json"])
}

fn start(site: &Site) -> Child {
    let mut command = site.command(&["run", "--at", MONDAY]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills with SIGKILL; says whether that is what ended it.
fn kill(mut child: Child) -> bool {
    child.kill().unwrap();
    child.wait().unwrap().signal() == Some(9)
}

/// Looks at what the server has seen until it is enough.
#[track_caller]
fn until(what: &str, mut enough: impl FnMut() -> bool) {
    let start = Instant::now();
    while !enough() {
        assert!(start.elapsed() < PLENTY, "waited for {what}");
        std::thread::park_timeout(LOOK_AGAIN);
    }
}

/// How many times the server has heard a command.
fn spoken(server: &SmtpServer, command: &str) -> usize {
    server.commands().iter().filter(|line| *line == command).count()
}

/// All that each recipient got: Message-ID and bytes.
fn copies(server: &SmtpServer) -> BTreeMap<String, Vec<(String, Vec<u8>)>> {
    let mut copies: BTreeMap<String, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for message in server.accepted() {
        let parsed = MessageParser::default().parse(&message.data).unwrap();
        let id = parsed.message_id().unwrap().to_owned();
        copies.entry(message.recipients[0].clone()).or_default().push((id, message.data));
    }
    copies
}

fn people_with(number: usize, copies: &BTreeMap<String, Vec<(String, Vec<u8>)>>) -> Vec<&str> {
    copies.iter().filter(|(_, copies)| copies.len() == number).map(|(who, _)| who.as_str()).collect()
}

async fn execute(store: &Path, statement: &'static str) {
    let mut connection = SqliteConnectOptions::new().filename(store).connect().await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
