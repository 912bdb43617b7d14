//! `tidings preview` without `--out`: proofs are made, and made again whenever something that they depend on has changed,
//! while a server shows them.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use crate::cli::args::{Arguments, Preview};
use crate::cli::browser::open;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::proofing::{self, Round};
use crate::cli::watch_events::{self, Lookout};
use crate::cli::watch_places::{Places, Snapshot};
use crate::cli::wire;
use crate::config;
use crate::preview::asked::Asked;
use crate::preview::proof::Proofs;
use crate::preview::server::{self, Order, Stage};

/// How long one sleeps without a look at the clock: it may be set, and a machine may sleep, too.
const NAP: Duration = Duration::from_mins(1);

/// Where the preview is.
#[derive(Serialize)]
struct Opened {
    address: String,
}

/// Serves until one is told to stop.
///
/// # Errors
/// There is no configuration or no such digest, the port is taken, the system watches no more folders.
pub async fn run(command: &Preview, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let mut stop = wire::stop()?;
    let file = config::find(arguments.config.as_deref())
        .map_err(|faults| Failure::Config(arguments.config.clone().unwrap_or_default(), faults))?;
    let file = std::path::absolute(file)?;
    let names: Vec<String> = command.digest.iter().cloned().collect();
    if let Ok(config) = wire::configuration(arguments) {
        wire::chosen(&config, &names)?;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, command.port)).await.map_err(|error| {
        let message = format!("port {} of 127.0.0.1 can't be used: {error}", command.port);
        Failure::usage(message, "name another with --port, or leave it out to take any that is free")
    })?;
    let asked = Asked { reader: command.subscriber.clone(), ..Asked::default() };
    let address = format!("http://{}{}", listener.local_addr()?, asked.address("/"));
    let (proofs, shown) = watch::channel(Arc::new(Proofs::default()));
    let (ask, orders) = mpsc::channel(4);
    let mut studio =
        Studio { arguments, output, names, proofs, orders, round: None, made: HashMap::new(), count: 0 };
    let begun = || {
        output.result(&Opened { address: address.clone() }, || format!("{address}\n"));
        output.remark("Ctrl-C ends\n");
        if command.open && !open(address.as_ref()) {
            output.warning("no browser could be opened (xdg-open)", "open the address yourself");
        }
    };
    let told = async {
        let _ = stop.wait_for(|told| *told).await;
    };
    tokio::select! {
        served = server::run(listener, Stage { proofs: shown, orders: ask }, told) => {
            served?;
            Ok(Exit::Fine)
        }
        ended = studio.work(&file, begun) => ended,
    }
}

/// Where proofs are made.
struct Studio<'a> {
    arguments: &'a Arguments,
    output: &'a Output,
    names: Vec<String>,
    proofs: watch::Sender<Arc<Proofs>>,
    orders: mpsc::Receiver<Order>,
    /// As everything was when proofs were made last; none where the configuration is broken.
    round: Option<Round>,
    /// Proofs for subscribers, of this round.
    made: HashMap<String, Arc<Proofs>>,
    /// How often proofs were made.
    count: u64,
}

impl Studio<'_> {
    /// Makes proofs, says that it has begun, and makes them again with each change. Ends when the system watches no more.
    async fn work(&mut self, file: &Path, begun: impl FnOnce()) -> Result<Exit, Failure> {
        let mut begun = Some(begun);
        let mut places = Places::of_file(file);
        let mut seen = Snapshot::default();
        let (wake, mut wakes) = mpsc::channel(1);
        let mut lookout = None;
        loop {
            // The system counts what one program watches: the old one goes first, and what changes until the new one is
            // there shows in the snapshot.
            drop(lookout.take());
            if let Ok(config) = wire::configuration(self.arguments) {
                places = Places::of(&config, file).with_mails(&config);
            }
            let (watching, snapshot) = match Lookout::over(&places, &wake) {
                Ok(watching) => watching,
                Err(error) => {
                    self.output.error(&error.to_string(), Some(error.hint()));
                    return Ok(Exit::Io);
                }
            };
            lookout = Some(watching);
            if !snapshot.changes(&seen).is_empty() || self.is_due() {
                Box::pin(self.make()).await;
            }
            seen = snapshot;
            if let Some(begun) = begun.take() {
                begun();
            }
            self.wait(&mut wakes).await;
        }
    }

    /// Answers orders until something may have changed.
    async fn wait(&mut self, wakes: &mut mpsc::Receiver<()>) {
        loop {
            tokio::select! {
                _ = wakes.recv() => {
                    watch_events::settle(wakes).await;
                    return;
                }
                Some(order) = self.orders.recv() => {
                    let proofs = self.proofs_of(&order).await;
                    // Whoever asked may be gone.
                    let _ = order.answer.send(proofs);
                }
                () = sleep(NAP) => {
                    if self.is_due() {
                        return;
                    }
                }
            }
        }
    }

    /// Whether an article is due, or expires.
    fn is_due(&self) -> bool {
        let due = self.round.as_ref().and_then(|round| Some((round.stock.until?, round.site.clock.now())));
        due.is_some_and(|(due, now)| due <= now)
    }

    /// Makes the proofs of now, and shows them.
    async fn make(&mut self) {
        self.made.clear();
        let output = Output::keeping(self.arguments);
        let begun = Round::begin(self.arguments, &output).await;
        let problems = proofing::told(&output);
        let proofs = match &begun {
            Ok(round) => proofing::all(round, &self.names, None, self.arguments).await,
            Err(_) => Ok(Proofs::default()),
        };
        self.round = None;
        let mut troubles = Vec::new();
        match begun {
            Ok(round) => self.round = Some(round),
            Err(failure) => troubles.push(proofing::in_words(failure, self.arguments)),
        }
        let mut proofs = proofs.unwrap_or_else(|failure| {
            troubles.push(proofing::in_words(failure, self.arguments));
            Proofs::default()
        });
        proofs.troubles = troubles;
        proofs.problems = problems;
        let wrong = proofs.digests.iter().filter_map(|digest| digest.trouble.as_ref());
        for text in proofs.troubles.iter().chain(wrong).chain(&proofs.problems) {
            self.output.talk(&format!("{text}\n"));
        }
        self.count += 1;
        // A page outlives the program: the next one at the same port has other versions.
        proofs.version = format!("{}-{}", std::process::id(), self.count);
        self.proofs.send_replace(Arc::new(proofs));
    }

    /// What a subscriber gets.
    async fn proofs_of(&mut self, order: &Order) -> Result<Arc<Proofs>, String> {
        if let Some(made) = self.made.get(&order.reader).filter(|_| !order.is_fresh) {
            return Ok(Arc::clone(made));
        }
        let usual = Arc::clone(&self.proofs.borrow());
        // What is in the way of all is shown by all.
        let Some(round) = &self.round else { return Ok(usual) };
        let made = async {
            let reader = round.subscriber(&order.reader).await?;
            proofing::all(round, &self.names, Some(&reader), self.arguments).await
        };
        let proofs = made.await.map_err(|failure| proofing::in_words(failure, self.arguments))?;
        let (version, problems) = (usual.version.clone(), usual.problems.clone());
        let proofs = Arc::new(Proofs { version, problems, ..proofs });
        self.made.insert(order.reader.clone(), Arc::clone(&proofs));
        Ok(proofs)
    }
}
