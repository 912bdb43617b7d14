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
    site.run(&["preview", config[0], config[1]]).expect(0);
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
        "[site]\ntitle = \"\"\nurl = \"ftp://example.org\"\nauthor = \"Me\"\n\n[catalog]\ncontent = \"nowhere\"\npermalink = \"/x/\"\n\n\
         [mail]\nfrom = \"nobody\"\npostal_address = \"\"\nunsubscribe_url = \"http://example.org/\"\n\n\
         [[digest]]\nname = \"A b\"\ntitle = \"x\"\ncron = \"every monday\"\nfewest = 9\nmost = 3\n",
    );
    let said = site.run(&["build"]).expect(2);
    let places: Vec<&str> =
        said.stderr.lines().filter_map(|line| line.trim().strip_prefix("--> config/tidings.toml:")).collect();
    let expected = ["2:9", "3:7", "7:11", "8:13", "11:8", "12:18", "13:19", "13:19", "16:8", "18:8", "20:8"];
    assert_eq!(places, expected, "{}", said.stderr);
    assert!(!site.path("public").exists() && !site.path("state").exists());
}

#[test]
fn a_key_that_nobody_knows_is_a_fault() {
    let site = Site::new(&configuration("[feeds]\nlimitt = 3\n\n[fedes]\nlimit = 3\n"));
    let said = site.run(&["build"]).expect(2);
    assert!(said.stderr.contains("unknown field `limitt`"), "{}", said.stderr);
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
    let said = site.run(&["run"]).expect(1);
    assert!(
        said.stderr.contains("people.csv:3: rejected: unsubscribed; only they can come back"),
        "{}",
        said.stderr
    );
}

#[test]
fn the_token_of_a_mail_unsubscribes_and_no_other_does() {
    let site = site();
    site.run(&["subscribers", "add", "ana@example.org"]).expect(0);
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    let mail = String::from_utf8(site.outbox().remove(0)).unwrap();
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
