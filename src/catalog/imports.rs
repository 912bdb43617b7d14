//! Reading the sources beside the content folder, one after the other, into the catalog.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::contents::LeftOut;
use crate::catalog::dialect::habits::Habits;
use crate::catalog::files;
use crate::catalog::front_matter::value::{Node, Value};
use crate::catalog::gathering::Gathering;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::reader::{self, Unread};
use crate::catalog::settings::Settings;
use crate::catalog::source::feed::FeedFile;
use crate::catalog::source::import::{Item, Source as _, Take, Unreadable};
use crate::catalog::source::jsonl::JsonLines;
use crate::catalog::source::pages::Pages;
use crate::catalog::source::record::Record;
use crate::catalog::source::settings::{Given, Kind, Settings as SourceSettings};
use crate::catalog::source::wordpress::Export;

/// What becomes of a source's articles while it can't be read.
const UNREAD: &str = "what was published stays, and no feed is written until it can be read again";

/// Records that are understood at a time, on all cores; the bodies of these alone are in memory.
const BATCH: usize = 256;

/// Reads all sources of the configuration in their order.
pub fn read_all(gathering: &mut Gathering<'_>) {
    let settings = gathering.settings;
    if settings.imports.is_empty() {
        return;
    }
    // What holds for the folder's generator holds for nobody else.
    let own = Settings { habits: Habits::default(), ..settings.clone() };
    for source in &settings.imports {
        let before = gathering.outlines.len();
        let mut reading = Reading {
            settings: &own,
            category: source.category.as_deref().unwrap_or(&source.name),
            seen: HashMap::new(),
            batch: Vec::new(),
            gathering: &mut *gathering,
        };
        let read = match place(source) {
            Ok(place) => read(source, place, &own, &mut |item| reading.take(item)),
            Err((why, _)) => Err(Unreadable(why)),
        };
        reading.flush();
        if let Err(why) = read {
            gathering.forget_after(before);
            let shown =
                place(source).map_or_else(|_| source.name.clone(), |place| place.display().to_string());
            let message = format!("the source {:?} can't be read: {why}", source.name);
            let known = place(source).err().and_then(|(_, hint)| hint);
            let hint = known.map_or_else(|| UNREAD.to_owned(), |hint| format!("{hint}; {UNREAD}"));
            let catalog = &mut gathering.catalog;
            catalog.problems.push(Problem::error(&shown, Position::START, message, &hint));
            catalog.unread.push(source.name.clone());
        }
    }
}

/// The file or folder of a source; or why there is none, and what to do about it.
fn place(source: &SourceSettings) -> Result<&Path, (String, Option<String>)> {
    match &source.given {
        Some(Given::File(place)) => Ok(place),
        Some(Given::Nothing(why, hint)) => Err((why.clone(), hint.clone())),
        None => {
            let place = source.file.as_deref().or(source.folder.as_deref());
            place.ok_or_else(|| ("nothing was fetched".to_owned(), None))
        }
    }
}

fn read(
    source: &SourceSettings,
    place: &Path,
    settings: &Settings,
    take: &mut Take<'_>,
) -> Result<(), Unreadable> {
    let name: Arc<str> = Arc::from(source.name.as_str());
    let site = &settings.site.url;
    match source.kind {
        Kind::Jsonl | Kind::Sql => JsonLines { name, file: place, site }.read(take),
        Kind::Feed => FeedFile { name, file: place, site, address: source.url.as_ref() }.read(take),
        Kind::Wordpress => Export { name, file: place, site }.read(take),
        Kind::Pages => Pages { name, folder: place, site }.read(take),
    }
}

/// What was read of one source.
struct Reading<'a, 'g> {
    settings: &'a Settings,
    category: &'a str,
    /// Paths, and where each begins.
    seen: HashMap<String, Position>,
    batch: Vec<(Box<Record>, String)>,
    gathering: &'a mut Gathering<'g>,
}

impl Reading<'_, '_> {
    fn take(&mut self, item: Item) {
        match item {
            Item::Problem(problem) => self.gathering.catalog.problems.push(problem),
            Item::LeftOut(path, reason) => {
                self.gathering.catalog.paths.push(path.clone());
                self.gathering.catalog.left_out.push(LeftOut { path, reason: reason.to_owned() });
            }
            Item::Article(mut record, body) => {
                let at = record.origin.at;
                if let Some(first) = self.seen.insert(record.path.clone(), at) {
                    let message = format!("another article is called so too, at line {}", first.line);
                    let hint = "give each an `id` of its own";
                    let problem = Problem::error(&record.path, at, message, hint);
                    self.gathering.catalog.problems.push(record.origin.placed(&record.path, problem));
                    return;
                }
                self.gathering.catalog.paths.push(record.path.clone());
                self.default_category(&mut record);
                self.batch.push((record, body));
                if self.batch.len() >= BATCH {
                    self.flush();
                }
            }
        }
    }

    /// An article that names no category is in the source's.
    fn default_category(&self, record: &mut Record) {
        let is_given = |key| {
            record.table.get(key).is_some_and(|node: &Node| match &node.value {
                Value::Null => false,
                Value::Text(text) => !text.trim().is_empty(),
                Value::List(items) => !items.is_empty(),
                _ => true,
            })
        };
        if !is_given("categories") && !is_given("category") {
            record.table.entries.retain(|(key, _, _)| key != "categories" && key != "category");
            let at = record.origin.at;
            let value = Value::Text(self.category.to_owned());
            record.table.entries.push(("category".to_owned(), at, Node { value, at }));
        }
    }

    fn flush(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        let (settings, naming) = (self.settings, self.gathering.naming);
        let understand = |(record, body): &(Box<Record>, String)| {
            let placed = |problem| record.origin.placed(&record.path, problem);
            match reader::record(record, body, settings, naming) {
                Ok(mut draft) => {
                    draft.warnings = draft.warnings.into_iter().map(placed).collect();
                    Ok(files::parted(draft))
                }
                Err(Unread::Faulty(problems)) => {
                    Err(Unread::Faulty(problems.into_iter().map(placed).collect()))
                }
                left_out => left_out.map(files::parted),
            }
        };
        let understood: Vec<_> = batch.par_iter().map(understand).collect();
        for (result, (record, _)) in understood.into_iter().zip(batch) {
            match result {
                Ok((mut sketch, whole)) => {
                    sketch.outline.mark = self.gathering.shelf.put(&whole);
                    self.gathering.take(sketch);
                }
                Err(unread) => files::note(&mut self.gathering.catalog, &record.path, unread),
            }
        }
    }
}
