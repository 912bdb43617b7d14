//! Problems as people read them: the message, the place, the line of the source, and what to do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use crate::catalog::problem::{Position, Problem, Severity};
use crate::cli::masking::masked;
use crate::cli::output::{Output, counted};
use crate::config::fault::Fault;
use crate::feed::judge::finding::Finding;
use crate::jobs::lint::Remark;
use crate::jobs::publish::Report;

/// Shows what is wrong with articles. `content` is their folder; paths are shown as one can open them.
pub fn show(content: &Path, problems: &[Problem], output: &Output) {
    let mut sources: BTreeMap<&str, String> = BTreeMap::new();
    for problem in problems {
        let place = content.join(&problem.path);
        let source = sources.entry(&problem.path).or_insert_with(|| source_within(content, &place));
        let shown = relative(&place);
        let level = level_of(problem.severity == Severity::Error);
        output.notice(render(&level, &problem.message, &problem.hint, &shown, source, Some(problem.at)));
    }
}

/// Shows what is wrong with a feed whose text is at hand.
pub fn show_findings(path: &str, text: &str, findings: &[Finding], output: &Output) {
    for finding in findings {
        let rule = finding.rule;
        let level = level_of(rule.severity == Severity::Error);
        let hint = format!("{} ({}: {})", rule.hint, rule.id, rule.source);
        // What is wrong with the whole document is not to be seen in its first line.
        let is_whole = finding.place.is_empty() && finding.at == Position::START;
        let text = if is_whole { "" } else { text };
        output.talk(&render(&level, &finding.message, &hint, path, text, Some(finding.at)));
    }
}

/// Shows what is wrong with the mails of a digest: the article or template, where one is to blame.
pub fn show_remarks(digest: &str, remarks: &[Remark], output: &Output) {
    let whole = format!("the mail of the digest {digest:?}");
    for remark in remarks {
        let hint = format!("{} ({}: {})", remark.hint, remark.rule, remark.source);
        let path = remark.path.as_deref().unwrap_or(&whole);
        let level = level_of(remark.is_error());
        output.notice(render(&level, &remark.message, &hint, path, &remark.text, remark.at));
    }
}

/// Shows what is wrong with feeds that were published or held back: each feed once, with its first fault.
pub fn show_doubts(report: &Report, output: &Output) {
    let mut told = BTreeSet::new();
    for doubt in report.held_back.iter().filter(|doubt| told.insert(doubt.path.as_str())) {
        let faults = report.held_back.iter().filter(|other| other.path == doubt.path).count();
        let message = format!(
            "{} was left as it is: the new one has {} that it has not, such as {}: {}",
            doubt.path,
            counted(faults as u64, "error", "errors"),
            doubt.rule,
            doubt.message
        );
        output.error(&message, Some(&format!("{}; --replace publishes it all the same", doubt.hint)));
    }
    for doubt in &report.remarks {
        let message =
            format!("{}:{}:{}: {}: {}", doubt.path, doubt.line, doubt.column, doubt.rule, doubt.message);
        if doubt.is_error() {
            output.error(&message, Some(doubt.hint));
        } else {
            output.warning(&message, doubt.hint);
        }
    }
}

/// Shows what is wrong with the configuration, without the passwords that it holds.
pub fn show_faults(file: &Path, faults: &[Fault], output: &Output) {
    let source = masked(&source(file));
    for fault in faults {
        output.tell(render(&Level::ERROR, &fault.message, &fault.hint, &relative(file), &source, fault.at));
    }
}

fn level_of(is_error: bool) -> Level<'static> {
    if is_error { Level::ERROR } else { Level::WARNING }
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
    let rest = &line[start..];
    // At least one character, which may be a blank of several bytes.
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let end = start + word_length(rest).max(first);
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
    let (Ok(content), Ok(place)) = (std::fs::canonicalize(content), std::fs::canonicalize(file)) else {
        return String::new();
    };
    if place.is_file() && place.starts_with(content) { source(&place) } else { String::new() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_of_several_bytes_is_marked_whole() {
        for blank in ["\u{85}", "\u{a0}", "\u{3000}"] {
            let source = format!("a{blank}b");
            let (_, line, span) = line_of(&source, Position { line: 1, column: 2 }).unwrap();
            assert_eq!(&line[span], blank);
        }
        assert_eq!(line_of("", Position::START), None);
        assert_eq!(line_of("ab", Position { line: 1, column: 9 }).unwrap().2, 2..2);
    }
}
