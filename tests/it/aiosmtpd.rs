//! A run against a mail server by other people, whose mails are read by Python's own parser.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use crate::support::python;
use crate::support::site::{Site, WEEKLY, configuration};

/// aiosmtpd in a process of its own, which ends with the test.
struct Server {
    child: Child,
    /// Reads what it prints as it prints it: a pipe that is full would stop it.
    messages: JoinHandle<Vec<serde_json::Value>>,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parsers/receive.py");
        let mut command = Command::new(python::interpreter("aiosmtpd"));
        let mut child = command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next().unwrap().unwrap().parse().unwrap();
        let messages =
            std::thread::spawn(|| lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect());
        Self { child, messages, port }
    }

    /// The messages that it took, once it has ended.
    fn finish(mut self) -> Vec<serde_json::Value> {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
        self.messages.join().unwrap()
    }
}

#[test]
fn another_server_takes_every_mail_and_another_parser_finds_no_defect() {
    let server = Server::start();
    let mail = WEEKLY.replace(
        "[mail]\n",
        "[mail]\nunsubscribe_url = \"https://example.org/u/{token}\"\nbounces = \"bounces@example.org\"\n",
    );
    let smtp =
        format!("[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nconnections = 3\n", server.port);
    let site = Site::new(&configuration(&format!("{mail}[delivery]\ntransport = \"smtp\"\n{smtp}")));
    site.write(
        "content/heart/salt.md",
        "---\ntitle: Größe & <Salz> – “quoted”\ndate: 2026-05-26\nauthor: Zoë\nsummary: 一二三 🦀 .\n---\n.\n.\nText\n",
    );
    let lines: Vec<String> =
        (0..40).map(|number| format!("reader{number}@example.net,\"Näme, {number}\"")).collect();
    let people = format!("address,name\n{}\n", lines.join("\n"));
    site.write("people.csv", people);
    site.run(&["subscribers", "import", "people.csv"]).expect(0);
    site.run(&["run", "--now", "--at", "2026-05-27T12:00:00Z"]).expect(0);

    let messages = server.finish();
    let mut recipients: Vec<&str> =
        messages.iter().map(|message| message["recipients"][0].as_str().unwrap()).collect();
    recipients.sort_unstable();
    recipients.dedup();
    assert_eq!((messages.len(), recipients.len()), (40, 40));
    for message in &messages {
        assert_eq!(message["defects"], serde_json::json!([]), "{message}");
        assert_eq!(message["sender"], "bounces@example.org");
        assert_eq!(message["types"], serde_json::json!(["text/plain", "text/html"]));
        let header = |name: &str| {
            let all: Vec<&str> = message["headers"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|header| header[0] == name)
                .map(|header| header[1].as_str().unwrap())
                .collect();
            assert_eq!(all.len(), 1, "{name} in {message}");
            all[0].to_owned()
        };
        assert_eq!(header("Subject"), "Größe & <Salz> – “quoted” – The week");
        assert_eq!(header("List-Id"), "The week <weekly.example.org>");
        assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert!(header("List-Unsubscribe").starts_with("<https://example.org/u/"), "{message}");
        assert_eq!(header("Date"), "Wed, 27 May 2026 12:00:00 +0000");
        assert!(header("To").contains("Näme, "), "{message}");
        assert!(message["text"].as_str().unwrap().contains("一二三 🦀 ."), "{message}");
    }
}
