//! Mailboxes: where messages lie, and what becomes of them once they are dealt with. All kinds are read in the same way: a
//! group of messages, what is recorded of them, then their fate. So a crash repeats a message and never loses one.

#[cfg(feature = "imap")]
pub mod imap;
pub mod imap_settings;
pub mod maildir;
pub mod mbox;
pub mod pipe;

use std::path::PathBuf;

use crate::inbound::mailbox::maildir::Maildir;
use crate::inbound::mailbox::mbox::Mbox;

/// A message in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the mailbox knows it by.
    pub key: u64,
    /// Where it lies, for people.
    pub place: String,
    /// Its beginning: all of it, but for very large ones ([`incoming::MOST`](crate::inbound::incoming::MOST)).
    pub bytes: Vec<u8>,
}

/// What becomes of a message in its mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was dealt with: it is marked as read, or moved, so that no later run reads it.
    Done,
    /// It is for people: it stays as it was.
    Left,
}

/// Why a mailbox can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// A file or folder.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Something else, with what to do about it.
    #[error("{0}")]
    Other(String),
}

impl MailboxError {
    /// Of a file.
    pub fn file(path: impl Into<PathBuf>, error: std::io::Error) -> Self {
        Self::File { path: path.into(), error }
    }
}

/// A mailbox that is open.
#[derive(Debug)]
pub enum Mailbox {
    /// A folder with a file for each message.
    Maildir(Maildir),
    /// A file with all messages.
    Mbox(Mbox),
    /// One message that was handed over already.
    Pipe(Option<Item>),
    /// A mailbox on a server.
    #[cfg(feature = "imap")]
    Imap(Box<imap::Imap>),
}

impl Mailbox {
    /// The next messages, no more than `most`; none at the end.
    ///
    /// # Errors
    /// The mailbox can't be read. What was returned before stands.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Item>, MailboxError> {
        match self {
            Self::Maildir(maildir) => maildir.next(most),
            Self::Mbox(mbox) => mbox.next(most).await,
            Self::Pipe(item) => Ok(item.take().into_iter().collect()),
            #[cfg(feature = "imap")]
            Self::Imap(imap) => imap.next(most).await,
        }
    }

    /// Tells what became of messages, after it is on record. An mbox is never changed, and a pipe is gone.
    ///
    /// # Errors
    /// A message can't be marked: it comes again with the next run.
    pub async fn settle(&mut self, fates: &[(u64, Fate)]) -> Result<(), MailboxError> {
        match self {
            Self::Maildir(maildir) => maildir.settle(fates),
            Self::Mbox(_) | Self::Pipe(_) => Ok(()),
            #[cfg(feature = "imap")]
            Self::Imap(imap) => imap.settle(fates).await,
        }
    }

    /// What was passed over, and why. For people.
    #[must_use]
    pub fn troubles(&self) -> &[String] {
        match self {
            Self::Maildir(maildir) => maildir.troubles(),
            _ => &[],
        }
    }

    /// Says goodbye where that is usual.
    pub async fn close(self) {
        #[cfg(feature = "imap")]
        if let Self::Imap(imap) = self {
            imap.close().await;
        }
    }
}
