//! What the page listens to (HTML, 9.2, server-sent events): one event once there are other proofs than those it shows.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_core::Stream;
use tokio::sync::{mpsc, watch};

use crate::preview::proof::Proofs;

/// The events of one page.
#[derive(Debug)]
pub struct Events(mpsc::Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}

/// For a page that shows the proofs of `version`: it is told at once if there are others already.
pub fn since(
    mut proofs: watch::Receiver<Arc<Proofs>>,
    version: String,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let changed = async {
            let event = match proofs.wait_for(|proofs| proofs.version != version).await {
                Ok(proofs) => Event::default().event("changed").data(&proofs.version),
                // Nobody makes proofs any more.
                Err(_) => return,
            };
            let _ = sender.send(event).await;
            // A page that does not load itself anew hears no more, and stays connected.
            sender.closed().await;
        };
        // One that nobody listens to any more ends, too.
        tokio::select! {
            () = changed => {}
            () = sender.closed() => {}
        }
    });
    Sse::new(Events(receiver)).keep_alive(KeepAlive::default())
}
