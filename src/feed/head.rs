//! What a feed says of itself: everything but its entries.

use chrono::NaiveTime;
use url::Url;

use crate::catalog::identity;
use crate::catalog::media::{self, Measurements};
use crate::catalog::settings::{Settings as CatalogSettings, Site};
use crate::feed::address;
use crate::feed::model::{Feed, Image, Kind, Person};
use crate::feed::plan::Planned;
use crate::feed::settings::Settings;

/// The feed without entries. `web` is the address of its page for people, where it has one.
#[must_use]
pub fn head(
    planned: &Planned<'_>,
    web: Option<&Url>,
    catalog: &CatalogSettings,
    settings: &Settings,
    measurements: &mut Measurements,
) -> Feed {
    let (site, own) = (&catalog.site, &planned.own);
    let image = own.image.as_ref().or(site.logo.as_ref());
    Feed {
        id: id(planned, site),
        title: title(planned, site),
        subtitle: subtitle(planned, site),
        overview: planned.category.map(|category| category.overview.clone()).unwrap_or_default(),
        page: page(planned, web, site),
        addresses: address::of_documents(&planned.prefix, &planned.manner, site, settings),
        language: own.language.as_ref().unwrap_or(&site.language).clone(),
        rights: own.copyright.clone().or_else(|| site.copyright.clone()),
        ttl_minutes: planned.manner.ttl,
        author: Person { name: site.author.clone(), url: Some(site.url.clone()) },
        editor: site.editor_email.as_ref().map(|email| format!("{email} ({})", site.author)),
        image: image.and_then(|source| picture(source, catalog, measurements)),
        hub: planned.manner.hub.clone(),
        history: None,
        deleted: Vec::new(),
        podcast: own.podcast.clone(),
        stylesheet: planned
            .manner
            .stylesheet
            .then(|| address::of_file("feed.css", site, settings).to_string()),
        updated: site.since.and_time(NaiveTime::MIN).and_utc().fixed_offset(),
        entries: Vec::new(),
    }
}

/// One line for lists of feeds; none for the whole site, of which they say it themselves.
#[must_use]
pub fn description(planned: &Planned<'_>) -> Option<String> {
    let said = planned.own.description.clone();
    match planned.kind {
        Kind::Site => said,
        _ => Some(said.or_else(|| Some(planned.category?.description.clone())).unwrap_or_default()),
    }
}

fn id(planned: &Planned<'_>, site: &Site) -> String {
    let slug = &planned.slug;
    // A slug holds no slash: no category's id can be one of the others.
    match planned.kind {
        Kind::Site => identity::feed(site, None),
        Kind::Category => identity::feed(site, Some(slug)),
        Kind::Selection => identity::feed(site, Some(&format!("selection/{slug}"))),
        Kind::Tag => identity::feed(site, Some(&format!("tag/{slug}"))),
        Kind::Author => identity::feed(site, Some(&format!("author/{slug}"))),
    }
}

/// Readers list feeds by title alone: two sites may both have a category "Heart", and a site a tag of that name.
fn title(planned: &Planned<'_>, site: &Site) -> String {
    match planned.kind {
        Kind::Site => planned.own.title.clone().unwrap_or_else(|| site.title.clone()),
        Kind::Tag => format!("{} – #{}", site.title, planned.label),
        Kind::Selection | Kind::Category | Kind::Author => format!("{} – {}", site.title, planned.label),
    }
}

fn subtitle(planned: &Planned<'_>, site: &Site) -> String {
    let said = planned.own.description.as_ref();
    let said = said.or_else(|| match planned.kind {
        Kind::Site => Some(&site.description),
        _ => planned.category.map(|category| &category.description),
    });
    match said.filter(|text| !text.is_empty()) {
        Some(text) => text.clone(),
        None if planned.kind == Kind::Site => String::new(),
        None => planned.label.clone(),
    }
}

/// The page that the feed mirrors. What the site has no page of has the one that is written beside the feed.
fn page(planned: &Planned<'_>, web: Option<&Url>, site: &Site) -> Url {
    let said = planned.own.link.as_ref().and_then(|link| site.absolute(link));
    let usual = match planned.kind {
        Kind::Site => None,
        Kind::Category => planned.category.map(|category| category.page.clone()),
        Kind::Selection | Kind::Tag | Kind::Author => web.cloned(),
    };
    said.or(usual).unwrap_or_else(|| site.url.clone())
}

/// A feed's picture, measured where it is a file of the site.
fn picture(source: &str, catalog: &CatalogSettings, measurements: &mut Measurements) -> Option<Image> {
    let url = catalog.site.absolute(source)?;
    let file = catalog.sources.static_files.join(source.trim_start_matches('/'));
    let measured = measurements.of(&file);
    Some(Image {
        media_type: media::type_by_ending(url.path()).to_owned(),
        url,
        length: measured.length,
        size: measured.size,
        alt: Some(catalog.site.title.clone()),
    })
}
