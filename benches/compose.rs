//! How many messages one core composes in a second: a 40 KB digest stamped for one recipient after the other, against
//! rendering its templates and building a message with lettre for each; and with an RSA-2048 signature (DKIM), against
//! that signature alone by the same library. `cargo bench --bench compose`; pairs are interleaved, for the machine's
//! speed drifts, time is the processor's, and each ratio is the median of the pairs' own.

use std::process::ExitCode;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use lettre::message::{MultiPart, SinglePart};
use serde_json::{Value, json};
use tidings::config;
use tidings::digest::draft::Draft;
use tidings::digest::finish::{inline, number_links, tidy};
use tidings::digest::issue::Edition;
use tidings::digest::letterhead::{Letterhead, Seal};
use tidings::digest::look::Look;
use tidings::digest::message::Stamp;
use tidings::digest::recipient::Recipient;
use tidings::digest::slots::Slot;
use tidings::language::tag::Language;
use tidings::mail::dkim::generate::{Kind, generate};
use tidings::mail::dkim::key::SigningKey;
use tidings::mail::dkim::profile::Profile;
use tidings::mail::dkim::sign::Signer as DkimSigner;
use tidings::mail::name::DisplayName;
use tidings::subscribers::key_ring::{KeyRing, StoredKey};
use tidings::subscribers::token::Signer;
use tidings::templates::environment::Templates;

use crate::processor::rate;

mod processor;

/// Articles of the digest: with them its text and HTML have 40 KB.
const ARTICLES: usize = 18;

/// Pairs that are measured.
const PAIRS: usize = 7;

/// How long each half of a pair takes.
const HALF: Duration = Duration::from_millis(500);

/// The secret of the issue's slots.
const SECRET: &str = "0123456789abcdef";

const CONFIGURATION: &str = r#"
[site]
title = "Plain Health"
url = "https://plainhealth.example"
author = "Plain Health"
since = 2020-01-01
[mail]
from = "Plain Health <digest@plainhealth.example>"
unsubscribe_url = "https://plainhealth.example/unsubscribe/{token}"
preferences_url = "https://plainhealth.example/preferences/{token}"
postal_address = "4 Quiet Street, Exampleton EX1 4PL"
[[digest]]
name = "weekly"
title = "Plain Health weekly"
cron = "0 7 * * MON"
"#;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn ring() -> Result<KeyRing, &'static str> {
    let key = |number| StoredKey {
        number,
        secret: b"a secret of a store, as it should".to_vec(),
        made: chrono::DateTime::UNIX_EPOCH,
        retired: None,
    };
    KeyRing::new(&[key(0), key(1)]).ok_or("no key")
}

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Outcome<()> {
    let config =
        config::read("tidings.toml".as_ref(), CONFIGURATION, env!("CARGO_MANIFEST_DIR").as_ref(), "")
            .map_err(|faults| format!("{faults:?}"))?;
    let (Some(mail), Some(digest)) = (&config.mail, config.digests.first()) else {
        return Err("no digest".into());
    };
    let letterhead =
        Letterhead::new(mail, digest, &config.catalog.site, Seal { slots: SECRET.to_owned(), key: 1 })?;
    let look = Look::new(&mail.look, &digest.look);
    let templates = Templates::new(None);
    let marker = |slot: Slot| slot.marker(SECRET);
    let shared = context(
        &look,
        [marker(Slot::Name), marker(Slot::Address), marker(Slot::Unsubscribe), marker(Slot::Preferences)],
    );
    let text = number_links(&tidy(&templates.render("email/plain/body.txt.j2", &shared)?), SECRET);
    let html = inline(&templates.render("email/plain/body.html.j2", &shared)?)?;
    let opened = DateTime::<Utc>::UNIX_EPOCH;
    let draft = Draft {
        letterhead: &letterhead,
        opened,
        subject: "Salt and 17 more – Plain Health weekly",
        text: &text,
        html: &html,
        page: None,
        pictures: &[],
    };
    let edition = Edition {
        key: "bench".to_owned(),
        language: Language::english(),
        nameless: "reader".to_owned(),
        subject: draft.subject.to_owned(),
        message: draft.write()?,
        text,
        html,
        web: String::new(),
        contents: Vec::new(),
    };
    let stamp = Stamp::new(&letterhead, &edition).ok_or("the stencil can't be read")?;
    let tokens = Signer::new(ring()?);
    let mut number = 0;
    let mut recipient = || {
        number += 1;
        let address = format!("reader{number}@example.net").parse().map_err(|_| "no address")?;
        let name = DisplayName::new(&format!("Reader {number}"));
        Ok::<_, &str>(Recipient { subscriber: number, issue: 12, opened, name, address })
    };
    let whole = stamp.message(&recipient()?, &tokens)?;
    let parsed = mail_parser::MessageParser::default().parse(&whole).ok_or("the message can't be read")?;
    let (text, html) = (parsed.body_text(0).ok_or("no text")?, parsed.body_html(0).ok_or("no HTML")?);
    if !text.contains("Hello Reader 1,") || !html.contains("Hello Reader 1,") || html.contains("slot0123") {
        return Err("the message is not stamped".into());
    }
    print(&format!(
        "a digest of {} bytes of text and HTML, {} as a message; one core, medians of {PAIRS} pairs",
        text.len() + html.len(),
        whole.len()
    ));

    let mut stamped = || stamp.message(&recipient().ok()?, &tokens).ok().map(|message| message.len());
    let mut other = 0;
    let mut rendered = || {
        other += 1;
        let own = [
            format!("Reader {other}"),
            format!("reader{other}@example.net"),
            format!("https://plainhealth.example/unsubscribe/{other}"),
            format!("https://plainhealth.example/preferences/{other}"),
        ];
        let address = own[1].clone();
        let context = context(&look, own);
        let text = templates.render("email/plain/body.txt.j2", &context).ok()?;
        let html = templates.render("email/plain/body.html.j2", &context).ok()?;
        let message = lettre::Message::builder()
            .from("Plain Health <digest@plainhealth.example>".parse().ok()?)
            .to(address.parse().ok()?)
            .subject("Salt and 17 more – Plain Health weekly")
            .multipart(
                MultiPart::alternative()
                    .singlepart(SinglePart::plain(text))
                    .singlepart(SinglePart::html(html)),
            )
            .ok()?;
        Some(message.formatted().len())
    };
    against("stamped", &mut stamped, "rendered and built with lettre for each", &mut rendered);

    sign(&stamp, &tokens)
}

/// Stamped and signed, against the signature alone.
fn sign(stamp: &Stamp, tokens: &Signer) -> Outcome<()> {
    let opened = DateTime::<Utc>::UNIX_EPOCH;
    let mut number = 0;
    let pem = generate(Kind::Rsa2048).map_err(|_| "no key")?;
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let bare = RsaKeyPair::from_pkcs8(&BASE64.decode(base64.as_bytes())?)?;
    let dkim =
        DkimSigner::new(Profile::Generic, "plainhealth.example", "s1", SigningKey::parse(pem.as_bytes())?);
    let random = SystemRandom::new();
    let mut signature = [0; 256];
    let mut floor = || bare.sign(&RSA_PKCS1_SHA256, &random, &[7; 32], &mut signature).ok().map(|()| 256);
    let mut signed = || {
        number += 1;
        let address = format!("reader{number}@example.net").parse().ok()?;
        let name = DisplayName::new(&format!("Reader {number}"));
        let recipient = Recipient { subscriber: number, issue: 12, opened, name, address };
        let message = stamp.message(&recipient, tokens).ok()?;
        dkim.signed(&message, opened).ok().map(|message| message.len())
    };
    against("stamped and signed with RSA-2048", &mut signed, "the RSA signature alone", &mut floor);
    Ok(())
}

/// What the templates of a digest see.
fn context(look: &Look, [name, address, unsubscribe, preferences]: [String; 4]) -> Value {
    let article = |number: usize| {
        json!({
            "title": format!("What to know about subject number {number} before you decide"),
            "url": format!("https://plainhealth.example/heart/subject-{number}/"),
            "byline": "Ana Roe and Bo Li",
            "date": "2026-05-30T09:00:00+01:00",
            "minutes": 4,
            "summary": "Most people can do more for themselves than they think, and need less than they are told. How to \
                        begin, how to build up, what the studies say and what they leave open, and when to stop and \
                        ask somebody who knows you for advice.",
            "body": null,
            "image": {
                "url": format!("https://plainhealth.example/images/subject-{number}.jpg"),
                "alt": "Two people on a path over hills",
                "width": 1200,
                "height": 630,
            },
            "comments": null,
        })
    };
    let groups: Vec<Value> = ["Heart & circulation", "Sleep", "Medicines"]
        .iter()
        .enumerate()
        .map(|(place, title)| {
            let own = ARTICLES / 3;
            json!({
                "title": title,
                "description": "One line about what this is about.",
                "url": "https://plainhealth.example/heart/",
                "articles": (place * own..(place + 1) * own).map(article).collect::<Vec<_>>(),
                "more": 2,
            })
        })
        .collect();
    json!({
        "language": "en-GB",
        "web": false,
        "look": look,
        "site": { "title": "Plain Health", "description": "Health in plain words", "url": "https://plainhealth.example/", "language": "en-GB" },
        "digest": { "name": "weekly", "title": "Plain Health weekly" },
        "intro": null,
        "issue": { "date": "2026-06-01T07:00:00+01:00", "shown": ARTICLES, "total": ARTICLES + 6, "lead": "Salt" },
        "groups": groups,
        "recipient": { "name": name, "address": address },
        "links": { "unsubscribe": unsubscribe, "preferences": preferences, "archive": null, "view": null, "help": null },
        "footer": { "postal_address": "4 Quiet Street, Exampleton EX1 4PL", "disclaimer": null },
    })
}

type Work<'a> = &'a mut dyn FnMut() -> Option<usize>;

/// Prints both rates, and the one by the other.
fn against(name: &str, work: Work<'_>, peer_name: &str, peer: Work<'_>) {
    let mut rates: Vec<(f64, f64)> = (0..PAIRS)
        .map(|_| {
            let of = |work: Work<'_>| rate(&mut || work().is_some_and(|length| length > 0), HALF);
            (of(work), of(peer))
        })
        .collect();
    rates.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (ours, theirs) = rates[PAIRS / 2];
    print(&format!("{name}: {ours:.0}/s; {peer_name}: {theirs:.0}/s; {:.3} times", ours / theirs));
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn print(line: &str) {
    println!("{line}");
}
