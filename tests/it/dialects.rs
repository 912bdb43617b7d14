//! Content folders of other generators, read as they are: one site for each, with everything that it can hold.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use tidings::catalog::article::Article;
use tidings::catalog::body;
use tidings::catalog::contents::Catalog;
use tidings::catalog::dialect::detect;
use tidings::catalog::dialect::generator::Dialect;
use tidings::catalog::load;
use tidings::catalog::settings::Settings;
use tidings::catalog::summary;
use tidings::catalog::survey::Survey;

use crate::support::site::{Site, configuration};

fn now() -> DateTime<Utc> {
    "2026-05-31T08:00:00Z".parse().unwrap()
}

fn settings(site: &Site) -> Settings {
    tidings::config::load(&site.path("tidings.toml")).unwrap().catalog
}

fn loaded(site: &Site) -> Catalog {
    load::load(Survey::of(&settings(site)), None, now())
}

/// Everything that a reader or an author gets to see of an article.
fn shown(article: &Article, settings: &Settings) -> String {
    let mut text = String::new();
    let date = |date: Option<chrono::DateTime<chrono::FixedOffset>>| {
        date.map_or_else(|| "none".to_owned(), |date| date.to_rfc3339())
    };
    let authors: Vec<String> = article.authors.iter().map(|author| author.name.clone()).collect();
    let categories: Vec<String> = article.categories.iter().map(ToString::to_string).collect();
    let summary = summary::of_article(article, settings.sources.summary_length).unwrap();
    let image = article.image.as_ref().map_or("none", |image| image.url.as_str());
    let _ = writeln!(text, "== {}", article.path);
    let _ = writeln!(text, "url         {}", article.url);
    let _ = writeln!(text, "aliases     {}", article.aliases.join(" "));
    let _ = writeln!(text, "title       {}", article.title);
    let _ = writeln!(text, "date        {}", date(article.date));
    let _ = writeln!(text, "updated     {}", date(article.updated));
    let _ = writeln!(text, "authors     {}", authors.join(", "));
    let _ = writeln!(text, "categories  {}", categories.join(", "));
    let _ = writeln!(text, "tags        {}", article.tags.join(", "));
    let _ = writeln!(text, "image       {image}");
    let _ = writeln!(text, "extra       {}", serde_json::Value::from(article.extra.clone()));
    let _ = writeln!(text, "summary     {summary}");
    let _ = writeln!(text, "{}", body::html(article, &settings.site).unwrap().trim_end());
    text
}

fn all(name: &str) -> String {
    let site = Site::fixture(name);
    let settings = settings(&site);
    let catalog = loaded(&site);
    let mut text: String = catalog
        .articles
        .iter()
        .map(|outline| shown(&catalog.shelf.article(outline).unwrap(), &settings) + "\n")
        .collect();
    text.push_str("== categories\n");
    for category in &catalog.categories {
        let _ = writeln!(
            text,
            "{}: {} | {} | {:?}",
            category.slug, category.title, category.description, category.overview
        );
    }
    text.push_str("\n== left out\n");
    for left in &catalog.left_out {
        let _ = writeln!(text, "{}: {}", left.path, left.reason);
    }
    text.push_str("\n== problems\n");
    for problem in &catalog.problems {
        let _ = writeln!(text, "{problem}\n    {}", problem.hint);
    }
    text
}

#[test]
fn a_site_of_hugo_is_read_as_it_is() {
    insta::assert_snapshot!("hugo", all("hugo"));
}

#[test]
fn a_site_of_zola_is_read_as_it_is() {
    insta::assert_snapshot!("zola", all("zola"));
}

#[test]
fn a_site_of_jekyll_is_read_as_it_is() {
    insta::assert_snapshot!("jekyll", all("jekyll"));
}

#[test]
fn a_site_of_eleventy_is_read_as_it_is() {
    insta::assert_snapshot!("eleventy", all("eleventy"));
}

#[test]
fn a_site_of_astro_is_read_as_it_is() {
    insta::assert_snapshot!("astro", all("astro"));
}

#[test]
fn each_generator_is_recognised_and_nothing_else_is_taken_for_one() {
    let table = [
        ("hugo", "content", Dialect::Hugo),
        ("zola", "content", Dialect::Zola),
        ("jekyll", ".", Dialect::Jekyll),
        ("eleventy", "content", Dialect::Eleventy),
        ("astro", "src/content", Dialect::Astro),
        ("hard", "content", Dialect::Tidings),
        ("faulty", "content", Dialect::Tidings),
    ];
    for (name, content, expected) in table {
        let site = Site::fixture(name);
        assert_eq!(detect::detect(&site.path(content)).0, expected, "{name}");
    }
}

#[test]
fn the_dialect_can_be_set_and_a_wrong_one_is_a_fault() {
    let site = Site::new(&configuration("[catalog]\ndialect = \"zola\"\n"));
    site.write("content/news/2020-01-02-a.md", "+++\ntitle = \"A\"\n+++\n{% b() %}Kept.{% end %}\n");
    let said = site.run(&["check", "--json"]).expect(0);
    assert_eq!(said.json()["warnings"], 1, "{said:?}");
    site.write("config/tidings.toml", configuration("[catalog]\ndialect = \"hexo\"\n"));
    let said = site.run(&["check"]).expect(2);
    assert!(said.stderr.contains("\"hexo\" is no dialect; there are auto, tidings, hugo"), "{}", said.stderr);
}

#[test]
fn a_permalink_may_be_given_in_the_generators_words() {
    let site = Site::fixture("jekyll");
    let text = site.read("tidings.toml");
    for (permalink, expected) in [
        ("pretty", "https://example.org/blog/2020/03/05/rye/"),
        ("none", "https://example.org/blog/rye.html"),
        ("/:year/:y_day/:title", "https://example.org/blog/2020/065/rye"),
        ("/{category}/{slug}/", "https://example.org/blog/posts/rye/"),
    ] {
        site.write("tidings.toml", format!("{text}permalink = \"{permalink}\"\n"));
        let catalog = loaded(&site);
        let rye = catalog.articles.iter().find(|article| article.path().ends_with("rye.md")).unwrap();
        assert_eq!(rye.url(), expected);
    }
}

#[test]
fn a_link_to_another_file_leads_to_its_page_in_our_own_dialect_too() {
    let site = Site::new(&configuration(""));
    site.article("news/b.md", "B", "2026-01-02");
    let text = "---\ntitle: A\ndate: 2026-01-02\n---\n[b](../news/b.md#part) {{ as it is }}\n\n[c][c]\n\n[c]: c.md\n";
    site.write("content/tips/a.md", text);
    let settings = tidings::config::load(&site.path("config/tidings.toml")).unwrap().catalog;
    let catalog = load::load(Survey::of(&settings), None, now());
    let html = body::html(&catalog.shelf.article(&catalog.articles[1]).unwrap(), &settings.site).unwrap();
    let expected = "<p><a href=\"https://example.org/news/b/#part\">b</a> {{ as it is }}</p>\n\
                    <p><a href=\"https://example.org/tips/a/c.md\">c</a></p>\n";
    assert_eq!(html, expected);
    let told: Vec<String> = catalog.problems.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["tips/a.md:9:6: warning: the link to `c.md` leads to no article"]);
}

#[test]
fn one_folder_of_a_site_is_read_as_the_whole_site_would_be() {
    for (name, content, path, expected) in [
        ("jekyll", "_posts", "2020-03-04-rye.md", "https://example.org/blog/2020/03/05/rye.html"),
        ("astro", "src/content/blog", "First-Post.md", "https://example.org/blog/blog/first-post/"),
        ("hugo", "content/news", "flood.md", "https://example.org/blog/2020/05/the-flood/"),
        ("hugo", "content/posts", "deep/2020-04-05-json.md", "https://example.org/blog/posts/deep/json/"),
        ("zola", "content/notes", "plain.md", "https://example.org/blog/notes/plain/"),
    ] {
        let site = Site::fixture(name);
        let text = site.read("tidings.toml");
        let before = text.rsplit_once("content = ").unwrap().0.to_owned();
        site.write("tidings.toml", format!("{before}content = \"{content}\"\n"));
        let catalog = loaded(&site);
        let found = catalog.articles.iter().find(|article| article.path() == path).unwrap();
        assert_eq!(found.url(), expected);
        let section = content.rsplit('/').next().unwrap().trim_start_matches('_');
        assert_eq!(found.categories[0].as_str(), section);
    }
}

#[test]
fn what_a_site_of_another_generator_publishes_stays_as_it_is() {
    for name in ["hugo", "zola", "jekyll", "eleventy", "astro"] {
        let site = Site::fixture(name);
        let at = ["--at", "2026-05-31T08:00:00Z"];
        site.run(&[&["build"], &at[..]].concat()).expect(0);
        let before = site.files("public");
        let said = site.run(&[&["build", "--json"], &at[..]].concat()).expect(0);
        assert_eq!(said.json()["published"]["written"], serde_json::json!([]), "{name}");
        assert_eq!(site.files("public"), before, "{name}");
    }
}
