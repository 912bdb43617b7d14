//! Sources of articles beside the content folder, each with a fixture under `tests/fixtures/sources`.

mod database;
pub(crate) mod fetched;
mod postgres;
mod precedence;

use crate::support::site::{Said, Site, configuration};

const NOW: &str = "2024-06-01T00:00:00Z";

/// A site with one source, the fixture at `path`.
pub(crate) fn site(kind: &str, key: &str, path: &str) -> Site {
    let place = fixture(path);
    let source = format!("[[source]]\nkind = \"{kind}\"\nname = \"other\"\n{key} = {place:?}\n");
    let site = Site::new(&configuration(&source));
    std::fs::remove_dir(site.path("content")).unwrap();
    site
}

pub(crate) fn fixture(path: &str) -> String {
    format!("{}/tests/fixtures/sources/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// What a build published, and what it said; without what changes from machine to machine.
fn published(site: &Site, code: i32) -> String {
    let said = site.run(&["build", "--at", NOW]).expect(code);
    let mut text = format!("{}\n{}\n", said.stderr, site.read("public/feed.json"));
    let listed = site.run(&["check", "--left-out", "--at", NOW]).expect(code);
    text.push_str(&listed.stdout);
    plain(&text)
}

fn plain(text: &str) -> String {
    text.replace(&fixture(""), "").replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

/// What `check` has to tell of a file of this kind.
fn told(kind: &str, text: &[u8]) -> Said {
    let source = format!("[[source]]\nkind = \"{kind}\"\nname = \"other\"\nfile = \"file\"\n");
    let site = Site::new(&configuration(&source));
    site.write("file", text);
    site.run(&["check", "--json", "--at", NOW]).expect(1)
}

fn first_problem(said: &Said) -> String {
    let json = said.json();
    let problem = &json["problems"][0];
    let path = problem["path"].as_str().unwrap().rsplit('/').next().unwrap();
    format!("{path}:{}:{}: {}", problem["line"], problem["column"], problem["message"].as_str().unwrap())
}

#[test]
fn json_lines_are_read_as_front_matter_is() {
    insta::assert_snapshot!("jsonl", published(&site("jsonl", "file", "articles.jsonl"), 0));
}

#[test]
fn a_broken_line_is_told_with_its_place_and_the_others_are_published() {
    let table = [
        ("{\"id\": 1, \"title\": \"a\", \"dat\" 3}", "file:2:31: broken JSON: expected `:`"),
        ("{\"title\": \"a\"}", "file:2:1: the article has neither `id` nor `url` nor `slug`"),
        ("[1]", "file:2:1: broken JSON: invalid type: sequence, expected a map"),
        ("{\"id\": 1} x", "file:2:10: something stands behind the object"),
        ("{\"id\": 1, \"titel\": \"a\"}", "file:2:1: other/1: the article has no title"),
        (
            "{\"id\": 1, \"title\": \"ü\", \"date\": \"soon\"}",
            "file:2:25: other/1: `date` is no date: \"soon\"",
        ),
        (
            "{\"id\": 0, \"title\": \"a\", \"date\": \"2024-05-01\"}",
            "file:2:1: other/0: another article is called so too, at line 1",
        ),
    ];
    for (line, expected) in table {
        let sound = "{\"id\": 0, \"title\": \"Sound\", \"date\": \"2024-05-01\"}";
        let said = told("jsonl", format!("\u{FEFF}{sound}\r\n{line}\n").as_bytes());
        assert_eq!(first_problem(&said), expected);
        assert_eq!(said.json()["articles"], 1, "{line}");
    }
}

#[test]
fn feeds_of_every_format_become_articles_in_categories() {
    let atom = site("feed", "file", "feed.atom");
    insta::assert_snapshot!("feed_atom", published(&atom, 0));
    assert!(atom.read("public/food/rss.xml").contains("butter"));
    assert!(atom.path("public/outside/rss.xml").exists());
    insta::assert_snapshot!("feed_rss", published(&site("feed", "file", "feed.rss"), 1));
    insta::assert_snapshot!("feed_json", published(&site("feed", "file", "feed.json"), 0));
}

#[test]
fn published_posts_of_a_wordpress_export_become_articles() {
    insta::assert_snapshot!("wordpress", published(&site("wordpress", "file", "export.xml"), 0));
}

#[test]
fn pages_of_a_built_site_that_say_so_become_articles() {
    insta::assert_snapshot!("pages", published(&site("pages", "folder", "site"), 0));
}

#[test]
fn a_file_that_is_none_of_the_kind_is_told_and_stops_a_first_run() {
    let export = std::fs::read(fixture("export.xml")).unwrap();
    let cut = export.windows(14).position(|bytes| bytes == b"<wp:is_sticky>").unwrap();
    let table: [(&str, &[u8], &str); 6] = [
        ("feed", b"", "it is no feed: unable to parse feed: no root element"),
        ("feed", b"<html></html>", "it is no feed"),
        ("feed", b"\xff\xfe\0\0{", "it is no feed"),
        ("wordpress", b"<rss><channel></channel></rss>", "it is no export of WordPress"),
        ("wordpress", &export[..cut], "it ends at line 55, within <item>"),
        ("wordpress", b"<a>".repeat(99).leak(), "nested more than"),
    ];
    for (kind, bytes, expected) in table {
        let message = first_problem(&told(kind, bytes));
        assert!(message.contains(expected), "{kind}: {message}");
    }
}

#[test]
fn a_configuration_that_makes_no_sense_is_told_with_its_places() {
    let sources = "[[source]]\nkind = \"jsonl\"\nname = \"A b\"\n\n[[source]]\nkind = \"feed\"\nname = \"blog\"\n\
        url = \"http://example.org/feed\"\nfolder = \"x\"\n\n[[source]]\nkind = \"sql\"\nname = \"blog\"\n\
        database = \"mysql:x\"\n\n[[source]]\nkind = \"pages\"\nname = \"news\"\nfolder = \"site\"\n";
    let site = Site::new(&configuration(sources));
    site.article("news/one.md", "One", "2024-05-01");
    insta::assert_snapshot!("configuration", site.run(&["check"]).expect(2).stderr);
}
