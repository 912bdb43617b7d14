//! `tidings subscribers import`: reads a file, and tells of every line that nobody was added for.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context;

use crate::cli::args_moving::{Format, Import, Source};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted, shown};
use crate::cli::subscribers::offer;
use crate::cli::wire::Site;
use crate::jobs::import::{Importing, Refused, Report, import};
use crate::jobs::subscribe;
use crate::subscribers::import::csv::{self, Csv, Export};
use crate::subscribers::import::json_lines;
use crate::subscribers::import::rejected::Rejected;
use crate::subscribers::import::services;
use crate::subscribers::import::tags::Tags;

/// Tags without a category that are named.
const MOST_NAMED: usize = 12;

/// Runs the command.
///
/// # Errors
/// A digest or a mapping that is none, a file that can't be read, a store that can't be read or written.
pub async fn run(command: &Import, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let mut offer = offer(site, command.digest.as_deref()).await?;
    offer.tags = Tags::read(&command.maps, &offer)
        .map_err(|message| Failure::usage(message, "as in --map \"runners=heart\", once for each tag"))?;
    let (reader, length): (Box<dyn Read>, u64) = if command.file.as_os_str() == "-" {
        (Box::new(std::io::stdin()), 0)
    } else {
        let file =
            File::open(&command.file).with_context(|| format!("{} can't be read", command.file.display()))?;
        let length = file.metadata().map_or(0, |data| data.len());
        (Box::new(file), length)
    };
    let bar = output.progress_of_bytes(length, if command.dry_run { "Reading" } else { "Importing" });
    let reader = bar.wrap_read(reader);
    let name = subscribe::name(&command.file);
    let by_ending = if subscribe::is_json_lines(&command.file) { Format::Jsonl } else { Format::Csv };
    let (service, lines) = match command.format.unwrap_or(by_ending) {
        Format::Jsonl => (None, json_lines::open(reader, &offer)),
        Format::Csv => {
            let Csv { service, lines } = match command.service {
                Some(Source::Tidings) => csv::ours(reader, &offer),
                other => csv::open(reader, Export { service: other.and_then(named), name: &name }, &offer),
            };
            (service, lines)
        }
    };
    if let Some(service) = service {
        output.remark(&format!("{} is an export of {}\n", shown(&command.file), service.title));
    }
    let mut sheet = command.rejected.as_deref().map(Sheet::create).transpose()?;
    let mut tell = |rejected: &Rejected, _: Refused| {
        output.tell(rejected_line(&command.file, rejected));
        sheet.as_mut().map_or(Ok(()), |sheet| sheet.add(rejected))
    };
    let origin = format!("import {name}");
    let importing = Importing {
        name: &origin,
        signer: &site.signer,
        store: &*site.store,
        now: site.clock.now(),
        is_rehearsal: command.dry_run,
    };
    let report = import(lines, &importing, &mut tell).await?;
    bar.finish_and_clear();
    if let Some(sheet) = sheet {
        sheet.finish()?;
    }
    tell_unmatched(&report, output);
    output.result(&report, || told(&report, command.dry_run));
    Ok(if report.refused() == 0 { Exit::Fine } else { Exit::Problems })
}

fn told(report: &Report, is_rehearsal: bool) -> String {
    let (would_be, nothing) = if is_rehearsal { ("would be ", "Nothing was written: ") } else { ("", "") };
    format!(
        "{nothing}{} {would_be}added, {} {would_be}changed, {} as they were, {} {would_be}rejected\n",
        counted(report.added, "subscriber", "subscribers"),
        report.changed,
        report.same,
        report.refused()
    )
}

/// Names the tags that stand for nothing, those that most people have first.
fn tell_unmatched(report: &Report, output: &Output) {
    if report.unmatched.is_empty() {
        return;
    }
    let mut tags: Vec<(&String, &u64)> = report.unmatched.iter().collect();
    tags.sort_by_key(|(tag, people)| (std::cmp::Reverse(**people), *tag));
    let mut named: Vec<String> =
        tags.iter().take(MOST_NAMED).map(|(tag, people)| format!("{tag} ({people})")).collect();
    if tags.len() > MOST_NAMED {
        named.push(format!("and {} more", tags.len() - MOST_NAMED));
    }
    output.warning(
        &format!("tags that stand for no category: {}", named.join(", ")),
        "whoever has no other gets the whole digest; --map \"tag=category\" says what one stands for",
    );
}

fn named(source: Source) -> Option<&'static services::Service> {
    services::named(match source {
        Source::Tidings => return None,
        Source::Listmonk => "listmonk",
        Source::Mailchimp => "mailchimp",
        Source::Buttondown => "buttondown",
        Source::Ghost => "ghost",
        Source::Keila => "keila",
    })
}

/// A rejected line with its place and its reason.
#[must_use]
pub fn rejected_line(file: &Path, rejected: &Rejected) -> String {
    let place = format!("{}:{}", shown(file), rejected.line);
    format!("{place}: rejected: {}\n    {}\n", rejected.reason, rejected.text)
}

/// The rejected lines as CSV.
struct Sheet {
    path: std::path::PathBuf,
    writer: ::csv::Writer<File>,
}

impl Sheet {
    fn create(path: &Path) -> anyhow::Result<Self> {
        // It holds addresses: for its owner's eyes alone.
        let file = File::options().write(true).create(true).truncate(true).mode(0o600).open(path);
        let file = file.with_context(|| format!("{} can't be written", path.display()))?;
        let mut writer = ::csv::Writer::from_writer(file);
        writer.write_record(["line", "reason", "text"])?;
        Ok(Self { path: path.to_owned(), writer })
    }

    fn add(&mut self, rejected: &Rejected) -> anyhow::Result<()> {
        let number = rejected.line.to_string();
        let text = crate::subscribers::formula::neutralised(&rejected.text);
        let cells = [number.as_str(), rejected.reason.as_str(), &*text];
        self.writer.write_record(cells).with_context(|| format!("{} can't be written", self.path.display()))
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.writer.flush().with_context(|| format!("{} can't be written", self.path.display()))
    }
}
