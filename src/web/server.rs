//! The server: accepts connections until it is told to stop, and lets what it shows come to its end.

use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};
use tokio::time::sleep;

use crate::web::desk::Desk;
use crate::web::peer::Peer;
use crate::web::router::router;

/// How long pages that are being shown may take once one was told to stop.
const LAST: Duration = Duration::from_secs(10);

/// An open listener.
#[derive(Debug)]
pub enum Listening {
    /// At a port.
    Port(TcpListener),
    /// At a socket.
    Unix(UnixListener),
}

impl Listening {
    /// Where it is, for people.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Port(listener) => listener
                .local_addr()
                .map_or_else(|_| "a port".to_owned(), |address| format!("http://{address}/")),
            Self::Unix(listener) => {
                let path = listener.local_addr().ok().and_then(|at| at.as_pathname().map(Path::to_owned));
                path.map_or_else(|| "a socket".to_owned(), |path| format!("unix:{}", path.display()))
            }
        }
    }
}

/// Serves until `told` is ready, and then until nothing is shown any more; when `late` has been ready for a while, it ends
/// all the same.
///
/// # Errors
/// Connections can't be accepted.
pub async fn run(
    listening: Listening,
    desk: Arc<Desk>,
    told: impl Future<Output = ()> + Send + 'static,
    late: impl Future<Output = ()>,
) -> io::Result<()> {
    let pages = router(desk).into_make_service_with_connect_info::<Peer>();
    let served = async {
        match listening {
            Listening::Port(listener) => axum::serve(listener, pages).with_graceful_shutdown(told).await,
            Listening::Unix(listener) => axum::serve(listener, pages).with_graceful_shutdown(told).await,
        }
    };
    tokio::select! {
        served = served => served,
        () = async { late.await; sleep(LAST).await } => Ok(()),
    }
}
