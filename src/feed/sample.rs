//! Feeds for the tests of all formats: one with everything, one with nothing, one with hard strings.

use chrono::{DateTime, FixedOffset};
use url::Url;

use crate::feed::manner::Manner;
use crate::feed::model::{Addresses, Comments, Entry, Feed, Format, Image, Kind, Person, Term};
use crate::feed::select::Selected;
use crate::feed::settings::{Archive, Content, Labels};

/// What breaks writers: markup, the end of CDATA, controls, a noncharacter, emoji, escaped text.
pub(crate) const HARD: &str = "AT&T <b>x</b> ]]> a\u{b}b\u{8}c\u{fffe}d 🦀 \"q\" &amp;lt;";
/// [`HARD`] as a reader must show it.
pub(crate) const HARD_READ: &str = "AT&T <b>x</b> ]]> a bcd 🦀 \"q\" &amp;lt;";

pub(crate) fn minimal() -> Feed {
    Feed {
        id: "tag:example.org,2024:empty".into(),
        title: "Empty".into(),
        subtitle: String::new(),
        overview: Vec::new(),
        page: url("https://example.org/"),
        addresses: Addresses {
            rss: Some(url("https://example.org/rss.xml")),
            atom: Some(url("https://example.org/atom.xml")),
            json: Some(url("https://example.org/feed.json")),
        },
        language: "en".into(),
        rights: None,
        ttl_minutes: 60,
        author: Person { name: "Example".into(), url: None },
        editor: None,
        image: None,
        hub: None,
        history: None,
        deleted: Vec::new(),
        podcast: None,
        stylesheet: None,
        updated: date("2024-01-01T00:00:00Z"),
        entries: Vec::new(),
    }
}

pub(crate) fn rich() -> Feed {
    Feed {
        title: "Café & Co".into(),
        subtitle: "News of a café.".into(),
        overview: vec!["First paragraph.".into(), "Second, with 1 < 2.".into()],
        rights: Some("© Example".into()),
        author: Person { name: "Example".into(), url: Some(url("https://example.org/about")) },
        editor: Some("desk@example.org (The Desk)".into()),
        image: Some(image(None, (144, 144), None)),
        hub: Some(url("https://hub.example/?a=1&b=2")),
        stylesheet: Some("/feed.css?a=1&b=2".into()),
        updated: date("2024-06-01T08:30:00+02:00"),
        entries: vec![full_entry().into(), old_entry().into()],
        ..minimal()
    }
}

/// [`rich`] with [`HARD`] for every string that an author or an operator writes.
pub(crate) fn hard() -> Feed {
    let term = Term { term: HARD.into(), label: HARD.into(), scheme: Some(HARD.into()) };
    let entry = Entry {
        id: HARD.into(),
        iri: HARD.into(),
        title: HARD.into(),
        authors: vec![Person { name: HARD.into(), url: None }],
        summary: HARD.into(),
        content_html: Some(HARD.into()),
        terms: vec![term, Term { term: String::new(), label: "\u{8}".into(), scheme: None }],
        image: Some(image(Some(1), (1, 1), Some(HARD))),
        ..full_entry()
    };
    Feed {
        id: HARD.into(),
        title: HARD.into(),
        subtitle: HARD.into(),
        overview: vec![HARD.into()],
        rights: Some(HARD.into()),
        author: Person { name: HARD.into(), url: None },
        editor: Some(HARD.into()),
        image: Some(image(None, (1, 1), Some(HARD))),
        stylesheet: Some(HARD.into()),
        entries: vec![entry.into()],
        ..rich()
    }
}

/// A feed as lists of feeds take it.
pub(crate) fn selected(kind: Kind, feed: Feed) -> Selected {
    let manner = Manner {
        formats: Format::ALL.to_vec(),
        limit: 20,
        max_bytes: None,
        content: Content::Full,
        ttl: 60,
        hub: None,
        archive: Archive::None,
        stylesheet: false,
        page: false,
    };
    let label = feed.title.clone();
    Selected {
        shown: feed.entries.len(),
        stays: false,
        kind,
        slug: String::new(),
        label,
        description: None,
        prefix: String::new(),
        manner,
        web: None,
        feed,
        archives: Vec::new(),
    }
}

pub(crate) fn labels() -> Labels {
    Labels {
        site: "All articles".into(),
        categories: "Categories".into(),
        tags: "Tags".into(),
        authors: "Authors".into(),
        selections: "Selections & <more>".into(),
    }
}

fn full_entry() -> Entry {
    Entry {
        id: "tag:example.org,2024:1".into(),
        iri: "tag:example.org,2024:1".into(),
        url: url("https://example.org/1?a=1&b=2"),
        title: "Tips & <b>tricks</b>".into(),
        authors: vec![
            Person { name: "Ann O'Hara".into(), url: Some(url("https://example.org/ann")) },
            Person { name: "Bob".into(), url: None },
        ],
        published: date("2024-05-31T23:59:59-07:00"),
        updated: date("2024-06-01T08:30:00+02:00"),
        summary: "How <b> works & why".into(),
        content_html: Some("<p>CDATA ends with ]]&gt; or ]]></p>\n<pre>  x\n</pre>".into()),
        terms: vec![
            Term {
                term: "cafe-co".into(),
                label: "Café & Co".into(),
                scheme: Some("https://example.org/categories/".into()),
            },
            Term { term: "cpp".into(), label: "c++".into(), scheme: None },
        ],
        image: Some(image(Some(1234), (640, 480), Some("A cup & a saucer"))),
        enclosures: Vec::new(),
        episode: None,
        source: None,
        comments: Some(Comments { url: Some(url("https://example.org/1#comments")), count: Some(3) }),
    }
}

/// Before 1970, its id the address, without byline, body, or a measured picture.
fn old_entry() -> Entry {
    Entry {
        id: "https://example.org/old".into(),
        iri: "https://example.org/old".into(),
        url: url("https://example.org/old"),
        title: "Old".into(),
        authors: Vec::new(),
        published: date("1969-07-20T20:17:40Z"),
        updated: date("1969-07-20T20:17:40Z"),
        summary: String::new(),
        content_html: None,
        terms: Vec::new(),
        image: Some(Image { size: None, ..image(None, (0, 0), None) }),
        enclosures: Vec::new(),
        episode: None,
        source: None,
        comments: Some(Comments { url: Some(url("https://example.org/old#c")), count: None }),
    }
}

fn image(length: Option<u64>, size: (u32, u32), alt: Option<&str>) -> Image {
    Image {
        url: url("https://example.org/cup.png?w=1&h=2"),
        media_type: "image/png".into(),
        length,
        size: Some(size),
        alt: alt.map(Into::into),
    }
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn date(text: &str) -> DateTime<FixedOffset> {
    text.parse().unwrap()
}
