//! What each reply to each step means for the recipient, the connection and the run, and what no reply means.

use std::time::Duration;

use super::opening::with_tls;
use super::{
    ANN, BOB, MESSAGE, SENDER, SHORT, connect, connected, deferred, is_accepted, is_deferred, is_unknown,
    is_unreachable, once, once_within, rejected, send, sender_refusal, settings, timeouts,
};
use crate::support::smtp_script::{Step, at};
use crate::support::smtp_server::SmtpServer;
use tidings::delivery::outcome::Outcome;
use tidings::delivery::transport::Envelope;
use tidings::delivery::transport::smtp::settings::Settings;

#[tokio::test]
async fn a_250_after_the_dot_is_accepted_with_the_servers_words() {
    let (result, usable, accepted) = once(at(Step::Dot).reply("250 2.0.0 Ok: queued as 4F2")).await;
    assert_eq!(result, Ok(Outcome::Accepted { reply: "250 2.0.0 Ok: queued as 4F2".to_owned() }));
    assert!(usable);
    assert_eq!(accepted.len(), 1);
}

#[tokio::test]
async fn a_bare_250_or_one_in_latin_1_after_the_dot_is_accepted() {
    for reply in [b"250\r\n".as_slice(), b"250 angenommen f\xfcr Sie\n"] {
        let (result, usable, _) = once(at(Step::Dot).raw(reply).accepting()).await;
        assert!(is_accepted(&result), "{result:?}");
        assert!(usable);
    }
}

#[tokio::test]
async fn a_4xx_about_the_recipient_or_the_message_is_deferred() {
    for step in [Step::Mail, Step::Rcpt, Step::Data, Step::Dot] {
        let (result, usable, accepted) = once(at(step).reply("451 4.3.0 Later")).await;
        assert_eq!(result, Ok(deferred("451 4.3.0 Later")), "{step:?}");
        assert!(usable, "{step:?}");
        assert_eq!(accepted, []);
    }
}

#[tokio::test]
async fn a_greylisted_recipient_is_accepted_the_second_time() {
    let server =
        SmtpServer::builder().rule(at(Step::Rcpt).to(ANN).times(1).reply("451 4.7.1 Greylisted")).start();
    let mut connection = connected(&server).await;
    assert_eq!(send(&mut connection, ANN).await, Ok(deferred("451 4.7.1 Greylisted")));
    assert!(is_accepted(&send(&mut connection, ANN).await));
    assert_eq!(server.violations(), [""; 0]);
}

#[tokio::test]
async fn too_many_recipients_is_deferred_and_not_a_failure() {
    let (result, usable, _) = once(at(Step::Rcpt).reply("452 4.5.3 Too many recipients")).await;
    assert_eq!(result, Ok(deferred("452 4.5.3 Too many recipients")));
    assert!(usable);
}

#[tokio::test]
async fn a_421_is_deferred_and_ends_the_connection() {
    for step in [Step::Rcpt, Step::Data, Step::Dot] {
        let (result, usable, _) = once(at(step).reply("421 4.7.28 Slow down")).await;
        assert_eq!(result, Ok(deferred("421 4.7.28 Slow down")), "{step:?}");
        assert!(!usable, "{step:?}");
    }
}

#[tokio::test]
async fn a_5xx_about_the_recipient_or_the_message_is_rejected() {
    for step in [Step::Rcpt, Step::Data, Step::Dot] {
        let (result, usable, accepted) = once(at(step).reply("550-5.1.1 No such\r\n550 5.1.1 user")).await;
        assert_eq!(result, Ok(rejected("550 5.1.1 No such / user")), "{step:?}");
        assert!(usable, "{step:?}");
        assert_eq!(accepted, []);
    }
}

#[tokio::test]
async fn data_refused_for_want_of_valid_recipients_rejects_the_only_one() {
    let (result, ..) = once(at(Step::Data).reply("554 5.5.1 No valid recipients")).await;
    assert_eq!(result, Ok(rejected("554 5.5.1 No valid recipients")));
}

#[tokio::test]
async fn a_bad_sequence_blames_no_recipient_and_ends_the_connection() {
    for step in [Step::Rcpt, Step::Data] {
        let (result, usable, _) = once(at(step).reply("503 5.5.1 Bad sequence")).await;
        assert_eq!(result, Ok(deferred("503 5.5.1 Bad sequence")), "{step:?}");
        assert!(!usable, "{step:?}");
    }
}

#[tokio::test]
async fn a_refused_sender_stops_the_run() {
    let (result, ..) = once(at(Step::Mail).reply("550 5.1.8 Bad sender")).await;
    assert_eq!(sender_refusal(result), "550 5.1.8 Bad sender");
    for step in [Step::Rcpt, Step::Data, Step::Dot] {
        let (result, ..) = once(at(step).reply("550 5.7.515 Access denied")).await;
        assert_eq!(sender_refusal(result), "550 5.7.515 Access denied");
        let (result, ..) = once(at(step).reply("530 Log in first")).await;
        assert_eq!(sender_refusal(result), "530 Log in first");
    }
}

#[tokio::test]
async fn a_disabled_mailbox_is_rejected_although_its_code_is_a_policy_code() {
    let (result, ..) = once(at(Step::Rcpt).reply("525 5.7.13 Account disabled")).await;
    assert_eq!(result, Ok(rejected("525 5.7.13 Account disabled")));
}

#[tokio::test]
async fn a_connection_lost_before_the_dot_is_deferred() {
    for step in [Step::Rcpt, Step::Data] {
        let (result, usable, accepted) = once(at(step).close()).await;
        assert!(is_deferred(&result), "{step:?}: {result:?}");
        assert!(!usable);
        assert_eq!(accepted, []);
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_dot_is_unknown_whether_it_was_accepted_or_not() {
    let (result, usable, accepted) = once(at(Step::Dot).close()).await;
    assert!(is_unknown(&result), "{result:?}");
    assert!(!usable);
    assert_eq!(accepted.len(), 0);

    let (result, usable, accepted) = once(at(Step::Dot).close().accepting()).await;
    assert!(is_unknown(&result), "{result:?}");
    assert!(!usable);
    assert_eq!(accepted.len(), 1);
}

#[tokio::test]
async fn silence_before_the_dot_is_deferred_and_after_it_unknown() {
    for step in [Step::Rcpt, Step::Data] {
        let (result, usable, _) = once_within(SHORT, at(step).silence()).await;
        assert!(is_deferred(&result), "{step:?}: {result:?}");
        assert!(!usable);
    }
    let (result, usable, _) = once_within(SHORT, at(Step::Dot).silence().accepting()).await;
    assert!(is_unknown(&result), "{result:?}");
    assert!(!usable);
}

/// Far more than the sockets of both sides hold, so that the dot is still here when the rest has gone.
fn enormous() -> Vec<u8> {
    b"a line of a message that no mail server would take, again and again\r\n".repeat(180_000)
}

#[tokio::test]
async fn a_message_that_stops_half_way_is_deferred_because_its_dot_never_left() {
    for rule in [at(Step::Body).close(), at(Step::Body).silence()] {
        let server = SmtpServer::builder().rule(rule.clone()).start();
        stops_half_way(&server, settings(&server)).await;
        let server = SmtpServer::builder().rule(rule).implicit_tls().start();
        let (settings, _folder) = with_tls(&server);
        stops_half_way(&server, settings).await;
    }
}

async fn stops_half_way(server: &SmtpServer, mut settings: Settings) {
    (settings.timeouts.block, settings.timeouts.dot) = (Duration::ZERO, SHORT);
    let mut connection = connect(settings).await.expect("a connection");
    let envelope = Envelope { sender: SENDER, recipient: ANN };
    let result = connection.send(&envelope, "enormous", &enormous()).await;
    assert!(is_deferred(&result), "{result:?}");
    assert!(!connection.usable());
    assert_eq!(server.accepted(), []);
}

#[tokio::test]
async fn a_garbled_or_overlong_reply_is_deferred_before_the_dot_and_unknown_after_it() {
    let overlong = [b"250 ".as_slice(), &b"x".repeat(5000), b"\r\n"].concat();
    let endless = b"250-and so on\r\n".repeat(5000);
    for garbage in
        [b"hello there\r\n".as_slice(), b"250-one\r\n451 two\r\n", b"999 no\r\n", &overlong, &endless]
    {
        let (result, usable, _) = once(at(Step::Mail).raw(garbage)).await;
        assert!(is_deferred(&result), "{result:?}");
        assert!(!usable);
        let (result, usable, _) = once(at(Step::Rcpt).raw(garbage)).await;
        assert!(is_deferred(&result), "{result:?}");
        assert!(!usable);
        let (result, usable, _) = once(at(Step::Dot).raw(garbage).accepting()).await;
        assert!(is_unknown(&result), "{result:?}");
        assert!(!usable);
    }
}

#[tokio::test]
async fn a_positive_reply_of_another_step_is_not_taken_for_the_right_one() {
    let (result, usable, _) = once(at(Step::Data).raw(b"250 2.0.0 Ok\r\n")).await;
    assert!(is_deferred(&result), "{result:?}");
    assert!(!usable);
    let (result, usable, _) = once(at(Step::Dot).raw(b"354 Go on\r\n")).await;
    assert!(is_unknown(&result), "{result:?}");
    assert!(!usable);
}

#[tokio::test]
async fn a_reply_without_end_costs_neither_memory_nor_more_than_the_deadline() {
    for flood in [b"250-on and on\r\n".as_slice(), b"and on"] {
        let (result, usable, _) = once(at(Step::Dot).flood(flood)).await;
        assert!(is_unknown(&result), "{result:?}");
        assert!(!usable);
    }
}

#[tokio::test]
async fn a_server_that_is_lost_before_the_first_message_is_unreachable() {
    for rule in [at(Step::Mail).close(), at(Step::Mail).reply("421 4.3.2 Going down")] {
        let (result, usable, _) = once(rule).await;
        assert!(is_unreachable(&result), "{result:?}");
        assert!(!usable);
    }
    let (result, ..) = once_within(SHORT, at(Step::Mail).silence()).await;
    assert!(is_unreachable(&result), "{result:?}");
}

#[tokio::test]
async fn a_send_that_is_dropped_half_way_leaves_no_connection_that_is_out_of_step() {
    let server = SmtpServer::builder().rule(at(Step::Dot).to(ANN).silence()).start();
    let settings = Settings { timeouts: timeouts(super::PLENTY), ..settings(&server) };
    let mut connection = connect(settings).await.expect("a connection");
    let envelope = Envelope { sender: SENDER, recipient: ANN };
    assert!(tokio::time::timeout(SHORT, connection.send(&envelope, "one", MESSAGE)).await.is_err());
    assert!(!connection.usable());
    assert!(is_accepted(&send(&mut connection, BOB).await));
    assert_eq!(server.connections(), 2);
}
