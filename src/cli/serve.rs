//! `tidings serve`: the pages for subscribers, feeds and past issues, until one is told to stop. Letters are sent by a task
//! beside the pages.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use sd_notify::NotifyState;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::cli::args::{Arguments, Serve};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::wire::{self, Site};
use crate::cli::{letters, listening, witnessing};
use crate::config::Config;
use crate::delivery::transport::Transport;
use crate::jobs::consent::{self, Bureau};
use crate::letters::compose::Stationery;
use crate::mail::dkim::sign::Signer as DkimSigner;
use crate::web::desk::{Desk, Furniture, Shelf};
use crate::web::server;

/// How long requests are gathered before they are decided on. What follows from one then shows in no answer's time.
const GATHER: Duration = Duration::from_secs(1);

/// How often one looks whether letters that were put off are due.
const ROUND: Duration = Duration::from_mins(1);

/// How often one looks what there is to subscribe to.
const REFRESH: Duration = Duration::from_mins(10);

#[derive(Serialize)]
struct Opened {
    address: String,
}

/// Serves until one is told to stop.
///
/// # Errors
/// A faulty configuration, one without pages, a place that can't be listened at, a store that can't be opened.
pub async fn run(command: &Serve, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let mut site = wire::open(arguments).await?;
    if let Some(web) = &mut site.config.web
        && let Some(listen) = &command.listen
    {
        web.listen = listen.clone();
    }
    let (Some(settings), Some(mail)) = (site.config.web.clone(), site.config.mail.clone()) else {
        return Err(Failure::usage(
            "the configuration has no [web]",
            "add it with url = \"https://…\": where readers reach the pages",
        ));
    };
    witnessing::hold_against(&site).await?;
    let transport = wire::transport(&site.config)?;
    let dkim = wire::dkim(&site.config, output)?;
    let offering = letters::offering(&site.config, &*site.store, site.clock.now()).await?;
    let listening = listening::open(&settings.listen).await.map_err(|error| {
        let message = format!("it can't be listened at {}: {error}", settings.listen);
        Failure::usage(message, "name another place in web.listen, or with --listen")
    })?;
    let Site { config, templates, store, signer, clock } = site;
    let desk = Arc::new(Desk::new(Furniture {
        shelves: shelves(&config),
        settings,
        site: config.catalog.site.clone(),
        mail,
        feeds: config.feeds.clone(),
        templates,
        store: Arc::clone(&store),
        signer,
        clock,
        offering,
    }));
    let place = listening.place();
    let opened = Opened { address: desk.settings.url.to_string() };
    output.result(&opened, || format!("{} (listening at {place})\n", opened.address));
    output.remark("Ctrl-C ends\n");
    let stop = wire::stop()?;
    let clerk = tokio::spawn(clerk(Arc::clone(&desk), config, transport, dkim, stop.clone()));
    // Without systemd nobody listens, and that is as well.
    let _ = sd_notify::notify(&[NotifyState::Ready]);
    let ends = || told(stop.clone());
    let served = server::run(listening, Arc::clone(&desk), ends(), ends()).await;
    let _ = sd_notify::notify(&[NotifyState::Stopping]);
    let _ = clerk.await;
    store.close().await;
    served?;
    Ok(Exit::Fine)
}

async fn told(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|told| *told).await;
}

/// Decides on requests, sends letters, and looks now and then what there is to subscribe to.
async fn clerk(
    desk: Arc<Desk>,
    config: Box<Config>,
    transport: Transport,
    dkim: Option<DkimSigner>,
    stop: watch::Receiver<bool>,
) {
    let mut since = Instant::now();
    loop {
        // What was received before the end is dealt with, too.
        let is_last = *stop.borrow();
        if let Err(error) = round(&desk, &transport, dkim.as_ref()).await {
            tracing::error!("letters can't be sent: {error:#}");
        }
        if is_last {
            return;
        }
        if since.elapsed() >= REFRESH {
            since = Instant::now();
            match letters::offering(&config, &*desk.store, desk.clock.now()).await {
                Ok(offering) => desk.offer(offering),
                Err(error) => tracing::error!("what there is to subscribe to can't be read: {error:#}"),
            }
        }
        tokio::select! {
            () = told(stop.clone()) => {}
            () = async { desk.received.notified().await; sleep(GATHER).await } => {}
            () = sleep(ROUND) => {}
        }
    }
}

async fn round(desk: &Desk, transport: &Transport, dkim: Option<&DkimSigner>) -> anyhow::Result<()> {
    let now = desk.clock.now();
    consent::decide(&*desk.store, now).await?;
    let offering = desk.offering();
    let bureau = Bureau {
        stationery: Stationery {
            site: &desk.site,
            mail: &desk.mail,
            templates: &desk.templates,
            offering: &offering,
        },
        signer: &desk.signer,
        dkim,
        transport,
        desk: consent::Desk::Pages(&desk.settings.url),
        patience: TimeDelta::from_std(desk.settings.confirm_within)?,
    };
    let sent = consent::send_letters(&bureau, &*desk.store, now).await?;
    desk.figures.letters.fetch_add(sent.mailed, Ordering::Relaxed);
    desk.figures.letters_failed.fetch_add(sent.later + sent.given_up, Ordering::Relaxed);
    Ok(())
}

/// Feeds and past issues, at the paths of their addresses.
fn shelves(config: &Config) -> Vec<Shelf> {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    let feeds = config.feeds.url.as_ref().unwrap_or(&config.catalog.site.url);
    let folder = |path: String, folder: &PathBuf| Shelf { path, folder: folder.clone() };
    let archive = config.archive.iter().map(|archive| folder(path(&archive.url), &archive.output));
    std::iter::once(folder(path(feeds), &config.feeds.output)).chain(archive).collect()
}
