//! OPML 2.0: a list of feeds that a reader imports in one go.
//!
//! It must not know the entries of the feeds: the list changes when a feed comes, goes or is renamed, and at
//! no other time. Hence no dates, not even `dateModified`.

use crate::feed::model::Feed;
use crate::feed::xml;

/// The feeds as an OPML 2.0 document (<http://opml.org/spec2.opml>), in the order given.
///
/// `type` is `rss` whatever the format, and `xmlUrl` the RSS address. An outline's `version` attribute is left
/// out: readers detect the format themselves.
#[must_use]
pub fn render(title: &str, owner: Option<&str>, feeds: &[&Feed]) -> Vec<u8> {
    let mut root = String::from("<opml version=\"2.0\">\n  <head>\n");
    head_element(&mut root, "title", title);
    if let Some(owner) = owner {
        head_element(&mut root, "ownerName", owner);
    }
    root.push_str("  </head>\n  <body>\n");
    for feed in feeds {
        outline(&mut root, feed);
    }
    root.push_str("  </body>\n</opml>");
    xml::document(None, &root)
}

fn head_element(root: &mut String, name: &str, text: &str) {
    let text = xml::one_line(text);
    root.extend(["    <", name, ">", &xml::escape(&text), "</", name, ">\n"]);
}

fn outline(root: &mut String, feed: &Feed) {
    let title = xml::line(&feed.title).unwrap_or_else(|| feed.page.to_string());
    root.push_str("    <outline");
    attribute(root, "text", &title);
    attribute(root, "type", "rss");
    attribute(root, "xmlUrl", feed.addresses.rss.as_str());
    attribute(root, "htmlUrl", feed.page.as_str());
    attribute(root, "title", &title);
    attribute(root, "description", &xml::one_line(&feed.subtitle));
    attribute(root, "language", &xml::one_line(&feed.language));
    root.push_str("/>\n");
}

/// An empty value says nothing, so the attribute is left out.
fn attribute(root: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        root.extend([" ", name, "=\"", &xml::escape(value), "\""]);
    }
}

/// Feeds for the tests of all writers.
#[cfg(test)]
pub(crate) mod sample {
    use chrono::{DateTime, FixedOffset};
    use url::Url;

    use crate::feed::model::{Addresses, Comments, Entry, Feed, Image, Person, Term};

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
                rss: url("https://example.org/rss.xml"),
                atom: url("https://example.org/atom.xml"),
            },
            language: "en".into(),
            rights: None,
            ttl_minutes: 60,
            author: Person { name: "Example".into(), url: None },
            editor: None,
            image: None,
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
            stylesheet: Some("/feed.css?a=1&b=2".into()),
            updated: date("2024-06-01T08:30:00+02:00"),
            entries: vec![full_entry(), old_entry()],
            ..minimal()
        }
    }

    /// [`rich`] with [`HARD`] for every string that an author or an operator writes.
    pub(crate) fn hard() -> Feed {
        let term = Term { term: HARD.into(), label: HARD.into(), scheme: Some(HARD.into()) };
        let entry = Entry {
            id: HARD.into(),
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
            entries: vec![entry],
            ..rich()
        }
    }

    fn full_entry() -> Entry {
        Entry {
            id: "tag:example.org,2024:1".into(),
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
            comments: Some(Comments { url: Some(url("https://example.org/1#comments")), count: Some(3) }),
        }
    }

    /// Before 1970, its id the address, without byline, body, or a measured picture.
    fn old_entry() -> Entry {
        Entry {
            id: "https://example.org/old".into(),
            url: url("https://example.org/old"),
            title: "Old".into(),
            authors: Vec::new(),
            published: date("1969-07-20T20:17:40Z"),
            updated: date("1969-07-20T20:17:40Z"),
            summary: String::new(),
            content_html: None,
            terms: Vec::new(),
            image: Some(Image { size: None, ..image(None, (0, 0), None) }),
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
}

#[cfg(test)]
mod tests {
    use super::render;
    use super::sample::{HARD, hard, minimal, rich};

    #[test]
    fn a_list_of_feeds_is_written_in_the_order_given() {
        let written = render("Feeds of <Example>", Some("Ann & Bob"), &[&rich(), &minimal()]);
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>Feeds of &lt;Example&gt;</title>
    <ownerName>Ann &amp; Bob</ownerName>
  </head>
  <body>
    <outline text="Café &amp; Co" type="rss" xmlUrl="https://example.org/rss.xml" htmlUrl="https://example.org/" title="Café &amp; Co" description="News of a café." language="en"/>
    <outline text="Empty" type="rss" xmlUrl="https://example.org/rss.xml" htmlUrl="https://example.org/" title="Empty" language="en"/>
  </body>
</opml>
"#;
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }

    #[test]
    fn hard_strings_are_legal_and_escaped() {
        let written = String::from_utf8(render(HARD, None, &[&hard()])).unwrap();
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>AT&amp;T &lt;b&gt;x&lt;/b&gt; ]]&gt; a bcd 🦀 &quot;q&quot; &amp;amp;lt;</title>
  </head>
  <body>
    <outline text="AT&amp;T &lt;b&gt;x&lt;/b&gt; ]]&gt; a bcd 🦀 &quot;q&quot; &amp;amp;lt;" type="rss" xmlUrl="https://example.org/rss.xml" htmlUrl="https://example.org/" title="AT&amp;T &lt;b&gt;x&lt;/b&gt; ]]&gt; a bcd 🦀 &quot;q&quot; &amp;amp;lt;" description="AT&amp;T &lt;b&gt;x&lt;/b&gt; ]]&gt; a bcd 🦀 &quot;q&quot; &amp;amp;lt;" language="en"/>
  </body>
</opml>
"#;
        assert_eq!(written, expected);
    }
}
