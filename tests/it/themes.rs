//! Digests in their themes, languages and other clothes: what the configuration says of how they look and what they hold.

use mail_parser::MimeHeaders as _;

use crate::support::mail::{between, html, is_sound, parse, shown, text, visible};
use crate::support::site::{Site, configuration};

const NOW: &str = "2026-05-04T08:00:00Z";

/// The first bytes of a picture: as much as it takes to measure it.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\xb0\0\0\x02\x76\x08\x02\0\0\0";

/// A digest with `own` in its table and `all` in `[mail]`.
fn site(all: &str, own: &str) -> Site {
    let site = Site::new(&configuration(&format!(
        "[mail]\nfrom = \"Site <news@example.org>\"\npostal_address = \"1 Street\"\n{all}\n[[digest]]\nname = \"weekly\"\n\
         title = \"The week\"\ncron = \"0 7 * * MON\"\n{own}\n"
    )));
    site.write("content/_static/p.png", PICTURE);
    site.write("content/heart/_category.md", "---\ntitle: Heart\ndescription: For a healthy heart.\n---\n");
    site.write(
        "content/heart/walk.md",
        "---\ntitle: Walking & the heart\ndate: 2026-05-02\nauthors: [Ana Roe, Bo Li]\nimage: /p.png\nimage_alt: A path\n---\n\
         Walking is *free* ([a study](https://study.example/?a=1&b=2)), needs no kit and suits most people.\n\n- One\n- Two\n",
    );
    site.article("heart/salt.md", "Salt", "2026-05-01");
    site.article("sleep/naps.md", "Naps", "2026-04-30");
    site
}

fn only_mail(site: &Site) -> Vec<u8> {
    site.run(&["subscribers", "add", "nora@example.net", "--name", "Nora Field"]).expect(0);
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    let mut mails = site.outbox();
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

#[test]
fn the_magazine_reads_as_it_should() {
    let mail = only_mail(&site("[mail.look]\ntheme = \"magazine\"\n", ""));
    is_sound(&mail);
    insta::assert_snapshot!(shown(&mail));
}

#[test]
fn every_language_says_everything_in_its_own_words() {
    for (language, greeting, date) in [
        ("de", "Guten Tag, Nora Field,", "Montag, 4. Mai 2026"),
        ("fr", "Bonjour Nora Field,", "lundi 4 mai 2026"),
        ("es", "Hola, Nora Field:", "lunes, 4 de mayo de 2026"),
        ("ar", "مرحبًا Nora Field،", "الاثنين، 4 مايو 2026"),
    ] {
        let mail = only_mail(&site("", &format!("language = \"{language}\"")));
        is_sound(&mail);
        let message = parse(&mail);
        let (text, html) = (text(&message), html(&message));
        let shown = [text, visible(&html)].map(|body| body.replace(['\u{2068}', '\u{2069}'], ""));
        for body in &shown {
            assert!(body.contains(greeting) && body.contains(date), "{body}");
            // Titles and names are the articles'; of the templates' own words none is left in English.
            for english in ["Hello", "In this issue", "By ", "Unsubscribe", "because"] {
                assert!(!body.contains(english), "{language}: {english} in {body}");
            }
        }
        assert!(html.contains(&format!("<html lang=\"{language}\"")));
    }
}

#[test]
fn subscribers_are_written_to_in_the_language_that_they_asked_for() {
    let site = site("", "");
    for (name, language) in [("a", "de"), ("b", "de-AT"), ("c", "sv"), ("d", "en")] {
        let address = format!("{name}@example.net");
        site.run(&["subscribers", "add", &address, "--language", language]).expect(0);
    }
    site.write("more.csv", "address,language\ne@example.net,fr\nf@example.net,\ng@example.net,klingon!\n");
    site.run(&["subscribers", "import", "more.csv"]).expect(1);
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    let mut said: Vec<(String, String)> = site
        .outbox()
        .iter()
        .map(|mail| {
            let message = parse(mail);
            let to = message.to().unwrap().first().unwrap().address().unwrap()[..1].to_owned();
            (
                to,
                text(&message)
                    .lines()
                    .find(|line| {
                        line.ends_with("reader,") || line.contains("Leser") || line.contains("lectrice")
                    })
                    .unwrap()
                    .to_owned(),
            )
        })
        .collect();
    said.sort();
    let expected = [
        ("a", "Guten Tag, Leserin oder Leser,"),
        ("b", "Guten Tag, Leserin oder Leser,"),
        ("c", "Hello reader,"),
        ("d", "Hello reader,"),
        ("e", "Bonjour chère lectrice, cher lecteur,"),
        ("f", "Hello reader,"),
    ];
    assert_eq!(said, expected.map(|(to, line)| (to.to_owned(), line.to_owned())));
    // Swedish has no messages and comes to the digest's own language, as having said nothing does.
    let story = site.run(&["issues", "show", "1", "--json"]).expect(0).json();
    assert_eq!(story["editions"].as_array().unwrap().len(), 4, "de, de-AT, en and fr");
}

#[test]
fn summaries_are_made_as_the_digest_says() {
    let shown = |policy: &str| {
        let mail = only_mail(&site("", &format!("summary = \"{policy}\"")));
        is_sound(&mail);
        let message = parse(&mail);
        (text(&message), html(&message))
    };
    let (words, _) = shown("3 words");
    assert!(words.contains("  Walking is free…\n"), "{words}");
    let (none, _) = shown("none");
    assert!(!none.contains("Walking is free"), "{none}");
    let (full, markup) = shown("full");
    assert!(markup.contains("<em>free</em>") && markup.contains(">Two</li>"), "{markup}");
    assert!(
        full.contains("- Two") && full.contains("a study:\n[1] https://study.example/?a=1&b=2\n"),
        "{full}"
    );
}

#[test]
fn pictures_come_along_or_stay_away_as_the_digest_says() {
    let mail = only_mail(&site("", "images = \"embed\""));
    let message = mail_parser::MessageParser::default().parse(&mail).unwrap();
    let picture = message.parts.iter().find(|part| part.content_id().is_some()).unwrap();
    assert_eq!(picture.contents(), PICTURE);
    let html = message.body_html(0).unwrap();
    assert!(html.contains(&format!("src=\"cid:{}\"", picture.content_id().unwrap())), "{html}");
    let small = only_mail(&site("", "images = \"embed\"\nimages_limit = 10"));
    assert!(self::html(&parse(&small)).contains("src=\"https://example.org/p.png\""));
    let none = only_mail(&site("", "images = \"none\""));
    assert!(!self::html(&parse(&none)).contains("<img"));
}

#[test]
fn an_introduction_is_markdown_and_a_file_takes_its_place_for_one_issue() {
    let own = "intro = \"New *this* week.\"\nintro_file = \"intros/{date}.md\"";
    let usual = only_mail(&site("", own));
    assert!(html(&parse(&usual)).contains("New <em>this</em> week."));
    let with_file = site("", own);
    with_file.write("intros/2026-05-04.md", "Read [this](/first/) <script>alert(1)</script>first.\n");
    let mail = only_mail(&with_file);
    is_sound(&mail);
    let message = parse(&mail);
    assert!(
        html(&message).contains("<a href=\"https://example.org/first/\"")
            && !html(&message).contains("script")
    );
    assert!(
        text(&message).contains("Read this first.\n\nthis:\n[1] https://example.org/first/\n"),
        "{}",
        text(&message)
    );
}

#[test]
fn links_to_the_site_and_no_others_take_parameters() {
    let mail = only_mail(&site("", "link_parameters = \"utm_source=mail&utm_campaign={digest}-{date}\""));
    is_sound(&mail);
    let html = html(&parse(&mail));
    let links: Vec<&str> =
        between(&html, "href=\"", "\"").filter(|link| link.starts_with("https://example.org/")).collect();
    assert!(links.len() > 4);
    for link in links {
        assert!(link.ends_with("?utm_source=mail&amp;utm_campaign=weekly-2026-05-04"), "{link}");
    }
}

#[test]
fn colours_and_fonts_are_the_configurations_and_a_digests_own_go_before_all() {
    let all = "[mail.look]\nwidth = 560\nlogo = \"/logo.png\"\n[mail.look.light]\naccent = \"#aa0011\"\n[mail.look.dark]\naccent = \"#FFCC00\"\n";
    let own = "[digest.look]\nfont = \"Verdana, sans-serif\"\n[digest.look.light]\nink = \"#222222\"\n";
    let mail = only_mail(&site(all, own));
    is_sound(&mail);
    let html = html(&parse(&mail));
    for expected in [
        "a { color: #aa0011; ",
        "a { color: #ffcc00 !important; }",
        "font-family: Verdana, sans-serif; font-size: 17px; line-height: 1.5; color: #222222;",
        "width=\"560\"",
        "src=\"https://example.org/logo.png\"",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
}

#[test]
fn what_is_wrong_with_a_look_is_told_with_its_line() {
    let site = site("[mail.look]\nfont = \"Georgia; x\"\n", "summary = \"some\"\n");
    let said = site.run(&["check"]).expect(2);
    assert!(
        said.stderr.contains("config/tidings.toml:") && said.stderr.contains("is no list of fonts"),
        "{}",
        said.stderr
    );
    assert!(said.stderr.contains("is no way to sum up"), "{}", said.stderr);
    let themeless = self::site("[mail.look]\ntheme = \"nothing\"\n", "");
    let said = themeless.run(&["run", "--now", "--at", NOW]).expect(2);
    assert!(said.stderr.contains("there is no theme \"nothing\""), "{}", said.stderr);
}

#[test]
fn hostile_names_and_categories_stay_text_in_both_themes() {
    let hostile = ["<script>alert(1)</script>", "{{ 7*7 }}", "=?utf-8?q?x?=", "a\"b'c&d", "\u{202e}gnp.exe"];
    for theme in ["plain", "magazine"] {
        for name in hostile {
            let site = site(&format!("[mail.look]\ntheme = \"{theme}\"\n"), "");
            site.write(
                "content/heart/_category.md",
                format!("---\ntitle: {}\ndescription: {0}\n---\n", serde_json::json!(name)),
            );
            site.run(&["subscribers", "add", "nora@example.net", "--name", name]).expect(0);
            site.run(&["run", "--now", "--at", NOW]).expect(0);
            let mail = site.outbox().remove(0);
            is_sound(&mail);
            let message = parse(&mail);
            let markup = html(&message);
            let shown = visible(&markup);
            let kept: String = name.chars().filter(|c| *c != '\u{202e}').collect();
            assert!(shown.contains(&format!("Hello {kept},")), "{shown}");
            assert!(shown.contains(name), "{shown}");
            assert!(text(&message).contains(&format!("Hello {kept},")));
            assert!(!markup.contains("<script"));
            assert_eq!(message.to().unwrap().first().unwrap().name(), Some(kept.as_str()));
        }
    }
}
