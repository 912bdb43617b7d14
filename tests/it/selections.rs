//! Which feeds there are beside the site's: categories, tags, authors, and what the configuration chooses.

use crate::feeds::{NOW, build, parsed, titles};
use crate::support::site::{Site, configuration};

/// Four articles of three people in three categories.
fn site(more: &str) -> Site {
    let site = Site::new(&configuration(more));
    let articles = [
        ("heart/salt.md", "Salt", "2026-05-04", "[Ana Roe]", "[Café ☕, food]"),
        ("children/colds.md", "Colds", "2026-05-03", "[Ana Roe, Bo Li]", "[winter]"),
        ("children/sleep.md", "Sleep", "2026-05-02", "[Bo Li]", "[Winter, food]"),
        ("sport/run.md", "Run", "2026-05-01", "[ana roe]", "[]"),
    ];
    for (path, title, date, authors, tags) in articles {
        let text = format!(
            "---\ntitle: {title}\ndate: {date}\nauthors: {authors}\ntags: {tags}\n---\nText of {title}.\n"
        );
        site.write(&format!("content/{path}"), text);
    }
    site
}

#[test]
fn tags_and_authors_have_feeds_when_they_are_asked_for() {
    let site = site("[feeds]\ntags = true\nauthors = true\npage = false\n");
    build(&site, NOW);
    let folders: Vec<String> = site
        .files("public")
        .into_keys()
        .filter_map(|path| path.strip_prefix("public/")?.strip_suffix("/rss.xml").map(str::to_owned))
        .collect();
    let expected = [
        "authors/ana-roe",
        "authors/bo-li",
        "children",
        "heart",
        "sport",
        "tags/café",
        "tags/food",
        "tags/winter",
    ];
    assert_eq!(folders, expected);
    assert_eq!(titles(&site, "authors/ana-roe/rss.xml"), ["Salt", "Colds", "Run"], "in any case");
    assert_eq!(titles(&site, "tags/winter/feed.json"), ["Colds", "Sleep"]);
    let feed = parsed(&site, "tags/café/atom.xml");
    assert_eq!(feed.title.unwrap().content, "Site – #Café ☕");
    assert_eq!(feed.id, "tag:example.org,2020-01-01:feed/tag/caf%C3%A9");
    assert!(feed.links.iter().any(|link| link.href == "https://example.org/tags/caf%C3%A9/atom.xml"));
    insta::assert_snapshot!("opml", site.read("public/feeds.opml"));
}

#[test]
fn a_configured_feed_joins_its_lists_by_and_and_what_is_in_them_by_or() {
    let more = "[[feed]]\nname = \"ana\"\ntitle = \"Ana on body & soul\"\nauthors = [\"ana-roe\"]\n\
        categories = [\"heart\", \"children\"]\npath = \"by-{slug}-\"\n\n\
        [[feed]]\nname = \"no-food\"\nnot_tags = [\"food\"]\nnot_authors = [\"Bo Li\"]\n";
    let site = site(more);
    let said = build(&site, NOW);
    assert_eq!(said.stderr, "");
    assert_eq!(titles(&site, "by-ana-rss.xml"), ["Salt", "Colds"]);
    assert_eq!(titles(&site, "no-food/rss.xml"), ["Run"]);
    let feed = parsed(&site, "by-ana-rss.xml");
    assert_eq!(feed.title.unwrap().content, "Site – Ana on body & soul");
}

#[test]
fn a_feed_that_names_an_unknown_category_is_warned_of() {
    let more =
        "[[feed]]\nname = \"x\"\ncategories = [\"heart\", \"hart\"]\n\n[category.spot.feed]\nlimit = 3\n";
    let said = build(&site(more), NOW);
    for (feed, category) in [("x", "hart"), ("spot", "spot")] {
        let warning = format!("the feed {feed:?} names categories that there are not: {category}\n");
        assert!(said.stderr.contains(&warning), "{}", said.stderr);
    }
}

#[test]
fn each_feed_can_have_its_own_manner() {
    let more = "[site.feed]\nlimit = 1\ncontent = \"summary\"\n\n\
        [category.heart.feed]\nlanguage = \"de\"\ncopyright = \"Nobody's\"\nimage = \"/heart.png\"\n\
        hub = \"https://hub.example/\"\nstylesheet = false\npage = false\nformats = [\"atom\"]\n\n\
        [category.children]\ntitle = \"Kids\"\nfeed = { description = \"For small ones\", path = \"kids/\" }\n";
    let site = site(more);
    build(&site, NOW);
    assert_eq!(titles(&site, "rss.xml"), ["Salt"]);
    assert!(!site.read("public/rss.xml").contains("content:encoded"));
    assert!(site.read("public/sport/rss.xml").contains("content:encoded"));
    let heart: Vec<_> = site.files("public/heart").into_keys().collect();
    assert_eq!(heart, ["public/heart/atom.xml"]);
    insta::assert_snapshot!("manner", site.read("public/heart/atom.xml"));
    let kids = parsed(&site, "kids/rss.xml");
    assert_eq!(kids.description.unwrap().content, "For small ones");
    assert_eq!(kids.title.unwrap().content, "Site – Kids");
}

#[test]
fn names_of_files_and_folders_are_the_publishers_to_choose() {
    let more = "[feeds]\ncategory_path = \"topics/{slug}-\"\nformats = [\"json\", \"rss\"]\n\n\
        [feeds.files]\nrss = \"index.xml\"\njson = \"index.json\"\npage = \"about.html\"\n";
    let site = site(more);
    build(&site, NOW);
    let files: Vec<_> = site.files("public/topics").into_keys().collect();
    let expected = ["children", "heart", "sport"].map(|name| {
        ["about.html", "index.json", "index.xml"].map(|file| format!("public/topics/{name}-{file}"))
    });
    assert_eq!(files, expected.concat());
    let opml = site.read("public/feeds.opml");
    assert!(opml.contains("xmlUrl=\"https://example.org/topics/heart-index.xml\""), "{opml}");
}

#[test]
fn two_feeds_for_one_file_are_an_error_that_names_both() {
    let site = site("[feeds]\ntag_path = \"{slug}/\"\ntags = true\n");
    site.write("content/sport/swim.md", "---\ntitle: Swim\ndate: 2026-04-01\ntags: [heart]\n---\nx\n");
    let said = site.run(&["build", "--at", NOW]).expect(1);
    let message = "the tag \"heart\" and the category \"Heart\" would both be written to heart/rss.xml";
    assert!(
        said.stderr.contains(message) && said.stderr.contains("content/sport/swim.md"),
        "{}",
        said.stderr
    );
    assert_eq!(titles(&site, "heart/rss.xml"), ["Salt"], "one of them is written");
}

#[test]
fn faults_of_feeds_are_told_with_their_places() {
    let more = "[feeds]\nformats = []\ntag_path = \"/tags/\"\n\n[feeds.files]\nrss = \"a/b\"\njson = \"feeds.opml\"\n\n\
        [[feed]]\nname = \"A b\"\nlimit = 0\n\n[[feed]]\nname = \"x\"\n\n[[feed]]\nname = \"x\"\n\n\
        [category.heart.feed]\ncategories = [\"x\"]\n";
    let said = site(more).run(&["build"]).expect(2);
    insta::assert_snapshot!("faults", said.stderr);
}

#[test]
fn a_feed_holds_no_more_bytes_than_it_may() {
    let site = site("[feeds]\nmax_bytes = 1800\n");
    build(&site, NOW);
    for name in ["rss.xml", "atom.xml", "feed.json"] {
        let length = site.read(&format!("public/{name}")).len();
        let entries = titles(&site, name).len();
        assert!(length <= 1800 && (1..4).contains(&entries), "{name}: {length} bytes, {entries} entries");
    }
}
