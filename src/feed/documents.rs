//! Documents: every file of the output folder, rendered. Knows nothing of what is there already.

use std::sync::Arc;
use std::{io, iter};

use rayon::prelude::*;
use serde_json::json;

use crate::catalog::settings::Settings as CatalogSettings;
use crate::feed::manner::Manner;
use crate::feed::model::{Feed, Format};
use crate::feed::select::Selected;
use crate::feed::settings::Settings;
use crate::feed::write::Document;
use crate::feed::{address, atom, gzip, json, opml, page, rss, server};
use crate::templates::environment::{TemplateError, Templates};

/// A document that can't be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A serialiser failed.
    #[error("{path} can't be rendered")]
    Feed {
        /// The path of the document.
        path: String,
        /// What the serialiser says.
        source: io::Error,
    },
    /// A template failed.
    #[error("a page can't be rendered")]
    Template(#[from] TemplateError),
}

/// Every file of the output folder.
///
/// # Errors
/// A feed or template that can't be rendered.
pub fn all(
    feeds: &[Selected],
    catalog: &CatalogSettings,
    settings: &Settings,
    templates: &Templates,
) -> Result<Vec<Document>, RenderError> {
    let mut documents = of_feeds(feeds, catalog, settings, templates)?;
    documents.extend(common(feeds, catalog, settings, templates)?);
    Ok(documents)
}

/// The files of these feeds, but for those of feeds that stay as they are.
///
/// # Errors
/// A feed or template that can't be rendered.
pub fn of_feeds(
    feeds: &[Selected],
    catalog: &CatalogSettings,
    settings: &Settings,
    templates: &Templates,
) -> Result<Vec<Document>, RenderError> {
    let site = &catalog.site;
    let list = address::of_file("feeds.html", site, settings);
    let of_feed = |selected: &Selected| {
        let archives = selected.archives.iter().map(|(prefix, feed)| (prefix, feed));
        let feeds = iter::once((&selected.prefix, &selected.feed)).chain(archives);
        let mut documents = Vec::new();
        for (prefix, feed) in feeds {
            for format in &selected.manner.formats {
                documents.push(document(prefix, feed, &selected.manner, *format, settings)?);
            }
        }
        if selected.manner.page {
            let path = format!("{}{}", selected.prefix, settings.files.page);
            documents.push(Document { path, bytes: page::of_one(site, selected, &list, templates)? });
        }
        Ok(documents)
    };
    let rendered = feeds.par_iter().filter(|selected| !selected.stays).map(of_feed);
    let rendered: Vec<Vec<Document>> = rendered.collect::<Result<_, RenderError>>()?;
    let documents: Vec<Document> = rendered.into_iter().flatten().collect();
    with_siblings(documents, settings)
}

/// The files that are of no feed alone: the lists of all, the style, the rules for servers.
///
/// # Errors
/// A template that can't be rendered.
pub fn common(
    feeds: &[Selected],
    catalog: &CatalogSettings,
    settings: &Settings,
    templates: &Templates,
) -> Result<Vec<Document>, RenderError> {
    let site = &catalog.site;
    let opml_path = "feeds.opml".to_owned();
    let opml_address = address::of_file(&opml_path, site, settings);
    let listed = page::of_all(site, feeds, &opml_address, templates)?;
    let opml = opml::render(&site.title, Some(&site.author), feeds, &settings.labels);
    let mut documents = vec![
        Document { path: opml_path, bytes: opml },
        Document { path: "feeds.html".to_owned(), bytes: listed },
    ];
    if feeds.iter().any(|selected| selected.manner.stylesheet) {
        let css = templates.render("web/feed.css.j2", json!({}))?;
        documents.push(Document { path: "feed.css".to_owned(), bytes: css.into_bytes() });
    }
    let of_feeds = feeds.iter().flat_map(|selected| paths(selected, settings));
    let paths: Vec<String> = of_feeds.chain(documents.iter().map(|document| document.path.clone())).collect();
    let mut documents = with_siblings(documents, settings)?;
    documents.extend(server::rules(&paths, site, settings));
    Ok(documents)
}

/// With the compressed siblings, where those are wanted.
fn with_siblings(mut documents: Vec<Document>, settings: &Settings) -> Result<Vec<Document>, RenderError> {
    if settings.gzip {
        let packed = gzip::siblings(&documents);
        documents
            .extend(packed.map_err(|source| RenderError::Feed { path: "a .gz file".to_owned(), source })?);
    }
    Ok(documents)
}

/// The paths of a feed's files, in the order in which they are rendered.
fn paths(selected: &Selected, settings: &Settings) -> Vec<String> {
    let prefixes = iter::once(&selected.prefix).chain(selected.archives.iter().map(|(prefix, _)| prefix));
    let formats = &selected.manner.formats;
    let documents = prefixes.flat_map(|prefix| {
        formats.iter().map(move |format| format!("{prefix}{}", settings.files.of(*format)))
    });
    let page = selected.manner.page.then(|| format!("{}{}", selected.prefix, settings.files.page));
    documents.chain(page).collect()
}

/// The paths of all files of a feed.
#[must_use]
pub fn files(selected: &Selected, settings: &Settings) -> Vec<String> {
    let mut all = paths(selected, settings);
    if settings.gzip {
        all.extend(all.iter().map(|path| format!("{path}.gz")).collect::<Vec<_>>());
    }
    all
}

fn document(
    prefix: &str,
    feed: &Feed,
    manner: &Manner,
    format: Format,
    settings: &Settings,
) -> Result<Document, RenderError> {
    let path = format!("{prefix}{}", settings.files.of(format));
    match fitting(feed, manner.max_bytes, format) {
        Ok(bytes) => Ok(Document { path, bytes }),
        Err(source) => Err(RenderError::Feed { path, source }),
    }
}

/// The feed with as many of its newest entries as fit into so many bytes, at least one.
fn fitting(feed: &Feed, most: Option<usize>, format: Format) -> io::Result<Vec<u8>> {
    let whole = render(feed, format)?;
    let Some(most) = most.filter(|most| whole.len() > *most) else { return Ok(whole) };
    // `low` entries fit, or are the one that has to be there; `high` do not.
    let (mut low, mut high) = (1, feed.entries.len());
    let mut best = render(&newest(feed, low), format)?;
    while low + 1 < high {
        let middle = low.midpoint(high);
        let tried = render(&newest(feed, middle), format)?;
        if tried.len() <= most {
            (low, best) = (middle, tried);
        } else {
            high = middle;
        }
    }
    Ok(best)
}

/// The feed as if it had never had more than so many entries.
fn newest(feed: &Feed, count: usize) -> Feed {
    let entries: Vec<_> = feed.entries.iter().take(count).map(Arc::clone).collect();
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or(feed.updated);
    Feed { updated, entries, ..feed.clone() }
}

fn render(feed: &Feed, format: Format) -> io::Result<Vec<u8>> {
    match format {
        Format::Rss => rss::render(feed),
        Format::Atom => atom::render(feed),
        Format::Json => json::render(feed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::sample::rich;

    #[test]
    fn the_newest_entries_that_fit_are_shown_and_at_least_one() {
        let mut feed = rich();
        let old = Arc::clone(&feed.entries[1]);
        feed.entries.extend((0..30).map(|_| Arc::clone(&old)));
        for format in Format::ALL {
            let count = |bytes: &[u8]| feed_rs::parser::parse(bytes).unwrap().entries.len();
            let whole = render(&feed, format).unwrap();
            assert_eq!(fitting(&feed, Some(whole.len()), format).unwrap(), whole);
            let most = whole.len() / 2;
            let cut = fitting(&feed, Some(most), format).unwrap();
            let one_more = render(&newest(&feed, count(&cut) + 1), format).unwrap();
            assert!(cut.len() <= most && one_more.len() > most, "{format:?}");
            assert_eq!(count(&fitting(&feed, Some(1), format).unwrap()), 1);
        }
    }
}
