//! Wiring: the only place that opens things, from plain arguments and settings.

use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use indicatif::ProgressBar;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::Instant;
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::catalog::source::database::Database;
use crate::cli::args::{Arguments, Command};
use crate::cli::exit::Failure;
use crate::cli::output::{Output, shown};
use crate::clock::Clock;
use crate::config::store::Place;
use crate::config::{self, Config};
use crate::delivery::settings::Kind;
use crate::delivery::transport::Transport;
use crate::delivery::transport::file::Outbox;
use crate::delivery::transport::smtp::Relay;
use crate::delivery::worker::{Event, Watcher};
use crate::digest::settings::Settings as Digest;
use crate::jobs::deliver::Enough;
use crate::jobs::open_issue::Press;
use crate::jobs::take_stock::Stock;
use crate::mail::dkim::sign::Signer as DkimSigner;
use crate::store::postgres::PostgresStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreError};
use crate::subscribers::key_ring::KeyRing;
use crate::subscribers::token::Signer;
use crate::templates::environment::Templates;

/// A site that is open for work.
#[derive(Debug)]
pub struct Site {
    /// Its configuration.
    pub config: Box<Config>,
    /// Its templates.
    pub templates: Templates,
    /// Its store.
    pub store: Arc<dyn Store>,
    /// Its tokens.
    pub signer: Signer,
    /// The time.
    pub clock: Clock,
}

impl Site {
    /// Where copies of what was fetched are kept.
    #[must_use]
    pub fn sources(&self) -> PathBuf {
        sources(&self.config)
    }

    /// What opening issues takes; none without `[mail]`.
    #[must_use]
    pub fn press<'a>(&'a self, stock: &'a Stock) -> Option<Press<'a>> {
        Some(Press {
            stock,
            catalog: &self.config.catalog,
            mail: self.config.mail.as_ref()?,
            templates: &self.templates,
            archive: self.config.archive.as_ref(),
            signer: &self.signer,
            now: self.clock.now(),
        })
    }
}

/// Where copies of what was fetched are kept.
#[must_use]
pub fn sources(config: &Config) -> PathBuf {
    config.state_folder().join("sources")
}

/// Reads the configuration; in a box, for it is large and goes into many futures.
///
/// # Errors
/// Everything that is wrong with it.
pub fn configuration(arguments: &Arguments) -> Result<Box<Config>, Failure> {
    let asked = arguments.config.as_deref();
    let file = config::find(asked)
        .map_err(|faults| Failure::Config(asked.unwrap_or(Path::new("")).into(), faults))?;
    config::load(&file).map(Box::new).map_err(|faults| Failure::Config(file, faults))
}

/// Opens the site for work: its store is made where it is missing.
///
/// # Errors
/// A faulty configuration, a store that can't be opened.
pub async fn open(arguments: &Arguments) -> Result<Site, Failure> {
    let config = configuration(arguments)?;
    make_folder(config.state_folder())?;
    let store = open_store(&config.store).await?;
    site(config, store, arguments).await
}

/// Opens the site to look at: where there is no store, an empty one that is forgotten takes its place.
///
/// # Errors
/// A faulty configuration, a store that can't be opened.
pub async fn look(arguments: &Arguments) -> Result<Site, Failure> {
    let config = configuration(arguments)?;
    let store = match look_at_store(&config.store).await? {
        Some(store) => store,
        None => Arc::new(SqliteStore::in_memory().await?),
    };
    site(config, store, arguments).await
}

/// The store at a place; it is made where it is missing.
///
/// # Errors
/// A store that can't be opened, and why.
pub async fn open_store(place: &Place) -> Result<Arc<dyn Store>, Failure> {
    let opened: Result<Arc<dyn Store>, StoreError> = match place {
        Place::File(file) => {
            make_folder(file.parent().unwrap_or(Path::new("/")))?;
            SqliteStore::open(file).await.map(|store| Arc::new(store) as _)
        }
        Place::Server(database) => {
            // On the heap, for greeting a server takes much state, which every command would have in its own.
            Box::pin(PostgresStore::open(server(database)?)).await.map(|store| Arc::new(store) as _)
        }
    };
    Ok(opened.with_context(|| place.to_string())?)
}

/// The store at a place, if it is there.
///
/// # Errors
/// A store that can't be opened, and why.
pub async fn look_at_store(place: &Place) -> Result<Option<Arc<dyn Store>>, Failure> {
    match place {
        Place::File(file) => {
            let there = file.try_exists();
            let there = there.with_context(|| format!("{} can't be looked for", file.display()))?;
            if there { open_store(place).await.map(Some) } else { Ok(None) }
        }
        Place::Server(database) => {
            let store = Box::pin(PostgresStore::look(server(database)?)).await;
            let store = store.with_context(|| place.to_string())?;
            Ok(store.map(|store| Arc::new(store) as _))
        }
    }
}

/// The address of a server.
///
/// # Errors
/// It is none, which the configuration's check would have said.
pub fn server(database: &Database) -> Result<&Url, Failure> {
    match database {
        Database::Postgres(address) => Ok(address),
        other => {
            Err(Failure::usage(format!("{other} is no store"), "write a file, or postgres://user@host/name"))
        }
    }
}

/// Makes a folder for the store. It holds addresses, and so does what is kept beside it: the folder is for its owner alone.
///
/// # Errors
/// It can't be made.
pub fn make_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(folder);
    Ok(made.with_context(|| format!("the store's folder {} can't be made", folder.display()))?)
}

async fn site(config: Box<Config>, store: Arc<dyn Store>, arguments: &Arguments) -> Result<Site, Failure> {
    let clock = clock(arguments);
    let ring = KeyRing::new(&store.keys(clock.now()).await?);
    let signer = Signer::new(ring.context("the store has lost its keys; restore it from a copy")?);
    let templates = Templates::new(config.templates.is_dir().then_some(config.templates.as_path()));
    Ok(Site { config, templates, store, signer, clock })
}

/// The system's clock, or the moment that was asked for.
#[must_use]
pub fn clock(arguments: &Arguments) -> Clock {
    arguments.at.map_or_else(Clock::system, Clock::fixed)
}

/// The digests with these names; all without names.
///
/// # Errors
/// A name that no digest has.
pub fn chosen<'a>(config: &'a Config, names: &[String]) -> Result<Vec<&'a Digest>, Failure> {
    for name in names {
        if !config.digests.iter().any(|digest| digest.name == *name) {
            let known: Vec<&str> = config.digests.iter().map(|digest| digest.name.as_str()).collect();
            let message = format!("there is no digest {name:?}");
            return Err(Failure::usage(message, format!("the configuration has: {}", known.join(", "))));
        }
    }
    let wanted = |digest: &&Digest| names.is_empty() || names.contains(&digest.name);
    Ok(config.digests.iter().filter(wanted).collect())
}

/// The way out that the configuration names.
///
/// # Errors
/// Settings that can't work.
pub fn transport(config: &Config) -> Result<Transport, Failure> {
    match config.delivery.transport {
        Kind::File => Ok(Transport::File(Outbox::new(&config.delivery.outbox))),
        Kind::Smtp => Relay::new(config.smtp.clone())
            .map(Transport::Smtp)
            .map_err(|refusal| Failure::usage(refusal.to_string(), "look at [smtp] in the configuration")),
    }
}

/// What signs mails for the sender's domain; none without `[[mail.dkim]]`. Warns of keys that everybody can read.
///
/// # Errors
/// A key that can't be read any more.
pub fn dkim(config: &Config, output: &Output) -> Result<Option<DkimSigner>, Failure> {
    if config.dkim.is_empty() {
        return Ok(None);
    }
    let signer = DkimSigner::open(config.smtp.profile, &config.dkim)
        .map_err(|unusable| Failure::usage(unusable.to_string(), unusable.fault.hint()))?;
    for file in config.dkim.iter().map(|identity| &identity.key_file) {
        let mode = file.metadata().map_or(0, |data| data.permissions().mode());
        if mode & 0o007 != 0 {
            let message = format!("{} can be read by everybody on this machine", shown(file));
            output.warning(
                &message,
                &format!("whoever has it can sign in your name: chmod o= {}", shown(file)),
            );
        }
    }
    Ok(Some(signer))
}

/// Moves a progress bar with each delivery.
#[must_use]
pub fn watcher(bar: &ProgressBar) -> Watcher {
    let bar = bar.clone();
    Arc::new(move |event| match event {
        Event::Settled(_) | Event::Withdrawn => bar.inc(1),
    })
}

/// Says when to stop taking on deliveries: when the time budget is over, or at the first Ctrl-C or SIGTERM.
///
/// # Errors
/// As of [`stop`].
pub fn enough(budget: Option<Duration>) -> std::io::Result<Enough> {
    let end = budget.and_then(|budget| Instant::now().checked_add(budget));
    let stop = stop()?;
    Ok(Arc::new(move || *stop.borrow() || end.is_some_and(|end| Instant::now() >= end)))
}

/// Becomes true at the first Ctrl-C or SIGTERM. At a second one the process ends at once; the next run settles what was
/// under way.
///
/// # Errors
/// The system tells of no signals.
pub fn stop() -> std::io::Result<watch::Receiver<bool>> {
    let (told, stop) = watch::channel(false);
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if told.send_replace(true) {
                std::process::exit(130);
            }
        }
    });
    Ok(stop)
}

/// Where asynchronous work runs: where mails are delivered on all cores, for much of that is encryption; else on this
/// thread, for nothing is asked for at the same time.
///
/// # Errors
/// The system gives no threads.
pub fn runtime(command: &Command) -> std::io::Result<tokio::runtime::Runtime> {
    let mut builder = match command {
        Command::Run(_) | Command::Send(_) | Command::Serve(_) => Builder::new_multi_thread(),
        _ => Builder::new_current_thread(),
    };
    builder.enable_all().build()
}

/// Logs on standard error. The mail libraries log passwords at their lowest levels, and the database's where a line of
/// ~/.pgpass is broken, so they never get to.
pub fn start_log(arguments: &Arguments) {
    let filter = EnvFilter::try_new(format!(
        "{},lettre=info,async_imap=info,sqlx_postgres::options=error",
        arguments.log
    ))
    .unwrap_or_else(|_| EnvFilter::new("error"));
    let builder =
        tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter).with_target(false);
    // A second logger in one process is the only way to fail.
    let _ = builder.try_init();
}
