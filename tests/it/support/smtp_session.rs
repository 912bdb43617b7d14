//! The server's side of one SMTP session: RFC 5321 as far as tests need it, strict about what the client sends,
//! and with the script's exceptions at each step.

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;

use super::smtp_channel::Channel;
use super::smtp_login::knows;
use super::smtp_script::{Act, Encryption, Rule, Step};
use super::smtp_server::{Accepted, Shared};

/// RFC 5321 section 4.5.3.1.6, CRLF included.
const LONGEST_LINE: usize = 1000;

struct Session {
    channel: Channel,
    greeted: bool,
    user: Option<String>,
    transaction: Option<Transaction>,
    taken: usize,
}

#[derive(Default)]
struct Transaction {
    number: usize,
    sender: String,
    parameters: String,
    recipients: Vec<String>,
}

/// Serves one connection until either side closes it.
pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let channel = Channel::new(stream, shared);
    let mut session = Session { channel, greeted: false, user: None, transaction: None, taken: 0 };
    // An error is the end of the connection, by the client's will or by the script's.
    let _ = session.run().await;
}

impl Session {
    async fn run(&mut self) -> io::Result<()> {
        if self.channel.shared.script.encryption == Encryption::Implicit {
            self.channel.encrypt().await?;
        }
        self.answer(Step::Greeting, "220 mail.test ESMTP").await?;
        loop {
            let line = self.channel.read_line().await?;
            self.channel.shared.log().commands.push(line.clone());
            if self.channel.has_more() && !self.offers("PIPELINING") {
                self.channel.violation("a command before the reply to the last one");
            }
            self.obey(&line).await?;
            if self.taken >= self.channel.shared.script.messages_per_connection {
                return Ok(());
            }
        }
    }

    async fn obey(&mut self, line: &str) -> io::Result<()> {
        let upper = line.to_ascii_uppercase();
        match upper.split(' ').next().unwrap_or("") {
            "EHLO" | "HELO" => self.hello().await,
            "STARTTLS" => self.start_tls().await,
            "AUTH" => self.log_in(line).await,
            "NOOP" => self.channel.say("250 2.0.0 Ok").await,
            "RSET" => {
                self.transaction = None;
                self.answer(Step::Reset, "250 2.0.0 Ok").await.map(drop)
            }
            "QUIT" => {
                self.answer(Step::Quit, "221 2.0.0 Bye").await?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            "DATA" => self.data().await,
            _ if upper.starts_with("MAIL FROM:<") => self.mail(line).await,
            _ if upper.starts_with("RCPT TO:<") => self.rcpt(line).await,
            _ => self.channel.wrong("500 5.5.2 What?", line).await,
        }
    }

    async fn hello(&mut self) -> io::Result<()> {
        self.transaction = None;
        let script = &self.channel.shared.script;
        let mut offers = vec!["mail.test".to_owned()];
        offers.extend(script.extensions.iter().cloned());
        if script.encryption == Encryption::StartTls && !self.channel.encrypted {
            offers.push("STARTTLS".to_owned());
        } else if script.login.is_some() {
            offers.push(format!("AUTH {}", script.mechanisms.join(" ")));
        }
        let last = offers.len() - 1;
        let lines = offers.iter().enumerate().map(|(index, offer)| {
            let mark = if index == last { ' ' } else { '-' };
            format!("250{mark}{offer}")
        });
        let reply = lines.collect::<Vec<_>>().join("\r\n");
        let code = self.answer(Step::Hello, &reply).await?;
        self.greeted = code == 250;
        Ok(())
    }

    async fn start_tls(&mut self) -> io::Result<()> {
        if self.channel.shared.script.encryption != Encryption::StartTls || self.channel.encrypted {
            return self.channel.wrong("503 5.5.1 No STARTTLS here", "STARTTLS").await;
        }
        if self.answer(Step::StartTls, "220 2.0.0 Go ahead").await? == 220 {
            self.greeted = false;
            self.channel.encrypt().await?;
        }
        Ok(())
    }

    async fn log_in(&mut self, line: &str) -> io::Result<()> {
        let (user, password) = match &self.channel.shared.script.login {
            Some(login) if self.may_speak() => login.clone(),
            _ => return self.channel.wrong("503 5.5.1 No AUTH here", line).await,
        };
        if self.rule(Step::Auth).is_some() {
            if self.answer(Step::Auth, "").await? == 235 {
                self.user = Some(user);
            }
            return Ok(());
        }
        if knows(&mut self.channel, line, &user, &password).await? {
            self.user = Some(user);
            self.channel.say("235 2.7.0 Welcome").await
        } else {
            self.channel.say("535 5.7.8 Who are you?").await
        }
    }

    async fn mail(&mut self, line: &str) -> io::Result<()> {
        if self.transaction.is_some() || !self.greeted || !self.may_speak() {
            return self.channel.wrong("503 5.5.1 Not now", line).await;
        }
        if self.channel.shared.script.login.is_some() && self.user.is_none() {
            return self.channel.wrong("530 5.7.0 Log in first", line).await;
        }
        let (sender, parameters) = path_and_rest(line);
        let number = {
            let mut log = self.channel.shared.log();
            log.messages += 1;
            log.messages
        };
        self.transaction = Some(Transaction { number, sender, parameters, recipients: Vec::new() });
        if self.answer(Step::Mail, "250 2.1.0 Ok").await? / 100 != 2 {
            self.transaction = None;
        }
        Ok(())
    }

    async fn rcpt(&mut self, line: &str) -> io::Result<()> {
        let (recipient, _) = path_and_rest(line);
        let Some(transaction) = &mut self.transaction else {
            return self.channel.wrong("503 5.5.1 MAIL first", line).await;
        };
        if !recipient.is_ascii() && !transaction.parameters.contains("SMTPUTF8") {
            return self.channel.wrong("553 5.6.7 ASCII only", line).await;
        }
        transaction.recipients.push(recipient);
        if self.answer(Step::Rcpt, "250 2.1.5 Ok").await? / 100 != 2
            && let Some(transaction) = &mut self.transaction
        {
            transaction.recipients.pop();
        }
        Ok(())
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.transaction.as_ref().is_none_or(|transaction| transaction.recipients.is_empty()) {
            return self.channel.wrong("503 5.5.1 RCPT first", "DATA").await;
        }
        if self.answer(Step::Data, "354 Go on").await? != 354 {
            return Ok(());
        }
        let parameters = self.transaction.as_ref().map(|transaction| transaction.parameters.clone());
        let data = self.read_message(&parameters.unwrap_or_default()).await?;
        if self.rule(Step::Dot).is_none_or(|(_, rule)| rule.takes_the_message())
            && let Some(transaction) = &self.transaction
        {
            self.taken += 1;
            self.channel.shared.log().accepted.push(Accepted {
                connection: self.channel.connection,
                sender: transaction.sender.clone(),
                recipients: transaction.recipients.clone(),
                parameters: transaction.parameters.clone(),
                data,
                encrypted: self.channel.encrypted,
                user: self.user.clone(),
            });
        }
        self.answer(Step::Dot, "250 2.0.0 Ok: queued").await?;
        self.transaction = None;
        Ok(())
    }

    async fn read_message(&mut self, parameters: &str) -> io::Result<Vec<u8>> {
        let mut data = Vec::new();
        loop {
            let line = self.channel.read_raw_line().await?;
            if line == b".\r\n" {
                return Ok(data);
            }
            let content = line.strip_suffix(b"\r\n").unwrap_or(&line);
            if content.len() == line.len() || content.contains(&b'\r') {
                self.channel.violation("a line of a message doesn't end in CRLF");
            }
            if line.len() > LONGEST_LINE || !line.is_ascii() && !parameters.contains("BODY=8BITMIME") {
                self.channel.violation("a line of a message is too long or not 7-bit");
            }
            if data.is_empty() && self.rule(Step::Body).is_some() {
                self.answer(Step::Body, "").await?;
            }
            data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    /// Gives the usual reply, or does what a rule says; returns the code that was sent.
    async fn answer(&mut self, step: Step, usual: &str) -> io::Result<u16> {
        let Some((index, rule)) = self.rule(step) else {
            self.channel.say(usual).await?;
            return Ok(code(usual.as_bytes()));
        };
        self.channel.shared.log().applied[index] += 1;
        match &rule.act {
            Act::Reply(reply) => {
                self.channel.say(reply).await?;
                match code(reply.as_bytes()) {
                    421 => Err(io::ErrorKind::ConnectionAborted.into()),
                    code => Ok(code),
                }
            }
            Act::Raw(bytes) => {
                self.channel.write(bytes).await?;
                Ok(code(bytes))
            }
            Act::Flood(bytes) => loop {
                self.channel.write(bytes).await?;
            },
            Act::Close => Err(io::ErrorKind::ConnectionAborted.into()),
            Act::Silence => std::future::pending().await,
        }
    }

    /// The first rule that applies here and now, and its number.
    fn rule(&self, step: Step) -> Option<(usize, Rule)> {
        let log = self.channel.shared.log();
        let fits = |rule: &Rule| {
            rule.step == step
                && rule.connection.is_none_or(|number| number == self.channel.connection)
                && rule
                    .message
                    .is_none_or(|number| self.transaction.as_ref().is_some_and(|t| t.number == number))
                && rule
                    .recipient
                    .as_ref()
                    .is_none_or(|to| self.transaction.as_ref().is_some_and(|t| t.recipients.contains(to)))
        };
        let mut rules = self.channel.shared.script.rules.iter().enumerate();
        rules
            .find(|(index, rule)| log.applied[*index] < rule.times && fits(rule))
            .map(|(index, rule)| (index, rule.clone()))
    }

    fn offers(&self, extension: &str) -> bool {
        self.channel.shared.script.extensions.iter().any(|offered| offered == extension)
    }

    /// Whether anything but EHLO and STARTTLS may be said already.
    fn may_speak(&self) -> bool {
        self.channel.encrypted || self.channel.shared.script.encryption == Encryption::None
    }
}

/// What stands between the angle brackets of MAIL and RCPT, and what follows.
fn path_and_rest(line: &str) -> (String, String) {
    let (_, path) = line.split_once('<').unwrap_or_default();
    let (path, rest) = path.rsplit_once('>').unwrap_or_default();
    (path.to_owned(), rest.trim().to_owned())
}

fn code(reply: &[u8]) -> u16 {
    let digits = reply.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}
