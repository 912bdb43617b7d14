//! `build --watch`: whatever changes is built again, in a line that says so, and nothing else is.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::support::site::{Said, Site, configuration};

/// No test that goes well waits for this long.
const PLENTY: Duration = Duration::from_mins(1);

/// A program that watches a site. It is killed with the test.
struct Watching {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Watching {
    /// Starts it.
    fn new(site: &Site) -> Self {
        let mut command = site.command(&["build", "--watch"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, stderr) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
        Self { child, stdout, stderr }
    }

    /// Starts it, and reads the line of its first build.
    fn after_the_first_build(site: &Site) -> Self {
        let watching = Self::new(site);
        assert!(watching.line().starts_with("first build: "));
        watching
    }

    /// The next line that it prints.
    #[track_caller]
    fn line(&self) -> String {
        self.stdout.recv_timeout(PLENTY).unwrap_or_else(|error| panic!("{error}; {:?}", self.errors()))
    }

    /// The next line that names what changed: up to the colon.
    #[track_caller]
    fn because(&self) -> String {
        let line = self.line();
        line.split_once(": ").unwrap_or_else(|| panic!("{line}")).0.to_owned()
    }

    /// Reads what it complains of, up to the line that has these words.
    #[track_caller]
    fn complains(&self, words: &str) -> String {
        let mut read = String::new();
        loop {
            let line = self.stderr.recv_timeout(PLENTY).unwrap_or_else(|error| panic!("{error}: {read}"));
            read = read + &line + "\n";
            if line.contains(words) {
                return read;
            }
        }
    }

    fn errors(&self) -> Vec<String> {
        self.stderr.try_iter().collect()
    }

    /// Sends a signal and waits for the end: the exit code, and what else was printed.
    fn end(mut self, signal: &str) -> (Option<i32>, Vec<String>) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let code = self.child.wait().unwrap().code();
        (code, self.stdout.iter().collect())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

fn site(more: &str) -> Site {
    let site = Site::new(&configuration(more));
    site.article("news/one.md", "One", "2024-05-01");
    site
}

/// As editors save: beside it, and then in its place.
fn save_by_rename(site: &Site, path: &str, text: &str) {
    site.write(&format!("{path}~new"), text);
    std::fs::rename(site.path(&format!("{path}~new")), site.path(path)).unwrap();
}

#[test]
fn each_change_is_built_and_told_in_a_line() {
    let site = site(
        "[catalog]\nstatic = \"static\"\n[[source]]\nkind = \"jsonl\"\nname = \"old\"\nfile = \"old.jsonl\"",
    );
    site.write("content/news/b.md", "---\ntitle: B\ndate: 2024-05-02\nimage: /b.png\n---\nText.\n");
    site.write("old.jsonl", "{\"id\": 1, \"title\": \"Old\", \"date\": \"2024-01-01\"}\n");
    let watching = Watching::new(&site);
    let first = watching.line();
    assert!(
        first.starts_with("first build: ")
            && first.contains(" written to public (rss.xml, atom.xml, feed.json and"),
        "{first}"
    );
    watching.complains("watching");

    site.article("news/one.md", "Uno", "2024-05-01");
    let line = watching.line();
    assert!(line.starts_with("content/news/one.md: 8 files written to public ("), "{line}");
    assert!(line.contains(" more), ") && line.ends_with(" unchanged"), "{line}");
    assert!(site.read("public/rss.xml").contains("<title>Uno</title>"));

    let text = site.read("content/news/one.md").replace("Uno", "Eins");
    save_by_rename(&site, "content/news/one.md", &text);
    assert_eq!(watching.because(), "content/news/one.md");
    assert!(site.read("public/rss.xml").contains("<title>Eins</title>"));

    site.article("fresh/deep/two.md", "Two", "2024-05-03");
    assert_eq!(watching.because(), "content/fresh/deep/two.md (new)");
    site.article("fresh/deep/two.md", "Deux", "2024-05-03");
    assert_eq!(watching.because(), "content/fresh/deep/two.md");
    std::fs::rename(site.path("content/fresh/deep"), site.path("content/fresh/high")).unwrap();
    assert_eq!(watching.because(), "content/fresh/deep/two.md (gone), content/fresh/high/two.md (new)");
    std::fs::remove_dir_all(site.path("content/fresh")).unwrap();
    assert_eq!(watching.because(), "content/fresh/high/two.md (gone)");

    site.write("templates/web/feed.css.j2", "item { color: red }");
    assert_eq!(watching.because(), "templates/web/feed.css.j2 (new)");
    assert!(site.read("public/feed.css").contains("red"));
    site.write("static/b.png", "\u{89}PNG");
    assert_eq!(watching.because(), "static/b.png (new)");
    save_by_rename(&site, "old.jsonl", "{\"id\": 1, \"title\": \"Older\", \"date\": \"2024-01-01\"}\n");
    assert_eq!(watching.because(), "old.jsonl");
    assert!(site.read("public/rss.xml").contains("<title>Older</title>"));
    let text = site.read("config/tidings.toml").replace("title = \"Site\"", "title = \"Mine\"");
    save_by_rename(&site, "config/tidings.toml", &text);
    assert_eq!(watching.because(), "config/tidings.toml");
    assert!(site.read("public/rss.xml").contains("<title>Mine</title>"));
    assert_eq!(watching.end("-TERM"), (Some(0), vec![]));
}

#[test]
fn what_it_writes_itself_is_no_change_though_it_lies_within() {
    let site = Site::new(&configuration(
        "[catalog]\ncontent = \".\"\nstatic = \".\"\n[feeds]\noutput = \"public\"\n[store]\npath = \"memory.sqlite\"",
    ));
    site.write("news/one.md", "---\ntitle: One\ndate: 2024-05-01\n---\nText.\n");
    let watching = Watching::after_the_first_build(&site);
    std::fs::remove_file(site.path("public/rss.xml")).unwrap();
    site.write("public/mine.html", "mine");
    site.write(".git/index", "x");
    site.write("news/two.md", "---\ntitle: Two\ndate: 2024-05-02\n---\nText.\n");
    assert_eq!(watching.because(), "news/two.md (new)");
    // Nothing is open between builds, and nothing is locked.
    site.run(&["status"]).expect(0);
    site.run(&["build"]).expect(0);
    site.write("news/two.md", "---\ntitle: Zwei\ndate: 2024-05-02\n---\nText.\n");
    assert_eq!(watching.because(), "news/two.md");
    assert_eq!(watching.end("-INT"), (Some(0), vec![]));
}

#[test]
fn a_broken_configuration_is_told_and_nothing_is_built_until_it_is_mended() {
    let site = site("");
    let sound = site.read("config/tidings.toml");
    site.write("config/tidings.toml", "[site");
    let watching = Watching::new(&site);
    watching.complains("nothing is built until the configuration is mended");
    site.write("config/tidings.toml", &sound);
    assert!(watching.line().starts_with("first build: "));

    site.write("config/tidings.toml", format!("{sound}\n[feeds]\nlimit = \"many\"\n"));
    let said = watching.complains("nothing is built until the configuration is mended");
    assert!(said.contains("expected usize"), "{said}");
    let before = site.files("public");
    site.article("news/two.md", "Two", "2024-05-02");
    watching.complains("nothing is built until the configuration is mended");
    assert_eq!(site.files("public"), before);
    site.write("config/tidings.toml", &sound);
    assert_eq!(watching.because(), "config/tidings.toml, content/news/two.md (new)");
    assert!(site.read("public/rss.xml").contains("<title>Two</title>"));
}

#[test]
fn problems_are_told_and_never_stop_it() {
    let site = site("");
    let watching = Watching::after_the_first_build(&site);
    site.write("content/news/two.md", "---\ntitle: [\n---\n");
    watching.complains("content/news/two.md:2");
    site.write("templates/web/feed.html.j2", "{{ nonsense }");
    watching.complains("mend the template");
    std::fs::remove_file(site.path("templates/web/feed.html.j2")).unwrap();
    site.article("news/two.md", "Two", "2024-05-02");
    let because = watching.because();
    assert!(because.contains("content/news/two.md"), "{because}");
    assert!(site.read("public/rss.xml").contains("<title>Two</title>"));
}

#[test]
fn a_folder_that_is_removed_and_made_again_is_seen() {
    let site = site("[[source]]\nkind = \"pages\"\nname = \"site\"\nfolder = \"built/html\"");
    site.write("built/html/a.html", "<html></html>");
    let watching = Watching::after_the_first_build(&site);
    std::fs::remove_dir_all(site.path("built")).unwrap();
    watching.complains("the source \"site\" can't be read");
    let page = "<html><head><title>Page</title><meta property=\"og:type\" content=\"article\"><meta property=\"article:published_time\" \
                content=\"2024-05-02\"></head><body><article>Text.</article></body></html>";
    site.write("built/html/b.html", page);
    assert!(watching.because().contains("built/html/b.html (new)"));
    assert!(site.read("public/rss.xml").contains("<title>Page</title>"));
    std::fs::remove_dir_all(site.path("content")).unwrap();
    site.article("news/two.md", "Two", "2024-05-02");
    let because = watching.because();
    assert!(because.contains("content/news/two.md (new)"), "{because}");
    assert!(site.read("public/rss.xml").contains("<title>Two</title>"));
}

#[test]
fn an_article_goes_out_when_it_is_due() {
    let site = site("");
    // The moment at which the site was made, from the file system's clock.
    let now: DateTime<Utc> = std::fs::metadata(site.path("content")).unwrap().modified().unwrap().into();
    let due = (now + Duration::from_secs(3)).to_rfc3339_opts(SecondsFormat::Secs, true);
    site.article("news/two.md", "Two", &due);
    let watching = Watching::after_the_first_build(&site);
    assert_eq!(watching.because(), "an article is due");
    assert!(site.read("public/rss.xml").contains("<title>Two</title>"));
    assert_eq!(watching.end("-TERM"), (Some(0), vec![]));
}

#[test]
fn while_another_run_holds_the_lock_it_waits() {
    let site = site("");
    let watching = Watching::after_the_first_build(&site);
    let lock = std::fs::File::options().write(true).open(site.path("state/tidings.lock")).unwrap();
    lock.lock().unwrap();
    site.article("news/two.md", "Two", "2024-05-02");
    watching.complains("waiting for it");
    assert!(!site.read("public/rss.xml").contains("<title>Two</title>"));
    lock.unlock().unwrap();
    assert_eq!(watching.because(), "content/news/two.md (new)");
    assert!(site.read("public/rss.xml").contains("<title>Two</title>"));
}

#[test]
fn a_database_is_asked_when_its_file_changes_and_all_sources_now_and_then() {
    use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let more = "[[source]]\nkind = \"sql\"\nname = \"cms\"\ndatabase = \"sqlite:cms.sqlite\"\nevery = \"1h\"\n\
                query = \"SELECT id, title, '2024-05-02' AS date FROM posts\"";
    let site = site(more);
    let address = format!("sqlite:{}?mode=rwc", site.path("cms.sqlite").display());
    let sql = |statements: &str| {
        runtime.block_on(async {
            let mut connection = SqliteConnection::connect(&address).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        });
    };
    sql("PRAGMA journal_mode = WAL; CREATE TABLE posts (id, title); INSERT INTO posts VALUES (1, 'Salt')");
    let watching = Watching::after_the_first_build(&site);
    sql("INSERT INTO posts VALUES (2, 'Sleep')");
    let because = watching.because();
    assert!(because.starts_with("cms.sqlite"), "{because}");
    assert!(site.read("public/rss.xml").contains("<title>Sleep</title>"));
    assert_eq!(watching.end("-TERM"), (Some(0), vec![]));
}

#[test]
fn sources_on_a_network_are_asked_again_when_it_is_time() {
    let server = crate::sources::fetched::Server::new();
    let feed = |title: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>T</title><link>https://example.org/</link><description>D</description><item>\
                 <title>{title}</title><link>https://example.org/1</link><guid isPermaLink=\"false\">1</guid><pubDate>Wed, 01 May 2024 08:00:00 GMT</pubDate></item>\
                 </channel></rss>"
        )
    };
    server.says("HTTP/1.1 200 OK", feed("Before").as_bytes());
    let site = server.site();
    let text = site.read("config/tidings.toml").replace("every = \"0s\"", "every = \"1s\"");
    site.write("config/tidings.toml", text);
    let watching = Watching::after_the_first_build(&site);
    server.says("HTTP/1.1 200 OK", feed("After").as_bytes());
    assert_eq!(watching.because(), "sources were asked");
    assert!(site.read("public/rss.xml").contains("<title>After</title>"));
}

#[test]
fn it_ends_while_it_builds_and_leaves_nothing_half_written() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let site = site(&format!(
        "[[source]]\nkind = \"feed\"\nname = \"blog\"\nurl = \"http://{}/feed\"\nallow_private = true\ntimeout = \"1h\"",
        silent.local_addr().unwrap()
    ));
    let watching = Watching::new(&site);
    let _asked = silent.accept().unwrap();
    assert_eq!(watching.end("-TERM"), (Some(0), vec![]));
    assert!(!site.path("public").exists());
    let text = site.read("config/tidings.toml");
    site.write("config/tidings.toml", text.split("[[source]]").next().unwrap());
    site.run(&["build"]).expect(0);
}

#[test]
fn a_limit_of_the_system_is_told_with_what_to_do() {
    let site = site("");
    let within = |setup: &str| {
        let script = format!("{setup}; exec {} build --watch", env!("CARGO_BIN_EXE_tidings"));
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "sh", "-c", &script]).current_dir(site.path(""));
        Said::from(command.output().unwrap())
    };
    // Limits of one's own take a namespace, which not every machine gives.
    let is_allowed = Command::new("unshare").args(["--user", "--map-root-user", "true"]).output();
    if !is_allowed.is_ok_and(|output| output.status.success()) {
        return;
    }
    for (limit, most) in [("watches", 1), ("instances", 0)] {
        let said = within(&format!("echo {most} > /proc/sys/user/max_inotify_{limit}")).expect(74);
        assert!(said.stderr.contains(&format!("sysctl fs.inotify.max_user_{limit}=")), "{}", said.stderr);
    }
}
