//! Builds with nothing to do: they find that out without looking, and never miss what has changed.

use crate::support::site::{Site, WEEKLY, configuration};

const NOW: &str = "2026-05-27T12:00:00Z";

fn site() -> Site {
    let site = Site::new(&configuration(&format!(
        "[catalog]\ncontent = \"content\"\nstatic = \"static\"\n[feeds]\nlimit = 3\n\n{WEEKLY}"
    )));
    for day in 20..25 {
        site.article(&format!("heart/a{day}.md"), &format!("Article {day}"), &format!("2026-05-{day}"));
    }
    site.write("content/heart/b.md", "---\ntitle: B\ndate: 2026-05-25\nimage: /b.png\n---\nText.\n");
    site.settle();
    site
}

/// Builds, and says whether the build found that nothing had changed.
fn is_sealed(site: &Site, now: &str) -> bool {
    site.run(&["build", "--json", "--at", now]).expect(0).json().get("unchanged_since").is_some()
}

#[test]
fn a_second_build_looks_at_nothing_and_says_the_same() {
    let site = site();
    let first = site.run(&["build", "--json", "--at", NOW]).expect(0).json();
    let before = site.files("public");
    let second = site.run(&["build", "--json", "--at", NOW]).expect(0).json();
    assert_eq!(second["unchanged_since"], NOW);
    assert_eq!(second["published"]["articles"], first["published"]["articles"]);
    let files = first["published"]["written"].as_array().unwrap().len();
    assert_eq!(second["published"]["unchanged"], files);
    assert_eq!(site.files("public"), before);
    let full = site.run(&["build", "--full", "--json", "--at", NOW]).expect(0).json();
    assert!(full.get("unchanged_since").is_none());
    assert_eq!(full["published"]["unchanged"], files);
}

/// What it is called, and how it is done.
type Change = (&'static str, fn(&Site));

#[test]
fn whatever_changes_breaks_the_seal() {
    let changes: [Change; 12] = [
        ("an edit", |site| site.article("heart/a20.md", "Other", "2026-05-20")),
        ("a new article", |site| site.article("heart/new.md", "New", "2026-05-26")),
        ("one that is gone", |site| std::fs::remove_file(site.path("content/heart/a24.md")).unwrap()),
        ("a rename", |site| {
            std::fs::rename(site.path("content/heart/a24.md"), site.path("content/heart/z.md")).unwrap();
        }),
        ("a category page", |site| site.write("content/heart/_category.md", "---\ntitle: Heart!\n---\n")),
        ("a picture", |site| site.write("static/b.png", "not much of a picture")),
        ("the configuration", |site| {
            let text = site.read("config/tidings.toml").replace("limit = 3", "limit = 2");
            site.write("config/tidings.toml", text);
        }),
        ("a template", |site| site.write("templates/web/feed.css.j2", "item { color: red }")),
        ("a feed that somebody edited", |site| site.write("public/rss.xml", "mine")),
        ("a feed that somebody removed", |site| {
            std::fs::remove_file(site.path("public/heart/atom.xml")).unwrap();
        }),
        ("the ledger", |site| {
            site.write(
                "former.xml",
                "<rss version='2.0'><channel><title>T</title><link>https://example.org/</link><description>D</description>\
                 <item><title>B</title><link>https://example.org/heart/b/</link><guid>old</guid></item></channel></rss>",
            );
            site.run(&["ids", "import", "former.xml", "--at", NOW]).expect(0);
        }),
        ("a damaged seal", |site| site.write("state/tidings.seal", "{\"circumstances\":")),
    ];
    for (what, change) in changes {
        let site = site();
        assert!(!is_sealed(&site, NOW));
        assert!(is_sealed(&site, NOW), "before {what}");
        change(&site);
        site.settle();
        assert!(!is_sealed(&site, NOW), "{what} was not seen");
        let sealed = site.files("public");
        site.run(&["build", "--full", "--at", NOW]).expect(0);
        assert_eq!(site.files("public"), sealed, "{what}");
        assert!(is_sealed(&site, NOW), "after {what}");
    }
}

#[test]
fn an_edit_that_keeps_length_and_time_is_seen_all_the_same() {
    let site = site();
    is_sealed(&site, NOW);
    let place = site.path("content/heart/a24.md");
    let modified = std::fs::metadata(&place).unwrap().modified().unwrap();
    site.article("heart/a24.md", "Brticle 24", "2026-05-24");
    std::fs::File::open(&place).unwrap().set_modified(modified).unwrap();
    assert!(!is_sealed(&site, NOW));
    assert!(site.read("public/rss.xml").contains("Brticle 24"));
}

#[test]
fn an_article_goes_out_when_it_is_due_though_no_file_changes() {
    let site = site();
    site.article("heart/later.md", "Later", "2026-05-28T10:00:00Z");
    site.write(
        "content/heart/over.md",
        "---\ntitle: Over\ndate: 2026-05-26\nexpires: 2026-05-29T10:00:00Z\n---\nText.\n",
    );
    site.settle();
    is_sealed(&site, NOW);
    assert!(is_sealed(&site, "2026-05-28T09:59:59Z"));
    assert!(!is_sealed(&site, "2026-05-28T10:00:00Z"));
    assert!(site.read("public/rss.xml").contains("<title>Later</title>"));
    assert!(is_sealed(&site, "2026-05-29T09:59:59Z"));
    assert!(!is_sealed(&site, "2026-05-29T10:00:00Z"));
    assert!(!site.read("public/rss.xml").contains("<title>Over</title>"));
    assert!(!is_sealed(&site, NOW), "the clock went back");
}

#[test]
fn a_build_with_something_to_complain_of_is_not_sealed() {
    let site = site();
    site.write("content/heart/undated.md", "---\ntitle: Undated\n---\nText.\n");
    site.settle();
    for _ in 0..2 {
        let said = site.run(&["build", "--json", "--at", NOW]).expect(0);
        assert!(said.json().get("unchanged_since").is_none());
        assert!(said.stderr.contains("the article has no date"), "{}", said.stderr);
    }
}

#[test]
fn a_run_over_a_sealed_site_opens_what_is_due_and_delivers_what_waits() {
    let site = site();
    site.run(&["subscribers", "add", "ana@example.org", "--at", "2026-05-20T12:00:00Z"]).expect(0);
    let run = |now: &str| site.run(&["run", "--json", "--at", now]).expect(0).json();
    assert!(run(NOW).get("unchanged_since").is_none());
    assert_eq!(run("2026-05-27T12:01:00Z")["unchanged_since"], NOW);
    let monday = run("2026-06-01T07:00:00Z");
    assert_eq!(monday["delivered"]["sent"], 1, "{monday}");
    assert_eq!(site.outbox().len(), 1);
    assert_eq!(run("2026-06-01T07:01:00Z")["delivered"]["sent"], 0);
}
