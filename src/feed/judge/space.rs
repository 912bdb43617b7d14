//! The namespaces that the judge knows, and those that are misspelt.

use crate::feed::judge::finding::{Report, rules};

rules! {
    MISSPELT = Error "namespace-misspelt", "Namespaces in XML 1.0, 2.3: names are compared letter by letter",
        "write the namespace exactly as its specification does: readers skip what they don't know";
}

/// What a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// No namespace: RSS.
    None,
    /// One that the judge does not know.
    Other,
    /// `xml:lang`, `xml:base`.
    Xml,
    /// Atom, RFC 4287.
    Atom,
    /// RSS content module.
    Content,
    /// Dublin Core elements.
    Dc,
    /// RSS slash module.
    Slash,
    /// RSS syndication module.
    Syndication,
    /// Media RSS.
    Media,
    /// Podcasts.
    Itunes,
    /// Atom threading, RFC 4685.
    Thread,
    /// Feed history, RFC 5005.
    History,
    /// Tombstones, RFC 6721.
    Tombstone,
    /// XHTML.
    Xhtml,
}

const KNOWN: [(&str, Space); 12] = [
    ("http://www.w3.org/XML/1998/namespace", Space::Xml),
    ("http://www.w3.org/2005/Atom", Space::Atom),
    ("http://purl.org/rss/1.0/modules/content/", Space::Content),
    ("http://purl.org/dc/elements/1.1/", Space::Dc),
    ("http://purl.org/rss/1.0/modules/slash/", Space::Slash),
    ("http://purl.org/rss/1.0/modules/syndication/", Space::Syndication),
    ("http://search.yahoo.com/mrss/", Space::Media),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", Space::Itunes),
    ("http://purl.org/syndication/thread/1.0", Space::Thread),
    ("http://purl.org/syndication/history/1.0", Space::History),
    ("http://purl.org/atompub/tombstones/1.0", Space::Tombstone),
    ("http://www.w3.org/1999/xhtml", Space::Xhtml),
];

/// The namespace of a URI.
#[must_use]
pub fn of(uri: &str) -> Space {
    match KNOWN.iter().find(|(known, _)| *known == uri) {
        Some((_, space)) => *space,
        None if uri.is_empty() => Space::None,
        None => Space::Other,
    }
}

/// Finds namespaces that differ from a known one only as typing errors do.
pub fn check(report: &mut Report, at: usize, uri: &str) {
    let bare = |uri: &str| {
        let lower = uri.trim().to_ascii_lowercase();
        let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        rest.trim_end_matches(['/', '#']).to_owned()
    };
    if of(uri) != Space::Other {
        return;
    }
    let wanted = bare(uri);
    if let Some((known, _)) = KNOWN.iter().find(|(known, _)| bare(known) == wanted) {
        report.add(&MISSPELT, at, format!("the namespace {uri:?} means nothing; {known:?} is meant"));
    }
}
