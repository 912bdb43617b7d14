//! The stream under lettre's connection: TCP or TLS, with an eye on what passes. lettre holds one handle and
//! our session the other. It hands lettre one clean reply line at a time, bounds what a server may say, keeps
//! the last reply, and counts the bytes that may have left. Knows no command and no outcome.
//!
//! Why not lettre's own stream (0.11.23): its `read_line` keeps an endless line in memory; a Latin-1 byte or a
//! bare "250" (legal: RFC 5321 section 4.2) is an error to it, which after the final dot means a duplicate;
//! and replies that were injected in clear behind STARTTLS survive in its buffer into the TLS session.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::mail::tls::Tls;

/// RFC 5321 section 4.5.3.1.5 allows 512 octets; lettre refuses lines above 1000.
const LINE_LIMIT: usize = 1000;

/// A whole reply: room for far more than any EHLO list, little enough to hold and to parse again line by line,
/// as lettre does.
const REPLY_LIMIT: usize = 16 * 1024;

/// The most that one TLS record holds (RFC 8446 section 5.1). Larger writes are split, so that a failure in
/// an early record isn't taken for one that may have carried the final dot.
const RECORD: usize = 16 * 1024;

/// A handle on one connection's stream.
#[derive(Clone)]
pub(super) struct Wire(Arc<Mutex<State>>);

struct State {
    socket: Socket,
    peer: SocketAddr,
    /// Read from the socket and not yet looked at.
    raw: Vec<u8>,
    /// Clean lines that lettre has not yet read.
    ready: Vec<u8>,
    reply: Vec<String>,
    reply_bytes: usize,
    reply_complete: bool,
    handed: usize,
}

enum Socket {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// While the handshake has it, and for good when that failed.
    Gone,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(State {
            peer: stream.peer_addr()?,
            socket: Socket::Plain(stream),
            raw: Vec::new(),
            ready: Vec::new(),
            reply: Vec::new(),
            reply_bytes: 0,
            reply_complete: true,
            handed: 0,
        }))))
    }

    /// Turns the plain stream into a TLS stream in its place.
    ///
    /// Anything that the server sent in clear ahead of the handshake is an error (RFC 3207 section 6): what
    /// came with an earlier reply is found here, what still was in the socket fails the handshake.
    pub(super) async fn encrypt(&self, tls: &Tls) -> io::Result<()> {
        let socket = {
            let mut state = self.state();
            if !state.raw.is_empty() || !state.ready.is_empty() {
                return Err(invalid("the server spoke in clear when TLS should have begun"));
            }
            std::mem::replace(&mut state.socket, Socket::Gone)
        };
        let Socket::Plain(stream) = socket else {
            return Err(invalid("the connection is encrypted already"));
        };
        let stream = tls.handshake(stream).await?;
        self.state().socket = Socket::Tls(Box::new(stream));
        Ok(())
    }

    /// The lines of the reply that lettre read last, codes included, without line ends.
    pub(super) fn last_reply(&self) -> Vec<String> {
        self.state().reply.clone()
    }

    /// Counts from zero again.
    pub(super) fn restart_count(&self) {
        self.state().handed = 0;
    }

    /// How many bytes since `restart_count` may have reached the server; never less than did.
    pub(super) fn may_have_left(&self) -> usize {
        self.state().handed
    }

    /// True while the server has said nothing that nobody asked for, and hasn't hung up. Doesn't wait.
    pub(super) fn is_quiet(&self) -> bool {
        let mut state = self.state();
        let mut scratch = [0; 1];
        state.raw.is_empty()
            && state.ready.is_empty()
            && state
                .socket
                .poll_read(&mut Context::from_waker(Waker::noop()), &mut ReadBuf::new(&mut scratch))
                .is_pending()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Reads what the socket has. An end is an error, so that it can't be taken for a bad reply.
    fn fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut chunk = [0; 4096];
        let mut buffer = ReadBuf::new(&mut chunk);
        ready!(self.socket.poll_read(cx, &mut buffer))?;
        if buffer.filled().is_empty() {
            let closed = io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection");
            return Poll::Ready(Err(closed));
        }
        self.raw.extend_from_slice(buffer.filled());
        Poll::Ready(Ok(()))
    }

    /// Moves one line of `length` raw bytes, its LF included, to where lettre reads.
    fn take_line(&mut self, length: usize) -> io::Result<()> {
        let line = clean(&self.raw[..length]);
        self.raw.drain(..length);
        if self.reply_complete {
            self.reply.clear();
            self.reply_bytes = 0;
        }
        self.reply_bytes += length;
        if length > LINE_LIMIT || self.reply_bytes > REPLY_LIMIT {
            return Err(invalid("the server's reply is longer than any reply should be"));
        }
        self.reply_complete = line.as_bytes().get(3) != Some(&b'-');
        self.ready.extend_from_slice(line.as_bytes());
        // The space is optional to RFC 5321 and required by lettre.
        self.ready.extend_from_slice(if line.len() == 3 { b" \r\n" } else { b"\r\n" });
        self.reply.push(line);
        Ok(())
    }
}

/// The line without its end, every byte that isn't printable ASCII or UTF-8 a question mark.
fn clean(raw: &[u8]) -> String {
    let line = raw.trim_ascii_end();
    let text = match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => line.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { '?' }).collect(),
    };
    text.replace(|c: char| c.is_control() && c != '\t', "?")
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Socket {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.state();
        while state.ready.is_empty() {
            match state.raw.iter().position(|&byte| byte == b'\n') {
                Some(end) => state.take_line(end + 1)?,
                None if state.raw.len() > LINE_LIMIT => {
                    return Poll::Ready(Err(invalid("the server's reply line doesn't end")));
                }
                None => ready!(state.fill(cx))?,
            }
        }
        let length = state.ready.len().min(buffer.remaining());
        buffer.put_slice(&state.ready[..length]);
        state.ready.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut state = self.state();
        let (written, left_on_error) = match &mut state.socket {
            Socket::Plain(stream) => (ready!(Pin::new(stream).poll_write(cx, bytes)), 0),
            Socket::Tls(stream) => {
                let record = &bytes[..bytes.len().min(RECORD)];
                // rustls may have sent a record before the socket failed.
                (ready!(Pin::new(stream).poll_write(cx, record)), record.len())
            }
            Socket::Gone => return Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        };
        state.handed += *written.as_ref().unwrap_or(&left_on_error);
        Poll::Ready(written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.state().socket {
            Socket::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Socket::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Socket::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.state().socket {
            Socket::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Socket::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Socket::Gone => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.state().peer)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wire").field(&self.state().peer).finish()
    }
}
