//! Workers: each owns a connection and hands one message after the other over, recording before and after.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::delivery::outcome::Refusal;
use crate::delivery::retry::Policy;
use crate::delivery::scribe::{Desk, LedgerError};
use crate::delivery::state::{Settlement, Verdict};
use crate::delivery::transport::{Connection, Envelope, Transport};

/// A message ready to be handed over.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The ledger's number of the delivery.
    pub delivery: i64,
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipient.
    pub recipient: String,
    /// A name that is this delivery's at every attempt.
    pub name: String,
    /// The message.
    pub message: Vec<u8>,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// When the issue was opened.
    pub opened: DateTime<Utc>,
}

/// Why all workers stopped before the work was done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Stop {
    /// The transport takes nothing more; nobody is to blame.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The ledger can't be written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A worker failed in a way that nobody thought of.
    #[error("a worker failed: {0}; this is a fault in Tidings")]
    Failed(String),
}

/// What happened to a parcel, for whoever watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was settled.
    Settled(Verdict),
    /// It was withdrawn just before the attempt.
    Withdrawn,
}

/// Whoever watches.
pub type Watcher = Arc<dyn Fn(&Event) + Send + Sync>;

/// A crew of workers, and the queue that feeds it.
#[derive(Debug)]
pub struct Crew {
    queue: mpsc::Sender<Parcel>,
    stop: Arc<watch::Sender<Option<Stop>>>,
    returned: Arc<Returned>,
    workers: JoinSet<()>,
}

struct Worker {
    transport: Arc<Transport>,
    queue: Arc<Mutex<mpsc::Receiver<Parcel>>>,
    returned: Arc<Returned>,
    desk: Desk,
    policy: Policy,
    clock: Clock,
    watcher: Watcher,
    stop: Arc<watch::Sender<Option<Stop>>>,
}

/// What workers that could not connect left for those that could.
#[derive(Debug, Default)]
struct Returned {
    parcels: std::sync::Mutex<Vec<Parcel>>,
    /// Why the last of them could not.
    refusal: std::sync::Mutex<Option<Refusal>>,
    /// How many parcels were queued and not dealt with.
    open: AtomicUsize,
}

impl Crew {
    /// Starts as many workers as the transport has connections.
    #[must_use]
    pub fn start(transport: Transport, desk: &Desk, policy: Policy, clock: Clock, watcher: &Watcher) -> Self {
        let count = transport.connections().max(1);
        let transport = Arc::new(transport);
        // Enough that no worker waits for the next message to be built, few enough to forget at a stop.
        let (queue, waiting) = mpsc::channel(count * 4);
        // The workers alone hold the receiving end: when the last of them is gone, nothing more can be queued.
        let waiting = Arc::new(Mutex::new(waiting));
        let returned = Arc::new(Returned::default());
        let stop = Arc::new(watch::channel(None).0);
        let mut workers = JoinSet::new();
        for _ in 0..count {
            let worker = Worker {
                transport: Arc::clone(&transport),
                queue: Arc::clone(&waiting),
                returned: Arc::clone(&returned),
                desk: desk.clone(),
                policy,
                clock,
                watcher: Arc::clone(watcher),
                stop: Arc::clone(&stop),
            };
            workers.spawn(worker.run());
        }
        Self { queue, stop, returned, workers }
    }

    /// Queues a parcel; `false` once the crew has stopped.
    pub async fn take(&mut self, parcel: Parcel) -> bool {
        let mut stopped = self.stop.subscribe();
        self.returned.open.fetch_add(1, Ordering::SeqCst);
        tokio::select! {
            biased;
            _ = stopped.wait_for(Option::is_some) => false,
            sent = self.queue.send(parcel) => sent.is_ok(),
        }
    }

    /// Waits until all that was queued is settled, or all workers have stopped; says why, if they had to.
    ///
    /// # Errors
    /// Why the crew stopped before the work was done.
    pub async fn finish(self) -> Result<(), Stop> {
        let Self { queue, stop, returned, mut workers } = self;
        drop(queue);
        let mut failed = None;
        while let Some(ended) = workers.join_next().await {
            if let Err(error) = ended {
                failed = Some(Stop::Failed(error.to_string()));
            }
        }
        let stopped = stop.borrow().clone();
        let unable = || Some(Stop::Refused(returned.left_over()?));
        failed.or(stopped).or_else(unable).map_or(Ok(()), Err)
    }
}

impl Returned {
    fn put(&self, parcel: Parcel) {
        lock(&self.parcels).push(parcel);
    }

    fn get(&self) -> Option<Parcel> {
        lock(&self.parcels).pop()
    }

    /// Why parcels are left that nobody could deal with.
    fn left_over(&self) -> Option<Refusal> {
        if self.open.load(Ordering::SeqCst) == 0 { None } else { lock(&self.refusal).clone() }
    }
}

impl Worker {
    async fn run(self) {
        let mut connection = None;
        while let Some(parcel) = self.next().await {
            if let Err(stop) = self.hand_over(&mut connection, parcel).await {
                self.give_up(stop);
                break;
            }
        }
        if let Some(connection) = connection {
            connection.close().await;
        }
    }

    /// A server that takes fewer connections than we would open is no reason to stop those that it takes: this
    /// worker ends alone, and if it was the last, the crew finds what it left. Everything else stops all; the
    /// first reason is the one that counts.
    fn give_up(&self, stop: Stop) {
        if let Stop::Refused(refusal @ Refusal::Unreachable { .. }) = stop {
            *lock(&self.returned.refusal) = Some(refusal);
            return;
        }
        self.stop.send_if_modified(|current| {
            let first = current.is_none();
            current.get_or_insert(stop);
            first
        });
    }

    /// The next parcel; none at the end of the queue, or once anybody has stopped.
    async fn next(&self) -> Option<Parcel> {
        let mut stopped = self.stop.subscribe();
        let mut queue = self.queue.lock().await;
        if let Some(returned) = self.returned.get() {
            return Some(returned);
        }
        tokio::select! {
            biased;
            _ = stopped.wait_for(Option::is_some) => None,
            // What came back while this one waited at the end of the queue is its own to take.
            parcel = queue.recv() => parcel.or_else(|| self.returned.get()),
        }
    }

    async fn hand_over(&self, connection: &mut Option<Connection>, parcel: Parcel) -> Result<(), Stop> {
        // Connected before the delivery is marked: a server that is down must not make anybody uncertain.
        let open = match connection.take().filter(Connection::usable) {
            Some(open) => open,
            None => match self.transport.connect().await {
                Ok(open) => open,
                Err(refusal) => {
                    self.returned.put(parcel);
                    return Err(refusal.into());
                }
            },
        };
        let open = connection.insert(open);
        if !self.desk.begin(parcel.delivery).await? {
            self.returned.open.fetch_sub(1, Ordering::SeqCst);
            (self.watcher)(&Event::Withdrawn);
            return Ok(());
        }
        let envelope = Envelope { sender: &parcel.sender, recipient: &parcel.recipient };
        let outcome = open.send(&envelope, &parcel.name, &parcel.message).await;
        let now = self.clock.now();
        match outcome {
            Ok(outcome) => {
                let verdict = self.policy.verdict(outcome, parcel.attempt, parcel.opened, now);
                self.settle(parcel.delivery, verdict, now).await
            }
            Err(refusal) => {
                self.settle(parcel.delivery, self.policy.released(refusal.to_string(), now), now).await?;
                Err(refusal.into())
            }
        }
    }

    async fn settle(&self, delivery: i64, verdict: Verdict, at: DateTime<Utc>) -> Result<(), Stop> {
        let event = Event::Settled(verdict.clone());
        self.desk.settle(Settlement { delivery, at, verdict }).await?;
        self.returned.open.fetch_sub(1, Ordering::SeqCst);
        (self.watcher)(&event);
        Ok(())
    }
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
