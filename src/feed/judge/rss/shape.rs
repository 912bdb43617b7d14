//! Which elements and attributes RSS 2.0 knows, where they stand, how often, and that they hold text.

use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;

rules! {
    UNKNOWN = Error "rss-element-unknown", "RSS 2.0 Specification, Extending RSS: what is not of RSS has a namespace",
        "remove it, or give it a namespace";
    CASE = Error "rss-element-case", "XML 1.0, 2.3: names are compared letter by letter",
        "write it as the specification does: readers skip it";
    TWICE = Error "rss-element-twice", "RSS Profile, RSS Elements: it must not appear more than once",
        "keep one of them: readers disagree which one counts";
    ATTRIBUTE = Error "rss-attribute-unknown", "RSS 2.0 Specification, Extending RSS: what is not of RSS has a namespace",
        "remove it, or give it a namespace";
    MARKUP = Error "rss-markup", "RSS 2.0 Specification: the element holds text; HTML in it is escaped",
        "escape the markup, or put it into a CDATA section";
    NAMESPACED = Error "rss-namespace", "RSS 2.0 Specification, Extending RSS: the elements of RSS are in no namespace",
        "remove xmlns=\"…\" from the root";
}

/// What an element may hold.
#[derive(Debug)]
pub struct Shape {
    /// Elements that appear once at most.
    pub once: &'static [&'static str],
    /// Elements that may repeat.
    pub many: &'static [&'static str],
}

/// `channel`.
pub static CHANNEL: Shape = Shape {
    once: &[
        "title",
        "link",
        "description",
        "language",
        "copyright",
        "managingEditor",
        "webMaster",
        "pubDate",
        "lastBuildDate",
        "generator",
        "docs",
        "cloud",
        "ttl",
        "image",
        "rating",
        "textInput",
        "skipHours",
        "skipDays",
    ],
    many: &["category", "item"],
};

/// `item`. Several enclosures are a matter of their own.
pub static ITEM: Shape = Shape {
    once: &["title", "link", "description", "author", "comments", "guid", "pubDate", "source"],
    many: &["category", "enclosure"],
};

/// `image`.
pub static IMAGE: Shape =
    Shape { once: &["url", "title", "link", "width", "height", "description"], many: &[] };

/// `textInput`.
pub static TEXT_INPUT: Shape = Shape { once: &["title", "description", "name", "link"], many: &[] };

/// `skipHours` and `skipDays`.
pub static SKIP: Shape = Shape { once: &[], many: &["hour", "day"] };

/// Elements that hold elements; all others hold text.
const PARENTS: [&str; 7] = ["rss", "channel", "item", "image", "textInput", "skipHours", "skipDays"];

/// Checks the names of an element's children, and theirs of attributes.
pub fn check(report: &mut Report, element: &Element<'_>, shape: &Shape) {
    let mut seen: Vec<&str> = Vec::new();
    for child in element.children().filter(|child| child.space == Space::None) {
        let name = child.name;
        let known = shape.once.iter().chain(shape.many);
        if let Some(right) = known.clone().find(|known| known.eq_ignore_ascii_case(name)) {
            if *right != name {
                report.add(&CASE, child.at, format!("<{name}> is written <{right}>"));
                continue;
            }
        } else {
            report.add(&UNKNOWN, child.at, format!("<{name}> is no element of <{}>", element.name));
            continue;
        }
        if shape.once.contains(&name) {
            if seen.contains(&name) {
                report.add(&TWICE, child.at, format!("<{}> has a second <{name}>", element.name));
            } else {
                seen.push(name);
            }
        }
        attributes(report, child);
        if !PARENTS.contains(&name)
            && let Some(markup) = child.children().next()
        {
            report.add(&MARKUP, markup.at, format!("<{name}> holds the element <{}>", markup.written));
        }
    }
}

/// Checks the names of an element's attributes.
pub fn attributes(report: &mut Report, element: &Element<'_>) {
    let known: &[&str] = match element.name {
        "rss" => &["version"],
        "category" => &["domain"],
        "cloud" => &["domain", "port", "path", "registerProcedure", "protocol"],
        "enclosure" => &["url", "length", "type"],
        "guid" => &["isPermaLink"],
        "source" => &["url"],
        _ => &[],
    };
    for attribute in element.attributes.iter().filter(|attribute| attribute.space == Space::None) {
        if !known.contains(&attribute.name) {
            let message = format!("<{}> has the attribute {:?}", element.name, attribute.name);
            report.add(&ATTRIBUTE, attribute.at, message);
        }
    }
}
