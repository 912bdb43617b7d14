//! Where the server listens: at a port, at a socket in the file system, or at one that systemd opened.

use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;

use listenfd::ListenFd;
use tokio::net::{TcpListener, UnixListener};

use crate::web::server::Listening;
use crate::web::settings::Listen;

/// The one that systemd hands over, else the one that the configuration names.
///
/// # Errors
/// It can't be listened there.
pub async fn open(place: &Listen) -> io::Result<Listening> {
    let mut handed = ListenFd::from_env();
    if handed.len() > 0 {
        if let Ok(Some(listener)) = handed.take_tcp_listener(0) {
            listener.set_nonblocking(true)?;
            return Ok(Listening::Port(TcpListener::from_std(listener)?));
        }
        if let Some(listener) = handed.take_unix_listener(0)? {
            listener.set_nonblocking(true)?;
            return Ok(Listening::Unix(UnixListener::from_std(listener)?));
        }
    }
    match place {
        Listen::Port(address) => Ok(Listening::Port(TcpListener::bind(address).await?)),
        Listen::Unix(path) => unix(path),
    }
}

/// A server that died leaves its socket behind. One that lives is not to be pushed aside.
fn unix(path: &Path) -> io::Result<Listening> {
    let is_socket = path.symlink_metadata().is_ok_and(|data| data.file_type().is_socket());
    if is_socket {
        if std::os::unix::net::UnixStream::connect(path).is_ok() {
            return Err(io::Error::new(io::ErrorKind::AddrInUse, "another server listens there"));
        }
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    // For its owner and group: the proxy's.
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
    Ok(Listening::Unix(listener))
}
