//! `tidings serve` on a site, and what browsers and mail programs would ask it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use crate::support::site::Site;

/// No test that goes well waits for this long.
const PLENTY: Duration = Duration::from_mins(1);

/// Where links in mails lead to, in the configuration of tests.
pub(crate) const PUBLIC: &str = "https://example.org/mail";

/// Pages that are served. The server is killed with the test.
pub(crate) struct Serving {
    child: Child,
    /// `127.0.0.1:…`
    pub(crate) host: String,
    _stdout: BufReader<ChildStdout>,
}

/// What the server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in small letters.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The value of a header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_default()
    }

    /// The path of the first link in the page that holds this.
    pub(crate) fn link(&self, part: &str) -> String {
        let from = self.body.find(part).unwrap_or_else(|| panic!("no {part} in {}", self.body));
        self.body[from..].split('"').next().unwrap().to_owned()
    }
}

impl Serving {
    /// Starts it, and waits until it says where it is.
    pub(crate) fn new(site: &Site, more: &[&str]) -> Self {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], more].concat();
        let mut command = site.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let host = line.split("listening at http://").nth(1).unwrap_or_else(|| panic!("{line:?}"));
        let host = host.split('/').next().unwrap().to_owned();
        Self { child, host, _stdout: stdout }
    }

    /// What is at a path.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    /// What a form is answered.
    pub(crate) fn post(&self, path: &str, form: &str) -> Answer {
        self.ask("POST", path, &["Content-Type: application/x-www-form-urlencoded"], form)
    }

    /// What a request with these headers is answered.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PLENTY)).unwrap();
        let host = &self.host;
        let headers = headers.iter().flat_map(|header| [*header, "\r\n"]).collect::<String>();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        read(stream)
    }

    /// Waits until so many letters were sent.
    pub(crate) fn letters(&self, number: u64) {
        loop {
            let figures = self.get("/mail/metrics").body;
            let sent = figures.lines().find_map(|line| line.strip_prefix("tidings_letters_total "));
            if sent.unwrap().parse::<u64>().unwrap() >= number {
                return;
            }
        }
    }

    /// Sends a signal and waits for the end: the exit code.
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        let sent = std::process::Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads an answer to its end.
pub(crate) fn read(mut stream: impl Read) -> Answer {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let lines = head.lines().map(|line| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}\r\n", name.to_ascii_lowercase()),
        None => format!("{line}\r\n"),
    });
    Answer { status, head: lines.collect(), body: body.to_owned() }
}

/// The path of the first link to a page in a mail.
pub(crate) fn link(mail: &str, page: &str) -> String {
    let mail = mail.replace("=\r\n", "").replace("=\n", "").replace("\r\n ", "");
    let from = mail.find(&format!("{PUBLIC}/{page}/")).unwrap_or_else(|| panic!("no {page} in {mail}"));
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | ':' | '.');
    let address: String = mail[from..].chars().take_while(|c| is_token(*c)).collect();
    address.strip_prefix("https://example.org").unwrap().to_owned()
}
