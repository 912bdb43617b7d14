//! Entries: what an article looks like in a feed. Each that any feed shows is rendered once, on all cores.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::article::Article;
use crate::catalog::attachments::Attachment;
use crate::catalog::body_text::BodyError;
use crate::catalog::category::Category;
use crate::catalog::media::{self, Measurements};
use crate::catalog::publication::Published;
use crate::catalog::settings::Settings as CatalogSettings;
use crate::catalog::shelf::Shelf;
use crate::catalog::slug::Slug;
use crate::catalog::{body, identity, summary};
use crate::feed::model::{Comments, Enclosure, Entry, Image, Person, Term};
use crate::feed::settings::Content;

/// What feeds are made of.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The articles, with their records.
    pub published: &'a [Published],
    /// Where the whole articles are.
    pub shelf: &'a Shelf,
    /// All categories.
    pub categories: &'a [Category],
}

/// One article as an entry: whole, and as its summary alone.
#[derive(Clone, Debug)]
pub struct Rendered {
    full: Arc<Entry>,
    summary: Arc<Entry>,
}

impl Rendered {
    /// As a feed wants it.
    #[must_use]
    pub fn as_wanted(&self, content: Content) -> Arc<Entry> {
        Arc::clone(match content {
            Content::Full => &self.full,
            Content::Summary => &self.summary,
        })
    }
}

/// Renders the articles at these places; those that every feed shows as a summary are spared their body.
///
/// # Errors
/// An article's file can't be read any more.
pub fn entries(
    material: &Material<'_>,
    wanted: &BTreeMap<usize, Content>,
    catalog: &CatalogSettings,
    measurements: &mut Measurements,
) -> Result<HashMap<usize, Rendered>, BodyError> {
    let Material { published, shelf, categories } = *material;
    let categories: HashMap<&Slug, &Category> =
        categories.iter().map(|category| (&category.slug, category)).collect();
    let articles: Vec<(usize, Content, Article)> = wanted
        .par_iter()
        .map(|(index, content)| Ok((*index, *content, shelf.article(&published[*index].outline)?)))
        .collect::<Result<_, BodyError>>()?;
    // One after the other: a file that several articles show is measured once.
    let measured: Vec<(Option<Image>, Vec<Enclosure>)> = articles
        .iter()
        .map(|(_, _, article)| (picture(article, measurements), attached(article, measurements)))
        .collect();
    articles
        .par_iter()
        .zip(measured)
        .map(|((index, content, article), (image, enclosures))| {
            let item = &published[*index];
            let summary = Arc::new(entry(item, article, (image, enclosures), &categories, catalog)?);
            let full = match content {
                Content::Full => {
                    let html = body::html(article, &catalog.site)?;
                    Arc::new(Entry { content_html: Some(html), ..summary.as_ref().clone() })
                }
                Content::Summary => Arc::clone(&summary),
            };
            Ok((*index, Rendered { full, summary }))
        })
        .collect()
}

fn entry(
    item: &Published,
    article: &Article,
    (image, enclosures): (Option<Image>, Vec<Enclosure>),
    categories: &HashMap<&Slug, &Category>,
    catalog: &CatalogSettings,
) -> Result<Entry, BodyError> {
    let scheme = catalog.site.url.to_string();
    let of_category = |slug: &Slug| Term {
        term: slug.to_string(),
        label: categories.get(slug).map_or_else(|| slug.to_string(), |category| category.title.clone()),
        scheme: Some(scheme.clone()),
    };
    let of_tag = |tag: &String| Term { term: tag.clone(), label: tag.clone(), scheme: None };
    Ok(Entry {
        id: item.publication.id.clone(),
        iri: identity::iri(&catalog.site, &item.publication.id),
        url: article.url.clone(),
        title: article.title.clone(),
        authors: article
            .authors
            .iter()
            .map(|author| Person { name: author.name.clone(), url: author.url.clone() })
            .collect(),
        published: item.date(),
        updated: item.updated(),
        summary: summary::of_article(article, catalog.sources.summary_length)?,
        content_html: None,
        terms: article.categories.iter().map(of_category).chain(article.tags.iter().map(of_tag)).collect(),
        image,
        enclosures,
        episode: article.episode.clone(),
        source: article.source.clone(),
        comments: article
            .comments
            .as_ref()
            .map(|discussion| Comments { url: discussion.url.clone(), count: discussion.count }),
    })
}

fn picture(article: &Article, measurements: &mut Measurements) -> Option<Image> {
    let picture = article.image.as_ref()?;
    let measured = picture.file.as_ref().map(|file| measurements.of(file)).unwrap_or_default();
    Some(Image {
        url: picture.url.clone(),
        media_type: media::type_by_ending(picture.url.path()).to_owned(),
        length: measured.length,
        size: measured.size,
        alt: picture.alt.clone(),
    })
}

/// What the author says goes before what the file says of itself.
fn attached(article: &Article, measurements: &mut Measurements) -> Vec<Enclosure> {
    let enclosure = |attachment: &Attachment| {
        let measured = attachment.file.as_ref().map(|file| measurements.of(file)).unwrap_or_default();
        let by_ending = || media::type_of_attachment(attachment.url.path()).to_owned();
        Enclosure {
            url: attachment.url.clone(),
            media_type: attachment.media_type.clone().unwrap_or_else(by_ending),
            length: attachment.length.or(measured.length),
            seconds: attachment.seconds,
            title: attachment.title.clone(),
        }
    };
    article.attachments.iter().map(enclosure).collect()
}
