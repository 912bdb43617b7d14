//! What well-known tags stand for, whatever their syntax: pictures, code, and links to what a feed can't embed.

use std::ops::Range;

use crate::catalog::dialect::rewrite::Rewriting;
use crate::catalog::dialect::tags::Arguments;

/// Markdown or HTML for a tag whose name says what it is; `None` for names that nobody knows.
#[must_use]
pub fn known(name: &str, given: &Arguments) -> Option<String> {
    let link =
        |text: &str, url: String| format!("[{}]({url})", given.get(&["title", "label"]).unwrap_or(text));
    let id = |key: &'static str| given.get_or(&[key, "url", "src"], 0).map(str::to_owned);
    let whole = |base: &str, id: String| if id.contains("://") { id } else { format!("{base}{id}") };
    match name.to_ascii_lowercase().as_str() {
        "figure" | "image" | "img" | "picture" => picture(given),
        "youtube" | "youtubeembed" | "youtubelite" => {
            Some(link("Video on YouTube", whole("https://www.youtube.com/watch?v=", id("id")?)))
        }
        "vimeo" => Some(link("Video on Vimeo", whole("https://vimeo.com/", id("id")?))),
        "gist" => {
            let path = match (given.get(&["url"]), given.plain.as_slice()) {
                (Some(url), _) => url.to_owned(),
                (None, [user, gist, ..]) if !gist.contains('.') => format!("{user}/{gist}"),
                (None, [gist, ..]) => gist.clone(),
                (None, []) => given.get(&["id"])?.to_owned(),
            };
            Some(link("Code on GitHub", whole("https://gist.github.com/", path)))
        }
        "x" | "tweet" | "twitter" | "twitter_simple" | "x_simple" => {
            let id = id("id")?;
            let user = given.get_or(&["user"], usize::MAX).unwrap_or("i");
            Some(link("Post on X", whole(&format!("https://x.com/{user}/status/"), id)))
        }
        "instagram" | "instagram_simple" => {
            Some(link("Post on Instagram", whole("https://www.instagram.com/p/", id("id")?)))
        }
        _ => None,
    }
}

/// A picture with its caption.
fn picture(given: &Arguments) -> Option<String> {
    let source = given.get_or(&["src", "path", "url", "source"], 0)?;
    let caption = given.get(&["caption"]).or_else(|| given.get(&["title"])).unwrap_or_default();
    let alt = given.get_or(&["alt"], 1).unwrap_or(caption);
    let link = given.get(&["link", "href"]);
    if caption.is_empty() {
        // Markdown stands anywhere; HTML at the start of a line would swallow what follows.
        let image = format!("![{}](<{source}>)", alt.replace(['[', ']'], ""));
        return Some(link.map_or(image.clone(), |link| format!("[{image}](<{link}>)")));
    }
    let image = format!("<img src=\"{}\" alt=\"{}\">", escaped(source), escaped(alt));
    let image = link.map_or(image.clone(), |link| format!("<a href=\"{}\">{image}</a>", escaped(link)));
    Some(format!("<figure>{image}<figcaption>{}</figcaption></figure>", inline(caption)))
}

/// Writes a listing in place of a tag at `at`. `write` writes the code, which stands at `code` of the source.
pub fn listing(
    rewriting: &mut Rewriting<'_>,
    language: &str,
    code: Range<usize>,
    at: usize,
    write: impl FnOnce(&mut Rewriting<'_>),
) {
    let source = &rewriting.source[code];
    let mut fence = "```".to_owned();
    while source.contains(&fence) {
        fence.push('`');
    }
    if rewriting.line().trim().is_empty() {
        rewriting.put(&format!("{fence}{language}\n"), at);
        let start = rewriting.result.len();
        write(rewriting);
        // An empty line at either end is the tag's, not the code's.
        if rewriting.result[start..].starts_with('\n') {
            rewriting.result.remove(start);
        }
        let end = rewriting.result.trim_end().len().max(start);
        rewriting.result.truncate(end);
        rewriting.put(&format!("\n{fence}\n"), at);
    } else {
        let mark = &fence[..fence.len() - 2];
        let mark = if mark == "`" && source.contains('`') { "``" } else { mark };
        rewriting.put(mark, at);
        write(rewriting);
        rewriting.put(mark, at);
    }
}

/// One line of Markdown as HTML.
fn inline(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(markdown));
    let html = html.trim();
    html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).unwrap_or(html).replace('\n', " ")
}

/// Text as it may stand in HTML.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_become_pictures_and_links() {
        let table = [
            ("figure", "src=a.png alt=A", Some("![A](<a.png>)")),
            ("image", "'a b.png', 'A [b]' link=/x/", Some("[![A b](<a b.png>)](</x/>)")),
            (
                "figure",
                "src=a.png caption=\"By *Bo* & Li\" link=/x/",
                Some(
                    "<figure><a href=\"/x/\"><img src=\"a.png\" alt=\"By *Bo* &amp; Li\"></a>\
                     <figcaption>By <em>Bo</em> &amp; Li</figcaption></figure>",
                ),
            ),
            ("youtube", "abc", Some("[Video on YouTube](https://www.youtube.com/watch?v=abc)")),
            (
                "youtube",
                "id=\"abc\" title=\"The talk\"",
                Some("[The talk](https://www.youtube.com/watch?v=abc)"),
            ),
            ("YouTube", "id=https://youtu.be/abc", Some("[Video on YouTube](https://youtu.be/abc)")),
            ("vimeo", "12", Some("[Video on Vimeo](https://vimeo.com/12)")),
            ("gist", "ana 12ab", Some("[Code on GitHub](https://gist.github.com/ana/12ab)")),
            ("gist", "ana/12ab file.rb", Some("[Code on GitHub](https://gist.github.com/ana/12ab)")),
            ("x", "user=\"ana\" id=\"12\"", Some("[Post on X](https://x.com/ana/status/12)")),
            ("tweet", "12", Some("[Post on X](https://x.com/i/status/12)")),
            ("instagram", "12ab", Some("[Post on Instagram](https://www.instagram.com/p/12ab)")),
            ("youtube", "", None),
            ("gallery", "a b", None),
        ];
        for (name, given, expected) in table {
            assert_eq!(known(name, &Arguments::read(given)).as_deref(), expected, "{name} {given}");
        }
    }
}
