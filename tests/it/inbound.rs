//! What comes back by mail, understood: the forms of many servers in `fixtures/bounces`, and bytes that are none.

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use tidings::inbound::instruction::Ours;
use tidings::inbound::understand::{Inbound, Meaning, understand};
use tidings::mail::address::Address;

fn ours() -> Ours {
    Ours {
        bounces: "bounces@news.example".parse().unwrap(),
        unsubscribe: "leave@news.example".parse().unwrap(),
        subscribe: Some("join@news.example".parse().unwrap()),
    }
}

/// Every sample, by its name, in order.
fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bounces");
    let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())
        })
        .collect();
    found.sort();
    assert!(found.len() > 80, "the samples were found");
    found
}

fn shown(address: Option<&Address>) -> &str {
    address.map_or("-", Address::as_str)
}

/// What a message is understood as, on lines of their own.
fn told(inbound: &Inbound) -> String {
    let mut text = inbound.meaning.as_str().to_owned();
    match &inbound.meaning {
        Meaning::Report(report) => {
            if let Some(reporter) = &report.reporter {
                write!(text, " of {reporter}").unwrap();
            }
            for one in &report.recipients {
                let status = one.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
                let kind = one.bounce().map_or("no bounce", |kind| kind.as_str());
                let action = one.action.as_str();
                write!(text, "\n    {action} {status} -> {kind}: {}", shown(one.last.as_ref())).unwrap();
                if one.first.is_some() && one.first != one.last {
                    write!(text, " (was {})", shown(one.first.as_ref())).unwrap();
                }
            }
        }
        Meaning::Complaint(complaint) => {
            let acts = if complaint.is_unwanted() { "unwanted" } else { "nothing follows" };
            let who = shown(complaint.recipient.as_ref());
            write!(text, "\n    {} -> {acts}: {who}", complaint.feedback).unwrap();
        }
        Meaning::Instruction(request) => {
            write!(text, " by {}", shown(request.from.as_ref())).unwrap();
            write!(text, "\n    token {}", request.token.as_deref().unwrap_or("-")).unwrap();
        }
        Meaning::AutoReply(why) => write!(text, "\n    {why}").unwrap(),
        Meaning::Unclear(why) => write!(text, "\n    {why}").unwrap(),
        Meaning::Answer => {}
    }
    for candidate in &inbound.candidates {
        write!(text, "\n    {:?} {} in {}", candidate.purpose, candidate.token, candidate.field).unwrap();
    }
    text
}

#[test]
fn every_sample_is_understood_as_what_it_is() {
    let mut table = String::new();
    for (name, bytes) in samples() {
        writeln!(table, "{name}: {}", told(&understand(&bytes, &ours()))).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_a_sample_means_does_not_depend_on_the_ends_of_its_lines() {
    for (name, bytes) in samples() {
        if name == "broken-bytes" {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        let (plain, network) = (text.clone(), text.replace('\n', "\r\n"));
        let (one, other) = (understand(plain.as_bytes(), &ours()), understand(network.as_bytes(), &ours()));
        assert_eq!(told(&one), told(&other), "{name}");
    }
}

#[test]
fn a_report_about_a_mail_of_ten_megabytes_is_understood() {
    let (_, mut bytes) = samples().into_iter().find(|(name, _)| name == "postfix-unknown").unwrap();
    let short = told(&understand(&bytes, &ours()));
    bytes.resize(10 * 1024 * 1024, b'x');
    assert_eq!(told(&understand(&bytes, &ours())), short);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = understand(&bytes, &ours());
    }

    /// A sample with pieces taken out, doubled or exchanged for anything.
    #[test]
    fn spoiled_samples_are_read_all_the_same(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..60, 0_u8..4, any::<u8>()), 1..12),
    ) {
        let all = samples();
        let mut bytes = all[which.index(all.len())].1.clone();
        for (at, length, kind, byte) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0 => drop(bytes.drain(at..end)),
                1 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                2 => bytes[at] = byte,
                _ => bytes.truncate(end),
            }
        }
        // No spoiled sample names an address of ours that was not there as a whole.
        for candidate in understand(&bytes, &ours()).candidates {
            prop_assert!(!candidate.token.is_empty());
        }
    }
}
