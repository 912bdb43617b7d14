//! Message after message: what arrives, and what happens between two of them.

use super::{
    ANN, BOB, MESSAGE, SENDER, connect, connected, is_accepted, is_deferred, is_unreachable, rejected, send,
    settings,
};
use crate::support::smtp_script::{Step, at};
use crate::support::smtp_server::SmtpServer;
use tidings::delivery::outcome::{Outcome, Refusal};
use tidings::delivery::transport::Envelope;

#[tokio::test]
async fn several_messages_go_over_one_connection() {
    let server = SmtpServer::builder().start();
    let mut connection = connected(&server).await;
    for recipient in [ANN, BOB, ANN] {
        assert!(is_accepted(&send(&mut connection, recipient).await));
    }
    connection.close().await;
    let accepted = server.accepted();
    assert_eq!(
        accepted.iter().map(|message| message.recipients[0].as_str()).collect::<Vec<_>>(),
        [ANN, BOB, ANN]
    );
    assert!(accepted.iter().all(|message| message.sender == SENDER && message.connection == 1));
    assert_eq!(server.commands().last().map(String::as_str), Some("QUIT"));
    assert_eq!(server.violations(), [""; 0]);
}

#[tokio::test]
async fn a_message_arrives_byte_for_byte_dots_included() {
    let server = SmtpServer::builder().start();
    let mut connection = connected(&server).await;
    let message = b"Subject: dots\r\n\r\n.\r\n..\r\n.a\r\nb.\r\n\r\n.\r\n";
    let envelope = Envelope { sender: SENDER, recipient: ANN };
    assert!(is_accepted(&connection.send(&envelope, "dots", message).await));
    assert!(is_accepted(&connection.send(&envelope, "no end of line", b"Subject: x\r\n\r\ny").await));
    let accepted = server.accepted();
    assert_eq!(accepted[0].data, message);
    assert_eq!(accepted[1].data, b"Subject: x\r\n\r\ny\r\n");
    assert_eq!(server.violations(), [""; 0]);
}

#[tokio::test]
async fn a_message_with_a_lone_line_feed_is_not_sent() {
    let server = SmtpServer::builder().start();
    let mut connection = connected(&server).await;
    let envelope = Envelope { sender: SENDER, recipient: ANN };
    let smuggled = b"Subject: x\r\n\r\ny\n.\nMAIL FROM:<evil@example.org>\r\n";
    let result = connection.send(&envelope, "smuggled", smuggled).await;
    assert!(matches!(result, Ok(Outcome::Rejected { .. })), "{result:?}");
    assert!(connection.usable());
    assert_eq!(server.accepted(), []);
}

#[tokio::test]
async fn a_refused_recipient_costs_a_rset_and_no_connection() {
    let server = SmtpServer::builder().rule(at(Step::Rcpt).to(ANN).reply("550 5.1.1 No such user")).start();
    let mut connection = connected(&server).await;
    assert_eq!(send(&mut connection, ANN).await, Ok(rejected("550 5.1.1 No such user")));
    assert!(is_accepted(&send(&mut connection, BOB).await));
    assert!(is_accepted(&send(&mut connection, BOB).await));
    assert_eq!(server.commands().iter().filter(|command| *command == "RSET").count(), 1);
    assert_eq!(server.connections(), 1);
    assert_eq!(server.violations(), [""; 0]);
}

#[tokio::test]
async fn a_refused_rset_costs_a_connection_and_no_attempt() {
    for rule in [at(Step::Reset).reply("502 5.5.1 What?"), at(Step::Reset).close()] {
        let server =
            SmtpServer::builder().rule(at(Step::Rcpt).to(ANN).reply("450 4.2.1 Busy")).rule(rule).start();
        let mut connection = connected(&server).await;
        assert!(is_deferred(&send(&mut connection, ANN).await));
        assert!(is_accepted(&send(&mut connection, BOB).await));
        assert_eq!(server.connections(), 2);
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_in_between_costs_nobody_an_attempt() {
    let server = SmtpServer::builder().messages_per_connection(2).start();
    let mut connection = connected(&server).await;
    for _ in 0..5 {
        assert!(is_accepted(&send(&mut connection, ANN).await));
    }
    assert_eq!(server.connections(), 3);
    assert_eq!(server.accepted().len(), 5);
}

#[tokio::test]
async fn a_421_or_a_hangup_at_the_next_message_costs_nobody_an_attempt() {
    for rule in [at(Step::Mail).message(2).reply("421 4.4.2 Idle"), at(Step::Mail).message(2).close()] {
        let server = SmtpServer::builder().rule(rule).start();
        let mut connection = connected(&server).await;
        assert!(is_accepted(&send(&mut connection, ANN).await));
        assert!(is_accepted(&send(&mut connection, BOB).await));
        assert_eq!(server.accepted().iter().map(|message| message.connection).collect::<Vec<_>>(), [1, 2]);
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_again_is_unreachable() {
    let server = SmtpServer::builder()
        .rule(at(Step::Mail).message(2).close())
        .rule(at(Step::Mail).connection(2).close())
        .start();
    let mut connection = connected(&server).await;
    assert!(is_accepted(&send(&mut connection, ANN).await));
    assert!(is_unreachable(&send(&mut connection, ANN).await));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_reply_that_nobody_asked_for_ends_the_connection_before_it_is_taken_for_another() {
    let server = SmtpServer::builder()
        .rule(at(Step::Dot).message(1).raw(b"250 2.0.0 Ok\r\n250 2.0.0 And again\r\n").accepting())
        .rule(at(Step::Rcpt).to(BOB).reply("550 5.1.1 No such user"))
        .start();
    let mut connection = connected(&server).await;
    assert!(is_accepted(&send(&mut connection, ANN).await));
    assert_eq!(send(&mut connection, BOB).await, Ok(rejected("550 5.1.1 No such user")));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_address_that_is_not_ascii_needs_a_server_that_takes_it() {
    let jorg = "jörg@reader.example";
    let server = SmtpServer::builder().start();
    let result = send(&mut connected(&server).await, jorg).await;
    assert!(matches!(&result, Ok(Outcome::Rejected { reason }) if reason.contains("SMTPUTF8")), "{result:?}");

    let server = SmtpServer::builder().offer("SMTPUTF8").start();
    assert!(is_accepted(&send(&mut connected(&server).await, jorg).await));
    assert_eq!(server.accepted()[0].recipients, [jorg]);
    assert_eq!(server.accepted()[0].parameters, "SMTPUTF8");
    let mut connection = connected(&server).await;
    let envelope = Envelope { sender: SENDER, recipient: jorg };
    let result = connection.send(&envelope, "x", "To: <jörg@reader.example>\r\n\r\nx\r\n".as_bytes()).await;
    assert!(result.is_ok_and(|outcome| matches!(outcome, Outcome::Accepted { .. })));
    assert_eq!(server.accepted()[1].parameters, "SMTPUTF8 BODY=8BITMIME");
    assert_eq!(server.violations(), [""; 0]);
}

#[tokio::test]
async fn an_address_with_a_line_end_reaches_no_server() {
    let server = SmtpServer::builder().start();
    let mut connection = connected(&server).await;
    let result = send(&mut connection, "ann@reader.example>\r\nRCPT TO:<bob@reader.example").await;
    assert!(matches!(result, Ok(Outcome::Rejected { .. })), "{result:?}");
    let envelope = Envelope { sender: "a@b.example>\r\nQUIT", recipient: ANN };
    let result = connection.send(&envelope, "x", MESSAGE).await;
    assert!(matches!(result, Err(Refusal::Setup { .. })), "{result:?}");
    assert_eq!(server.commands(), ["EHLO client.test"]);
}

#[tokio::test]
async fn the_null_sender_can_be_used() {
    let server = SmtpServer::builder().start();
    let mut connection = connect(settings(&server)).await.expect("a connection");
    let envelope = Envelope { sender: "", recipient: ANN };
    assert!(is_accepted(&connection.send(&envelope, "x", MESSAGE).await));
    assert_eq!(server.accepted()[0].sender, "");
}
