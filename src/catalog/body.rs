//! Bodies: Markdown to sanitised HTML in which every address is absolute.

use std::borrow::Cow;
use std::collections::HashSet;

use pulldown_cmark::Event;
use url::{ParseError, Url};

use crate::catalog::article::Article;
use crate::catalog::body_text::{BodyError, Form};
use crate::catalog::markdown;
use crate::catalog::plain_html;
use crate::catalog::settings::Site;

/// Attributes that hold one address or several.
const ADDRESSES: [&str; 5] = ["href", "src", "poster", "cite", "srcset"];

/// The article as HTML that is safe to show anywhere: scripts, forms, frames, styles and event handlers taken
/// out; addresses absolute, relative to the article's page, or to the site for those with a leading slash;
/// anchors unique per article.
///
/// # Errors
/// The article's file can't be read any more.
pub fn html(article: &Article, site: &Site) -> Result<String, BodyError> {
    let markdown = article.body.read()?;
    if article.body.form() == Form::Html {
        return Ok(sanitise(&markdown, &article.url, &home(&article.url, site)));
    }
    let scope = format!("fn-{}", article.slug);
    let events = markdown::events(&markdown, &scope).filter(
        |event| !matches!(event, Event::Html(html) | Event::InlineHtml(html) if markdown::is_more(html)),
    );
    let mut raw = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut raw, events);
    Ok(sanitise(&raw, &article.url, site))
}

/// Markdown that is no article's, such as an introduction, as HTML that is safe to show on `page`.
#[must_use]
pub fn of_markdown(markdown: &str, page: &Url, site: &Site) -> String {
    let mut raw = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut raw, markdown::events(markdown, "fn"));
    sanitise(&raw, page, site)
}

/// Whose front page an address of an HTML body starts at: that of the site that the page is on.
fn home<'a>(page: &Url, site: &'a Site) -> Cow<'a, Site> {
    if page.origin() == site.url.origin() {
        return Cow::Borrowed(site);
    }
    let root = page.join("/").unwrap_or_else(|_| page.clone());
    Cow::Owned(Site { url: root, ..site.clone() })
}

/// Keeps what an article may hold and makes its addresses absolute.
#[must_use]
pub fn sanitise(html: &str, page: &Url, site: &Site) -> String {
    plain_html::clean(html, page, site).unwrap_or_else(|| sanitise_in_full(html, page, site))
}

/// As [`sanitise`], with a parser of HTML whatever there is.
#[must_use]
pub fn sanitise_in_full(html: &str, page: &Url, site: &Site) -> String {
    let mut allowed = ammonia::Builder::default();
    // The filter outlives this call as far as its type knows, so it owns what it compares with.
    let (page, site) = (page.clone(), site.clone());
    allowed
        .add_tags(["video", "audio", "source", "picture", "section"])
        .add_tag_attributes("video", ["src", "poster", "controls", "width", "height"])
        .add_tag_attributes("audio", ["src", "controls"])
        .add_tag_attributes("source", ["src", "srcset", "type", "media", "sizes"])
        .add_tag_attributes("img", ["srcset", "sizes", "loading"])
        .add_tag_attributes("td", ["style"])
        .add_tag_attributes("th", ["style"])
        .add_tag_attributes("ol", ["start"])
        .add_allowed_classes("code", LANGUAGES)
        .add_tag_attributes("div", ["id"])
        .add_tag_attributes("li", ["id"])
        .filter_style_properties(HashSet::from(["text-align"]))
        .link_rel(None)
        .url_relative(ammonia::UrlRelative::PassThrough)
        .attribute_filter(move |_, attribute, value| filter(attribute, value, &page, &site));
    allowed.clean(html).to_string()
}

/// Class names on code that syntax colouring in readers looks for.
pub const LANGUAGES: [&str; 12] = [
    "language-bash",
    "language-c",
    "language-cpp",
    "language-css",
    "language-html",
    "language-js",
    "language-javascript",
    "language-json",
    "language-python",
    "language-rust",
    "language-sh",
    "language-ts",
];

fn filter<'v>(attribute: &str, value: &'v str, page: &Url, site: &Site) -> Option<Cow<'v, str>> {
    match attribute {
        "srcset" => Some(Cow::Owned(srcset(value, page, site))),
        "id" => value.starts_with("fn-").then_some(Cow::Borrowed(value)),
        name if ADDRESSES.contains(&name) => absolute(value, page, site).map(Cow::Owned),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// An address of a body made absolute; `None` where it can't be one, or is of a scheme that does something.
fn absolute(address: &str, page: &Url, site: &Site) -> Option<String> {
    let address = address.trim();
    resolved(Url::parse(address), address, page, site)
}

/// As `absolute`, of an address without blanks around it and what it is on its own.
#[must_use]
pub fn resolved(alone: Result<Url, ParseError>, address: &str, page: &Url, site: &Site) -> Option<String> {
    let url = match alone {
        Ok(url) => url,
        Err(_) if address.starts_with('/') && !address.starts_with("//") => site.absolute(address)?,
        Err(_) => page.join(address).ok()?,
    };
    matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.into())
}

/// Candidates of `srcset` are divided by commas; an address may hold commas, but not at its end (HTML, 4.8.4).
fn srcset(value: &str, page: &Url, site: &Site) -> String {
    let mut candidates = Vec::new();
    let mut rest = value.trim_start_matches([' ', '\t', '\n', ',']);
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, tail) = rest.split_at(end);
        let bare = address.trim_end_matches(',');
        let (descriptor, next) =
            if bare.len() < address.len() { ("", tail) } else { tail.split_once(',').unwrap_or((tail, "")) };
        if let Some(url) = absolute(bare, page, site) {
            // A comma inside would read as the end of a candidate in careless readers.
            let url = url.replace(',', "%2C");
            candidates.push(format!("{url} {}", descriptor.trim()).trim_end().to_owned());
        }
        rest = next.trim_start_matches([' ', '\t', '\n', ',']);
    }
    candidates.join(", ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::catalog) fn site() -> Site {
        Site {
            title: "Site".into(),
            description: "A site".into(),
            url: Url::parse("https://example.org/blog").unwrap(),
            language: "en".into(),
            time_zone: chrono_tz::UTC,
            default_time: chrono::NaiveTime::MIN,
            author: "Site".into(),
            editor_email: None,
            copyright: None,
            logo: None,
            id_domain: None,
            since: chrono::NaiveDate::MIN,
        }
    }

    fn clean(html: &str) -> String {
        sanitise(html, &Url::parse("https://example.org/blog/heart/salt/").unwrap(), &site())
    }

    #[test]
    fn addresses_become_absolute() {
        let table = [
            (
                r#"<a href="../x/?a=1&amp;b=2">x</a>"#,
                r#"<a href="https://example.org/blog/heart/x/?a=1&amp;b=2">x</a>"#,
            ),
            (r#"<img src="/i.png" alt="i">"#, r#"<img src="https://example.org/blog/i.png" alt="i">"#),
            (r##"<a href="#part">x</a>"##, r#"<a href="https://example.org/blog/heart/salt/#part">x</a>"#),
            (
                r#"<img srcset="a.png 1x, b,c.png 2x">"#,
                r#"<img srcset="https://example.org/blog/heart/salt/a.png 1x, https://example.org/blog/heart/salt/b%2Cc.png 2x">"#,
            ),
            (
                r#"<video poster="p.png" src="//cdn.example/v.mp4"></video>"#,
                r#"<video poster="https://example.org/blog/heart/salt/p.png" src="https://cdn.example/v.mp4"></video>"#,
            ),
            (r#"<a href="mailto:a@example.org">x</a>"#, r#"<a href="mailto:a@example.org">x</a>"#),
        ];
        for (html, expected) in table {
            assert_eq!(clean(html), expected);
        }
    }

    #[test]
    fn what_could_act_is_taken_out() {
        let table = [
            ("<script>alert(1)</script>x", "x"),
            (r#"<a href="javascript:alert(1)" onclick="x()">x</a>"#, "<a>x</a>"),
            (r#"<td style="text-align: right; position: fixed">"#, ""),
            (r#"<iframe src="https://example.org"></iframe><form action="/x"><input></form>"#, ""),
            (
                r#"<table><tbody><tr><td style="text-align: right;position:fixed">1</td></tr></tbody></table>"#,
                r#"<table><tbody><tr><td style="text-align:right">1</td></tr></tbody></table>"#,
            ),
        ];
        for (html, expected) in table {
            assert_eq!(clean(html), expected);
        }
    }
}
