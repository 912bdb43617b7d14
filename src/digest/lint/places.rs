//! Where a fault comes from: the line of the article or template that holds what is at fault. Sources are given as text.

use crate::catalog::problem::Position;
use crate::digest::lint::finding::{Clue, Finding, Part};

/// A file that a mail was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As people can open it.
    pub path: String,
    /// What it says.
    pub text: String,
    /// Whether it is an article, or else a template.
    pub is_article: bool,
}

/// A line of a source, or the source as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file.
    pub source: &'a Source,
    /// Where in it, where that is known.
    pub at: Option<Position>,
    /// Whether it holds what is at fault itself, and not only what stands beside it.
    pub is_sure: bool,
}

/// Where a finding comes from: articles first, then templates in their order; of a part that lacks something, the template
/// that makes it.
#[must_use]
pub fn place_of<'a>(finding: &Finding, sources: &'a [Source]) -> Option<Place<'a>> {
    let found = finding.clues.iter().enumerate().find_map(|(index, clue)| {
        let mut places = sources.iter().filter(|source| may_hold(finding.part, clue, source));
        places.find_map(|source| {
            let at = find(&source.text, clue.text())?;
            Some(Place { source, at: Some(Position::of_byte(&source.text, at)), is_sure: index == 0 })
        })
    });
    found.or_else(|| {
        let ending = match finding.part {
            Part::Message => return None,
            Part::Subject => "subject.txt",
            Part::Text => "body.txt",
            Part::Html => "body.html",
        };
        let source = sources.iter().find(|source| !source.is_article && source.path.contains(ending));
        source.map(|source| Place { source, at: None, is_sure: false })
    })
}

fn may_hold(part: Part, clue: &Clue, source: &Source) -> bool {
    if source.is_article {
        return matches!(clue, Clue::Said(_));
    }
    match part {
        Part::Message => false,
        Part::Subject => source.path.contains("subject"),
        // What the text part lacks is in the template of the HTML.
        Part::Text => source.path.contains(".txt") || source.path.contains(".html"),
        Part::Html => !source.path.contains(".txt"),
    }
}

/// The first byte of a clue in a text: whatever its case and white space, but no part of a longer word.
fn find(text: &str, clue: &str) -> Option<usize> {
    let wanted: Vec<char> =
        clue.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let (first, last) = (*wanted.first()?, *wanted.last()?);
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let starts = text.char_indices().filter(|(_, c)| c.to_lowercase().next() == Some(first));
    starts.map(|(at, _)| at).find(|at| {
        let mut rest = text[*at..].chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
        let before = text[..*at].chars().next_back().filter(|c| joins(*c) && joins(first));
        before.is_none()
            && wanted.iter().all(|wanted| rest.next() == Some(*wanted))
            && !(joins(last) && continues(&text[*at..], wanted.len()))
    })
}

/// Whether a word goes on behind so many letters that are no blanks.
fn continues(text: &str, letters: usize) -> bool {
    let mut seen = 0;
    let next = text.chars().find(|c| {
        let is_behind = seen >= letters;
        seen += c.to_lowercase().filter(|c| !c.is_whitespace()).count();
        is_behind
    });
    next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::lint::finding::{said, written};
    use crate::digest::lint::links;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned(), is_article: path.starts_with("content") }
    }

    #[test]
    fn a_fault_is_looked_for_in_articles_then_in_templates() {
        let sources = [
            source("content/a.md", "---\nimage: http://x.example/a.png\n---\nred"),
            source("templates/email/body.html.j2", "<p>\n <a  style=\"color:#FFF\" href='/x'> One\n two</a>"),
        ];
        let place = |part, clues: &[Clue]| {
            let finding =
                Finding { part, rule: &links::EMPTY, message: String::new(), clues: clues.to_vec() };
            place_of(&finding, &sources)
                .map(|place| (place.source.path.as_str(), place.at.map(|at| (at.line, at.column))))
        };
        let template = "templates/email/body.html.j2";
        assert_eq!(
            place(Part::Html, &[said("http://x.example/a.png")]),
            Some(("content/a.md", Some((2, 8))))
        );
        assert_eq!(place(Part::Html, &[written("color: #fff")]), Some((template, Some((2, 13)))));
        assert_eq!(place(Part::Html, &[written("red"), said("one two")]), Some((template, Some((2, 36)))));
        assert_eq!(place(Part::Html, &[said("on")]), Some((template, None)));
        assert_eq!(place(Part::Message, &[said("nowhere")]), None);
    }
}
