//! Linting an issue: its mails as a sample reader would get them, and the files that findings come from. Changes nothing.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::Value;

use crate::catalog::problem::{Position, Severity};
use crate::catalog::publication::Published;
use crate::catalog::summary;
use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::lint::finding::{Finding, MOST_OF_A_RULE};
use crate::digest::lint::places::{self, Place, Source};
use crate::digest::lint::specimen::Specimen;
use crate::digest::lint::{inspect, leftovers};
use crate::digest::message;
use crate::digest::recipient::{Links, Recipient};
use crate::digest::settings::Settings;
use crate::jobs::open_issue::Press;
use crate::mail::name::DisplayName;
use crate::templates::environment::BUILT_IN;

/// A finding of the lint, with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The rule that it breaks.
    pub rule: &'static str,
    /// How bad it is.
    #[serde(serialize_with = "in_words")]
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
    /// Where the rule is written.
    pub source: &'static str,
    /// The article or template; nothing where it comes from no file.
    pub path: Option<String>,
    /// Where in it.
    #[serde(flatten)]
    pub at: Option<Position>,
    /// What the file says.
    #[serde(skip)]
    pub text: String,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands references
fn in_words<S: serde::Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(severity)
}

impl Remark {
    /// Whether it stops an issue.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// An issue whose mails must not go out as they are. Nothing was opened, and its slot stays due.
#[derive(Debug, thiserror::Error)]
#[error("the issue of the digest {digest:?} was not opened, and nobody was mailed: {}", shown(remarks))]
pub struct Spoiled {
    /// The digest's name.
    pub digest: String,
    /// What is wrong with its mails; at least one error.
    pub remarks: Vec<Remark>,
}

/// Rules and places of errors, on one line.
fn shown(remarks: &[Remark]) -> String {
    let one = |remark: &Remark| match (&remark.path, remark.at) {
        (Some(path), Some(at)) => format!("{} ({path}:{}:{})", remark.rule, at.line, at.column),
        (Some(path), None) => format!("{} ({path})", remark.rule),
        (None, _) => remark.rule.to_owned(),
    };
    let errors: BTreeSet<String> = remarks.iter().filter(|remark| remark.is_error()).map(one).collect();
    errors.into_iter().collect::<Vec<_>>().join(", ")
}

/// Looks at each edition of an issue. What several have in common is told once, errors first.
///
/// # Errors
/// A message that can't be built, an article that can't be read.
pub fn lint(
    press: &Press<'_>,
    digest: &Settings,
    letterhead: &Letterhead,
    editions: &[Edition],
) -> Result<Vec<Remark>> {
    let mut remarks: Vec<Remark> = Vec::new();
    for edition in editions {
        let findings = inspect_edition(press, digest, letterhead, edition)?;
        let is_new = |finding: &Finding| {
            let mut of_rule = remarks.iter().filter(|remark| remark.rule == finding.rule.id);
            of_rule.clone().count() < MOST_OF_A_RULE
                && of_rule.all(|remark| remark.message != finding.message)
        };
        let fresh: Vec<Finding> = findings.into_iter().filter(is_new).collect();
        if !fresh.is_empty() {
            let sources = sources(press, edition);
            remarks.extend(fresh.into_iter().map(|finding| remark(finding, &sources)));
        }
    }
    remarks.sort_by_key(|remark| !remark.is_error());
    Ok(remarks)
}

fn inspect_edition(
    press: &Press<'_>,
    digest: &Settings,
    letterhead: &Letterhead,
    edition: &Edition,
) -> Result<Vec<Finding>> {
    let recipient = Recipient {
        subscriber: 0,
        issue: 0,
        opened: press.now,
        name: DisplayName::new("Reader"),
        address: "reader@example.org".parse().map_err(anyhow::Error::msg)?,
    };
    let bytes = message::message(edition, letterhead, &recipient, press.signer)
        .with_context(|| format!("the digest {:?} can't be looked at", digest.name))?;
    let (text, html) = message::bodies(edition, letterhead, &recipient, press.signer);
    // The subject, as this reader gets it.
    let own = Edition {
        key: String::new(),
        language: edition.language.clone(),
        nameless: edition.nameless.clone(),
        subject: String::new(),
        text: edition.subject.clone(),
        html: String::new(),
        web: String::new(),
        message: String::new(),
        contents: Vec::new(),
    };
    let (subject, _) = message::bodies(&own, letterhead, &recipient, press.signer);
    let links = Links::new(letterhead, recipient.subscriber, press.signer);
    let is_written = |part: &&String| leftovers::BEGINNINGS.iter().any(|begin| part.contains(begin));
    let may_be_theirs = [&subject, &text, &html].iter().any(is_written);
    let said = if may_be_theirs { said(press, digest, edition)? } else { Vec::new() };
    Ok(inspect::inspect(&Specimen {
        subject: &subject,
        text: &text,
        html: &html,
        bytes: &bytes,
        postal_address: &press.mail.postal_address,
        unsubscribe: links.unsubscribe(),
        slots: &letterhead.slots,
        said: &said,
    }))
}

/// The articles of an edition.
fn articles<'a>(press: &Press<'a>, edition: &'a Edition) -> impl Iterator<Item = &'a Published> {
    let published = &press.stock.published;
    let is_in = |number| edition.contents.iter().any(|part| part.articles.contains(&number));
    published.iter().filter(move |item| is_in(item.publication.number))
}

/// Everything that the articles of an edition say, and the configuration.
fn said(press: &Press<'_>, digest: &Settings, edition: &Edition) -> Result<Vec<String>> {
    let site = &press.catalog.site;
    let mut said = vec![site.title.clone(), site.description.clone(), digest.title.clone()];
    said.extend(digest.intro.iter().chain(&press.mail.disclaimer).cloned());
    for category in &press.stock.categories {
        said.extend([category.title.clone(), category.description.clone()]);
    }
    for item in articles(press, edition) {
        let article = press.stock.shelf.article(&item.outline)?;
        said.push(summary::of_article(&article, press.catalog.sources.summary_length)?);
        said.extend(article.authors.into_iter().map(|author| author.name));
        said.extend(article.image.and_then(|picture| picture.alt));
        said.extend(article.tags);
        said.push(article.title);
        strings(&Value::Object(article.extra), &mut said);
    }
    Ok(said)
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| strings(value, found)),
        Value::Object(table) => table.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

/// The files that an edition was made of: articles, then the operator's templates, then those that the program brings.
fn sources(press: &Press<'_>, edition: &Edition) -> Vec<Source> {
    let content = &press.catalog.sources.content;
    let mut sources = Vec::new();
    for item in articles(press, edition) {
        // What another source gave has no line that somebody could mend.
        if item.outline.source_name().is_none() {
            sources.extend(read(&content.join(item.outline.path()), true));
        }
    }
    for file in press.templates.files() {
        if file.extension().is_some_and(|ending| ending == "j2" || ending == "ftl") {
            sources.extend(read(&file, false));
        }
    }
    let built_in = BUILT_IN.iter().filter(|(name, _)| name.starts_with("email/"));
    sources.extend(built_in.map(|(name, text)| Source {
        path: format!("templates/{name} (built in)"),
        text: (*text).to_owned(),
        is_article: false,
    }));
    sources
}

fn read(file: &Path, is_article: bool) -> Option<Source> {
    let text = std::fs::read_to_string(file).ok()?.replace("\r\n", "\n");
    let here = std::env::current_dir().unwrap_or_default();
    let path = file.strip_prefix(&here).unwrap_or(file).display().to_string();
    Some(Source { path, text, is_article })
}

fn remark(finding: Finding, sources: &[Source]) -> Remark {
    let place = places::place_of(&finding, sources);
    let is_authors = place.is_some_and(|place| place.is_sure && is_in_body(&place));
    Remark {
        rule: finding.rule.id,
        // What an author wrote is told: a digest does not stay away for it.
        severity: if is_authors { Severity::Warning } else { finding.rule.severity },
        message: finding.message,
        hint: finding.rule.hint,
        source: finding.rule.source,
        path: place.map(|place| place.source.path.clone()),
        at: place.and_then(|place| place.at),
        text: place.map(|place| place.source.text.clone()).unwrap_or_default(),
    }
}

/// Whether a place is in an article's text. What stands in its front matter is for the template to show well.
fn is_in_body(place: &Place<'_>) -> bool {
    let mut lines = place.source.text.lines();
    let first = lines.next().unwrap_or_default().trim_end();
    let end = match first {
        "---" | "+++" => first,
        "{" => "}",
        _ => return place.source.is_article && !first.starts_with('{'),
    };
    let length = lines.take_while(|line| line.trim_end() != end).count() + 2;
    place.source.is_article && place.at.is_some_and(|at| at.line > length)
}
