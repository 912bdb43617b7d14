//! The pages on which people subscribe, choose and leave, as browsers, mail programs and scanners ask for them.

use std::io::Write as _;
use std::os::unix::net::UnixStream;

use crate::support::serving::{self, Answer, Serving};
use crate::support::site::{Site, configuration};

/// A Monday before seven.
const BEFORE: &str = "2026-05-24T12:00:00Z";
const NOW: &str = "2026-05-25T08:00:00Z";

const MAIL: &str = "[mail]\nfrom = \"Site <news@example.org>\"\npostal_address = \"1 Street\"\n\n\
     [[digest]]\nname = \"weekly\"\ntitle = \"The week\"\ncron = \"0 7 * * MON\"\n\
     [[digest]]\nname = \"daily\"\ntitle = \"The day\"\ncron = \"0 6 * * *\"\n";

fn site_with(web: &str) -> Site {
    let web = format!("{MAIL}[web]\nurl = \"{}\"\n{web}", serving::PUBLIC);
    let site = Site::new(&configuration(&web));
    site.article("heart/salt.md", "Salt", "2026-05-21");
    site.article("sleep/naps.md", "Naps", "2026-05-22");
    site.run(&["run", "--at", BEFORE]).expect(0);
    site
}

fn site() -> Site {
    site_with("")
}

fn serve(site: &Site) -> Serving {
    Serving::new(site, &["--at", BEFORE])
}

fn ask(serving: &Serving, address: &str) -> Answer {
    let address = address.replace('@', "%40");
    serving.post("/mail/subscribe", &format!("address={address}&name=Nora&choice=weekly%3Aheart"))
}

fn letter(site: &Site, number: u32) -> String {
    site.read(&format!("outbox/new/letter-{number}.eml"))
}

fn story(site: &Site, address: &str) -> serde_json::Value {
    site.run(&["subscribers", "show", address, "--json"]).expect(0).json()
}

/// What happened, in words.
fn kinds(story: &serde_json::Value) -> Vec<String> {
    let activities = story["activities"].as_array().unwrap();
    activities.iter().map(|one| format!("{} ({})", one["kind"], one["source"]).replace('"', "")).collect()
}

fn chosen(story: &serde_json::Value) -> Vec<String> {
    let own = story["subscriptions"].as_array().unwrap();
    own.iter().map(|one| format!("{}:{}", one["digest"], one["choice"]).replace('"', "")).collect()
}

/// Somebody who has confirmed; the path of their preferences.
fn subscribed(site: &Site, serving: &Serving, address: &str, number: u32) -> String {
    assert_eq!(ask(serving, address).status, 200);
    serving.letters(u64::from(number));
    let confirmed = serving.post(&serving::link(&letter(site, number), "confirm"), "");
    assert_eq!(confirmed.status, 200);
    confirmed.link("/mail/preferences/")
}

#[test]
fn whoever_asks_confirms_chooses_leaves_and_comes_back() {
    let site = site();
    let serving = serve(&site);
    let form = serving.get("/mail/subscribe");
    assert!(form.body.contains("action=\"/mail/subscribe\"") && form.body.contains("value=\"weekly:heart\""));
    let asked = ask(&serving, "nora@example.net");
    assert!(asked.body.contains("If nora@example.net is your address"), "{}", asked.body);
    serving.letters(1);
    let pending = story(&site, "nora@example.net");
    assert_eq!((&pending["state"], chosen(&pending).len()), (&serde_json::json!("pending"), 0));

    let confirm = serving::link(&letter(&site, 1), "confirm");
    let page = serving.get(&confirm);
    assert!(page.body.contains("n***@example.net") && !page.body.contains("nora@example.net"));
    assert_eq!(story(&site, "nora@example.net")["state"], "pending", "looking confirms nothing");
    let confirmed = serving.post(&confirm, "");
    assert!(confirmed.body.contains(">The week</bdi></strong>: Heart"), "{}", confirmed.body);
    assert!(serving.post(&confirm, "").body.contains("You confirmed this before."));
    let active = story(&site, "nora@example.net");
    assert_eq!(
        (&active["state"], &active["name"]),
        (&serde_json::json!("active"), &serde_json::json!("Nora"))
    );
    assert_eq!(kinds(&active), ["asked (form)", "confirmed (form)"]);
    let receipt = active["activities"][0]["detail"].as_str().unwrap();
    assert!(receipt.starts_with("weekly:heart wording ") && !receipt.contains("from 127"), "{receipt}");

    let preferences = confirmed.link("/mail/preferences/");
    let page = serving.get(&preferences).body;
    assert!(
        page.contains("value=\"weekly:heart\" checked") && !page.contains("value=\"weekly:sleep\" checked")
    );
    let form = "name=N.+Roe&language=de&time=08%3A00&time_zone=Europe%2FBerlin&choice=weekly%3Asleep&choice=daily%3A*&choice=daily%3Aheart";
    let saved = serving.post(&preferences, form);
    assert!(saved.body.contains("Gespeichert.") && saved.body.contains("lang=\"de\""), "{}", saved.body);
    let story = story(&site, "nora@example.net");
    assert_eq!(chosen(&story), ["daily:*", "weekly:sleep"]);
    assert_eq!(
        (&story["minute"], &story["time_zone"]),
        (&serde_json::json!(480), &serde_json::json!("Europe/Berlin"))
    );
    let wrong = serving.post(&preferences, "choice=weekly%3A*&time_zone=Mars");
    assert!(wrong.status == 422 && wrong.body.contains("aria-invalid"), "{wrong:?}");

    let left = serving.post(&format!("{preferences}/leave"), "");
    assert!(left.body.contains("n***@example.net bekommt keine Mails mehr"), "{}", left.body);
    assert!(serving.get(&preferences).body.contains("Um zurückzukommen"));
    serving.post(&preferences, "choice=weekly%3A*");
    let back = self::story(&site, "nora@example.net");
    assert_eq!((&back["state"], chosen(&back)), (&serde_json::json!("active"), vec!["weekly:*".to_owned()]));
    assert_eq!(kinds(&back)[2..], ["chose (form)", "left (form)", "came-back (form)"]);
    assert_eq!(serving.end("-TERM"), Some(0));
}

#[test]
fn a_mail_waits_for_the_hour_that_its_reader_chose() {
    let site = site();
    let serving = serve(&site);
    let preferences = subscribed(&site, &serving, "nora@example.net", 1);
    serving.post(&preferences, "time=18%3A00&time_zone=America%2FNew_York&choice=weekly%3A*");
    site.article("heart/walk.md", "Walk", "2026-05-25");
    let said = site.run(&["run", "--at", NOW, "--json"]).expect(0).json();
    assert_eq!((&said["waiting"]["deferred"], &said["waiting"]["ready"]), (&1.into(), &0.into()), "{said}");
    site.run(&["run", "--at", "2026-05-25T21:59:59Z"]).expect(0);
    assert_eq!(site.outbox().len(), 1, "the letter alone");
    site.run(&["run", "--at", "2026-05-25T22:00:00Z"]).expect(0);
    assert_eq!(site.outbox().len(), 2);
}

#[test]
fn a_scanner_that_follows_every_link_changes_nothing() {
    let site = site();
    let serving = serve(&site);
    subscribed(&site, &serving, "nora@example.net", 1);
    ask(&serving, "pending@example.net");
    serving.letters(2);
    site.article("heart/walk.md", "Walk", "2026-05-25");
    site.run(&["run", "--at", NOW]).expect(0);
    let digest = site.read("outbox/new/weekly-1-1.eml");
    let links = [
        serving::link(&digest, "unsubscribe"),
        serving::link(&digest, "preferences"),
        serving::link(&letter(&site, 1), "confirm"),
        serving::link(&letter(&site, 2), "confirm"),
    ];
    let before = site.run(&["subscribers", "list", "--json"]).expect(0).stdout;
    for link in &links {
        for method in ["GET", "HEAD"] {
            let answer = serving.ask(method, link, &[], "");
            assert_eq!(answer.status, 200, "{method} {link}");
            assert!(answer.header("set-cookie").is_empty());
        }
        for method in ["PUT", "DELETE", "PATCH"] {
            assert_eq!(serving.ask(method, link, &[], "").status, 405, "{method} {link}");
        }
    }
    assert_eq!(site.run(&["subscribers", "list", "--json"]).expect(0).stdout, before);
    assert_eq!(kinds(&story(&site, "nora@example.net")).len(), 2);
}

#[test]
fn the_address_of_the_pages_shows_the_form() {
    let site = site();
    let serving = serve(&site);
    let form = serving.get("/mail/subscribe").body;
    assert!(form.contains("<form method=\"post\" action=\"/mail/subscribe\">"), "{form}");
    for path in ["/mail", "/mail/"] {
        let answer = serving.get(path);
        assert_eq!((answer.status, answer.body == form), (200, true), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[test]
fn one_click_leaves_the_digest_at_once_however_the_form_is_sent() {
    let site = site();
    let serving = serve(&site);
    for (number, address) in [(1, "one@example.net"), (2, "two@example.net"), (3, "both@example.net")] {
        let preferences = subscribed(&site, &serving, address, number);
        if number == 3 {
            serving.post(&preferences, "choice=weekly%3A*&choice=daily%3A*");
        }
    }
    site.article("heart/walk.md", "Walk", "2026-05-25");
    site.run(&["send", "weekly", "--at", NOW]).expect(0);
    let mails: Vec<String> = site.outbox().into_iter().map(|mail| String::from_utf8(mail).unwrap()).collect();
    let link = |address: &str| {
        let is_theirs =
            |mail: &&String| mail.contains("List-Id") && mail.contains(&format!("{address}@example.net"));
        let mail = mails.iter().find(is_theirs).unwrap();
        assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{mail}");
        serving::link(mail, "unsubscribe")
    };
    let clicked = serving.post(&link("one"), "List-Unsubscribe=One-Click");
    assert_eq!((clicked.status, clicked.body.as_str()), (200, "Unsubscribed.\n"));
    assert!(clicked.header("location").is_empty() && clicked.header("set-cookie").is_empty());
    assert_eq!(serving.post(&link("one"), "List-Unsubscribe=One-Click").status, 200, "twice is no fault");
    let multipart =
        "--xx\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--xx--\r\n";
    let clicked =
        serving.ask("POST", &link("two"), &["Content-Type: multipart/form-data; boundary=xx"], multipart);
    assert_eq!((clicked.status, clicked.body.as_str()), (200, "Unsubscribed.\n"));
    for address in ["one@example.net", "two@example.net"] {
        let story = story(&site, address);
        assert_eq!(story["state"], "unsubscribed");
        assert_eq!(kinds(&story).last().unwrap(), "left (one click)");
    }
    serving.post(&link("both"), "List-Unsubscribe=One-Click");
    let both = story(&site, "both@example.net");
    assert_eq!((&both["state"], chosen(&both)), (&serde_json::json!("active"), vec!["daily:*".to_owned()]));
    let page = serving.post(&link("both"), "what=everything");
    assert!(page.body.contains("gets no more mails from us"), "{}", page.body);
    assert_eq!(story(&site, "both@example.net")["state"], "unsubscribed");
}

#[test]
fn a_changed_token_and_one_of_another_purpose_are_refused() {
    let site = site();
    let serving = serve(&site);
    let preferences = subscribed(&site, &serving, "nora@example.net", 1);
    let confirm = serving::link(&letter(&site, 1), "confirm");
    let token = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    for (page, token) in [
        ("unsubscribe", token(&preferences)),
        ("confirm", token(&preferences)),
        ("preferences", token(&confirm)),
        ("unsubscribe", token(&confirm)),
        ("preferences", "AQ".to_owned()),
        ("preferences", "%00%ff".to_owned()),
    ] {
        for answer in [
            serving.get(&format!("/mail/{page}/{token}")),
            serving.post(&format!("/mail/{page}/{token}"), "List-Unsubscribe=One-Click"),
        ] {
            assert!(matches!(answer.status, 400 | 404), "{page} {token} {answer:?}");
        }
    }
    let whole = token(&preferences);
    for place in 0..whole.len() {
        let mut bytes = whole.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(serving.get(&format!("/mail/preferences/{changed}")).status, 404, "{changed}");
    }
    // A letter is good for a week.
    drop(serving);
    let late = Serving::new(&site, &["--at", "2026-05-31T12:00:00Z"]);
    assert_eq!(late.get(&confirm).status, 404);
    assert_eq!(late.get(&preferences).status, 200, "what is chosen can be changed for ever");
}

#[test]
fn however_often_somebody_asks_an_address_gets_one_letter_a_day() {
    let site = site_with("requests_per_ip = 40\ntrusted_hops = 1\n");
    let serving = serve(&site);
    let from = |ip: &str| {
        let headers = ["Content-Type: application/x-www-form-urlencoded", &format!("X-Forwarded-For: {ip}")];
        serving
            .ask("POST", "/mail/subscribe", &headers, "address=NORA%40example.net&choice=weekly%3A*")
            .status
    };
    let answers: Vec<u16> = (0..50).map(|_| from("192.0.2.1")).collect();
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 40);
    assert!(answers[40..].iter().all(|status| *status == 429));
    for number in 0..30 {
        assert_eq!(from(&format!("198.51.100.{number}")), 200);
    }
    serving.letters(1);
    ask(&serving, "other@example.net");
    serving.letters(2);
    assert_eq!(site.outbox().len(), 2, "one to each address");
    drop(serving);
    let next_day = Serving::new(&site, &["--at", "2026-05-25T12:00:00Z"]);
    ask(&next_day, "nora@example.net");
    next_day.letters(1);
    assert_eq!(site.outbox().len(), 3);
}

#[test]
fn known_and_unknown_and_unwanted_addresses_are_answered_alike() {
    let site = site();
    let serving = serve(&site);
    subscribed(&site, &serving, "known@example.net", 1);
    site.run(&["subscribers", "suppress", "spurn@example.net", "--why", "complained"]).expect(0);
    let answer = |address: &str| {
        let answer = ask(&serving, address);
        let date = answer.header("date").to_owned();
        Answer { head: answer.head.replace(&date, "now"), body: answer.body.replace(address, "it"), ..answer }
    };
    let unknown = answer("newly@example.net");
    assert_eq!(unknown.status, 200);
    assert_eq!(answer("known@example.net"), unknown);
    assert_eq!(answer("spurn@example.net"), unknown);
    let honeypot = serving.post("/mail/subscribe", "address=robot%40example.net&choice=weekly%3A*&website=x");
    assert_eq!(honeypot.body.replace("robot@example.net", "it"), unknown.body);
    serving.letters(2);
    let to: Vec<String> = site.outbox().into_iter().map(|mail| String::from_utf8(mail).unwrap()).collect();
    assert!(to.iter().all(|mail| !mail.contains("spurn@") && !mail.contains("robot@")), "{to:?}");
}

#[test]
fn whoever_has_it_already_is_told_so_and_nothing_changes() {
    let site = site();
    let serving = serve(&site);
    let preferences = subscribed(&site, &serving, "nora@example.net", 1);
    drop(serving);
    let serving = Serving::new(&site, &["--at", "2026-05-26T12:00:00Z"]);
    ask(&serving, "nora@example.net");
    serving.letters(1);
    let mail = letter(&site, 2);
    assert!(mail.contains("Subject: Your mails from Site"), "{mail}");
    let page = |path: &str| serving.get(path).body.replace(path, "");
    assert_eq!(page(&serving::link(&mail, "preferences")), page(&preferences));
}

#[test]
fn pages_are_sealed_and_in_the_readers_language() {
    let site = site();
    let serving = serve(&site);
    let page = serving.ask("GET", "/mail/subscribe", &["Accept-Language: ar, en;q=0.5"], "");
    assert!(page.body.contains("<html lang=\"ar\" dir=\"rtl\">"), "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
        assert!(page.header("content-security-policy").contains(part), "{}", page.head);
    }
    assert!(!page.body.contains("style=") && !page.body.contains("<style"));
    let wrong = serving.post("/mail/subscribe", "address=nobody&lang=fr");
    assert!(wrong.status == 422 && wrong.body.contains("Ce n’est pas une adresse"), "{}", wrong.body);
    let hostile = serving.post("/mail/subscribe", "address=%22%3E%3Cscript%3E&name=%3Cb%3E&choice=%3Ci%3E");
    assert!(!hostile.body.contains("<script>") && !hostile.body.contains("<b>"), "{}", hostile.body);
    assert_eq!(serving.post("/mail/subscribe", &"a".repeat(100_000)).status, 413);
    let style = serving.get("/mail/consent.css");
    assert!(style.header("content-type") == "text/css; charset=utf-8" && style.body.contains("#0b5a54"));
    let snippet = serving.get("/mail/subscribe/snippet").body;
    assert!(snippet.contains("action=\"https://example.org/mail/subscribe\""), "{snippet}");
    assert!(snippet.contains("&lt;form method=&quot;post&quot;"), "{snippet}");
    assert_eq!(serving.get("/mail/healthz").body, "ok\n");
}

#[test]
fn feeds_are_served_with_their_types_and_only_when_they_changed() {
    let site = site_with("[feeds]\nurl = \"https://example.org/feeds\"\n");
    let serving = serve(&site);
    let feed = serving.get("/feeds/rss.xml");
    assert_eq!((feed.status, feed.header("content-type")), (200, "application/rss+xml; charset=utf-8"));
    let conditions = [
        format!("If-None-Match: {}", feed.header("etag")),
        format!("If-Modified-Since: {}", feed.header("last-modified")),
    ];
    for condition in &conditions {
        assert_eq!(serving.ask("GET", "/feeds/rss.xml", &[condition], "").status, 304, "{condition}");
    }
    assert_eq!(serving.get("/feeds/feed.json").header("content-type"), "application/feed+json");
    let packed = serving.ask("GET", "/feeds/atom.xml", &["Accept-Encoding: gzip"], "");
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    for missing in [
        "/feeds/../config/tidings.toml",
        "/feeds/%2e%2e/config/tidings.toml",
        "/feeds/.htaccess",
        "/state/tidings.sqlite",
        "/feeds/favicon.ico",
        "/feeds/rss.xml/more",
        &format!("/feeds/{}", "long".repeat(100)),
    ] {
        assert_eq!(serving.get(missing).status, 404, "{missing}");
    }
    assert_eq!(serving.post("/feeds/rss.xml", "").status, 405);
}

#[test]
fn the_server_listens_at_a_socket_that_it_takes_over_from_a_dead_one_alone() {
    let site = site_with("listen = \"unix:run.sock\"\n");
    let start = || {
        let mut child = site.command(&["serve"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
        assert!(line.contains("listening at unix:"), "{line}");
        (child, stdout)
    };
    let (mut first, _stdout) = start();
    let said = site.run(&["serve"]).expect(2);
    assert!(said.stderr.contains("another server listens there"), "{}", said.stderr);
    first.kill().unwrap();
    first.wait().unwrap();
    let (mut second, _stdout) = start();
    let mut stream = UnixStream::connect(site.path("run.sock")).unwrap();
    write!(stream, "GET /mail/healthz HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(serving::read(stream).body, "ok\n");
    second.kill().unwrap();
    second.wait().unwrap();
}
