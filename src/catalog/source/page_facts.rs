//! What an HTML page says of itself: JSON-LD (schema.org Article and its kinds) before `OpenGraph` before plain `<meta>`,
//! and which part of the page is the article's text.

use serde_json::Value;

use crate::catalog::html::{self, Piece, attribute};

/// The kinds of schema.org that are articles.
const ARTICLES: [&str; 7] = [
    "Article",
    "BlogPosting",
    "NewsArticle",
    "TechArticle",
    "ScholarlyArticle",
    "Report",
    "SocialMediaPosting",
];

/// What a page says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether it is an article.
    pub is_article: bool,
    /// Its headline.
    pub title: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// Its own address, which may be relative.
    pub url: Option<String>,
    /// When it was published, as it was written.
    pub published: Option<String>,
    /// When it was changed, as it was written.
    pub modified: Option<String>,
    /// Names and pages of those who wrote it.
    pub authors: Vec<(String, Option<String>)>,
    /// What it is filed under.
    pub sections: Vec<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// A picture's address.
    pub image: Option<String>,
}

/// Everything that a page says of itself.
#[must_use]
pub fn read(page: &str) -> Facts {
    let head = Head::of(page);
    let data = head.data.iter().find_map(|text| article_of(serde_json::from_str(text).ok()?, 0));
    let mut facts = data.map(|data| of_data(&data)).unwrap_or_default();
    let meta = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| head.meta.iter().find(|(own, _)| own == name))
            .map(|(_, value)| value.clone())
    };
    let all = |name: &str| {
        head.meta.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone()).collect()
    };
    facts.is_article |= meta(&["og:type"]).is_some_and(|kind| kind == "article");
    facts.title = facts.title.or_else(|| meta(&["og:title"])).or(head.title);
    facts.summary = facts.summary.or_else(|| meta(&["og:description", "description"]));
    facts.url = head.canonical.or_else(|| meta(&["og:url"])).or(facts.url);
    facts.published = facts.published.or_else(|| meta(&["article:published_time"]));
    facts.modified = facts.modified.or_else(|| meta(&["article:modified_time", "og:updated_time"]));
    facts.image = facts.image.or_else(|| meta(&["og:image", "og:image:url", "twitter:image"]));
    if facts.authors.is_empty() {
        // OpenGraph wants the address of a profile here, and most pages give a name.
        let names = ["article:author", "author"].iter().filter_map(|name| meta(&[name]));
        let name = names.into_iter().find(|name| !name.contains("://"));
        facts.authors.extend(name.map(|name| (name, None)));
    }
    if facts.sections.is_empty() {
        facts.sections = all("article:section");
    }
    if facts.tags.is_empty() {
        facts.tags = all("article:tag");
    }
    facts
}

/// The head of a page, and the data blocks wherever they are.
#[derive(Default)]
struct Head {
    meta: Vec<(String, String)>,
    title: Option<String>,
    canonical: Option<String>,
    data: Vec<String>,
}

impl Head {
    fn of(page: &str) -> Self {
        let mut head = Self::default();
        // The element whose text is wanted.
        let mut wanted: Option<&str> = None;
        let mut text = String::new();
        html::pieces(page, |piece, _| match piece {
            Piece::Open("meta", given) => {
                let name = attribute(given, "property").or(attribute(given, "name"));
                if let (Some(name), Some(content)) = (name, attribute(given, "content"))
                    && !content.trim().is_empty()
                {
                    head.meta.push((name.to_ascii_lowercase(), content.to_owned()));
                }
            }
            Piece::Open("link", given) if attribute(given, "rel") == Some("canonical") => {
                head.canonical = head.canonical.take().or(attribute(given, "href").map(str::to_owned));
            }
            Piece::Open("title", _) if head.title.is_none() => wanted = Some("title"),
            Piece::Open("script", given) if attribute(given, "type") == Some("application/ld+json") => {
                wanted = Some("script");
            }
            Piece::Text(more) if wanted.is_some() => text.push_str(more),
            Piece::Close(name) if wanted == Some(name) => {
                let text = std::mem::take(&mut text);
                match wanted.take() {
                    Some("title") => head.title = Some(text).filter(|text| !text.trim().is_empty()),
                    _ => head.data.push(text),
                }
            }
            _ => {}
        });
        head
    }
}

/// The article among the things that a data block describes.
fn article_of(data: Value, depth: usize) -> Option<Value> {
    match data {
        Value::Array(items) if depth < 4 => items.into_iter().find_map(|item| article_of(item, depth + 1)),
        Value::Object(mut object) => {
            let is_article = list(object.get("@type")).iter().any(|kind| ARTICLES.contains(&kind.as_str()));
            if is_article {
                return Some(Value::Object(object));
            }
            article_of(object.remove("@graph").filter(|_| depth < 4)?, depth + 1)
        }
        _ => None,
    }
}

fn of_data(data: &Value) -> Facts {
    let text = |keys: &[&str]| keys.iter().find_map(|key| one(data.get(key)));
    let keywords = list(data.get("keywords"));
    Facts {
        is_article: true,
        title: text(&["headline", "name"]).map(|title| html::text(&title)),
        summary: text(&["description", "abstract"]).map(|summary| html::text(&summary)),
        url: text(&["url", "mainEntityOfPage", "@id"]).filter(|url| !url.starts_with('#')),
        published: text(&["datePublished", "dateCreated"]),
        modified: text(&["dateModified"]),
        authors: authors(data.get("author").or(data.get("creator"))),
        sections: list(data.get("articleSection")),
        tags: keywords.iter().flat_map(|words| words.split(',')).map(|word| word.trim().to_owned()).collect(),
        image: text(&["image", "thumbnailUrl"]),
    }
}

/// The first text of a value: itself, its address or its name.
fn one(value: Option<&Value>) -> Option<String> {
    list(value).into_iter().find(|text| !text.trim().is_empty())
}

/// The texts of a value.
fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(single).collect(),
        Some(value) => single(value).into_iter().collect(),
        None => Vec::new(),
    }
}

fn single(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => {
            let text = ["url", "@id", "name", "@value"].iter().find_map(|key| object.get(*key)?.as_str());
            text.map(str::to_owned)
        }
        _ => None,
    }
}

fn authors(value: Option<&Value>) -> Vec<(String, Option<String>)> {
    let author = |value: &Value| match value {
        Value::String(name) => Some((name.clone(), None)),
        Value::Object(object) => {
            let page = object.get("url").and_then(Value::as_str).map(str::to_owned);
            Some((object.get("name")?.as_str()?.to_owned(), page))
        }
        _ => None,
    };
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(author).collect(),
        Some(value) => author(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// What stands in an article beside its text: the page's own furniture, and the title, which is told apart.
const FURNITURE: [&str; 9] = ["aside", "button", "footer", "form", "h1", "header", "nav", "script", "style"];

/// The text of the article as HTML: what is marked as `articleBody`, or the first `<article>`, or `<main>`. Empty where
/// a page has none of these.
#[must_use]
pub fn body(page: &str) -> String {
    let is_body = |_: &str, given: &[(String, String)]| {
        attribute(given, "itemprop")
            .is_some_and(|names| names.split_whitespace().any(|name| name == "articleBody"))
    };
    let is_main =
        |name: &str, given: &[(String, String)]| name == "main" || attribute(given, "role") == Some("main");
    let found = within(page, is_body);
    let found = found.or_else(|| within(page, |name, _| name == "article"));
    found.or_else(|| within(page, is_main)).unwrap_or_default()
}

/// What stands in the first element that is wanted, without the furniture.
fn within(page: &str, wanted: impl Fn(&str, &[(String, String)]) -> bool) -> Option<String> {
    let mut found: Option<String> = None;
    // The wanted element's name while it is open, and how many of that name are open in it.
    let (mut root, mut depth, mut is_over) = (String::new(), 0_usize, false);
    // The same of the piece of furniture that is passed over.
    let (mut passed, mut passed_depth) = (String::new(), 0_usize);
    html::pieces(page, |piece, _| {
        if is_over {
            return;
        }
        let Some(html) = &mut found else {
            if let Piece::Open(name, given) = piece
                && wanted(name, given)
            {
                (root, depth, found) = (name.to_owned(), 1, Some(String::new()));
            }
            return;
        };
        match piece {
            Piece::Open(name, given) => {
                depth += usize::from(name == root);
                if passed_depth > 0 {
                    passed_depth += usize::from(name == passed);
                } else if FURNITURE.contains(&name) {
                    (passed, passed_depth) = (name.to_owned(), 1);
                } else {
                    open(name, given, html);
                }
            }
            Piece::Close(name) => {
                depth -= usize::from(name == root);
                is_over = depth == 0;
                if passed_depth > 0 {
                    passed_depth -= usize::from(name == passed);
                } else if !is_over {
                    html.push_str("</");
                    html.push_str(name);
                    html.push('>');
                }
            }
            Piece::Text(text) if passed_depth == 0 => html::escape(text, html),
            Piece::Text(_) => {}
        }
    });
    found.map(|html| html.trim().to_owned())
}

fn open(name: &str, given: &[(String, String)], html: &mut String) {
    html.push('<');
    html.push_str(name);
    for (key, value) in given {
        html.push(' ');
        html.push_str(key);
        html.push_str("=\"");
        html::escape(value, html);
        html.push('"');
    }
    html.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_is_found_in_every_kind_of_data() {
        let graph = r#"<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "S"},
            {"@type": ["BlogPosting"], "headline": "A &amp; B", "datePublished": "2024-05-01",
             "author": [{"name": "Ana", "url": "/ana"}, "Bo"], "articleSection": "Heart", "keywords": "a, b",
             "image": {"url": "/i.png"}, "mainEntityOfPage": {"@id": "/salt/"}}]}</script>"#;
        let facts = read(graph);
        assert_eq!(facts.title.as_deref(), Some("A & B"));
        assert_eq!(facts.authors, [("Ana".into(), Some("/ana".into())), ("Bo".into(), None)]);
        assert_eq!(
            (facts.sections, facts.tags),
            (vec!["Heart".to_owned()], vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!((facts.image.as_deref(), facts.url.as_deref()), (Some("/i.png"), Some("/salt/")));
        let graph = r#"<title>T</title><meta property="og:type" content="article"><meta name="author" content="Ana">
            <meta property="article:author" content="https://e.org/ana"><link rel="canonical" href="/x/">"#;
        let facts = read(graph);
        assert!(facts.is_article);
        assert_eq!((facts.title.as_deref(), facts.url.as_deref()), (Some("T"), Some("/x/")));
        assert_eq!(facts.authors, [("Ana".to_owned(), None)]);
        for none in ["<script type='application/ld+json'>{\"@type\": 5</script>", "<p>no", "", "[[[[[["] {
            assert!(!read(none).is_article, "{none:?}");
        }
    }

    #[test]
    fn the_body_is_the_articles_own_text() {
        let table = [
            ("<main><h1>T</h1><p>a &lt; b</p></main>", "<p>a &lt; b</p>"),
            ("<main>m<article><header>x</header><p>a</p><nav>n</nav></article></main>", "<p>a</p>"),
            ("<article>one</article><article>two</article>", "one"),
            ("<article><article>in</article>out</article>no", "<article>in</article>out"),
            ("<article>x<div itemprop='a articleBody'><div>b</div></div></article>", "<div>b</div>"),
            ("<article>a<aside><article>other</article></aside>b</article>no", "ab"),
            ("<article><nav>never closed</article>after", ""),
            ("<p>nothing</p>", ""),
            ("<article>unclosed <script>var a = '</article>'</script>b", "unclosed b"),
        ];
        for (page, expected) in table {
            assert_eq!(body(page), expected, "{page:?}");
        }
    }
}
