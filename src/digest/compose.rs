//! Composing: a selection of articles rendered through the templates, once for all who get it.

use serde::Serialize;
use serde_json::{Value, json};

use crate::catalog::article::Article;
use crate::catalog::body_text::BodyError;
use crate::catalog::category::Category;
use crate::catalog::media::Measurements;
use crate::catalog::publication::Published;
use crate::catalog::settings::Settings as CatalogSettings;
use crate::catalog::shelf::Shelf;
use crate::catalog::slug::Slug;
use crate::catalog::summary;
use crate::digest::issue::Edition;
use crate::digest::select::{Group, Selection};
use crate::digest::settings::{MailSettings, Settings};
use crate::digest::slots::{self, Slot};
use crate::mail::message::subject_line;
use crate::templates::{TemplateError, Templates};

/// An edition that can't be rendered.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An article is not there any more.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// What all editions of an issue have in common.
pub struct Composer<'a> {
    /// The articles that selections point into.
    pub published: &'a [Published],
    /// Where the whole articles are.
    pub shelf: &'a Shelf,
    /// The digest's categories.
    pub categories: &'a [Category],
    /// The site.
    pub catalog: &'a CatalogSettings,
    /// The digest.
    pub digest: &'a Settings,
    /// What all mails have in common.
    pub mail: &'a MailSettings,
    /// The templates.
    pub templates: &'a Templates,
    /// When the issue was opened.
    pub opened: chrono::DateTime<chrono::Utc>,
    /// The secret of the issue's slots.
    pub slots: &'a str,
}

/// What a template may use of an article.
#[derive(Serialize)]
struct ArticleView<'a> {
    title: &'a str,
    url: String,
    byline: String,
    date: String,
    updated: String,
    summary: String,
    tags: &'a [String],
    image: Value,
    comments: Value,
    extra: &'a serde_json::Map<String, Value>,
}

impl Composer<'_> {
    /// What tells editions apart: the same articles in the same groups are the same edition.
    #[must_use]
    pub fn key(&self, selection: &Selection) -> String {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        for group in &selection.groups {
            hasher.update(format!("{}+{}:", group.category, group.more).as_bytes());
            for index in &group.articles {
                hasher.update(&self.published[*index].publication.number.to_le_bytes());
            }
            hasher.update(b";");
        }
        format!("{:032x}", hasher.digest128())
    }

    /// Renders subject, text and HTML; styles are moved into the elements, for many clients drop the rest.
    ///
    /// # Errors
    /// A template that can't be rendered, that renders to nothing, or that changes what is stamped in per subscriber.
    pub fn compose(&self, selection: &Selection) -> Result<Edition, ComposeError> {
        let context = self.context(selection)?;
        let render = |name: &str| {
            let name = format!("email/digest/{name}");
            let rendered = self.templates.render(&name, &context)?;
            self.fit_to_send(&rendered).map_err(|why| TemplateError { message: format!("{name}: {why}") })?;
            Ok::<String, TemplateError>(rendered)
        };
        let subject: String = render("subject.txt.j2")?.chars().filter(|c| !turns_direction(*c)).collect();
        let text = render("body.txt.j2")?;
        let html = render("body.html.j2")?;
        let numbers = |group: &Group| {
            group.articles.iter().map(|index| self.published[*index].publication.number).collect::<Vec<_>>()
        };
        Ok(Edition {
            key: self.key(selection),
            subject: subject_line(&subject),
            text: tidy(&without_controls(&text)),
            html: inline(&without_controls(&html))?,
            articles: selection.groups.iter().flat_map(numbers).collect(),
        })
    }

    /// Whether a rendered template may go to readers: nobody wants an empty subject, or a marker for a name.
    fn fit_to_send(&self, rendered: &str) -> Result<(), &'static str> {
        if rendered.trim().is_empty() {
            return Err("it renders to nothing; every mail needs a subject, a text and HTML");
        }
        if !slots::are_whole(rendered, self.slots) {
            return Err(
                "it changes what is stamped in per subscriber; print recipient.name, recipient.address, \
                        links.unsubscribe and links.preferences as they are, without a filter",
            );
        }
        Ok(())
    }

    fn context(&self, selection: &Selection) -> Result<Value, BodyError> {
        let site = &self.catalog.site;
        let slot = |slot: Slot| slot.marker(self.slots);
        let zone = self.digest.time_zone.unwrap_or(site.time_zone);
        let lead = selection.groups.iter().find_map(|group| group.articles.first());
        let mut measurements = Measurements::default();
        let groups: Vec<Value> = selection
            .groups
            .iter()
            .map(|group| self.group(group, &mut measurements))
            .collect::<Result<_, _>>()?;
        Ok(json!({
            "site": {
                "title": site.title,
                "description": site.description,
                "url": site.url,
                "language": site.language,
                "logo": site.logo.as_ref().and_then(|logo| site.absolute(logo)),
            },
            "digest": { "name": self.digest.name, "title": self.digest.title, "intro": self.digest.intro },
            "issue": {
                "date": self.opened.with_timezone(&zone).to_rfc3339(),
                "shown": selection.shown(),
                "total": selection.total(),
                "lead": lead.map(|index| self.published[*index].outline.title()),
            },
            "groups": groups,
            "recipient": { "name": slot(Slot::Name), "address": slot(Slot::Address) },
            "links": {
                "unsubscribe": slot(Slot::Unsubscribe),
                "preferences": self.mail.preferences_url.as_ref().map(|_| slot(Slot::Preferences)),
                "archive": self.mail.archive_url,
                "help": self.mail.help_url,
            },
            "footer": { "postal_address": self.mail.postal_address, "disclaimer": self.mail.disclaimer },
        }))
    }

    fn group(&self, group: &Group, measurements: &mut Measurements) -> Result<Value, BodyError> {
        let category = self.categories.iter().find(|category| category.slug == group.category);
        let view = |index: &usize| {
            let item = &self.published[*index];
            let article = self.shelf.article(&item.outline)?;
            Ok(json!(self.article(item, &article, measurements)?))
        };
        let articles: Vec<Value> = group.articles.iter().map(view).collect::<Result<_, BodyError>>()?;
        Ok(json!({
            "slug": group.category.as_str(),
            "title": category.map_or(group.category.as_str(), |category| &category.title),
            "description": category.map(|category| &category.description),
            "url": category.map_or(self.catalog.site.url.as_str(), |category| category.page.as_str()),
            "articles": articles,
            "more": group.more,
        }))
    }

    fn article<'b>(
        &self,
        item: &Published,
        article: &'b Article,
        measurements: &mut Measurements,
    ) -> Result<ArticleView<'b>, BodyError> {
        let names: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
        Ok(ArticleView {
            title: &article.title,
            url: article.url.to_string(),
            byline: listed(&names),
            date: item.date().to_rfc3339(),
            updated: item.updated().to_rfc3339(),
            summary: summary::of_article(article, self.catalog.sources.summary_length)?,
            tags: &article.tags,
            image: article.image.as_ref().map_or(Value::Null, |picture| {
                let size = picture.file.as_ref().and_then(|file| measurements.of(file).size);
                json!({
                    "url": picture.url,
                    "alt": picture.alt.clone().unwrap_or_default(),
                    "width": size.map(|(width, _)| width),
                    "height": size.map(|(_, height)| height),
                })
            }),
            comments: article
                .comments
                .as_ref()
                .map(|discussion| (&discussion.url, discussion.count.unwrap_or(0)))
                .filter(|(url, count)| url.is_some() || *count > 0)
                .map_or(Value::Null, |(url, count)| json!({ "url": url, "count": count })),
            extra: &article.extra,
        })
    }
}

/// The digest's categories: those that it names, or all, in the catalog's order.
#[must_use]
pub fn categories_of(digest: &Settings, catalog: &[Category]) -> Vec<Category> {
    let named: Vec<Slug> = digest.categories.iter().filter_map(|name| Slug::from_name(name)).collect();
    catalog.iter().filter(|category| named.is_empty() || named.contains(&category.slug)).cloned().collect()
}

/// Categories that a digest names and the catalog does not have.
#[must_use]
pub fn unknown_categories(digest: &Settings, catalog: &[Category]) -> Vec<String> {
    let is_known = |name: &String| catalog.iter().any(|category| category.slug.as_str() == name);
    digest.categories.iter().filter(|name| !is_known(name)).cloned().collect()
}

/// `Ana, Bo and Cy`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Explicit bidirectional controls (Unicode TR 9, 2.1 to 2.5). One that a title opens turns the rest of its line
/// around; in a subject, the rest is the digest's.
fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Controls mean nothing in a mail, and much to a terminal that shows one.
fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Styles into `style` attributes, for clients that drop the rest. The `style` element stays where it is, with its
/// media queries: moved to the front of the head, they would push `meta charset` out of the first 1,024 bytes, where
/// it has to be (HTML, 4.2.5.4).
fn inline(html: &str) -> Result<String, TemplateError> {
    let inliner =
        css_inline::CSSInliner::options().keep_style_tags(true).load_remote_stylesheets(false).build();
    let result = inliner.inline(html);
    result
        .map_err(|error| TemplateError { message: format!("email/digest/body.html.j2: its styles: {error}") })
}

/// What stands between a mail and its signature (RFC 3676, 4.3): the one line that ends in a blank.
const SIGNATURE: &str = "-- ";

/// Plain text without trailing blanks and without more than one empty line in a row.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        let line = if line == SIGNATURE { line } else { line.trim_end() };
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied
}
