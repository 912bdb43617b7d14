//! Logging in, and what forbids it.

use tidings::delivery::outcome::Refusal;
use tidings::delivery::transport::smtp::Relay;
use tidings::delivery::transport::smtp::settings::{Auth, Settings, Tls};

use super::{ANN, connect, is_accepted, is_unreachable, send, settings, setup_refusal, with_login};
use crate::support::smtp_script::{Step, at};
use crate::support::smtp_server::SmtpServer;

#[tokio::test]
async fn every_mechanism_logs_in() {
    for (auth, offered, used) in [
        (Auth::Auto, ["LOGIN", "PLAIN"].as_slice(), "AUTH PLAIN "),
        (Auth::Auto, &["LOGIN"], "AUTH LOGIN"),
        (Auth::Plain, &["LOGIN", "PLAIN"], "AUTH PLAIN "),
        (Auth::Login, &["LOGIN", "PLAIN"], "AUTH LOGIN"),
        (Auth::Xoauth2, &["PLAIN", "XOAUTH2"], "AUTH XOAUTH2 "),
    ] {
        let server = SmtpServer::builder().login("tidings", "sëcret").mechanisms(offered).start();
        let settings = with_login(settings(&server), "sëcret", auth);
        let mut connection = connect(settings).await.expect("a connection");
        assert!(is_accepted(&send(&mut connection, ANN).await));
        assert_eq!(server.accepted()[0].user.as_deref(), Some("tidings"));
        assert!(server.commands()[1].starts_with(used), "{:?}", server.commands());
        assert_eq!(server.violations(), [""; 0]);
    }
}

#[tokio::test]
async fn a_wrong_password_is_about_us_whatever_the_mechanism() {
    for auth in [Auth::Plain, Auth::Login, Auth::Xoauth2] {
        let server = SmtpServer::builder().login("tidings", "secret").start();
        let result = connect(with_login(settings(&server), "wrong", auth)).await;
        assert!(matches!(&result, Err(Refusal::Sender { reply }) if reply.code == 535), "{result:?}");
        assert_eq!(server.violations(), [""; 0]);
    }
}

#[tokio::test]
async fn a_login_that_fails_for_now_is_unreachable() {
    for reply in ["454 4.7.0 Temporary failure", "421 4.3.2 Going down"] {
        let server =
            SmtpServer::builder().login("tidings", "secret").rule(at(Step::Auth).reply(reply)).start();
        let result = connect(with_login(settings(&server), "secret", Auth::Auto)).await;
        assert!(is_unreachable(&result), "{result:?}");
    }
}

#[tokio::test]
async fn a_server_without_a_fitting_mechanism_is_a_wrong_setting() {
    let server = SmtpServer::builder().login("tidings", "secret").mechanisms(&["XOAUTH2"]).start();
    let reason = setup_refusal(connect(with_login(settings(&server), "secret", Auth::Auto)).await);
    assert!(reason.contains("asked for PLAIN, LOGIN, offered XOAUTH2"), "{reason}");
}

#[test]
fn a_password_in_clear_goes_to_this_machine_only() {
    for (host, tls, allowed) in [
        ("localhost", Tls::None, true),
        ("127.0.0.1", Tls::None, true),
        ("::1", Tls::None, true),
        ("192.0.2.1", Tls::None, false),
        ("localhost.example", Tls::None, false),
        ("mail.example", Tls::Starttls, true),
    ] {
        let settings = Settings { host: host.to_owned(), tls, ..Settings::default() };
        let relay = Relay::new(with_login(settings, "secret", Auth::Auto));
        assert_eq!(relay.is_ok(), allowed, "{host}: {relay:?}");
        assert!(!format!("{relay:?}").contains("secret"));
    }
}
