//! A body on its way to plain Markdown: what was kept, what was put in place of tags, and what is to be told of
//! it. Every place in the result is known in the source, so that problems are shown where they were written.

use std::ops::Range;

use crate::catalog::problem::{Position, Problem};

/// What there is to tell of a tag or a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nobody knows what it stands for, and nothing is in its place.
    Dropped(&'static str),
    /// Nobody knows what it does to what it encloses, which was kept.
    Opened(&'static str),
    /// A choice that can't be made here: its first branch was kept.
    Undecided(&'static str),
    /// It never ends, so it was left as it is.
    Endless(&'static str),
    /// A link to what is not there.
    Broken,
    /// A link to what is there and not published.
    Held,
}

/// One thing to tell, however often it happened.
#[derive(Debug)]
pub struct Note {
    kind: Kind,
    name: String,
    at: usize,
    times: usize,
}

/// Everything that there is to tell of one body.
#[derive(Debug, Default)]
pub struct Notes {
    notes: Vec<Note>,
}

/// Which byte of the source a byte of the result comes from.
#[derive(Debug, Default)]
pub struct Origins {
    /// Start in the result, start in the source, and whether it was copied letter for letter.
    spans: Vec<(usize, usize, bool)>,
}

/// The source and what became of it so far.
#[derive(Debug)]
pub struct Rewriting<'a> {
    /// The body as it was written.
    pub source: &'a str,
    /// What becomes of it.
    pub result: String,
    /// Where that comes from.
    pub origins: Origins,
    /// What there is to tell.
    pub notes: Notes,
}

impl<'a> Rewriting<'a> {
    /// Of a body of which nothing is written yet.
    #[must_use]
    pub fn new(source: &'a str) -> Self {
        let result = String::with_capacity(source.len());
        Self { source, result, origins: Origins::default(), notes: Notes::default() }
    }

    /// Keeps a part of the source.
    pub fn copy(&mut self, range: Range<usize>) {
        self.origins.spans.push((self.result.len(), range.start, true));
        self.result.push_str(&self.source[range]);
    }

    /// Writes `text` in place of what stands at `at`.
    pub fn put(&mut self, text: &str, at: usize) {
        self.origins.spans.push((self.result.len(), at, false));
        self.result.push_str(text);
    }

    /// Writes a block of HTML or code in place of what stands at `at`: on lines of its own where the line holds
    /// nothing else so far.
    pub fn put_block(&mut self, text: &str, at: usize) {
        let line = self.line();
        let apart = line.trim().is_empty();
        // An empty line behind it, for what follows is Markdown again.
        let text = match (apart, line.is_empty() && !self.result.is_empty()) {
            (true, true) => format!("\n{text}\n\n"),
            (true, false) => format!("{text}\n\n"),
            (false, _) => text.to_owned(),
        };
        self.put(&text, at);
    }

    /// What stands on the line that is being written.
    #[must_use]
    pub fn line(&self) -> &str {
        self.result.rsplit('\n').next().unwrap_or_default()
    }
}

impl Origins {
    /// Where in the source the byte at `offset` of the result comes from.
    #[must_use]
    pub fn of(&self, offset: usize) -> usize {
        let next = self.spans.partition_point(|(start, _, _)| *start <= offset);
        match next.checked_sub(1).map(|index| self.spans[index]) {
            Some((start, source, true)) => source + offset - start,
            Some((_, source, false)) => source,
            None => offset,
        }
    }
}

impl Notes {
    /// Tells of what stands at the byte `at`; of the same name once, with the first place.
    pub fn add(&mut self, kind: Kind, name: &str, at: usize) {
        match self.notes.iter_mut().find(|note| note.kind == kind && note.name == name) {
            Some(note) => {
                note.times += 1;
                note.at = note.at.min(at);
            }
            None => self.notes.push(Note { kind, name: name.to_owned(), at, times: 1 }),
        }
    }

    /// The warnings about the file at `path`, whose body `source` starts on `body_line`.
    #[must_use]
    pub fn warnings(&self, path: &str, source: &str, body_line: usize) -> Vec<Problem> {
        let warning = |note: &Note| {
            let at = Position::of_byte(source, note.at);
            let at = Position { line: at.line + body_line - 1, ..at };
            let times = if note.times > 1 { format!(" ({} times)", note.times) } else { String::new() };
            let (message, hint) = told(note);
            Problem::warning(path, at, format!("{message}{times}"), hint)
        };
        self.notes.iter().map(warning).collect()
    }
}

fn told(note: &Note) -> (String, &'static str) {
    let name = &note.name;
    match note.kind {
        Kind::Dropped(what) => (
            format!("the {what} `{name}` is not known and was dropped"),
            "write in Markdown what readers of feeds and mails should see in its place",
        ),
        Kind::Opened(what) => (
            format!("the {what} `{name}` is not known; what it encloses was kept"),
            "look whether that reads well without it",
        ),
        Kind::Undecided(what) => (
            format!("the {what} `{name}` can't be decided here; its first branch was kept"),
            "look whether that is what readers of feeds and mails should see",
        ),
        Kind::Endless(what) => {
            (format!("the {what} that starts here never ends"), "close it, or escape it if it is an example")
        }
        Kind::Broken => (
            format!("the link to `{name}` leads to no article"),
            "look at the path: it names a source file under the content folder",
        ),
        Kind::Held => (
            format!("the link to `{name}` leads to an article that is not published"),
            "take the link out, or publish the article",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_result_is_known_in_the_source() {
        let mut rewriting = Rewriting::new("one TAG two");
        rewriting.copy(0..4);
        rewriting.put("1234567", 4);
        rewriting.copy(7..11);
        assert_eq!(rewriting.result, "one 1234567 two");
        assert_eq!([0, 3, 4, 9, 11, 12].map(|offset| rewriting.origins.of(offset)), [0, 3, 4, 4, 7, 8]);
    }

    #[test]
    fn the_same_is_told_once_with_its_first_place_and_how_often() {
        let mut notes = Notes::default();
        notes.add(Kind::Dropped("shortcode"), "x", 9);
        notes.add(Kind::Dropped("shortcode"), "x", 5);
        let told = notes.warnings("a.md", "1\n2\n345 789", 4);
        assert_eq!(
            told[0].to_string(),
            "a.md:6:2: warning: the shortcode `x` is not known and was dropped (2 times)"
        );
    }
}
