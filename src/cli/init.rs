//! `tidings init`: a configuration and a first article to start from. Never overwrites a file.

use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;

use crate::cli::args::Init;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, shown};

const CONFIGURATION: &str = include_str!("starter/tidings.toml");
const CATEGORY: &str = include_str!("starter/_category.md");
const ARTICLE: &str = include_str!("starter/hello.md");

/// Runs the command.
///
/// # Errors
/// An address that is none, a file that is there already, a folder that can't be written.
pub fn run(command: &Init, today: NaiveDate, output: &Output) -> Result<Exit, Failure> {
    let url = url::Url::parse(&command.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some((url, host)) = url.as_ref().and_then(|url| Some((url, url.host_str()?))) else {
        return Err(Failure::usage(
            format!("{:?} is no web address", command.url),
            "write --url https://example.org",
        ));
    };
    // A TOML basic string escapes as a JSON string does.
    let quoted = serde_json::Value::from(command.title.as_str()).to_string();
    let configuration = CONFIGURATION
        .replace("\"{title}\"", &quoted)
        .replace("{url}", url.as_str())
        .replace("{host}", host.strip_prefix("www.").unwrap_or(host));
    // Of yesterday: at its hour of day, today may not have come yet.
    let yesterday = today.pred_opt().unwrap_or(today);
    let article = ARTICLE.replace("2026-01-01", &yesterday.to_string());
    let files: [(PathBuf, String); 3] = [
        (command.folder.join("config/tidings.toml"), configuration),
        (command.folder.join("content/news/_category.md"), CATEGORY.to_owned()),
        (command.folder.join("content/news/hello.md"), article),
    ];
    if let Some((taken, _)) = files.iter().find(|(path, _)| path.exists()) {
        let message = format!("{} is there already; nothing was written", taken.display());
        return Err(Failure::usage(message, "choose another folder: tidings init DIR"));
    }
    for (path, text) in &files {
        let folder = path.parent().unwrap_or(&command.folder);
        std::fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
        std::fs::write(path, text).with_context(|| format!("{} can't be written", path.display()))?;
    }
    let written: Vec<String> = files.iter().map(|(path, _)| shown(path)).collect();
    output.result(&written, || {
        let next = "Next: look through config/tidings.toml, then `tidings build` writes the feeds, and `tidings preview`\nshows the digest.";
        format!("{}\n{next}\n", written.join("\n"))
    });
    Ok(Exit::Fine)
}
