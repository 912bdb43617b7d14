//! Dovecot for tests, on a port of its own: a door of ours that knows one name and password, and behind it Dovecot's own
//! `imap` for each connection, on a Maildir. It runs on a thread with a runtime of its own, and stops when dropped.

use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::oneshot;

use super::smtp_certificate::{Certified, certified};

pub(crate) const USER: &str = "bounces@news.example";
pub(crate) const PASSWORD: &str = "a \"quoted\" word";

/// Who Dovecot runs as where the tests are root's: it refuses to be root.
const NOBODY: u32 = 65534;

/// A server with a mailbox that is empty at first.
pub(crate) struct ImapServer {
    folder: TempDir,
    port: u16,
    certified: Option<Arc<Certified>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ImapServer {
    pub(crate) fn start(encrypted: bool) -> Self {
        let folder = tempfile::Builder::new().prefix("tidings-imap").tempdir().unwrap();
        let certified = encrypted.then(|| Arc::new(certified("localhost")));
        let setup = Arc::new(Setup::new(folder.path()));
        let (stop, stopped) = oneshot::channel::<()>();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let tls = certified.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let accept = async {
                    let listener = TcpListener::from_std(listener).unwrap();
                    loop {
                        let (stream, _) = listener.accept().await.unwrap();
                        let (setup, tls) = (Arc::clone(&setup), tls.clone());
                        tokio::spawn(async move {
                            match tls {
                                None => serve(stream, &setup).await,
                                // A client that does not trust us is gone.
                                Some(tls) => match tls.acceptor.accept(stream).await {
                                    Ok(stream) => serve(stream, &setup).await,
                                    Err(_) => Ok(()),
                                },
                            }
                        });
                    }
                };
                tokio::select! {
                    () = accept => {}
                    _ = stopped => {}
                }
            });
        });
        Self { folder, port, certified, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The authority that signed the server's certificate.
    pub(crate) fn authority_pem(&self) -> &str {
        &self.certified.as_ref().expect("a server with TLS").authority_pem
    }

    /// Puts a message into the mailbox, as delivery does it.
    pub(crate) fn deliver(&self, name: &str, message: &[u8]) {
        let path = self.folder.path().join("mail/new").join(name);
        std::fs::write(&path, message).unwrap();
        give_away(&path);
    }

    /// Makes a folder beside the inbox.
    pub(crate) fn make_folder(&self, name: &str) {
        make_maildir(&self.folder.path().join(format!("mail/.{name}")));
    }

    /// The names of the messages in the inbox, or in a folder: with their flags, in order.
    pub(crate) fn messages(&self, folder: &str) -> Vec<String> {
        let root = self.folder.path().join("mail").join(folder);
        let files = ["new", "cur"].into_iter().flat_map(|part| std::fs::read_dir(root.join(part)).unwrap());
        let mut names: Vec<String> =
            files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for ImapServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What Dovecot is started with.
struct Setup {
    program: PathBuf,
    configuration: PathBuf,
    home: PathBuf,
    user: u32,
}

impl Setup {
    fn new(folder: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        let program = ["/usr/lib/dovecot/imap", "/usr/libexec/dovecot/imap"].into_iter().map(PathBuf::from);
        let program = program.into_iter().find(|path| path.exists());
        let program =
            program.expect("Dovecot is installed: start the tests with `tests/run`, which sees to it");
        let own = folder.metadata().unwrap().uid();
        let user = if own == 0 { NOBODY } else { own };
        let group = if own == 0 { NOBODY } else { folder.metadata().unwrap().gid() };
        let at = folder.display();
        let text = format!(
            "base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\nmail_location = maildir:{at}/mail\n\
             ssl = no\nprotocols = imap\nmail_uid = {user}\nmail_gid = {group}\nfirst_valid_uid = 1\n\
             first_valid_gid = 1\nnamespace inbox {{\n  inbox = yes\n  separator = .\n}}\n"
        );
        let configuration = folder.join("dovecot.conf");
        std::fs::write(&configuration, text).unwrap();
        give_away(folder);
        make_maildir(&folder.join("mail"));
        Self { program, configuration, home: folder.to_owned(), user }
    }
}

fn make_maildir(folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    give_away(folder);
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir(folder.join(part)).unwrap();
        give_away(&folder.join(part));
    }
}

/// To whom Dovecot runs as.
fn give_away(path: &Path) {
    use std::os::unix::fs::{MetadataExt, chown};
    if path.metadata().unwrap().uid() == 0 {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

/// Asks for name and password, then leaves the connection to Dovecot.
async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, setup: &Setup) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"* OK [CAPABILITY IMAP4rev1 MOVE UIDPLUS] ready\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or(("*", ""));
        let quoted = PASSWORD.replace('"', "\\\"");
        if command == format!("LOGIN \"{USER}\" \"{quoted}\"") {
            stream.write_all(format!("{tag} OK welcome\r\n").as_bytes()).await?;
            break;
        }
        stream
            .write_all(format!("{tag} NO [AUTHENTICATIONFAILED] wrong name or password\r\n").as_bytes())
            .await?;
    }
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    let mut command = Command::new(&setup.program);
    command.arg("-c").arg(&setup.configuration).env_clear().env("USER", "reader").env("HOME", &setup.home);
    command.stdin(Stdio::from(OwnedFd::from(theirs.try_clone()?)));
    command.stdout(Stdio::from(OwnedFd::from(theirs))).stderr(Stdio::null());
    if setup.user == NOBODY {
        command.uid(NOBODY).gid(NOBODY);
    }
    let mut child = command.spawn()?;
    // The ends that Dovecot has are its own from here on.
    drop(command);
    ours.set_nonblocking(true)?;
    let mut dovecot = BufReader::new(UnixStream::from_std(ours)?);
    // Its greeting, for somebody who is logged in already.
    dovecot.read_line(&mut String::new()).await?;
    let _ = tokio::io::copy_bidirectional(&mut stream, &mut dovecot).await;
    drop(dovecot);
    child.wait().map(drop)
}
