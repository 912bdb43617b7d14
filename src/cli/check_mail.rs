//! `tidings check --mail`: the next mail of each digest, held against the rules of mailboxes, of the law, and of those who
//! read it otherwise than we do. Nothing is sent.

use std::fmt::Write as _;

use serde::Serialize;

use crate::cli::args::Arguments;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted};
use crate::cli::wire::{self, Site};
use crate::cli::{problems, stock};
use crate::jobs::lint::{self, Remark};
use crate::jobs::rehearse::{Sheet, everything, rehearse};
use crate::jobs::take_stock::Stock;

/// A digest with what is wrong with its next mail.
#[derive(Debug, Serialize)]
pub struct Inspected {
    /// The digest's name.
    pub digest: String,
    /// Bytes of its HTML, of which Gmail shows 102,400; none where there is nothing to show yet.
    pub html_bytes: Option<usize>,
    /// What would stop it.
    pub errors: usize,
    /// What else somebody should look at.
    pub warnings: usize,
    /// Errors first.
    pub findings: Vec<Remark>,
}

#[derive(Serialize)]
struct Findings {
    mails: Vec<Inspected>,
    errors: usize,
    warnings: usize,
}

/// Runs the command, for one digest or all.
///
/// # Errors
/// A faulty configuration or template, an unknown digest, no `[mail]`.
pub async fn run(digest: Option<&String>, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    if site.config.mail.is_none() {
        let message = "there is no [mail] in the configuration, and so no mail to look at";
        return Err(Failure::usage(message, "add it, with a [[digest]]"));
    }
    let names: Vec<String> = digest.into_iter().cloned().collect();
    wire::chosen(&site.config, &names)?;
    let stock = stock::stock(&site, output).await?;
    let mails = inspect(&site, &stock, &names, output)?;
    let errors = mails.iter().map(|mail| mail.errors).sum();
    let findings = Findings { errors, warnings: mails.iter().map(|mail| mail.warnings).sum(), mails };
    output.result(&findings, || text(&findings));
    Ok(if errors > 0 { Exit::Problems } else { Exit::Fine })
}

/// Composes the next mail of the digests with these names, of all without names, and shows what is wrong with it.
///
/// # Errors
/// A template that can't be rendered, an article that can't be read.
pub fn inspect(
    site: &Site,
    stock: &Stock,
    names: &[String],
    output: &Output,
) -> Result<Vec<Inspected>, Failure> {
    let mut mails = Vec::new();
    let Some(press) = site.press(stock) else { return Ok(mails) };
    for digest in wire::chosen(&site.config, names)? {
        let (mut findings, mut html_bytes) = (Vec::new(), None);
        if let Some(Sheet { letterhead, edition, .. }) = rehearse(&press, digest, &everything())? {
            html_bytes = Some(edition.html.len());
            findings = lint::lint(&press, digest, &letterhead, &[edition])?;
        }
        problems::show_remarks(&digest.name, &findings, output);
        let errors = findings.iter().filter(|remark| remark.is_error()).count();
        mails.push(Inspected {
            digest: digest.name.clone(),
            html_bytes,
            errors,
            warnings: findings.len() - errors,
            findings,
        });
    }
    Ok(mails)
}

fn text(findings: &Findings) -> String {
    let mut text = String::new();
    for mail in &findings.mails {
        let size = mail.html_bytes.map_or_else(
            || "nothing to show yet".to_owned(),
            |bytes| format!("{}.{} kB of HTML", bytes / 1000, bytes % 1000 / 100),
        );
        let errors = counted(mail.errors as u64, "error", "errors");
        let warnings = counted(mail.warnings as u64, "warning", "warnings");
        let _ = writeln!(text, "{}: {size}, {errors}, {warnings}", mail.digest);
    }
    text
}
