//! Reading mails as a reader's program does, and the rules that hold for all of them.

use std::fmt::Write as _;

use mail_parser::{Message, MessageParser, MimeHeaders as _};
use unicode_width::UnicodeWidthStr as _;

/// Where Gmail cuts a message off, in bytes.
const CLIP: usize = 102_400;

/// A mail with a text and an HTML body and nothing else.
#[track_caller]
pub(crate) fn parse(mail: &[u8]) -> Message<'_> {
    let message = MessageParser::default().parse(mail).unwrap();
    assert_eq!(message.text_body_count(), 1);
    assert_eq!(message.html_body_count(), 1);
    assert_eq!(message.attachment_count(), 0);
    for part in &message.parts[1..] {
        assert_eq!(part.content_type().unwrap().attribute("charset"), Some("utf-8"));
    }
    message
}

/// Its text.
pub(crate) fn text(message: &Message<'_>) -> String {
    message.body_text(0).unwrap().replace("\r\n", "\n")
}

/// Its HTML.
pub(crate) fn html(message: &Message<'_>) -> String {
    message.body_html(0).unwrap().replace("\r\n", "\n")
}

/// Headers in their order, unfolded, then both bodies. The installation's secrets are taken out.
pub(crate) fn shown(mail: &[u8]) -> String {
    let message = parse(mail);
    let mut shown = String::new();
    for (name, value) in message.headers_raw() {
        writeln!(shown, "{name}: {}", value.replace("\r\n", "").trim()).unwrap();
    }
    writeln!(shown, "\nSubject, decoded: {}", message.subject().unwrap()).unwrap();
    write!(shown, "\n{}\n{}", text(&message), html(&message)).unwrap();
    let word = between(message.message_id().unwrap(), ".", "@").next().unwrap().to_owned();
    let token = between(&shown, "subject=unsubscribe%20", ">").next().unwrap().to_owned();
    let page = between(&format!("{shown}\n"), "/preferences/", "\n").next().map(str::to_owned);
    let shown = page.map_or_else(|| shown.clone(), |page| shown.replace(&page, "PAGE_TOKEN"));
    shown.replace(&word, "SECRET").replace(&token, "TOKEN")
}

/// What stands between each `before` and the next `after`.
pub(crate) fn between<'t>(text: &'t str, before: &'t str, after: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split_once(after)).map(|(found, _)| found)
}

/// White space folded, for text that is wrapped in one place and not in the other.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a browser would show of a piece of HTML.
pub(crate) fn visible(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    let text = entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character));
    folded(&text)
}

/// The rules that hold for each mail, whatever is in it.
#[track_caller]
pub(crate) fn is_sound(mail: &[u8]) {
    let message = parse(mail);
    let (text, html) = (text(&message), html(&message));
    assert!(mail.len() < CLIP, "{} bytes", mail.len());
    assert!(mail.split(|byte| *byte == b'\n').all(|line| line.len() < 998));
    assert_eq!(text.lines().filter(|line| *line == "-- ").count(), 1, "one signature");
    assert!(text.lines().all(|line| line == "-- " || line.trim_end() == line), "{text}");
    assert!(!text.contains("\n\n\n") && text.trim() == text.trim_end_matches('\n'), "{text}");
    let breakable = |line: &str| unnumbered(line).trim_start_matches("* ").contains(' ');
    let wide = text.lines().filter(|line| breakable(line) && line.width() > 78);
    assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");

    assert!(html.find("<meta charset").is_some_and(|place| place < 1024));
    for kept in [
        "@media (prefers-color-scheme: dark)",
        "@media (max-width: 480px)",
        "class=\"cell\"",
        "class=\"byline\"",
    ] {
        assert!(html.contains(kept), "{kept} is gone from {html}");
    }
    // An attribute holds what it holds: `<` is only text there.
    let alternatives: Vec<&str> = between(&html, "alt=\"", "\"").collect();
    let markup = alternatives.iter().fold(html.clone(), |html, text| html.replace(text, ""));
    for hidden in ["display: none", "visibility: hidden", "font-size: 0", "<script", "onerror"] {
        assert!(!markup.contains(hidden), "{hidden} in {html}");
    }
    assert!(between(&html, "<img", ">").all(|image| image.contains("alt=\"")));
    let levels: Vec<char> =
        between(&html, "<h", ">").filter_map(|tag| tag.chars().next()).filter(char::is_ascii_digit).collect();
    assert_eq!(levels.first(), Some(&'1'));
    assert!(levels.windows(2).all(|pair| pair[1] as u32 <= pair[0] as u32 + 1), "{levels:?}");

    for address in between(&html, "href=\"", "\"") {
        let address = address.replace("&amp;", "&");
        assert!(text.lines().any(|line| unnumbered(line) == address), "{address} is not in {text}");
    }
    let text = folded(&text);
    for heading in ["<h1", "<h2", "<h3"] {
        for heading in between(&html, heading, "</h") {
            let title = visible(&format!("<{heading}"));
            assert!(text.contains(&title), "{title} is not in {text}");
        }
    }
}

/// A line of text without the number of its link.
pub(crate) fn unnumbered(text: &str) -> &str {
    let line = text.trim();
    match line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((number, address)) if number.bytes().all(|byte| byte.is_ascii_digit()) => address,
        _ => line,
    }
}
