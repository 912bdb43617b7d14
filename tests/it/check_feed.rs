//! `tidings check --feed`: anybody's feed, from a file, standard input, or a server.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::thread;

use crate::support::site::{Said, Site, configuration};

const NOW: &str = "2024-07-01T00:00:00Z";

fn fixture(path: &str) -> String {
    format!("{}/tests/fixtures/feeds/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// A place without a site: the judge needs none.
fn nowhere() -> Site {
    let site = Site::new("");
    std::fs::remove_dir_all(site.path("config")).unwrap();
    site
}

fn rules(said: &Said) -> Vec<String> {
    let json = said.json();
    let feeds = json["feeds"].as_array().unwrap().iter();
    feeds
        .flat_map(|feed| feed["findings"].as_array().unwrap().clone())
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_sound_feed_passes_and_a_broken_one_is_explained() {
    let here = nowhere();
    let good = here.run(&["check", "--at", NOW, "--feed", &fixture("good/rss.xml")]).expect(0);
    assert_eq!(
        (good.stdout.as_str(), good.stderr.as_str()),
        ("1 feed, 2 entries, 0 errors, 0 warnings\n", "")
    );
    // A warning is none that should stop anybody's pipeline.
    here.run(&["check", "--at", NOW, "--feed", &fixture("broken/rss-self.xml")]).expect(0);

    std::fs::copy(fixture("broken/rss-guid-permalink.xml"), here.path("feed.xml")).unwrap();
    let said = here.run(&["check", "--at", NOW, "--feed", "feed.xml"]).expect(1);
    assert_eq!(said.stdout, "1 feed, 2 entries, 1 error, 0 warnings\n");
    insta::assert_snapshot!("one_fault_of_a_feed", said.stderr);
}

#[test]
fn several_feeds_are_held_against_each_other() {
    let here = nowhere();
    let [one, two] = ["one", "two"].map(|name| fixture(&format!("across/across-entry-id/{name}.xml")));
    let said = here.run(&["check", "--json", "--at", NOW, "--feed", &one, "--feed", &two]).expect(1);
    assert_eq!(rules(&said), ["across-entry-id"]);
    assert_eq!((&said.json()["errors"], &said.json()["feeds"][1]["entries"]), (&1.into(), &2.into()));
}

#[test]
fn a_feed_comes_from_standard_input_and_a_missing_file_is_told() {
    let here = nowhere();
    let mut command = here.command(&["check", "--json", "--at", NOW, "--feed", "-"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"<html/>").unwrap();
    let said = Said::from(child.wait_with_output().unwrap()).expect(1);
    assert_eq!(rules(&said), ["feed-unknown"]);
    here.run(&["check", "--feed", "missing.xml"]).expect(74);
}

/// Answers each request by its path: head and body. A conditional one is answered with 304 if `has_304`.
fn serve(answers: Vec<(&'static str, String, Vec<u8>)>, has_304: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming().map(Result::unwrap) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let path = lines.next().unwrap_or_default().split(' ').nth(1).unwrap_or_default().to_owned();
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let is_conditional =
                head.iter().any(|line| line.to_ascii_lowercase().starts_with("if-none-match"));
            let answer = answers.iter().find(|(known, _, _)| *known == path);
            let (head, body) = match answer {
                _ if is_conditional && has_304 => ("HTTP/1.1 304 Not Modified".to_owned(), Vec::new()),
                Some((_, head, body)) => (head.clone(), body.clone()),
                None => ("HTTP/1.1 404 Not Found".to_owned(), Vec::new()),
            };
            let head = format!("{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            // One that gave up over a size limit does not listen any more.
            let _ = (&stream).write_all(head.as_bytes()).and_then(|()| (&stream).write_all(&body));
        }
    });
    address
}

fn fetch(here: &Site, address: &str, path: &str) -> Said {
    let url = format!("http://{address}{path}");
    here.run(&["check", "--json", "--allow-private", "--at", NOW, "--feed", &url])
}

#[test]
fn a_served_feed_is_judged_with_what_the_server_says_of_it() {
    let here = nowhere();
    let feed = std::fs::read(fixture("good/rss.xml")).unwrap();
    let good = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nETag: \"1\"";
    let answers = || {
        vec![
            ("/good", good.to_owned(), feed.clone()),
            ("/html", good.replace("application/rss+xml", "text/html"), feed.clone()),
            ("/latin", good.replace("=utf-8", "=iso-8859-1"), feed.clone()),
            ("/bare", good.replace("\r\nETag: \"1\"", ""), feed.clone()),
            ("/moved", "HTTP/1.1 301 Moved Permanently\r\nLocation: /good".to_owned(), Vec::new()),
            ("/found", "HTTP/1.1 302 Found\r\nLocation: good".to_owned(), Vec::new()),
            ("/circle", "HTTP/1.1 302 Found\r\nLocation: /circle".to_owned(), Vec::new()),
            ("/file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd".to_owned(), Vec::new()),
            ("/large", good.to_owned(), vec![b' '; 20_000_001]),
        ]
    };
    let address = serve(answers(), true);
    // A fixture can't know the port, and loopback has no certificate.
    let always = ["http-insecure", "http-self"];
    let check = |path: &str, more: &[&str]| {
        let mut found = rules(&fetch(&here, &address, path).expect(0));
        found.retain(|rule| !always.contains(&rule.as_str()));
        assert_eq!(found, more, "{path}");
    };
    check("/good", &[]);
    check("/found", &[]);
    check("/html", &["http-content-type"]);
    check("/latin", &["http-charset"]);
    check("/bare", &["http-validators"]);
    check("/moved", &["http-moved"]);
    assert_eq!(rules(&fetch(&here, &address, "/good").expect(0)), always);
    assert_eq!(rules(&fetch(&here, &address, "/none").expect(1)), ["http-insecure", "http-status"]);
    for refused in ["/circle", "/file", "/large"] {
        assert_eq!(rules(&fetch(&here, &address, refused).expect(1)), ["http-unreachable"], "{refused}");
    }
    let stubborn = serve(answers(), false);
    assert!(rules(&fetch(&here, &stubborn, "/good").expect(0)).contains(&"http-conditional".to_owned()));
}

#[test]
fn what_is_inside_of_the_network_is_not_fetched_unless_one_asks_for_it() {
    let here = nowhere();
    let address = serve(vec![], true);
    let port = address.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433"] {
        let said = here.run(&["check", "--json", "--feed", &format!("http://{host}:{port}/")]).expect(1);
        assert_eq!(rules(&said), ["http-unreachable"], "{host}");
        let message = said.json()["feeds"][0]["findings"][0]["message"].to_string();
        assert!(message.contains("public address"), "{host}: {message}");
    }
}

#[test]
fn what_would_be_published_is_judged_by_a_plain_check() {
    let site = Site::new(&configuration(""));
    site.article("news/one.md", "\"AT&amp;T\"", "2024-05-01");
    let said = site.run(&["check", "--json", "--at", NOW]).expect(0);
    let found = rules(&said);
    assert!(!found.is_empty() && found.iter().all(|rule| rule == "text-escaped-twice"), "{found:?}");
    assert_eq!(said.json()["feeds"][0]["feed"], "public/rss.xml");
    assert!(!site.path("public").exists());
}

#[test]
fn our_own_feeds_of_hard_and_sample_sites_break_no_must() {
    let sample = Site::sample();
    let said = sample.run(&["check", "--json", "--at", "2026-12-07T08:00:00Z"]).expect(0);
    assert_eq!(rules(&said), [""; 0], "the sample site");

    // Titles of `hard` do hold markup and entities, as their author meant: that much is said.
    let hard = Site::fixture("hard");
    let said = hard.run(&["check", "--json", "--at", "2026-05-31T08:00:00Z"]).expect(0);
    let left: Vec<String> = rules(&said)
        .into_iter()
        .filter(|rule| !["title-markup", "text-escaped-twice"].contains(&rule.as_str()))
        .collect();
    assert_eq!(left, [""; 0], "{}", said.stderr);
}

#[test]
fn a_build_holds_a_worse_feed_back_and_publishes_the_others() {
    let site = Site::new(&configuration(""));
    for (name, day) in [("one", 1), ("two", 2)] {
        site.article(&format!("news/{name}.md"), name, &format!("2024-05-0{day}"));
    }
    site.run(&["build", "--at", NOW]).expect(0);
    // On disk are entries with the same links and other ids: replacing them would make all of them new to readers.
    let other = site.read("public/rss.xml").replace("tag:example.org,", "tag:older.example.org,");
    site.write("public/rss.xml", &other);
    site.article("news/three.md", "three", "2024-05-03");
    let said = site.run(&["build", "--json", "--at", NOW]).expect(1);
    let published = &said.json()["published"];
    assert_eq!(published["held_back"][0]["path"], "rss.xml");
    assert_eq!(published["held_back"][0]["rule"], "churn-id");
    assert!(published["written"].as_array().unwrap().contains(&"atom.xml".into()));
    assert_eq!(site.read("public/rss.xml"), other);
    assert!(site.read("public/atom.xml").contains("three"));

    // The next build says so again, and whoever means it says so.
    let again = site.run(&["build", "--at", NOW]).expect(1);
    assert!(again.stderr.contains("rss.xml was left as it is"), "{}", again.stderr);
    assert!(again.stdout.contains("1 feed left as they are"), "{}", again.stdout);
    site.run(&["build", "--replace", "--at", NOW]).expect(1);
    assert!(site.read("public/rss.xml").contains("three"));
    site.run(&["build", "--at", NOW]).expect(0);
}
