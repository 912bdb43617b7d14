//! Mailboxes on a server: Dovecot, with TLS and without.

use secrecy::SecretString;
use tidings::inbound::incoming::MOST;
use tidings::inbound::mailbox::imap::Imap;
use tidings::inbound::mailbox::imap_settings::Settings;
use tidings::inbound::mailbox::{Fate, Item, Mailbox};

use crate::support::imap_server::{ImapServer, PASSWORD, USER};

fn settings(server: &ImapServer) -> Settings {
    Settings {
        host: "localhost".to_owned(),
        port: server.port(),
        username: USER.to_owned(),
        password: Some(SecretString::from(PASSWORD)),
        folder: "INBOX".to_owned(),
        done_folder: None,
        allow_plain: true,
        ca_file: None,
        timeout: std::time::Duration::from_secs(20),
    }
}

async fn open(settings: &Settings) -> Mailbox {
    Mailbox::Imap(Box::new(Imap::open(settings).await.unwrap()))
}

/// All messages, with what the mailbox was told of them: those that begin with `done` are dealt with.
async fn read(mut mailbox: Mailbox) -> Vec<Item> {
    let mut all = Vec::new();
    loop {
        let items = mailbox.next(3).await.unwrap();
        if items.is_empty() {
            break;
        }
        let fates: Vec<(u64, Fate)> = items
            .iter()
            .map(|item| {
                let done = item.bytes.starts_with(b"Subject: done");
                (item.key, if done { Fate::Done } else { Fate::Left })
            })
            .collect();
        mailbox.settle(&fates).await.unwrap();
        all.extend(items);
    }
    mailbox.close().await;
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_dealt_with_is_seen_and_all_else_stays_unread() {
    let server = ImapServer::start(false);
    for number in 1..=5 {
        let kind = if number % 2 == 1 { "done" } else { "answer" };
        server
            .deliver(&format!("{number}.a.host"), format!("Subject: {kind}\r\n\r\n{number}\r\n").as_bytes());
    }
    let settings = settings(&server);
    let found = read(open(&settings).await).await;
    let texts: Vec<_> = found.iter().map(|item| String::from_utf8_lossy(&item.bytes).into_owned()).collect();
    assert_eq!(texts[0], "Subject: done\r\n\r\n1\r\n");
    assert_eq!(texts.len(), 5);
    assert_eq!(found[1].place, "INBOX, message 2");
    let unseen: Vec<String> = server
        .messages("")
        .into_iter()
        .filter(|name| !name.ends_with('S'))
        .map(|name| name[..1].to_owned())
        .collect();
    assert_eq!(unseen, ["2", "4"]);
    assert!(read(open(&settings).await).await.is_empty(), "nothing is read twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_were_fetched_and_not_settled_come_again() {
    let server = ImapServer::start(false);
    server.deliver("1.a.host", b"Subject: done\r\n\r\n");
    let settings = settings(&server);
    let mut mailbox = open(&settings).await;
    assert_eq!(mailbox.next(9).await.unwrap().len(), 1);
    drop(mailbox);
    assert_eq!(read(open(&settings).await).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_dealt_with_can_be_moved_away() {
    let server = ImapServer::start(false);
    server.make_folder("Done");
    server.deliver("1.a.host", b"Subject: done\r\n\r\n");
    server.deliver("2.a.host", b"Subject: answer\r\n\r\n");
    let settings = Settings { done_folder: Some("Done".to_owned()), ..settings(&server) };
    assert_eq!(read(open(&settings).await).await.len(), 2);
    assert_eq!((server.messages("").len(), server.messages(".Done").len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_over_tls_and_of_large_ones_the_beginning() {
    let server = ImapServer::start(true);
    let mut large = b"Subject: done\r\n\r\n".to_vec();
    large.resize(4 * MOST, b'x');
    server.deliver("1.a.host", &large);
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, server.authority_pem()).unwrap();
    let trusting = Settings { allow_plain: false, ca_file: Some(ca_file), ..settings(&server) };
    let items = read(open(&trusting).await).await;
    assert_eq!(items[0].bytes.len(), MOST);

    let stranger = Settings { allow_plain: false, ..settings(&server) };
    let error = Imap::open(&stranger).await.unwrap_err().to_string();
    assert!(error.contains("the TLS handshake failed"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_without_the_password() {
    let server = ImapServer::start(false);
    let right = settings(&server);
    let wrong = [
        Settings { password: Some(SecretString::from("secret")), ..right.clone() },
        Settings { folder: "Missing".to_owned(), ..right.clone() },
        Settings { host: "mail.example.org".to_owned(), ..right.clone() },
        Settings { password: Some(SecretString::from("a\nb")), ..right.clone() },
    ];
    let mut told = String::new();
    for settings in wrong {
        let error = Imap::open(&settings).await.unwrap_err().to_string();
        told += &error.replace(&server.port().to_string(), "PORT");
        told += "\n";
    }
    insta::assert_snapshot!(told);
}
