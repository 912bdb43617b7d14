//! `tidings ingest`: read what came back by mail, and act on it. `tidings run` does the same first.

use crate::cli::args::{Arguments, Ingest as Command};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns, counted};
use crate::cli::wire::{self, Site};
use crate::cli::{letters, witnessing};
use crate::inbound::instruction::Ours;
use crate::inbound::mailbox::Mailbox;
use crate::inbound::mailbox::maildir::Maildir;
use crate::inbound::mailbox::mbox::Mbox;
use crate::inbound::mailbox::pipe;
use crate::inbound::settings::Ingest;
use crate::jobs::bounces::{GivenUp, Judge};
use crate::jobs::ingest::{Desk, Report};

/// What is read from.
enum Place {
    Pipe,
    Maildir(std::path::PathBuf),
    Mbox(std::path::PathBuf),
    Imap,
}

/// Runs the command.
///
/// # Errors
/// A faulty configuration, a store that can't be written. With a pipe nothing is an error but "try again later": a mail
/// server would send everything else back to a server, which would give up what it reported.
pub async fn run(command: &Command, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let is_pipe = command.pipe.as_deref() == Some("-");
    match work(command, arguments, output).await {
        Err(failure) if is_pipe => {
            let _ = failure.explain(output);
            Ok(Exit::Locked)
        }
        // What is left alone is no failure: the mail server has done its part.
        Ok(_) if is_pipe => Ok(Exit::Fine),
        result => result,
    }
}

async fn work(command: &Command, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let places = asked(command, site.config.ingest.as_deref())?;
    witnessing::hold_against(&site).await?;
    let report = ingest(&site, places).await?;
    letters::send(&site, output).await?;
    site.store.close().await;
    tell(&report, output);
    output.result(&report, || columns(&rows(&report)));
    Ok(if report.troubles.is_empty() { Exit::Fine } else { Exit::Problems })
}

/// What `tidings run` does first: none where nothing is to be read.
///
/// # Errors
/// The store can't be written.
pub async fn of_run(site: &Site, output: &Output) -> Result<Option<Report>, Failure> {
    let Some(settings) = &site.config.ingest else { return Ok(None) };
    let places = configured(settings);
    if places.is_empty() {
        return Ok(None);
    }
    let report = ingest(site, places).await?;
    tell(&report, output);
    Ok(Some(report))
}

/// The places that the arguments name, or else the configuration.
fn asked(command: &Command, settings: Option<&Ingest>) -> Result<Vec<Place>, Failure> {
    let mut places = Vec::new();
    if let Some(word) = &command.pipe {
        if word != "-" {
            let hint = "--maildir and --mbox name a mailbox; - stands for standard input";
            return Err(Failure::usage(format!("{word:?} is nothing to read from"), hint));
        }
        places.push(Place::Pipe);
    }
    places.extend(command.maildir.clone().map(Place::Maildir));
    places.extend(command.mbox.clone().map(Place::Mbox));
    if command.imap {
        places.push(Place::Imap);
    }
    if places.is_empty() {
        places = settings.map(configured).unwrap_or_default();
    }
    if places.is_empty() {
        let hint = "say --maildir, --mbox, --imap or -; or name a mailbox in [ingest]";
        return Err(Failure::usage("there is no mailbox to read", hint));
    }
    Ok(places)
}

fn configured(settings: &Ingest) -> Vec<Place> {
    let maildir = settings.maildir.clone().map(Place::Maildir);
    let mbox = settings.mbox.clone().map(Place::Mbox);
    let imap = settings.imap.as_ref().map(|_| Place::Imap);
    maildir.into_iter().chain(mbox).chain(imap).collect()
}

async fn ingest(site: &Site, places: Vec<Place>) -> Result<Report, Failure> {
    let ours = ours(site)?;
    let mut report = Report::default();
    let judge = Judge { settings: &site.config.bounces, store: &*site.store, now: site.clock.now() };
    let digests: Vec<String> = site.config.digests.iter().map(|digest| digest.name.clone()).collect();
    let desk = Desk { ours: &ours, signer: &site.signer, digests: &digests, judge };
    for place in places {
        match open(site, place).await? {
            Ok(mut mailbox) => {
                desk.ingest(&mut mailbox, &mut report).await?;
                mailbox.close().await;
            }
            Err(trouble) => report.troubles.push(trouble),
        }
    }
    Ok(report)
}

/// Opens a mailbox; inside, why it can't be read.
async fn open(site: &Site, place: Place) -> Result<Result<Mailbox, String>, Failure> {
    let opened = match place {
        Place::Pipe => return Ok(Ok(Mailbox::Pipe(Some(pipe::read(std::io::stdin().lock())?)))),
        Place::Maildir(folder) => Maildir::open(&folder).map(Mailbox::Maildir),
        Place::Mbox(file) => Mbox::open(&file).map(Mailbox::Mbox),
        Place::Imap => return imap(site).await,
    };
    Ok(opened.map_err(|error| error.to_string()))
}

#[cfg(feature = "imap")]
async fn imap(site: &Site) -> Result<Result<Mailbox, String>, Failure> {
    let Some(settings) = site.config.ingest.as_ref().and_then(|ingest| ingest.imap.as_ref()) else {
        return Err(Failure::usage("there is no [ingest.imap]", "it says which server has the mailbox"));
    };
    let opened = crate::inbound::mailbox::imap::Imap::open(settings).await;
    Ok(opened.map(|imap| Mailbox::Imap(Box::new(imap))).map_err(|error| error.to_string()))
}

#[cfg(not(feature = "imap"))]
async fn imap(_: &Site) -> Result<Result<Mailbox, String>, Failure> {
    std::future::ready(()).await;
    let hint = "build it with the feature `imap`, or let something else bring the mails here";
    Err(Failure::usage("this build can't read mailboxes on servers", hint))
}

/// The addresses that messages may be for.
fn ours(site: &Site) -> Result<Ours, Failure> {
    let mail = site.config.mail.as_ref();
    let mail =
        mail.ok_or_else(|| Failure::usage("there is no [mail]", "what comes back has to come from one"))?;
    let (_, from) = crate::digest::letterhead::sender(&mail.from)
        .map_err(|message| Failure::usage(message, "it is what readers see as the sender"))?;
    Ok(Ours {
        bounces: mail.bounces.clone().unwrap_or_else(|| from.clone()),
        unsubscribe: mail.unsubscribe_mailto.clone().unwrap_or(from),
        subscribe: site.config.ingest.as_ref().and_then(|ingest| ingest.subscribe.clone()),
    })
}

/// Tells what somebody should look at.
fn tell(report: &Report, output: &Output) {
    for trouble in &report.troubles {
        output.warning(trouble, "what was read before is on record; the next run reads the rest");
    }
    for alone in &report.to_look_at {
        output.notice(format!("{}: {}\n", alone.place, alone.why));
    }
    tell_given_up(&report.given_up, output);
}

/// Names those who are mailed no more.
pub fn tell_given_up(given_up: &[GivenUp], output: &Output) {
    for one in given_up {
        let address = &one.address;
        output.notice(format!(
            "{address} is mailed no more: {}\n    `tidings subscribers unsuppress {address} --why …` reverses it\n",
            one.reason
        ));
    }
}

/// What came of it, as rows of a table.
#[must_use]
pub fn rows(report: &Report) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |name: &str, text: String| rows.push(vec![name.to_owned(), text]);
    let listed = |parts: &[(u64, &str)]| {
        let parts: Vec<String> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        parts.join(", ")
    };
    row("Came back", counted(report.read, "message", "messages"));
    if report.bounces() > 0 {
        let parts = [(report.hard, "hard"), (report.soft, "soft"), (report.refused, "refused for our sake")];
        row("Bounces", listed(&parts));
    }
    if report.complaints > 0 {
        row("Complaints", report.complaints.to_string());
    }
    if report.left > 0 {
        row("Left", format!("{} by mail", report.left));
    }
    if report.asked + report.confirmed > 0 {
        row("By mail", listed(&[(report.asked, "asked to subscribe"), (report.confirmed, "confirmed")]));
    }
    if !report.given_up.is_empty() {
        row("Given up", counted(report.given_up.len() as u64, "address", "addresses"));
    }
    let nothing = [
        (report.other_reports, "reports of delays and deliveries"),
        (report.other_feedback, "other reports of providers"),
        (report.before, "on record from before"),
    ];
    if nothing.iter().any(|(number, _)| *number > 0) {
        row("No change", listed(&nothing));
    }
    if !report.alone.is_empty() {
        let parts: Vec<(u64, &str)> = report.alone.iter().map(|(what, number)| (*number, *what)).collect();
        row("Left alone", listed(&parts));
    }
    rows
}
