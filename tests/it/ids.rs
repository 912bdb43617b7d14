//! Moving to Tidings: readers go on knowing the articles that they have read.

use crate::support::site::{Site, configuration};

/// What the site's former generator wrote: other domain, other addresses, ids of its own.
const FORMER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Old</title><link>http://old.example/</link><description>Old</description>
<item><title>Salt, as it was</title><link>http://old.example/heart/salt</link><guid isPermaLink="false">17 at http://old.example</guid></item>
<item><title>Sleep</title><link>http://old.example/?p=3</link><guid isPermaLink="false">http://old.example/?p=3</guid></item>
<item><title>Gone</title><link>http://old.example/gone</link><guid isPermaLink="false">gone</guid></item>
<item><title>Own</title><link>http://old.example/heart/own/</link><guid isPermaLink="false">taken</guid></item>
<item><title>Without an id</title><link>http://old.example/heart/fresh/</link></item>
</channel></rss>
"#;

fn site() -> Site {
    let site = Site::new(&configuration(""));
    for (name, title) in [("salt", "Salt"), ("sleep", "Sleep"), ("fresh", "Without an id")] {
        site.article(&format!("heart/{name}.md"), title, "2026-05-01");
    }
    site.write(
        "content/heart/own.md",
        "---\ntitle: Own\ndate: 2026-05-01\nid: tag:example.org,2026:own\n---\nText.\n",
    );
    site.write("former.xml", FORMER);
    site
}

fn guids(site: &Site) -> Vec<String> {
    let channel = rss::Channel::read_from(site.read("public/rss.xml").as_bytes()).unwrap();
    let mut guids: Vec<String> = channel
        .items
        .into_iter()
        .map(|item| format!("{}: {}", item.title.unwrap(), item.guid.unwrap().value))
        .collect();
    guids.sort();
    guids
}

#[test]
fn articles_take_the_ids_that_readers_know_and_keep_them() {
    let site = site();
    let dry = site.run(&["ids", "import", "former.xml", "--dry-run"]).expect(1);
    let said = site.run(&["ids", "import", "former.xml"]).expect(1);
    assert_eq!(
        said.stdout,
        "heart/salt.md: 17 at http://old.example\n\
         heart/sleep.md: http://old.example/?p=3\n\
               no article has the address or title of gone\n\
               taken was not taken: heart/own.md gives an id of its own in its front matter\n\
               2 articles took the id that readers know, 0 had it, 2 entries without an article\n"
    );
    assert_eq!(dry.stdout.replace("would take", "took"), said.stdout);
    site.run(&["build"]).expect(0);
    let expected = [
        "Own: tag:example.org,2026:own",
        "Salt: 17 at http://old.example",
        "Sleep: http://old.example/?p=3",
        "Without an id: tag:example.org,2026-05-01:heart/fresh",
    ];
    assert_eq!(guids(&site), expected);
    std::fs::rename(site.path("content/heart/salt.md"), site.path("content/heart/pepper.md")).unwrap();
    site.run(&["build"]).expect(0);
    assert_eq!(guids(&site), expected, "a rename is no new entry");
    let again = site.run(&["ids", "import", "former.xml", "--json"]).expect(1).json();
    assert_eq!((again["adopted"].as_array().unwrap().len(), &again["same"]), (0, &2.into()));
}

#[test]
fn an_id_of_another_article_is_refused_and_a_file_that_is_no_feed_too() {
    let site = site();
    site.run(&["build"]).expect(0);
    let other = FORMER.replace("17 at http://old.example", "tag:example.org,2026-05-01:heart/fresh");
    site.write("former.xml", other);
    let said = site.run(&["ids", "import", "former.xml"]).expect(1);
    assert!(said.stdout.contains("was not taken: it is the id of heart/fresh.md"), "{}", said.stdout);
    site.write("former.xml", "<html></html>");
    let said = site.run(&["ids", "import", "former.xml"]).expect(2);
    assert!(said.stderr.contains("former.xml is no feed"), "{}", said.stderr);
}
