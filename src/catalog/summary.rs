//! Summaries for articles that give none: plain text up to `<!-- more -->`, or the first sentences.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::catalog::article::Article;
use crate::catalog::body_text::{BodyError, Form};
use crate::catalog::html;
use crate::catalog::markdown;
use crate::text::{folded, shorten};

/// The summary that the author gave, or else one that is made of the body.
///
/// # Errors
/// The article's file can't be read any more.
pub fn of_article(article: &Article, length: usize) -> Result<String, BodyError> {
    match &article.summary {
        Some(given) => Ok(given.clone()),
        None if article.body.form() == Form::Html => Ok(of_html(&article.body.read()?, length)),
        None => Ok(of_body(&article.body.read()?, length)),
    }
}

/// The text of a body up to the author's mark, or its first sentences up to `length` characters, cut at a
/// word. Headings, tables, code, footnotes and pictures are left out. Empty where a body has no text.
#[must_use]
pub fn of_body(markdown: &str, length: usize) -> String {
    let (text, marked) = opening(markdown, length);
    if marked { text } else { shorten(&text, length) }
}

/// As [`of_body`], of HTML.
#[must_use]
pub fn of_html(body: &str, length: usize) -> String {
    match body.split_once("<!--more") {
        Some((opening, _)) => html::prose(opening, usize::MAX),
        None => shorten(&html::prose(body, length.max(1) * 20), length),
    }
}

/// Plain text of a given summary: Markdown and HTML taken out, white space folded.
#[must_use]
pub fn plain(markdown: &str) -> String {
    if is_plain(markdown.trim_end()) {
        return folded(markdown);
    }
    let mut text = Collector::default();
    markdown::events(markdown, "s").for_each(|event| text.take(&event));
    text.finish()
}

/// Whether a text is one paragraph of words to the parser of Markdown too; cheap, and wrong only on the side of care.
fn is_plain(text: &str) -> bool {
    let mut is_odd = false;
    for byte in text.as_bytes() {
        is_odd |= !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b',' | b'.' | b'-' | b'\'' | b'"' | b'?' | b';' | 0x80..);
    }
    // Elsewhere than at the start, a hyphen or a number and a dot are no item of a list.
    !is_odd && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

/// The paragraphs of a category's overview as plain text.
#[must_use]
pub fn paragraphs(markdown: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut text = Collector::default();
    for event in markdown::events(markdown, "s") {
        let ends = matches!(event, Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)));
        text.take(&event);
        if ends {
            let paragraph = std::mem::take(&mut text).finish();
            if !paragraph.is_empty() {
                paragraphs.push(paragraph);
            }
        }
    }
    paragraphs
}

/// Collects until the mark, or until there is more than enough.
fn opening(markdown: &str, length: usize) -> (String, bool) {
    let mut text = Collector::default();
    for event in markdown::events(markdown, "s") {
        if let Event::Html(html) | Event::InlineHtml(html) = &event
            && markdown::is_more(html)
        {
            return (text.finish(), true);
        }
        text.take(&event);
        // The mark may stand further down than a summary is long, but never behind several screens of text.
        if text.length() > length.max(1) * 20 {
            break;
        }
    }
    (text.finish(), false)
}

/// Elements whose text is not for reading.
const UNREAD: [&str; 4] = ["script", "style", "template", "noscript"];

/// Text of running prose, white space folded.
#[derive(Default)]
struct Collector {
    text: String,
    /// How many elements that are not prose are open.
    skipping: usize,
    /// The raw element whose text nobody reads, while it is open.
    unread: Option<&'static str>,
}

impl Collector {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) if is_aside(tag) => self.skipping += 1,
            Event::End(tag) if is_aside_end(*tag) => self.skipping = self.skipping.saturating_sub(1),
            Event::Html(html) | Event::InlineHtml(html) => self.note_unread(html),
            _ if self.skipping > 0 || self.unread.is_some() => {}
            Event::Text(text) | Event::Code(text) => self.text.push_str(text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                self.text.push(' ');
            }
            _ => {}
        }
    }

    /// Raw HTML comes as tags with text between: what lies in a script is no prose.
    fn note_unread(&mut self, html: &str) {
        let html = html.to_ascii_lowercase();
        match self.unread {
            Some(name) if html.contains(&format!("</{name}")) => self.unread = None,
            Some(_) => {}
            None => {
                let opens = |name: &&&str| html.rfind(&format!("<{name}")) > html.rfind(&format!("</{name}"));
                self.unread = UNREAD.iter().find(opens).copied();
            }
        }
    }

    fn length(&self) -> usize {
        self.text.len()
    }

    fn finish(self) -> String {
        folded(&self.text)
    }
}

fn is_aside(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Heading { .. }
            | Tag::CodeBlock(_)
            | Tag::Table(_)
            | Tag::FootnoteDefinition(_)
            | Tag::Image { .. }
    )
}

fn is_aside_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Table | TagEnd::FootnoteDefinition | TagEnd::Image
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_mark_ends_the_summary() {
        assert_eq!(of_body("# Head\n\nOne *two*.\n\n<!--  more -->\n\nThree.", 5), "One two.");
    }

    #[test]
    fn prose_is_cut_at_a_sentence_or_a_word() {
        let body = "First one here. Second one is here.\n\n```\ncode\n```\n\n| a |\n|---|\n| b |\n\nThird[^1].\n\n[^1]: Note.";
        assert_eq!(of_body(body, 500), "First one here. Second one is here. Third.");
        assert_eq!(of_body(body, 40), "First one here. Second one is here.");
        assert_eq!(of_body(body, 34), "First one here. Second one is…");
        assert_eq!(of_body("![only](x.png)", 100), "");
        let hidden = "Before. <script>var a = 1;</script> <style>p { }</style>\n\n<script>\nlet b;\n</script>\n\nAfter.";
        assert_eq!(of_body(hidden, 100), "Before. After.");
    }

    proptest! {
        #[test]
        fn plain_words_are_what_the_parser_makes_of_them(text in "[-a-zA-Z0-9 ,.'\"?;é日\u{a0}\u{2028}\u{85}]{0,24}\n?") {
            prop_assume!(is_plain(text.trim_end()));
            let mut parsed = Collector::default();
            markdown::events(&text, "s").for_each(|event| parsed.take(&event));
            prop_assert_eq!(plain(&text), parsed.finish());
        }
    }

    #[test]
    fn a_given_summary_loses_its_markup() {
        assert_eq!(plain("A **bold** & <b>raw</b>\n  line"), "A bold & raw line");
        assert_eq!(paragraphs("One\ntwo.\n\nThree."), ["One two.", "Three."]);
    }
}
