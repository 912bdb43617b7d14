//! What the lint holds mails against, and what it finds. Rules live beside the code that checks them. Knows nothing of
//! templates and files: where a fault comes from is for `places` to find.

use crate::catalog::problem::Severity;

/// A mail may hold a thousand articles with the same fault; nobody reads more than this of one rule.
pub const MOST_OF_A_RULE: usize = 5;

/// One thing that a mail has to keep to.
///
/// What an article can bring about by itself is a warning, unless the mail would be broken: nobody wants a digest to stay
/// away for a title in capitals. What only a template can do wrong may stop it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// A name that stays: `mail-alt-missing`.
    pub id: &'static str,
    /// Error: the issue is not opened. Warning: somebody should look.
    pub severity: Severity,
    /// Where it is written: `WCAG 2.2, 1.4.3`.
    pub source: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

/// Writes a table of rules, and lists them as `ALL`.
macro_rules! rules {
    ($($name:ident = $severity:ident $id:literal, $source:literal, $hint:literal;)*) => {
        $(#[doc = concat!("`", $id, "`")] pub static $name: $crate::digest::lint::finding::Rule =
            $crate::digest::lint::finding::Rule {
                id: $id,
                severity: $crate::catalog::problem::Severity::$severity,
                source: $source,
                hint: $hint,
            };)*
        /// Every rule of this file.
        pub static ALL: &[&$crate::digest::lint::finding::Rule] = &[$(&$name),*];
    };
}
pub(crate) use rules;

/// Which part of a mail a fault is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The headers but for the subject, or the message as a whole.
    Message,
    /// The subject.
    Subject,
    /// The text part.
    Text,
    /// The HTML part.
    Html,
}

/// One fault of a mail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Which part it is in.
    pub part: Part,
    /// What it breaks.
    pub rule: &'static Rule,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What its source may be known by, the surest first. Empty where something is missing.
    pub clues: Vec<Clue>,
}

/// What a fault may be known by, as it stands in the mail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clue {
    /// Words or an address: of an article, or of a template.
    Said(String),
    /// Markup or CSS: of a template alone.
    Written(String),
}

/// Words or an address.
#[must_use]
pub fn said(text: &str) -> Clue {
    Clue::Said(text.trim().to_owned())
}

/// Markup or CSS.
#[must_use]
pub fn written(text: &str) -> Clue {
    Clue::Written(text.trim().to_owned())
}

impl Clue {
    /// As it stands in the mail.
    #[must_use]
    pub fn text(&self) -> &str {
        let (Self::Said(text) | Self::Written(text)) = self;
        text
    }
}

impl Finding {
    /// Whether it stops an issue.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.rule.severity == Severity::Error
    }
}

/// What was found so far.
#[derive(Debug, Default)]
pub struct Report {
    found: Vec<Finding>,
}

impl Report {
    /// Adds a fault, with what its source may be known by.
    pub fn add(&mut self, part: Part, rule: &'static Rule, message: impl Into<String>, clues: &[Clue]) {
        let message = message.into();
        self.add_once(part, rule, &message.clone(), message, clues);
    }

    /// Adds a fault, unless one of the same rule begins with `same`.
    pub fn add_once(
        &mut self,
        part: Part,
        rule: &'static Rule,
        same: &str,
        message: impl Into<String>,
        clues: &[Clue],
    ) {
        let message = message.into();
        let mut of_rule = self.found.iter().filter(|known| known.rule.id == rule.id);
        if of_rule.clone().count() >= MOST_OF_A_RULE || of_rule.any(|known| known.message.starts_with(same)) {
            return;
        }
        let clues = clues.iter().filter(|clue| !clue.text().is_empty()).cloned().collect();
        self.found.push(Finding { part, rule, message, clues });
    }

    /// The findings: errors first, then in the order in which they were found.
    #[must_use]
    pub fn into_findings(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|finding| !finding.is_error());
        self.found
    }
}
