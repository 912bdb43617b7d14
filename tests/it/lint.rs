//! The lint over mails with one fault each: the fault is found, with its rule, and nothing else is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tidings::digest::lint::finding::Finding;
use tidings::digest::lint::inspect;
use tidings::digest::lint::specimen::Specimen;

use crate::support::site::{Site, WEEKLY, configuration};

const NOW: &str = "2026-05-04T08:00:00Z";

/// What is spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum In {
    Subject,
    Text,
    Html,
    /// The bytes, once they are built.
    Wire,
}

/// Rule, where, what is replaced (everything, where empty), and with what. `×` repeats the letter before it 31,000 times.
const FAULTS: &[(&str, In, &str, &str)] = &[
    ("mail-template-syntax", In::Subject, "Walking", "{{ title }} Walking"),
    ("mail-template-syntax", In::Html, "In this issue", "{% if x %}In this issue"),
    ("mail-template-syntax", In::Text, "* Walking", "{# x #} * Walking"),
    ("mail-slot-marker", In::Html, "In this issue", "SLOT0123456789ABCDEFNAMEX in this issue"),
    ("mail-header-missing", In::Wire, "MIME-Version: 1.0\r\n", ""),
    ("mail-header-missing", In::Wire, "Subject:", "X-Subject:"),
    ("mail-header-duplicate", In::Wire, "List-Id:", "date: Mon, 4 May 2026 08:00:00 +0000\r\nList-Id:"),
    ("mail-list-id", In::Wire, "<weekly.example.org>", "<weekly>"),
    ("mail-list-id", In::Wire, "List-Id:", "X-List-Id:"),
    ("mail-list-unsubscribe", In::Wire, "<https://example.org/leave/abc>", "<ftp://example.org>"),
    ("mail-one-click", In::Wire, "List-Unsubscribe-Post:", "X-Post:"),
    ("mail-one-click", In::Wire, "<https://example.org/leave/abc>", "<mailto:leave@example.org>"),
    ("mail-auto-submitted", In::Wire, "Auto-Submitted: auto-generated", "Auto-Submitted: no"),
    ("mail-subject-empty", In::Subject, "", " "),
    (
        "mail-subject-long",
        In::Subject,
        "Walking",
        "Walking and walking and walking and walking and walking and walking and \
      walking and walking and walking and walking and walking and walking and walking and walking",
    ),
    ("mail-subject-capitals", In::Subject, "", "WALKING AND THE HEART"),
    ("mail-subject-exclaimed", In::Subject, "Walking", "Walking!!"),
    ("mail-subject-exclaimed", In::Subject, "", "Walk! Run! Swim! The week"),
    ("mail-subject-money", In::Subject, "Walking", "Earn $$$ with walking"),
    ("mail-subject-reply", In::Subject, "Walking", "Re: Walking"),
    ("mail-subject-reply", In::Subject, "Walking", "FWD : Walking"),
    ("mail-line-long", In::Wire, "List-Id: ", "X-Long: x×\r\nList-Id: "),
    (
        "mail-line-encoded",
        In::Wire,
        "meta charset",
        "meta    0123456789012345678901234567890123456789012345678901234567890123456789 charset",
    ),
    (
        "mail-line-encoded",
        In::Wire,
        "<title>",
        "--x\r\n\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx<title>",
    ),
    ("mail-line-bare", In::Wire, "Precedence: bulk\r\n", "Precedence: bulk\n"),
    ("mail-line-bare", In::Wire, "Precedence: bulk", "Precedence: bu\rlk"),
    ("mail-size-clipped", In::Html, "</head>", "<!-- x×x×x×x× --></head>"),
    ("mail-size-near", In::Html, "</head>", "<!-- x×x×x× --></head>"),
    ("mail-size-message", In::Text, "To the top:", "x×x×x×x×\nTo the top:"),
    ("mail-language", In::Html, " lang=\"en\"", ""),
    ("mail-direction", In::Html, " dir=\"ltr\"", ""),
    ("mail-title", In::Html, "<title>The week</title>", ""),
    ("mail-charset", In::Html, "<meta charset=\"utf-8\">", ""),
    ("mail-table-role", In::Html, "<table role=\"presentation\"", "<table"),
    ("mail-heading-order", In::Html, "<h2>", "<h3>"),
    ("mail-id-duplicate", In::Html, "<p class=\"byline\">", "<p class=\"byline\" id=\"top\">"),
    ("mail-active-content", In::Html, "</body>", "<script>alert(1)</script></body>"),
    ("mail-active-content", In::Html, "</body>", "<form action=\"https://example.org\"></form></body>"),
    ("mail-active-content", In::Html, "<h1", "<h1 onclick=\"alert(1)\""),
    (
        "mail-stylesheet",
        In::Html,
        "</head>",
        "<link rel=\"stylesheet\" href=\"https://example.org/a.css\"></head>",
    ),
    ("mail-alt-missing", In::Html, " alt=\"A path over hills\"", ""),
    ("mail-image-size", In::Html, " width=\"536\"", ""),
    ("mail-image-size", In::Html, " height=\"281\"", ""),
    ("mail-image-address", In::Html, "https://example.org/path.png", "/path.png"),
    ("mail-image-address", In::Html, "https://example.org/path.png", ""),
    ("mail-image-http", In::Html, "https://example.org/path.png", "http://example.org/path.png"),
    ("mail-image-data", In::Html, "https://example.org/path.png", "data:image/png;base64,AAAA"),
    (
        "mail-image-pixel",
        In::Html,
        "</body>",
        "<img src=\"https://example.org/o.gif\" alt=\"\" width=\"1\" height=\"1\"></body>",
    ),
    ("mail-link-empty", In::Html, "href=\"#top\"", "href=\"#bottom\""),
    ("mail-link-empty", In::Html, "href=\"#top\"", "href=\"\""),
    ("mail-link-empty", In::Html, "href=\"#top\"", ""),
    ("mail-link-relative", In::Html, "href=\"#top\"", "href=\"/top/\""),
    ("mail-link-broken", In::Html, "href=\"#top\"", "href=\"https://\""),
    ("mail-link-script", In::Html, "href=\"#top\"", "href=\"javascript:alert(1)\""),
    ("mail-link-http", In::Html, "href=\"#top\"", "href=\"http://example.org/old/\""),
    ("mail-link-nameless", In::Html, "</body>", "<a href=\"https://example.org/walking/\"></a></body>"),
    ("mail-contrast", In::Html, "<p class=\"byline\">", "<p class=\"byline\" style=\"color: #777777\">"),
    (
        "mail-contrast",
        In::Html,
        "<h2><a href=\"https://example.org/walking/\" style=\"color: #0b5a54\"",
        "<h2 style=\"color: #999; font-size: 30px\"><a style=\"color: inherit\" href=\"https://example.org/walking/\"",
    ),
    ("mail-contrast", In::Html, "<p class=\"byline\">", "<p bgcolor=\"#444444\" class=\"byline\">"),
    ("mail-contrast-dark", In::Html, "  a { color: #7fd1c7 !important; }\n", ""),
    ("mail-contrast-dark", In::Html, "color: #e9efee !important", "border: 0"),
    ("mail-hidden-text", In::Html, "<p>In this issue", "<p style=\"display:none\">In this issue"),
    ("mail-hidden-text", In::Html, "<p>In this issue", "<p style=\"font-size: 0\">In this issue"),
    ("mail-hidden-text", In::Html, "<p>In this issue", "<p style=\"visibility: hidden\">In this issue"),
    ("mail-text-empty", In::Text, "", " \n"),
    ("mail-text-lacks", In::Html, "By Ana Roe,", "By Ana Roe and Bo Li,"),
    ("mail-text-lacks-link", In::Html, "href=\"#top\"", "href=\"https://example.org/archive/\""),
    ("mail-text-lacks-picture", In::Html, "A path over hills", "A path through a wood"),
    (
        "mail-text-wide",
        In::Text,
        "To the top:",
        "To the top, and to the bottom, and to all that there may be between these two:",
    ),
    ("mail-postal-address", In::Html, "Site, 1 Street, Town", "Site"),
    (
        "mail-unsubscribe",
        In::Html,
        "<a href=\"https://example.org/leave/abc\" style=\"color: #0b5a54\">Unsubscribe</a>",
        "Unsubscribe",
    ),
    ("mail-css-dropped", In::Html, "<h1 id=\"top\"", "<h1 style=\"float: left\" id=\"top\""),
    ("mail-css-dropped", In::Html, ".sheet {", "p::before { content: 'x' } .sheet {"),
    ("mail-css-dropped", In::Html, "<h1 id=\"top\">", "<h1 id=\"top\"><bdi></bdi>"),
];

fn fixture(name: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mails");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// A message with both parts, in base64 once they are long or not ASCII.
fn message(subject: &str, text: &str, html: &str) -> String {
    // A subject that is empty has its rule; the header is another matter.
    let subject = if subject.trim().is_empty() { "x" } else { subject };
    let head = "From: Site <news@example.org>\nTo: Reader <reader@example.org>\nDate: Mon, 4 May 2026 08:00:00 +0000\n\
                Message-ID: <1.2@example.org>\nList-Id: The week <weekly.example.org>\n\
                List-Unsubscribe: <https://example.org/leave/abc>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\
                Auto-Submitted: auto-generated\nPrecedence: bulk\nMIME-Version: 1.0\n\
                Content-Type: multipart/alternative;\n boundary=\"b-1\"\n";
    let part = |kind: &str, body: &str| {
        let (encoding, body) = if body.is_ascii() && body.lines().all(|line| line.len() < 998) {
            ("quoted-printable", body.replace('=', "=3D").lines().map(broken).collect::<Vec<_>>().join("\n"))
        } else {
            let encoded = data_encoding::BASE64.encode(body.as_bytes());
            let lines: Vec<&str> =
                encoded.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
            ("base64", lines.join("\n"))
        };
        format!(
            "--b-1\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}\n"
        )
    };
    let parts = part("text/plain", text) + &part("text/html", html);
    format!("{head}Subject: {subject}\n\n{parts}--b-1--\n").replace('\n', "\r\n")
}

/// A line of quoted-printable, broken where it is too long.
fn broken(line: &str) -> String {
    let (mut lines, mut rest) = (Vec::new(), line);
    while rest.len() > 76 {
        let cut = rest[..75].rfind('=').filter(|at| *at > 72).unwrap_or(75);
        lines.push(format!("{}=", &rest[..cut]));
        rest = &rest[cut..];
    }
    lines.push(rest.to_owned());
    lines.join("\n")
}

/// Inspects the sound mail after `spoil` has been at one of its parts.
fn inspect(place: Option<In>, spoil: impl Fn(&str) -> String) -> Vec<Finding> {
    let part = |own: In, text: String| if place == Some(own) { spoil(&text) } else { text };
    let subject = part(In::Subject, "Walking and the heart – The week".to_owned());
    let text = part(In::Text, fixture("sound.txt"));
    let html = part(In::Html, fixture("sound.html"));
    let bytes = part(In::Wire, message(&subject, &text, &html));
    inspect::inspect(&Specimen {
        subject: &subject,
        text: &text,
        html: &html,
        bytes: bytes.as_bytes(),
        postal_address: "1 Street, Town",
        unsubscribe: "https://example.org/leave/abc",
        slots: "0123456789abcdef",
        said: &["All of {{ braces }} is here.".to_owned()],
    })
}

fn spoiled(place: In, from: &str, to: &str) -> Vec<Finding> {
    let mut long = String::new();
    for c in to.chars() {
        match (c, long.chars().next_back()) {
            ('×', Some(last)) => long.extend(std::iter::repeat_n(last, 31_000)),
            _ => long.push(c),
        }
    }
    let to = long;
    inspect(Some(place), |text| {
        assert!(text.contains(from), "{from:?} is in the sound mail");
        if from.is_empty() { to.clone() } else { text.replacen(from, &to, 1) }
    })
}

#[test]
fn a_sound_mail_has_no_fault() {
    assert_eq!(inspect(None, str::to_owned), []);
}

#[test]
fn each_spoiled_mail_has_its_fault_and_no_other() {
    let (mut table, mut wrong) = (String::new(), String::new());
    for (rule, place, from, to) in FAULTS {
        let found = spoiled(*place, from, to);
        if found.is_empty() || found.iter().any(|finding| finding.rule.id != *rule) {
            let lines: Vec<String> =
                found.iter().map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect();
            writeln!(wrong, "{rule}: {from:?} → {to:.60?}\n    {}", lines.join("\n    ")).unwrap();
        }
        for finding in found {
            writeln!(table, "{} {}: {}", finding.rule.severity, finding.rule.id, finding.message).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    insta::assert_snapshot!("faults", table);
}

#[test]
fn every_rule_has_a_mail_that_breaks_it_and_a_name_of_its_own() {
    let broken: BTreeSet<&str> = FAULTS.iter().map(|(rule, ..)| *rule).collect();
    let rules = inspect::rules();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!(names.len(), rules.len(), "no two rules have the same name");
    assert_eq!(broken, names);
    assert!(rules.iter().all(|rule| !rule.source.is_empty() && !rule.hint.is_empty()));
}

#[test]
fn the_mail_of_the_sample_site_has_no_fault() {
    let site = Site::sample();
    let days: [(&[&str], &str); 2] = [(&[], "2026-12-07T08:00:00Z"), (&["weekly"], "2026-11-30T08:00:00Z")];
    for (digest, at) in days {
        let arguments = [&["check", "--json", "--at", at, "--mail"], digest].concat();
        let found = site.run(&arguments).expect(0).json();
        assert_eq!((&found["errors"], &found["warnings"]), (&0.into(), &0.into()), "{found:#}");
        assert!(found["mails"][0]["html_bytes"].as_u64().unwrap() > 10_000);
    }
}

/// A site with a template of its own that has a fault in its third line, and an article with one in its fourth.
pub(crate) fn faulty() -> Site {
    let site = Site::new(&configuration(&format!("{WEEKLY}first_issue = 10\n")));
    site.write(
        "content/sleep/short.md",
        "---\ntitle: Short nights\ndate: 2026-05-03\nimage: http://cdn.example/q.jpg\nimage_alt: A bed\n---\nWhy they matter.\n",
    );
    site.write(
        "templates/email/plain/body.html.j2",
        "{% extends \"built-in/email/plain/body.html.j2\" %}\n{% block opening %}\n<h1 style=\"color:#AAAAAA\">{{ digest.title }}</h1>\n\
         {% endblock %}\n",
    );
    site.run(&["subscribers", "add", "nora@example.net"]).expect(0);
    site
}

#[test]
fn people_read_what_is_wrong_with_a_mail_and_where() {
    let site = faulty();
    let said = site.run(&["check", "--mail", "--at", NOW]).expect(1);
    insta::assert_snapshot!("told", format!("{}{}", said.stderr, said.stdout));
    let found = site.run(&["check", "--json", "--at", NOW]).expect(1).json();
    let findings = found["mails"][0]["findings"].as_array().unwrap();
    assert_eq!(findings[0]["rule"], "mail-contrast");
    assert_eq!((&findings[0]["line"], &findings[0]["severity"]), (&3.into(), &"error".into()));
    assert_eq!(findings[1]["path"], "content/sleep/short.md");
}

#[test]
fn a_mail_that_is_not_there_can_not_be_looked_at() {
    let site = Site::new(&configuration(""));
    assert!(site.run(&["check", "--mail"]).expect(2).stderr.contains("[mail]"));
    let site = Site::new(&configuration(WEEKLY));
    assert!(site.run(&["check", "--mail", "daily"]).expect(2).stderr.contains("weekly"));
    assert_eq!(
        site.run(&["check", "--mail"]).expect(0).stdout,
        "weekly: nothing to show yet, 0 errors, 0 warnings\n"
    );
}
