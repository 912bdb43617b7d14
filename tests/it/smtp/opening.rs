//! From the TCP connection to where mail can be sent: greeting and TLS.

use std::path::PathBuf;

use tempfile::TempDir;
use tidings::delivery::outcome::Refusal;
use tidings::delivery::transport::smtp::settings::{Auth, Settings, Tls};

use super::{
    ANN, SHORT, connect, is_accepted, is_unreachable, send, settings, setup_refusal, timeouts, with_login,
};
use crate::support::smtp_script::{Step, at};
use crate::support::smtp_server::{Builder, SmtpServer};

/// Settings that trust the server's authority, whose certificate lies in the folder as long as that is held.
pub(super) fn with_tls(server: &SmtpServer) -> (Settings, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let ca_file: PathBuf = folder.path().join("ca.pem");
    std::fs::write(&ca_file, server.authority_pem()).expect("a file");
    let settings = Settings { tls: Tls::Implicit, ca_file: Some(ca_file), ..settings(server) };
    (settings, folder)
}

async fn refusal(builder: Builder) -> Refusal {
    let server = builder.start();
    connect(settings(&server)).await.expect_err("a server that isn't to be used")
}

#[tokio::test]
async fn a_greeting_with_5xx_is_about_us_and_any_other_no_about_the_moment() {
    let refused =
        refusal(SmtpServer::builder().rule(at(Step::Greeting).reply("554 5.7.1 No mail from you"))).await;
    assert_eq!(refused.to_string(), "the server refuses this sender: 554 5.7.1 No mail from you");
    let refused = refusal(SmtpServer::builder().rule(at(Step::Hello).reply("550 5.7.1 Bad name"))).await;
    assert_eq!(refused.to_string(), "the server refuses this sender: 550 5.7.1 Bad name");
    for rule in [
        at(Step::Greeting).reply("421 4.3.2 Busy"),
        at(Step::Greeting).reply("450 Later"),
        at(Step::Hello).reply("421 4.3.2 Busy"),
        at(Step::Greeting).raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
        at(Step::Greeting).flood(b"220-"),
        at(Step::Greeting).close(),
        at(Step::Hello).close(),
    ] {
        let refused = refusal(SmtpServer::builder().rule(rule.clone())).await;
        assert!(matches!(refused, Refusal::Unreachable { .. }), "{rule:?}: {refused}");
    }
}

#[tokio::test]
async fn silence_before_the_first_message_is_unreachable() {
    for step in [Step::Greeting, Step::Hello] {
        let server = SmtpServer::builder().rule(at(step).silence()).start();
        let result = connect(Settings { timeouts: timeouts(SHORT), ..settings(&server) }).await;
        assert!(is_unreachable(&result), "{result:?}");
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let server = SmtpServer::builder().start();
    let settings = settings(&server);
    drop(server);
    assert!(is_unreachable(&connect(settings).await));
}

#[tokio::test]
async fn implicit_tls_encrypts_all() {
    let server = SmtpServer::builder().implicit_tls().start();
    let (settings, _folder) = with_tls(&server);
    let mut connection = connect(settings).await.expect("a connection");
    assert!(is_accepted(&send(&mut connection, ANN).await));
    assert!(is_accepted(&send(&mut connection, ANN).await));
    assert!(server.accepted().iter().all(|message| message.encrypted));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn starttls_says_ehlo_again_and_sends_nothing_else_in_clear() {
    let server = SmtpServer::builder().starttls().login("tidings", "secret").start();
    let (settings, _folder) = with_tls(&server);
    let settings = with_login(Settings { tls: Tls::Starttls, ..settings }, "secret", Auth::Auto);
    let mut connection = connect(settings).await.expect("a connection");
    assert!(is_accepted(&send(&mut connection, ANN).await));
    assert!(server.accepted()[0].encrypted);
    let commands = server.commands();
    assert_eq!(commands[..3], ["EHLO client.test", "STARTTLS", "EHLO client.test"]);
    assert_eq!(server.violations(), [""; 0]);
}

#[tokio::test]
async fn starttls_is_never_done_without() {
    let server = SmtpServer::builder().login("tidings", "secret").start();
    let settings = with_login(Settings { tls: Tls::Starttls, ..settings(&server) }, "secret", Auth::Auto);
    assert!(setup_refusal(connect(settings).await).contains("doesn't offer STARTTLS"));
    assert_eq!(server.commands(), ["EHLO client.test"]);

    let server = SmtpServer::builder().starttls().rule(at(Step::StartTls).reply("454 4.7.0 Not now")).start();
    let settings = Settings { tls: Tls::Starttls, ..with_tls(&server).0 };
    let settings = Settings { ca_file: None, ..settings };
    assert!(is_unreachable(&connect(settings).await));
    assert_eq!(server.commands(), ["EHLO client.test", "STARTTLS"]);
}

#[tokio::test]
async fn replies_in_clear_behind_starttls_are_not_taken_for_encrypted_ones() {
    let smuggled = "220 2.0.0 Go ahead\r\n250-mail.test\r\n250 AUTH PLAIN";
    let server = SmtpServer::builder().starttls().rule(at(Step::StartTls).reply(smuggled)).start();
    let (settings, _folder) = with_tls(&server);
    let result = connect(Settings { tls: Tls::Starttls, ..settings }).await;
    assert!(is_unreachable(&result), "{result:?}");
    assert_eq!(server.commands(), ["EHLO client.test", "STARTTLS"]);
}

#[tokio::test]
async fn a_certificate_of_another_name_or_an_unknown_authority_is_refused() {
    let server = SmtpServer::builder().implicit_tls().certificate_for("elsewhere.example").start();
    let (trusting, _folder) = with_tls(&server);
    assert!(setup_refusal(connect(trusting).await).contains("no trustworthy TLS"));

    let server = SmtpServer::builder().implicit_tls().start();
    let unknowing = Settings { tls: Tls::Implicit, ..settings(&server) };
    assert!(setup_refusal(connect(unknowing).await).contains("no trustworthy TLS"));
    assert_eq!(server.commands(), [""; 0]);
}

#[tokio::test]
async fn a_server_that_hangs_up_in_the_handshake_is_unreachable_and_one_without_tls_a_wrong_setting() {
    let server = SmtpServer::builder().rule(at(Step::Greeting).close()).start();
    let hung_up = Settings { tls: Tls::Implicit, ..settings(&server) };
    assert!(is_unreachable(&connect(hung_up).await));

    let server = SmtpServer::builder().start();
    let plain = Settings { tls: Tls::Implicit, ..settings(&server) };
    assert!(setup_refusal(connect(plain).await).contains("smtp.tls"));
}

#[test]
fn settings_read_as_documented_and_refuse_what_they_do_not_know() {
    let settings: Settings = toml::from_str(
        "host = 'mail.example'\ntls = 'starttls'\nusername = 'a'\npassword = 'hidden'\nauth = 'login'\n\
         [timeouts]\ndot = '15m'",
    )
    .expect("legal settings");
    assert_eq!((settings.port(), settings.auth, settings.connections), (587, Auth::Login, 2));
    assert_eq!(settings.timeouts.dot.as_secs(), 900);
    assert_eq!(settings.timeouts.connect.as_secs(), 30);
    assert!(!format!("{settings:?}").contains("hidden"));
    assert!(toml::from_str::<Settings>("host = 'x'\ntsl = 'none'").is_err());
    assert!(toml::from_str::<Settings>("[timeouts]\ndott = '15m'").is_err());
}
