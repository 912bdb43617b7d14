//! `tidings send --test ADDRESS`: the next issue to one address, with the bytes and on the road of the real one. It takes no
//! lock and remembers nothing.

use serde::Serialize;

use crate::cli::args::{Arguments, Send};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, shown};
use crate::cli::proofing::Round;
use crate::cli::{send, wire};
use crate::delivery::outcome::Outcome;
use crate::delivery::settings::Kind;
use crate::delivery::worker::Stop;
use crate::jobs::trial;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::subscriber::State;

/// What was sent where.
#[derive(Serialize)]
struct Sent {
    digest: String,
    /// The number of the issue, if it is open or held.
    issue: Option<i64>,
    to: String,
    bytes: usize,
    /// The file, or the server's answer.
    place: String,
}

/// Runs the command.
///
/// # Errors
/// A faulty configuration or template, an unknown digest, an address that is none or that must not be mailed, a store that
/// can't be read.
pub async fn run(
    command: &Send,
    address: &str,
    arguments: &Arguments,
    output: &Output,
) -> Result<Exit, Failure> {
    let round = Round::begin(arguments, output).await?;
    let press = round.press()?;
    let digests = wire::chosen(&round.site.config, &command.digests)?;
    let address: Address = address.parse().map_err(|error| {
        Failure::usage(format!("{address:?} is no address: {error}"), "write it as ana@example.org")
    })?;
    let name = name(&round, &address).await?;
    let config = &round.site.config;
    let transport = wire::transport(config)?;
    let mut sent = Vec::new();
    let mut exit = Exit::Fine;
    for digest in digests {
        let Some(trial) = trial::trial(&press, digest, &*round.site.store, &address).await? else {
            output.remark(&format!("{}: there is nothing to send\n", digest.name));
            continue;
        };
        if !trial.is_new {
            output.remark(&format!("{}: nothing is new; the mail has older articles\n", digest.name));
        }
        let parcel = trial::parcel(&trial, name.clone(), address.clone(), &press, round.dkim.as_ref())?;
        let place = match trial::hand_over(&transport, &parcel).await {
            Ok(Outcome::Accepted { reply }) if config.delivery.transport == Kind::File => {
                shown(&config.delivery.outbox.join(reply))
            }
            Ok(Outcome::Accepted { reply }) => reply,
            Ok(Outcome::Deferred { reason } | Outcome::Rejected { reason } | Outcome::Unknown { reason }) => {
                let message = format!("{}: the mail to {address} was not taken: {reason}", digest.name);
                output.error(&message, Some("nothing was recorded; mend it and try again"));
                exit = Exit::Problems;
                continue;
            }
            Err(refusal) => {
                exit = send::explain(&Stop::Refused(refusal), output);
                break;
            }
        };
        sent.push(Sent {
            digest: digest.name.clone(),
            issue: trial.issue,
            to: address.to_string(),
            bytes: parcel.message.len(),
            place,
        });
    }
    output.result(&sent, || sent.iter().map(line).collect());
    Ok(exit)
}

/// What the address's owner is called, if they subscribed. Nobody who left is mailed, not even for a trial.
async fn name(round: &Round, address: &Address) -> Result<DisplayName, Failure> {
    let store = &*round.site.store;
    let pseudonym = round.site.signer.pseudonym(address);
    let known = store.subscriber(address).await?;
    let why = match (store.suppression(address, &pseudonym).await?, known) {
        (Some(suppression), _) => format!("must never be mailed: {}", suppression.reason),
        (None, Some(known)) if known.state == State::Unsubscribed => "unsubscribed".to_owned(),
        (None, known) => return Ok(known.map(|known| known.name).unwrap_or_default()),
    };
    Err(Failure::usage(format!("{address} {why}"), "send the trial to an address of your own"))
}

fn line(sent: &Sent) -> String {
    let issue = sent.issue.map_or_else(|| "next issue".to_owned(), |issue| format!("issue {issue}"));
    format!("{}, {issue}: sent to {}, {} bytes: {}\n", sent.digest, sent.to, sent.bytes, sent.place)
}
