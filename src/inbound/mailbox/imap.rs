//! A mailbox on a server (IMAP, RFC 9051 and RFC 3501): what nobody has read, fetched without marking it, and marked as read
//! once it is on record. Every step has a time limit.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::net::IpAddr;
use std::pin::Pin;

use async_imap::error::Error;
use async_imap::types::Fetch;
use async_imap::{Client, Session};
use futures_core::Stream;
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::inbound::incoming::MOST;
use crate::inbound::mailbox::imap_settings::Settings;
use crate::inbound::mailbox::{Fate, Item, MailboxError};
use crate::mail::tls::Tls;

/// Most messages that are asked for at once, for each may be large.
const AT_ONCE: usize = 16;

/// What is set on messages that are left to people, so that they are not fetched at every run.
const LEFT: &str = "TidingsLeft";

/// A connection, encrypted or not.
trait Wire: AsyncRead + AsyncWrite + Unpin + Debug + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Debug + Send> Wire for T {}

/// A mailbox that is open, with the messages that nobody had read then.
#[derive(Debug)]
pub struct Imap {
    session: Session<Box<dyn Wire>>,
    settings: Settings,
    waiting: VecDeque<u32>,
    /// Whether the server keeps words of ours.
    keeps_words: bool,
}

impl Imap {
    /// Connects, logs in, opens the folder, and asks what is unread.
    ///
    /// # Errors
    /// Any of it failed; the words say which, and what to do.
    pub async fn open(settings: &Settings) -> Result<Self, MailboxError> {
        let stream = dial(settings).await?;
        let mut client = Client::new(stream);
        let greeting =
            limited(settings, "its greeting", async { client.read_response().await.map_err(Error::from) });
        if greeting.await?.is_none() {
            return Err(told(settings, "closed the connection at once"));
        }
        let password = settings.password.as_ref().map_or("", |password| password.expose_secret());
        let login = client.login(&settings.username, password);
        let mut session =
            limited(settings, "the login", async { login.await.map_err(|(error, _)| error) }).await?;
        let folder = limited(settings, "opening the folder", session.select(&settings.folder))
            .await
            .map_err(|error| {
                MailboxError::Other(format!("{error}; look at ingest.imap.folder ({})", settings.folder))
            })?;
        let keeps_words =
            folder.permanent_flags.iter().any(|flag| matches!(flag, async_imap::types::Flag::MayCreate));
        let query = if keeps_words {
            format!("UNSEEN UNDELETED UNKEYWORD {LEFT}")
        } else {
            "UNSEEN UNDELETED".to_owned()
        };
        let found = limited(settings, "the search", session.uid_search(query)).await?;
        let mut waiting: Vec<u32> = found.into_iter().collect();
        waiting.sort_unstable();
        Ok(Self { session, settings: settings.clone(), waiting: waiting.into(), keeps_words })
    }

    /// The next messages, no more than `most`.
    ///
    /// # Errors
    /// The connection broke, or the server refused.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Item>, MailboxError> {
        loop {
            let count = most.min(AT_ONCE).min(self.waiting.len());
            let wanted: Vec<u32> = self.waiting.drain(..count).collect();
            if wanted.is_empty() {
                return Ok(Vec::new());
            }
            let items = self.fetch(&wanted).await?;
            // Somebody else may have taken all of them.
            if !items.is_empty() {
                return Ok(items);
            }
        }
    }

    async fn fetch(&mut self, wanted: &[u32]) -> Result<Vec<Item>, MailboxError> {
        let query = format!("(UID BODY.PEEK[]<0.{MOST}>)");
        let (folder, settings) = (self.settings.folder.clone(), self.settings.clone());
        let session = &mut self.session;
        let work = async {
            let mut answers = session.uid_fetch(set(wanted), query).await?;
            let mut items: Vec<Item> = Vec::new();
            while let Some(answer) = next_of(&mut answers).await {
                let answer: Fetch = answer?;
                // A server tells of changed flags in between: no body, or no number that was asked for.
                let Some((uid, body)) = answer.uid.zip(answer.body()).filter(|(uid, _)| wanted.contains(uid))
                else {
                    continue;
                };
                let bytes = body[..body.len().min(MOST)].to_vec();
                items.push(Item { key: uid.into(), place: format!("{folder}, message {uid}"), bytes });
            }
            items.sort_by_key(|item| item.key);
            Ok(items)
        };
        limited(&settings, "fetching messages", work).await
    }

    /// Marks what was dealt with as read, or moves it; what is left to people gets a word of ours, where the server keeps
    /// those.
    ///
    /// # Errors
    /// The connection broke, or the server refused.
    pub async fn settle(&mut self, fates: &[(u64, Fate)]) -> Result<(), MailboxError> {
        let of = |wanted: Fate| -> Vec<u32> {
            let keys = fates.iter().filter(|(_, fate)| *fate == wanted);
            keys.filter_map(|(key, _)| u32::try_from(*key).ok()).collect()
        };
        let (done, left) = (of(Fate::Done), of(Fate::Left));
        if !done.is_empty() {
            self.flag(&done, "\\Seen").await?;
            if let Some(folder) = self.settings.done_folder.clone() {
                let settings = self.settings.clone();
                let moved =
                    limited(&settings, "moving messages", self.session.uid_mv(set(&done), &folder)).await;
                moved.map_err(|error| {
                    MailboxError::Other(format!(
                        "{error}; look at ingest.imap.done_folder ({folder}): it has to exist"
                    ))
                })?;
            }
        }
        if self.keeps_words && !left.is_empty() {
            self.flag(&left, LEFT).await?;
        }
        Ok(())
    }

    async fn flag(&mut self, uids: &[u32], flag: &str) -> Result<(), MailboxError> {
        let settings = self.settings.clone();
        let session = &mut self.session;
        let work = async {
            let mut answers = session.uid_store(set(uids), format!("+FLAGS.SILENT ({flag})")).await?;
            while let Some(answer) = next_of(&mut answers).await {
                answer?;
            }
            Ok(())
        };
        limited(&settings, "marking messages", work).await
    }

    /// Says goodbye. Whether the server hears it changes nothing.
    pub async fn close(mut self) {
        let _ = limited(&self.settings.clone(), "goodbye", self.session.logout()).await;
    }
}

/// Connects, with TLS, or without to this very machine.
async fn dial(settings: &Settings) -> Result<Box<dyn Wire>, MailboxError> {
    let host = settings.host.as_str();
    let tls = if settings.allow_plain {
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if !here {
            return Err(told(
                settings,
                "is not this machine: without TLS the password could be read on the way. Take out \
                ingest.imap.allow_plain",
            ));
        }
        None
    } else {
        let tls = Tls::new("ingest.imap", host, settings.ca_file.as_deref());
        Some(tls.map_err(|error| MailboxError::Other(error.to_string()))?)
    };
    let connect = async { TcpStream::connect((host, settings.port)).await.map_err(Error::from) };
    let stream = limited(settings, "the connection", connect).await?;
    Ok(match tls {
        None => Box::new(stream),
        Some(tls) => {
            let handshake = async { tls.handshake(stream).await.map_err(Error::from) };
            Box::new(limited(settings, "the TLS handshake", handshake).await?)
        }
    })
}

/// A step with its time limit, and words for what went wrong.
async fn limited<T>(
    settings: &Settings,
    step: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, MailboxError> {
    match tokio::time::timeout(settings.timeout, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(told(settings, &format!("{step} failed: {}", words(&error)))),
        Err(_) => Err(told(settings, &format!("{step} took longer than {:?}", settings.timeout))),
    }
}

/// What went wrong, without what the server was told: that may be the password.
fn words(error: &Error) -> String {
    match error {
        Error::Io(error) => error.to_string(),
        Error::No(text) | Error::Bad(text) => servers_words(text),
        Error::ConnectionLost => "the connection was lost".to_owned(),
        Error::Validate(_) => "a name or password holds a character that IMAP can't carry".to_owned(),
        _ => "the server's answer was not understood".to_owned(),
    }
}

/// What the server said, out of what the library made of it, and without the time that it took.
fn servers_words(text: &str) -> String {
    let inner = text.split_once("Some(\"").and_then(|(_, rest)| rest.rsplit_once("\")"));
    let inner = inner.map_or(text, |(inner, _)| inner);
    let end = inner.find(" (0.").unwrap_or(inner.len());
    inner[..end].chars().filter(|c| !c.is_control()).take(200).collect()
}

fn told(settings: &Settings, what: &str) -> MailboxError {
    MailboxError::Other(format!("the mailbox at {}:{}: {what}", settings.host, settings.port))
}

/// `3,5,9`.
fn set(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

async fn next_of<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}
