//! An export of `WordPress` (WXR): its published posts. Read as a stream, twice: first the pictures and the names of
//! authors that posts refer to, then the posts.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use crate::catalog::body_text::BodyText;
use crate::catalog::html;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::source::import::{Item, Source, Take, Unreadable};
use crate::catalog::source::record::{self, Keys, Origin, Record};
use crate::catalog::source::wordpress_text::{self, Rendered};

/// Bytes of one field of one post: a post is no book.
const LARGEST: usize = 8_000_000;

/// Elements inside each other; an export has five.
const DEEPEST: usize = 32;

/// An export.
#[derive(Debug)]
pub struct Export<'a> {
    /// The source's name.
    pub name: Arc<str>,
    /// The file.
    pub file: &'a Path,
    /// The site's address.
    pub site: &'a Url,
}

impl Source for Export<'_> {
    fn read(&self, take: &mut Take<'_>) -> Result<(), Unreadable> {
        let (mut pictures, mut authors) = (HashMap::new(), HashMap::new());
        let mut is_export = false;
        self.scan(&mut |part| {
            if part.get("wp:post_type") == "attachment" {
                let url = part.get("wp:attachment_url").to_owned();
                pictures.insert(part.get("wp:post_id").to_owned(), url);
            } else if part.name == "wp:author" {
                let name = part.get("wp:author_display_name").to_owned();
                authors.insert(part.get("wp:author_login").to_owned(), name);
            }
            is_export = true;
        })?;
        if !is_export {
            return Err(Unreadable(
                "it is no export of WordPress: it has neither authors nor items".to_owned(),
            ));
        }
        self.scan(&mut |part| {
            if part.name == "item" {
                self.post(&part, &pictures, &authors, take);
            }
        })
    }
}

/// An item or author.
#[derive(Debug, Default)]
struct Part {
    name: String,
    line: usize,
    /// Fields with a text of their own.
    fields: HashMap<String, String>,
    /// Domain and name of each category.
    terms: Vec<(String, String)>,
    /// The number of the picture that stands for it.
    thumbnail: Option<String>,
}

impl Part {
    fn get(&self, field: &str) -> &str {
        self.fields.get(field).map(|text| text.trim()).unwrap_or_default()
    }

    fn of_domain(&self, domain: &str) -> impl Iterator<Item = String> {
        self.terms.iter().filter(move |(own, _)| own == domain).map(|(_, name)| name.clone())
    }
}

impl Export<'_> {
    /// Calls `take` with each author and item of the export, in its order.
    fn scan(&self, take: &mut dyn FnMut(Part)) -> Result<(), Unreadable> {
        let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, File::open(self.file)?));
        let (mut buffer, mut open) = (Vec::new(), Vec::<String>::new());
        let (mut line, mut text, mut domain) = (1, String::new(), String::new());
        let mut part = Part::default();
        let mut key = String::new();
        loop {
            buffer.clear();
            let fail = |why: String| Unreadable(format!("line {line}: {why}"));
            let event = reader.read_event_into(&mut buffer).map_err(|error| fail(error.to_string()))?;
            let lines = event.split(|byte| *byte == b'\n').count() - 1;
            match &event {
                Event::Start(tag) => {
                    let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
                    if is_part(&name) {
                        part = Part { name: name.clone(), line, ..Part::default() };
                    }
                    let given = tag.try_get_attribute("domain").ok().flatten();
                    domain = given
                        .map(|domain| String::from_utf8_lossy(&domain.value).into_owned())
                        .unwrap_or_default();
                    open.push(name);
                    text.clear();
                    if open.len() > DEEPEST {
                        return Err(fail(format!("elements are nested more than {DEEPEST} deep")));
                    }
                }
                Event::Text(written) => text.push_str(&String::from_utf8_lossy(written)),
                Event::CData(written) => text.push_str(&String::from_utf8_lossy(written)),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(c)) => text.push(c),
                    _ => reference(&String::from_utf8_lossy(name), &mut text),
                },
                Event::End(_) => {
                    let name = open.pop().unwrap_or_default();
                    let written = std::mem::take(&mut text);
                    match (open.last().map(String::as_str), name.as_str()) {
                        (_, part_name) if is_part(part_name) => take(std::mem::take(&mut part)),
                        (Some("item"), "category") => part.terms.push((std::mem::take(&mut domain), written)),
                        (Some("wp:postmeta"), "wp:meta_key") => key = written,
                        // Plug-ins keep whole pages under other keys.
                        (Some("wp:postmeta"), "wp:meta_value") if key == "_thumbnail_id" => {
                            part.thumbnail = Some(written);
                        }
                        (Some(parent), _) if is_part(parent) => drop(part.fields.insert(name, written)),
                        _ => {}
                    }
                }
                Event::Eof => break,
                _ => {}
            }
            if text.len() > LARGEST {
                return Err(fail(format!("a field is larger than {LARGEST} bytes")));
            }
            line += lines;
        }
        match open.last() {
            Some(name) => Err(Unreadable(format!("it ends at line {line}, within <{name}>"))),
            None => Ok(()),
        }
    }

    fn post(
        &self,
        part: &Part,
        pictures: &HashMap<String, String>,
        authors: &HashMap<String, String>,
        take: &mut Take<'_>,
    ) {
        let number = part.get("wp:post_id");
        let key = if number.is_empty() { part.get("guid") } else { number };
        let path = record::path(&self.name, key);
        match (part.get("wp:post_type"), part.get("wp:status")) {
            // What belongs to posts and menus is nobody's loss.
            ("attachment" | "nav_menu_item" | "revision", _) => return,
            ("page", _) => return take(Item::LeftOut(path, "a page, no post")),
            ("post", "publish" | "future") if part.get("wp:post_password").is_empty() => {}
            ("post", "publish" | "future") => return take(Item::LeftOut(path, "protected by a password")),
            ("post", "private") => return take(Item::LeftOut(path, "private")),
            ("post", "trash") => return take(Item::LeftOut(path, "in the trash")),
            ("post", _) => return take(Item::LeftOut(path, "a draft")),
            _ => return take(Item::LeftOut(path, "of a type that a plug-in made, no post")),
        }
        let at = Position { line: part.line, column: 1 };
        let file = self.file.to_string_lossy().into_owned();
        let Rendered { html: body, dropped } = wordpress_text::render(part.get("content:encoded"));
        if !dropped.is_empty() {
            let names: Vec<String> =
                dropped.iter().map(|(name, times)| format!("{name} ({times})")).collect();
            let message = format!("{path}: shortcodes were dropped: {}", names.join(", "));
            let hint = "what they enclose stays; only the site's plug-ins know what else they stand for";
            take(Item::Problem(Problem::warning(&file, at, message, hint)));
        }
        let mut keys = Keys::new(at);
        let title = html::text(part.get("title"));
        let link = part.get("link");
        let slug = part.get("wp:post_name");
        // Slugs of other scripts are percent-encoded.
        let slug = if slug.is_empty() || slug.contains('%') {
            record::slug(Some(link), Some(&title), key)
        } else {
            slug.to_owned()
        };
        keys.text("slug", slug);
        keys.text("title", title);
        keys.text("url", link);
        let date = moment(part.get("wp:post_date_gmt"), "Z").or(moment(part.get("wp:post_date"), ""));
        let updated =
            moment(part.get("wp:post_modified_gmt"), "Z").filter(|updated| Some(updated) > date.as_ref());
        keys.text("date", date.unwrap_or_default());
        keys.text("updated", updated.unwrap_or_default());
        let login = part.get("dc:creator");
        keys.text("author", authors.get(login).filter(|name| !name.is_empty()).map_or(login, String::as_str));
        keys.list("categories", part.of_domain("category"));
        keys.list("tags", part.of_domain("post_tag"));
        keys.text("summary", html::text(part.get("excerpt:encoded")));
        let picture = part.thumbnail.as_ref().and_then(|id| pictures.get(id.trim()));
        keys.text("image", picture.map(String::as_str).unwrap_or_default());
        let guid = part.get("guid");
        let id = (!guid.is_empty()).then(|| guid.to_owned());
        let origin = Origin { source: Arc::clone(&self.name), file: file.into(), at };
        let text = BodyText::Html(body.clone());
        let record = Record { path, origin, id, table: keys.finish(), is_plain: true, body: text };
        take(Item::Article(Box::new(record), body));
    }
}

fn is_part(name: &str) -> bool {
    name == "item" || name == "wp:author"
}

/// The five names of XML; others stay as they are, for HTML to read.
fn reference(name: &str, text: &mut String) {
    match name {
        "amp" => text.push('&'),
        "lt" => text.push('<'),
        "gt" => text.push('>'),
        "quot" => text.push('"'),
        "apos" => text.push('\''),
        other => {
            text.push('&');
            text.push_str(other);
            text.push(';');
        }
    }
}

/// A date of the database; one that was never set is all zeros.
fn moment(text: &str, zone: &str) -> Option<String> {
    (!text.is_empty() && !text.starts_with("0000")).then(|| format!("{text}{zone}"))
}
