//! An issue whose mail must not go out as it is: nobody gets it before it is mended, and nobody else has to wait.

use crate::lint::faulty;
use crate::support::site::{Site, WEEKLY, configuration};

const NOW: &str = "2026-05-04T08:00:00Z";

#[test]
fn a_fault_in_the_template_stops_the_issue_until_it_is_mended() {
    let site = faulty();
    site.run(&["run", "--at", "2026-05-01T08:00:00Z"]).expect(0);
    for _ in 0..2 {
        let said = site.run(&["run", "--at", NOW]).expect(2);
        assert!(said.stderr.contains("templates/email/plain/body.html.j2:3:"), "{}", said.stderr);
        assert!(said.stderr.contains("mail-contrast"), "{}", said.stderr);
        assert!(site.outbox().is_empty());
        assert!(site.path("public/rss.xml").exists());
    }
    let template = site.read("templates/email/plain/body.html.j2").replace(" style=\"color:#AAAAAA\"", "");
    site.write("templates/email/plain/body.html.j2", template);
    // The picture is a matter for a warning: it is told, and the issue goes out.
    let said = site.run(&["run", "--at", NOW]).expect(0);
    assert!(said.stderr.contains("content/sleep/short.md:4:"), "{}", said.stderr);
    assert_eq!(site.outbox().len(), 1);
}

#[test]
fn a_spoiled_issue_holds_no_other_digest_up() {
    let site = faulty();
    let more =
        "\n[[digest]]\nname = \"other\"\ntitle = \"Other\"\ncron = \"0 7 * * MON\"\nfirst_issue = 10\n";
    site.write("config/tidings.toml", site.read("config/tidings.toml") + more);
    site.run(&["subscribers", "add", "bo@example.net", "--digest", "other"]).expect(0);
    site.write(
        "templates/email/plain/body.html.j2",
        "{% extends \"built-in/email/plain/body.html.j2\" %}\n{% block opening %}\n\
         <h1>{% if digest.name == \"weekly\" %}<a href=\"/here\">{{ digest.title }}</a>{% endif %}</h1>\n{% endblock %}\n",
    );
    let said = site.run(&["run", "--now", "--json", "--at", NOW]).expect(2);
    assert_eq!(said.json()["spoiled"], serde_json::json!(["weekly"]));
    assert_eq!(site.outbox().len(), 1);
}

#[test]
fn an_article_about_templates_stops_nobody() {
    let site = Site::new(&configuration(&format!("{WEEKLY}first_issue = 10\n")));
    let title = "{{ \"a\" | upper }} & {% raw %} in <b>Jinja</b>, {# which is long enough to be wrapped, more than once #}";
    let front =
        serde_json::json!({ "title": title, "summary": title, "date": "2026-05-02", "tags": [title] });
    site.write("content/web/one.md", format!("{front}\n\nIt's {{{{ 'easy' }}}}.\n"));
    site.run(&["subscribers", "add", "nora@example.net"]).expect(0);
    let said = site.run(&["run", "--now", "--at", NOW]).expect(0);
    assert_eq!(said.stderr, "");
    assert_eq!(site.outbox().len(), 1);
}

#[test]
fn what_an_author_left_out_is_told_and_stops_nobody() {
    let site = Site::new(&configuration(&format!("{WEEKLY}first_issue = 10\nsummary = \"full\"\n")));
    site.write(
        "content/web/one.md",
        "---\ntitle: One\ndate: 2026-05-02\n---\nA picture:\n\n<img src=\"https://cdn.example/q.jpg\" width=\"50\" height=\"50\">\n",
    );
    site.run(&["subscribers", "add", "nora@example.net"]).expect(0);
    let said = site.run(&["run", "--now", "--at", NOW]).expect(0);
    assert!(
        said.stderr.contains("content/web/one.md:7:") && said.stderr.contains("mail-alt-missing"),
        "{}",
        said.stderr
    );
    assert_eq!(site.outbox().len(), 1);
}
