//! What the templates of a digest see: a selection of articles as plain values. templates/README.md tells authors of
//! templates the same.

use serde_json::{Value, json};

use crate::catalog::article::Article;
use crate::catalog::body;
use crate::catalog::body_text::BodyError;
use crate::catalog::html;
use crate::catalog::media::Measurements;
use crate::catalog::publication::Published;
use crate::catalog::summary;
use crate::digest::compose::Composer;
use crate::digest::long_text;
use crate::digest::pictures::Pictures;
use crate::digest::select::{Group, Selection};
use crate::digest::settings::SummaryPolicy;
use crate::digest::slots::Slot;
use crate::language::locale;
use crate::language::tag::Language;
use crate::text;
use url::Url;

/// Words that most people read in a minute; studies of silent reading find 238 (Brysbaert 2019).
const WORDS_A_MINUTE: usize = 238;

/// For whom a selection is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// For readers, in a mail.
    Mail,
    /// For anybody, in the archive.
    Web,
}

/// Shows selections to templates, one language at a time.
pub struct View<'a> {
    composer: &'a Composer<'a>,
    language: &'a Language,
    audience: Audience,
    measurements: Measurements,
    /// Pictures that come along with the mail.
    pub pictures: Pictures,
}

impl<'a> View<'a> {
    /// Of a digest in a language.
    #[must_use]
    pub fn new(composer: &'a Composer<'a>, language: &'a Language, audience: Audience) -> Self {
        let pictures = Pictures::new(composer.digest, audience == Audience::Mail, &composer.letterhead.slots);
        Self { composer, language, audience, measurements: Measurements::default(), pictures }
    }

    /// Everything that a template may use.
    ///
    /// # Errors
    /// An article that can't be read any more.
    pub fn context(&mut self, selection: &Selection, page: Option<&str>) -> Result<Value, BodyError> {
        let composer = self.composer;
        let (site, mail, digest) = (&composer.catalog.site, composer.mail, composer.digest);
        // The archive is for anybody: it has no place for what is one reader's alone.
        let (audience, language) = (self.audience, self.language);
        let slot = |slot: Slot| match (audience, slot) {
            (Audience::Mail, slot) => slot.marker(&composer.letterhead.slots),
            (Audience::Web, Slot::Name) => composer.nameless(language),
            (Audience::Web, Slot::Address) => String::new(),
            (Audience::Web, Slot::Unsubscribe | Slot::Preferences) => site.url.to_string(),
        };
        let zone = digest.time_zone.unwrap_or(site.time_zone);
        let lead = selection.groups.iter().find_map(|group| group.articles.first());
        let groups: Vec<Value> =
            selection.groups.iter().map(|group| self.group(group)).collect::<Result<_, _>>()?;
        let logo = composer.look.logo.as_ref().or(site.logo.as_ref());
        let mut look = json!(composer.look);
        look["logo"] = json!(logo.and_then(|logo| site.absolute(logo)));
        Ok(json!({
            "language": self.language,
            "web": self.audience == Audience::Web,
            "look": look,
            "site": {
                "title": site.title,
                "description": site.description,
                "url": self.link(&site.url),
                "language": site.language,
                "logo": logo.and_then(|logo| site.absolute(logo)),
            },
            "digest": { "name": digest.name, "title": digest.title },
            "intro": composer.intro.get(self.language).map(|intro| json!({ "html": intro.html, "text": intro.text })),
            "issue": {
                "date": composer.slot.with_timezone(&zone).to_rfc3339(),
                "shown": selection.shown(),
                "total": selection.total(),
                "lead": lead.map(|index| composer.published[*index].outline.title()),
            },
            "groups": groups,
            "recipient": { "name": slot(Slot::Name), "address": slot(Slot::Address) },
            "links": {
                "unsubscribe": slot(Slot::Unsubscribe),
                "preferences": mail.preferences_url.as_ref().map(|_| slot(Slot::Preferences)),
                "archive": composer.archive.map(|archive| archive.index(&digest.name)).or_else(|| mail.archive_url.clone()),
                "view": page,
                "help": mail.help_url,
            },
            "footer": { "postal_address": mail.postal_address, "disclaimer": mail.disclaimer },
        }))
    }

    fn group(&mut self, group: &Group) -> Result<Value, BodyError> {
        let composer = self.composer;
        let category = composer.categories.iter().find(|category| category.slug == group.category);
        let mut articles = Vec::with_capacity(group.articles.len());
        for index in &group.articles {
            let item = &composer.published[*index];
            let article = composer.shelf.article(&item.outline)?;
            articles.push(self.article(item, &article)?);
        }
        let page = category.map_or(&composer.catalog.site.url, |category| &category.page);
        Ok(json!({
            "slug": group.category.as_str(),
            "title": category.map_or(group.category.as_str(), |category| &category.title),
            "description": category.map(|category| &category.description),
            "url": self.link(page),
            "articles": articles,
            "more": group.more,
        }))
    }

    fn article(&mut self, item: &Published, article: &Article) -> Result<Value, BodyError> {
        let names: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
        let site = &self.composer.catalog.site;
        let whole = body::html(article, site)?;
        let prose = html::prose(&whole, usize::MAX);
        let words = prose.split_whitespace().count();
        let given =
            |article: &Article| summary::of_article(article, self.composer.catalog.sources.summary_length);
        let (summary, full) = match self.composer.digest.summary {
            SummaryPolicy::Given => (given(article)?, None),
            SummaryPolicy::Excerpt => {
                (text::shorten(&prose, self.composer.catalog.sources.summary_length), None)
            }
            SummaryPolicy::Words(most) => (first_words(&prose, most), None),
            SummaryPolicy::Full => (String::new(), Some(whole)),
            SummaryPolicy::None => (String::new(), None),
        };
        let image = article.image.as_ref().and_then(|picture| {
            let measured = picture.file.as_ref().and_then(|file| self.measurements.of(file).size);
            let source = self.pictures.source(picture)?;
            Some(json!({
                "url": source,
                "alt": picture.alt.clone().unwrap_or_default(),
                "width": measured.map(|(width, _)| width),
                "height": measured.map(|(_, height)| height),
            }))
        });
        let comments = article
            .comments
            .as_ref()
            .map(|discussion| (&discussion.url, discussion.count.unwrap_or(0)))
            .filter(|(url, count)| url.is_some() || *count > 0);
        Ok(json!({
            "title": article.title,
            "url": self.link(&article.url),
            "byline": locale::list(self.language.as_str(), &names),
            "authors": names,
            "date": item.date().to_rfc3339(),
            "updated": item.updated().to_rfc3339(),
            "minutes": if words == 0 { 0 } else { words.div_ceil(WORDS_A_MINUTE) },
            "summary": summary,
            "body": full.map(|html| json!({ "text": long_text::of_html(&html), "html": html })),
            "tags": article.tags,
            "image": image,
            "comments": comments.map(|(url, count)| json!({ "url": url, "count": count })),
            "extra": article.extra,
        }))
    }

    /// A link with the digest's parameters, where it leads to the site.
    fn link(&self, url: &Url) -> String {
        let composer = self.composer;
        let own = composer.catalog.site.url.host_str();
        match &composer.digest.link_parameters {
            Some(parameters) if self.audience == Audience::Mail && url.host_str() == own => {
                let zone = composer.digest.time_zone.unwrap_or(composer.catalog.site.time_zone);
                let day = composer.slot.with_timezone(&zone).format("%Y-%m-%d").to_string();
                let parameters =
                    parameters.replace("{digest}", &composer.digest.name).replace("{date}", &day);
                let mut url = url.clone();
                let query = match url.query() {
                    Some(query) if !query.is_empty() => format!("{query}&{parameters}"),
                    _ => parameters,
                };
                url.set_query(Some(&query));
                url.to_string()
            }
            _ => url.to_string(),
        }
    }
}

/// The first so many words, with an ellipsis where there are more.
fn first_words(prose: &str, most: usize) -> String {
    let mut words = prose.split_whitespace();
    let kept: Vec<&str> = words.by_ref().take(most).collect();
    let more = if words.next().is_some() { "…" } else { "" };
    kept.join(" ") + more
}
