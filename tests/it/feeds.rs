//! What is published of a site in which everything is written that breaks feeds.

mod identity;
mod moments;
mod refused;
mod stable;

use feed_rs::model::{Category, Entry, Feed};

use crate::support::site::{Said, Site, configuration};

/// When `hard` is published: undated articles take this moment.
pub(crate) const NOW: &str = "2026-05-31T08:00:00Z";

/// Title, bylines, labels of categories and tags, date.
type Article = (&'static str, &'static [&'static str], &'static [&'static str], &'static str);

/// Every published article of `hard` as a reader is to show it, newest first; the same moment by id.
pub(crate) const ARTICLES: [Article; 10] = [
    ("Undated", &[], &["Café & Co"], "2026-05-31T08:00:00Z"),
    (
        "AT&T <b>x</b> ]]> a bc 🦀 \"q\" &amp;lt;",
        &["Ann <b>O'Hara</b> & Co ]]> 🦀 &amp;lt;", "Böb"],
        &["AT&T <b>x</b> ]]> a b 🦀 &amp;lt;", "Café & Co", "R&D", "<b>", "c++ 🦀"],
        "2026-05-02T08:00:00Z",
    ),
    ("From JSON & <b>on</b> 🦀", &["Jay Son"], &["a, b"], "2026-05-01T07:00:00Z"),
    ("Everything that Markdown has", &["Zoë"], &["Café & Co"], "2026-05-01T07:00:00Z"),
    ("The same day, in a file's name", &[], &["c++"], "2026-05-01T07:00:00Z"),
    ("In a category whose name slugs like another", &[], &["a b"], "2026-05-01T06:30:00Z"),
    ("In that category by its title", &[], &["a b"], "2026-04-30T07:00:00Z"),
    ("In a folder whose category has another slug", &[], &["A page of its own"], "2026-04-02T07:00:00Z"),
    ("A folder with its pictures", &[], &["A page of its own"], "2026-04-01T07:00:00Z"),
    ("From TOML & <b>on</b>", &["Neil & Buzz"], &["c++", "a, b"], "1969-07-20T20:17:40Z"),
];

/// Folder of a feed, what its title ends in, and the articles in it.
type Stream = (&'static str, &'static str, &'static [usize]);

/// Every feed of `hard`.
pub(crate) const FEEDS: [Stream; 8] = [
    ("", "", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("café-co/", " – Café & Co", &[0, 1, 3]),
    ("quiet/", " – Empty & <b>quiet</b> ]]> 🦀 &amp;lt;", &[]),
    ("own-slug/", " – A page of its own", &[7, 8]),
    ("at-t-b-x-b-a-b-amp-lt/", " – AT&T <b>x</b> ]]> a b 🦀 &amp;lt;", &[1]),
    ("a-b-again/", " – a b", &[5, 6]),
    ("a-b/", " – a, b", &[2, 9]),
    ("c-plus-plus/", " – c++", &[4, 9]),
];

/// What every title of a feed of `hard` begins with.
const TITLE: &str = "Salt & <b>Stone</b> ]]> 🦀 &amp;lt;";

/// Builds at a moment, with success.
#[track_caller]
pub(crate) fn build(site: &Site, at: &str) -> Said {
    site.run(&["build", "--json", "--at", at]).expect(0)
}

/// The files of a list in a report of what was published.
fn files(said: &Said, list: &str) -> Vec<String> {
    let listed = said.json()["published"][list].clone();
    let mut files: Vec<String> = serde_json::from_value(listed).unwrap();
    files.sort();
    files
}

/// A published feed, as a parser that is not ours reads it.
pub(crate) fn parsed(site: &Site, path: &str) -> Feed {
    let text = site.read(&format!("public/{path}"));
    feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The titles of a published feed, in its order.
pub(crate) fn titles(site: &Site, path: &str) -> Vec<String> {
    parsed(site, path).entries.into_iter().map(|entry| entry.title.unwrap().content).collect()
}

/// The one entry with this title.
fn entry(site: &Site, title: &str) -> Entry {
    let entries = parsed(site, "atom.xml").entries;
    let mut found = entries.into_iter().filter(|entry| entry.title.as_ref().unwrap().content == title);
    let entry = found.next().unwrap_or_else(|| panic!("no entry {title:?}"));
    assert!(found.next().is_none(), "two entries {title:?}");
    entry
}

fn hard() -> Site {
    let site = Site::fixture("hard");
    build(&site, NOW);
    site
}

#[test]
fn the_feeds_of_the_hard_site_are_written_in_full() {
    let site = hard();
    for (name, path) in [
        ("rss", "rss.xml"),
        ("atom", "atom.xml"),
        ("json", "feed.json"),
        ("cafe_rss", "café-co/rss.xml"),
        ("cafe_atom", "café-co/atom.xml"),
        ("quiet_rss", "quiet/rss.xml"),
        ("quiet_atom", "quiet/atom.xml"),
        ("opml", "feeds.opml"),
        ("page", "feeds.html"),
        ("cafe_page", "café-co/feed.html"),
        ("quiet_page", "quiet/feed.html"),
    ] {
        insta::assert_snapshot!(name, site.read(&format!("public/{path}")));
    }
}

#[test]
fn the_hard_site_has_these_files_and_no_others() {
    let site = hard();
    let mut expected: Vec<String> =
        ["feed.css", "feeds.html", "feeds.opml"].map(|name| format!("public/{name}")).to_vec();
    for (folder, _, _) in FEEDS {
        expected.extend(
            ["atom.xml", "feed.html", "feed.json", "rss.xml"].map(|name| format!("public/{folder}{name}")),
        );
    }
    expected.sort();
    assert_eq!(site.files("public").into_keys().collect::<Vec<_>>(), expected);
}

#[test]
fn a_reader_gets_titles_bylines_categories_and_dates_as_they_were_meant() {
    let site = hard();
    for (folder, title, articles) in FEEDS {
        for name in ["rss.xml", "atom.xml", "feed.json"] {
            let path = format!("{folder}{name}");
            let feed = parsed(&site, &path);
            assert_eq!(feed.title.unwrap().content, format!("{TITLE}{title}"), "{path}");
            let mut expected: Vec<_> = articles.iter().map(|article| shown(&ARTICLES[*article])).collect();
            // In JSON Feed, who publishes the feed stands for entries without a byline.
            for (_, authors, _, _) in
                expected.iter_mut().filter(|shown| name == "feed.json" && shown.1.is_empty())
            {
                authors.push("The <Desk> & Co".to_owned());
            }
            assert_eq!(feed.entries.iter().map(read).collect::<Vec<_>>(), expected, "{path}");
        }
    }
}

/// Title, bylines, labels, date.
type Shown = (String, Vec<String>, Vec<String>, String);

fn shown((title, authors, labels, date): &Article) -> Shown {
    let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    ((*title).to_owned(), owned(authors), owned(labels), (*date).to_owned())
}

fn read(entry: &Entry) -> Shown {
    // RSS has one name for a category, Atom a term for machines and a label for people.
    let label = |category: &Category| category.label.clone().unwrap_or_else(|| category.term.clone());
    let date = entry.published.unwrap().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    (
        entry.title.as_ref().unwrap().content.clone(),
        entry.authors.iter().map(|author| author.name.clone().unwrap()).collect(),
        entry.categories.iter().map(label).collect(),
        date,
    )
}

#[test]
fn all_formats_name_the_same_entries_by_the_same_ids() {
    let site = hard();
    for (folder, _, _) in FEEDS {
        let ids = |name: &str| -> Vec<String> {
            parsed(&site, &format!("{folder}{name}")).entries.into_iter().map(|entry| entry.id).collect()
        };
        assert_eq!(ids("rss.xml"), ids("atom.xml"), "{folder}");
        assert_eq!(ids("rss.xml"), ids("feed.json"), "{folder}");
    }
}

#[test]
fn a_category_answers_to_its_folder_its_slug_and_its_title() {
    let site = Site::new(&configuration("[category.zest]\ntitle = \"Salt & Zest\"\n"));
    site.write("content/heart/_category.md", "---\ntitle: Heart & circulation\nslug: cardio\n---\n");
    let names = ["heart", "cardio", "Heart & Circulation", "zest", "salt & zest"];
    for (number, name) in names.iter().enumerate() {
        let text = format!("---\ntitle: Number {number}\ndate: 2026-05-01\ncategory: {name}\n---\nx\n");
        site.write(&format!("content/all/{number}.md"), text);
    }
    build(&site, NOW);
    assert_eq!(titles(&site, "cardio/rss.xml"), ["Number 0", "Number 1", "Number 2"]);
    assert_eq!(titles(&site, "zest/rss.xml"), ["Number 3", "Number 4"]);
    // Addresses of articles go by it too.
    assert_eq!(entry(&site, "Number 0").links[0].href, "https://example.org/cardio/0/");
    assert_eq!(entry(&site, "Number 4").links[0].href, "https://example.org/zest/4/");
}
