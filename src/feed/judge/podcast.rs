//! Podcasts: what directories ask of the elements of iTunes.

use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{self, Base, short};

rules! {
    DURATION = Error "itunes-duration", "Apple, Podcaster's Guide to RSS: seconds, MM:SS or HH:MM:SS",
        "write the length in seconds";
    EXPLICIT = Error "itunes-explicit", "Apple, Podcaster's Guide to RSS: true or false (yes, no and clean in old feeds)",
        "write true or false";
    IMAGE = Error "itunes-image", "Apple, Podcaster's Guide to RSS: the picture's address is in href",
        "write <itunes:image href=\"https://…\"/>";
    CATEGORY = Error "itunes-category", "Apple, Podcaster's Guide to RSS: the category's name is in text",
        "write <itunes:category text=\"…\"/>";
    NUMBER = Error "itunes-number", "Apple, Podcaster's Guide to RSS: episode and season are whole numbers above 0",
        "write a number, or leave it out";
    KIND = Error "itunes-kind", "Apple, Podcaster's Guide to RSS: episodic or serial; full, trailer or bonus",
        "write one of the words";
    OWNER = Error "itunes-owner", "Apple, Podcaster's Guide to RSS: the owner's email is an address",
        "write an address such as desk@example.org";
}

/// The elements of the namespace, with those that old feeds have.
pub const NAMES: [&str; 23] = [
    "author",
    "block",
    "category",
    "complete",
    "duration",
    "email",
    "episode",
    "episodeType",
    "explicit",
    "image",
    "isClosedCaptioned",
    "keywords",
    "name",
    "new-feed-url",
    "order",
    "owner",
    "season",
    "subtitle",
    "summary",
    "title",
    "type",
    "applepodcastsverify",
    "link",
];

/// Checks one element.
pub fn check(report: &mut Report, element: &Element<'_>, base: Base) {
    let text = element.text();
    let at = element.text_at();
    match element.name {
        "duration" if !is_duration(&text) => {
            report.add(&DURATION, at, format!("{} is no length of time", short(&text)));
        }
        "explicit" if !["true", "false", "yes", "no", "clean"].contains(&text.as_ref()) => {
            report.add(&EXPLICIT, at, format!("{} is neither true nor false", short(&text)));
        }
        "image" => match element.attribute("href") {
            Some(href) => values::check_url(report, href.at, &href.value, base),
            None => report.add(&IMAGE, element.at, "the picture has no href"),
        },
        "category" if element.attribute("text").is_none_or(|text| text.value.trim().is_empty()) => {
            report.add(&CATEGORY, element.at, "the category has no text");
        }
        "episode" | "season" | "order" if values::number(&text).is_none_or(|number| number == 0) => {
            report.add(&NUMBER, at, format!("{} can't be the {}", short(&text), element.name));
        }
        "type" if !["episodic", "serial"].contains(&text.to_ascii_lowercase().as_str()) => {
            report.add(&KIND, at, format!("{} is no type of podcast", short(&text)));
        }
        "episodeType" if !["full", "trailer", "bonus"].contains(&text.to_ascii_lowercase().as_str()) => {
            report.add(&KIND, at, format!("{} is no type of episode", short(&text)));
        }
        "owner" => {
            let email = element.child(Space::Itunes, "email");
            if let Some(email) = email.filter(|email| !values::is_email(&email.text())) {
                report.add(&OWNER, email.text_at(), format!("{} is no address", short(&email.text())));
            }
        }
        "new-feed-url" => values::check_url(report, at, &text, base),
        _ => {}
    }
}

fn is_duration(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let is_number = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let is_below_60 = |part: &&str| part.len() == 2 && part.parse::<u32>().is_ok_and(|number| number < 60);
    parts.len() <= 3 && parts.iter().all(is_number) && parts.iter().skip(1).all(is_below_60)
}
