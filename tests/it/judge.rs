//! The judge over feeds with one fault each: the fault is found, with its place, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use tidings::feed::judge::finding::Finding;
use tidings::feed::judge::verdict::{self, LARGEST, Verdict};
use tidings::feed::judge::{across, compare};

use crate::support::python;

/// A month after the fixtures' newest entry.
const NOW: &str = "2024-07-01T00:00:00Z";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn judge(bytes: &[u8]) -> Verdict {
    verdict::judge(bytes, NOW.parse::<DateTime<Utc>>().unwrap())
}

fn judge_file(file: &Path) -> Verdict {
    judge(&std::fs::read(file).unwrap())
}

/// The rule that a fixture breaks: its name up to `--`, behind which variants are told apart.
fn rule_of(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().split("--").next().unwrap().to_owned()
}

fn shown(finding: &Finding) -> String {
    let Finding { at, rule, place, message } = finding;
    format!("{}:{} {} {} {place}: {message}", at.line, at.column, rule.severity, rule.id)
}

fn numbered(count: usize, make: impl Fn(usize) -> String) -> String {
    (0..count).map(make).collect::<Vec<_>>().concat()
}

/// The two verdicts of a folder with `one` and `two`.
fn pair(folder: &Path) -> [Verdict; 2] {
    let verdicts = files(folder).iter().map(|file| judge_file(file)).collect::<Vec<_>>();
    verdicts.try_into().unwrap()
}

#[test]
fn each_broken_feed_has_its_fault_and_no_other() {
    let mut table = String::new();
    let mut wrong = String::new();
    let broken = files(&fixtures().join("broken"));
    assert!(broken.len() >= 80);
    for file in &broken {
        let name = file.file_name().unwrap().to_str().unwrap();
        let found = judge_file(file).findings;
        let is_alone = found.len() == 1 && found[0].rule.id == rule_of(file);
        if !is_alone {
            let lines: Vec<String> = found.iter().map(shown).collect();
            writeln!(wrong, "{name}\n    {}", lines.join("\n    ")).unwrap();
        }
        for finding in &found {
            writeln!(table, "{name}:{}", shown(finding)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    insta::assert_snapshot!("broken", table);
}

#[test]
fn sound_feeds_are_found_sound() {
    for file in files(&fixtures().join("good")) {
        let verdict = judge_file(&file);
        let lines: Vec<String> = verdict.findings.iter().map(shown).collect();
        assert!(lines.is_empty() && verdict.format.is_some(), "{}\n{}", file.display(), lines.join("\n"));
    }
}

#[test]
fn ids_that_feeds_share_are_found() {
    for folder in files(&fixtures().join("across")) {
        let [one, two] = pair(&folder);
        assert_eq!((one.findings.len(), two.findings.len()), (0, 0), "{}", folder.display());
        let found = across::check(&[("one", &one), ("two", &two)]);
        let ids: Vec<_> = found.iter().map(|(index, finding)| (*index, finding.rule.id)).collect();
        assert_eq!(ids, [(1, rule_of(&folder).as_str())], "{}", folder.display());
        assert!(across::check(&[("one", &one), ("same", &one)]).is_empty());
    }
}

#[test]
fn churn_between_two_versions_of_a_feed_is_found() {
    for folder in files(&fixtures().join("compare")) {
        let [old, new] = pair(&folder);
        let found = compare::compare(&old, &new);
        let all: Vec<_> = found.worse.iter().chain(&found.remarks).map(|finding| finding.rule.id).collect();
        assert_eq!(all, [rule_of(&folder).as_str()], "{}", folder.display());
        assert_eq!(compare::compare(&old, &old), compare::Comparison::default());
    }
}

#[test]
fn a_feed_with_a_new_error_is_worse_and_one_with_an_old_error_is_not() {
    let good = judge_file(&fixtures().join("good/rss.xml"));
    for file in files(&fixtures().join("broken")) {
        let broken = judge_file(&file);
        let worse = compare::compare(&good, &broken).worse.len();
        assert_eq!(worse, broken.errors(), "{}", file.display());
        assert_eq!(compare::compare(&broken, &broken), compare::Comparison::default());
        assert!(compare::compare(&broken, &good).worse.is_empty());
    }
}

#[test]
fn every_rule_has_a_fixture_a_source_and_a_hint() {
    // Too large for a repository; they have a test of their own.
    let mut tested: BTreeSet<String> =
        ["feed-too-large", "json-too-many", "xml-too-many"].map(str::to_owned).into();
    for kind in ["broken", "across", "compare"] {
        tested.extend(files(&fixtures().join(kind)).iter().map(|file| rule_of(file)));
    }
    let rules = verdict::rules();
    let known: BTreeSet<String> = rules.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(known.len(), rules.len(), "rules have names of their own");
    assert_eq!(known.symmetric_difference(&tested).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(rules.iter().all(|rule| !rule.source.is_empty() && !rule.hint.is_empty()));
}

#[test]
fn a_hostile_document_is_refused_before_it_costs_anything() {
    let only = |bytes: &[u8]| judge(bytes).findings.first().map(|finding| finding.rule.id);
    assert_eq!(only(&vec![b' '; LARGEST + 1]), Some("feed-too-large"));
    assert_eq!(only(format!("<a>{}", "<b/>".repeat(1_000_001)).as_bytes()), Some("xml-too-many"));
    assert_eq!(only("<a>".repeat(1_000_000).as_bytes()), Some("xml-too-deep"));
    assert_eq!(only("[".repeat(1_000_000).as_bytes()), Some("json-too-deep"));
    assert_eq!(only(format!("[{}1]", "1,".repeat(1_000_001)).as_bytes()), Some("json-too-many"));
    let many = |one: &str| one.repeat(1_000_000);
    let attributes = numbered(200_000, |number| format!(" a{number}=''"));
    assert_eq!(only(format!("<a{attributes}/>").as_bytes()), Some("xml-attribute"));
    let scopes = numbered(300, |number| format!("<a xmlns:a{number}='x'/>"));
    assert_eq!(
        only(format!("<a>{scopes}</a>").as_bytes()),
        Some("feed-unknown"),
        "one after the other is fine"
    );
    let scopes = numbered(201, |number| format!(" xmlns:a{number}='x'"));
    assert_eq!(only(format!("<a{scopes}/>").as_bytes()), Some("xml-too-many"));
    // What is held against each other is bounded: none of these takes the square of its length.
    for part in ["<entry/><rights/>", "<link rel='next' href='x'/>", "<rights/>", "<id/>"] {
        let _ = judge(
            format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>", part.repeat(20_000)).as_bytes(),
        );
    }
    let hours = format!("{}{}", "<hour>x</hour>".repeat(20_000), "<hour>5</hour>".repeat(20_000));
    let _ = judge(format!("<rss><channel><skipHours>{hours}</skipHours></channel></rss>").as_bytes());
    assert_eq!(only(many("&#60;").as_bytes()), Some("xml-outside-root"));
    // What has a thousand faults a line is not told a million times.
    let items = "<item/>".repeat(50_000);
    let verdict = judge(format!("<rss version='2.0'><channel>{items}</channel></rss>").as_bytes());
    assert!(verdict.findings.len() <= 1_000);
    // HTML that never closes, and end tags that look for what was never opened.
    let html = format!("{}{}", "<b>".repeat(50_000), "</i>".repeat(50_000));
    let _ = judge(
        format!("<rss><channel><description><![CDATA[{html}]]></description></channel></rss>").as_bytes(),
    );
}

#[test]
fn nothing_makes_the_judge_panic() {
    for file in files(&fixtures().join("good")) {
        let bytes = std::fs::read(&file).unwrap();
        for cut in (0..bytes.len()).step_by(7) {
            let _ = judge(&bytes[..cut]);
            let mut changed = bytes.clone();
            changed[cut] = b"<&>\"'/ \xff0]}:,{"[cut % 14];
            let _ = judge(&changed);
        }
    }
}

/// What expat does not mind and the judge does: versions of XML that there are not, and our own limits.
const STRICTER: [&str; 4] = ["xml-declaration", "xml-doctype", "xml-too-deep", "xml-bytes"];

#[test]
fn the_judge_and_expat_agree_on_what_is_well_formed() {
    let folder = tempfile::tempdir().unwrap();
    let mut written = BTreeMap::new();
    let mut write = |name: String, bytes: Vec<u8>| {
        std::fs::write(folder.path().join(&name), &bytes).unwrap();
        written.insert(name, bytes);
    };
    for file in files(&fixtures().join("broken")) {
        if file.extension().unwrap() == "xml" {
            write(file.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&file).unwrap());
        }
    }
    // And what no fixture thought of: something is put into a sound feed, or something of it is left out.
    let pieces = [
        "",
        "<",
        ">",
        "&",
        "\"",
        "'",
        "/",
        " ",
        "=",
        ":",
        "]]>",
        "--",
        "<!--",
        "-->",
        "<![CDATA[",
        "&amp;",
        "&nbsp;",
        "&#0;",
        "&#55;",
        "&#xD800;",
        "<?x ?>",
        "<?xml version=\"1.0\"?>",
        "<a:b/>",
        "<b>",
        "</item>",
        "x=\"1\"",
        "\u{b}",
        "\u{fffe}",
        "\u{85}",
        "\u{d7}",
        "\r\n",
    ];
    for name in ["rss", "atom", "archive"] {
        let bytes = std::fs::read(fixtures().join(format!("good/{name}.xml"))).unwrap();
        for (index, at) in (0..bytes.len()).step_by(5).enumerate() {
            let left_out = index / pieces.len() % 3;
            let rest = &bytes[(at + left_out).min(bytes.len())..];
            let changed = [&bytes[..at], pieces[index % pieces.len()].as_bytes(), rest].concat();
            write(format!("{name}-{index}.xml"), changed);
        }
    }
    let found = python::run("wellformed.py", &[folder.path().to_owned()]);
    let expat: BTreeMap<String, bool> = serde_json::from_str(&found).unwrap();
    assert_eq!(expat.len(), written.len());
    for (name, bytes) in &written {
        let verdict = judge(bytes);
        let is_fatal = |finding: &&Finding| finding.rule.id.starts_with("xml-") && finding.is_error();
        let fatal: Vec<_> = verdict.findings.iter().filter(is_fatal).map(|finding| finding.rule.id).collect();
        let is_sound =
            fatal.is_empty() && !verdict.findings.iter().any(|finding| finding.rule.id == "feed-empty");
        if is_sound || !fatal.iter().any(|rule| STRICTER.contains(rule)) {
            assert_eq!(is_sound, expat[name], "{name}: {:?}", verdict.findings.first().map(shown));
        }
    }
}
