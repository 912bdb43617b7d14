//! Reading the files of the content folder, on all cores: category pages, and those articles that changed since they
//! were last read.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::catalog::body_text::BodyText;
use crate::catalog::cache::{self, Index, Keeping, Known, Row, Sketch, Writer};
use crate::catalog::category::Category;
use crate::catalog::category_page;
use crate::catalog::contents::{Catalog, LeftOut};
use crate::catalog::gathering::Gathering;
use crate::catalog::outline::{Outline, Shelfmark};
use crate::catalog::problem::{Position, Problem};
use crate::catalog::reader::{self, Draft, Unread};
use crate::catalog::settings::Settings;
use crate::catalog::shelf::{self, Shelf};
use crate::catalog::slug::Slug;
use crate::catalog::source::folder::{File, Kind, Listing};

/// Files that are read at a time; what they hold is in memory together.
const BATCH: usize = 1024;

/// Category pages by slug; of two with the same the one that comes first by path stays.
#[must_use]
pub fn pages(listing: &Listing, settings: &Settings, catalog: &mut Catalog) -> BTreeMap<Slug, Category> {
    let files: Vec<File<'_>> = listing.files().filter(|file| file.kind == Kind::CategoryPage).collect();
    let read: Vec<_> = files
        .par_iter()
        .map(|file| read(file, settings, |text| category_page::read(text, file.path, settings)))
        .collect();
    let mut kept: BTreeMap<Slug, Category> = BTreeMap::new();
    for (result, file) in read.into_iter().zip(files) {
        match result {
            Ok(page) => match kept.get(&page.slug) {
                Some(first) => catalog.problems.push(twice(&page, first)),
                None => drop(kept.insert(page.slug.clone(), page)),
            },
            Err(unread) => note(catalog, file.path, unread),
        }
    }
    kept
}

fn twice(page: &Category, first: &Category) -> Problem {
    let other = first.path.as_deref().unwrap_or_default();
    Problem::error(
        page.path.as_deref().unwrap_or_default(),
        Position::START,
        format!("{other} describes the category {:?} too", page.slug.as_str()),
        "give one of the two a `slug` of its own, or remove it",
    )
}

/// What a file gave.
enum Gave {
    /// What an earlier build knew of it already.
    Known(Row),
    /// What was read now: an article with what is kept of it.
    Article { sketch: Box<Sketch>, row: Vec<u8>, whole: Vec<u8> },
    /// No article.
    Nothing(Unread),
}

/// Reads the articles, and keeps them for the next build.
pub fn articles(listing: &Listing, keeping: Option<&Keeping>, gathering: &mut Gathering<'_>) {
    let files: Vec<File<'_>> = listing.files().filter(|file| file.kind == Kind::Article).collect();
    let key = keeping.map(|keeping| key(gathering, keeping)).unwrap_or_default();
    // Without its shelf an index is of no use.
    let kept = keeping.and_then(|keeping| Index::open(keeping, key));
    let (shelf, index) = kept.and_then(|index| Some((index.shelf().ok()?, index))).unzip();
    let known = match (&index, keeping) {
        (Some(index), Some(keeping)) => index.known(&files, keeping.since),
        _ => vec![None; files.len()],
    };
    let is_whole = index.as_ref().is_some_and(|index| index.is_whole(&known));
    // A build that can't keep what it reads is as good as one that does.
    let mut writer = keeping.filter(|_| !is_whole).and_then(|keeping| Writer::new(keeping, key).ok());
    gathering.shelf = match (shelf, &mut writer) {
        (Some(shelf), _) => shelf,
        (None, Some(open)) => open.begin_shelf().unwrap_or_else(|_| {
            writer = None;
            Shelf::default()
        }),
        (None, None) => Shelf::default(),
    };
    for (files, known) in files.chunks(BATCH).zip(known.chunks(BATCH)) {
        let (settings, naming) = (gathering.settings, gathering.naming);
        let give = |(file, known): (&File<'_>, &Option<Known<'_>>)| match known.as_ref().and_then(Known::row)
        {
            Some(row) => Gave::Known(row),
            None => match read(file, settings, |text| reader::article(text, file.path, settings, naming)) {
                Ok(draft) => {
                    let (sketch, whole) = parted(draft);
                    Gave::Article { row: cache::row(Ok(&sketch)), sketch: Box::new(sketch), whole }
                }
                Err(unread) => Gave::Nothing(unread),
            },
        };
        let given: Vec<Gave> = files.par_iter().zip(known).map(give).collect();
        gathering.catalog.opened += given.iter().filter(|gave| !matches!(gave, Gave::Known(_))).count();
        for ((gave, file), known) in given.into_iter().zip(files).zip(known) {
            match (gave, known) {
                (Gave::Known(row), known) => {
                    write(&mut writer, |writer| known.map_or(Ok(()), |known| writer.keep(&known)));
                    match row {
                        Row::LeftOut(reason) => {
                            gathering.catalog.left_out.push(LeftOut { path: file.path.to_owned(), reason });
                        }
                        Row::Sketch(sketch) => gathering.take(*sketch),
                    }
                }
                (Gave::Article { mut sketch, row, whole }, _) => {
                    sketch.outline.mark = gathering.shelf.keep(&whole);
                    write(&mut writer, |writer| writer.add(file, sketch.outline.mark, &row));
                    gathering.take(*sketch);
                }
                (Gave::Nothing(unread), _) => {
                    if let Unread::LeftOut(reason) = &unread {
                        let row = cache::row(Err(reason));
                        write(&mut writer, |writer| writer.add(file, Shelfmark::default(), &row));
                    }
                    note(&mut gathering.catalog, file.path, unread);
                }
            }
        }
    }
    if let Some(writer) = writer {
        // The next build reads everything again, and says nothing of it either.
        let _ = writer.finish(&mut gathering.shelf);
    }
}

/// Writes, as long as that works: an index that lacks a line must not take the place of a whole one.
fn write(writer: &mut Option<Writer<'_>>, add: impl FnOnce(&mut Writer<'_>) -> std::io::Result<()>) {
    if let Some(open) = writer
        && add(open).is_err()
    {
        *writer = None;
    }
}

/// A hash of everything but its file that an article is understood by.
fn key(gathering: &Gathering<'_>, keeping: &Keeping) -> u128 {
    let told = format!("{} {:?} {:?}", keeping.program, gathering.settings, gathering.categories);
    xxhash_rust::xxh3::xxh3_128(told.as_bytes())
}

/// An article for the shelf, and what stays in memory of it.
#[must_use]
pub fn parted(draft: Draft) -> (Sketch, Vec<u8>) {
    let Draft { article, category_names, warnings, body_line } = draft;
    let is_open = matches!(article.body, BodyText::Here(_)) && article.origin.is_none();
    let whole = shelf::packed(&article);
    let outline = Outline::of(&article);
    (Sketch { outline, category_names, warnings, body_line: if is_open { body_line } else { 0 } }, whole)
}

fn read<T>(
    file: &File<'_>,
    settings: &Settings,
    parse: impl Fn(&str) -> Result<T, Unread>,
) -> Result<T, Unread> {
    let path = file.path;
    let bytes = std::fs::read(settings.sources.content.join(path)).map_err(|error| {
        let message = format!("the file can't be read: {error}");
        let hint = "look at its permissions";
        Unread::Faulty(vec![Problem::error(path, Position::START, message, hint)])
    })?;
    let text = reader::decode(&bytes, path).map_err(|problem| Unread::Faulty(vec![problem]))?;
    parse(&text)
}

/// Notes why something gave no article.
pub fn note(catalog: &mut Catalog, path: &str, unread: Unread) {
    match unread {
        Unread::Faulty(faults) => catalog.problems.extend(faults),
        Unread::LeftOut(reason) => {
            catalog.left_out.push(LeftOut { path: path.to_owned(), reason: reason.to_owned() });
        }
    }
}
