//! What templates say in the language of what they render. It is the variable `language`, which every context has.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use fluent_bundle::FluentArgs;
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use crate::language::locale;
use crate::language::messages::Messages;

/// Makes them known to all templates.
pub(super) fn add(environment: &mut Environment<'static>, messages: Arc<Messages>) {
    let say = move |state: &State<'_, '_>, id: &str, arguments: Kwargs| say(&messages, state, id, &arguments);
    environment.add_function("t", say);
    environment.add_filter("day", day);
    environment.add_filter("weekday", weekday);
    environment.add_filter("number", number);
    environment.add_filter("listed", listed);
}

/// `{{ t("articles", count=3) }}`: the message `articles` of the language's catalog.
fn say(messages: &Messages, state: &State<'_, '_>, id: &str, given: &Kwargs) -> Result<String, Error> {
    let mut arguments = FluentArgs::new();
    for name in given.args() {
        let value: Value = given.get(name)?;
        match i64::try_from(value.clone()) {
            Ok(number) if value.kind() == ValueKind::Number => arguments.set(name.to_owned(), number),
            _ => arguments.set(name.to_owned(), value.to_string()),
        }
    }
    let said = messages.say(&language(state), id, &arguments);
    said.map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

/// `{{ article.date | day }}`: `7 December 2026`, as the language writes it.
fn day(state: &State<'_, '_>, moment: &str) -> Result<String, Error> {
    Ok(locale::day(&language(state), date(moment)?))
}

/// `{{ issue.date | weekday }}`: `Monday, 7 December 2026`, as the language writes it.
fn weekday(state: &State<'_, '_>, moment: &str) -> Result<String, Error> {
    Ok(locale::weekday(&language(state), date(moment)?))
}

/// `{{ 12345 | number }}`: `12,345`, as the language writes it.
fn number(state: &State<'_, '_>, number: i64) -> String {
    locale::number(&language(state), number)
}

/// `{{ ["Ana", "Bo"] | listed }}`: `Ana and Bo`, as the language writes it.
#[allow(clippy::needless_pass_by_value)] // filters own their arguments
fn listed(state: &State<'_, '_>, items: Vec<String>) -> String {
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    locale::list(&language(state), &items)
}

fn language(state: &State<'_, '_>) -> String {
    let language = state.lookup("language");
    language.and_then(|language| language.as_str().map(str::to_owned)).unwrap_or_else(|| "en".to_owned())
}

/// The day of an RFC 3339 moment, in its own offset.
fn date(moment: &str) -> Result<NaiveDate, Error> {
    DateTime::parse_from_rfc3339(moment)
        .map(|moment| moment.date_naive())
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, format!("{moment:?} is no moment: {error}")))
}

#[cfg(test)]
mod tests {
    use crate::templates::environment::Templates;

    fn render(language: &str, source: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.html.j2"), source).unwrap();
        let context =
            serde_json::json!({ "language": language, "title": "A & B", "at": "2026-12-07T23:30:00+02:00" });
        Templates::new(Some(folder.path())).render("a.html.j2", context).unwrap_or_else(|error| error.message)
    }

    #[test]
    fn words_are_those_of_the_language_and_escaped() {
        let source = "{{ t(\"and-more-in\", count=1200, category=title) }}, {{ at | day }}";
        assert_eq!(render("en-GB", source), "And 1,200 more in A &amp; B, 7 December 2026");
        assert_eq!(render("de", source), "Und 1.200 weitere in A &amp; B, 7. Dezember 2026");
    }

    #[test]
    fn a_message_that_is_missing_or_lacks_an_argument_names_itself_and_the_template() {
        let said = render("de", "\n{{ t('nothing') }}");
        assert!(
            said.contains("no catalog has a message \"nothing\"") && said.contains("a.html.j2:2"),
            "{said}"
        );
        let said = render("de", "{{ t('articles') }}");
        assert!(said.contains("messages/de.ftl") && said.contains("count"), "{said}");
    }
}
