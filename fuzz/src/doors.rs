//! The doors by which text of strangers comes in. Each takes any bytes and must neither panic nor take long. The targets
//! of libFuzzer call them, and so does tests/it/fuzzed.rs with all seeds and with everything that was ever found.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tidings::catalog::body_text::BodyText;
use tidings::catalog::dialect::bodies;
use tidings::catalog::dialect::generator::Dialect;
use tidings::catalog::dialect::habits::Habits;
use tidings::catalog::naming::Naming;
use tidings::catalog::settings::Settings;
use tidings::catalog::{body, front_matter, live_feed, reader, summary};
use tidings::feed::judge::{across, compare, verdict};

/// Takes any bytes.
pub type Door = fn(&[u8]);

/// Every door and its name: that of the target, and of the folders of its seeds and cases.
pub const DOORS: [(&str, Door); 8] = [
    ("front_matter", read_front_matter),
    ("body_hugo", |bytes| render(bytes, Dialect::Hugo, "posts/a.md")),
    ("body_zola", |bytes| render(bytes, Dialect::Zola, "posts/a.md")),
    ("body_liquid", |bytes| render(bytes, Dialect::Eleventy, "posts/a.md")),
    ("body_kramdown", |bytes| render(bytes, Dialect::Jekyll, "_posts/2020-01-02-a.md")),
    ("body_mdx", |bytes| render(bytes, Dialect::Astro, "posts/a.mdx")),
    ("live_feed", read_live_feed),
    ("judge", judge),
];

fn settings(dialect: Dialect) -> &'static Settings {
    static OF_EACH: OnceLock<Vec<(Dialect, Settings)>> = OnceLock::new();
    let all = OF_EACH.get_or_init(|| Dialect::ALL.map(|(_, dialect)| (dialect, made(dialect))).into());
    &all.iter().find(|(known, _)| *known == dialect).expect("settings of each dialect").1
}

fn made(dialect: Dialect) -> Settings {
    #[derive(serde::Deserialize)]
    struct Both {
        site: tidings::catalog::settings::Site,
        catalog: tidings::catalog::settings::Sources,
    }
    let text = "[site]\ntitle = \"Site\"\nurl = \"https://example.org/blog\"\nauthor = \"Site\"\nlanguage = \"en\"\n\
                time_zone = \"Europe/Berlin\"\ndefault_time = \"09:00\"\nsince = 2020-01-01\ndescription = \"\"\n\
                [catalog]\ncontent = \"content\"\nstatic = \"static\"\ndialect = \"auto\"\n\
                category_page = \"/{category}/\"\nsummary_length = 280\n";
    let Both { site, catalog } = toml::from_str(text).expect("sound settings");
    let mut settings = Settings {
        site,
        sources: catalog,
        categories: BTreeMap::new(),
        habits: Habits::default(),
        imports: Vec::new(),
    };
    settings.habits.dialect = dialect;
    settings
}

/// A file of an author's, as each dialect reads it.
fn read_front_matter(bytes: &[u8]) {
    let Ok(text) = reader::decode(bytes, "posts/a.md") else { return };
    if let Ok(document) = front_matter::read(&text) {
        assert_eq!(front_matter::body(&text).ok(), Some(document.body));
    }
    let naming = Naming::new(&BTreeMap::new(), &BTreeMap::new());
    for (_, dialect) in Dialect::ALL {
        let path =
            if dialect == Dialect::Jekyll { "_posts/2020-01-02-a.md" } else { "posts/A b/2020-01-02-a.md" };
        if let Ok(draft) = reader::article(&text, path, settings(dialect), &naming) {
            assert!(!draft.article.title.trim().is_empty());
        }
    }
}

/// A body, rewritten to plain Markdown, then as HTML and as a summary.
fn render(bytes: &[u8], dialect: Dialect, path: &str) {
    let Ok(text) = reader::decode(bytes, path) else { return };
    let settings = settings(dialect);
    let naming = Naming::new(&BTreeMap::new(), &BTreeMap::new());
    let Ok(mut draft) = reader::article("---\ntitle: A\n---\n", path, settings, &naming) else { return };
    draft.article.body = BodyText::Here(bodies::alone(&text, path, settings));
    let html = body::html(&draft.article, &settings.site).expect("a body at hand");
    assert!(!html.contains("<script") && !html.contains("<iframe"));
    let summary = summary::of_article(&draft.article, 280).expect("a body at hand");
    // Up to the author's mark, however far down that is.
    assert!(summary.chars().count() <= 281 || text.to_lowercase().contains("more"), "{summary:?}");
}

/// A feed of a site that moves here.
fn read_live_feed(bytes: &[u8]) {
    for entry in live_feed::read(bytes).unwrap_or_default() {
        assert!(!entry.id.is_empty());
    }
}

/// Anybody's feed.
fn judge(bytes: &[u8]) {
    let now = "2026-06-01T00:00:00Z".parse().expect("a date");
    let verdict = verdict::judge(bytes, now);
    assert_eq!(compare::compare(&verdict, &verdict), compare::Comparison::default());
    let _ = across::check(&[("one", &verdict), ("other", &verdict)]);
}
