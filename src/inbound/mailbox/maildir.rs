//! A Maildir: a folder with `new` and `cur`, a file for each message. Messages that are dealt with go to `cur` with the flag
//! `S` (seen), as a mail program would do it; all others stay where they are, so that people find them as new.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::inbound::incoming::MOST;
use crate::inbound::mailbox::{Fate, Item, MailboxError};

/// A Maildir, with the messages that were there when it was opened.
#[derive(Debug)]
pub struct Maildir {
    folder: PathBuf,
    /// Paths of messages that nobody has read, the oldest first.
    waiting: Vec<PathBuf>,
    next: usize,
    troubles: Vec<String>,
}

impl Maildir {
    /// Lists what is in `new`, and in `cur` without the flag for seen.
    ///
    /// # Errors
    /// The folder is no Maildir, or can't be read.
    pub fn open(folder: &Path) -> Result<Self, MailboxError> {
        let mut found: Vec<(String, PathBuf)> = Vec::new();
        for part in ["new", "cur"] {
            let part = folder.join(part);
            let entries = std::fs::read_dir(&part).map_err(|error| not_there(&part, error))?;
            for entry in entries {
                let entry = entry.map_err(|error| MailboxError::file(&part, error))?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
                if is_file && !name.starts_with('.') && !flags(&name).contains(['S', 'T']) {
                    found.push((name, entry.path()));
                }
            }
        }
        // Names begin with the second of delivery.
        found.sort();
        let waiting = found.into_iter().map(|(_, path)| path).collect();
        Ok(Self { folder: folder.to_owned(), waiting, next: 0, troubles: Vec::new() })
    }

    /// The next messages, no more than `most`. Who reads the mailbox at the same time may have moved some: they are
    /// passed over.
    ///
    /// # Errors
    /// None now; a message that can't be read is among the [`troubles`](Self::troubles).
    pub fn next(&mut self, most: usize) -> Result<Vec<Item>, MailboxError> {
        let mut items = Vec::new();
        while items.len() < most && self.next < self.waiting.len() {
            let path = &self.waiting[self.next];
            match beginning(path) {
                Ok(bytes) => {
                    items.push(Item { key: self.next as u64, place: path.display().to_string(), bytes });
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => self.troubles.push(format!("{}: {error}", path.display())),
            }
            self.next += 1;
        }
        Ok(items)
    }

    /// Moves what was dealt with to `cur`, flagged as seen.
    ///
    /// # Errors
    /// A file can't be moved: it comes again with the next run.
    pub fn settle(&mut self, fates: &[(u64, Fate)]) -> Result<(), MailboxError> {
        for (key, _) in fates.iter().filter(|(_, fate)| *fate == Fate::Done) {
            let path = usize::try_from(*key).ok().and_then(|key| self.waiting.get(key));
            let Some((path, name)) = path.and_then(|path| Some((path, path.file_name()?.to_str()?))) else {
                continue;
            };
            let to = self.folder.join("cur").join(seen(name));
            match std::fs::rename(path, &to) {
                Ok(()) => {}
                // A mail program was faster.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(MailboxError::file(path, error)),
            }
        }
        Ok(())
    }

    /// Messages that could not be read.
    #[must_use]
    pub fn troubles(&self) -> &[String] {
        &self.troubles
    }
}

fn not_there(path: &Path, error: std::io::Error) -> MailboxError {
    if error.kind() == ErrorKind::NotFound {
        let told = format!("{} is missing: a Maildir has the folders new, cur and tmp", path.display());
        return MailboxError::Other(told);
    }
    MailboxError::file(path, error)
}

fn beginning(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The flags of `1735.M1P2.host:2,FS`.
fn flags(name: &str) -> &str {
    name.rsplit_once(":2,").map_or("", |(_, flags)| flags)
}

/// The name with the flag for seen, flags in the order of the alphabet as the format wants it.
fn seen(name: &str) -> String {
    let (base, flags) = name.rsplit_once(":2,").unwrap_or((name, ""));
    let mut flags: Vec<char> = flags.chars().filter(|flag| *flag != 'S').chain(['S']).collect();
    flags.sort_unstable();
    format!("{base}:2,{}", flags.into_iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{Fate, MOST, Maildir};

    fn names(maildir: &mut Maildir) -> Vec<(u64, String)> {
        let items = maildir.next(10).unwrap();
        items.into_iter().map(|item| (item.key, String::from_utf8_lossy(&item.bytes).into_owned())).collect()
    }

    #[test]
    fn what_is_dealt_with_is_seen_and_all_else_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for part in ["new", "cur", "tmp"] {
            std::fs::create_dir(at(part)).unwrap();
        }
        let files = [
            ("new/3.a.host", "three"),
            ("new/1.a.host", "one"),
            ("cur/2.a.host:2,F", "two"),
            ("cur/0.a.host:2,S", "read"),
            ("cur/0.b.host:2,ST", "deleted"),
            ("new/.hidden", "hidden"),
            ("tmp/9.a.host", "on its way"),
        ];
        for (path, text) in files {
            std::fs::write(at(path), text).unwrap();
        }
        let mut maildir = Maildir::open(folder.path()).unwrap();
        let seen = names(&mut maildir);
        assert_eq!(seen, [(0, "one".to_owned()), (1, "two".to_owned()), (2, "three".to_owned())]);
        std::fs::remove_file(at("new/3.a.host")).unwrap();
        maildir.settle(&[(0, Fate::Left), (1, Fate::Done), (2, Fate::Done)]).unwrap();
        assert!(at("new/1.a.host").exists());
        assert!(at("cur/2.a.host:2,FS").exists());
        assert_eq!(names(&mut Maildir::open(folder.path()).unwrap()).len(), 1);
    }

    #[test]
    fn large_messages_are_cut_and_a_folder_that_is_no_maildir_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let error = Maildir::open(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("new is missing: a Maildir has the folders new, cur and tmp"), "{error}");
        for part in ["new", "cur"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
        }
        std::fs::write(folder.path().join("new/1"), vec![b'x'; 3 * MOST]).unwrap();
        assert_eq!(Maildir::open(folder.path()).unwrap().next(1).unwrap()[0].bytes.len(), MOST);
    }
}
