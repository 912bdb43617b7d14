//! Elements of other namespaces that feeds use: names as their specifications spell them, and values.

use crate::feed::judge::dates;
use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::podcast;
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{self, Base, short};

rules! {
    UNKNOWN = Error "extension-unknown", "The specification of the element's namespace",
        "spell the element as its specification does: readers skip it";
    COUNT = Error "extension-count", "RSS slash module: comments; RFC 4685, 4 and 5: count and total are whole numbers",
        "write the number of comments in digits";
    REFERENCE = Error "thread-reference", "RFC 4685, 3: in-reply-to has a ref that is an IRI",
        "give it the id of the entry that it replies to";
    DC_DATE = Error "dc-date", "Dublin Core elements 1.1, date: as in W3C's note on dates",
        "write it as 2003-12-13T18:30:02Z";
    SYNDICATION = Error "syndication-value", "RSS syndication module: hourly, daily, weekly, monthly or yearly; a whole number",
        "write one of the words, or a number above 0";
    MEDIA_ADDRESS = Error "media-address", "Media RSS, media:content and media:thumbnail: there is a url or a player",
        "give it the url of the picture, sound or film";
    MEDIA_VALUE = Error "media-value", "Media RSS, media:content: numbers are digits; medium and type are from their lists",
        "write what the specification of Media RSS lists";
}

const DC: [&str; 15] = [
    "title",
    "creator",
    "subject",
    "description",
    "publisher",
    "contributor",
    "date",
    "type",
    "format",
    "identifier",
    "source",
    "language",
    "relation",
    "coverage",
    "rights",
];
const MEDIA: [&str; 26] = [
    "group",
    "content",
    "rating",
    "title",
    "description",
    "keywords",
    "thumbnail",
    "category",
    "hash",
    "player",
    "credit",
    "copyright",
    "text",
    "restriction",
    "community",
    "comments",
    "embed",
    "responses",
    "backLinks",
    "status",
    "price",
    "license",
    "subTitle",
    "peerLink",
    "location",
    "rights",
];

/// Checks every element below that is of a namespace the judge knows, other than Atom's own.
pub fn check(report: &mut Report, element: &Element<'_>, base: Base) {
    if let Some(names) = names(element.space)
        && !names.contains(&element.name)
    {
        report.add(&UNKNOWN, element.at, format!("<{}> is no element of its namespace", element.written));
        return;
    }
    match element.space {
        Space::Slash if element.name == "comments" => count(report, element.text_at(), &element.text()),
        Space::Thread => thread(report, element, base),
        Space::Dc => dublin_core(report, element),
        Space::Syndication => syndication(report, element),
        Space::Media => media(report, element, base),
        Space::Itunes => podcast::check(report, element, base),
        _ => {}
    }
    if element.space != Space::Atom && element.space != Space::Xhtml {
        element.children().for_each(|child| check(report, child, base));
    }
}

/// Checks a number of comments.
pub fn count(report: &mut Report, at: usize, text: &str) {
    if values::number(text).is_none() || text.is_empty() {
        report.add(&COUNT, at, format!("{} is no number of comments", short(text)));
    }
}

fn names(space: Space) -> Option<&'static [&'static str]> {
    Some(match space {
        Space::Content => &["encoded", "items", "item", "format", "encoding"],
        Space::Dc => &DC,
        Space::Slash => &["section", "department", "comments", "hit_parade"],
        Space::Syndication => &["updatePeriod", "updateFrequency", "updateBase"],
        Space::Media => &MEDIA,
        Space::Itunes => &podcast::NAMES,
        Space::Thread => &["in-reply-to", "total"],
        Space::History => &["complete", "archive"],
        Space::Tombstone => &["deleted-entry", "by", "comment"],
        _ => return None,
    })
}

fn thread(report: &mut Report, element: &Element<'_>, base: Base) {
    if element.name == "total" {
        count(report, element.text_at(), &element.text());
        return;
    }
    match element.attribute("ref") {
        Some(reference) if values::is_absolute(&reference.value) => {}
        Some(reference) => {
            report.add(&REFERENCE, reference.at, format!("{} is no IRI", short(&reference.value)));
        }
        None => report.add(&REFERENCE, element.at, "in-reply-to has no ref"),
    }
    if let Some(href) = element.attribute("href") {
        values::check_url(report, href.at, &href.value, base);
    }
}

fn dublin_core(report: &mut Report, element: &Element<'_>) {
    let text = element.text();
    match element.name {
        "date" if !dates::is_w3c(&text) => {
            report.add(&DC_DATE, element.text_at(), format!("{} is no date of W3C's note", short(&text)));
        }
        "language" => values::check_language(report, element.text_at(), &text),
        _ => {}
    }
}

fn syndication(report: &mut Report, element: &Element<'_>) {
    let text = element.text();
    let is_sound = match element.name {
        "updatePeriod" => ["hourly", "daily", "weekly", "monthly", "yearly"].contains(&text.as_ref()),
        "updateFrequency" => values::number(&text).is_some_and(|number| number > 0),
        _ => dates::is_w3c(&text),
    };
    if !is_sound {
        let message = format!("{} can't be the {}", short(&text), element.name);
        report.add(&SYNDICATION, element.text_at(), message);
    }
}

fn media(report: &mut Report, element: &Element<'_>, base: Base) {
    if let Some(url) = element.attribute("url") {
        values::check_url(report, url.at, &url.value, base);
    } else if element.name == "thumbnail"
        || element.name == "player"
        || (element.name == "content" && element.child(Space::Media, "player").is_none())
    {
        report.add(&MEDIA_ADDRESS, element.at, format!("<{}> has no url", element.written));
    }
    if !matches!(element.name, "content" | "thumbnail" | "player") {
        return;
    }
    for attribute in &element.attributes {
        let value = attribute.value.as_ref();
        let is_sound = match attribute.name {
            "fileSize" | "width" | "height" | "channels" => values::number(value).is_some(),
            "duration" | "bitrate" | "framerate" | "samplingrate" => {
                value.parse::<f64>().is_ok_and(|number| number >= 0.0)
            }
            "medium" => ["image", "audio", "video", "document", "executable"].contains(&value),
            "expression" => ["sample", "full", "nonstop"].contains(&value),
            "isDefault" => ["true", "false"].contains(&value),
            "type" => values::is_media_type(value),
            "lang" => {
                values::check_language(report, attribute.at, value);
                true
            }
            _ => true,
        };
        if !is_sound {
            let message = format!("{} can't be the {} of media", short(value), attribute.name);
            report.add(&MEDIA_VALUE, attribute.at, message);
        }
    }
}
