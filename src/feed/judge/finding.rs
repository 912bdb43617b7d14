//! What the judge holds feeds against, and what it finds. Rules live beside the code that checks them.

use chrono::{DateTime, Utc};

use crate::catalog::problem::{Position, Severity};

/// A hostile feed could hold a million faults; nobody reads more than this.
const MOST_FINDINGS: usize = 1_000;

/// One thing that a feed has to keep to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// A name that stays: `rss-guid-unique`.
    pub id: &'static str,
    /// Error: a MUST. Warning: a SHOULD, or known trouble with readers.
    pub severity: Severity,
    /// Where it is written: `RFC 4287, 4.2.6`.
    pub source: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

/// Writes a table of rules, and lists them as `ALL`.
macro_rules! rules {
    ($($name:ident = $severity:ident $id:literal, $source:literal, $hint:literal;)*) => {
        $(#[doc = concat!("`", $id, "`")] pub static $name: $crate::feed::judge::finding::Rule =
            $crate::feed::judge::finding::Rule {
                id: $id,
                severity: $crate::catalog::problem::Severity::$severity,
                source: $source,
                hint: $hint,
            };)*
        /// Every rule of this file.
        pub static ALL: &[&$crate::feed::judge::finding::Rule] = &[$(&$name),*];
    };
}
pub(crate) use rules;

/// One fault of a feed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where in the document.
    pub at: Position,
    /// What it breaks.
    pub rule: &'static Rule,
    /// The element or key: `rss/channel/item[2]/guid`. Empty where the document has no tree.
    pub place: String,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
}

impl Finding {
    /// A finding about a document as a whole.
    #[must_use]
    pub fn of_document(rule: &'static Rule, message: String) -> Self {
        Self { at: Position::START, rule, place: String::new(), message }
    }

    /// Whether it breaks a MUST.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.rule.severity == Severity::Error
    }
}

/// What was found so far, by byte offsets into the decoded document.
#[derive(Debug)]
pub struct Report {
    now: DateTime<Utc>,
    found: Vec<(usize, &'static Rule, String)>,
}

impl Report {
    /// Nothing was found yet; dates are held against `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { now, found: Vec::new() }
    }

    /// The moment that dates are held against.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Adds a fault at a byte of the decoded document.
    pub fn add(&mut self, rule: &'static Rule, at: usize, message: impl Into<String>) {
        if self.found.len() < MOST_FINDINGS {
            self.found.push((at, rule, message.into()));
        }
    }

    /// The findings in the order of the document, with lines, columns and places.
    #[must_use]
    pub fn into_findings(mut self, text: &str, place: impl Fn(usize) -> String) -> Vec<Finding> {
        self.found.sort();
        self.found.dedup();
        let mut line = 1;
        let mut line_start = 0;
        let mut seen = 0;
        let mut findings = Vec::with_capacity(self.found.len());
        for (offset, rule, message) in self.found {
            let mut end = offset.min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            for (index, _) in
                text.as_bytes()[seen..end].iter().enumerate().filter(|(_, byte)| **byte == b'\n')
            {
                line += 1;
                line_start = seen + index + 1;
            }
            seen = end;
            let column = text[line_start..end].chars().count() + 1;
            findings.push(Finding { at: Position { line, column }, rule, place: place(offset), message });
        }
        findings
    }
}
