//! `tidings preview`: the next issue of a digest as HTML, text and .eml, to look at. Changes nothing.

use std::process::{Command, Stdio};

use anyhow::Context;
use chrono::Duration;

use crate::catalog::publication::newest_first;
use crate::cli::args::{Arguments, Preview};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, shown};
use crate::cli::stock;
use crate::cli::wire::{self, Site};
use crate::digest::compose::{self, Composer};
use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::message::{self, Recipient};
use crate::digest::select::{Selection, select};
use crate::digest::settings::{FirstIssue, Settings as Digest};
use crate::digest::window::Bounds;
use crate::digest::wish::{Numbered, Wish};
use crate::feed::write::{self, Document};
use crate::jobs::take_stock::Stock;
use crate::mail::name::DisplayName;
use crate::schedule::timetable::Timetable;
use crate::store::subscribers::Subscribers;
use crate::subscribers::subscription::{Choice, Progress};

/// Runs the command.
///
/// # Errors
/// A faulty configuration or template, an unknown digest or subscriber, a folder that can't be written.
pub async fn run(command: &Preview, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    let stock = stock::stock(&site, output).await?;
    let names: Vec<String> = command.digest.iter().cloned().collect();
    let mut pages = Vec::new();
    for digest in wire::chosen(&site.config, &names)? {
        let (recipient, wishes) = reader(&site, digest, command.subscriber.as_deref()).await?;
        let Some(Sheet { letterhead, edition, is_new }) = compose(&site, &stock, digest, &wishes)? else {
            output.remark(&format!("{}: there is nothing new to show\n", digest.name));
            continue;
        };
        if !is_new {
            let message = "nothing is new; the preview shows older articles, and no mail would go out\n";
            output.remark(&format!("{}: {message}", digest.name));
        }
        let message = message::build(&edition, &letterhead, &recipient, &site.signer)?;
        let (text, html) = message::bodies(&edition, &letterhead, &recipient, &site.signer);
        let document = |ending: &str, bytes| Document { path: format!("{}.{ending}", digest.name), bytes };
        let documents = [
            document("html", html.into_bytes()),
            document("txt", text.into_bytes()),
            document("eml", message),
        ];
        write::write(&command.out, &documents).context("the preview can't be written")?;
        pages.push(command.out.join(&documents[0].path));
        let files: Vec<String> =
            documents.iter().map(|document| shown(&command.out.join(&document.path))).collect();
        output.result(&files, || files.join("\n") + "\n");
    }
    if command.open {
        for page in &pages {
            let opened = Command::new("xdg-open").arg(page).stderr(Stdio::null()).status();
            if !opened.is_ok_and(|status| status.success()) {
                let message = format!("no browser could be opened (xdg-open); the page is {}", shown(page));
                return Err(Failure::usage(message, "open it yourself"));
            }
        }
    }
    Ok(Exit::Fine)
}

/// Renders the newest articles of every digest and throws the mails away, to see whether it can be done.
///
/// # Errors
/// A template that can't be rendered.
pub fn all_render(site: &Site, stock: &Stock) -> Result<(), Failure> {
    for digest in &site.config.digests {
        compose(site, stock, digest, &everything())?;
    }
    Ok(())
}

fn everything() -> Vec<Wish> {
    vec![Wish { choice: Choice::All, progress: Progress::Fresh(None) }]
}

/// A subscriber with their wishes, or somebody who has just subscribed to everything.
async fn reader(
    site: &Site,
    digest: &Digest,
    address: Option<&str>,
) -> Result<(Recipient, Vec<Wish>), Failure> {
    let opened = site.clock.now();
    let Some(address) = address else {
        let address = "reader@example.org".parse().map_err(anyhow::Error::msg)?;
        let name = DisplayName::new("Reader");
        return Ok((Recipient { subscriber: 0, issue: 0, opened, name, address }, everything()));
    };
    let parsed = address.parse().map_err(|error| {
        Failure::usage(format!("{address:?} is no address: {error}"), "write it as ana@example.org")
    })?;
    let Some(subscriber) = site.store.subscriber(&parsed).await? else {
        return Err(Failure::usage(
            format!("nobody with the address {address} subscribed"),
            "`tidings subscribers list` shows who did",
        ));
    };
    let wishes = subscriber
        .subscriptions
        .iter()
        .filter(|subscription| subscription.digest == digest.name)
        .map(|subscription| Wish { choice: subscription.choice.clone(), progress: subscription.progress })
        .collect();
    let recipient = Recipient {
        subscriber: subscriber.id,
        issue: 0,
        opened,
        name: subscriber.name,
        address: subscriber.address,
    };
    Ok((recipient, wishes))
}

/// A composed issue.
struct Sheet {
    letterhead: Letterhead,
    edition: Edition,
    /// Whether its articles are new; else they are the newest, to have something to show.
    is_new: bool,
}

/// The next issue for these wishes; none without anything new.
fn compose(site: &Site, stock: &Stock, digest: &Digest, wishes: &[Wish]) -> Result<Option<Sheet>, Failure> {
    let Some(mail) = &site.config.mail else {
        return Err(Failure::usage("there is no [mail] in the configuration", "add it"));
    };
    let categories = compose::categories_of(digest, &stock.categories);
    let (selection, is_new) = selection(site, stock, digest, &categories, wishes);
    if selection.shown() == 0 {
        return Ok(None);
    }
    let slots = site.signer.secret_word("preview");
    let letterhead = Letterhead::new(mail, digest, &site.config.catalog.site, slots.clone())
        .map_err(anyhow::Error::msg)?;
    let composer = Composer {
        published: &stock.published,
        shelf: &stock.shelf,
        categories: &categories,
        catalog: &site.config.catalog,
        digest,
        mail,
        templates: &site.templates,
        opened: site.clock.now(),
        slots: &slots,
    };
    let edition = composer
        .compose(&selection)
        .with_context(|| format!("the digest {:?} can't be rendered", digest.name))?;
    Ok(Some(Sheet { letterhead, edition, is_new }))
}

/// What is new, and `true`; for somebody without an issue yet, and nothing within a cadence, the newest there is.
fn selection(
    site: &Site,
    stock: &Stock,
    digest: &Digest,
    categories: &[crate::catalog::category::Category],
    wishes: &[Wish],
) -> (Selection, bool) {
    let slugs: Vec<_> = categories.iter().map(|category| category.slug.clone()).collect();
    let order = newest_first(&stock.published);
    let numbers: Vec<i64> = stock.published.iter().map(|item| item.publication.number).collect();
    let articles = Numbered { published: &stock.published, numbers: &numbers };
    let (now, zone) = (site.clock.now(), digest.time_zone.unwrap_or(site.config.catalog.site.time_zone));
    let cadence = Timetable::parse(&digest.cron, zone).map(|timetable| timetable.cadence(now));
    let begin = now - cadence.unwrap_or(Duration::days(7));
    let mut bounds = Bounds { upto: i64::MAX, begin, first_issue: digest.first_issue, only_since: None };
    let chosen = select(&articles, &order, &slugs, wishes, &bounds, digest.most);
    if chosen.shown() > 0 {
        return (chosen, true);
    }
    bounds.first_issue = FirstIssue::Newest(digest.most);
    (select(&articles, &order, &slugs, wishes, &bounds, digest.most), false)
}
