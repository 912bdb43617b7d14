//! The preview as a browser asks for it and as files.

use crate::support::mail::between;
use crate::support::previewing::Previewing;
use crate::support::site::{Site, WEEKLY, configuration};

const NOW: &str = "2026-05-27T12:00:00Z";
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\xb0\0\0\x02\x76\x08\x02\0\0\0";

/// Three readers with two editions; two digests.
fn site() -> Site {
    let daily =
        "[[digest]]\nname = \"daily\"\ntitle = \"The day\"\ncron = \"0 7 * * *\"\nimages = \"embed\"\n";
    let site = Site::new(&configuration(&format!("{WEEKLY}{daily}[catalog]\nstatic = \"static\"\n")));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    site.article("sleep/naps.md", "Naps", "2026-05-25");
    site.write("static/p.png", PICTURE);
    site.write("content/heart/walk.md", "---\ntitle: Walking\ndate: 2026-05-27\nimage: /p.png\n---\nText.\n");
    let add = |address: &str, more: &[&str]| {
        site.run(&[&["subscribers", "add", address, "--digest", "weekly"], more].concat()).expect(0);
    };
    add("ana@example.org", &["--name", "Ana"]);
    add("bob@example.org", &[]);
    add("cyd@example.org", &["--category", "sleep"]);
    site
}

fn preview(site: &Site) -> Previewing {
    Previewing::new(site, &["--at", NOW])
}

#[track_caller]
fn shows(body: &str, parts: &[&str]) {
    for part in parts {
        assert!(body.contains(part), "{part} is not in {body}");
    }
}

#[test]
fn the_next_issue_shows_with_all_that_is_to_be_known_of_it() {
    let site = site();
    let previewing = preview(&site);
    let page = previewing.get("/");
    assert_eq!(page.status, 200);
    shows(
        &page.head,
        &["content-security-policy: default-src 'none'; ", "cache-control: no-store", "script-src 'self'"],
    );
    shows(
        &page.body,
        &[
            "<h1>The week</h1>",
            "Next: Monday, 1 June 2026, 07:00 UTC",
            "href=\"/?digest=daily\"",
            ">2 readers</a>",
            ">1 reader</a>",
            "<td>3 articles</td><td>en</td>",
            "<span class=\"subject\">Walking and 2 more – The week</span>",
            " bytes; Gmail clips at 102,400",
            "sandbox=\"allow-popups allow-popups-to-escape-sandbox\" src=\"/mail?digest=weekly\"",
        ],
    );
    let light = previewing.get("/mail?digest=weekly");
    shows(
        &light.head,
        &["default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; ", "sandbox"],
    );
    shows(&light.body, &["Hello Reader", "@media (max-width: 0px)", "content=\"light\""]);
    let dark = previewing.get("/mail?digest=weekly&scheme=dark").body;
    shows(&dark, &["@media (min-width: 0px)", "content=\"dark\"", "color-scheme: dark"]);
    let second = previewing.get("/?digest=weekly&edition=2").body;
    shows(
        &second,
        &["<span class=\"subject\">Naps – The week</span>", "src=\"/mail?digest=weekly&amp;edition=2\""],
    );
    shows(&previewing.get("/?look=text").body, &["* Salt\n", "Hello Reader"]);
    shows(
        &previewing.get("/?look=headers").body,
        &["List-Id: The week &lt;weekly.example.org&gt;\nList-Unsubscribe:"],
    );
    shows(&previewing.get("/?look=source").body, &["Content-Transfer-Encoding: quoted-printable\n\n"]);
    let message = previewing.get("/message.eml?digest=weekly");
    shows(&message.head, &["content-type: message/rfc822"]);
    shows(&message.body, &["X-Tidings-Delivery: weekly-0-0\r\n"]);
    // Pictures that come along are shown, too.
    shows(&previewing.get("/mail?digest=daily").body, &["src=\"data:image/png;base64,iVBORw0KGgo"]);
    assert_eq!(previewing.end("-INT"), Some(0));
}

#[test]
fn it_is_for_this_machine_alone_and_what_is_not_there_is_not_found() {
    let site = site();
    let previewing = preview(&site);
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""] {
        let answer = previewing.get_from("/", host);
        assert_eq!(answer.status, 403, "{host:?}");
        assert!(!answer.body.contains("Walking"), "{host:?}");
    }
    for host in ["127.0.0.1", "LOCALHOST:8080", "[::1]:80"] {
        assert_eq!(previewing.get_from("/", host).status, 200, "{host}");
    }
    for path in ["/nothing", "/?digest=monthly", "/mail?digest=monthly", "/preview.js/x"] {
        assert_eq!(previewing.get(path).status, 404, "{path}");
    }
    assert_eq!(previewing.get("/?edition=x").status, 400);
    assert_eq!(previewing.get("/?edition=99").status, 200);
    let port = previewing.host().split(':').nth(1).unwrap();
    let said = site.run(&["preview", "--port", port]).expect(2);
    shows(&said.stderr, &["can't be used", "name another with --port"]);
    shows(&site.run(&["preview", "monthly"]).expect(2).stderr, &["there is no digest \"monthly\""]);
}

#[test]
fn what_is_wrong_shows_with_its_place_and_goes_when_it_is_mended() {
    let site = site();
    let template = "templates/email/plain/subject.txt.j2";
    let previewing = preview(&site);
    let page = previewing.get("/");
    site.write(template, "{{ digest.title }}\n<i>{{ digest.titel }}</i>");
    let page = previewing.next("/", &page);
    shows(
        &page.body,
        &[
            "The mail can’t be made",
            "email/plain/subject.txt.j2:2",
            "2 &gt; &lt;i&gt;{{ digest.titel }}&lt;/i&gt;",
        ],
    );
    assert!(!page.body.contains("<iframe"));
    std::fs::remove_file(site.path(template)).unwrap();
    let page = previewing.next("/", &page);
    shows(&page.body, &["<iframe"]);

    site.write("content/heart/bad.md", "---\ntitle: <b>Bad\ndate: soon\n---\n");
    let page = previewing.next("/", &page);
    shows(&page.body, &["1 article needs a hand", "content/heart/bad.md:3:7", "<iframe"]);
    let sound = site.read("config/tidings.toml");
    site.write("config/tidings.toml", sound.replace("cron = \"0 7", "cron = \"99 7"));
    let page = previewing.next("/?digest=weekly", &page);
    shows(&page.body, &["This is in the way", "config/tidings.toml:"]);
    site.write("config/tidings.toml", sound);
    std::fs::remove_file(site.path("content/heart/bad.md")).unwrap();
    let page = previewing.next("/", &page);
    shows(&page.body, &["<iframe"]);
    assert!(!page.body.contains("in the way"));
}

#[test]
fn a_preview_begins_where_the_configuration_is_broken_and_needs_no_store() {
    let site = site();
    let sound = site.read("config/tidings.toml");
    site.write("config/tidings.toml", "[site");
    std::fs::remove_dir_all(site.path("state")).unwrap();
    let previewing = preview(&site);
    let page = previewing.get("/");
    shows(&page.body, &["This is in the way", "config/tidings.toml:1:"]);
    site.write("config/tidings.toml", sound);
    let page = previewing.next("/", &page);
    shows(&page.body, &["somebody new, to everything", "Walking and 2 more"]);
    assert!(!site.path("state/tidings.sqlite").exists(), "nothing is remembered");
}

#[test]
fn a_subscriber_is_shown_their_own_mail() {
    let site = site();
    let previewing = Previewing::new(&site, &["weekly", "--for", "ana@example.org", "--at", NOW]);
    assert!(previewing.address.ends_with("/?for=ana%40example.org"), "{}", previewing.address);
    let page = previewing.get("/?for=cyd@example.org").body;
    shows(
        &page,
        &[
            "Naps – The week",
            "value=\"cyd@example.org\"",
            "src=\"/mail?digest=weekly&amp;for=cyd%40example.org\"",
        ],
    );
    shows(&previewing.get("/mail?digest=weekly&for=ana%40example.org").body, &["Hello Ana"]);
    let page = previewing.get("/?for=dan@example.org").body;
    shows(&page, &["nobody with the address dan@example.org subscribed", "<iframe"]);
    shows(&previewing.get("/?for=%3Cb%3E").body, &["is no address"]);
    // What they will have read meanwhile is not new to them.
    site.run(&["run", "--now", "--at", NOW]).expect(0);
    let page = previewing.get("/?for=ana@example.org").body;
    shows(&page, &["nothing is new; the preview shows older articles, and no mail would go out"]);
}

#[test]
fn files_show_the_same_without_a_server() {
    let site = site();
    let said = site.run(&["preview", "--out", "look", "--at", NOW, "--json"]).expect(0).json();
    let files: Vec<&str> = said.as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    let mails = ["weekly", "weekly.2", "daily"]
        .map(|name| ["html", "dark.html", "txt", "eml"].map(|ending| format!("look/{name}.{ending}")));
    let expected: Vec<String> = mails.into_iter().flatten().chain(["look/index.html".to_owned()]).collect();
    assert_eq!(files, expected);
    let page = site.read("look/index.html");
    shows(
        &page,
        &["src=\"weekly.html\"", "src=\"weekly.2.dark.html\"", "href=\"daily.eml\"", "<h2>2 readers</h2>"],
    );
    assert!(!page.contains("<script"));
    for source in between(&page, "src=\"", "\"") {
        assert!(site.path("look").join(source).is_file(), "{source}");
    }
    let previewing = preview(&site);
    let served =
        previewing.get("/mail?digest=weekly&scheme=dark").body.replace("<base target=\"_blank\">", "");
    assert_eq!(served, site.read("look/weekly.dark.html"));
    site.write("templates/email/plain/subject.txt.j2", "{{ nothing }}");
    let said = site.run(&["preview", "--out", "look", "--at", NOW]).expect(2);
    shows(&said.stderr, &["email/plain/subject.txt.j2:1", "mend the template"]);
}
