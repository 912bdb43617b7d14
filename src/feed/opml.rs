//! OPML 2.0: a list of feeds that a reader imports in one go.
//!
//! It must not know the entries of the feeds: the list changes when a feed comes, goes or is renamed, and at
//! no other time. Hence no dates, not even `dateModified`.

use crate::feed::model::Feed;
use crate::feed::xml;

/// The feeds as an OPML 2.0 document (<http://opml.org/spec2.opml>), in the order given.
///
/// `type` is `rss` whatever the format, and `xmlUrl` the address of the first that the feed has. An outline's `version` attribute is left
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
    if let Some((_, address)) = feed.addresses.all().next() {
        attribute(root, "xmlUrl", address.as_str());
    }
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

#[cfg(test)]
mod tests {
    use super::render;
    use crate::feed::sample::{HARD, hard, minimal, rich};

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
