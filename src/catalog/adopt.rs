//! Adopting ids: when a site moves to Tidings, its articles take the ids under which readers know them from the feed
//! that the site has had, so that nobody sees them as new. Pure.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::catalog::live_feed::LiveEntry;
use crate::catalog::publication::Published;

/// What becomes of the entries of a live feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Adoption {
    /// Articles that take another id.
    pub adopted: Vec<Adopted>,
    /// How many have the right id already.
    pub same: usize,
    /// Entries that no article matches, by their ids: they left the feed, or have another address and title now.
    pub unmatched: Vec<String>,
    /// Entries whose id can't be taken, and why.
    pub refused: Vec<(String, String)>,
}

/// An article and the id that it takes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Adopted {
    /// The article's publication number.
    pub number: i64,
    /// Where its file is.
    pub path: String,
    /// The id that it had.
    pub before: String,
    /// The id that readers know.
    pub id: String,
}

/// Finds each entry's article: by the path of its address, whatever the domain; else by its title, where just one
/// article and one entry have it.
#[must_use]
pub fn adopt(published: &[Published], entries: &[LiveEntry]) -> Adoption {
    let by_page = unique(published.iter().map(|item| Url::parse(item.outline.url()).ok().as_ref().map(page)));
    let by_title = unique(published.iter().map(|item| Some(folded(item.outline.title()))));
    let titles = unique(entries.iter().map(|entry| entry.title.as_deref().map(folded)));
    let known: HashMap<&str, usize> =
        published.iter().enumerate().map(|(index, item)| (item.publication.id.as_str(), index)).collect();
    let mut taken: HashSet<usize> = HashSet::new();
    let mut adoption = Adoption::default();
    for (place, entry) in entries.iter().enumerate() {
        let own_title = || {
            let title = folded(entry.title.as_deref()?);
            (titles.get(&title) == Some(&Some(place))).then(|| by_title.get(&title).copied().flatten())?
        };
        let by_link = entry.link.as_ref().and_then(|link| by_page.get(&page(link)).copied().flatten());
        let owner = known.get(entry.id.as_str()).copied();
        let Some(index) = by_link.or_else(own_title).or(owner) else {
            adoption.unmatched.push(entry.id.clone());
            continue;
        };
        let publication = &published[index].publication;
        let refusal = match owner {
            Some(owner) if owner == index => {
                adoption.same += 1;
                taken.insert(index);
                continue;
            }
            Some(owner) => Some(format!("it is the id of {}", published[owner].publication.path)),
            None if published[index].outline.declared_id().is_some() => {
                Some(format!("{} gives an id of its own in its front matter", publication.path))
            }
            None => {
                (!taken.insert(index)).then(|| format!("{} has taken another entry's id", publication.path))
            }
        };
        match refusal {
            Some(why) => adoption.refused.push((entry.id.clone(), why)),
            None => adoption.adopted.push(Adopted {
                number: publication.number,
                path: publication.path.clone(),
                before: publication.id.clone(),
                id: entry.id.clone(),
            }),
        }
    }
    adoption
}

/// Each key with the one place that has it; `None` for a key that several have.
fn unique(keys: impl Iterator<Item = Option<String>>) -> HashMap<String, Option<usize>> {
    let mut places = HashMap::new();
    for (place, key) in keys.enumerate() {
        if let Some(key) = key {
            places.entry(key).and_modify(|found| *found = None).or_insert(Some(place));
        }
    }
    places
}

/// What stays of an address when a site moves: not the scheme, not the domain, not how a folder is written.
fn page(url: &Url) -> String {
    let path = url.path().trim_end_matches("index.html").trim_end_matches('/').trim_end_matches(".html");
    url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}

fn folded(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
