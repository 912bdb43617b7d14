//! Signed mails: a verifier by other people passes them over a name server of its own, and fails what was changed.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::support::python;
use crate::support::site::{Said, Site, WEEKLY, configuration};
use crate::support::smtp_script::{Step, at};
use crate::support::smtp_server::SmtpServer;

const NOW: &str = "2026-05-04T08:00:00Z";

/// Two keys for one sender: PKCS#1 and RSA, PKCS#8 and Ed25519.
const KEYS: &str = "[[mail.dkim]]\nselector = \"rsa\"\nkey_file = \"keys/rsa.pem\"\n\n\
     [[mail.dkim]]\nselector = \"ed\"\nkey_file = \"keys/ed25519.pem\"\n";

/// A digest with all headers that a mail may have.
const MAIL: &str = "[mail]\nunsubscribe_url = \"https://example.org/u/{token}\"\nreply_to = \"editors@example.org\"\n\
     help_url = \"https://example.org/help/\"\narchive_url = \"https://example.org/issues/\"\n";

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dkim").join(name)).unwrap()
}

/// A site with an article, a reader, and these keys.
fn site(keys: &str) -> Site {
    let mail = WEEKLY.replace("[mail]\n", MAIL);
    let site = Site::new(&configuration(&format!("{mail}\n{keys}")));
    for (name, source) in [
        ("rsa", "rsa-pkcs1.pem"),
        ("rsa-pkcs8", "rsa-pkcs8.pem"),
        ("ed25519", "ed25519.pem"),
        ("weak", "rsa-1024.pem"),
    ] {
        site.write(&format!("keys/{name}.pem"), fixture(source));
        std::fs::set_permissions(site.path(&format!("keys/{name}.pem")), Permissions::from_mode(0o600))
            .unwrap();
    }
    site.write(
        "content/heart/salt.md",
        "---\ntitle: Größe & <Salz> – “quoted”\ndate: 2026-05-01\nauthor: Zoë\nsummary: 一二三 🦀 .\n---\n\
         .\n.\nText  with\tblanks \n",
    );
    site
}

/// The one mail of a run.
fn mail(site: &Site) -> Vec<u8> {
    site.run(&["subscribers", "add", "nora@example.net", "--name", "Nora, Ä"]).expect(0);
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    let mut mails = site.outbox();
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

/// What dkimpy says of each mail's signatures, with the records that the program prints.
fn verdicts(site: &Site, mails: &[Vec<u8>]) -> Vec<Vec<String>> {
    python::interpreter("dkim, dns.resolver, nacl.signing");
    site.write("records.json", site.run(&["dkim", "record", "--json"]).expect(0).stdout);
    let mut arguments: Vec<PathBuf> = vec![site.path("records.json")];
    for (index, mail) in mails.iter().enumerate() {
        site.write(&format!("mails/{index}.eml"), mail);
        arguments.push(site.path(&format!("mails/{index}.eml")));
    }
    let said = python::run("dkim_verify.py", &arguments);
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The mail with the first `old` replaced.
fn changed(mail: &[u8], old: &str, new: &str) -> Vec<u8> {
    let text = String::from_utf8(mail.to_vec()).unwrap();
    assert!(text.contains(old), "{old:?} is not in {text}");
    text.replacen(old, new, 1).into_bytes()
}

#[test]
fn both_signatures_pass_and_fail_with_whatever_is_changed() {
    let site = site(KEYS);
    let mail = mail(&site);
    let pass = vec!["pass", "pass"];
    let said = verdicts(
        &site,
        &[
            mail.clone(),
            // What relays may do: white space within lines and at their ends, and empty lines at the end.
            changed(&mail, "MIME-Version: 1.0", "MIME-Version:   1.0 "),
            [&mail[..], b"\r\n\r\n"].concat(),
            [&b"Received: from relay.example\r\n"[..], &mail].concat(),
        ],
    );
    assert_eq!(said, vec![pass.clone(), pass.clone(), pass.clone(), pass]);

    let last = mail.len() - 30;
    let mut body = mail.clone();
    body[last] ^= 1;
    let mut tampered = vec![body];
    for name in [
        "From",
        "To",
        "Subject",
        "Date",
        "Reply-To",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Content-Type",
        "MIME-Version",
        "List-Id",
        "List-Help",
        "List-Archive",
        "Auto-Submitted",
        "Precedence",
        "Feedback-ID",
        "X-Tidings-Delivery",
    ] {
        tampered.push(changed(&mail, &format!("\r\n{name}: "), &format!("\r\n{name}: x")));
    }
    // A second one is what some readers' programs would show.
    for name in
        ["From", "To", "Subject", "Date", "Reply-To", "Message-ID", "List-Unsubscribe", "Content-Type"]
    {
        tampered.push([format!("{name}: Eve <eve@example.com>\r\n").as_bytes(), &mail].concat());
    }
    for (index, verdict) in verdicts(&site, &tampered).iter().enumerate() {
        assert_eq!(verdict.len(), 2, "mail {index}");
        assert!(!verdict.contains(&"pass".to_owned()), "mail {index}: {verdict:?}");
    }
}

#[test]
fn a_relay_that_rewrites_headers_leaves_its_signature_whole() {
    let keys =
        "[[mail.dkim]]\nselector = \"rsa\"\nkey_file = \"keys/rsa-pkcs8.pem\"\n\n[smtp]\nprofile = \"ses\"\n";
    let site = site(keys);
    let mail = mail(&site);
    let at_ses = changed(&mail, "\r\nDate: ", "\r\nDate: Tue, 05 May 2026 00:00:00 +0000\r\nX-Was: ");
    let at_ses =
        changed(&at_ses, "\r\nMessage-ID: <", "\r\nMessage-ID: <0100@email.amazonses.com>\r\nX-Was-Too: <");
    let at_ses =
        changed(&at_ses, "\r\nFeedback-ID: ", "\r\nFeedback-ID: 1.eu-west-1.x:AmazonSES\r\nX-Was-Three: ");
    let second = [b"From: Eve <eve@example.com>\r\n", &at_ses[..]].concat();
    let said = verdicts(&site, &[mail, at_ses, second]);
    assert_eq!(said[..2], [["pass"], ["pass"]]);
    assert_ne!(said[2], ["pass"]);
}

#[test]
fn a_second_attempt_has_the_same_bytes_and_both_signatures() {
    // The message is taken, and the connection dies before the answer: nobody knows, so it is sent again.
    let server = SmtpServer::builder().rule(at(Step::Dot).times(1).accepting().close()).start();
    let smtp = format!("host = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n", server.port());
    let site = site(&format!("{KEYS}\n[delivery]\ntransport = \"smtp\"\n\n[smtp]\n{smtp}"));
    site.run(&["subscribers", "add", "nora@example.net"]).expect(0);
    site.run(&["run", "--now", "--at", NOW]);
    site.run(&["run", "--at", "2026-05-04T09:00:00Z"]).expect(0);
    let mut taken: Vec<Vec<u8>> = server.accepted().into_iter().map(|message| message.data).collect();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0], taken[1]);
    assert_eq!(verdicts(&site, &taken.split_off(1)), [["pass", "pass"]]);
}

#[test]
fn a_preview_is_signed_as_the_mail_would_be() {
    let site = site(KEYS);
    site.run(&["preview", "--out", "preview", "--at", NOW]).expect(0);
    let preview = std::fs::read(site.path("preview/weekly.eml")).unwrap();
    assert_eq!(verdicts(&site, &[preview]), [["pass", "pass"]]);
}

#[test]
fn a_key_that_is_made_signs_what_its_record_verifies() {
    for (algorithm, kind) in [("rsa", "rsa"), ("ed25519", "ed25519")] {
        let site = site("");
        let keygen =
            ["dkim", "keygen", "--algorithm", algorithm, "--selector", "S1", "--out", "keys/new.pem"];
        let made = site.run(&[&keygen[..], &["--json"]].concat()).expect(0).json();
        let permissions = site.path("keys/new.pem").metadata().unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, 0o600);
        assert_eq!(made["record"]["name"], "s1._domainkey.example.org");
        let value = made["record"]["value"].as_str().unwrap();
        assert!(value.starts_with(&format!("v=DKIM1; k={kind}; p=")), "{value}");
        let lines = made["configuration"].as_str().unwrap();
        assert_eq!(lines, "[[mail.dkim]]\nselector = \"s1\"\nkey_file = \"keys/new.pem\"\n");

        let whole = site.read("config/tidings.toml") + "\n" + lines;
        site.write("config/tidings.toml", whole);
        let shown = site.run(&["dkim", "record", "--json"]).expect(0).json();
        assert_eq!(shown[0], made["record"]);
        let mail = mail(&site);
        assert_eq!(verdicts(&site, &[mail]), [["pass"]]);

        let refused = site.run(&keygen).expect(2);
        assert!(refused.stderr.contains("keys/new.pem is there already; nothing was written"), "{refused:?}");
    }
}

#[test]
fn what_people_see_of_keys_says_what_to_do_with_them() {
    let site = site(KEYS);
    insta::assert_snapshot!(site.run(&["dkim", "record"]).expect(0).stdout);
    let unsigned = self::site("");
    let refused = unsigned.run(&["dkim", "record"]).expect(2).stderr;
    let made = unsigned.run(&[
        "dkim",
        "keygen",
        "--selector",
        "s1",
        "--domain",
        "Bücher.example",
        "--out",
        "keys/s1.pem",
    ]);
    let made = made.expect(0).stdout;
    let secret = made.split("p=").nth(1).unwrap().split('\n').next().unwrap();
    let shown = made.replace(secret, "PUBLIC");
    let (shown, _) = shown.split_once("The same").unwrap();
    let lines = made.split("looked up:").nth(1).unwrap();
    insta::assert_snapshot!(format!("{refused}{shown}{lines}"));
    let nowhere = unsigned.run(&["dkim", "keygen", "--selector", "s1", "--out", "nowhere/s1.pem"]).expect(2);
    assert!(nowhere.stderr.contains("mkdir -m 700"), "{nowhere:?}");
}

#[test]
fn everything_that_is_wrong_with_keys_is_told_at_once() {
    let site = site(
        "[[mail.dkim]]\nselector = \"a b\"\nkey_file = \"keys/none.pem\"\n\n\
         [[mail.dkim]]\nselector = \"s1\"\nkey_file = \"keys/rsa.pem\"\ndomain = \"example.com\"\n\n\
         [[mail.dkim]]\nselector = \"s2\"\nkey_file = \"keys/weak.pem\"\n\n\
         [[mail.dkim]]\nselector = \"s2\"\nkey_file = \"config/tidings.toml\"\n\n\
         [[mail.dkim]]\nselector = \"s3\"\nkey_file = \"keys/rsa.pem\"\ndomain = \"news.example.org\"\n\n\
         [smtp]\nprofile = \"ses\"\n",
    );
    let Said { stderr, .. } = site.run(&["check"]).expect(2);
    let root = site.path("");
    insta::assert_snapshot!(stderr.replace(root.to_str().unwrap(), ""));
}

#[test]
fn a_key_that_everybody_can_read_is_told_of() {
    let site = site(KEYS);
    std::fs::set_permissions(site.path("keys/rsa.pem"), Permissions::from_mode(0o644)).unwrap();
    let said = site.run(&["run", "--now", "--at", NOW]).expect(0);
    assert!(said.stderr.contains("keys/rsa.pem can be read by everybody on this machine"), "{said:?}");
    assert!(!said.stderr.contains("ed25519"), "{said:?}");
}
