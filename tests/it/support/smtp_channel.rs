//! The server's end of one connection: lines in, bytes out, in clear or over TLS. Knows no commands.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::smtp_server::Shared;

/// TCP or TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(super) struct Channel {
    stream: BufReader<Box<dyn Stream>>,
    pub(super) shared: Arc<Shared>,
    /// Counted from 1.
    pub(super) connection: usize,
    pub(super) encrypted: bool,
}

impl Channel {
    pub(super) fn new(stream: TcpStream, shared: Arc<Shared>) -> Self {
        let connection = {
            let mut log = shared.log();
            log.connections += 1;
            log.connections
        };
        let stream = BufReader::new(Box::new(stream) as Box<dyn Stream>);
        Self { stream, shared, connection, encrypted: false }
    }

    pub(super) async fn encrypt(&mut self) -> io::Result<()> {
        let certified = self.shared.certified.as_ref().expect("a server with TLS has a certificate");
        let (nothing, _) = tokio::io::duplex(1);
        let plain = std::mem::replace(&mut self.stream, BufReader::new(Box::new(nothing)));
        let stream = certified.acceptor.accept(plain.into_inner()).await?;
        self.stream = BufReader::new(Box::new(stream));
        self.encrypted = true;
        Ok(())
    }

    /// Whether the client sent more than what was read.
    pub(super) fn has_more(&self) -> bool {
        !self.stream.buffer().is_empty()
    }

    /// One line with its end; the end of the stream is an error.
    pub(super) async fn read_raw_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await?;
        if line.ends_with(b"\n") { Ok(line) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// One line without its CRLF.
    pub(super) async fn read_line(&mut self) -> io::Result<String> {
        let line = self.read_raw_line().await?;
        let line = line.strip_suffix(b"\r\n").unwrap_or(&line);
        Ok(String::from_utf8_lossy(line).into_owned())
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    pub(super) async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.write(format!("{reply}\r\n").as_bytes()).await
    }

    /// Answers a command that a well-behaved client wouldn't have sent.
    pub(super) async fn wrong(&mut self, reply: &str, line: &str) -> io::Result<()> {
        self.violation(&format!("{line:?} was answered with {reply:?}"));
        self.say(reply).await
    }

    pub(super) fn violation(&self, what: &str) {
        self.shared.log().violations.push(format!("connection {}: {what}", self.connection));
    }
}
