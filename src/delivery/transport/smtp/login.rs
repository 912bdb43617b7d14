//! Logging in (RFC 4954). Knows the mechanisms, and that the password goes nowhere else.

use std::fmt::Display;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::commands::Auth as Command;
use secrecy::ExposeSecret as _;

use super::relay::Relay;
use super::session::{Session, refused_to_begin};
use super::settings::{Auth, Settings};
use crate::delivery::outcome::{Refusal, Reply};

/// "Go on" (RFC 4954 section 4).
const CHALLENGE: u16 = 334;

/// LOGIN asks for the name and then for the password, in words that differ from server to server; these are
/// the words that lettre knows.
const LOGIN_PROMPTS: [&str; 2] = ["Username:", "Password:"];

/// Logs in, where there is a user name.
pub(super) async fn log_in(session: &mut Session, relay: &Relay) -> Result<(), Refusal> {
    let (Some(username), Some(password)) = (&relay.settings.username, &relay.settings.password) else {
        return Ok(());
    };
    let mechanism = choose(&relay.settings, &session.extensions.mechanisms)?;
    let credentials = Credentials::new(username.clone(), password.expose_secret().to_owned());
    let mut reply = say(session, relay, command(mechanism, &credentials, None)?).await?;
    match mechanism {
        Mechanism::Login => {
            for prompt in LOGIN_PROMPTS {
                if reply.code == CHALLENGE {
                    let answer = command(mechanism, &credentials, Some(prompt))?;
                    reply = say(session, relay, answer).await?;
                }
            }
        }
        // The challenge is the reason of a refusal, which an empty line asks for.
        Mechanism::Xoauth2 if reply.code == CHALLENGE => reply = say(session, relay, "\r\n").await?,
        Mechanism::Xoauth2 | Mechanism::Plain => {}
    }
    match reply.code {
        200..=299 => Ok(()),
        _ => Err(refused_to_begin(reply, relay)),
    }
}

async fn say(session: &mut Session, relay: &Relay, line: impl Display) -> Result<Reply, Refusal> {
    let limit = relay.settings.timeouts.command;
    session.exchange(limit, line).await.map_err(|fault| relay.unreachable(&fault))
}

fn command(
    mechanism: Mechanism,
    credentials: &Credentials,
    prompt: Option<&str>,
) -> Result<Command, Refusal> {
    Command::new(mechanism, credentials.clone(), prompt.map(str::to_owned))
        .map_err(|error| Refusal::Setup { reason: format!("can't log in with {mechanism}: {error}") })
}

fn choose(settings: &Settings, offered: &[Mechanism]) -> Result<Mechanism, Refusal> {
    let wanted: &[Mechanism] = match settings.auth {
        Auth::Auto => &[Mechanism::Plain, Mechanism::Login],
        Auth::Plain => &[Mechanism::Plain],
        Auth::Login => &[Mechanism::Login],
        Auth::Xoauth2 => &[Mechanism::Xoauth2],
    };
    wanted.iter().find(|mechanism| offered.contains(mechanism)).copied().ok_or_else(|| {
        let names = |list: &[Mechanism]| list.iter().map(Mechanism::to_string).collect::<Vec<_>>().join(", ");
        let offered = if offered.is_empty() { "none that Tidings knows".to_owned() } else { names(offered) };
        Refusal::Setup {
            reason: format!(
                "{}:{} offers no way to log in that fits: asked for {}, offered {offered}; change smtp.auth or \
                 smtp.tls, or remove smtp.username",
                settings.host,
                settings.port(),
                names(wanted),
            ),
        }
    })
}
