//! Asking and confirming: what was received is decided on, letters are sent, what is confirmed is written down. The same
//! whether people ask on a page or by mail.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use url::Url;

use crate::delivery::outcome::{Outcome, Refusal};
use crate::delivery::transport::{Connection, Envelope, Transport};
use crate::digest::letterhead;
use crate::letters::compose::{Ask, Stationery, Way};
use crate::mail::address::Address;
use crate::mail::dkim::sign::Signer as DkimSigner;
use crate::store::requests::{Decided, LetterEnd, Requests};
use crate::subscribers::request::{self, Confirmation, DueLetter, Letter};
use crate::subscribers::token::{Purpose, Signer, Subject};

/// Requests that are decided on at a time.
const CHUNK: u32 = 500;

/// The first wait before a letter is tried again; each further one is twice as long.
const RETRY: Duration = Duration::minutes(5);

/// After this time nobody waits for a letter any more.
const GIVE_UP: Duration = Duration::hours(24);

/// How long somebody may take to confirm, where nothing else is said.
pub const PATIENCE: Duration = Duration::days(7);

/// What sending letters takes, but for the store.
#[derive(Clone, Copy)]
pub struct Bureau<'a> {
    /// What letters are made of.
    pub stationery: Stationery<'a>,
    /// Makes tokens.
    pub signer: &'a Signer,
    /// Signs mails.
    pub dkim: Option<&'a DkimSigner>,
    /// Where mails go.
    pub transport: &'a Transport,
    /// Where people confirm.
    pub desk: Desk<'a>,
    /// How long somebody may take to confirm.
    pub patience: Duration,
}

/// Where people confirm, and change what they get.
#[derive(Clone, Copy, Debug)]
pub enum Desk<'a> {
    /// On pages below this address.
    Pages(&'a Url),
    /// With an answer to this one.
    Mail(&'a Address),
}

/// What became of letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Letters that were handed over.
    pub mailed: u64,
    /// Letters that are tried again.
    pub later: u64,
    /// Letters that can't be sent.
    pub given_up: u64,
}

/// Decides on everything that was received, oldest first. Returns how many letters follow from it.
///
/// # Errors
/// The store can't be read or written.
pub async fn decide(store: &dyn Requests, now: DateTime<Utc>) -> Result<u64> {
    let mut letters = 0;
    loop {
        let received = store.received(CHUNK).await?;
        if received.is_empty() {
            return Ok(letters);
        }
        // What is decided in this round is not in the standing of those that come later in it.
        let mut addresses = BTreeSet::new();
        let mut decided = Vec::with_capacity(received.len());
        for (request, standing) in received {
            let letter = request::letter(&standing, now);
            let letter = letter.filter(|_| addresses.insert(request.asked.address.key()));
            letters += u64::from(letter.is_some());
            decided.push(Decided { request: request.id, letter });
        }
        store.decide(&decided, now).await?;
    }
}

/// Sends the letters that are due.
///
/// # Errors
/// The store can't be read or written. A server that takes nothing puts letters off.
pub async fn send_letters(bureau: &Bureau<'_>, store: &dyn Requests, now: DateTime<Utc>) -> Result<Sent> {
    let mut sent = Sent::default();
    let mut connection = None;
    loop {
        let due = store.due_letters(now, CHUNK).await?;
        if due.is_empty() {
            break;
        }
        for letter in due {
            if !store.begin_letter(letter.request.id, now).await? {
                continue;
            }
            let end = bureau.hand_over(&letter, &mut connection, now).await;
            match end {
                LetterEnd::Mailed => sent.mailed += 1,
                LetterEnd::Later { .. } => sent.later += 1,
                LetterEnd::GivenUp { .. } => sent.given_up += 1,
            }
            store.end_letter(letter.request.id, &end).await?;
        }
    }
    if let Some(connection) = connection {
        connection.close().await;
    }
    Ok(sent)
}

/// Confirms what a token stands for.
///
/// # Errors
/// The store can't be read or written.
pub async fn confirm(
    store: &dyn Requests,
    signer: &Signer,
    token: &str,
    source: &str,
    now: DateTime<Utc>,
) -> Result<Confirmation> {
    match asked(signer, token, now) {
        Some(request) => Ok(store.confirm(request, source, now).await?),
        None => Ok(Confirmation::Gone),
    }
}

/// The request of a token that is good now.
#[must_use]
pub fn asked(signer: &Signer, token: &str, now: DateTime<Utc>) -> Option<i64> {
    match signer.read(Purpose::Confirm, token) {
        Some(Subject::Confirm { request, until }) if now < until => Some(request),
        _ => None,
    }
}

impl Bureau<'_> {
    async fn hand_over(
        &self,
        letter: &DueLetter,
        connection: &mut Option<Connection>,
        now: DateTime<Utc>,
    ) -> LetterEnd {
        let message = match self.message(letter) {
            Ok(message) => message,
            Err(reason) => return LetterEnd::GivenUp { reason },
        };
        let later = |reason: String| {
            let wait = RETRY * 2_i32.saturating_pow(letter.attempts.min(10));
            if now - letter.request.received < GIVE_UP {
                LetterEnd::Later { reason, next: now + wait }
            } else {
                LetterEnd::GivenUp { reason }
            }
        };
        match self.send(letter, &message, connection).await {
            // What may have arrived is not sent again: they can ask again tomorrow.
            Ok(Outcome::Accepted { .. } | Outcome::Unknown { .. }) => LetterEnd::Mailed,
            Ok(Outcome::Deferred { reason }) => later(reason),
            Ok(Outcome::Rejected { reason }) => LetterEnd::GivenUp { reason },
            Err(refusal) => later(refusal.to_string()),
        }
    }

    async fn send(
        &self,
        letter: &DueLetter,
        message: &[u8],
        connection: &mut Option<Connection>,
    ) -> Result<Outcome, Refusal> {
        let open = match connection.take().filter(Connection::usable) {
            Some(open) => open,
            None => self.transport.connect().await?,
        };
        let open = connection.insert(open);
        let mail = self.stationery.mail;
        let sender = match &mail.bounces {
            Some(bounces) => bounces.to_string(),
            None => letterhead::sender(&mail.from).map(|(_, from)| from.to_string()).unwrap_or_default(),
        };
        let recipient = letter.request.asked.address.to_string();
        let envelope = Envelope { sender: &sender, recipient: &recipient };
        open.send(&envelope, &format!("letter-{}", letter.request.id), message).await
    }

    /// The bytes of a letter: the same at every attempt.
    fn message(&self, letter: &DueLetter) -> Result<Vec<u8>, String> {
        let request = &letter.request;
        let (name, subject, until) =
            if let (Letter::Known, Some(subscriber)) = (letter.letter, letter.subscriber) {
                ("preferences", Subject::Preferences { subscriber }, None)
            } else {
                let until = request.received + self.patience;
                ("confirm", Subject::Confirm { request: request.id, until }, Some(until))
            };
        let token = self.signer.token(self.signer.newest(), &subject);
        let way = match self.desk {
            Desk::Pages(pages) => Way::Page(page(pages, name, &token)),
            Desk::Mail(address) => Way::Answer(address.clone(), token),
        };
        let ask = Ask { letter: letter.letter, way, until };
        let secret = self.signer.secret_word(&format!("letter {}", request.id));
        let message = self.stationery.write(request, &ask, &secret).map_err(|error| error.to_string())?;
        match self.dkim {
            Some(dkim) => dkim.signed(&message, request.received).map_err(|error| error.to_string()),
            None => Ok(message),
        }
    }
}

/// The address of a page for subscribers.
#[must_use]
pub fn page(pages: &Url, name: &str, token: &str) -> String {
    format!("{}/{name}/{token}", pages.as_str().trim_end_matches('/'))
}
