//! A query on a database: columns by name, and of a large one only what changed.

use sqlx::{Connection, SqliteConnection};

use super::NOW;
use crate::support::site::{Site, configuration};

/// Runs statements on the site's database, which is made.
fn sql(site: &Site, statements: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let address = format!("sqlite:{}?mode=rwc", site.path("cms.sqlite").display());
    runtime.block_on(async {
        let mut connection = SqliteConnection::connect(&address).await.unwrap();
        sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

fn site(query: &str) -> Site {
    let site = Site::new(&configuration(&format!(
        "[[source]]\nkind = \"sql\"\nname = \"cms\"\ndatabase = \"sqlite:cms.sqlite\"\nquery = \"\"\"{query}\"\"\"\n"
    )));
    sql(
        &site,
        "CREATE TABLE posts (number INTEGER PRIMARY KEY, name TEXT, words TEXT, section TEXT, tags TEXT, born INTEGER, \
         touched INTEGER, gone INTEGER DEFAULT 0);
         INSERT INTO posts VALUES (1, 'Salt', 'One *two*.', 'Heart', 'salt,pressure', 1714550400, 1, 0);
         INSERT INTO posts VALUES (2, 'Sleep', NULL, NULL, NULL, 1714636800, 2, 0);",
    );
    site
}

pub(super) const COLUMNS: &str = "SELECT number AS id, name AS title, words AS body, section AS category, tags, born AS date, \
     touched AS changed, gone AS deleted FROM posts";

pub(super) fn titles(site: &Site) -> Vec<String> {
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    feed["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn rows_become_articles() {
    let site = site(COLUMNS);
    site.run(&["build", "--at", NOW]).expect(0);
    insta::assert_snapshot!("sql", super::plain(&site.read("public/feed.json")));
    sql(&site, "DELETE FROM posts WHERE number = 1");
    site.run(&["build", "--at", NOW]).expect(0);
    assert_eq!(titles(&site), ["Sleep"]);
}

#[test]
fn only_what_changed_is_read_again() {
    let site = site(&format!("{COLUMNS} WHERE :since IS NULL OR touched > :since ORDER BY number"));
    site.run(&["build", "--at", NOW]).expect(0);
    assert_eq!(titles(&site), ["Sleep", "Salt"]);
    // The second is changed, the first is not said to be, and a third is new.
    sql(
        &site,
        "UPDATE posts SET name = 'Naps', touched = 3 WHERE number = 2; UPDATE posts SET name = 'Unseen' WHERE number = 1;
         INSERT INTO posts VALUES (3, 'Walks', 'Go.', 'Heart', NULL, 1714723200, 4, 0);",
    );
    site.run(&["build", "--at", NOW]).expect(0);
    assert_eq!(titles(&site), ["Walks", "Naps", "Salt"]);
    let before = site.read("state/sources/cms.jsonl");
    site.run(&["build", "--at", NOW]).expect(0);
    assert_eq!(site.read("state/sources/cms.jsonl"), before);

    sql(&site, "UPDATE posts SET gone = 1, touched = 5 WHERE number = 3");
    site.run(&["build", "--at", NOW]).expect(0);
    assert_eq!(titles(&site), ["Naps", "Salt"]);
    // A query that is another one is read from its beginning.
    let text = site.read("config/tidings.toml").replace("ORDER BY number", "ORDER BY number DESC");
    site.write("config/tidings.toml", text);
    site.run(&["build", "--at", NOW]).expect(0);
    assert_eq!(titles(&site), ["Naps", "Unseen"]);
}

#[test]
fn a_database_that_is_away_or_a_query_that_fails_is_told() {
    let site = site(COLUMNS);
    site.run(&["build", "--at", NOW]).expect(0);
    let feed = site.read("public/feed.json");
    std::fs::rename(site.path("cms.sqlite"), site.path("away.sqlite")).unwrap();
    let said = site.run(&["build", "--at", NOW]).expect(0);
    assert!(said.stderr.contains("the source \"cms\" can't be reached"), "{}", said.stderr);
    assert_eq!(site.read("public/feed.json"), feed);
    assert!(!site.path("cms.sqlite").exists());

    std::fs::rename(site.path("away.sqlite"), site.path("cms.sqlite")).unwrap();
    let configured = site.read("config/tidings.toml");
    let table = [
        ("SELECT nonsense FROM posts", "no such column: nonsense"),
        ("SELECT name AS title FROM posts", "a row has no `id`"),
        ("SELECT 1 AS id, name AS title FROM posts", "two rows have the id \"1\""),
        ("DELETE FROM posts", "readonly database"),
    ];
    for (query, expected) in table {
        site.write("config/tidings.toml", configured.replace(COLUMNS, query));
        let said = site.run(&["build", "--at", NOW]).expect(0);
        assert!(said.stderr.contains(expected), "{expected}: {}", said.stderr);
        assert_eq!(site.read("public/feed.json"), feed);
    }
}
