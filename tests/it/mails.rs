//! Digest mails as readers get them: whole mails as snapshots, hostile articles, an operator's own templates.

use crate::support::mail::{between, html, is_sound, parse, shown, text, visible};
use crate::support::site::{Said, Site, WEEKLY, configuration};

const NOW: &str = "2026-05-04T08:00:00Z";

/// Everything that `[mail]` can say, and a digest that shows three articles.
const GENEROUS: &str = r#"
[mail]
from = "Site & Söhne <news@example.org>"
reply_to = "editors@example.org"
unsubscribe_mailto = "leave@example.org"
unsubscribe_url = "https://example.org/unsubscribe/{token}?via=mail&once=1"
preferences_url = "https://example.org/preferences/{token}"
help_url = "https://example.org/help/"
archive_url = "https://example.org/issues/"
postal_address = "1 Street, Town"
disclaimer = "General information, which is no substitute for what somebody who knows you would say about your own situation."
nameless = "reader"

[[digest]]
name = "weekly"
title = "The week"
cron = "0 7 * * MON"
most = 3
first_issue = 20
intro = "What is new, by topic."
"#;

/// The first bytes of a picture: as much as it takes to measure it.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\xb0\0\0\x02\x76\x08\x02\0\0\0";

/// Runs everything that is due, for one reader.
fn run(site: &Site) -> Said {
    site.run(&["subscribers", "add", "nora@example.net", "--name", "Nora Field"]).expect(0);
    site.run(&["run", "--now", "--at", NOW])
}

/// The one mail of a run.
fn only_mail(site: &Site) -> Vec<u8> {
    run(site).expect(0);
    let mut mails = site.outbox();
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

/// A site with every kind of article.
fn small_site(more: &str) -> Site {
    let site = Site::new(&configuration(more));
    site.write("content/_static/p.png", PICTURE);
    site.write(
        "content/heart/_category.md",
        "---\ntitle: Heart & circulation\ndescription: For a healthy heart.\norder: 1\n---\n",
    );
    site.write(
        "content/heart/walk.md",
        "---\ntitle: Walking & the heart\ndate: 2026-05-02\nauthors: [Ana Roe, Bo Li, Cy Wu]\nimage: /p.png\nimage_alt: A path over \"hills\"\n\
         comments: {count: 2, url: \"https://example.org/talk?a=1&b=2\"}\n---\nWalking is *free*, needs no kit and suits most people. How to begin, \
         how to build up, and when to stop and ask for advice.\n",
    );
    site.write(
        "content/heart/plain.md",
        "---\ntitle: Nothing but a title\nauthors: []\ndate: 2026-05-01\n---\n",
    );
    site.write(
        "content/sleep/short.md",
        "---\ntitle: Short nights\ndate: 2026-05-03\nimage: https://cdn.example/q.jpg\ncomments: 1\nsummary: Why they matter.\n---\nText.\n",
    );
    site.article("heart/old.md", "Older", "2026-04-20");
    site.article("travel/far.md", "Far away", "2026-04-10");
    site
}

#[test]
fn a_mail_with_everything_reads_as_it_should() {
    let mail = only_mail(&small_site(GENEROUS));
    is_sound(&mail);
    insta::assert_snapshot!(shown(&mail));
}

#[test]
fn a_mail_with_one_bare_article_reads_as_it_should() {
    let site = Site::new(&configuration(WEEKLY));
    site.write("content/sleep/bare.md", "---\ntitle: One\ndate: 2026-05-02\n---\n");
    let mail = only_mail(&site);
    is_sound(&mail);
    insta::assert_snapshot!(shown(&mail));
}

#[test]
fn hostile_titles_stay_text() {
    let titles = [
        "<script>alert(1)</script> & \\\"q\\\" it's",
        "{{ 7*7 }} {% raw %} {# no #}",
        "One\\r\\nBcc: evil@example.org\\r\\n\\r\\n<b>",
        "Line\\u2028and\\u2029paragraph, next\\u0085line",
        "=?utf-8?q?x?= and =?utf-8?b?eA==?=",
        "bell \\u0007 back \\b escape \\u001b[31m",
        "\\u202Egnp.exe\\u2066 left",
        "مرحبا بالعالم",
        "slotunsubscribex",
        "-- ",
    ];
    for (number, title) in titles.iter().enumerate() {
        let site = Site::new(&configuration(WEEKLY));
        let article = format!(
            "---\ntitle: \"{title}\"\nsummary: \"{title}\"\nauthors: [\"{title}\"]\ndate: 2026-05-02\nslug: one\ncomments: 1\nimage: /x.png\n\
             image_alt: \"{title}\"\n---\n"
        );
        site.write("content/sleep/one.md", &article);
        site.write(
            "content/sleep/two.md",
            article.replace("slug: one", "slug: two").replace("05-02", "05-01"),
        );
        let mail = only_mail(&site);
        is_sound(&mail);
        let message = parse(&mail);
        assert_eq!(message.bcc(), None);
        let subject = message.subject().unwrap();
        assert!(subject.ends_with(" and 1 more – The week"), "{number}: {subject}");
        assert!(!subject.chars().any(|c| c.is_control()
            || ('\u{2028}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)));
    }
}

#[test]
fn hostile_markup_is_shown_as_it_was_written() {
    let site = Site::new(&configuration(WEEKLY));
    let title = "<script>alert('{{ 7*7 }}')</script> & \"q\"";
    site.write(
        "content/sleep/one.md",
        format!("---\ntitle: {}\ndate: 2026-05-02\n---\n", serde_json::json!(title)),
    );
    let mail = only_mail(&site);
    let message = parse(&mail);
    assert_eq!(message.subject(), Some(format!("{title} – The week").as_str()));
    assert!(text(&message).contains(&format!("* {title}\n")));
    let html = html(&message);
    let headings: Vec<String> =
        between(&html, "<h3", "</h3>").map(|heading| visible(&format!("<{heading}"))).collect();
    assert_eq!(headings, [title]);
}

#[test]
fn endless_titles_are_cut_and_leave_room_for_the_rest() {
    for title in ["word ".repeat(1000), "x".repeat(5000), "語".repeat(5000)] {
        let site = Site::new(&configuration(WEEKLY));
        site.article("sleep/long.md", &title, "2026-05-03");
        site.article("sleep/short.md", "Short", "2026-05-02");
        let mail = only_mail(&site);
        is_sound(&mail);
        let message = parse(&mail);
        let subject = message.subject().unwrap();
        assert!(subject.ends_with("… and 1 more – The week"), "{subject}");
        assert!(subject.chars().count() < 150);
    }
}

#[test]
fn many_categories_make_a_short_mail() {
    let site = Site::new(&configuration(&GENEROUS.replace("most = 3", "most = 2")));
    for number in 10..40 {
        site.article(
            &format!("topic-{number}/one.md"),
            &format!("One of {number}"),
            &format!("2026-04-{:02}", number - 9),
        );
    }
    let mail = only_mail(&site);
    is_sound(&mail);
    let message = parse(&mail);
    let (text, html) = (text(&message), html(&message));
    assert_eq!(between(&html, "<h2", "</h2>").count(), 3, "two topics, and what else is new");
    assert_eq!(text.matches("* 1 article in Topic 2").count(), 10, "{text}");
    assert!(visible(&html).contains("In this issue: Topic 38, Topic 39 and 18 more topics"), "{html}");
}

#[test]
fn a_language_from_right_to_left_turns_the_mail() {
    let configuration = configuration(WEEKLY).replace("since =", "language = \"ar\"\nsince =");
    let site = Site::new(&configuration);
    site.article("sleep/one.md", "مرحبا", "2026-05-02");
    let mail = only_mail(&site);
    is_sound(&mail);
    assert!(html(&parse(&mail)).contains("<html lang=\"ar\" dir=\"rtl\""));
    assert!(site.read("public/feeds.html").contains("<html lang=\"ar\" dir=\"rtl\""));
}

#[test]
fn the_page_of_feeds_shows_markup_that_can_be_copied() {
    let site = Site::new(&configuration(""));
    site.write("content/a/_category.md", "---\ntitle: 'A \"b\" <i>'\n---\n");
    site.article("a/one.md", "One", "2026-05-02");
    site.run(&["build", "--at", NOW]).expect(0);
    let page = site.read("public/feeds.html");
    let code = between(&page, "<pre><code>", "</code></pre>").next().unwrap();
    insta::assert_snapshot!(visible(&code.replace('\n', " ")));
}

#[test]
fn an_operators_template_extends_the_built_in_frame() {
    let site = small_site(GENEROUS);
    site.write(
        "templates/email/plain/body.html.j2",
        "{% extends \"email/base.html.j2\" %}\n{% block style %}h1 { letter-spacing: 3px; }{% endblock %}\n\
         {% block content %}<h1>Mine: {{ digest.title }}</h1>{% endblock %}\n",
    );
    let mail = only_mail(&site);
    let html = html(&parse(&mail));
    assert!(html.contains("letter-spacing: 3px;\">Mine: The week</h1>"), "{html}");
    assert!(html.contains(">Unsubscribe</a>"));
    assert!(!html.contains("<h3"));
}

#[test]
fn an_operators_template_changes_one_block_of_the_one_that_it_replaces() {
    let site = small_site(GENEROUS);
    site.write(
        "templates/email/plain/body.txt.j2",
        "{% extends \"built-in/email/plain/body.txt.j2\" %}\n{% block article %}\n{{ super() }}\n  In {{ group.title }}, updated {{ article.updated | date(\"%Y\") }}\n{% endblock %}\n",
    );
    site.write("templates/email/base.txt.j2", "{% block content %}{% endblock %}\n{{ links.unsubscribe }}\n{{ footer.postal_address }}\nMy own frame\n");
    let mail = only_mail(&site);
    let text = text(&parse(&mail));
    assert_eq!(text.matches("  In Heart & circulation, updated 2026\n").count(), 2, "{text}");
    assert!(text.contains("* Walking & the heart\n"), "{text}");
    assert!(text.ends_with("My own frame\n"), "{text}");
}

/// Templates with a mistake, and the place that a message has to name.
const BROKEN: [(&str, &str, &str); 7] = [
    ("email/plain/subject.txt.j2", "one\n{{ nothing }}", ":2)"),
    ("email/plain/body.txt.j2", "one\ntwo\n{{ digest.nothing.here }}", ":3)"),
    ("email/plain/body.html.j2", "{% if %}", ":1)"),
    ("email/plain/subject.txt.j2", "  \n", ": it renders to nothing"),
    (
        "email/plain/body.txt.j2",
        "Dear {{ recipient.name | upper }}",
        ": it changes what is stamped in per subscriber",
    ),
    ("email/base.html.j2", "\n{% block content %}\n", ":2)"),
    ("web/feeds.html.j2", "{{ feeds | nothing }}", ":1)"),
];

#[test]
fn a_broken_template_stops_all_mail_with_its_file_and_line() {
    for (name, source, place) in BROKEN {
        let site = small_site(GENEROUS);
        site.write(&format!("templates/{name}"), source);
        let said = run(&site).expect(2);
        assert!(said.stderr.contains(&format!("{name}{place}")), "{}", said.stderr);
        assert_eq!(site.outbox(), Vec::<Vec<u8>>::new());
        assert!(!site.path("outbox").exists());
        let checked = site.run(&["check", "--at", NOW]).expect(2);
        assert!(checked.stderr.contains(&format!("{name}{place}")), "{}", checked.stderr);
    }
}

#[test]
fn a_broken_template_keeps_the_feeds_back_too() {
    for (name, source, _) in BROKEN {
        let site = small_site(GENEROUS);
        site.write(&format!("templates/{name}"), source);
        let said = run(&site).expect(2);
        assert!(said.stderr.contains("nothing is published or sent before that"), "{}", said.stderr);
        assert!(!site.path("public").exists(), "{name}: feeds were published");
    }
}
