//! The outbox: a maildir folder (tmp, new, cur) that any mail reader can open. Every message is one file that
//! is complete and on disk before it can be seen. Knows nothing of SMTP; the envelope is not kept.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::delivery::outcome::{Outcome, Refusal};

/// Unread mail. A file appears here by a rename, and so at once and whole.
const NEW: &str = "new";
/// Mail that a reader has seen; it appends flags to the names.
const CUR: &str = "cur";
/// Files while they are written.
const TMP: &str = "tmp";

/// Readable by all: the folder is there to be looked at, and its own mode says by whom.
#[cfg(unix)]
const MODE: u32 = 0o644;

/// A maildir folder that takes messages as `{name}.eml`.
#[derive(Clone, Debug)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// An outbox in `folder`, which is created when the first connection opens.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Creates the three folders where they are missing.
    pub(super) async fn prepare(&self) -> Result<(), Refusal> {
        let folder = self.folder.clone();
        off_the_runtime(move || {
            for part in [TMP, NEW, CUR] {
                let path = folder.join(part);
                fs::create_dir_all(&path).map_err(|error| refusal(&path, &error))?;
            }
            Ok(())
        })
        .await
    }

    /// Writes one message. A message of the same name is replaced where it lies, so that there is one copy.
    pub(super) async fn put(&self, name: &str, message: &[u8]) -> Result<Outcome, Refusal> {
        if !is_plain_file_name(name) {
            return Err(Refusal::Outbox {
                reason: format!("the message name {name:?} can't be a file name; this is a fault in Tidings"),
            });
        }
        let (folder, file, message) = (self.folder.clone(), format!("{name}.eml"), message.to_vec());
        off_the_runtime(move || {
            let seen = seen_copy(&folder.join(CUR), &file)?;
            let target = match seen {
                Some(flagged) => Path::new(CUR).join(flagged),
                None => Path::new(NEW).join(&file),
            };
            let draft = folder.join(TMP).join(&file);
            write_through(&draft, &message).map_err(|error| refusal(&draft, &error))?;
            let place = folder.join(&target);
            fs::rename(&draft, &place)
                .and_then(|()| sync_parent(&place))
                .map_err(|error| refusal(&place, &error))?;
            Ok(Outcome::Accepted { reply: target.display().to_string() })
        })
        .await
    }
}

/// The name under which a mail reader keeps `file` in `cur`: alone, or with flags behind ":2,".
fn seen_copy(cur: &Path, file: &str) -> Result<Option<String>, Refusal> {
    let entries = fs::read_dir(cur).map_err(|error| refusal(cur, &error))?;
    for entry in entries {
        let name = entry.map_err(|error| refusal(cur, &error))?.file_name();
        if let Some(name) = name.to_str()
            && let Some(flags) = name.strip_prefix(file)
            && (flags.is_empty() || flags.starts_with(":2,"))
        {
            return Ok(Some(name.to_owned()));
        }
    }
    Ok(None)
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(MODE))?;
    file.sync_all()
}

/// A rename is on disk only when its folder is.
fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

fn is_plain_file_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}

/// Disks block, so the work leaves the runtime's own threads.
async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(Refusal::Outbox { reason: format!("writing to the outbox was interrupted: {error}") })
    })
}

fn refusal(path: &Path, error: &io::Error) -> Refusal {
    Refusal::Outbox {
        reason: format!(
            "the outbox can't be written: {}: {error}; make the folder writable, free some space, or set another",
            path.display()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn outbox() -> (Outbox, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let outbox = Outbox::new(folder.path().join("mail"));
        outbox.prepare().await.expect("a maildir");
        (outbox, folder)
    }

    fn files(outbox: &Outbox) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for part in [CUR, NEW, TMP] {
            for entry in fs::read_dir(outbox.folder.join(part)).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path.strip_prefix(&outbox.folder).expect("inside").display().to_string();
                found.push((name, fs::read_to_string(path).expect("a text")));
            }
        }
        found.sort();
        found
    }

    fn entry(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    #[tokio::test]
    async fn a_message_is_one_file_however_often_it_is_sent() {
        let (outbox, _folder) = outbox().await;
        outbox.put("one", b"first").await.expect("an outcome");
        let outcome = outbox.put("one", b"second").await;
        assert_eq!(outcome, Ok(Outcome::Accepted { reply: "new/one.eml".to_owned() }));
        assert_eq!(files(&outbox), [entry("new/one.eml", "second")]);
    }

    #[tokio::test]
    async fn a_message_that_was_read_is_replaced_where_it_lies() {
        let (outbox, _folder) = outbox().await;
        fs::write(outbox.folder.join("cur/one.eml:2,S"), "first").expect("a file");
        fs::write(outbox.folder.join("cur/one.eml.bak"), "other").expect("a file");
        let outcome = outbox.put("one", b"second").await;
        assert_eq!(outcome, Ok(Outcome::Accepted { reply: "cur/one.eml:2,S".to_owned() }));
        let expected = [entry("cur/one.eml.bak", "other"), entry("cur/one.eml:2,S", "second")];
        assert_eq!(files(&outbox), expected);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_message_can_be_read_by_all() {
        use std::os::unix::fs::PermissionsExt as _;
        let (outbox, _folder) = outbox().await;
        outbox.put("one", b"").await.expect("an outcome");
        let metadata = fs::metadata(outbox.folder.join("new/one.eml")).expect("a file");
        assert_eq!(metadata.permissions().mode() & 0o777, MODE);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_a_wrong_setting() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let outbox = Outbox::new(file.path());
        assert!(matches!(outbox.prepare().await, Err(Refusal::Outbox { .. })));
        assert!(matches!(outbox.put("one", b"").await, Err(Refusal::Outbox { .. })));
    }

    #[tokio::test]
    async fn a_name_that_leads_elsewhere_is_refused() {
        let (outbox, _folder) = outbox().await;
        for name in ["", "../one", ".hidden", "a/b", "a:2,S"] {
            assert!(outbox.put(name, b"").await.is_err(), "{name:?}");
        }
        assert_eq!(files(&outbox), []);
    }
}
