//! The scribe: one task that writes to the ledger what all connections have to say, as many at a time as there
//! are, so that they share one durable commit.

use std::future::Future;

use tokio::sync::{mpsc, oneshot};

use crate::delivery::state::Settlement;

/// Most records of one commit: enough for every connection, and a bound on how long one takes.
const MOST_AT_ONCE: usize = 1_000;

/// The ledger, as far as workers see it.
pub trait Ledger: Send + Sync + 'static {
    /// Records settlements, and marks deliveries as attempting; returns those of `begin` that may be attempted.
    /// The others were withdrawn meanwhile, with the reason on record. Durable when it returns.
    ///
    /// # Errors
    /// The ledger can't be written: nothing of this call is recorded.
    fn record(
        &self,
        begin: Vec<i64>,
        settle: Vec<Settlement>,
    ) -> impl Future<Output = Result<Vec<i64>, LedgerError>> + Send;
}

/// The ledger can't be written: sending has to stop.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the delivery ledger can't be written: {0}")]
pub struct LedgerError(pub String);

enum Request {
    Begin(i64, oneshot::Sender<Result<bool, LedgerError>>),
    Settle(Settlement, oneshot::Sender<Result<bool, LedgerError>>),
}

/// Where workers leave what is to be recorded. The scribe ends when the last of them is gone.
#[derive(Clone, Debug)]
pub struct Desk {
    requests: mpsc::Sender<Request>,
}

impl Desk {
    /// Sets up a scribe for a ledger.
    pub fn open<L: Ledger>(ledger: L) -> (Self, tokio::task::JoinHandle<()>) {
        let (requests, received) = mpsc::channel(MOST_AT_ONCE);
        (Self { requests }, tokio::spawn(write(ledger, received)))
    }

    /// Marks a delivery as attempting; `false` where it was withdrawn meanwhile. Durable when it returns.
    ///
    /// # Errors
    /// The ledger can't be written: it must not be attempted.
    pub async fn begin(&self, delivery: i64) -> Result<bool, LedgerError> {
        self.ask(|answer| Request::Begin(delivery, answer)).await
    }

    /// Records the end of an attempt. Durable when it returns.
    ///
    /// # Errors
    /// The ledger can't be written: nothing more must be attempted.
    pub async fn settle(&self, settlement: Settlement) -> Result<(), LedgerError> {
        self.ask(|answer| Request::Settle(settlement, answer)).await.map(|_| ())
    }

    async fn ask(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<bool, LedgerError>>) -> Request,
    ) -> Result<bool, LedgerError> {
        let (answer, answered) = oneshot::channel();
        let gone = || LedgerError("its writer has ended".to_owned());
        self.requests.send(request(answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

async fn write<L: Ledger>(ledger: L, mut requests: mpsc::Receiver<Request>) {
    let mut batch = Vec::new();
    while requests.recv_many(&mut batch, MOST_AT_ONCE).await > 0 {
        let (mut begin, mut settle, mut answers) = (Vec::new(), Vec::new(), Vec::new());
        for request in batch.drain(..) {
            match request {
                Request::Begin(delivery, answer) => {
                    begin.push(delivery);
                    answers.push((Some(delivery), answer));
                }
                Request::Settle(settlement, answer) => {
                    settle.push(settlement);
                    answers.push((None, answer));
                }
            }
        }
        let recorded = ledger.record(begin, settle).await;
        for (delivery, answer) in answers {
            let told = match &recorded {
                Ok(allowed) => Ok(delivery.is_none_or(|delivery| allowed.contains(&delivery))),
                Err(error) => Err(error.clone()),
            };
            // A worker that was stopped does not wait for its answer.
            let _ = answer.send(told);
        }
    }
}
