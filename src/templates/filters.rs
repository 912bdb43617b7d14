//! Filters for texts: what a template can do with a string whatever its language.

use std::fmt::Write as _;

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind};
use unicode_width::UnicodeWidthStr;

use crate::language::tag;
use crate::text::{self, html_escape};

/// Makes them known to all templates.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("date", date);
    environment.add_filter("wrap", wrap);
    environment.add_filter("rule", rule);
    environment.add_filter("shorten", shorten);
    environment.add_filter("counted", counted);
    environment.add_filter("direction", direction);
    environment.add_filter("source", source);
}

/// `{{ moment | date("%-d %B %Y") }}`: an RFC 3339 moment in chrono's notation, in its own offset.
fn date(moment: &str, format: &str) -> Result<String, Error> {
    let moment = chrono::DateTime::parse_from_rfc3339(moment).map_err(|error| {
        Error::new(ErrorKind::InvalidOperation, format!("{moment:?} is no moment: {error}"))
    })?;
    let mut shown = String::new();
    write!(shown, "{}", moment.format(format))
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("{format:?} is no date format")))?;
    Ok(shown)
}

/// `{{ text | wrap(72, "  ") }}`: lines of at most so many columns, each after the first one indented. A word
/// that is wider stands alone: an address must not be broken.
#[allow(clippy::needless_pass_by_value)] // filters own their arguments
fn wrap(text: &str, width: usize, indent: Option<String>) -> String {
    let indent = indent.unwrap_or_default();
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.trim().is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            } else if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// `{{ title | rule("=") }}`: a line as wide as the text, to underline it.
fn rule(text: &str, mark: &str) -> String {
    mark.repeat(text.width().min(72))
}

/// `{{ title | shorten(120) }}`: at most so many characters, cut at a word, with an ellipsis.
fn shorten(text: &str, length: usize) -> String {
    text::shorten(text, length)
}

/// `{{ number | counted("article", "articles") }}`: the number with its noun.
fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `{{ site.language | direction }}`: `rtl` or `ltr`.
fn direction(language: &str) -> &'static str {
    tag::direction(language)
}

/// `{{ markup | source }}`: HTML shown as its own source text, what is escaped in it escaped once more.
fn source(markup: &str) -> Value {
    Value::from_safe_string(html_escape(markup))
}

#[cfg(test)]
mod tests {
    use crate::templates::environment::{TemplateError, Templates};

    fn render(name: &str, source: &str) -> Result<String, TemplateError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), source).unwrap();
        Templates::new(Some(folder.path())).render(name, serde_json::json!({ "text": "<a href=\"/x\">&'" }))
    }

    #[test]
    fn filters_for_words() {
        assert_eq!(
            render("a.txt.j2", "{{ 1 | counted('day', 'days') }}, {{ 0 | counted('day', 'days') }}").unwrap(),
            "1 day, 0 days"
        );
        assert_eq!(render("a.txt.j2", "{{ 'one two three' | shorten(8) }}").unwrap(), "one two…");
        let set = "{% set line %}<b title=\"{{ text }}\">{% endset %}{{ line | source }}";
        assert_eq!(
            render("a.html.j2", set).unwrap(),
            "&lt;b title=&quot;&amp;lt;a href=&amp;quot;/x&amp;quot;&amp;gt;&amp;amp;&amp;#39;&quot;&gt;"
        );
    }

    #[test]
    fn filters_for_text() {
        assert_eq!(render("a.txt.j2", "{{ 'one two three' | wrap(9, '  ') }}").unwrap(), "one two\n  three");
        assert_eq!(
            render("a.txt.j2", "{{ '2026-05-01T10:00:00+02:00' | date('%-d %B %H:%M') }}").unwrap(),
            "1 May 10:00"
        );
        assert_eq!(render("a.txt.j2", "{{ 'äb' | rule('-') }}").unwrap(), "--");
    }
}
