//! The preview in a real browser: what is edited shows by itself, what is wrong shows with its line, and nothing that a
//! mail holds is executed.

use fantoccini::Locator;

use crate::support::browser::with_browser;
use crate::support::previewing::Previewing;
use crate::support::site::{Site, WEEKLY, configuration};

const NOW: &str = "2026-05-27T12:00:00Z";
const SUBJECT: &str = "templates/email/plain/subject.txt.j2";
const BODY: &str = "templates/email/plain/body.html.j2";

fn site() -> Site {
    let site = Site::new(&configuration(WEEKLY));
    site.article("heart/salt.md", "Salt", "2026-05-26");
    site.run(&["subscribers", "add", "ana@example.org"]).expect(0);
    site
}

#[test]
fn a_template_edit_shows_without_a_reload_by_hand() {
    let site = site();
    let previewing = Previewing::new(&site, &["--at", NOW]);
    with_browser(async move |browser| {
        browser.open(&previewing.address).await;
        browser.shows("subject", "Salt").await;
        site.write(SUBJECT, "Fresh: {{ issue.lead }}");
        browser.shows("subject", "Fresh: Salt").await;

        site.write(
            BODY,
            "{% extends 'built-in/email/plain/body.html.j2' %}{% block preheader %}Quite another beginning{% endblock %}",
        );
        browser.shows("line", "Quite another beginning").await;
        for frame in ["desktop", "phone"] {
            browser
                .client
                .find(Locator::Css(&format!("iframe.{frame}")))
                .await
                .unwrap()
                .enter_frame()
                .await
                .unwrap();
            browser.shows("head", "Quite another beginning").await;
            browser.client.enter_parent_frame().await.unwrap();
        }

        site.article("heart/salt.md", "Less salt", "2026-05-26");
        browser.shows("subject", "Fresh: Less salt").await;
        let text = site.read("config/tidings.toml").replace("The week", "The fortnight");
        site.write("config/tidings.toml", text);
        browser.wait(Locator::XPath("//h1[. = 'The fortnight']")).await;
    });
}

#[test]
fn an_error_in_a_template_shows_its_line_until_it_is_mended() {
    let site = site();
    let previewing = Previewing::new(&site, &["--at", NOW]);
    with_browser(async move |browser| {
        browser.open(&previewing.address).await;
        browser.shows("subject", "Salt").await;
        site.write(BODY, "{% extends 'built-in/email/plain/body.html.j2' %}\n{% block opening %}\n<b>{{ issue.leed }}</b>\n{% endblock %}");
        let trouble = browser.shows("trouble", "email/plain/body.html.j2:3").await;
        let words = trouble.text().await.unwrap();
        assert!(words.contains("3 > <b>{{ issue.leed }}</b>"), "{words}");
        assert!(browser.has_none("iframe").await, "there is no mail to show");
        assert!(browser.has_none(".trouble b").await, "the lines are text");

        site.write("config/tidings.toml", site.read("config/tidings.toml") + "[fedes]\nlimit = 3\n");
        browser.shows("trouble", "there is no section or key `fedes`").await;
        let text = site.read("config/tidings.toml").replace("[fedes]\nlimit = 3\n", "");
        site.write("config/tidings.toml", text);
        browser.shows("trouble", "email/plain/body.html.j2:3").await;
        std::fs::remove_file(site.path(BODY)).unwrap();
        browser.wait(Locator::Css("iframe.desktop")).await;
        assert!(browser.has_none(".trouble").await);
    });
}

/// What would leave a mark if it ran.
const ARMED: &str = "<script>top.document.documentElement.dataset.owned = 1; document.documentElement.dataset.owned = 1; alert(1)</script>\
                     <img src=x onerror=\"document.documentElement.dataset.owned = 1; alert(2)\">\
                     <iframe srcdoc=\"<script>top.document.documentElement.dataset.owned = 1</script>\"></iframe>\
                     <svg onload=\"document.documentElement.dataset.owned = 1\"></svg>";

#[test]
fn nothing_that_a_mail_holds_is_executed() {
    let site = site();
    for (name, title) in [
        ("a", "<script>document.documentElement.dataset.owned = 1</script>"),
        ("b", "{{ 7*7 }} {% raw %}"),
        ("c", "<img src=x onerror=\"document.documentElement.dataset.owned = 1\">"),
        ("d", "\"><svg onload=alert(1)>"),
        ("e", "</pre></textarea></title><script>alert(1)</script>"),
    ] {
        let title = serde_json::to_string(title).unwrap();
        site.article(&format!("heart/{name}.md"), &title, "2026-05-26");
    }
    // A theme may hold anything: what it says in earnest is executed as little as what an article says.
    let body = format!(
        "{{% extends 'built-in/email/plain/body.html.j2' %}}{{% block opening %}}<h1>Armed</h1>{ARMED}{{% endblock %}}"
    );
    site.write(BODY, body);
    site.write(
        SUBJECT,
        "{{ issue.lead }} </title><script>document.documentElement.dataset.owned = 1</script>",
    );
    let previewing = Previewing::new(&site, &["--at", NOW]);
    with_browser(async move |browser| {
        for scheme in ["light", "dark"] {
            browser.open(&format!("{}?scheme={scheme}", previewing.address)).await;
            browser.shows("subject", "<script>").await;
            assert!(browser.has_none("[data-owned]").await, "the page itself");
            for frame in ["desktop", "phone"] {
                browser
                    .client
                    .find(Locator::Css(&format!("iframe.{frame}")))
                    .await
                    .unwrap()
                    .enter_frame()
                    .await
                    .unwrap();
                browser.wait(Locator::XPath("//h1[. = 'Armed']")).await;
                let article = browser.wait(Locator::XPath("//h3[contains(., '{{ 7*7 }} {% raw %}')]")).await;
                assert!(article.is_displayed().await.unwrap());
                assert!(browser.has_none("[data-owned]").await, "{frame}, {scheme}");
                browser.client.enter_parent_frame().await.unwrap();
            }
            // The mail by itself, as somebody opens it who leaves the page behind.
            browser.open(&format!("{}mail?scheme={scheme}", previewing.address)).await;
            browser.wait(Locator::XPath("//h1[. = 'Armed']")).await;
            assert!(browser.has_none("[data-owned]").await);
        }
        for look in ["text", "headers", "source"] {
            browser.open(&format!("{}?look={look}", previewing.address)).await;
            browser.wait(Locator::Css("pre.words")).await;
            assert!(browser.has_none("[data-owned]").await, "{look}");
            assert!(browser.has_none("pre.words *").await, "{look}");
        }
        assert!(browser.client.get_alert_text().await.is_err(), "nothing was said");
    });
}
