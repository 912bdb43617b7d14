//! The preview as a browser asks for it and as files, and the trial of an issue: what would be sent, and nothing else.

use crate::support::mail::between;
use crate::support::previewing::Previewing;
use crate::support::site::{Said, Site, WEEKLY, configuration};

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
    // Those of the site are, too, before they are on the web.
    shows(&previewing.get("/mail?digest=weekly").body, &["src=\"/picture/p.png\""]);
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
    for path in [
        "/nothing",
        "/?digest=monthly",
        "/mail?digest=monthly",
        "/preview.js/x",
        "/picture/q.png",
        "/picture/..%2Fconfig%2Ftidings.toml",
    ] {
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
    site.write(template, "{{ digest.title }}\n<i>{{ digest.titel }}</i>");
    let page = previewing.until("/", "The mail can’t be made").body;
    shows(&page, &["email/plain/subject.txt.j2:2", "2 &gt; &lt;i&gt;{{ digest.titel }}&lt;/i&gt;"]);
    assert!(!page.contains("<iframe"));
    std::fs::remove_file(site.path(template)).unwrap();
    previewing.until("/", "<iframe");

    site.write("content/heart/bad.md", "---\ntitle: <b>Bad\ndate: soon\n---\n");
    let page = previewing.until("/", "content/heart/bad.md:3:7").body;
    shows(&page, &["1 article needs a hand", "<iframe"]);
    let sound = site.read("config/tidings.toml");
    site.write("config/tidings.toml", sound.replace("cron = \"0 7", "cron = \"99 7"));
    shows(&previewing.until("/?digest=weekly", "This is in the way").body, &["config/tidings.toml:"]);
    std::fs::remove_file(site.path("content/heart/bad.md")).unwrap();
    site.write("config/tidings.toml", sound);
    let page = previewing.until("/", "<iframe").body;
    assert!(!page.contains("in the way") && !page.contains("a hand"), "{page}");
}

#[test]
fn a_preview_begins_where_the_configuration_is_broken_and_needs_no_store() {
    let site = site();
    let sound = site.read("config/tidings.toml");
    site.write("config/tidings.toml", "[site");
    std::fs::remove_dir_all(site.path("state")).unwrap();
    let previewing = preview(&site);
    shows(&previewing.get("/").body, &["This is in the way", "config/tidings.toml:1:"]);
    site.write("config/tidings.toml", sound);
    shows(&previewing.until("/", "somebody new, to everything").body, &["Walking and 2 more"]);
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
    let served = served.replace("/picture/", "https://example.org/");
    assert_eq!(served, site.read("look/weekly.dark.html"));
    site.write("templates/email/plain/subject.txt.j2", "{{ nothing }}");
    let said = site.run(&["preview", "--out", "look", "--at", NOW]).expect(2);
    shows(&said.stderr, &["email/plain/subject.txt.j2:1", "mend the template"]);
}

/// A mail's one token.
fn token(mail: &str) -> String {
    let token = between(&mail.replace("\r\n ", ""), "subject=unsubscribe%20", ">").next().unwrap().to_owned();
    assert!(token.len() > 20, "{token}");
    token
}

fn trial(site: &Site, address: &str) -> Said {
    site.run(&["send", "weekly", "--test", address, "--at", NOW])
}

fn outbox(site: &Site, name: &str) -> String {
    site.read(&format!("outbox/new/{name}.eml")).replace("=\r\n", "").replace("=\n", "")
}

#[test]
fn a_trial_has_the_bytes_of_the_real_mail_but_for_its_recipient() {
    let site = site();
    let before = site.run(&["subscribers", "list", "--json"]).expect(0).stdout;
    let said = trial(&site, "ana@example.org").expect(0).stdout;
    shows(&said, &["weekly, next issue: sent to ana@example.org, ", "bytes: outbox/new/weekly-0-0.eml\n"]);
    let hers = outbox(&site, "weekly-0-0");
    // A stranger gets what most get: here, what Bob gets, whose address is as long.
    trial(&site, "eve@example.org").expect(0);
    let strangers = outbox(&site, "weekly-0-0");
    let status = site.run(&["status", "--json", "--at", NOW]).expect(0).json();
    assert_eq!(status["issues"], serde_json::json!([]), "nothing was opened");
    assert_eq!(site.run(&["subscribers", "list", "--json"]).expect(0).stdout, before);

    let lock = std::fs::File::create(site.path("state/tidings.lock")).unwrap();
    lock.lock().unwrap();
    trial(&site, "cyd@example.org").expect(0);
    lock.unlock().unwrap();

    site.run(&["send", "weekly", "--now", "--at", NOW]).expect(0);
    let stamped = |real: &str| {
        let neutral = outbox(&site, "weekly-0-0");
        let real = real.replace(&token(real), &token(&neutral)).replace("Feedback-ID: 1:", "Feedback-ID: 0:");
        (1..=3).fold(real, |real, number| real.replace(&format!("weekly-1-{number}"), "weekly-0-0"))
    };
    assert_eq!(hers, stamped(&outbox(&site, "weekly-1-1")));
    assert_eq!(
        strangers,
        stamped(&outbox(&site, "weekly-1-2")).replace("bob@example.org", "eve@example.org")
    );
    assert_eq!(outbox(&site, "weekly-0-0"), stamped(&outbox(&site, "weekly-1-3")));
    let said = site.run(&["subscribers", "remove", "--token", &token(&hers)]).expect(2);
    assert!(said.stdout.is_empty(), "the token of a trial is nobody's");
}

#[test]
fn a_trial_of_an_issue_that_is_held_has_its_frozen_bytes() {
    let site = site();
    let text =
        site.read("config/tidings.toml").replace("title = \"The week\"", "title = \"The week\"\nhold = true");
    site.write("config/tidings.toml", text);
    site.run(&["send", "weekly", "--now", "--at", NOW]).expect(0);
    site.article("heart/salt.md", "Another title", "2026-05-26");
    site.write("templates/email/plain/subject.txt.j2", "Another subject");
    let said = trial(&site, "ana@example.org").expect(0).stdout;
    shows(&said, &["weekly, issue 1: sent to ana@example.org", "outbox/new/weekly-1-0.eml"]);
    let mail = outbox(&site, "weekly-1-0");
    shows(&mail, &["To: Ana <ana@example.org>", "Subject: Walking and 2 more"]);
    assert!(!mail.contains("Another"));
}

#[test]
fn a_trial_goes_the_way_of_the_real_mail_and_never_to_whoever_left() {
    use crate::support::smtp_script::{Step, at};
    use crate::support::smtp_server::SmtpServer;
    let site = site();
    site.run(&["subscribers", "remove", "bob@example.org"]).expect(0);
    shows(&trial(&site, "bob@example.org").expect(2).stderr, &["bob@example.org unsubscribed"]);
    site.run(&["subscribers", "suppress", "ana@example.org", "--why", "complained"]).expect(0);
    shows(&trial(&site, "ana@example.org").expect(2).stderr, &["must never be mailed: complained"]);
    site.run(&["subscribers", "suppress", "fay@example.org", "--why", "bounces"]).expect(0);
    shows(&trial(&site, "FAY@example.org").expect(2).stderr, &["must never be mailed: bounces"]);
    shows(&trial(&site, "nobody").expect(2).stderr, &["is no address"]);
    assert_eq!(site.outbox().len(), 0);

    let server = SmtpServer::builder().rule(at(Step::Rcpt).times(1).reply("550 5.1.1 who?")).start();
    let smtp = format!(
        "[delivery]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        server.port()
    );
    site.write("config/tidings.toml", site.read("config/tidings.toml") + &smtp);
    shows(&trial(&site, "eve@example.org").expect(1).stderr, &["was not taken", "550 5.1.1 who?"]);
    trial(&site, "eve@example.org").expect(0);
    assert_eq!(server.accepted().len(), 1);
}
