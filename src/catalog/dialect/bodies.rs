//! Bodies of other generators as plain Markdown: tags replaced, links to source files led to pages.

use std::borrow::Cow;

use crate::catalog::body_text::BodyText;
use crate::catalog::dialect::generator::{Dialect, Markup};
use crate::catalog::dialect::page::{Addresses, Page};
use crate::catalog::dialect::rewrite::Rewriting;
use crate::catalog::dialect::{kramdown, links, liquid, mdx, shortcodes};
use crate::catalog::front_matter::value::Table;
use crate::catalog::problem::Problem;
use crate::catalog::reader::Draft;
use crate::catalog::settings::Settings;
use crate::catalog::{markdown, summary};

/// Makes a draft's body plain Markdown, once the addresses of all articles are known, and warns of what it could not.
pub fn settle(draft: &mut Draft, addresses: &Addresses, settings: &Settings) {
    let article = &draft.article;
    // A record follows our own conventions.
    let BodyText::Here(written) = &article.body else { return };
    if article.origin.is_some() {
        return;
    }
    let place = settings.sources.content.join(&article.path);
    let dialect = settings.habits.dialect;
    let says = |key: &str, value: &str| {
        article.extra.get(key).is_some_and(|said| said.to_string().trim_matches('"') == value)
    };
    let is_plain = says("render_with_liquid", "false")
        || ["md", "false"].iter().any(|engine| says("templateEngineOverride", engine));
    let markup = if is_plain { Markup::None } else { dialect.markup(&article.path) };
    let page = Page {
        path: &article.path,
        title: &article.title,
        url: article.url.as_str(),
        authors: article.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>().join(", "),
        summary: article.summary.as_deref(),
        date: article.date.map(|date| date.to_rfc3339()),
        extra: &article.extra,
        settings,
        addresses,
    };
    let (body, warnings) = plain(written, markup, &page, draft.body_line);
    let is_same = body == *written;
    draft.warnings.extend(warnings);
    if dialect == Dialect::Jekyll && article.summary.is_none() {
        let own = article.extra.get("excerpt_separator").and_then(serde_json::Value::as_str);
        draft.article.summary = excerpt(&body, own.or(settings.habits.excerpt_separator.as_deref()));
    }
    draft.article.body = if is_same { BodyText::InFile(place) } else { BodyText::Here(body) };
}

/// Whether [`settle`] may have something to do with a body; cheap, and wrong only on the side of care.
#[must_use]
pub fn may_change(body: &str, table: &Table, path: &str, dialect: Dialect) -> bool {
    let has_tags = match dialect.markup(path) {
        Markup::None => false,
        Markup::HugoShortcodes | Markup::ZolaShortcodes | Markup::Liquid => body.contains('{'),
        Markup::Mdx => body.contains(['<', '{']) || body.contains("import") || body.contains("export"),
    };
    let gives_summary =
        dialect == Dialect::Jekyll && !dialect.names().summary.iter().any(|key| table.get(key).is_some());
    has_tags || gives_summary || dialect == Dialect::Jekyll && body.contains("{:") || links::may_be_in(body)
}

/// The body of a page that is no article, whose links lead nowhere else.
#[must_use]
pub fn alone(body: &str, path: &str, settings: &Settings) -> String {
    let page = Page {
        path,
        title: "",
        url: settings.site.url.as_str(),
        authors: String::new(),
        summary: None,
        date: None,
        extra: &serde_json::Map::new(),
        settings,
        addresses: &Addresses::default(),
    };
    let markup = settings.habits.dialect.markup(path);
    if markup == Markup::None { body.to_owned() } else { plain(body, markup, &page, 1).0 }
}

/// The body as plain Markdown, and what there is to tell of it.
fn plain(source: &str, markup: Markup, page: &Page<'_>, body_line: usize) -> (String, Vec<Problem>) {
    let mut rewriting = Rewriting::new(source);
    match markup {
        Markup::None => rewriting.copy(0..source.len()),
        Markup::HugoShortcodes => shortcodes::hugo(&mut rewriting, page),
        Markup::ZolaShortcodes => shortcodes::zola(&mut rewriting, page),
        Markup::Liquid => liquid::write_all(&mut rewriting, page),
        Markup::Mdx => mdx::write(&mut rewriting, page),
    }
    let Rewriting { mut result, origins, mut notes, .. } = rewriting;
    // From the end, so that what is still to come stands where it was found.
    for link in links::find(&result).into_iter().rev() {
        let at = origins.of(link.range.start);
        match page.address(&link.target, false, at, &mut notes) {
            Some(address) => result.replace_range(link.range, &address),
            // Only Zola knows what this address means.
            None if link.target.starts_with("@/") => result.replace_range(link.range, "#"),
            None => {}
        }
    }
    if page.settings.habits.dialect == Dialect::Jekyll {
        for range in kramdown::attributes(&result).into_iter().rev() {
            result.replace_range(range, "");
        }
    }
    (result, notes.warnings(page.path, source, body_line))
}

/// What stands before the separator, or else the first paragraph; `None` where the author's mark says it already,
/// or where there is no text.
fn excerpt(body: &str, separator: Option<&str>) -> Option<String> {
    let body = body.trim_start();
    let opening = match separator.filter(|separator| !separator.is_empty()) {
        Some(separator) if markdown::is_more(separator) => return None,
        Some(separator) => Cow::Borrowed(body.split_once(separator)?.0),
        None if markdown::is_more(body) => return None,
        None => Cow::Borrowed(body.split("\n\n").next().unwrap_or_default()),
    };
    Some(summary::plain(&opening)).filter(|text| !text.is_empty())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::catalog::problem::Problem;

    #[derive(serde::Deserialize)]
    struct Both {
        site: crate::catalog::settings::Site,
        sources: crate::catalog::settings::Sources,
    }

    fn rewritten(markup: Markup, source: &str) -> (String, Vec<Problem>) {
        let text = "[site]\ntitle = \"Site\"\nurl = \"https://example.org\"\nauthor = \"Site\"\nlanguage = \"en\"\n\
                    time_zone = \"UTC\"\ndefault_time = \"09:00\"\nsince = 2020-01-01\ndescription = \"\"\n\
                    [sources]\ncontent = \"content\"\nstatic = \"static\"\ndialect = \"auto\"\n\
                    category_page = \"/{category}/\"\nsummary_length = 280\n";
        let Both { site, sources } = toml::from_str(text).unwrap();
        let categories = std::collections::BTreeMap::new();
        let habits = crate::catalog::dialect::habits::Habits::default();
        let settings = Settings { site, sources, categories, imports: Vec::new(), habits };
        let mut addresses = Addresses::default();
        for path in ["b.md", "_posts/2020-01-02-b.md"] {
            addresses.add(path, "https://example.org/b/", true);
        }
        let extra = serde_json::json!({"mood": "good"});
        let page = Page {
            path: "a.md",
            title: "Here",
            url: "https://example.org/a/",
            authors: String::new(),
            summary: None,
            date: None,
            extra: extra.as_object().unwrap(),
            settings: &settings,
            addresses: &addresses,
        };
        plain(source, markup, &page, 3)
    }

    /// A body of the article a.md as plain Markdown.
    pub(in crate::catalog::dialect) fn plain_of(markup: Markup, source: &str) -> String {
        rewritten(markup, source).0
    }

    /// What is told of it; its body starts on line 3.
    pub(in crate::catalog::dialect) fn told(markup: Markup, source: &str) -> Vec<String> {
        rewritten(markup, source).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_link_behind_a_tag_is_told_of_where_it_was_written() {
        let source = "{{< youtube a >}}\n{{< youtube b >}} [x](b.md) [y](gone.md)";
        assert!(
            plain_of(Markup::HugoShortcodes, source).contains("[x](https://example.org/b/) [y](gone.md)")
        );
        let told = told(Markup::HugoShortcodes, source);
        assert_eq!(told, ["a.md:4:33: warning: the link to `gone.md` leads to no article"]);
    }

    proptest::proptest! {
        #[test]
        fn no_body_is_too_strange(source in "[-{}<>%/*`\"'é\\n =\\\\.:|#()\\[\\]A-Ca-c]{0,80}") {
            use Markup::{HugoShortcodes, Liquid, Mdx, None, ZolaShortcodes};
            for markup in [None, HugoShortcodes, ZolaShortcodes, Liquid, Mdx] {
                let _ = rewritten(markup, &source);
            }
            let _ = kramdown::attributes(&source);
        }
    }

    #[test]
    fn an_excerpt_ends_at_the_separator_or_with_the_first_paragraph() {
        let table = [
            ("One *two*.\n\nThree.", None, Some("One two.")),
            ("One.\n\nTwo.\n<!-- cut -->\nThree.", Some("<!-- cut -->"), Some("One. Two.")),
            ("One.\n\nTwo.", Some("<!-- cut -->"), None),
            ("One.\n\n<!--more-->\n\nTwo.", None, None),
            ("One.\n\n<!--more-->\n\nTwo.", Some("<!--more-->"), None),
            ("![x](x.png)\n\nTwo.", None, None),
        ];
        for (body, separator, expected) in table {
            assert_eq!(excerpt(body, separator).as_deref(), expected, "{body:?} {separator:?}");
        }
    }
}
