//! The archive: past issues as pages, an index and a feed of them for each digest. Pages are made of what was frozen;
//! they are there before the first mail that links to them.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use url::Url;

use crate::catalog::identity;
use crate::catalog::settings::Site;
use crate::digest::archive::{self, Archive};
use crate::digest::settings::Settings;
use crate::feed::model::{Addresses, Entry, Feed, Format, Person};
use crate::feed::write::{self, Document};
use crate::feed::{atom, json, rss};
use crate::store::editorial::{Editorial, SentIssue};
use crate::templates::environment::Templates;

/// Issues that the feed of issues has, the newest.
const MOST_ENTRIES: usize = 50;

/// Names of the files of a digest's feed of issues.
const FEEDS: [(Format, &str); 3] =
    [(Format::Rss, "rss.xml"), (Format::Atom, "atom.xml"), (Format::Json, "feed.json")];

/// What writing the archive takes, but for the store.
#[derive(Clone, Copy, Debug)]
pub struct Shelves<'a> {
    /// Table `[archive]`.
    pub archive: &'a Archive,
    /// The site.
    pub site: &'a Site,
    /// The templates.
    pub templates: &'a Templates,
}

/// Writes pages of issues that have none yet, and index and feeds where they differ; returns what was written.
///
/// # Errors
/// The store can't be read, a template can't be rendered, a file can't be written.
pub async fn write(
    shelves: &Shelves<'_>,
    digests: &[Settings],
    store: &dyn Editorial,
) -> Result<Vec<String>> {
    let mut documents = Vec::new();
    for digest in digests {
        let issues = store.public_issues(&digest.name).await?;
        for issue in &issues {
            let folder = shelves.folder(digest, issue);
            if !shelves.archive.output.join(&folder).join("index.html").exists() {
                documents.extend(pages(&folder, issue, store).await?);
            }
        }
        documents.push(shelves.index(digest, &issues)?);
        documents.extend(shelves.feeds(digest, &issues)?);
    }
    let written =
        write::write(&shelves.archive.output, &documents).context("the archive can't be written")?;
    Ok(written.changed)
}

/// The pages of an issue's editions; the first, which shows the most, stands for the issue.
async fn pages(folder: &str, issue: &SentIssue, store: &dyn Editorial) -> Result<Vec<Document>> {
    let mut pages = Vec::new();
    for frozen in store.editions(issue.issue).await? {
        let web = frozen.edition.web;
        if web.is_empty() {
            continue;
        }
        if issue.lead.as_ref().is_some_and(|lead| lead.key == frozen.edition.key) {
            pages.push(Document { path: format!("{folder}index.html"), bytes: web.clone().into_bytes() });
        }
        let name = archive::page(&frozen.edition.key);
        pages.push(Document { path: format!("{folder}{name}"), bytes: web.into_bytes() });
    }
    Ok(pages)
}

impl Shelves<'_> {
    fn folder(&self, digest: &Settings, issue: &SentIssue) -> String {
        archive::folder(digest, digest.time_zone.unwrap_or(self.site.time_zone), issue.slot)
    }

    fn index(&self, digest: &Settings, issues: &[SentIssue]) -> Result<Document> {
        let zone = digest.time_zone.unwrap_or(self.site.time_zone);
        let listed = |issue: &SentIssue| {
            let lead = issue.lead.as_ref()?;
            Some(json!({
                "subject": lead.subject,
                "url": self.archive.address(&self.folder(digest, issue)),
                "date": issue.slot.with_timezone(&zone).to_rfc3339(),
            }))
        };
        let formats = FEEDS.map(|(format, name)| {
            let address = self.archive.address(&format!("{}/{name}", digest.name));
            json!({ "name": format.name(), "type": format.media_type(), "address": address })
        });
        let context = json!({
            "language": self.language(digest),
            "site": { "title": self.site.title, "url": self.site.url },
            "digest": { "name": digest.name, "title": digest.title },
            "issues": issues.iter().filter_map(listed).collect::<Vec<Value>>(),
            "formats": formats,
        });
        let page = self.templates.render("web/archive.html.j2", context)?;
        Ok(Document { path: format!("{}/index.html", digest.name), bytes: page.into_bytes() })
    }

    fn feeds(&self, digest: &Settings, issues: &[SentIssue]) -> Result<Vec<Document>> {
        let feed = self.feed(digest, issues)?;
        let document = |(format, name): (Format, &str)| {
            let bytes = match format {
                Format::Rss => rss::render(&feed),
                Format::Atom => atom::render(&feed),
                Format::Json => json::render(&feed),
            };
            Ok(Document {
                path: format!("{}/{name}", digest.name),
                bytes: bytes.context("the feed of issues")?,
            })
        };
        FEEDS.into_iter().map(document).collect()
    }

    fn feed(&self, digest: &Settings, issues: &[SentIssue]) -> Result<Feed> {
        let address = |name: &str| Url::parse(&self.archive.address(&format!("{}/{name}", digest.name)));
        let author = Person { name: self.site.author.clone(), url: Some(self.site.url.clone()) };
        let mut entries = Vec::new();
        for issue in issues.iter().take(MOST_ENTRIES) {
            let Some(lead) = &issue.lead else { continue };
            let folder = self.folder(digest, issue);
            let id = identity::feed(self.site, Some(&format!("issues/{}", folder.trim_end_matches('/'))));
            let opened = issue.opened.fixed_offset();
            entries.push(Arc::new(Entry {
                iri: id.clone(),
                id,
                url: Url::parse(&self.archive.address(&folder))?,
                title: lead.subject.clone(),
                authors: vec![author.clone()],
                published: opened,
                updated: opened,
                summary: lead.titles.join("\n"),
                content_html: None,
                terms: Vec::new(),
                image: None,
                enclosures: Vec::new(),
                episode: None,
                source: None,
                comments: None,
            }));
        }
        // An empty feed has the day since which the site is there, never the build's.
        let never = self.site.since.and_time(chrono::NaiveTime::MIN).and_utc().fixed_offset();
        Ok(Feed {
            id: identity::feed(self.site, Some(&format!("issues/{}", digest.name))),
            title: digest.title.clone(),
            subtitle: String::new(),
            overview: Vec::new(),
            page: address("")?,
            addresses: Addresses {
                rss: Some(address("rss.xml")?),
                atom: Some(address("atom.xml")?),
                json: Some(address("feed.json")?),
            },
            language: self.language(digest),
            rights: None,
            ttl_minutes: 60,
            author,
            editor: None,
            image: None,
            hub: None,
            history: None,
            podcast: None,
            stylesheet: None,
            updated: entries.iter().map(|entry| entry.updated).max().unwrap_or(never),
            entries,
            deleted: Vec::new(),
        })
    }

    fn language(&self, digest: &Settings) -> String {
        digest.language.as_ref().map_or_else(|| self.site.language.clone(), ToString::to_string)
    }
}
