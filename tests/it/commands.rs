//! What an operator types, and what the program answers.

use std::io::Read;
use std::process::Stdio;

use crate::support::site::{Said, Site, WEEKLY, configuration};

const NOW: &str = "2026-05-27T12:00:00Z";

fn site() -> Site {
    let site = Site::new(&configuration(WEEKLY));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    site
}

#[test]
fn init_writes_a_site_that_builds_and_overwrites_nothing() {
    let site = Site::new("");
    let said = site
        .run(&["init", "mine", "--title", "The \"Quiet\" Post", "--url", "https://quiet.example"])
        .expect(0);
    assert!(said.stdout.starts_with("mine/config/tidings.toml\n"), "{}", said.stdout);
    let config = ["--config", "mine/config/tidings.toml"];
    site.run(&["build", config[0], config[1]]).expect(0);
    assert!(site.read("mine/public/rss.xml").contains("<title>The \"Quiet\" Post</title>"));
    site.run(&["check", config[0], config[1]]).expect(0);
    site.run(&["preview", "--out", "preview", config[0], config[1]]).expect(0);
    let again = site.run(&["init", "mine"]).expect(2);
    assert!(
        again.stderr.contains("mine/config/tidings.toml is there already; nothing was written"),
        "{}",
        again.stderr
    );
}

#[test]
fn without_a_configuration_one_is_told_what_to_do() {
    let site = Site::new("");
    std::fs::remove_file(site.path("config/tidings.toml")).unwrap();
    let said = site.run(&["run"]).expect(2);
    assert!(said.stderr.contains("there is no configuration here"), "{}", said.stderr);
    assert!(said.stderr.contains("`tidings init` writes one"), "{}", said.stderr);
}

#[test]
fn every_fault_of_a_configuration_is_reported_at_once_with_its_place() {
    let site = Site::new(
        "[site]\ntitle = \"\"\nurl = \"ftp://example.org\"\nauthor = \"Me\"\n\n[catalog]\ncontent = \"nowhere\"\npermalink = \"/x/\"\ncategory_page = \"/{category}/{titel}\"\n\n\
         [mail]\nfrom = \"nobody\"\npostal_address = \"\"\nunsubscribe_url = \"http://example.org/\"\n\n\
         [[digest]]\nname = \"A b\"\ntitle = \"x\"\ncron = \"every monday\"\nfewest = 9\nmost = 3\n",
    );
    let said = site.run(&["build"]).expect(2);
    let places: Vec<&str> =
        said.stderr.lines().filter_map(|line| line.trim().strip_prefix("--> config/tidings.toml:")).collect();
    let expected =
        ["2:9", "3:7", "7:11", "8:13", "9:17", "12:8", "13:18", "14:19", "14:19", "17:8", "19:8", "21:8"];
    assert_eq!(places, expected, "{}", said.stderr);
    assert!(!site.path("public").exists() && !site.path("state").exists());
}

#[test]
fn a_key_that_nobody_knows_is_a_fault() {
    let site = Site::new(&configuration("[feeds]\nlimitt = 3\n\n[fedes]\nlimit = 3\n"));
    let said = site.run(&["build"]).expect(2);
    assert!(said.stderr.contains("unknown field `limitt`"), "{}", said.stderr);
    assert!(said.stderr.contains("is `limit` meant?"), "{}", said.stderr);
    assert!(said.stderr.contains("there is no section or key `fedes`"), "{}", said.stderr);
}

#[test]
fn the_environment_overrides_the_file() {
    let site = site();
    let output = site
        .command(&["build"])
        .env("TIDINGS_SITE__TITLE", "Other")
        .env("TIDINGS_FEEDS__LIMIT", "0")
        .output();
    let said = Said::from(output.unwrap()).expect(2);
    assert!(said.stderr.contains("feeds.limit is 0"), "{}", said.stderr);
    let output = site.command(&["build"]).env("TIDINGS_SITE__TITLE", "Other").output();
    Said::from(output.unwrap()).expect(0);
    assert!(site.read("public/rss.xml").contains("<title>Other</title>"));
}

#[test]
fn quiet_is_silent_with_nothing_to_do_and_json_is_one_value() {
    let site = site();
    site.run(&["run", "--at", NOW]).expect(0);
    let said = site.run(&["run", "--quiet", "--at", NOW]).expect(0);
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""));
    for command in [&["run"][..], &["build"], &["check"], &["plan"], &["status"], &["subscribers", "list"]] {
        let mut arguments = command.to_vec();
        arguments.extend(["--json", "--at", NOW]);
        site.run(&arguments).expect(0).json();
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let site = site();
    for number in 0..3000 {
        site.article(&format!("heart/a-{number}.md"), &format!("Title {number}"), "2026-05-26");
    }
    let mut child = site
        .command(&["check", "--left-out", "--json", "--at", "2020-01-01T00:00:00Z"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0_u8; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let said = Said::from(child.wait_with_output().unwrap()).expect(0);
    assert_eq!(said.stderr, "");
}

#[test]
fn output_that_is_no_terminal_has_no_colours() {
    let site = site();
    site.write("content/heart/bad.md", "---\ntitle: Bad\ndate: soon\n---\n");
    let said = site.run(&["check"]).expect(1);
    assert!(!said.stderr.contains('\u{1b}'), "{}", said.stderr);
    assert!(said.stderr.contains("--> content/heart/bad.md:3:7\n"), "{}", said.stderr);
    assert!(said.stderr.contains("3 | date: soon\n  |       ^^^^\n"), "{}", said.stderr);
}

#[test]
fn a_time_budget_that_is_over_leaves_the_rest_to_the_next_run() {
    let site = site();
    site.run(&["subscribers", "add", "ana@example.org"]).expect(0);
    let said = site.run(&["run", "--now", "--time-budget", "0s", "--json", "--at", NOW]).expect(0).json();
    assert_eq!((&said["delivered"]["sent"], &said["delivered"]["left_early"]), (&0.into(), &true.into()));
    assert_eq!(said["waiting"]["ready"], 1);
    site.run(&["send", "--at", NOW]).expect(0);
    assert_eq!(site.outbox().len(), 1);
    let said = site.run(&["run", "--time-budget", "soon"]).expect(2);
    assert!(said.stderr.contains("write it as 50s, 10m or 1h"), "{}", said.stderr);
}

#[test]
fn an_import_reports_every_rejected_line_and_brings_nobody_back() {
    let site = site();
    site.write(
        "list.csv",
        "address,name,categories\nana@example.org,Ana,heart\nno address\nbo@example.org,Bo,bones\nANA@example.org,Ana,\ngone@example.org,,\n",
    );
    site.run(&["subscribers", "add", "gone@example.org"]).expect(0);
    site.run(&["subscribers", "remove", "gone@example.org"]).expect(0);
    let said = site.run(&["subscribers", "import", "list.csv"]).expect(1);
    assert_eq!(said.stdout, "1 subscriber added, 1 changed, 0 as they were, 3 rejected\n");
    assert_eq!(
        said.stderr,
        "list.csv:3: rejected: \"no address\" is no address: it needs a name, an @ and a domain\n    no address\n\
         list.csv:4: rejected: weekly has no category \"bones\"; it has heart\n    bo@example.org,Bo,bones\n\
         list.csv:6: rejected: unsubscribed; only they can come back\n    gone@example.org\n"
    );
    let list = site.run(&["subscribers", "list", "--state", "active", "--json"]).expect(0).json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["subscriptions"].as_array().unwrap().len(), 2);
}

#[test]
fn a_list_in_a_file_is_added_at_each_run_and_removes_nobody() {
    let site = Site::new(&configuration(&format!("{WEEKLY}[subscribers]\nfile = \"people.csv\"\n")));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    site.write("people.csv", "address\nana@example.org\n");
    assert_eq!(site.run(&["run", "--json"]).expect(0).json()["listed"]["added"], 1);
    assert!(site.run(&["run", "--json"]).expect(0).json().get("listed").is_none());
    site.run(&["subscribers", "remove", "ana@example.org"]).expect(0);
    site.write("people.csv", "address\nbo@example.org\n");
    site.run(&["run"]).expect(0);
    site.write("people.csv", "address\nbo@example.org\nana@example.org\n");
    let said = site.run(&["run"]).expect(0);
    assert!(said.stdout.contains("0 added from the list, 0 changed, 1 had left before"), "{}", said.stdout);
    let ana = site.run(&["subscribers", "show", "ana@example.org", "--json"]).expect(0).json();
    assert_eq!(ana["state"], "unsubscribed");
    site.write("people.csv", "address\nnobody\n");
    let said = site.run(&["run"]).expect(1);
    assert!(said.stderr.contains("people.csv:2: rejected: \"nobody\" is no address"), "{}", said.stderr);
}

#[test]
fn the_token_of_a_mail_unsubscribes_and_no_other_does() {
    let site = site();
    site.run(&["subscribers", "add", "ana@example.org"]).expect(0);
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    let mail = String::from_utf8(site.outbox().remove(0)).unwrap();
    let mail = mail.replace("\r\n ", " ");
    let header = mail.split("List-Unsubscribe: <mailto:").nth(1).unwrap().split('>').next().unwrap();
    let token = header.split("unsubscribe%20").nth(1).unwrap();
    site.run(&["subscribers", "remove", "--token", "MQ.AAAA"]).expect(2);
    site.run(&["subscribers", "remove", "--token", token]).expect(0);
    let story = site.run(&["subscribers", "show", "ana@example.org", "--json"]).expect(0).json();
    assert_eq!(story["state"], "unsubscribed");
}

#[test]
fn a_store_that_is_no_database_is_left_alone() {
    let site = site();
    site.write("state/tidings.sqlite", "this is no database, but long enough to look like one".repeat(50));
    let said = site.run(&["run"]).expect(74);
    assert!(said.stderr.contains("state/tidings.sqlite"), "{}", said.stderr);
    assert!(!site.path("public").exists());
}

#[test]
fn a_refusal_of_the_sender_stops_the_run_and_marks_nobody() {
    use crate::support::smtp_script::{Step, at};
    use crate::support::smtp_server::SmtpServer;
    let server = SmtpServer::builder().rule(at(Step::Mail).times(1).reply("550 5.7.1 not you")).start();
    let smtp = format!(
        "[delivery]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nconnections = 1\n",
        server.port()
    );
    let site = Site::new(&configuration(&format!("{WEEKLY}{smtp}")));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    site.run(&["subscribers", "add", "ana@example.org"]).expect(0);
    site.run(&["subscribers", "add", "bo@example.org"]).expect(0);
    let said = site.run(&["run", "--now", "--at", NOW]).expect(69);
    assert!(said.stderr.contains("the server refuses this sender: 550 5.7.1 not you"), "{}", said.stderr);
    let status = site.run(&["status", "--json", "--at", NOW]).expect(0).json();
    assert_eq!(status["issues"][0]["deliveries"], serde_json::json!({ "planned": 2 }));
    site.run(&["run", "--at", "2026-05-27T12:05:00Z"]).expect(0);
    assert_eq!(server.accepted().len(), 2);
}

#[test]
fn a_quiet_run_tells_a_problem_once_and_again_when_it_comes_back() {
    let site = site();
    let quiet = || site.run(&["run", "--quiet", "--at", NOW]);
    site.write("content/heart/faulty.md", "No title.\n");
    let first = quiet().expect(1);
    assert!(first.stderr.contains("the article has no title"), "{}", first.stderr);
    assert_eq!(quiet().expect(1).stderr, "");
    site.write("content/heart/second.md", "---\ntitle: [a]\ndate: 2026-05-26\n---\n");
    let second = quiet().expect(1);
    assert!(second.stderr.contains("second.md") && !second.stderr.contains("faulty.md"), "{}", second.stderr);
    assert!(site.run(&["check", "--quiet", "--at", NOW]).expect(1).stderr.contains("faulty.md"));
    std::fs::remove_file(site.path("content/heart/faulty.md")).unwrap();
    std::fs::remove_file(site.path("content/heart/second.md")).unwrap();
    assert_eq!(quiet().expect(0).stderr, "");
    site.write("content/heart/faulty.md", "No title.\n");
    assert_eq!(quiet().expect(1).stderr, first.stderr);
}

#[test]
fn results_that_can_not_be_written_are_an_error() {
    let site = site();
    for arguments in [&["check", "--at", NOW][..], &["--help"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let said = Said::from(site.command(arguments).stdout(full).output().unwrap());
        assert_eq!(said.code, 74, "{said:?}");
    }
}

#[test]
fn a_store_that_can_not_be_looked_for_is_not_taken_for_an_empty_one() {
    let site = site();
    site.write("state", "a file where the folder should be");
    for command in ["status", "plan", "check"] {
        let said = site.run(&[command]).expect(74);
        assert!(said.stderr.contains("state/tidings.sqlite can't be looked for"), "{}", said.stderr);
    }
}

#[test]
fn whoever_left_comes_back_at_their_own_wish_and_begins_anew() {
    let site = site();
    let add = ["subscribers", "add", "ana@example.org"];
    site.run(&add).expect(0);
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    site.run(&["subscribers", "remove", "ana@example.org"]).expect(0);
    let said = site.run(&["subscribers", "remove", "ana@example.org"]).expect(0);
    assert_eq!(said.stdout, "0 unsubscribed, 1 had left before\n");
    assert!(site.run(&add).expect(1).stdout.contains("--again"));
    site.run(&[&add[..], &["--again"]].concat()).expect(0);
    let story = site.run(&["subscribers", "show", "ana@example.org", "--json"]).expect(0).json();
    assert_eq!(story["state"], "active");
    assert_eq!(story["deliveries"].as_array().unwrap().len(), 1, "the past is kept");
    site.run(&["subscribers", "suppress", "ana@example.org", "--why", "complained"]).expect(0);
    let list = site.run(&["subscribers", "list", "--state", "suppressed", "--json"]).expect(0).json();
    assert_eq!(list[0]["suppressed"], serde_json::json!({ "cause": "operator", "reason": "complained" }));
    site.run(&[&add[..], &["--again"]].concat()).expect(1);
    site.run(&["subscribers", "unsuppress", "ana@example.org", "--why", "it was a mistake"]).expect(0);
    site.run(&["subscribers", "unsuppress", "ana@example.org", "--why", "again"]).expect(2);
    let list = site.run(&["subscribers", "list", "--state", "suppressed", "--json"]).expect(0).json();
    assert_eq!(list, serde_json::json!([]));
}
