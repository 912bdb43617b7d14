//! One source file, or one record of another source, to one article: text in, typed value and problems out.

use std::borrow::Cow;

use memchr::memchr;
use url::Url;

use crate::catalog::article::{Article, ContentHash, Picture};
use crate::catalog::attachments;
use crate::catalog::body_text::BodyText;
use crate::catalog::dialect::generator::{Dialect, Names};
use crate::catalog::dialect::{adapt, bodies, expression, folders, jekyll};
use crate::catalog::front_matter::value::Table;
use crate::catalog::front_matter::{self, Document};
use crate::catalog::keys::Keys;
use crate::catalog::locate::Place;
use crate::catalog::naming::Naming;
use crate::catalog::permalink::{self, Parts};
use crate::catalog::problem::{Position, Problem};
use crate::catalog::settings::Settings;
use crate::catalog::slug::Slug;
use crate::catalog::source::record::Record;
use crate::catalog::{date, file_name, identity, summary};

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
    /// The line of the file on which its body starts, from 1.
    pub body_line: usize,
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
    Ok(if memchr(b'\r', bytes).is_some() {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    })
}

/// Why a file gives no article.
#[derive(Debug)]
pub enum Unread {
    /// Its generator does not publish it, or not as an article.
    LeftOut(&'static str),
    /// Everything that is wrong with it.
    Faulty(Vec<Problem>),
}

/// Reads an article. `naming` tells the category in its address.
///
/// # Errors
/// Everything that is wrong with it, at least one error among it, or why it is none.
pub fn article(text: &str, path: &str, settings: &Settings, naming: &Naming) -> Result<Draft, Unread> {
    let Document { table, body, body_line } = open(text, path).map_err(Unread::Faulty)?;
    let table = adapt::adapt(table, text, path, &settings.habits).map_err(Unread::LeftOut)?;
    let dialect = settings.habits.dialect;
    let stem = file_name::stem(path);
    let (file_date, bare) = dialect.dated(stem);
    // What may have to be rewritten is kept until that is known.
    let body_text = if bodies::may_change(body, &table, path, dialect) {
        BodyText::Here(body.to_owned())
    } else {
        BodyText::InFile(settings.sources.content.join(path))
    };
    let file_slug = if dialect.strips_dates() { bare } else { stem };
    let told = Told {
        table: &table,
        path,
        bare,
        file_slug,
        file_date: file_date.as_deref(),
        body,
        body_line,
        record: None,
    };
    read(&told, body_text, settings, naming)
}

/// Reads an article from a record, whose body is `body`. Records follow our own conventions, whatever `settings` say of
/// the folder's: pass settings with none.
///
/// # Errors
/// Everything that is wrong with it.
pub fn record(record: &Record, body: &str, settings: &Settings, naming: &Naming) -> Result<Draft, Unread> {
    let name = record.table.text("slug").unwrap_or_default();
    let told = Told {
        table: &record.table,
        path: &record.path,
        bare: name,
        file_slug: name,
        file_date: None,
        body,
        body_line: 1,
        record: Some(record),
    };
    read(&told, record.body.clone(), settings, naming)
}

/// What a source says of an article, before it is understood.
struct Told<'a> {
    table: &'a Table,
    path: &'a str,
    /// The name that stands for a title, and the one that stands for a slug.
    bare: &'a str,
    file_slug: &'a str,
    file_date: Option<&'a str>,
    body: &'a str,
    body_line: usize,
    /// Where it comes from, if that is no file of its own.
    record: Option<&'a Record>,
}

fn read(told: &Told<'_>, body: BodyText, settings: &Settings, naming: &Naming) -> Result<Draft, Unread> {
    let Told { table, path, bare, file_slug, file_date, record, .. } = *told;
    let shown = record.map_or(path, |record| &*record.origin.file);
    let dialect = settings.habits.dialect;
    let names = dialect.names();
    let mut keys = Keys::new(table, shown, dialect);
    let site = &settings.site;

    let title = title(bare, &mut keys);
    let date = keys.date(names.date, site.date_defaults());
    let date = date.or_else(|| date::parse(file_date?, site.date_defaults()));
    let not_before = keys.date(names.not_before, site.date_defaults());
    let updated = keys.date(names.updated, site.date_defaults());
    let expires = keys.date(names.expires, site.date_defaults());
    let authors = keys.bylines(names.authors, site);
    let given = keys.lines(names.categories);
    let are_given = !given.is_empty();
    if keys.is_foreign() && !are_given && folders::category_of(path, settings, naming).is_none() {
        return Err(Unread::LeftOut("a page of the site, in no section"));
    }
    let category_names = category_names(given, path, settings, naming, &mut keys);
    let tags = keys.lines(names.tags).into_iter().map(|(tag, _)| tag).collect();
    let aliases = keys.lines(names.aliases).into_iter().map(|(alias, _)| alias).collect();
    let given_summary = keys.line(names.summary);
    let slug_at = keys.place(names.slug).or_else(|| keys.place(names.url)).or_else(|| keys.place(&["title"]));
    let slug_at = slug_at.unwrap_or(Position::START);
    let slug = slug(file_slug, slug_at, dialect, &mut keys);
    let declared_id = match record {
        Some(record) => record.id.clone().map(|id| (id, record.origin.at)),
        None => declared_id(&mut keys),
    };
    let draft = keys.truth("draft") || table.text("published") == Some("false");
    let comments = keys.discussion(site);
    let (Some(title), Some(slug)) = (title, slug) else { return Err(Unread::Faulty(keys.problems)) };

    let name = dialect.name(file_slug).unwrap_or_else(|| slug.clone());
    let categories: Vec<Slug> = category_names.iter().filter_map(|(name, _)| naming.slug_of(name)).collect();
    let parts = Parts {
        dialect,
        path,
        slug: &slug,
        name: name.as_str(),
        title: &title,
        categories: &categories,
        category_names: &category_names,
        are_given,
        has_own_slug: names.slug.iter().any(|key| keys.text(key).is_some_and(|text| !text.trim().is_empty())),
        // Jekyll's addresses hold the day that it is where the site is.
        date: date.map(|date| match dialect {
            Dialect::Jekyll => date.with_timezone(&site.time_zone).fixed_offset(),
            _ => date,
        }),
    };
    let Some(url) = page(&parts, names, settings, slug_at, &mut keys) else {
        return Err(Unread::Faulty(keys.problems));
    };
    let place = Place { path, page: &url, settings };
    let image = picture(&place, &mut keys);
    let before = keys.problems.len();
    let attachments = attachments::attachments(&place, &mut keys);
    let episode = attachments::episode(&place, &mut keys);
    let source = attachments::source(site, &mut keys);
    if keys.is_foreign() {
        // What these keys mean elsewhere is for the theme to say.
        keys.problems.truncate(before);
    }
    let (extra, problems) = (keys.extra(), keys.problems);
    let is_plain = record.is_some_and(|record| record.is_plain);
    if !problems.is_empty() {
        return Err(Unread::Faulty(problems));
    }
    let warnings = if date.is_none() { vec![without_date(shown)] } else { Vec::new() };
    let article = Article {
        path: path.to_owned(),
        declared_id,
        derived_id: identity::derived(site, date, path, record.is_some()),
        slug,
        slug_at,
        url,
        aliases,
        body_hash: xxhash_rust::xxh3::xxh3_64(told.body.as_bytes()),
        content_hash: ContentHash::of(&title, told.body),
        title,
        date,
        not_before,
        updated,
        expires,
        draft,
        authors,
        categories: Vec::new(),
        tags,
        summary: given_summary.map(|text| if is_plain { text } else { summary::plain(&text) }),
        image,
        attachments,
        episode,
        source,
        comments,
        extra,
        body,
        origin: record.map(|record| record.origin.clone()),
    };
    Ok(Draft { article, category_names, warnings, body_line: told.body_line })
}

fn without_date(path: &str) -> Problem {
    let message = "the article has no date; it gets the day on which it is first published";
    Problem::warning(path, Position::START, message, "add `date: 2026-05-31`")
}

/// The article's page: where the front matter says, or else by the pattern.
fn page(
    parts: &Parts<'_>,
    names: &Names,
    settings: &Settings,
    at: Position,
    keys: &mut Keys<'_>,
) -> Option<Url> {
    let page = address(parts, names, settings, keys).or_else(|| {
        let pattern = settings.habits.pattern(settings.sources.permalink.as_deref(), parts.path);
        settings.site.absolute(&permalink::expand(&pattern, parts))
    });
    if page.is_none() {
        keys.error(at, "the permalink pattern gives no address here", "look at catalog.permalink");
    }
    page
}

/// The title. One that is no text is a problem already; Jekyll makes one of the file's name.
fn title(file_name: &str, keys: &mut Keys<'_>) -> Option<String> {
    let before = keys.problems.len();
    let title = keys.line(&["title"]);
    if title.is_none() && keys.dialect() == Dialect::Jekyll {
        return Some(jekyll::title_of(file_name));
    }
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

/// The categories that the front matter names, or else the one that the folder stands for.
fn category_names(
    mut names: Vec<CategoryName>,
    path: &str,
    settings: &Settings,
    naming: &Naming,
    keys: &mut Keys<'_>,
) -> Vec<CategoryName> {
    if names.is_empty() {
        let of_folder = folders::category_of(path, settings, naming);
        names.extend(of_folder.map(|folder| (folder, Position::START)));
    }
    if names.is_empty() {
        let hint = "add `category: news`, or move the file into a folder named after its category";
        keys.error(Position::START, "the article is in no category", hint);
    }
    names
}

/// The slug that the front matter gives, or else the file's name. Of a slug with slashes the last part counts.
fn slug(file_slug: &str, at: Position, dialect: Dialect, keys: &mut Keys<'_>) -> Option<Slug> {
    let given = keys.line(dialect.names().slug);
    let text = given.as_deref().unwrap_or(file_slug);
    let slug = if given.is_some() { dialect.given_slug(text) } else { dialect.name(text) };
    if slug.is_none() {
        keys.error(at, format!("{text:?} gives no name for an address"), "add `slug: some-name`");
    }
    slug
}

/// The address that the front matter gives, where it gives one: plain, or as a pattern of the generator's.
fn address(parts: &Parts<'_>, names: &Names, settings: &Settings, keys: &mut Keys<'_>) -> Option<Url> {
    let at = names.url.iter().find(|key| keys.has(key)).map_or(Position::START, |key| keys.at(key));
    let text = keys.line(names.url)?;
    let path = match parts.dialect {
        _ if text.contains("://") || text.starts_with("//") => text.clone(),
        Dialect::Tidings | Dialect::Astro => text.clone(),
        Dialect::Eleventy => expression::permalink(&text, parts)?,
        Dialect::Zola => format!("/{}/", text.trim_matches('/')),
        dialect @ (Dialect::Hugo | Dialect::Jekyll) => {
            permalink::expand(&permalink::translated(&text, dialect), parts)
        }
    };
    let address = settings.site.absolute(&path);
    if address.is_none() {
        let hint = "write url: /path/ or url: https://example.org/path/";
        keys.error(at, format!("`url` is no address: {text:?}"), hint);
    }
    address
}

/// The picture with its address and file.
fn picture(place: &Place<'_>, keys: &mut Keys<'_>) -> Option<Picture> {
    let (source, alt, at) = keys.picture(keys.dialect().names().image)?;
    let located = place.locate(&source);
    if located.is_none() && !keys.is_foreign() {
        keys.error(at, format!("`image` is no address: {source:?}"), "write image: /images/salt.png");
    }
    // Astro's builds give pictures beside articles names that nobody can foresee.
    let is_known = keys.dialect() != Dialect::Astro || source.starts_with('/') || source.contains("://");
    located.filter(|_| is_known).map(|(url, file)| Picture { url, alt, file })
}

/// The permanent id that the front matter gives, where it gives one.
fn declared_id(keys: &mut Keys<'_>) -> Option<(String, Position)> {
    let at = keys.at("id");
    if keys.is_foreign() && !keys.text("id").is_some_and(|id| id.contains(':')) {
        return None;
    }
    let id = keys.line(&["id"])?;
    if Url::parse(&id).is_err() || id.contains(identity::NOT_IN_AN_IRI) {
        let hint = "write id: tag:example.org,2026:salt or id: https://example.org/salt/ and never change it";
        keys.error(at, format!("`id` is no absolute IRI: {id:?}"), hint);
    }
    Some((id, at))
}

/// The front matter and body of a file.
///
/// # Errors
/// Front matter that can't be read.
pub fn open<'a>(text: &'a str, path: &str) -> Result<Document<'a>, Vec<Problem>> {
    front_matter::read(text).map_err(|fault| vec![Problem::error(path, fault.at, fault.message, fault.hint)])
}
