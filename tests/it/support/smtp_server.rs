//! A real mail server for tests, on a port of its own: it takes messages, keeps its own list of what it took and
//! of what the client did wrong, and misbehaves as its script says. It runs on a thread with a runtime of its own,
//! so that async tests and tests that run the binary can use it alike, and stops when dropped.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::smtp_certificate::{Certified, certified};
use super::smtp_script::{Encryption, Rule, Script};
use super::smtp_session::serve;

/// A message that the server took responsibility for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// Which connection it came over, from 1.
    pub(crate) connection: usize,
    pub(crate) sender: String,
    pub(crate) recipients: Vec<String>,
    /// What stood behind the sender in MAIL FROM.
    pub(crate) parameters: String,
    /// Without the doubled dots.
    pub(crate) data: Vec<u8>,
    pub(crate) encrypted: bool,
    /// Who had logged in.
    pub(crate) user: Option<String>,
}

/// What the server has seen so far.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) accepted: Vec<Accepted>,
    pub(super) violations: Vec<String>,
    pub(super) commands: Vec<String>,
    pub(super) connections: usize,
    /// MAIL commands.
    pub(super) messages: usize,
    /// How often each rule has applied.
    pub(super) applied: Vec<usize>,
}

/// What all sessions of a server share.
pub(super) struct Shared {
    pub(super) script: Script,
    pub(super) certified: Option<Certified>,
    log: Mutex<Log>,
}

impl Shared {
    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("no session panicked")
    }
}

/// A running server.
pub(crate) struct SmtpServer {
    shared: Arc<Shared>,
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl SmtpServer {
    /// A server that accepts everything, until told otherwise.
    pub(crate) fn builder() -> Builder {
        Builder::default()
    }

    /// The port on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The authority that signed the server's certificate, for `smtp.ca_file`.
    pub(crate) fn authority_pem(&self) -> &str {
        &self.shared.certified.as_ref().expect("a server with TLS").authority_pem
    }

    /// The messages it took, in order.
    pub(crate) fn accepted(&self) -> Vec<Accepted> {
        self.shared.log().accepted.clone()
    }

    /// What the client did against the protocol.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.shared.log().violations.clone()
    }

    /// Every command line of all connections, in order.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.shared.log().commands.clone()
    }

    /// How many connections were opened.
    pub(crate) fn connections(&self) -> usize {
        self.shared.log().connections
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of a session has failed its test already.
            let _ = thread.join();
        }
    }
}

/// Sets a server up.
#[derive(Default)]
pub(crate) struct Builder {
    script: Script,
}

impl Builder {
    /// Adds a rule; of those that fit, the first applies.
    pub(crate) fn rule(mut self, rule: Rule) -> Self {
        self.script.rules.push(rule);
        self
    }

    /// Offers one more extension in EHLO.
    pub(crate) fn offer(mut self, extension: &str) -> Self {
        self.script.extensions.push(extension.to_owned());
        self
    }

    /// TLS from the first byte.
    pub(crate) fn implicit_tls(mut self) -> Self {
        self.script.encryption = Encryption::Implicit;
        self
    }

    /// Offers STARTTLS, and takes no mail before it.
    pub(crate) fn starttls(mut self) -> Self {
        self.script.encryption = Encryption::StartTls;
        self
    }

    /// Shows a certificate for `name` instead of for 127.0.0.1.
    pub(crate) fn certificate_for(mut self, name: &str) -> Self {
        name.clone_into(&mut self.script.certificate_name);
        self
    }

    /// Takes mail from `user` only.
    pub(crate) fn login(mut self, user: &str, password: &str) -> Self {
        self.script.login = Some((user.to_owned(), password.to_owned()));
        self
    }

    /// Offers these ways to log in, out of PLAIN, LOGIN and XOAUTH2.
    pub(crate) fn mechanisms(mut self, mechanisms: &[&str]) -> Self {
        self.script.mechanisms = mechanisms.iter().map(ToString::to_string).collect();
        self
    }

    /// Closes a connection without a word after its n-th message.
    pub(crate) fn messages_per_connection(mut self, most: usize) -> Self {
        self.script.messages_per_connection = most;
        self
    }

    /// Starts it.
    pub(crate) fn start(self) -> SmtpServer {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket that doesn't block");
        let port = listener.local_addr().expect("an address").port();
        let encrypted = self.script.encryption != Encryption::None;
        let shared = Arc::new(Shared {
            certified: encrypted.then(|| certified(&self.script.certificate_name)),
            log: Mutex::new(Log { applied: vec![0; self.script.rules.len()], ..Log::default() }),
            script: self.script,
        });
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || run(listener, &shared, stopped)
        });
        SmtpServer { shared, port, stop: Some(stop), thread: Some(thread) }
    }
}

/// Serves until told to stop; sessions end with the runtime.
fn run(listener: TcpListener, shared: &Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let accept = async {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(shared)));
            }
        };
        tokio::select! {
            () = accept => {}
            _ = stopped => {}
        }
    });
}
