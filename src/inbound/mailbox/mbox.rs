//! An mbox: a file with all messages, each behind a line `From …` (RFC 4155; mboxo and mboxrd). It is never changed: what
//! was dealt with is known by its mark.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, fcntl_lock};

use crate::inbound::incoming::MOST;
use crate::inbound::mailbox::{Item, MailboxError};

/// How long to wait for a server that is writing, and between two tries.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(200);

/// Longest line that is looked at as one: what follows counts as another line of the same message.
const LONGEST_LINE: u64 = 64 * 1024;

/// An mbox, and how far it was read.
#[derive(Debug)]
pub struct Mbox {
    path: PathBuf,
    offset: u64,
    count: u64,
}

impl Mbox {
    /// From its beginning.
    ///
    /// # Errors
    /// There is no such file.
    pub fn open(path: &Path) -> Result<Self, MailboxError> {
        File::open(path).map_err(|error| MailboxError::file(path, error))?;
        Ok(Self { path: path.to_owned(), offset: 0, count: 0 })
    }

    /// The next messages, no more than `most`. The file is locked while it is read (fcntl, as servers do it), and never
    /// between: they may go on delivering.
    ///
    /// # Errors
    /// It can't be read, is no mbox, or somebody keeps it locked.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Item>, MailboxError> {
        let file = self.locked().await?;
        let length = file.metadata().map_err(|error| self.failed(error))?.len();
        if length < self.offset {
            return Err(self.told("was made shorter while it was read; the next run begins anew"));
        }
        let mut reader = BufReader::new(file);
        reader.seek(SeekFrom::Start(self.offset)).map_err(|error| self.failed(error))?;
        let mut items: Vec<Item> = Vec::new();
        let mut line = Vec::new();
        // At the beginning, and behind an empty line, `From ` begins a message.
        let mut may_begin = true;
        let mut at_line_start = true;
        loop {
            line.clear();
            let read = (&mut reader).take_line(&mut line).map_err(|error| self.failed(error))?;
            if read == 0 {
                break;
            }
            if may_begin && line.starts_with(b"From ") {
                if items.len() == most {
                    break;
                }
                self.count += 1;
                let place = format!("{}, message {}", self.path.display(), self.count);
                items.push(Item { key: self.count, place, bytes: Vec::new() });
            } else if let Some(item) = items.last_mut() {
                append(&mut item.bytes, unquoted(&line, at_line_start));
            } else if self.offset == 0 && line.trim_ascii().is_empty() {
                // Empty lines above the first message.
            } else {
                return Err(self.told("is no mbox: a message begins with a line `From …`"));
            }
            self.offset += read as u64;
            may_begin = at_line_start && line.trim_ascii().is_empty();
            at_line_start = line.ends_with(b"\n");
        }
        for item in &mut items {
            // The empty line before the next `From ` is not the message's.
            if item.bytes.ends_with(b"\n\n") {
                item.bytes.pop();
            }
        }
        Ok(items)
    }

    async fn locked(&self) -> Result<File, MailboxError> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let file = File::open(&self.path).map_err(|error| self.failed(error))?;
            match fcntl_lock(&file, FlockOperation::NonBlockingLockShared) {
                Ok(()) => return Ok(file),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => {}
                Err(error) => return Err(self.failed(error.into())),
            }
            if tokio::time::Instant::now() >= deadline {
                return Err(self.told("is locked by another program; the next run reads it"));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn failed(&self, error: std::io::Error) -> MailboxError {
        MailboxError::file(&self.path, error)
    }

    fn told(&self, what: &str) -> MailboxError {
        MailboxError::Other(format!("{} {what}", self.path.display()))
    }
}

/// Reads to the end of a line, or of as much as is looked at as one.
trait TakeLine {
    fn take_line(self, line: &mut Vec<u8>) -> std::io::Result<usize>;
}

impl<R: BufRead> TakeLine for &mut R {
    fn take_line(self, line: &mut Vec<u8>) -> std::io::Result<usize> {
        std::io::Read::take(self, LONGEST_LINE).read_until(b'\n', line)
    }
}

/// `>From ` was `From ` (mboxo), `>>From ` was `>From ` (mboxrd).
fn unquoted(line: &[u8], at_line_start: bool) -> &[u8] {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    if at_line_start && quotes > 0 && line[quotes..].starts_with(b"From ") { &line[1..] } else { line }
}

fn append(bytes: &mut Vec<u8>, line: &[u8]) {
    let room = MOST - bytes.len().min(MOST);
    bytes.extend_from_slice(&line[..line.len().min(room)]);
}

#[cfg(test)]
mod tests {
    use rustix::fs::{FlockOperation, fcntl_lock};

    use super::{MOST, Mbox};

    fn write(text: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mbox");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[tokio::test]
    async fn messages_are_told_apart_and_their_lines_are_as_they_were() {
        let (_folder, path) = write(
            b"\nFrom a Mon\nSubject: 1\n\nFirst\nFrom here on\n>From there\n>>From quoted\n> From kept\n\n\
              From b Tue\r\nSubject: 2\r\n\r\nSecond\r\n\r\nFrom c Wed\nSubject: 3\n\nno end of line",
        );
        let mut mbox = Mbox::open(&path).unwrap();
        let mut texts = Vec::new();
        loop {
            let items = mbox.next(2).await.unwrap();
            if items.is_empty() {
                break;
            }
            texts.extend(items.into_iter().map(|item| String::from_utf8(item.bytes).unwrap()));
        }
        let expected = [
            "Subject: 1\n\nFirst\nFrom here on\nFrom there\n>From quoted\n> From kept\n",
            "Subject: 2\r\n\r\nSecond\r\n\r\n",
            "Subject: 3\n\nno end of line",
        ];
        assert_eq!(texts, expected);
    }

    #[tokio::test]
    async fn long_messages_and_lines_are_cut_and_the_next_is_found() {
        let mut text = b"From a\nSubject: 1\n\n".to_vec();
        text.resize(3 * MOST, b'x');
        text.extend_from_slice(b"\n\nFrom b\nSubject: 2\n\n");
        let (_folder, path) = write(&text);
        let items = Mbox::open(&path).unwrap().next(9).await.unwrap();
        let lengths: Vec<usize> = items.iter().map(|item| item.bytes.len()).collect();
        assert_eq!(lengths, [MOST, 12 - 1]);
    }

    #[tokio::test]
    async fn what_is_no_mbox_is_told() {
        let (_folder, path) = write(b"Subject: 1\n\nHello\n");
        let error = Mbox::open(&path).unwrap().next(9).await.unwrap_err().to_string();
        assert!(error.ends_with("mbox is no mbox: a message begins with a line `From …`"), "{error}");
    }

    #[tokio::test]
    async fn a_lock_of_our_own_stands_in_nobody_s_way_between_two_groups() {
        let (_folder, path) = write(b"From a\nSubject: 1\n\n");
        let mut mbox = Mbox::open(&path).unwrap();
        assert_eq!(mbox.next(9).await.unwrap().len(), 1);
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
    }
}
