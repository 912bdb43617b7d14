//! Problems as people read them: the message, the place, the line of the source, and what to do.

use std::collections::BTreeMap;
use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use crate::catalog::problem::{Position, Problem, Severity};
use crate::cli::output::Output;
use crate::config::fault::Fault;

/// Shows what is wrong with articles. `content` is their folder; paths are shown as one can open them.
pub fn show(content: &Path, problems: &[Problem], output: &Output) {
    let mut sources: BTreeMap<&str, String> = BTreeMap::new();
    for problem in problems {
        let place = content.join(&problem.path);
        let source = sources.entry(&problem.path).or_insert_with(|| source_within(content, &place));
        let shown = relative(&place);
        let level = if problem.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
        output.notice(render(&level, &problem.message, &problem.hint, &shown, source, Some(problem.at)));
    }
}

/// Shows what is wrong with the configuration.
pub fn show_faults(file: &Path, faults: &[Fault], output: &Output) {
    let source = source(file);
    for fault in faults {
        output.talk(&render(&Level::ERROR, &fault.message, &fault.hint, &relative(file), &source, fault.at));
    }
}

fn render(
    level: &Level<'_>,
    message: &str,
    hint: &str,
    path: &str,
    source: &str,
    at: Option<Position>,
) -> String {
    let title = level.clone().primary_title(message);
    let group = match (at, at.and_then(|at| line_of(source, at))) {
        (Some(_), Some((line_start, line, span))) => title.element(
            Snippet::source(line)
                .line_start(line_start)
                .path(path)
                .annotation(AnnotationKind::Primary.span(span)),
        ),
        (Some(at), None) => title.element(Origin::path(path).line(at.line).char_column(at.column)),
        (None, _) => title.element(Origin::path(path)),
    };
    let report = [group.element(Level::HELP.message(hint))];
    format!("{}\n\n", Renderer::styled().decor_style(DecorStyle::Ascii).render(&report))
}

/// The line of a position, its number, and the bytes of the word that stands there.
fn line_of(source: &str, at: Position) -> Option<(usize, String, std::ops::Range<usize>)> {
    let line = source.lines().nth(at.line - 1)?;
    let start = line.char_indices().nth(at.column - 1).map_or(line.len(), |(offset, _)| offset);
    let word = word_length(&line[start..]).max(1);
    let end = (start + word).min(line.len()).max(start);
    Some((at.line, line.to_owned(), start..end))
}

/// The bytes of the word that text begins with; in quotes, up to the closing one.
fn word_length(text: &str) -> usize {
    let quoted = text
        .chars()
        .next()
        .filter(|first| ['"', '\''].contains(first))
        .and_then(|quote| text[1..].find(quote).map(|length| length + 2));
    quoted.or_else(|| text.find(char::is_whitespace)).unwrap_or(text.len())
}

/// [`source`] of a file that may be opened: a pipe would never end, and what lies behind a link out of `content` is
/// not for everybody's eyes.
fn source_within(content: &Path, file: &Path) -> String {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_default();
    let place = real(file);
    if place.is_file() && place.starts_with(real(content)) { source(&place) } else { String::new() }
}

/// The text of a file as positions count it; nothing where there is none.
fn source(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)
}

/// The path from where one stands, where that is shorter.
fn relative(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
