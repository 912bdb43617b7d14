//! `tidings preview`: the next issue of a digest as HTML, text and .eml, to look at. Changes nothing.

use std::process::{Command, Stdio};

use anyhow::Context;

use crate::cli::args::{Arguments, Preview};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, shown};
use crate::cli::stock;
use crate::cli::wire::{self, Site};
use crate::digest::message;
use crate::digest::recipient::Recipient;
use crate::digest::settings::Settings as Digest;
use crate::digest::wish::{Wish, WishList};
use crate::feed::write::{self, Document};
use crate::jobs::rehearse::{Sheet, everything, rehearse};
use crate::jobs::take_stock::Stock;
use crate::mail::name::DisplayName;
use crate::store::subscribers::Subscribers;

/// Runs the command.
///
/// # Errors
/// A faulty configuration or template, an unknown digest or subscriber, a folder that can't be written.
pub async fn run(command: &Preview, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::look(arguments).await?;
    let dkim = wire::dkim(&site.config, output)?;
    let stock = stock::stock(&site, output).await?;
    let names: Vec<String> = command.digest.iter().cloned().collect();
    let Some(press) = site.press(&stock) else {
        return Err(Failure::usage("there is no [mail] in the configuration", "add it"));
    };
    let mut pages = Vec::new();
    for digest in wire::chosen(&site.config, &names)? {
        let (recipient, wishes) = reader(&site, digest, command.subscriber.as_deref()).await?;
        let Some(Sheet { letterhead, edition, is_new }) = rehearse(&press, digest, &wishes)? else {
            output.remark(&format!("{}: there is nothing new to show\n", digest.name));
            continue;
        };
        if !is_new {
            let message = "nothing is new; the preview shows older articles, and no mail would go out\n";
            output.remark(&format!("{}: {message}", digest.name));
        }
        let mut message = message::message(&edition, &letterhead, &recipient, &site.signer)?;
        if let Some(dkim) = &dkim {
            message = dkim.signed(&message, recipient.opened)?;
        }
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
    let Some(press) = site.press(stock) else { return Ok(()) };
    for digest in &site.config.digests {
        rehearse(&press, digest, &everything())?;
    }
    Ok(())
}

/// A subscriber with their wishes, or somebody who has just subscribed to everything.
async fn reader(
    site: &Site,
    digest: &Digest,
    address: Option<&str>,
) -> Result<(Recipient, WishList), Failure> {
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
    Ok((recipient, WishList { wishes, language: subscriber.language }))
}
