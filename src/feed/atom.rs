//! Atom: a neutral feed in the words of RFC 4287, with comment counts from RFC 4685 and Media RSS pictures.
//!
//! It decides how things are written, never which entries there are, where the bytes go, or what time it is.

use std::collections::BTreeMap;
use std::{io, iter};

use atom_syndication as atom;
use atom_syndication::extension::{Extension, ExtensionMap};
use url::Url;

use crate::feed::extension::{self, Element};
use crate::feed::model::{Entry, Feed, Format, History, Image, Person, Term};
use crate::feed::xml;

/// The feed as an Atom document: the same bytes for the same feed.
///
/// # Errors
///
/// None in practice, since memory takes every byte; the serialiser's signature allows for one.
pub fn render(feed: &Feed) -> io::Result<Vec<u8>> {
    let config = atom::WriteConfig { write_document_declaration: false, indent_size: Some(2) };
    let written = document(feed).write_with_config(Vec::new(), config).map_err(io::Error::other)?;
    let written = String::from_utf8(written).map_err(io::Error::other)?;
    Ok(xml::document(feed.stylesheet.as_deref(), &written))
}

/// Every field by name, here and in [`entry`]: the crate's defaults are an empty id and an `updated` in 1970.
fn document(feed: &Feed) -> atom::Feed {
    let about = xml::paragraphs(iter::once(&feed.subtitle).chain(&feed.overview));
    let entries: Vec<_> = feed.entries.iter().map(|article| entry(article)).collect();
    // An icon should be square and a logo wide (sections 4.2.5 and 4.2.8); an unmeasured picture is a logo.
    let square = |image: &&Image| image.size.is_some_and(|(width, height)| width == height);
    let image = feed.image.as_ref();
    let mut extensions = ExtensionMap::new();
    if feed.history.as_ref().is_some_and(History::is_archive) {
        add(&mut extensions, Element::text("fh:archive", ""));
    }
    for entry in &feed.deleted {
        add(&mut extensions, extension::deleted(entry));
    }
    atom::Feed {
        title: atom::Text::plain(xml::line(&feed.title).unwrap_or_else(|| feed.page.to_string())),
        id: xml::legal(&feed.id).into_owned(),
        updated: feed.updated,
        // The publisher stands for entries without a byline (section 4.2.1).
        authors: vec![person(&feed.author)],
        categories: Vec::new(),
        contributors: Vec::new(),
        generator: Some(atom::Generator { value: xml::GENERATOR.to_owned(), uri: None, version: None }),
        icon: image.filter(square).map(|image| image.url.to_string()),
        links: feed_links(feed),
        logo: image.filter(|image| !square(image)).map(|image| image.url.to_string()),
        rights: feed.rights.as_deref().and_then(xml::line).map(atom::Text::plain),
        subtitle: Some(about).filter(|about| !about.is_empty()).map(atom::Text::plain),
        namespaces: xml::namespaces(entries.iter().map(|entry| &entry.extensions).chain([&extensions])),
        entries,
        extensions,
        base: None,
        lang: xml::line(&feed.language),
    }
}

fn entry(entry: &Entry) -> atom::Entry {
    let summary = xml::paragraphs([&entry.summary]);
    atom::Entry {
        title: atom::Text::plain(xml::line(&entry.title).unwrap_or_else(|| entry.url.to_string())),
        id: xml::legal(&entry.iri).into_owned(),
        updated: entry.updated,
        authors: entry.authors.iter().map(person).filter(|person| !person.name.is_empty()).collect(),
        categories: entry.terms.iter().filter_map(category).collect(),
        contributors: Vec::new(),
        links: links(entry),
        published: Some(entry.published),
        rights: None,
        source: None,
        summary: (!summary.is_empty()).then(|| atom::Text::plain(summary)),
        content: entry.content_html.as_deref().filter(|html| !html.is_empty()).map(|html| atom::Content {
            base: None,
            lang: None,
            value: Some(xml::legal(html).into_owned()),
            src: None,
            content_type: Some("html".to_owned()),
        }),
        extensions: extensions(entry),
        namespaces: BTreeMap::new(),
    }
}

fn feed_links(feed: &Feed) -> Vec<atom::Link> {
    let mut links = vec![link("alternate", &feed.page, "text/html")];
    links.extend(feed.addresses.atom.iter().map(|address| link("self", address, "application/atom+xml")));
    // WebSub, section 4: the hub stands beside `self`. What it answers with has no type of its own.
    links.extend(feed.hub.iter().map(|hub| atom::Link { mime_type: None, ..link("hub", hub, "") }));
    let history = feed.history.iter().flat_map(|history| history.links(Format::Atom));
    links.extend(history.map(|(rel, address)| link(rel, address, "application/atom+xml")));
    links
}

fn links(entry: &Entry) -> Vec<atom::Link> {
    let mut links = vec![link("alternate", &entry.url, "text/html")];
    for file in &entry.enclosures {
        let enclosure = link("enclosure", &file.url, &xml::one_line(&file.media_type));
        let length = file.length.map(|length| length.to_string());
        links.push(atom::Link { length, title: file.title.as_deref().and_then(xml::line), ..enclosure });
    }
    if let Some(image) = &entry.image
        && let Some(length) = image.length
    {
        let enclosure = link("enclosure", &image.url, &xml::one_line(&image.media_type));
        links.push(atom::Link { length: Some(length.to_string()), ..enclosure });
    }
    links
}

fn link(rel: &str, address: &Url, mime_type: &str) -> atom::Link {
    atom::Link {
        href: address.to_string(),
        rel: rel.to_owned(),
        hreflang: None,
        mime_type: Some(mime_type.to_owned()),
        title: None,
        length: None,
    }
}

fn person(person: &Person) -> atom::Person {
    atom::Person {
        name: xml::one_line(&person.name),
        email: None,
        uri: person.url.as_ref().map(ToString::to_string),
        extensions: BTreeMap::new(),
    }
}

/// Machines compare `term`, people read `label` (section 4.2.2).
fn category(term: &Term) -> Option<atom::Category> {
    let label = xml::line(&term.label);
    let term_or_label = xml::line(&term.term).or_else(|| label.clone())?;
    Some(atom::Category { term: term_or_label, scheme: term.scheme.as_deref().and_then(xml::line), label })
}

fn extensions(entry: &Entry) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    let comments = entry.comments.as_ref();
    let count = comments.and_then(|comments| comments.count).map(|count| count.to_string());
    if let Some(url) = comments.and_then(|comments| comments.url.as_ref()) {
        // The crate's link has no room for `thr:count` (RFC 4685, section 4), so the element is built by hand,
        // in Atom's own namespace for want of a prefix.
        let mut attributes = vec![("rel", "replies"), ("type", "text/html"), ("href", url.as_str())];
        attributes.extend(count.as_deref().map(|count| ("thr:count", count)));
        let owned = attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        add(&mut map, Element { attributes: owned.collect(), ..Element::text("link", "") });
    }
    if let Some(count) = count {
        add(&mut map, Element::text("thr:total", count));
    }
    for file in &entry.enclosures {
        add(&mut map, extension::attached(file));
    }
    if let Some(image) = &entry.image {
        add(&mut map, extension::media(image));
    }
    if let Some(source) = &entry.source {
        // The crate's source would have an empty id and an `updated` in 1970: of the original we know neither.
        let address = BTreeMap::from([("href".to_owned(), source.url.to_string())]);
        let link = Element { attributes: address, ..Element::text("link", "") };
        let title = Element::text("title", xml::one_line(&source.title));
        let content = extension::Content::Children(vec![title, link]);
        add(&mut map, Element { content, ..Element::text("source", "") });
    }
    map
}

fn add(map: &mut ExtensionMap, element: Element) {
    let prefix = element.prefix().to_owned();
    let extension = extension(element);
    map.entry(prefix).or_default().entry(extension.name.clone()).or_default().push(extension);
}

/// `atom_syndication` 0.12 escapes an extension's text but writes its attributes as they come: escape them here.
fn extension(element: Element) -> Extension {
    let (name, attributes, value, children) = element.into_parts();
    let escaped = attributes.into_iter().map(|(name, value)| (name, xml::escape(&value).into_owned()));
    let children = children.into_iter().map(extension).map(|child| (child.name.clone(), vec![child]));
    Extension { name, value, attrs: escaped.collect(), children: children.collect() }
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
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="en">
  <title>Café &amp; Co</title>
  <id>tag:example.org,2024:empty</id>
  <updated>2024-06-01T08:30:00+02:00</updated>
  <author>
    <name>Example</name>
    <uri>https://example.org/about</uri>
  </author>
  <generator>Tidings</generator>
  <icon>https://example.org/cup.png?w=1&amp;h=2</icon>
  <link href="https://example.org/" rel="alternate" type="text/html"/>
  <link href="https://example.org/atom.xml" rel="self" type="application/atom+xml"/>
  <link href="https://hub.example/?a=1&amp;b=2" rel="hub"/>
  <rights>© Example</rights>
  <subtitle>News of a café.

First paragraph.

Second, with 1 &lt; 2.</subtitle>
  <entry>
    <title>Tips &amp; &lt;b&gt;tricks&lt;/b&gt;</title>
    <id>tag:example.org,2024:1</id>
    <updated>2024-06-01T08:30:00+02:00</updated>
    <author>
      <name>Ann O&apos;Hara</name>
      <uri>https://example.org/ann</uri>
    </author>
    <author>
      <name>Bob</name>
    </author>
    <category term="cafe-co" scheme="https://example.org/categories/" label="Café &amp; Co"/>
    <category term="cpp" label="c++"/>
    <link href="https://example.org/1?a=1&amp;b=2" rel="alternate" type="text/html"/>
    <link href="https://example.org/cup.png?w=1&amp;h=2" rel="enclosure" type="image/png" length="1234"/>
    <published>2024-05-31T23:59:59-07:00</published>
    <summary>How &lt;b&gt; works &amp; why</summary>
    <content type="html">&lt;p&gt;CDATA ends with ]]&amp;gt; or ]]&gt;&lt;/p&gt;
&lt;pre&gt;  x
&lt;/pre&gt;</content>
    <link href="https://example.org/1#comments" rel="replies" thr:count="3" type="text/html"></link>
    <media:content fileSize="1234" height="480" medium="image" type="image/png" url="https://example.org/cup.png?w=1&amp;h=2" width="640">
      <media:description>A cup &amp; a saucer</media:description>
    </media:content>
    <thr:total>3</thr:total>
  </entry>
  <entry>
    <title>Old</title>
    <id>https://example.org/old</id>
    <updated>1969-07-20T20:17:40+00:00</updated>
    <link href="https://example.org/old" rel="alternate" type="text/html"/>
    <published>1969-07-20T20:17:40+00:00</published>
    <link href="https://example.org/old#c" rel="replies" type="text/html"></link>
    <media:content medium="image" type="image/png" url="https://example.org/cup.png?w=1&amp;h=2"></media:content>
  </entry>
</feed>
"#;
        assert_eq!(written, expected);
    }

    #[test]
    fn an_empty_feed_has_what_the_rfc_requires() {
        let written = String::from_utf8(render(&minimal()).unwrap()).unwrap();
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <title>Empty</title>
  <id>tag:example.org,2024:empty</id>
  <updated>2024-01-01T00:00:00+00:00</updated>
  <author>
    <name>Example</name>
  </author>
  <generator>Tidings</generator>
  <link href="https://example.org/" rel="alternate" type="text/html"/>
  <link href="https://example.org/atom.xml" rel="self" type="application/atom+xml"/>
</feed>
"#;
        assert_eq!(written, expected);
    }

    #[test]
    fn hard_strings_reach_a_reader_as_they_were_meant() {
        let bytes = render(&hard()).unwrap();
        let feed = feed_rs::parser::parse(bytes.as_slice()).unwrap();
        let entry = feed.entries.first().unwrap();
        assert_eq!(feed.id, HARD_READ);
        assert_eq!(feed.title.unwrap().content, HARD_READ);
        assert_eq!(feed.description.unwrap().content, format!("{HARD_READ}\n\n{HARD_READ}"));
        assert_eq!(feed.rights.unwrap().content, HARD_READ);
        assert_eq!(entry.id, HARD_READ);
        assert_eq!(entry.title.as_ref().unwrap().content, HARD_READ);
        assert_eq!(entry.authors.iter().filter_map(|a| a.name.as_deref()).collect::<Vec<_>>(), [HARD_READ]);
        let [category] = entry.categories.as_slice() else { panic!("one category") };
        let labels = [Some(category.term.as_str()), category.scheme.as_deref(), category.label.as_deref()];
        assert_eq!(labels, [Some(HARD_READ); 3]);
        assert_eq!(entry.summary.as_ref().unwrap().content, HARD_READ);
        assert_eq!(entry.content.as_ref().unwrap().body.as_deref(), Some(HARD_READ));
        assert_eq!(String::from_utf8(bytes).unwrap().find(['\u{8}', '\u{b}', '\u{fffe}']), None);
    }

    #[test]
    fn dates_before_1970_and_addresses_with_ampersands_survive() {
        let feed = feed_rs::parser::parse(render(&rich()).unwrap().as_slice()).unwrap();
        let published: Vec<_> =
            feed.entries.iter().filter_map(|e| e.published).map(|d| d.timestamp()).collect();
        assert_eq!(published, [1_717_225_199, -14_182_940]);
        let pictures = feed.entries.iter().flat_map(|e| &e.media).flat_map(|m| &m.content);
        let addresses: Vec<_> = pictures.filter_map(|c| c.url.as_ref()).map(url::Url::as_str).collect();
        assert_eq!(addresses.last(), Some(&"https://example.org/cup.png?w=1&h=2"));
    }

    #[test]
    fn a_picture_is_an_icon_only_if_it_is_known_to_be_square() {
        let mut feed = rich();
        for (size, expected) in
            [(Some((9, 9)), (true, false)), (Some((2, 1)), (false, true)), (None, (false, true))]
        {
            feed.image.as_mut().unwrap().size = size;
            let read = atom_syndication::Feed::read_from(render(&feed).unwrap().as_slice()).unwrap();
            assert_eq!((read.icon.is_some(), read.logo.is_some()), expected);
        }
    }
}
