//! Past issues on the web: a page for each edition, an index and feeds of issues, nothing of one reader in any.

use crate::support::site::{Site, WEEKLY, configuration};

const FIRST: &str = "2026-06-01T07:00:00Z";

fn site() -> Site {
    let configuration =
        configuration(&format!("{WEEKLY}\n[archive]\nurl = \"https://example.org/digests/\"\n"));
    let site = Site::new(&configuration);
    site.article("heart/pulse.md", "Pulse", "2026-05-26");
    site.article("sleep/naps.md", "Naps & rest", "2026-05-26");
    site.run(&["run", "--at", "2026-05-27T12:00:00Z"]).expect(0);
    site.run(&["subscribers", "add", "nora@example.net", "--name", "Nora Field"]).expect(0);
    site.run(&["subscribers", "add", "heart@example.net", "--category", "heart"]).expect(0);
    site
}

fn read(site: &Site, path: &str) -> String {
    std::fs::read_to_string(site.path("public/digests").join(path)).unwrap()
}

#[test]
fn each_edition_has_a_page_that_its_mails_link_to_and_that_says_nothing_of_anybody() {
    let site = site();
    site.run(&["run", "--now", "--at", FIRST]).expect(0);
    let folder = site.path("public/digests/weekly/2026-06-01-0700");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 3, "two editions, and the one that stands for the issue: {names:?}");
    assert_eq!(names[2], "index.html");
    for mail in site.outbox() {
        let mail = String::from_utf8(mail).unwrap().replace("\r\n ", "");
        let address = mail.split("List-Archive:").nth(1).unwrap();
        let address = &address[..address.find('>').unwrap()];
        let name = address.rsplit('/').next().unwrap().to_owned();
        assert!(names.contains(&name), "{name} is none of {names:?}");
    }
    for name in &names {
        let page = read(&site, &format!("weekly/2026-06-01-0700/{name}"));
        for personal in ["Nora", "@example", "unsubscribe", "slot", "mailto:"] {
            assert!(!page.contains(personal), "{personal} in {page}");
        }
        assert!(page.contains("Pulse"));
    }
    let index = read(&site, "weekly/2026-06-01-0700/index.html");
    assert!(index.contains("Naps &amp; rest"), "the page of the issue is the fullest");
}

#[test]
fn the_index_and_the_feeds_of_issues_lead_to_the_pages() {
    let site = site();
    site.run(&["run", "--now", "--at", FIRST]).expect(0);
    let index = read(&site, "weekly/index.html");
    assert!(index.contains("<a href=\"https://example.org/digests/weekly/2026-06-01-0700/\""), "{index}");
    let feed: serde_json::Value = serde_json::from_str(&read(&site, "weekly/feed.json")).unwrap();
    assert_eq!(feed["items"][0]["url"], "https://example.org/digests/weekly/2026-06-01-0700/");
    for name in ["rss.xml", "atom.xml", "feed.json"] {
        let file = site.path("public/digests/weekly").join(name);
        site.run(&["check", "--feed", file.to_str().unwrap()]).expect(0);
    }
    let again = site.run(&["run", "--at", "2026-06-01T08:00:00Z", "--json"]).expect(0).json();
    assert!(again["archived"].is_null(), "{again}");
}

#[test]
fn an_issue_that_is_held_has_no_page_before_it_is_released() {
    let site = site();
    let held =
        site.read("config/tidings.toml").replace("name = \"weekly\"\n", "name = \"weekly\"\nhold = true\n");
    site.write("config/tidings.toml", held.as_str());
    site.run(&["run", "--now", "--at", FIRST]).expect(0);
    assert!(!site.path("public/digests/weekly/2026-06-01-0700").exists());
    site.run(&["issues", "release", "1"]).expect(0);
    site.run(&["run", "--at", FIRST]).expect(0);
    assert!(site.path("public/digests/weekly/2026-06-01-0700/index.html").exists());
}
