//! The template environment: an operator's own file wins over the built-in one of the same name, file by file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use crate::language::messages::Messages;
use crate::templates::{filters, words};
use crate::text::html_escape;

/// Steps that one rendering may take: a thousand articles need fewer; a template that loops for ever has to end.
const FUEL: u64 = 50_000_000;

/// The templates that Tidings brings along, by name.
pub const BUILT_IN: [(&str, &str); 43] = [
    ("email/base.html.j2", include_str!("../../templates/email/base.html.j2")),
    ("email/base.txt.j2", include_str!("../../templates/email/base.txt.j2")),
    ("email/byline.html.j2", include_str!("../../templates/email/byline.html.j2")),
    ("email/words.html.j2", include_str!("../../templates/email/words.html.j2")),
    ("email/plain/subject.txt.j2", include_str!("../../templates/email/plain/subject.txt.j2")),
    ("email/plain/body.txt.j2", include_str!("../../templates/email/plain/body.txt.j2")),
    ("email/plain/body.html.j2", include_str!("../../templates/email/plain/body.html.j2")),
    ("email/magazine/body.html.j2", include_str!("../../templates/email/magazine/body.html.j2")),
    ("email/magazine/body.txt.j2", include_str!("../../templates/email/magazine/body.txt.j2")),
    ("email/letter/letter.html.j2", include_str!("../../templates/email/letter/letter.html.j2")),
    ("email/letter/letter.txt.j2", include_str!("../../templates/email/letter/letter.txt.j2")),
    ("email/letter/chosen.html.j2", include_str!("../../templates/email/letter/chosen.html.j2")),
    ("email/letter/chosen.txt.j2", include_str!("../../templates/email/letter/chosen.txt.j2")),
    (
        "email/letter/confirm.subject.txt.j2",
        include_str!("../../templates/email/letter/confirm.subject.txt.j2"),
    ),
    ("email/letter/confirm.body.txt.j2", include_str!("../../templates/email/letter/confirm.body.txt.j2")),
    ("email/letter/confirm.body.html.j2", include_str!("../../templates/email/letter/confirm.body.html.j2")),
    ("email/letter/known.subject.txt.j2", include_str!("../../templates/email/letter/known.subject.txt.j2")),
    ("email/letter/known.body.txt.j2", include_str!("../../templates/email/letter/known.body.txt.j2")),
    ("email/letter/known.body.html.j2", include_str!("../../templates/email/letter/known.body.html.j2")),
    ("web/consent/frame.html.j2", include_str!("../../templates/web/consent/frame.html.j2")),
    ("web/consent/chosen.html.j2", include_str!("../../templates/web/consent/chosen.html.j2")),
    ("web/consent/choices.html.j2", include_str!("../../templates/web/consent/choices.html.j2")),
    ("web/consent/problems.html.j2", include_str!("../../templates/web/consent/problems.html.j2")),
    ("web/consent/subscribe.html.j2", include_str!("../../templates/web/consent/subscribe.html.j2")),
    ("web/consent/asked.html.j2", include_str!("../../templates/web/consent/asked.html.j2")),
    ("web/consent/confirm.html.j2", include_str!("../../templates/web/consent/confirm.html.j2")),
    ("web/consent/confirmed.html.j2", include_str!("../../templates/web/consent/confirmed.html.j2")),
    ("web/consent/preferences.html.j2", include_str!("../../templates/web/consent/preferences.html.j2")),
    ("web/consent/unsubscribe.html.j2", include_str!("../../templates/web/consent/unsubscribe.html.j2")),
    ("web/consent/left.html.j2", include_str!("../../templates/web/consent/left.html.j2")),
    ("web/consent/notice.html.j2", include_str!("../../templates/web/consent/notice.html.j2")),
    ("web/consent/form.html.j2", include_str!("../../templates/web/consent/form.html.j2")),
    ("web/consent/snippet.html.j2", include_str!("../../templates/web/consent/snippet.html.j2")),
    ("web/consent/style.html.j2", include_str!("../../templates/web/consent/style.html.j2")),
    ("web/feeds.html.j2", include_str!("../../templates/web/feeds.html.j2")),
    ("web/feed.html.j2", include_str!("../../templates/web/feed.html.j2")),
    ("web/archive.html.j2", include_str!("../../templates/web/archive.html.j2")),
    ("web/page.css.j2", include_str!("../../templates/web/page.css.j2")),
    ("web/preview.html.j2", include_str!("../../templates/web/preview.html.j2")),
    ("web/preview-files.html.j2", include_str!("../../templates/web/preview-files.html.j2")),
    ("web/preview-parts.html.j2", include_str!("../../templates/web/preview-parts.html.j2")),
    ("web/preview.css.j2", include_str!("../../templates/web/preview.css.j2")),
    ("web/feed.css.j2", include_str!("../../templates/web/feed.css.j2")),
];

/// All templates, ready to render.
#[derive(Debug)]
pub struct Templates {
    folder: Option<PathBuf>,
    environment: Environment<'static>,
    messages: Arc<Messages>,
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
        let own = folder.clone();
        let messages = Arc::new(Messages::new(folder.as_deref()));
        environment.set_loader(move |name| load(own.as_deref(), name));
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
        filters::add(&mut environment);
        words::add(&mut environment, Arc::clone(&messages));
        Self { folder, environment, messages }
    }

    /// What an operator's folder holds, the folders in it too.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        self.folder.iter().flat_map(|folder| files_below(folder, 0)).collect()
    }

    /// The catalogs of what templates say.
    #[must_use]
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// Whether there is a template with this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !matches!(self.environment.get_template(name), Err(error) if error.kind() == ErrorKind::TemplateNotFound)
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

/// Every file and folder below a folder, itself the first: a folder's stamp changes with the names in it. Folders of
/// templates are shallow.
fn files_below(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for place in entries.map(|entry| entry.path()) {
        if place.is_dir() && depth < 8 {
            found.extend(files_below(&place, depth + 1));
        } else {
            found.push(place);
        }
    }
    found
}

/// In front of a name: the template that Tidings brings along, whatever the operator's folder holds. A file that
/// replaces a template can extend the one that it replaces.
const BUILT_IN_PREFIX: &str = "built-in/";

fn load(folder: Option<&Path>, name: &str) -> Result<Option<String>, Error> {
    if name.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
        return Ok(None);
    }
    let (folder, name) = match name.strip_prefix(BUILT_IN_PREFIX) {
        Some(built_in) => (None, built_in),
        None => (folder, name),
    };
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
    let lines = error.display_debug_info().to_string();
    // What follows the lines is every variable with its value: a whole catalog.
    let _ = write!(message, "\n{}", lines.split("\n~~~").next().unwrap_or_default());
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
    fn a_file_can_extend_the_one_that_it_replaces() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("web")).unwrap();
        std::fs::write(
            folder.path().join("web/feed.css.j2"),
            "{% include 'built-in/web/feed.css.j2' %}b { }",
        )
        .unwrap();
        let css = Templates::new(Some(folder.path())).render("web/feed.css.j2", ());
        let own = Templates::new(None).render("web/feed.css.j2", ());
        assert_eq!(css.unwrap(), own.unwrap() + "b { }");
    }
}
