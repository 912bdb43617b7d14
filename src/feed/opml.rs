//! OPML 2.0: a list of feeds that a reader imports in one go.
//!
//! It must not know the entries of the feeds: the list changes when a feed comes, goes or is renamed, and at
//! no other time. Hence no dates, not even `dateModified`.

use crate::feed::model::{Feed, Kind};
use crate::feed::select::Selected;
use crate::feed::settings::Labels;
use crate::feed::xml;

/// The feeds as an OPML 2.0 document (<http://opml.org/spec2.opml>), in the order given: the site's at the top,
/// the others in a group of their kind, which readers make a folder of.
///
/// `type` is `rss` whatever the format, and `xmlUrl` the address of the first that the feed has. An outline's `version` attribute is left
/// out: readers detect the format themselves.
#[must_use]
pub fn render(title: &str, owner: Option<&str>, feeds: &[Selected], labels: &Labels) -> Vec<u8> {
    let mut root = String::from("<opml version=\"2.0\">\n  <head>\n");
    head_element(&mut root, "title", title);
    if let Some(owner) = owner {
        head_element(&mut root, "ownerName", owner);
    }
    root.push_str("  </head>\n  <body>\n");
    let mut open = None;
    for Selected { kind, feed, .. } in feeds {
        if open != Some(*kind) {
            end_group(&mut root, open);
            begin_group(&mut root, *kind, labels);
            open = Some(*kind);
        }
        root.push_str(if *kind == Kind::Site { "    " } else { "      " });
        outline(&mut root, feed);
    }
    end_group(&mut root, open);
    root.push_str("  </body>\n</opml>");
    xml::document(None, &root)
}

fn head_element(root: &mut String, name: &str, text: &str) {
    let text = xml::one_line(text);
    root.extend(["    <", name, ">", &xml::escape(&text), "</", name, ">\n"]);
}

fn begin_group(root: &mut String, kind: Kind, labels: &Labels) {
    if let Some(label) = labels.of_group(kind) {
        let label = xml::one_line(label);
        root.push_str("    <outline");
        attribute(root, "text", &label);
        attribute(root, "title", &label);
        root.push_str(">\n");
    }
}

fn end_group(root: &mut String, open: Option<Kind>) {
    if open.is_some_and(|kind| kind != Kind::Site) {
        root.push_str("    </outline>\n");
    }
}

fn outline(root: &mut String, feed: &Feed) {
    let title = xml::line(&feed.title).unwrap_or_else(|| feed.page.to_string());
    root.push_str("<outline");
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
    use crate::feed::model::{Feed, Kind};
    use crate::feed::sample::{HARD, hard, labels, minimal, rich, selected};

    fn written(title: &str, owner: Option<&str>, feeds: Vec<(Kind, Feed)>) -> String {
        let feeds: Vec<_> = feeds.into_iter().map(|(kind, feed)| selected(kind, feed)).collect();
        String::from_utf8(render(title, owner, &feeds, &labels())).unwrap()
    }

    #[test]
    fn the_site_is_at_the_top_and_each_kind_in_a_group() {
        let feeds = vec![
            (Kind::Site, rich()),
            (Kind::Selection, minimal()),
            (Kind::Category, rich()),
            (Kind::Category, minimal()),
            (Kind::Tag, minimal()),
        ];
        insta::assert_snapshot!(written("Feeds of <Example>", Some("Ann & Bob"), feeds));
    }

    #[test]
    fn hard_strings_are_legal_and_escaped() {
        insta::assert_snapshot!(written(HARD, None, vec![(Kind::Site, hard())]));
    }
}
