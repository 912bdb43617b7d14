//! Feed readers, as far as they decide what is new and what changed. Their rules are taken from their sources:
//!
//! - miniflux (`internal/reader/{rss,atom,json}/*adapter.go`, `internal/storage/entry.go`): an entry is known by the hash
//!   of its guid or id, else of its link; a known one gets title, link, content, author and tags anew and stays read,
//!   and its date stays. `rel="self"` (`feed_url`) takes the place of the address that was typed.
//! - `FreshRSS` (`app/Models/Entry.php`, `hash()`): known by its guid; changed where the MD5 of link, title, authors,
//!   content and tags differs. The date is left out on purpose.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::site::Site;

/// What a poll brought: entries that show as new, and known ones that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) new: usize,
    pub(crate) changed: usize,
}

/// What a reader keeps of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    link: String,
    title: String,
    authors: Vec<String>,
    content: String,
    tags: Vec<String>,
}

/// Which reader it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Miniflux,
    FreshRss,
}

/// A reader that has subscribed to one feed.
#[derive(Debug)]
pub(crate) struct Reader {
    kind: Kind,
    /// The address that it polls.
    pub(crate) address: String,
    known: BTreeMap<String, Kept>,
}

impl Reader {
    /// One that has polled the address once.
    pub(crate) fn subscribed(kind: Kind, address: &str, site: &Site) -> Self {
        let mut reader = Self { kind, address: address.to_owned(), known: BTreeMap::new() };
        reader.poll(site);
        reader
    }

    /// Fetches the feed and tells what it makes of it. The folder `public` is served at every domain.
    #[track_caller]
    pub(crate) fn poll(&mut self, site: &Site) -> News {
        let path = self.address.splitn(4, '/').nth(3).unwrap();
        let text = site.read(&format!("public/{path}"));
        let feed = feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"));
        if self.kind == Kind::Miniflux {
            // `feed_url` has no relation; the page has another ending.
            let file = format!("/{path}");
            let own = feed.links.iter().find(|link| {
                link.rel.as_deref() == Some("self") || link.rel.is_none() && link.href.ends_with(&file)
            });
            self.address.clone_from(&own.unwrap().href);
        }
        let mut news = News { new: 0, changed: 0 };
        for entry in feed.entries {
            let link =
                entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
            let link = link.map(|link| link.href.clone()).unwrap_or_default();
            let id = if entry.id.is_empty() { link.clone() } else { entry.id };
            let body = entry.content.and_then(|content| content.body);
            let mut kept = Kept {
                link,
                title: entry.title.map(|title| title.content).unwrap_or_default(),
                authors: entry.authors.into_iter().filter_map(|author| author.name).collect(),
                content: body.or(entry.summary.map(|summary| summary.content)).unwrap_or_default(),
                tags: entry.categories.into_iter().map(|tag| tag.label.unwrap_or(tag.term)).collect(),
            };
            if self.kind == Kind::Miniflux {
                let set: BTreeSet<String> = kept.tags.into_iter().collect();
                kept.tags = set.into_iter().collect();
            }
            match self.known.insert(id, kept.clone()) {
                None => news.new += 1,
                Some(before) if before != kept => news.changed += 1,
                Some(_) => {}
            }
        }
        news
    }
}
