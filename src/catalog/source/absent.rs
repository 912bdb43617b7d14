//! What can't be read has not vanished: the articles of a source that is down keep their records, and nothing else takes
//! them for its own.

use crate::catalog::contents::Catalog;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::publication::Publication;
use crate::catalog::settings::Settings;

/// Adds to the catalog's paths those of all records whose source can't be read now. A content folder that is not there
/// is such a source too, if articles of it were published.
pub fn keep(catalog: &mut Catalog, settings: &Settings, records: &[Publication]) {
    let source_of = |record: &Publication| {
        let first = record.path.split('/').next().unwrap_or_default();
        settings.imports.iter().find(|source| source.name == first).map(|source| source.name.as_str())
    };
    let content = &settings.sources.content;
    let of_folder = |record: &Publication| source_of(record).is_none();
    let has_no_folder = !settings.imports.is_empty() && !content.is_dir() && records.iter().any(of_folder);
    if has_no_folder {
        let shown = content.to_string_lossy();
        let hint = "what was published stays, and no feed is written until it is there again; remove its articles first \
                    if they are to go";
        let problem = Problem::error(&shown, Position::START, "the content folder is not there", hint);
        catalog.problems.push(problem);
        catalog.unread.push("content".to_owned());
    }
    let is_kept = |record: &&Publication| match source_of(record) {
        Some(name) => catalog.unread.iter().any(|unread| unread == name),
        None => has_no_folder,
    };
    let kept: Vec<String> = records.iter().filter(is_kept).map(|record| record.path.clone()).collect();
    catalog.paths.extend(kept);
}
