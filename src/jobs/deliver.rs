//! Delivering: what waits is leased, made into messages, handed over, and settled.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use serde::Serialize;

use crate::clock::Clock;
use crate::delivery::retry::Policy;
use crate::delivery::scribe::{Desk, Ledger, LedgerError};
use crate::delivery::settings::Settings;
use crate::delivery::state::{Leased, Settlement, Verdict};
use crate::delivery::transport::Transport;
use crate::delivery::worker::{Crew, Event, Parcel, Stop, Watcher};
use crate::digest::message::Stamp;
use crate::digest::recipient::Recipient;
use crate::mail::dkim::sign::Signer as DkimSigner;
use crate::store::Store;
use crate::subscribers::token::Signer;

/// Deliveries that are leased at a time: enough to keep every connection busy, few enough to forget at a kill.
const CHUNK: u32 = 500;

/// What delivering did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The receiver took responsibility.
    pub sent: u64,
    /// To be tried again.
    pub deferred: u64,
    /// Refused or given up.
    pub failed: u64,
    /// Nobody knows whether they arrived: they are sent again, or held.
    pub uncertain: u64,
    /// Cancelled, because the subscriber left or was suppressed meanwhile.
    pub withdrawn: u64,
    /// Whether time ran out, or somebody asked to stop, with deliveries still waiting.
    pub left_early: bool,
}

/// Why delivering ended early, with what it did until then.
#[derive(Debug)]
pub struct Interrupted {
    /// What was done.
    pub report: Report,
    /// Why no more was done.
    pub stop: Stop,
}

/// Says whether to stop.
pub type Enough = Arc<dyn Fn() -> bool + Send + Sync>;

/// How messages are handed over.
pub struct Delivery<'a> {
    /// Table `[delivery]`.
    pub settings: &'a Settings,
    /// Where messages go.
    pub transport: Transport,
    /// Makes tokens.
    pub signer: &'a Signer,
    /// Signs messages for the sender's domain; none where it has no key.
    pub dkim: Option<&'a DkimSigner>,
    /// The time.
    pub clock: Clock,
    /// Whether to stop taking on more: time is up, or somebody asked.
    pub enough: Enough,
    /// Is told of each delivery.
    pub watcher: Watcher,
}

/// Counts of what happened, from all workers.
#[derive(Default)]
struct Tally {
    sent: AtomicU64,
    deferred: AtomicU64,
    failed: AtomicU64,
    uncertain: AtomicU64,
    withdrawn: AtomicU64,
}

/// Delivers everything that is due. Leftovers of a run that died were recovered before.
///
/// # Errors
/// The store can't be read. A transport or a ledger that stops it is told in the inner result.
pub async fn deliver(
    delivery: &Delivery<'_>,
    store: &Arc<dyn Store>,
) -> Result<std::result::Result<Report, Interrupted>> {
    let now = delivery.clock.now();
    let owner = format!("{}-{}", std::process::id(), now.timestamp());
    let tally = Arc::new(Tally::default());
    let (counted, watcher) = (Arc::clone(&tally), Arc::clone(&delivery.watcher));
    let watcher: Watcher = Arc::new(move |event| {
        counted.count(event);
        watcher(event);
    });
    let (desk, scribe) = Desk::open(Recorder { store: Arc::clone(store), clock: delivery.clock });
    let mut crew = Crew::start(
        delivery.transport.clone(),
        &desk,
        Policy::new(delivery.settings),
        delivery.clock,
        &watcher,
    );
    // Whatever goes wrong here, messages under way are finished: a worker that is dropped between the end of a
    // message and the answer leaves a doubt that there need not be.
    let fed = feed(delivery, &**store, &owner, &mut crew, &desk, &tally).await;
    let stopped = crew.finish().await;
    drop(desk);
    let _ = scribe.await;
    let left_early = fed?;
    let report = Report { left_early, ..tally.report() };
    match stopped {
        // A ledger that can't be written can't take leases back either; the next run does.
        Err(stop @ (Stop::Ledger(_) | Stop::Failed(_))) => Ok(Err(Interrupted { report, stop })),
        stopped => {
            store.release(&owner).await?;
            store.close_issues().await?;
            Ok(stopped.map(|()| report).map_err(|stop| Interrupted { report, stop }))
        }
    }
}

/// Leases, builds and queues until nothing is due; says whether it stopped before.
async fn feed(
    delivery: &Delivery<'_>,
    store: &dyn Store,
    owner: &str,
    crew: &mut Crew,
    desk: &Desk,
    tally: &Tally,
) -> Result<bool> {
    let mut editions = HashMap::new();
    loop {
        let leased = store.lease(owner, CHUNK, delivery.clock.now()).await?;
        if leased.is_empty() {
            return Ok(false);
        }
        for item in leased {
            if (delivery.enough)() {
                return Ok(true);
            }
            let stamp = stamp(&mut editions, &item, store).await?;
            let going = match parcel(&item, stamp, delivery.signer, delivery.dkim) {
                Ok(parcel) => crew.take(parcel).await,
                Err(reason) => {
                    let verdict = Verdict::Failed { reason };
                    tally.count(&Event::Settled(verdict.clone()));
                    let settlement =
                        Settlement { delivery: item.delivery, at: delivery.clock.now(), verdict };
                    desk.settle(settlement).await.is_ok()
                }
            };
            if !going {
                return Ok(false);
            }
        }
    }
}

/// An edition is read from the store once for all who get it.
async fn stamp<'e>(
    editions: &'e mut HashMap<(i64, String), Stamp>,
    item: &Leased,
    store: &dyn Store,
) -> Result<&'e Stamp> {
    let key = (item.issue, item.edition.clone());
    if !editions.contains_key(&key) {
        // Deliveries come by issue: editions of earlier ones are not needed again.
        editions.retain(|(issue, _), _| *issue == item.issue);
        let frozen = store.frozen(item.issue, &item.edition).await?;
        let stamp = Stamp::new(&frozen.letterhead, &frozen.edition).ok_or_else(|| {
            anyhow::anyhow!(
                "the messages of issue {} are of a newer version of Tidings; send them with it",
                item.issue
            )
        })?;
        editions.insert(key.clone(), stamp);
    }
    editions
        .get(&key)
        .ok_or_else(|| anyhow::anyhow!("the edition {} of issue {} is gone", item.edition, item.issue))
}

/// The message of a delivery, ready to be handed over.
///
/// # Errors
/// Why no message can be made for this recipient.
pub fn parcel(
    item: &Leased,
    stamp: &Stamp,
    signer: &Signer,
    dkim: Option<&DkimSigner>,
) -> std::result::Result<Parcel, String> {
    let recipient = Recipient {
        subscriber: item.subscriber,
        issue: item.issue,
        opened: item.opened,
        name: item.name.clone(),
        address: item.address.clone(),
    };
    let mut message = stamp.message(&recipient, signer).map_err(|error| error.to_string())?;
    if let Some(dkim) = dkim {
        // As of the issue's opening: a second attempt has the same bytes.
        message = dkim.signed(&message, item.opened).map_err(|error| error.to_string())?;
    }
    Ok(Parcel {
        delivery: item.delivery,
        sender: recipient.return_path(&stamp.letterhead, signer),
        recipient: item.address.to_string(),
        name: recipient.delivery_name(&stamp.letterhead),
        message,
        attempt: item.attempts + 1,
        opened: item.opened,
    })
}

/// The store's ledger, as workers see it.
struct Recorder {
    store: Arc<dyn Store>,
    clock: Clock,
}

impl Ledger for Recorder {
    async fn record(
        &self,
        begin: Vec<i64>,
        settle: Vec<Settlement>,
    ) -> std::result::Result<Vec<i64>, LedgerError> {
        let recorded = self.store.record_attempts(&begin, &settle, self.clock.now()).await;
        recorded.map_err(|error| LedgerError(error.to_string()))
    }
}

impl Tally {
    fn count(&self, event: &Event) {
        let counter = match event {
            Event::Withdrawn => &self.withdrawn,
            Event::Settled(Verdict::Sent { .. }) => &self.sent,
            Event::Settled(Verdict::Deferred { .. } | Verdict::Released { .. }) => &self.deferred,
            Event::Settled(Verdict::Failed { .. }) => &self.failed,
            Event::Settled(Verdict::Again { .. } | Verdict::Held { .. }) => &self.uncertain,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn report(&self) -> Report {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Report {
            sent: read(&self.sent),
            deferred: read(&self.deferred),
            failed: read(&self.failed),
            uncertain: read(&self.uncertain),
            withdrawn: read(&self.withdrawn),
            left_early: false,
        }
    }
}
