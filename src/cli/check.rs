//! `tidings check`: look for problems in configuration, articles and templates.

use serde::Serialize;

use crate::cli::args::{Arguments, Check};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns, counted};
use crate::cli::{build, preview, wire};
use crate::feed::{documents, select};

#[derive(Serialize)]
struct Findings {
    articles: usize,
    categories: usize,
    errors: usize,
    warnings: usize,
    problems: Vec<Finding>,
    left_out: Vec<LeftOutFile>,
}

#[derive(Serialize)]
struct Finding {
    path: String,
    line: usize,
    column: usize,
    severity: String,
    message: String,
    hint: String,
}

#[derive(Serialize)]
struct LeftOutFile {
    path: String,
    reason: String,
}

/// Runs the command. Feeds and digests are rendered too, and thrown away.
///
/// # Errors
/// A faulty configuration or template, a store that can't be read.
pub async fn run(command: &Check, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    let stock = build::stock(&site, output).await?;
    let config = &site.config;
    let feeds = select::feeds(&stock.published, &stock.categories, &config.catalog, &config.feeds)?;
    documents::all(&feeds, &config.catalog, &config.feeds, &site.templates)?;
    preview::all_render(&site, &stock)?;
    let errors = stock.errors();
    let findings = Findings {
        articles: stock.published.len(),
        categories: stock.categories.len(),
        errors,
        warnings: stock.problems.len() - errors,
        problems: stock
            .problems
            .iter()
            .map(|problem| Finding {
                path: problem.path.clone(),
                line: problem.at.line,
                column: problem.at.column,
                severity: problem.severity.to_string(),
                message: problem.message.clone(),
                hint: problem.hint.clone(),
            })
            .collect(),
        left_out: stock
            .left_out
            .iter()
            .map(|file| LeftOutFile { path: file.path.clone(), reason: file.reason.clone() })
            .collect(),
    };
    output.result(&findings, || text(&findings, command.left_out));
    Ok(if errors > 0 { Exit::Problems } else { Exit::Fine })
}

fn text(findings: &Findings, list_left_out: bool) -> String {
    let mut text = String::new();
    if list_left_out {
        let rows: Vec<Vec<String>> =
            findings.left_out.iter().map(|file| vec![file.path.clone(), file.reason.clone()]).collect();
        text.push_str(&columns(&rows));
    }
    let summary = [
        counted(findings.articles as u64, "article", "articles"),
        counted(findings.categories as u64, "category", "categories"),
        format!("{} left out", counted(findings.left_out.len() as u64, "file", "files")),
        counted(findings.errors as u64, "error", "errors"),
        counted(findings.warnings as u64, "warning", "warnings"),
    ];
    text.push_str(&summary.join(", "));
    text.push('\n');
    text
}
