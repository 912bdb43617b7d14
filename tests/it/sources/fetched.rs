//! A feed at an address: conditional requests, the copy of the last good answer, limits.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::{NOW, fixture};
use crate::support::site::{Said, Site, configuration};

/// A server whose answer can be changed, and the heads of the requests that it got.
pub(crate) struct Server {
    address: String,
    answer: Arc<Mutex<(String, Vec<u8>)>>,
    heads: Arc<Mutex<Vec<String>>>,
}

const GOOD: &str = "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nLast-Modified: Sat, 04 May 2024 10:00:00 GMT";

impl Server {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap().to_string(),
            answer: Arc::default(),
            heads: Arc::default(),
        };
        let (answer, heads) = (Arc::clone(&server.answer), Arc::clone(&server.heads));
        thread::spawn(move || {
            for stream in listener.incoming().map(Result::unwrap) {
                let lines = BufReader::new(&stream).lines().map_while(Result::ok);
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                heads.lock().unwrap().push(head.join("\n").to_ascii_lowercase());
                let (head, body) = answer.lock().unwrap().clone();
                if head.is_empty() {
                    // Says nothing until the other side gives up.
                    let mut byte = [0];
                    let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
                    let _ = std::io::Read::read(&mut (&stream), &mut byte);
                    continue;
                }
                let head = format!("{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                let _ = (&stream).write_all(head.as_bytes()).and_then(|()| (&stream).write_all(&body));
            }
        });
        server
    }

    pub(crate) fn says(&self, head: &str, body: &[u8]) {
        *self.answer.lock().unwrap() = (head.to_owned(), body.to_vec());
    }

    fn last_head(&self) -> String {
        self.heads.lock().unwrap().last().cloned().unwrap_or_default()
    }

    /// A site whose articles come from here.
    pub(crate) fn site(&self) -> Site {
        Site::new(&configuration(&format!(
            "[[source]]\nkind = \"feed\"\nname = \"blog\"\nurl = \"http://{}/feed\"\nallow_private = true\n\
             timeout = \"1s\"\nevery = \"0s\"\n",
            self.address
        )))
    }
}

fn build(site: &Site, code: i32) -> Said {
    site.run(&["build", "--at", NOW]).expect(code)
}

#[test]
fn a_feed_that_was_fetched_of_late_is_not_asked_for() {
    let server = Server::new();
    server.says(GOOD, &std::fs::read(fixture("feed.atom")).unwrap());
    let site = server.site();
    let text = site.read("config/tidings.toml").replace("every = \"0s\"", "every = \"15m\"");
    site.write("config/tidings.toml", text);
    let asked = |now: &str| {
        site.run(&["build", "--at", now]).expect(0);
        server.heads.lock().unwrap().len()
    };
    assert_eq!(asked("2026-05-27T12:00:00Z"), 1);
    server.says("HTTP/1.1 304 Not Modified", b"");
    assert_eq!(asked("2026-05-27T12:14:59Z"), 1);
    assert_eq!(asked("2026-05-27T12:15:00Z"), 2);
    assert_eq!(asked("2026-05-27T12:29:59Z"), 2);
    assert_eq!(asked("2026-05-27T12:30:00Z"), 3);
    assert_eq!(asked("2026-05-27T12:00:00Z"), 4, "the clock went back");
}

#[test]
fn a_feed_is_fetched_again_only_when_it_changed() {
    let server = Server::new();
    let feed = std::fs::read(fixture("feed.atom")).unwrap();
    server.says(GOOD, &feed);
    let site = server.site();
    build(&site, 0);
    assert!(!server.last_head().contains("if-none-match"));
    let first = site.read("public/feed.json");
    assert!(first.contains("Bread & butter"), "{first}");

    server.says("HTTP/1.1 304 Not Modified", b"");
    let said = build(&site, 0);
    assert_eq!(said.stderr, "");
    assert!(server.last_head().contains("if-none-match: \"one\""), "{}", server.last_head());
    assert!(server.last_head().contains("if-modified-since: sat, 04 may 2024 10:00:00 gmt"));
    assert_eq!(site.read("public/feed.json"), first);

    let changed = String::from_utf8(feed).unwrap().replace("<title>Walks</title>", "<title>Strolls</title>");
    server.says(&GOOD.replace("one", "two"), changed.as_bytes());
    build(&site, 0);
    assert!(site.read("public/feed.json").contains("Strolls"));
}

#[test]
fn the_last_good_answer_stands_in_while_the_server_is_down() {
    let server = Server::new();
    let feed = std::fs::read(fixture("feed.rss")).unwrap();
    server.says(GOOD, &feed);
    let site = server.site();
    // One entry of this feed has no address.
    build(&site, 1);
    let first = site.read("public/feed.json");
    let large = vec![b' '; 20_000_001];
    let answers: [(&str, &[u8], &str); 6] = [
        ("HTTP/1.1 500 Internal Server Error", b"sorry", "answers 500"),
        ("HTTP/1.1 404 Not Found", b"", "answers 404"),
        ("HTTP/1.1 200 OK", b"<html>We will be back</html>", "answers with no feed"),
        ("HTTP/1.1 200 OK", &large, "larger than 20000000 bytes"),
        ("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd", b"", "neither http nor https"),
        ("", b"", "no whole answer came in time"),
    ];
    for (head, body, expected) in answers {
        server.says(head, body);
        let said = build(&site, 1);
        assert!(said.stderr.contains(expected), "{expected}: {}", said.stderr);
        assert!(said.stderr.contains("what it had the last time is used"), "{}", said.stderr);
        assert_eq!(site.read("public/feed.json"), first);
    }
    // Nobody waits for the network to add a subscriber.
    let requests = server.heads.lock().unwrap().len();
    site.run(&["subscribers", "add", "ana@example.org"]).expect(2);
    assert_eq!(server.heads.lock().unwrap().len(), requests);
}

#[test]
fn without_a_copy_nothing_is_published() {
    let server = Server::new();
    server.says("HTTP/1.1 503 Service Unavailable", b"");
    let site = server.site();
    let said = build(&site, 1);
    assert!(said.stderr.contains("answers 503"), "{}", said.stderr);
    assert!(!site.path("public").exists());
}

#[test]
fn an_answer_that_nobody_asked_for_is_no_copy() {
    let server = Server::new();
    server.says("HTTP/1.1 304 Not Modified", b"");
    let said = build(&server.site(), 1);
    assert!(said.stderr.contains("answers 304"), "{}", said.stderr);
}

#[test]
fn what_is_inside_of_the_network_is_not_fetched() {
    let text = "[[source]]\nkind = \"feed\"\nname = \"blog\"\nurl = \"https://127.0.0.1:9/feed\"\n";
    let said = build(&Site::new(&configuration(text)), 1);
    assert!(said.stderr.contains("is not a public address"), "{}", said.stderr);
}

/// A feed of these entries, one a day.
fn feed(days: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let entry = |day: u32| {
        format!(
            "<entry><id>tag:e.example,2024:{day}</id><title>Day {day}</title><link href='https://e.example/{day}'/>\
             <updated>2024-05-{day:02}T10:00:00Z</updated><category term='days'/></entry>"
        )
    };
    let entries: Vec<String> = days.into_iter().map(entry).collect();
    format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>Days</title>{}</feed>", entries.concat())
        .into_bytes()
}

fn days(site: &Site) -> Vec<String> {
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/days/feed.json")).unwrap();
    let titles = feed["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap());
    titles.map(|title| title.trim_start_matches("Day ").to_owned()).collect()
}

#[test]
fn what_fell_out_of_the_feed_stays_and_what_was_taken_back_goes() {
    let server = Server::new();
    let site = server.site();
    // A feed of the newest three, fetched every day.
    for day in 3..=12 {
        server.says("HTTP/1.1 200 OK", &feed((day - 2..=day).rev()));
        build(&site, 0);
    }
    assert_eq!(days(&site), ["12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1"]);
    let kept = std::fs::read_dir(site.path("state/sources")).unwrap().count();
    assert!(kept <= 6, "{kept} files for twelve entries");
    server.says("HTTP/1.1 200 OK", &feed([12, 10, 9]));
    build(&site, 0);
    assert_eq!(days(&site), ["12", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1"]);
    // Nor does it come back from an old copy when the feed has moved on; one that does come back stays.
    server.says("HTTP/1.1 200 OK", &feed([16, 15, 14]));
    build(&site, 0);
    assert_eq!(days(&site)[..6], ["16", "15", "14", "12", "10", "9"]);
    server.says("HTTP/1.1 200 OK", &feed([17, 16, 11]));
    build(&site, 0);
    assert_eq!(days(&site)[..5], ["17", "16", "11", "10", "9"]);
    server.says("HTTP/1.1 200 OK", &feed([11, 18, 17]));
    build(&site, 0);
    assert_eq!(days(&site)[..5], ["18", "17", "16", "11", "10"]);
}
