//! One source file to one article or category page: text in, typed value and problems out.

use std::borrow::Cow;
use std::path::Path;

use chrono::Datelike;
use url::Url;

use crate::catalog::article::{Article, ContentHash, Picture};
use crate::catalog::category::Category;
use crate::catalog::front_matter::{self, Document};
use crate::catalog::keys::Keys;
use crate::catalog::naming::{self, Naming, folder};
use crate::catalog::problem::{Position, Problem};
use crate::catalog::settings::{CategorySettings, Settings, Site};
use crate::catalog::slug::Slug;
use crate::catalog::{date, identity, summary};

/// What the parser of addresses forgives, and an IRI may not hold (RFC 3987, 2.2).
const NOT_IN_AN_IRI: [char; 10] = [' ', '<', '>', '"', '{', '}', '|', '\\', '^', '`'];

/// A name in front matter that stands for a category, and where it was written.
pub type CategoryName = (String, Position);

/// An article whose category names are not settled yet: that takes all category pages.
#[derive(Debug)]
pub struct Draft {
    /// The article; its `categories` are empty.
    pub article: Article,
    /// What the front matter or the folder calls its categories.
    pub category_names: Vec<CategoryName>,
    /// Problems that do not hold it out.
    pub warnings: Vec<Problem>,
}

/// Decodes a file: UTF-8 with or without a byte order mark, lines ending in CR LF or LF.
///
/// # Errors
/// A problem at the first byte that is not UTF-8.
pub fn decode<'a>(bytes: &'a [u8], path: &str) -> Result<Cow<'a, str>, Problem> {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        Problem::error(
            path,
            Position::of_byte(&valid, valid.len()),
            format!("the byte 0x{:02X} is not UTF-8", bytes[error.valid_up_to()]),
            "save the file as UTF-8; iconv -f latin1 -t utf-8 converts an old one",
        )
    })?;
    Ok(if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) })
}

/// Reads an article. `naming` tells the category in its address.
///
/// # Errors
/// Everything that is wrong with it, at least one error among it.
pub fn article(text: &str, path: &str, settings: &Settings, naming: &Naming) -> Result<Draft, Vec<Problem>> {
    let document = open(text, path)?;
    let mut keys = Keys::new(&document.table, path);
    let site = &settings.site;
    let (file_date, file_slug) = dated_name(file_stem(path));

    let title = title(&mut keys);
    let date = keys.date(&["date"], site.date_defaults());
    let date = date.or_else(|| date::parse(file_date?, site.date_defaults()));
    let updated = keys.date(&["updated", "lastmod"], site.date_defaults());
    let expires = keys.date(&["expires"], site.date_defaults());
    let authors = keys.bylines(&["authors", "author"], site);
    let category_names = category_names(path, &mut keys);
    let tags = keys.lines(&["tags"]).into_iter().map(|(tag, _)| tag).collect();
    let given_summary = keys.line(&["summary", "description", "excerpt"]);
    let slug_at =
        ["slug", "url", "permalink", "title"].into_iter().find_map(|key| document.table.position(key));
    let slug_at = slug_at.unwrap_or(Position::START);
    let slug = slug(file_slug, slug_at, &mut keys);
    let address = address(site, &mut keys);
    let declared_id = declared_id(&mut keys);
    let draft = keys.truth("draft") || document.table.text("published") == Some("false");
    let comments = keys.discussion(site);
    let image = keys.picture();
    let (Some(title), Some(slug)) = (title, slug) else { return Err(keys.problems) };

    let url = address.or_else(|| {
        let category = category_names.first().and_then(|(name, _)| naming.slug_of(name));
        site.absolute(&permalink(&settings.sources.permalink, path, &slug, category.as_ref(), date))
    });
    let Some(url) = url else {
        keys.error(slug_at, "the permalink pattern gives no address here", "look at catalog.permalink");
        return Err(keys.problems);
    };
    let image =
        image.and_then(|(source, alt, at)| picture(&source, alt, at, path, &url, settings, &mut keys));
    let (extra, problems) = (keys.extra(), keys.problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let without_date = || {
        let message = "the article has no date; it gets the day on which it is first published";
        Problem::warning(path, Position::START, message, "add `date: 2026-05-31`")
    };
    let warnings = if date.is_none() { vec![without_date()] } else { Vec::new() };
    let article = Article {
        path: path.to_owned(),
        declared_id,
        derived_id: identity::derived(site, date, path),
        slug,
        slug_at,
        url,
        content_hash: ContentHash::of(&title, document.body),
        title,
        date,
        updated,
        expires,
        draft,
        authors,
        categories: Vec::new(),
        tags,
        summary: given_summary.map(|text| summary::plain(&text)),
        image,
        comments,
        extra,
        markdown: document.body.to_owned(),
    };
    Ok(Draft { article, category_names, warnings })
}

/// The title. One that is no text is a problem already.
fn title(keys: &mut Keys<'_>) -> Option<String> {
    let before = keys.problems.len();
    let title = keys.line(&["title"]);
    if title.is_none() && keys.problems.len() == before {
        if keys.has("title") {
            keys.error(keys.at("title"), "the title is empty", "write `title: Some words`");
        } else {
            let hint = match keys.like("title") {
                Some(key) => format!("is the key `{key}` meant to be `title`?"),
                None => "add `title: …` between two lines of --- at the top of the file".to_owned(),
            };
            keys.error(Position::START, "the article has no title", hint);
        }
    }
    title
}

/// The categories that the front matter names, or else the folder; for `news/some-name/index.md` the outer one.
fn category_names(path: &str, keys: &mut Keys<'_>) -> Vec<CategoryName> {
    let mut names = keys.lines(&["categories", "category"]);
    if names.is_empty() {
        let outer = || path.rsplit('/').nth(2).filter(|_| is_bundle(path));
        names.extend(outer().or_else(|| folder(path)).map(|folder| (folder.to_owned(), Position::START)));
    }
    if names.is_empty() {
        let hint = "add `category: news`, or move the file into a folder named after its category";
        keys.error(Position::START, "the article is in no category", hint);
    }
    names
}

/// The slug that the front matter gives, or else the file's name. Of a slug with slashes the last part counts.
fn slug(file_slug: &str, at: Position, keys: &mut Keys<'_>) -> Option<Slug> {
    let text = keys.line(&["slug"]).unwrap_or_else(|| file_slug.to_owned());
    let slug = Slug::from_name(text.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default());
    if slug.is_none() {
        keys.error(at, format!("{text:?} gives no name for an address"), "add `slug: some-name`");
    }
    slug
}

/// The address that the front matter gives, where it gives one.
fn address(site: &Site, keys: &mut Keys<'_>) -> Option<Url> {
    let at = if keys.has("url") { keys.at("url") } else { keys.at("permalink") };
    let text = keys.line(&["url", "permalink"])?;
    let address = site.absolute(&text);
    if address.is_none() {
        let hint = "write url: /path/ or url: https://example.org/path/";
        keys.error(at, format!("`url` is no address: {text:?}"), hint);
    }
    address
}

/// The permanent id that the front matter gives, where it gives one.
fn declared_id(keys: &mut Keys<'_>) -> Option<(String, Position)> {
    let at = keys.at("id");
    let id = keys.line(&["id"])?;
    if Url::parse(&id).is_err() || id.contains(NOT_IN_AN_IRI) {
        let hint = "write id: tag:example.org,2026:salt or id: https://example.org/salt/ and never change it";
        keys.error(at, format!("`id` is no absolute IRI: {id:?}"), hint);
    }
    Some((id, at))
}

/// Reads a category's own page. Its slug is its folder's name, unless it gives one.
///
/// # Errors
/// Everything that is wrong with it.
pub fn category(text: &str, path: &str, settings: &Settings) -> Result<Category, Vec<Problem>> {
    let document = open(text, path)?;
    let mut keys = Keys::new(&document.table, path);
    let name = folder(path).unwrap_or_default().to_owned();
    let slug_text = keys.line(&["slug"]).unwrap_or_else(|| name.clone());
    let slug = Slug::from_name(&slug_text);
    if slug.is_none() {
        keys.error(
            keys.at("slug"),
            format!("{slug_text:?} gives no name for an address"),
            "add `slug: some-name`",
        );
    }
    let configured =
        slug.as_ref().and_then(|slug| settings.categories.get(slug.as_str())).cloned().unwrap_or_default();
    let own = CategorySettings {
        title: keys.line(&["title"]),
        description: keys.line(&["description", "summary"]).map(|text| summary::plain(&text)),
        overview: keys.line(&["overview"]),
        order: keys.number("order"),
    };
    let Some(slug) = slug.filter(|_| keys.problems.is_empty()) else {
        return Err(keys.problems);
    };
    let overview =
        own.overview.or_else(|| (!document.body.trim().is_empty()).then(|| document.body.to_owned()));
    let settled = CategorySettings {
        title: configured.title.or(own.title),
        description: configured.description.or(own.description),
        overview: configured.overview.or(overview),
        order: configured.order.or(own.order),
    };
    Ok(described(slug, &name, &settled, settings, Some(path)))
}

/// A category from what is said of it; `name` is its title where nothing else is.
#[must_use]
pub fn described(
    slug: Slug,
    name: &str,
    said: &CategorySettings,
    settings: &Settings,
    path: Option<&str>,
) -> Category {
    let page = settings.sources.category_page.replace("{category}", slug.as_str());
    Category {
        title: said.title.clone().unwrap_or_else(|| naming::title_of(name)),
        description: said.description.clone().unwrap_or_default(),
        overview: said.overview.as_deref().map(summary::paragraphs).unwrap_or_default(),
        order: said.order.unwrap_or(i64::MAX),
        page: settings.site.absolute(&page).unwrap_or_else(|| settings.site.url.clone()),
        path: path.map(str::to_owned),
        slug,
    }
}

fn open<'a>(text: &'a str, path: &str) -> Result<Document<'a>, Vec<Problem>> {
    front_matter::read(text).map_err(|fault| vec![Problem::error(path, fault.at, fault.message, fault.hint)])
}

/// The file's name without its ending; for `some-name/index.md` the folder's.
fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if is_bundle(path) { folder(path).unwrap_or(stem) } else { stem }
}

/// Whether the file is an article with a folder of its own, in which its pictures lie beside it.
fn is_bundle(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.rsplit_once('.').is_some_and(|(stem, _)| stem == "index"))
}

/// `2026-05-31-salt` taken apart; other names have no date.
fn dated_name(stem: &str) -> (Option<&str>, &str) {
    match (stem.get(..10), stem.get(10..11), stem.get(11..)) {
        (Some(date), Some("-" | "_"), Some(name))
            if !name.is_empty() && chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok() =>
        {
            (Some(date), name)
        }
        _ => (None, stem),
    }
}

fn permalink(
    pattern: &str,
    path: &str,
    slug: &Slug,
    category: Option<&Slug>,
    date: Option<chrono::DateTime<chrono::FixedOffset>>,
) -> String {
    let part =
        |format: &str| date.map_or_else(|| "undated".to_owned(), |date| date.format(format).to_string());
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut address = pattern
        .replace("{category}", category.map_or("", Slug::as_str))
        .replace("{path}", folder)
        .replace("{slug}", slug.as_str());
    if address.contains('{') {
        let year = date.map_or_else(|| "undated".to_owned(), |date| format!("{:04}", date.year()));
        address =
            address.replace("{year}", &year).replace("{month}", &part("%m")).replace("{day}", &part("%d"));
    }
    address.replace("//", "/")
}

/// The address of the picture and its file: under the static folder for an address of the site, else beside
/// the article.
fn picture(
    source: &str,
    alt: Option<String>,
    at: Position,
    path: &str,
    page: &Url,
    settings: &Settings,
    keys: &mut Keys<'_>,
) -> Option<Picture> {
    let sources = &settings.sources;
    let of_site = source.starts_with('/') && !source.starts_with("//");
    let url = if of_site || Url::parse(source).is_ok() {
        settings.site.absolute(source)
    } else {
        page.join(source).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    };
    let Some(url) = url else {
        keys.error(at, format!("`image` is no address: {source:?}"), "write image: /images/salt.png");
        return None;
    };
    let bare = source.split(['?', '#']).next().unwrap_or_default();
    let climbs = bare.split('/').any(|part| part == "..");
    let file = if of_site {
        Some(sources.static_files.join(bare.trim_start_matches('/')))
    } else if Url::parse(source).is_err() {
        Some(sources.content.join(path).parent().unwrap_or(Path::new("")).join(bare))
    } else {
        None
    };
    Some(Picture { url, alt, file: file.filter(|file| !climbs && file.is_file()) })
}
