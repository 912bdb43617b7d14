//! Whole texts in plain-text mails: an article's or introduction's HTML as lines, its links below it.

use std::fmt::Write as _;

use html2text::render::TextDecorator;

use crate::catalog::html::{self, Piece};

/// Columns of a line (RFC 3676, 4.2, asks for 78 or fewer; quotes take some).
const WIDTH: usize = 74;

/// HTML as plain text. Links follow it, each with its words, for addresses in the middle of a sentence hide it.
#[must_use]
pub fn of_html(body: &str) -> String {
    let config = html2text::config::with_decorator(Words).no_link_wrapping().allow_width_overflow();
    let mut text = config.string_from_read(body.as_bytes(), WIDTH).unwrap_or_else(|_| html::text(body));
    let links = links(body);
    if !links.is_empty() {
        text.push('\n');
    }
    for (words, address) in links {
        let words = if words.is_empty() { String::new() } else { format!("{words}:\n") };
        let _ = writeln!(text, "{words}{address}");
    }
    text
}

/// Marks for lists (a star is an article's) and quotes, and words alone for all else: links and emphasis read as what they say.
#[derive(Clone, Debug)]
struct Words;

impl TextDecorator for Words {
    type Annotation = ();

    fn decorate_link_start(&mut self, _: &str) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_link_end(&mut self) -> String {
        String::new()
    }

    fn decorate_em_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) {}

    fn decorate_preformat_cont(&self) {}

    fn decorate_image(&mut self, _: &str, alternative: &str) -> (String, ()) {
        (if alternative.is_empty() { String::new() } else { format!("[{alternative}]") }, ())
    }

    fn header_prefix(&self, _: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }

    fn unordered_item_prefix(&self) -> String {
        "- ".to_owned()
    }

    fn ordered_item_prefix(&self, number: i64) -> String {
        format!("{number}. ")
    }

    fn make_subblock_decorator(&self) -> Self {
        Self
    }
}

/// The links of a text that lead elsewhere, with their words, each once.
fn links(body: &str) -> Vec<(String, String)> {
    let mut links: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, String)> = None;
    html::pieces(body, |piece, _| match piece {
        Piece::Open("a", attributes) => {
            let address = html::attribute(attributes, "href").unwrap_or_default();
            let leads = ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
            open = leads.then(|| (String::new(), address.to_owned()));
        }
        Piece::Text(text) => {
            if let Some((words, _)) = &mut open {
                words.push_str(text);
            }
        }
        Piece::Close("a") => {
            if let Some((words, address)) = open.take() {
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                if links.iter().all(|(_, known)| *known != address) {
                    links.push((words, address));
                }
            }
        }
        _ => {}
    });
    links
}

#[cfg(test)]
mod tests {
    use super::of_html;

    #[test]
    fn a_text_keeps_its_paragraphs_lists_and_links() {
        let html = "<h2>Begin</h2><p>See <a href=\"https://a.example/?x=1&amp;y=2\">the\n guide</a> &amp; <b>walk</b>.</p><ul><li>One</li><li>Two</li></ul>";
        assert_eq!(
            of_html(html),
            "Begin\n\nSee the guide & walk.\n- One\n- Two\n\nthe guide:\nhttps://a.example/?x=1&y=2\n"
        );
    }
}
