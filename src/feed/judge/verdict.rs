//! The judge's entry: which format is it, and what is wrong with it.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::feed::judge::facts::Facts;
use crate::feed::judge::finding::{Finding, Report, Rule, rules};
use crate::feed::judge::space::Space;
use crate::feed::judge::{
    across, atom, compare, dates, decode, extensions, history, html, json, podcast, read, rss, space, tag,
    text, values,
};

rules! {
    EMPTY = Error "feed-empty", "XML 1.0, 2.1; RFC 8259, 2: a document holds something",
        "look at what writes it: perhaps the disk was full";
    UNKNOWN = Error "feed-unknown", "RSS 2.0 Specification; RFC 4287, 2; JSON Feed 1.1",
        "publish RSS 2.0, Atom 1.0 or JSON Feed 1.1";
    LARGE = Error "feed-too-large", "Our own limit: 20 MB",
        "publish fewer entries, and archives (RFC 5005) for the rest";
}

/// Larger documents are refused: readers give up much earlier.
pub const LARGEST: usize = 20_000_000;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.
    Json,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        })
    }
}

/// What the judge says of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it is; nothing where it is no feed, or not well-formed.
    pub format: Option<Format>,
    /// What is wrong, in the order of the document.
    pub findings: Vec<Finding>,
    /// What it says of itself.
    pub facts: Facts,
}

impl Verdict {
    /// Of what is not there: no fault, no entry.
    #[must_use]
    pub fn nothing() -> Self {
        Self { format: None, findings: Vec::new(), facts: Facts::default() }
    }

    /// How many MUSTs it breaks.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_error()).count()
    }
}

/// Judges a document. Dates are held against `now`.
#[must_use]
pub fn judge(bytes: &[u8], now: DateTime<Utc>) -> Verdict {
    let refused = |rule, message: &str| Verdict {
        format: None,
        findings: vec![Finding::of_document(rule, message.to_owned())],
        facts: Facts::default(),
    };
    if bytes.len() > LARGEST {
        return refused(&LARGE, "the document is larger than 20 MB");
    }
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => refused(&EMPTY, "the document is empty"),
        Some(b'{' | b'[') => json::feed::judge(bytes, now),
        Some(_) => judge_xml(bytes, now),
    }
}

fn judge_xml(bytes: &[u8], now: DateTime<Utc>) -> Verdict {
    let mut report = Report::new(now);
    let decoded = decode::xml(bytes, &mut report);
    let text = decoded.text.as_ref();
    if decoded.is_sound {
        decode::check_declaration(text, &mut report);
    }
    let root = if decoded.is_sound { read::read(text, &mut report) } else { None };
    let Some(root) = root else {
        let findings = report.into_findings(text, |_| String::new());
        return Verdict { format: None, findings, facts: Facts::default() };
    };
    let mut facts = Facts::default();
    let format = match (root.space, root.name) {
        (_, "rss") => {
            rss::channel::check(&root, &mut report, &mut facts);
            Some(Format::Rss)
        }
        (Space::Atom, "feed") => {
            atom::feed::check(&root, &mut report, &mut facts);
            Some(Format::Atom)
        }
        _ => {
            report.add(&UNKNOWN, root.at, format!("<{}> is no feed that the judge knows", root.written));
            None
        }
    };
    Verdict { format, findings: report.into_findings(text, |at| root.path(at)), facts }
}

/// Every rule there is.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let tables: [&[&'static Rule]; 24] = [
        ALL,
        decode::ALL,
        tag::ALL,
        read::ALL,
        space::ALL,
        values::ALL,
        dates::ALL,
        text::ALL,
        html::ALL,
        extensions::ALL,
        podcast::ALL,
        history::ALL,
        rss::channel::ALL,
        rss::shape::ALL,
        rss::item::ALL,
        atom::feed::ALL,
        atom::entry::ALL,
        atom::construct::ALL,
        atom::link::ALL,
        json::read::ALL,
        json::feed::ALL,
        json::item::ALL,
        across::ALL,
        compare::ALL,
    ];
    tables.concat()
}
