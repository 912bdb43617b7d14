//! Links from an article to another's source file: they become links to its page.

use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, LinkType, Tag};
use url::Url;

use crate::catalog::markdown;

/// A link to a source file.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// Where the address stands.
    pub range: Range<usize>,
    /// The address.
    pub target: String,
}

/// Whether it is worth looking for them.
#[must_use]
pub fn may_be_in(body: &str) -> bool {
    let mut endings = memmem::find_iter(body.as_bytes(), ".m").map(|at| &body[at + 2..]);
    endings.any(|rest| rest.starts_with('d') || rest.starts_with("arkdown"))
}

/// All of them, in order. Cheap where there are none.
#[must_use]
pub fn find(body: &str) -> Vec<Link> {
    if !may_be_in(body) {
        return Vec::new();
    }
    let mut links = Vec::new();
    for (event, range) in markdown::places(body) {
        let text = &body[range.clone()];
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) if is_source(&dest_url) => {
                // Behind the link's text, which may say the same.
                let from = text.rfind("](").unwrap_or(0);
                if let Some(at) = text[from..].find(&*dest_url) {
                    let start = range.start + from + at;
                    links.push(Link { range: start..start + dest_url.len(), target: dest_url.into_string() });
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                for (at, _) in text.match_indices("href=\"") {
                    let start = at + "href=\"".len();
                    let target = text[start..].split('"').next().unwrap_or_default();
                    if is_source(target) {
                        let start = range.start + start;
                        links.push(Link { range: start..start + target.len(), target: target.to_owned() });
                    }
                }
            }
            _ => {}
        }
    }
    for (span, target) in markdown::definitions(body) {
        if is_source(&target)
            && let Some(at) = body[span.clone()].rfind(&target)
        {
            links.push(Link { range: span.start + at..span.start + at + target.len(), target });
        }
    }
    links.sort_by_key(|link| link.range.start);
    links.dedup_by(|next, link| next.range.start < link.range.end);
    links
}

/// Whether an address is the path of a Markdown file: no address on the web looks so by chance.
fn is_source(address: &str) -> bool {
    let bare = address.split(['#', '?']).next().unwrap_or_default();
    let is_markdown = [".md", ".mdx", ".markdown"].iter().any(|ending| bare.ends_with(ending));
    is_markdown && !bare.starts_with("//") && Url::parse(address).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_sources_are_found_where_their_address_stands() {
        let table = [
            ("see [a.md](a.md)", vec![(11, "a.md")]),
            ("[a](../b/c.md#d \"T\") [e](@/f.md)", vec![(4, "../b/c.md#d"), (25, "@/f.md")]),
            ("[x][1]\n\n[1]: c.md\n", vec![(13, "c.md")]),
            ("<a href=\"c.md\">c</a>", vec![(9, "c.md")]),
            ("`[a](a.md)` [b](https://example.org/README.md) [c](c.html) [d](//x.example/d.md)", vec![]),
            ("```\n[a](a.md)\n```\n", vec![]),
        ];
        for (source, expected) in table {
            let found = find(source);
            let found: Vec<_> = found.iter().map(|link| (link.range.start, link.target.as_str())).collect();
            assert_eq!(found, expected, "{source}");
        }
    }
}
