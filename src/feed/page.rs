//! The page that lists all feeds, for people: with autodiscovery links, and a snippet for a publisher's own pages.

use serde_json::{Value, json};
use url::Url;

use crate::catalog::settings::Site;
use crate::feed::select::Selected;
use crate::templates::{TemplateError, Templates};

/// Renders the page.
///
/// # Errors
/// A template that can't be rendered.
pub fn render(
    site: &Site,
    feeds: &[Selected],
    opml: &Url,
    templates: &Templates,
) -> Result<Vec<u8>, TemplateError> {
    let listed: Vec<Value> = feeds
        .iter()
        .map(|selected| {
            let feed = &selected.feed;
            json!({
                "title": feed.title,
                "label": selected.category.as_ref().map_or("All articles", |category| category.title.as_str()),
                "description": selected.category.as_ref().map(|category| category.description.as_str()),
                "page": feed.page,
                "rss": feed.addresses.rss,
                "atom": feed.addresses.atom,
                "entries": feed.entries.len(),
            })
        })
        .collect();
    let context = json!({
        "site": { "title": site.title, "description": site.description, "url": site.url, "language": site.language },
        "feeds": listed,
        "opml": opml,
    });
    Ok(templates.render("web/feeds.html.j2", context)?.into_bytes())
}
