//! The page that lists all feeds, for people: with autodiscovery links, and a snippet for a publisher's own pages.

use serde_json::{Value, json};
use url::Url;

use crate::catalog::settings::Site;
use crate::feed::model::{Feed, Format};
use crate::feed::select::Selected;
use crate::feed::xml;
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
    let listed: Vec<Value> = feeds.iter().map(listed).collect();
    let context = json!({
        "site": {
            "title": xml::one_line(&site.title),
            "description": xml::one_line(&site.description),
            "url": site.url,
            "language": site.language,
        },
        "feeds": listed,
        "opml": opml,
    });
    Ok(templates.render("web/feeds.html.j2", context)?.into_bytes())
}

fn listed(selected: &Selected) -> Value {
    let (feed, category) = (&selected.feed, selected.category.as_ref());
    let label = category.map_or("All articles", |category| category.title.as_str());
    json!({
        "title": xml::one_line(&feed.title),
        "label": xml::one_line(label),
        "description": category.map(|category| xml::one_line(&category.description)),
        "page": feed.page,
        "rss": feed.addresses.rss,
        "atom": feed.addresses.atom,
        "json": feed.addresses.json,
        "formats": formats(feed),
        "entries": feed.entries.len(),
    })
}

/// The formats that a feed has, the one to recommend first.
#[must_use]
pub fn formats(feed: &Feed) -> Vec<Value> {
    let shown = |(format, address): (Format, &Url)| json!({ "name": format.name(), "type": format.media_type(), "address": address });
    feed.addresses.all().map(shown).collect()
}
