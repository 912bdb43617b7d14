//! Handing messages to a real mail server on this machine, which does what its script says.

mod login;
mod opening;
mod replies;
mod traffic;

use std::time::Duration;

use secrecy::SecretString;
use tidings::delivery::outcome::{Outcome, Refusal};
use tidings::delivery::transport::smtp::Relay;
use tidings::delivery::transport::smtp::settings::{Auth, Settings, Timeouts, Tls};
use tidings::delivery::transport::{Connection, Envelope, Transport};

use crate::support::smtp_script::Rule;
use crate::support::smtp_server::{Accepted, SmtpServer};

const SENDER: &str = "bounces@news.example";
const ANN: &str = "ann@reader.example";
const BOB: &str = "bob@reader.example";
const MESSAGE: &[u8] = b"Subject: Hello\r\n\r\nThe news.\r\n";

/// No test that goes well waits for this long.
const PLENTY: Duration = Duration::from_secs(20);

/// For tests that wait for a timeout.
const SHORT: Duration = Duration::from_millis(200);

fn timeouts(each: Duration) -> Timeouts {
    Timeouts { connect: each, greeting: each, command: each, data: each, block: each, dot: each }
}

fn settings(server: &SmtpServer) -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port: Some(server.port()),
        tls: Tls::None,
        hello_name: Some("client.test".to_owned()),
        timeouts: timeouts(PLENTY),
        ..Settings::default()
    }
}

async fn connect(settings: Settings) -> Result<Connection, Refusal> {
    Transport::Smtp(Relay::new(settings)?).connect().await
}

async fn connected(server: &SmtpServer) -> Connection {
    connect(settings(server)).await.expect("a connection")
}

async fn send(connection: &mut Connection, recipient: &str) -> Result<Outcome, Refusal> {
    connection.send(&Envelope { sender: SENDER, recipient }, "issue-1-7", MESSAGE).await
}

/// One message to Ann over a server with one rule, with all the time in the world.
async fn once(rule: Rule) -> (Result<Outcome, Refusal>, bool, Vec<Accepted>) {
    once_within(PLENTY, rule).await
}

/// One message to Ann over a server with one rule: what came of it, whether the connection is still usable, and
/// what the server took.
async fn once_within(patience: Duration, rule: Rule) -> (Result<Outcome, Refusal>, bool, Vec<Accepted>) {
    let server = SmtpServer::builder().rule(rule).start();
    let settings = Settings { timeouts: timeouts(patience), ..settings(&server) };
    let mut connection = connect(settings).await.expect("a connection");
    let result = send(&mut connection, ANN).await;
    let usable = connection.usable();
    connection.close().await;
    (result, usable, server.accepted())
}

fn deferred(reason: &str) -> Outcome {
    Outcome::Deferred { reason: reason.to_owned() }
}

fn rejected(reason: &str) -> Outcome {
    Outcome::Rejected { reason: reason.to_owned() }
}

fn is_deferred(result: &Result<Outcome, Refusal>) -> bool {
    matches!(result, Ok(Outcome::Deferred { .. }))
}

fn is_accepted(result: &Result<Outcome, Refusal>) -> bool {
    matches!(result, Ok(Outcome::Accepted { .. }))
}

fn is_unknown(result: &Result<Outcome, Refusal>) -> bool {
    matches!(result, Ok(Outcome::Unknown { .. }))
}

/// The words of a refusal, where it is one about the sender.
fn sender_refusal(result: Result<Outcome, Refusal>) -> String {
    match result {
        Err(Refusal::Sender { reply }) => reply.to_string(),
        other => panic!("no refusal of the sender: {other:?}"),
    }
}

fn is_unreachable<T>(result: &Result<T, Refusal>) -> bool {
    matches!(result, Err(Refusal::Unreachable { .. }))
}

fn with_login(settings: Settings, password: &str, auth: Auth) -> Settings {
    let password = Some(SecretString::from(password));
    Settings { username: Some("tidings".to_owned()), password, auth, ..settings }
}

fn setup_refusal<T>(result: Result<T, Refusal>) -> String {
    match result {
        Err(Refusal::Setup { reason }) => reason,
        Err(other) => panic!("no refusal of the setup: {other:?}"),
        Ok(_) => panic!("it worked"),
    }
}
