//! How fast mails are signed, on one core: a 40 KB digest with each kind of key, and beside it the bare RSA signature
//! of 32 bytes by the same library with the same key, which is the floor. `cargo bench --bench dkim`; pairs are
//! interleaved, for the machine's speed drifts, and the ratio is the median of the pairs' own.

use std::process::ExitCode;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use tidings::mail::dkim::body::{BodyHash, BodyHasher};
use tidings::mail::dkim::generate::{Kind, generate};
use tidings::mail::dkim::header::parted;
use tidings::mail::dkim::key::SigningKey;
use tidings::mail::dkim::profile::Profile;
use tidings::mail::dkim::sign::Signer;

use crate::processor::rate;

mod processor;

/// Bytes of the mail.
const SIZE: usize = 40 * 1024;

/// Pairs that are measured.
const PAIRS: usize = 15;

/// How long each half of a pair takes.
const HALF: Duration = Duration::from_millis(300);

fn main() -> ExitCode {
    match measure() {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

fn measure() -> Option<()> {
    let pem = generate(Kind::Rsa2048).ok()?;
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let bare = RsaKeyPair::from_pkcs8(&BASE64.decode(base64.as_bytes()).ok()?).ok()?;
    let rsa = || SigningKey::parse(pem.as_bytes()).ok();
    let other = generate(Kind::Ed25519).ok()?;
    let ed25519 = || SigningKey::parse(other.as_bytes()).ok();
    let with_rsa = Signer::new(Profile::Generic, "example.org", "s1", rsa()?);
    let with_ed25519 = Signer::new(Profile::Generic, "example.org", "s2", ed25519()?);
    let with_both =
        Signer::new(Profile::Generic, "example.org", "s1", rsa()?).and("example.org", "s2", ed25519()?);
    let mail = mail();
    let at = DateTime::<Utc>::UNIX_EPOCH;
    let (header, body) = parted(&mail);
    let mut begun = BodyHasher::default();
    begun.update(&body[..body.len() - 2048]);

    let random = SystemRandom::new();
    let floor = || {
        let mut signature = [0; 256];
        bare.sign(&RSA_PKCS1_SHA256, &random, &[7; 32], &mut signature).is_ok()
    };
    let shared = || {
        let mut hasher = begun.clone();
        hasher.update(&body[body.len() - 2048..]);
        with_rsa.signatures_over(header, &hasher.finish(), at).is_ok()
    };
    print(&format!("a mail of {} bytes, one core, median of {PAIRS} interleaved pairs", mail.len()));
    let bodies = || std::hint::black_box(BodyHash::of(body)).as_ref().len() == 32;
    against("RSA-2048", &floor, &|| with_rsa.signatures(&mail, at).is_ok());
    against("RSA-2048, and the mail copied behind it", &floor, &|| with_rsa.signed(&mail, at).is_ok());
    against("RSA-2048, all but the last 2 KB hashed before", &floor, &shared);
    against("Ed25519", &floor, &|| with_ed25519.signatures(&mail, at).is_ok());
    against("both", &floor, &|| with_both.signatures(&mail, at).is_ok());
    against("the body's hash alone", &floor, &bodies);
    let plain = || digest(&SHA256, std::hint::black_box(body)).as_ref().len() == 32;
    against("the body's bytes hashed as they are", &floor, &plain);
    Some(())
}

/// Prints the rate of `work`, that of the floor in the same run, and the one by the other.
fn against(name: &str, floor: &dyn Fn() -> bool, work: &dyn Fn() -> bool) {
    let mut rates: Vec<(f64, f64)> =
        (0..PAIRS).map(|_| (rate(&mut || floor(), HALF), rate(&mut || work(), HALF))).collect();
    rates.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (below, above) = rates[PAIRS / 2];
    let (low, high) = (rates[1], rates[PAIRS - 2]);
    print(&format!(
        "{name}: {above:.0}/s; the bare RSA signature {below:.0}/s; ratio {:.3} (from {:.3} to {:.3})",
        above / below,
        low.1 / low.0,
        high.1 / high.0
    ));
}

/// A digest as quoted-printable: text in lines of 76 bytes, HTML with indented lines and soft breaks.
fn mail() -> Vec<u8> {
    let header = "From: Plain Health <digest@plainhealth.example>\r\nTo: \"Nora Field\" <nora@example.net>\r\n\
        Subject: Walking & the heart =?utf-8?b?4oCT?= Plain Health weekly\r\nDate: Mon, 04 May 2026 08:00:00 +0000\r\n\
        Message-ID: <weekly-12-345.0123456789abcdef@plainhealth.example>\r\nReply-To: editors@plainhealth.example\r\n\
        List-Id: Plain Health weekly <weekly.plainhealth.example>\r\n\
        List-Unsubscribe: <https://plainhealth.example/unsubscribe/MzQ1.0123456789012345678901>,\r\n \
        <mailto:unsubscribe@plainhealth.example?subject=unsubscribe%20MzQ1.0123456789012345678901>\r\n\
        List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Help: <https://plainhealth.example/about-our-mails/>\r\n\
        List-Archive: <https://plainhealth.example/digests/>\r\nAuto-Submitted: auto-generated\r\nPrecedence: bulk\r\n\
        Feedback-ID: 12:weekly:digest:plainhealth-example\r\nX-Tidings-Delivery: weekly-12-345\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative;\r\n boundary=\"=_weekly-12-345-0123456789abcdef\"\r\n\r\n";
    let mut mail = header.as_bytes().to_vec();
    let text = "Walking is free, needs no kit and suits most people. How to begin, and when\r\n";
    let html = [
        "        <p style=3D\"margin:0 0 16px;font:16px/1.5 Georgia,serif;color:#222222\">=\r\n",
        "Walking is free, needs no kit and suits most people. How to begin, how to b=\r\n",
        "uild up, and when to stop =E2=80=93 and ask for advice.</p>\r\n",
        "      </td></tr>\r\n",
    ];
    for line in std::iter::repeat_n(text, 150).chain(html.into_iter().cycle()) {
        if mail.len() >= SIZE {
            break;
        }
        mail.extend_from_slice(line.as_bytes());
    }
    mail
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn print(line: &str) {
    println!("{line}");
}
