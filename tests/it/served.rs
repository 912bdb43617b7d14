//! What is written for web servers beside the feeds: compressed siblings and rules.

use crate::feeds::{NOW, build};
use crate::support::site::{Site, configuration};

fn site(more: &str) -> Site {
    let site = Site::new(&configuration(more));
    site.article("heart/salt.md", "Salt", "2026-05-01");
    site
}

#[test]
fn every_file_has_a_compressed_sibling_that_is_written_once() {
    let site = site("[feeds]\ngzip = true\n");
    build(&site, NOW);
    let files = site.files("public");
    let (packed, plain): (Vec<_>, Vec<_>) =
        files.keys().partition(|path| path.split('.').next_back() == Some("gz"));
    assert_eq!(
        packed,
        plain.iter().map(|path| format!("{path}.gz")).collect::<Vec<_>>().iter().collect::<Vec<_>>()
    );
    let again = build(&site, "2026-06-01T08:00:00Z").json();
    assert_eq!(again["published"]["written"], serde_json::json!([]));
    assert_eq!(site.files("public"), files);
}

#[test]
fn servers_are_told_types_caching_and_redirects() {
    let more = "[feeds]\ngzip = true\nurl = \"https://example.org/feeds\"\n\
        server_rules = [\"netlify\", \"caddy\", \"apache\", \"nginx\"]\n\n\
        [feeds.redirects]\n\"/old.xml\" = \"/feeds/rss.xml\"\n\"/blog/feed\" = \"https://example.org/feeds/atom.xml\"\n";
    let site = site(more);
    build(&site, NOW);
    let names = ["feeds.nginx.conf", ".htaccess", "feeds.Caddyfile", "_headers", "_redirects"];
    let rules: Vec<String> =
        names.iter().map(|name| format!("==> {name}\n{}", site.read(&format!("public/{name}")))).collect();
    insta::assert_snapshot!("rules", rules.join("\n"));
}

#[test]
fn a_redirect_that_could_be_read_as_a_rule_is_a_fault() {
    for (from, to) in
        [("old.xml", "/rss.xml"), ("/a b", "/rss.xml"), ("/a", "/b; }"), ("/a", "b"), ("/a", "/a")]
    {
        let said = site(&format!("[feeds.redirects]\n{from:?} = {to:?}\n")).run(&["build"]).expect(2);
        assert!(said.stderr.contains("is no redirect") && said.stderr.contains("toml:8:"), "{}", said.stderr);
    }
}
