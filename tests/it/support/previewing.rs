//! `tidings preview` on a site, and what a browser would ask it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use crate::support::site::Site;

/// No test that goes well waits for this long.
const PLENTY: Duration = Duration::from_mins(1);

/// A preview that is served. It is killed with the test.
pub(crate) struct Previewing {
    child: Child,
    /// `http://127.0.0.1:…/`
    pub(crate) address: String,
    _stdout: BufReader<ChildStdout>,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Previewing {
    /// Starts it, and waits until it says where it is.
    pub(crate) fn new(site: &Site, more: &[&str]) -> Self {
        let arguments = [&["preview"], more].concat();
        let mut command = site.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        stdout.read_line(&mut address).unwrap();
        assert!(address.starts_with("http://127.0.0.1:"), "{address:?}");
        Self { child, address: address.trim_end().to_owned(), _stdout: stdout }
    }

    /// `127.0.0.1:…`
    pub(crate) fn host(&self) -> &str {
        self.address.trim_start_matches("http://").split('/').next().unwrap()
    }

    /// What is at a path.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_from(path, self.host())
    }

    /// As [`get`](Self::get), for a browser that thinks that it talks to this host.
    pub(crate) fn get_from(&self, path: &str, host: &str) -> Answer {
        let mut answer = String::new();
        self.ask(path, host).read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    /// The page, once it holds these words: as one that is open loads itself anew with each change.
    pub(crate) fn until(&self, path: &str, words: &str) -> Answer {
        loop {
            let page = self.get(path);
            if page.body.contains(words) {
                return page;
            }
            let version = page.body.split("data-version=\"").nth(1).unwrap().split('"').next().unwrap();
            let stream = self.ask(&format!("/events?version={version}"), self.host());
            let mut lines = BufReader::new(stream).lines();
            let told = lines
                .any(|line| line.unwrap_or_else(|error| panic!("{error}: {page:?}")) == "event: changed");
            assert!(told, "the events ended");
        }
    }

    fn ask(&self, path: &str, host: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.set_read_timeout(Some(PLENTY)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        stream
    }

    /// Sends a signal and waits for the end: the exit code.
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        let sent = std::process::Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Previewing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
