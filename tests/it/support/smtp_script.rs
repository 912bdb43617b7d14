//! What a scripted mail server does: what it offers, and at which step it misbehaves for whom. Values only;
//! the session reads them.

/// A step of an SMTP session at which a rule can apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Greeting,
    Hello,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the first line of the message.
    Body,
    /// After the final dot.
    Dot,
    Reset,
    Quit,
}

/// What happens in place of the usual reply.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// This reply, CRLF added; a 421 closes the connection.
    Reply(String),
    /// These bytes.
    Raw(Vec<u8>),
    /// These bytes again and again, for as long as the client takes them.
    Flood(Vec<u8>),
    /// The connection is closed.
    Close,
    /// Nothing is said any more.
    Silence,
}

/// One exception to how a mail server behaves. Made by [`at`].
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(super) step: Step,
    pub(super) recipient: Option<String>,
    pub(super) message: Option<usize>,
    pub(super) connection: Option<usize>,
    pub(super) times: usize,
    pub(super) accepts: bool,
    pub(super) act: Act,
}

/// A rule at `step`, for everyone and always, that closes the connection until told otherwise.
pub(crate) fn at(step: Step) -> Rule {
    Rule {
        step,
        recipient: None,
        message: None,
        connection: None,
        times: usize::MAX,
        accepts: false,
        act: Act::Close,
    }
}

impl Rule {
    /// Only when the message goes to `recipient`; at `Rcpt`, `Data`, `Body` and `Dot`.
    pub(crate) fn to(mut self, recipient: &str) -> Self {
        self.recipient = Some(recipient.to_owned());
        self
    }

    /// Only for the n-th MAIL command that the server gets, from 1.
    pub(crate) fn message(mut self, number: usize) -> Self {
        self.message = Some(number);
        self
    }

    /// Only on the n-th connection, from 1.
    pub(crate) fn connection(mut self, number: usize) -> Self {
        self.connection = Some(number);
        self
    }

    /// Only the first `times` times.
    pub(crate) fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// At `Dot`: the message is accepted all the same, whatever the client gets to hear of it.
    pub(crate) fn accepting(mut self) -> Self {
        self.accepts = true;
        self
    }

    pub(crate) fn reply(self, reply: &str) -> Self {
        self.act(Act::Reply(reply.to_owned()))
    }

    pub(crate) fn raw(self, bytes: &[u8]) -> Self {
        self.act(Act::Raw(bytes.to_vec()))
    }

    pub(crate) fn flood(self, bytes: &[u8]) -> Self {
        self.act(Act::Flood(bytes.to_vec()))
    }

    pub(crate) fn close(self) -> Self {
        self.act(Act::Close)
    }

    pub(crate) fn silence(self) -> Self {
        self.act(Act::Silence)
    }

    fn act(mut self, act: Act) -> Self {
        self.act = act;
        self
    }

    /// Whether a message at whose dot this rule applies counts as accepted.
    pub(super) fn takes_the_message(&self) -> bool {
        self.accepts || matches!(&self.act, Act::Reply(reply) if reply.starts_with('2'))
    }
}

/// Whether and when TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    None,
    Implicit,
    StartTls,
}

/// Everything that is set before a server starts.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) rules: Vec<Rule>,
    pub(super) extensions: Vec<String>,
    pub(super) encryption: Encryption,
    pub(super) certificate_name: String,
    pub(super) login: Option<(String, String)>,
    pub(super) mechanisms: Vec<String>,
    pub(super) messages_per_connection: usize,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            extensions: ["8BITMIME", "ENHANCEDSTATUSCODES"].map(str::to_owned).to_vec(),
            encryption: Encryption::None,
            certificate_name: "127.0.0.1".to_owned(),
            login: None,
            mechanisms: ["PLAIN", "LOGIN", "XOAUTH2"].map(str::to_owned).to_vec(),
            messages_per_connection: usize::MAX,
        }
    }
}
