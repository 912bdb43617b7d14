//! RSS 2.0: a neutral feed in the words of the specification and of the RSS Board's profile.
//!
//! It decides how things are written, never which entries there are, where the bytes go, or what time it is.
//! Sources: <https://www.rssboard.org/rss-specification> and <https://www.rssboard.org/rss-profile>.

use std::{io, iter};

use chrono::{DateTime, FixedOffset};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use url::Url;

use crate::feed::extension::{self, Element};
use crate::feed::model::{Comments, Entry, Feed, Format, History, Image, Term};
use crate::feed::{itunes, xml};

/// The greatest width and height that a channel's image may state (specification, `<image>` sub-element).
const IMAGE_BOUNDS: (u32, u32) = (144, 400);

/// The only kinds that a channel's image may be (specification, `<image>` sub-element).
const IMAGE_TYPES: [&str; 3] = ["image/gif", "image/jpeg", "image/png"];

/// The feed as an RSS 2.0 document: the same bytes for the same feed.
///
/// # Errors
///
/// None in practice, since memory takes every byte; the serialiser's signature allows for one.
pub fn render(feed: &Feed) -> io::Result<Vec<u8>> {
    let written = channel(feed).pretty_write_to(Vec::new(), b' ', 2).map_err(io::Error::other)?;
    let written = String::from_utf8(written).map_err(io::Error::other)?;
    Ok(xml::document(feed.stylesheet.as_deref(), &xml::with_numeric_references(&written)))
}

fn channel(feed: &Feed) -> rss::Channel {
    let title = xml::line(&feed.title).unwrap_or_else(|| feed.page.to_string());
    let about = xml::paragraphs(iter::once(&feed.subtitle).chain(&feed.overview));
    let items: Vec<_> = feed.entries.iter().map(|entry| item(entry)).collect();
    let mut extensions = ExtensionMap::new();
    if feed.history.as_ref().is_some_and(History::is_archive) {
        add(&mut extensions, Element::text("fh:archive", ""));
    }
    rss::Channel {
        link: feed.page.to_string(),
        // Required, so a feed that says nothing of itself repeats its title.
        description: if about.is_empty() { title.clone() } else { about },
        language: xml::line(&feed.language),
        copyright: feed.rights.as_deref().and_then(xml::line),
        managing_editor: feed.editor.as_deref().and_then(xml::line),
        last_build_date: Some(date(feed.updated)),
        generator: Some(xml::GENERATOR.to_owned()),
        ttl: Some(feed.ttl_minutes.to_string()),
        image: feed.image.as_ref().and_then(|image| channel_image(image, &title, feed.page.as_str())),
        atom_ext: Some(AtomExtension { links: links(feed) }),
        itunes_ext: itunes::channel(feed),
        namespaces: xml::namespaces(items.iter().map(|item| &item.extensions).chain([&extensions])),
        extensions,
        items,
        title,
        ..rss::Channel::default()
    }
}

/// `self`, which the profile asks for, and what only an Atom link can say. No `alternate`: it would repeat `link`, and
/// readers that take elements by their local name would see two.
fn links(feed: &Feed) -> Vec<Link> {
    let link = |rel: &str, address: &Url, mime_type: Option<&str>| Link {
        href: address.to_string(),
        rel: rel.to_owned(),
        mime_type: mime_type.map(str::to_owned),
        ..Link::default()
    };
    let own = feed.addresses.rss.iter().map(|address| link("self", address, Some("application/rss+xml")));
    // WebSub, section 4: the hub stands beside `self`.
    let hub = feed.hub.iter().map(|hub| link("hub", hub, None));
    let history = feed.history.iter().flat_map(|history| history.links(Format::Rss));
    own.chain(hub).chain(history.map(|(rel, address)| link(rel, address, None))).collect()
}

/// Title and link repeat the channel's, as the profile asks.
fn channel_image(image: &Image, title: &str, link: &str) -> Option<rss::Image> {
    if !IMAGE_TYPES.contains(&image.media_type.as_str()) {
        return None;
    }
    let size = image.size.filter(|&(width, height)| width <= IMAGE_BOUNDS.0 && height <= IMAGE_BOUNDS.1);
    Some(rss::Image {
        url: image.url.to_string(),
        title: title.to_owned(),
        link: link.to_owned(),
        width: size.map(|(width, _)| width.to_string()),
        height: size.map(|(_, height)| height.to_string()),
        description: image.alt.as_deref().and_then(xml::line),
    })
}

fn item(entry: &Entry) -> rss::Item {
    let creators: Vec<_> = entry.authors.iter().filter_map(|author| xml::line(&author.name)).collect();
    let summary = xml::paragraphs([&entry.summary]);
    rss::Item {
        title: Some(xml::line(&entry.title).unwrap_or_else(|| entry.url.to_string())),
        link: Some(entry.url.to_string()),
        // Readers take it for HTML (profile, `description`), so plain text is escaped once as HTML, and by the
        // serialiser once more as XML: `<b>` arrives as the three characters that the author wrote.
        description: Some(xml::escape(&summary).into_owned()).filter(|html| !html.is_empty()),
        content: entry
            .content_html
            .as_deref()
            .filter(|html| !html.is_empty())
            .map(|html| xml::legal(html).into_owned()),
        categories: entry.terms.iter().filter_map(category).collect(),
        comments: entry.comments.as_ref().and_then(|comments| comments.url.as_ref()).map(ToString::to_string),
        enclosure: enclosure(entry),
        source: entry
            .source
            .as_ref()
            .map(|source| rss::Source { url: source.url.to_string(), title: xml::line(&source.title) }),
        itunes_ext: itunes::item(entry),
        guid: Some(guid(entry)),
        pub_date: Some(date(entry.published)),
        // `author` would have to be an e-mail address. Without a byline there is no creator: the publisher is
        // named by the channel, and did not write the article.
        dublin_core_ext: (!creators.is_empty())
            .then(|| DublinCoreExtension { creators, ..DublinCoreExtension::default() }),
        extensions: extensions(entry),
        ..rss::Item::default()
    }
}

/// A permalink only if the id is the article's address; any other URL may lead nowhere.
fn guid(entry: &Entry) -> rss::Guid {
    let value = xml::legal(&entry.id).into_owned();
    let permalink = matches!(entry.url.scheme(), "http" | "https") && value == entry.url.as_str();
    rss::Guid { value, permalink }
}

fn category(term: &Term) -> Option<rss::Category> {
    let name = xml::line(&term.label).or_else(|| xml::line(&term.term))?;
    Some(rss::Category { name, domain: term.scheme.as_deref().and_then(xml::line) })
}

/// One at most, as the profile asks: sound before a picture. The length is required (specification, `<enclosure>`
/// sub-element): a guess would be a lie.
fn enclosure(entry: &Entry) -> Option<rss::Enclosure> {
    let files = entry.enclosures.iter().map(|file| (&file.url, file.length, &file.media_type));
    let image = entry.image.iter().map(|image| (&image.url, image.length, &image.media_type));
    let (url, length, mime_type) =
        files.chain(image).find_map(|(url, length, kind)| Some((url, length?, kind)))?;
    Some(rss::Enclosure {
        url: url.to_string(),
        length: length.to_string(),
        mime_type: xml::one_line(mime_type),
    })
}

fn extensions(entry: &Entry) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    if let Some(Comments { count: Some(count), .. }) = entry.comments {
        add(&mut map, Element::text("slash:comments", count.to_string()));
    }
    for file in &entry.enclosures {
        add(&mut map, extension::attached(file));
    }
    if let Some(image) = &entry.image {
        add(&mut map, extension::media(image));
    }
    map
}

/// The crate writes an extension under its `name`, prefix included; the keys only order them.
fn add(map: &mut ExtensionMap, element: Element) {
    let prefix = element.prefix().to_owned();
    let extension = extension(element);
    map.entry(prefix).or_default().entry(extension.name.clone()).or_default().push(extension);
}

fn extension(element: Element) -> Extension {
    let (name, attrs, value, children) = element.into_parts();
    let children = children.into_iter().map(extension).map(|child| (child.name.clone(), vec![child]));
    Extension { name, value, attrs, children: children.collect() }
}

/// RFC 822 with a four-digit year and a numeric offset. Not `to_rfc2822`, which panics beyond the year 9999.
fn date(date: DateTime<FixedOffset>) -> String {
    date.format("%a, %d %b %Y %H:%M:%S %z").to_string()
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::feed::sample::{HARD_READ, hard, minimal, rich};

    #[test]
    fn a_feed_with_everything_is_written_in_full() {
        let written = String::from_utf8(render(&rich()).unwrap()).unwrap();
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet href="/feed.css?a=1&amp;b=2" type="text/css"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
  <channel>
    <title>Café &#x26; Co</title>
    <link>https://example.org/</link>
    <description>News of a café.

First paragraph.

Second, with 1 &#x3C; 2.</description>
    <language>en</language>
    <copyright>© Example</copyright>
    <managingEditor>desk@example.org (The Desk)</managingEditor>
    <lastBuildDate>Sat, 01 Jun 2024 08:30:00 +0200</lastBuildDate>
    <generator>Tidings</generator>
    <ttl>60</ttl>
    <image>
      <url>https://example.org/cup.png?w=1&#x26;h=2</url>
      <title>Café &#x26; Co</title>
      <link>https://example.org/</link>
      <width>144</width>
      <height>144</height>
    </image>
    <atom:link href="https://example.org/rss.xml" rel="self" type="application/rss+xml"/>
    <atom:link href="https://hub.example/?a=1&amp;b=2" rel="hub"/>
    <item>
      <title>Tips &#x26; &#x3C;b&#x3E;tricks&#x3C;/b&#x3E;</title>
      <link>https://example.org/1?a=1&#x26;b=2</link>
      <description><![CDATA[How &lt;b&gt; works &amp; why]]></description>
      <category domain="https://example.org/categories/">Café &#x26; Co</category>
      <category>c++</category>
      <comments>https://example.org/1#comments</comments>
      <enclosure url="https://example.org/cup.png?w=1&amp;h=2" length="1234" type="image/png"/>
      <guid isPermaLink="false">tag:example.org,2024:1</guid>
      <pubDate>Fri, 31 May 2024 23:59:59 -0700</pubDate>
      <content:encoded><![CDATA[<p>CDATA ends with ]]&gt; or ]]]]><![CDATA[></p>
<pre>  x
</pre>]]></content:encoded>
      <media:content fileSize="1234" height="480" medium="image" type="image/png" url="https://example.org/cup.png?w=1&amp;h=2" width="640">
        <media:description>A cup &#x26; a saucer</media:description>
      </media:content>
      <slash:comments>3</slash:comments>
      <dc:creator>Ann O'Hara</dc:creator>
      <dc:creator>Bob</dc:creator>
    </item>
    <item>
      <title>Old</title>
      <link>https://example.org/old</link>
      <comments>https://example.org/old#c</comments>
      <guid>https://example.org/old</guid>
      <pubDate>Sun, 20 Jul 1969 20:17:40 +0000</pubDate>
      <media:content medium="image" type="image/png" url="https://example.org/cup.png?w=1&amp;h=2"></media:content>
    </item>
  </channel>
</rss>
"#;
        assert_eq!(written, expected);
    }

    #[test]
    fn an_empty_feed_has_what_the_specification_requires() {
        let written = String::from_utf8(render(&minimal()).unwrap()).unwrap();
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Empty</title>
    <link>https://example.org/</link>
    <description>Empty</description>
    <language>en</language>
    <lastBuildDate>Mon, 01 Jan 2024 00:00:00 +0000</lastBuildDate>
    <generator>Tidings</generator>
    <ttl>60</ttl>
    <atom:link href="https://example.org/rss.xml" rel="self" type="application/rss+xml"/>
  </channel>
</rss>
"#;
        assert_eq!(written, expected);
    }

    #[test]
    fn hard_strings_reach_a_reader_as_they_were_meant() {
        let bytes = render(&hard()).unwrap();
        let feed = feed_rs::parser::parse(bytes.as_slice()).unwrap();
        let entry = feed.entries.first().unwrap();
        let about = format!("{HARD_READ}\n\n{HARD_READ}");
        assert_eq!(feed.title.unwrap().content, HARD_READ);
        assert_eq!(feed.description.unwrap().content, about);
        assert_eq!(feed.rights.unwrap().content, HARD_READ);
        assert_eq!(entry.id, HARD_READ);
        assert_eq!(entry.title.as_ref().unwrap().content, HARD_READ);
        assert_eq!(entry.authors.iter().filter_map(|a| a.name.as_deref()).collect::<Vec<_>>(), [HARD_READ]);
        assert_eq!(entry.categories.iter().map(|c| c.term.as_str()).collect::<Vec<_>>(), [HARD_READ]);
        let html = "AT&amp;T &lt;b&gt;x&lt;/b&gt; ]]&gt; a bcd 🦀 &quot;q&quot; &amp;amp;lt;";
        assert_eq!(entry.summary.as_ref().unwrap().content, html);
        assert_eq!(entry.content.as_ref().unwrap().body.as_deref(), Some(HARD_READ));
        assert_eq!(String::from_utf8(bytes).unwrap().find(['\u{8}', '\u{b}', '\u{fffe}']), None);
    }

    #[test]
    fn a_guid_is_a_permalink_only_if_it_is_the_articles_address() {
        let mut feed = rich();
        feed.entries.swap(0, 1);
        let feed = rss::Channel::read_from(render(&feed).unwrap().as_slice()).unwrap();
        let permalinks: Vec<_> =
            feed.items.iter().filter_map(|item| item.guid.as_ref()).map(|g| g.permalink).collect();
        assert_eq!(permalinks, [true, false]);
    }

    #[test]
    fn years_of_more_than_four_digits_do_not_panic() {
        let mut feed = minimal();
        feed.updated = chrono::DateTime::<chrono::Utc>::MAX_UTC.fixed_offset();
        assert!(render(&feed).is_ok());
    }
}
