//! Atom's links (RFC 4287, 4.2.7).

use std::collections::HashSet;

use crate::feed::judge::atom::construct::{attributes, base_of};
use crate::feed::judge::extensions;
use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::space::Space;
use crate::feed::judge::tree::Element;
use crate::feed::judge::values::{self, Base, short};

rules! {
    HREF = Error "atom-link-href", "RFC 4287, 4.2.7.1: a link has an href",
        "give the link its address";
    REL = Error "atom-link-rel", "RFC 4287, 4.2.7.2: rel is a registered name or an IRI, not empty",
        "write one relation, such as alternate";
    TYPE = Error "atom-link-type", "RFC 4287, 4.2.7.3: type is a MIME media type",
        "write a type such as text/html";
    LENGTH = Error "atom-link-length", "RFC 4287, 4.2.7.6: length is a number of octets",
        "write the size in bytes, in digits";
    ALTERNATES = Error "atom-link-alternate", "RFC 4287, 4.1.1 and 4.1.2: one alternate for each type and hreflang",
        "keep one of them, or tell them apart by type or hreflang";
}

/// Checks the links of a feed or an entry. Returns the address of its page.
pub fn check_all(report: &mut Report, parent: &Element<'_>, base: Base) -> Option<String> {
    let mut alternates: HashSet<(String, String)> = HashSet::new();
    let mut page = None;
    for link in parent.all(Space::Atom, "link") {
        attributes(report, link, &["href", "rel", "type", "hreflang", "title", "length"]);
        let value = |name: &str| link.attribute(name).map(|attribute| attribute.value.trim());
        match link.attribute("href") {
            Some(href) => values::check_url(report, href.at, &href.value, base_of(link, base)),
            None => report.add(&HREF, link.at, "the link has no href"),
        }
        let relation = value("rel").unwrap_or("alternate");
        if relation.is_empty()
            || relation.contains(|c: char| c.is_whitespace() || c == '/') && !values::is_absolute(relation)
        {
            report.add(&REL, link.at, format!("{} is no relation", short(relation)));
        }
        if let Some(kind) = link.attribute("type").filter(|kind| !values::is_media_type(&kind.value)) {
            report.add(&TYPE, kind.at, format!("{} is no media type", short(&kind.value)));
        }
        if let Some(length) = link.attribute("length")
            && (values::number(&length.value).is_none() || length.value.is_empty())
        {
            report.add(&LENGTH, length.at, format!("{} is no number of bytes", short(&length.value)));
        }
        if let Some(language) = link.attribute("hreflang") {
            values::check_language(report, language.at, &language.value);
        }
        for attribute in link.attributes.iter().filter(|attribute| attribute.space == Space::Thread) {
            if attribute.name == "count" {
                extensions::count(report, attribute.at, &attribute.value);
            }
        }
        if relation == "alternate" {
            let key = |name| value(name).unwrap_or_default().to_ascii_lowercase();
            if !alternates.insert((key("type"), key("hreflang"))) {
                report.add(&ALTERNATES, link.at, "there is another alternate of this type and language");
            }
            page = page.or_else(|| value("href").map(str::to_owned));
        }
    }
    page
}
