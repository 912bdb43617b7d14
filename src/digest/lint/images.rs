//! Pictures of the HTML part: with words for those who don't see them, a size that holds their place, and an address.

use url::Url;

use crate::digest::lint::document::{Document, Node};
use crate::digest::lint::finding::{Clue, Part, Report, rules, said, written};
use crate::digest::lint::style;
use crate::text::shorten;

rules! {
    ALT = Error "mail-alt-missing", "WCAG 2.2, 1.1.1; HTML, 4.8.3",
        "say in alt what the picture shows; alt=\"\" for one that shows nothing that matters";
    SIZE = Warning "mail-image-size", "HTML, 4.8.17; Outlook for Windows shows pictures at their own size",
        "give the picture a width attribute, and a height attribute or style=\"height: auto\"";
    ADDRESS = Error "mail-image-address", "RFC 3986, 5.1: a mail has no base address",
        "write the picture's whole address, from https:// on";
    HTTP = Warning "mail-image-http", "RFC 9110, 17.1; mail programs block or rewrite such pictures",
        "serve the picture over https";
    DATA = Warning "mail-image-data", "Can I email: Gmail shows no pictures in data: addresses",
        "put the picture on the web and link to it";
    PIXEL = Warning "mail-image-pixel", "GDPR, art. 5(1)(a), and ePrivacy Directive, art. 5(3); filters look for them",
        "leave it out: it can only tell who opened the mail";
}

/// Looks at every picture.
pub fn check(document: &Document, report: &mut Report) {
    for (_, image) in document.named("img") {
        let src = image.attribute("src").unwrap_or_default().trim();
        let shown = shorten(src, 80);
        let clues: Vec<Clue> = [said(src), said(path_of(src))]
            .into_iter()
            .chain(image.attribute("class").map(|class| written(&format!("class=\"{class}\""))))
            .chain([written("<img")])
            .collect();
        let mut add = |rule, message: String| report.add(Part::Html, rule, message, &clues);
        if is_pixel(image) {
            add(&PIXEL, format!("the picture {shown} is one pixel large"));
            continue;
        }
        if image.attribute("alt").is_none() {
            add(&ALT, format!("the picture {shown} has no alt text"));
        }
        if !has_size(image) {
            add(&SIZE, format!("the picture {shown} does not say how large it is"));
        }
        match Url::parse(src).as_ref().map(Url::scheme) {
            Ok("https" | "cid") => {}
            Ok("http") => add(&HTTP, format!("the picture {shown} is not encrypted")),
            Ok("data") => add(&DATA, "a picture is within the HTML itself".to_owned()),
            _ if src.is_empty() => add(&ADDRESS, "a picture has no address".to_owned()),
            _ => add(&ADDRESS, format!("the picture {shown} has no address that works in a mail")),
        }
    }
}

/// An address without its server, as articles write it.
fn path_of(src: &str) -> &str {
    src.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or_default()
}

fn has_size(image: &Node) -> bool {
    let own = style::declarations(image.attribute("style").unwrap_or_default());
    let styled = |name: &str| own.iter().any(|one| one.property == name);
    image.attribute("width").is_some() && (image.attribute("height").is_some() || styled("height"))
}

fn is_pixel(image: &Node) -> bool {
    let own = style::declarations(image.attribute("style").unwrap_or_default());
    let is_tiny = |name: &str| {
        let styled = own.iter().find(|one| one.property == name).map(|one| one.value.as_str());
        let says = |value: &str| matches!(value.trim_end_matches("px").trim(), "0" | "1");
        image.attribute(name).is_some_and(says) || styled.is_some_and(says)
    };
    is_tiny("width") && is_tiny("height")
}
