//! A query on a server of `PostgreSQL`: every usual type, only what changed, and clear words for what goes wrong.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::NOW;
use super::database::titles;
use crate::support::postgres::{Database, PASSWORD, READER};
use crate::support::site::{Said, Site, configuration};

const POSTS: &str = "CREATE TABLE posts (number bigserial PRIMARY KEY, name text, words text, section varchar(40), \
     tags text[], born timestamptz, touched timestamptz, gone bool NOT NULL DEFAULT false); GRANT SELECT ON posts TO PUBLIC;
     INSERT INTO posts (name, words, section, tags, born, touched) VALUES
     ('Salt', 'One *two*.', 'Heart', '{salt,\"pressure, blood\"}', '2024-05-01 10:00+02', '2024-05-01 08:00:00.1+00'),
     ('Sleep', NULL, NULL, NULL, '2024-05-02 08:00+00', '2024-05-02 08:00:00+00')";

const COLUMNS: &str =
    "SELECT number AS id, name AS title, words AS body, section AS category, tags, born AS date,
     touched AS changed, gone AS deleted FROM posts";

fn configured(address: &str, query: &str) -> String {
    configuration(&format!(
        "[[source]]\nkind = \"sql\"\nname = \"cms\"\ndatabase = {address:?}\ntimeout = \"20s\"\nquery = '''\n{query}'''\n"
    ))
}

/// A site whose articles come from a new database, read with the password in the environment.
fn site(query: &str) -> (Database, Site) {
    let database = Database::new();
    database.sql(POSTS);
    let site = Site::new(&configured(&database.address(), query));
    (database, site)
}

fn with_password(site: &Site, arguments: &[&str]) -> Command {
    let mut command = site.command(arguments);
    command.env("PGPASSWORD", PASSWORD);
    command
}

fn build(site: &Site, code: i32) -> Said {
    Said::from(with_password(site, &["build", "--at", NOW]).output().unwrap()).expect(code)
}

/// The lines of the source's copy.
fn rows(site: &Site) -> Vec<Value> {
    let copy = site.read("state/sources/cms.jsonl");
    copy.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn rows_become_articles() {
    let (database, site) = site(COLUMNS);
    build(&site, 0);
    insta::assert_snapshot!("postgres", super::plain(&site.read("public/feed.json")));
    database.sql("DELETE FROM posts WHERE number = 1");
    build(&site, 0);
    assert_eq!(titles(&site), ["Sleep"]);
}

#[test]
fn columns_of_every_usual_type_are_read() {
    let (database, site) = site(
        "SELECT 7::int2 AS id, 'T'::varchar(9) AS title, 'B'::char(3) AS body, 4::int4 AS four, 8::int8 AS eight,
         1.50::numeric AS price, 0.1::float4 AS small, 1e300::float8 AS large, true AS draft,
         date '2024-05-01' AS date, timestamp '2024-05-01 08:00:00.25' AS updated,
         timestamptz '2024-05-01 10:00+02' AS expires, '{\"name\": \"Ana\"}'::json AS author,
         '[{\"name\": \"Ana\"}]'::jsonb AS authors, array['a', 'b, c', NULL] AS tags, array[1, 2] AS numbers,
         '6f2a1c1e-0000-4000-8000-000000000001'::uuid AS uuid, NULL::text AS nothing, 'fine'::mood AS mood,
         '{\"a\": [1, null]}'::jsonb AS \"Mixed\", 'x'::short AS domain",
    );
    database.sql("CREATE TYPE mood AS ENUM ('fine'); CREATE DOMAIN short AS varchar(3) NOT NULL");
    // The article is no sound one; the row is what counts.
    with_password(&site, &["build", "--at", NOW]).output().unwrap();
    assert_eq!(
        rows(&site),
        [json!({
            "id": 7, "title": "T", "body": "B  ", "four": 4, "eight": 8, "price": 1.5, "small": 0.1, "large": 1e300,
            "draft": true, "date": "2024-05-01", "updated": "2024-05-01T08:00:00.25",
            "expires": "2024-05-01T08:00:00+00:00", "author": {"name": "Ana"}, "authors": [{"name": "Ana"}],
            "tags": ["a", "b, c", null], "numbers": [1, 2], "uuid": "6f2a1c1e-0000-4000-8000-000000000001",
            "mood": "fine", "mixed": {"a": [1, null]}, "domain": "x",
        })]
    );
}

#[test]
fn only_what_changed_is_read_again() {
    let (database, site) =
        site(&format!("{COLUMNS} WHERE :since IS NULL OR touched > :since ORDER BY number"));
    build(&site, 0);
    assert_eq!(titles(&site), ["Sleep", "Salt"]);
    database.sql(
        "UPDATE posts SET name = 'Naps', touched = '2024-05-02 08:00:00.000001+00' WHERE number = 2;
         UPDATE posts SET name = 'Unseen' WHERE number = 1;
         INSERT INTO posts (name, words, born, touched) VALUES ('Walks', 'Go.', '2024-05-03', '2024-05-03')",
    );
    build(&site, 0);
    assert_eq!(titles(&site), ["Walks", "Naps", "Salt"]);
    let before = site.read("state/sources/cms.jsonl");
    build(&site, 0);
    assert_eq!(site.read("state/sources/cms.jsonl"), before);
    database.sql("UPDATE posts SET gone = true, touched = '2024-05-04' WHERE number = 3");
    build(&site, 0);
    assert_eq!(titles(&site), ["Naps", "Salt"]);
}

/// The type of a column `changed`, a condition, and values that follow on one another.
type Marked = (&'static str, &'static str, [&'static str; 2]);

#[test]
fn since_has_the_type_of_the_column_that_says_when_a_row_changed() {
    let table: [Marked; 9] = [
        (
            "timestamptz",
            "touched > :since - interval '0'",
            ["2024-05-01 08:00:00+00", "2024-05-01 08:00:00.5+00"],
        ),
        ("timestamp", "touched > :since", ["2024-05-01 08:00:00", "2024-05-01 08:00:00.000001"]),
        ("date", "touched > :since - interval '0'", ["2024-05-01", "2024-05-02"]),
        ("int4", "touched > :since", ["9", "10"]),
        ("int8", "touched > :since + 0", ["9007199254740993", "9007199254740994"]),
        ("numeric", "touched > :since", ["1714550400.123456", "1714550400.123457"]),
        ("float4", "touched > :since", ["0.1", "0.2"]),
        ("float8", "touched > coalesce(:since, 0)", ["0.1", "0.30000000000000004"]),
        ("text", "touched > :since", ["2024-05-01", "2024-05-01x"]),
    ];
    for (kind, condition, [first, second]) in table {
        let database = Database::new();
        database.sql(&format!(
            "CREATE TABLE posts (id int, touched {kind}); GRANT SELECT ON posts TO PUBLIC;
             INSERT INTO posts VALUES (1, '{first}')"
        ));
        let query = format!(
            "SELECT id, 'Post ' || id AS title, now() AS updated, date '2024-05-01' AS date, touched AS changed FROM posts
             WHERE :since IS NULL OR {condition}"
        );
        let site = Site::new(&configured(&database.address(), &query));
        build(&site, 0);
        let before = site.read("state/sources/cms.jsonl");
        build(&site, 0);
        // The second row has another moment in `updated`: it would show that it was read.
        assert_eq!(site.read("state/sources/cms.jsonl"), before, "{kind}: nothing has changed");
        database.sql(&format!("INSERT INTO posts VALUES (2, '{second}')"));
        build(&site, 0);
        let after = site.read("state/sources/cms.jsonl");
        assert!(after.starts_with(&before) && rows(&site).len() == 2, "{kind}: {after}");
    }
}

#[test]
fn a_column_that_has_another_type_than_before_is_read_from_the_beginning() {
    let (database, site) = site(&format!("{COLUMNS} WHERE :since IS NULL OR touched > :since"));
    build(&site, 0);
    database.sql("ALTER TABLE posts ALTER touched TYPE int8 USING number; UPDATE posts SET name = 'Naps' WHERE number = 2");
    let said = build(&site, 0);
    assert!(said.stderr.contains("invalid input syntax for type bigint"), "{}", said.stderr);
    assert_eq!(titles(&site), ["Sleep", "Salt"]);
    assert!(!build(&site, 0).stderr.contains("warning"));
    assert_eq!(titles(&site), ["Naps", "Salt"]);
}

#[test]
fn what_is_wrong_with_a_query_is_told_with_its_place() {
    let (database, site) = site(COLUMNS);
    database.sql("CREATE TABLE secret (id int); CREATE TABLE files (id int, body bytea); GRANT SELECT ON files TO PUBLIC");
    build(&site, 0);
    let feed = site.read("public/feed.json");
    let table = [
        (
            "SELECT number AS id\nFORM posts",
            "syntax error at or near \"FORM\", at line 2, column 1 of the query: FORM posts",
            "is one SELECT",
        ),
        (
            "SELECT 1 AS id FROM pots",
            "relation \"pots\" does not exist, at line 1, column 21",
            "schema.table",
        ),
        (
            "SELECT nam FROM posts",
            "column \"nam\" does not exist, at line 1, column 8",
            "reference the column \"posts.name\"",
        ),
        (
            "SELECT 1 AS id WHERE :since < 5 AND touch",
            "column \"touch\" does not exist, at line 1, column 37",
            "names of the table's columns",
        ),
        ("SELECT id FROM secret", "permission denied for table secret", "GRANT SELECT"),
        ("SELECT id, body FROM files", "the column \"body\" is bytea", "convert_from(body, 'UTF8')"),
        ("SELECT 1 AS id, 2 AS id", "two columns are named \"id\"", "with AS"),
        ("DELETE FROM posts", "the query gives no columns", "has to be one SELECT"),
        ("DELETE FROM posts RETURNING number AS id", "syntax error", "is one SELECT"),
        ("SELECT 1 AS id; SELECT 2 AS id", "cannot insert multiple commands", "is one SELECT"),
        (
            "SELECT nextval('posts_number_seq') AS id",
            "cannot execute nextval() in a read-only transaction",
            "only read",
        ),
        ("SELECT name AS title FROM posts", "a row has no `id`", ""),
        ("SELECT 1 AS id FROM posts", "two rows have the id \"1\"", ""),
        ("SELECT 1/0 AS id", "division by zero", "psql"),
        (
            "SELECT number AS id, touched::text AS changed FROM posts WHERE touched > :since",
            "operator does not exist",
            "",
        ),
    ];
    database.sql("GRANT USAGE ON SEQUENCE posts_number_seq TO PUBLIC; GRANT DELETE ON posts TO PUBLIC");
    for (query, message, hint) in table {
        site.write("config/tidings.toml", configured(&database.address(), query));
        let said = build(&site, 0);
        let words = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = message.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&expected) && words.contains(hint), "{query}: {}", said.stderr);
        assert_eq!(site.read("public/feed.json"), feed);
    }
}

#[test]
fn a_server_that_is_away_or_slow_is_told_and_its_copy_is_used() {
    let (database, site) = site(COLUMNS);
    build(&site, 0);
    let feed = site.read("public/feed.json");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let at = |address: &str| configured(&format!("postgres://{READER}@{address}/cms"), COLUMNS);
    let slow = configured(&database.address(), "SELECT 1 AS id, pg_sleep(60)::text AS title");
    let table = [
        (at(&nobody.to_string()), "Connection refused", "host and port"),
        (
            at(&silent.local_addr().unwrap().to_string()),
            "the server did not answer within 0.3 s",
            "`timeout`",
        ),
        (at("db.invalid"), "the server can't be reached", "can be reached from here"),
        (configured("postgres:///cms?host=/nowhere", COLUMNS), "No such file", "where its socket is"),
        (slow, "canceling statement due to statement timeout", "`timeout`"),
    ];
    for (text, message, hint) in table {
        site.write("config/tidings.toml", text.replace("timeout = \"20s\"", "timeout = \"300ms\""));
        let said = build(&site, 0);
        let is_told = [message, hint, "the source \"cms\" can't be reached"]
            .iter()
            .all(|part| said.stderr.contains(part));
        assert!(is_told, "{message}: {}", said.stderr);
        assert_eq!(site.read("public/feed.json"), feed);
    }
}

#[test]
fn a_first_run_tells_what_to_do_about_a_source_that_gives_nothing() {
    let (database, site) = site(COLUMNS);
    let mut command = site.command(&["build", "--at", NOW]);
    let said = Said::from(command.env("PGPASSWORD", "wrong").output().unwrap()).expect(1);
    assert!(said.stderr.contains("password authentication failed for user \"reader\""), "{}", said.stderr);
    assert!(said.stderr.contains("~/.pgpass"), "{}", said.stderr);
    site.write("config/tidings.toml", configured(&database.address().replace("test_", "best_"), COLUMNS));
    let said = build(&site, 1);
    assert!(
        said.stderr.contains("does not exist") && said.stderr.contains("at the end of the address"),
        "{}",
        said.stderr
    );
}

#[test]
fn the_password_comes_from_address_environment_or_file_and_is_in_nothing_that_is_written_or_said() {
    let database = Database::new();
    database.sql(POSTS);
    let within = database.address_of(&format!("{READER}:{PASSWORD}"));
    let behind = format!("{}?password={PASSWORD}", database.address());
    for address in [&within, &behind, &database.address()] {
        let site = Site::new(&configured(address, COLUMNS));
        site.write("pgpass", format!("127.0.0.1:{}:*:{READER}:{PASSWORD}\n", database.port()));
        std::fs::set_permissions(site.path("pgpass"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();
        let run = |arguments: &[&str], code| {
            let mut command = site.command(arguments);
            command
                .env_remove("PGPASSWORD")
                .env("PGPASSFILE", site.path("pgpass"))
                .env("TIDINGS_LOG", "debug");
            Said::from(command.output().unwrap()).expect(code)
        };
        let mut said = vec![run(&["build", "--at", NOW], 0)];
        assert_eq!(titles(&site), ["Sleep", "Salt"]);
        let text = site.read("config/tidings.toml");
        site.write("config/tidings.toml", text.replace("FROM posts", "FROM pots"));
        said.push(run(&["build", "--at", NOW], 0));
        site.write(
            "config/tidings.toml",
            text.replace("sql", "jsonl").replacen("database", "ssl = 1\ndatabase", 0),
        );
        said.push(run(&["check", "--at", NOW], 2));
        site.write("config/tidings.toml", text.replace("127.0.0.1:", "127.0.0.1:x"));
        said.push(run(&["check", "--at", NOW], 2));
        let separator = if address.contains('?') { "&" } else { "?" };
        site.write("config/tidings.toml", text.replace(address, &format!("{address}{separator}sslmode=on")));
        said.push(run(&["check", "--at", NOW], 2));
        for (index, said) in said.iter().enumerate() {
            assert!(
                !format!("{}{}", said.stdout, said.stderr).contains(PASSWORD),
                "{index}, {address}: {said:?}"
            );
        }
        for (path, bytes) in site.files("state") {
            let shown = String::from_utf8_lossy(&bytes).contains(PASSWORD);
            assert!(!shown, "{path} holds the password of {address}");
        }
        assert!(site.read("state/sources/cms.jsonl.json").contains(database.name()));
    }
}

#[test]
fn a_connection_is_as_secure_as_the_address_asks_for() {
    let database = Database::new();
    database.sql(POSTS);
    let authority = "?sslmode=verify-full&sslrootcert=config/authority.pem";
    let elsewhere = database.address().replace("127.0.0.1", "localhost");
    let table = [
        (format!("{}?sslmode=require", database.address()), ""),
        (format!("{}{authority}", database.address()), ""),
        (format!("{elsewhere}{authority}"), "not valid for name"),
        (format!("{elsewhere}{}", authority.replace("full", "ca")), ""),
        (format!("{}?sslmode=verify-full", database.address()), "no TLS with the server"),
        (format!("{}&sslmode=require", database.owners_address()), ""),
    ];
    database.sql("CREATE VIEW secured AS SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid(); GRANT SELECT ON secured TO PUBLIC");
    for (address, fault) in table {
        let query = "SELECT 1 AS id, 'TLS ' || ssl AS title, date '2024-05-01' AS date FROM secured";
        let site = Site::new(&configured(&address, query));
        site.write("config/authority.pem", database.authority());
        if fault.is_empty() {
            build(&site, 0);
            // Over a socket of the same machine there is none, and none is needed.
            let is_socket = Path::new(&address).to_string_lossy().contains("host=");
            assert_eq!(titles(&site), [format!("TLS {}", !is_socket)], "{address}");
        } else {
            let said = build(&site, 1);
            assert!(
                said.stderr.contains(fault) && said.stderr.contains("sslrootcert"),
                "{address}: {}",
                said.stderr
            );
        }
    }
}
