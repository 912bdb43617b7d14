//! The template environment: an operator's own file wins over the built-in one of the same name, file by file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use unicode_width::UnicodeWidthStr;

/// Steps that one rendering may take: a thousand articles need fewer; a template that loops for ever has to end.
const FUEL: u64 = 50_000_000;

/// The templates that Tidings brings along, by name.
pub const BUILT_IN: [(&str, &str); 7] = [
    ("email/base.html.j2", include_str!("../templates/email/base.html.j2")),
    ("email/base.txt.j2", include_str!("../templates/email/base.txt.j2")),
    ("email/digest/subject.txt.j2", include_str!("../templates/email/digest/subject.txt.j2")),
    ("email/digest/body.txt.j2", include_str!("../templates/email/digest/body.txt.j2")),
    ("email/digest/body.html.j2", include_str!("../templates/email/digest/body.html.j2")),
    ("web/feeds.html.j2", include_str!("../templates/web/feeds.html.j2")),
    ("web/feed.css.j2", include_str!("../templates/web/feed.css.j2")),
];

/// All templates, ready to render.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

/// A template that can't be read or rendered.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// What is wrong, in which file and line, with the lines around it.
    pub message: String,
}

impl Templates {
    /// With an operator's folder, where there is one.
    #[must_use]
    pub fn new(folder: Option<&Path>) -> Self {
        let mut environment = Environment::new();
        let folder = folder.map(PathBuf::from);
        environment.set_loader(move |name| load(folder.as_deref(), name));
        environment.set_auto_escape_callback(|name| match name.trim_end_matches(".j2").rsplit('.').next() {
            Some("html" | "xml") => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        environment.set_formatter(format);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(
            minijinja::syntax::SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()
                .unwrap_or_default(),
        );
        environment.set_debug(true);
        environment.set_fuel(Some(FUEL));
        environment.add_filter("date", date);
        environment.add_filter("wrap", wrap);
        environment.add_filter("rule", rule);
        Self { environment }
    }

    /// Renders a template with what it may use.
    ///
    /// # Errors
    /// A template that is missing, wrong, or uses what is not there; the message shows its lines.
    pub fn render(&self, name: &str, context: impl serde::Serialize) -> Result<String, TemplateError> {
        let context = Value::from(minijinja::value::Serde(context));
        let rendered = self.environment.get_template(name).and_then(|template| template.render(context));
        rendered.map_err(|error| explain(&error))
    }
}

fn load(folder: Option<&Path>, name: &str) -> Result<Option<String>, Error> {
    if name.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
        return Ok(None);
    }
    if let Some(folder) = folder {
        match std::fs::read_to_string(folder.join(name)) {
            Ok(source) => return Ok(Some(source)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                let place = folder.join(name);
                return Err(Error::new(ErrorKind::InvalidOperation, format!("{}: {error}", place.display())));
            }
        }
    }
    Ok(BUILT_IN.iter().find(|(built_in, _)| *built_in == name).map(|(_, source)| (*source).to_owned()))
}

/// The message with its causes and the lines of the template.
fn explain(error: &Error) -> TemplateError {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let _ = write!(message, ": {inner}");
        cause = inner.source();
    }
    let _ = write!(message, "\n{}", error.display_debug_info());
    TemplateError { message: message.trim_end().to_owned() }
}

/// Escapes what HTML needs and no more: the library's own way writes `/` as a reference, which makes every
/// link in the source unreadable.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe() => {
            out.write_str(&html_escape(text)).map_err(Error::from)
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// Text as HTML, in an element or in a quoted attribute.
#[must_use]
pub fn html_escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
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

#[cfg(test)]
mod tests {
    use super::*;

    fn render(name: &str, source: &str) -> Result<String, TemplateError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), source).unwrap();
        Templates::new(Some(folder.path())).render(name, serde_json::json!({ "text": "<a href=\"/x\">&'" }))
    }

    #[test]
    fn html_is_escaped_and_text_is_not() {
        assert_eq!(render("a.html.j2", "{{ text }}/").unwrap(), "&lt;a href=&quot;/x&quot;&gt;&amp;&#39;/");
        assert_eq!(render("a.txt.j2", "{{ text }}").unwrap(), "<a href=\"/x\">&'");
    }

    #[test]
    fn a_wrong_template_names_its_file_and_line() {
        let error = render("a.html.j2", "one\n{{ nothing.here }}").unwrap_err();
        assert!(error.message.contains("a.html.j2:2"), "{error}");
        assert!(Templates::new(None).render("../x", ()).is_err());
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
