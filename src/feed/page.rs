//! Pages for people: one that lists all feeds, with a snippet for a publisher's own pages, and one for each feed, with
//! its newest entries and how to subscribe. Both let browsers and readers find the feeds.

use serde_json::{Value, json};
use url::Url;

use crate::catalog::settings::Site;
use crate::feed::model::{Entry, Feed, Format};
use crate::feed::select::Selected;
use crate::feed::xml;
use crate::templates::environment::{TemplateError, Templates};

/// Renders the page that lists all feeds.
///
/// # Errors
/// A template that can't be rendered.
pub fn of_all(
    site: &Site,
    feeds: &[Selected],
    opml: &Url,
    templates: &Templates,
) -> Result<Vec<u8>, TemplateError> {
    let listed: Vec<Value> = feeds.iter().map(listed).collect();
    let context = json!({ "site": about(site), "feeds": listed, "opml": opml });
    Ok(templates.render("web/feeds.html.j2", context)?.into_bytes())
}

/// Renders the page of one feed. `list` is the address of the page that lists all.
///
/// # Errors
/// A template that can't be rendered.
pub fn of_one(
    site: &Site,
    selected: &Selected,
    list: &Url,
    templates: &Templates,
) -> Result<Vec<u8>, TemplateError> {
    let feed = &selected.feed;
    let entries: Vec<Value> = feed.entries.iter().map(|entry| shown(entry)).collect();
    let overview: Vec<String> = feed.overview.iter().filter_map(|paragraph| xml::line(paragraph)).collect();
    let context = json!({
        "site": about(site),
        "feed": {
            "title": xml::one_line(&feed.title),
            "label": xml::one_line(&selected.label),
            "description": xml::one_line(&feed.subtitle),
            "overview": overview,
            "language": xml::one_line(&feed.language),
            "page": feed.page,
            "formats": formats(feed),
            "entries": entries,
        },
        "list": list,
    });
    Ok(templates.render("web/feed.html.j2", context)?.into_bytes())
}

fn about(site: &Site) -> Value {
    json!({
        "title": xml::one_line(&site.title),
        "description": xml::one_line(&site.description),
        "url": site.url,
        "language": site.language,
    })
}

fn listed(selected: &Selected) -> Value {
    let feed = &selected.feed;
    json!({
        "title": xml::one_line(&feed.title),
        "label": xml::one_line(&selected.label),
        "description": selected.description.as_deref().map(xml::one_line),
        "page": feed.page,
        "web": selected.web,
        "rss": feed.addresses.rss,
        "atom": feed.addresses.atom,
        "json": feed.addresses.json,
        "formats": formats(feed),
        "entries": selected.shown,
    })
}

/// The formats that a feed has, the one to recommend first.
fn formats(feed: &Feed) -> Vec<Value> {
    let shown = |(format, address): (Format, &Url)| json!({ "name": format.name(), "type": format.media_type(), "address": address });
    feed.addresses.all().map(shown).collect()
}

fn shown(entry: &Entry) -> Value {
    let names: Vec<String> = entry.authors.iter().filter_map(|author| xml::line(&author.name)).collect();
    json!({
        "title": xml::one_line(&entry.title),
        "url": entry.url,
        "date": entry.published.to_rfc3339(),
        "byline": names.join(", "),
        "summary": xml::paragraphs([&entry.summary]),
    })
}
