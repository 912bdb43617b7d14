//! What Liquid and Nunjucks print: a value and filters. Only what follows from the article and the site is known.

use chrono::DateTime;
use chrono::format::{Item, StrftimeItems};

use crate::catalog::dialect::names;
use crate::catalog::dialect::tags::{Arguments, find_outside_quotes};
use crate::catalog::file_name;
use crate::catalog::permalink::Parts;
use crate::catalog::slug::Slug;

/// What names stand for.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What `value | filter: argument` comes to; `None` where a part of it is not known.
#[must_use]
pub fn evaluate(expression: &str, lookup: Lookup<'_>) -> Option<String> {
    let (first, mut rest) = cut(expression);
    let mut value = match first.chars().next()? {
        '"' | '\'' => Arguments::read(first).plain.into_iter().next()?,
        letter if letter.is_ascii_digit() => first.to_owned(),
        _ => lookup(first).or_else(|| rest.trim_start().starts_with("default").then(String::new))?,
    };
    while !rest.is_empty() {
        let (step, next) = cut(rest);
        value = filter(value, step, lookup)?;
        rest = next;
    }
    Some(value)
}

/// Up to the next bar, and behind it.
fn cut(expression: &str) -> (&str, &str) {
    match find_outside_quotes(expression, "|", "\"'") {
        Some(at) => (expression[..at].trim(), expression[at + 1..].trim()),
        None => (expression.trim(), ""),
    }
}

fn filter(value: String, step: &str, lookup: Lookup<'_>) -> Option<String> {
    let end = step.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(step.len());
    let (name, given) = step.split_at(end);
    let given = given.trim_matches(|letter: char| letter.is_whitespace() || ":()".contains(letter));
    let arguments: Vec<String> = if given.is_empty() {
        Vec::new()
    } else if given.starts_with(['"', '\'']) {
        Arguments::read(given).plain
    } else {
        vec![lookup(given).unwrap_or_else(|| given.to_owned())]
    };
    let argument = arguments.first();
    Some(match name {
        "relative_url" | "absolute_url" | "url" | "htmlBaseUrl" if value.contains("://") => value,
        // A path under the site becomes a whole address with the rest of the body.
        "relative_url" | "url" => format!("/{}", value.trim_start_matches('/')),
        "absolute_url" | "htmlBaseUrl" => {
            format!("{}/{}", lookup("site.url")?, value.trim_start_matches('/'))
        }
        "strip" | "trim" | "lstrip" | "rstrip" => value.trim().to_owned(),
        "downcase" | "lower" => value.to_lowercase(),
        "upcase" | "upper" => value.to_uppercase(),
        "capitalize" => {
            let mut letters = value.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
        "slugify" => names::slugify(&value),
        "slug" => Slug::from_title(&value)?.to_string(),
        "append" => value + argument?,
        "prepend" => format!("{}{value}", argument?),
        "remove" => value.replace(argument?, ""),
        "replace" => value.replace(argument?, arguments.get(1)?),
        "default" if value.is_empty() => argument?.clone(),
        "default"
        | "escape"
        | "escape_once"
        | "xml_escape"
        | "safe"
        | "raw"
        | "markdownify"
        | "cgi_escape"
        | "uri_escape"
        | "url_encode"
        | "smartify"
        | "normalize_whitespace"
        | "date_to_xmlschema" => value,
        "date" => dated(&value, argument?)?,
        "date_to_string" => dated(&value, "%d %b %Y")?,
        "date_to_long_string" => dated(&value, "%d %B %Y")?,
        _ => return None,
    })
}

fn dated(value: &str, format: &str) -> Option<String> {
    let date = DateTime::parse_from_rfc3339(value).ok()?;
    // A format that is not understood would panic when it is shown.
    let is_sound = format.contains('%') && !StrftimeItems::new(format).any(|item| item == Item::Error);
    is_sound.then(|| date.format(format).to_string())
}

/// A template of text and `{{ expressions }}` filled in; `None` where anything in it is not known.
#[must_use]
pub fn fill(template: &str, lookup: Lookup<'_>) -> Option<String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{") {
        let end = find_outside_quotes(behind, "}}", "\"'")?;
        filled.push_str(before);
        filled.push_str(&evaluate(behind[..end].trim_matches('-'), lookup)?);
        rest = &behind[end + 2..];
    }
    filled.push_str(rest);
    (!filled.contains("{%")).then_some(filled)
}

/// The address that an Eleventy permalink gives: `/notes/{{ page.fileSlug }}/index.html`.
#[must_use]
pub fn permalink(template: &str, parts: &Parts<'_>) -> Option<String> {
    let stem = file_name::stem(parts.path);
    let date_free = file_name::dated(stem).1;
    let folder = parts.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let lookup = |name: &str| match name {
        "page.fileSlug" => Some(date_free.to_owned()),
        "page.filePathStem" if file_name::is_bundle(parts.path) => Some(format!("/{folder}/index")),
        "page.filePathStem" => Some(format!("/{folder}/{date_free}")),
        "page.date" | "date" => parts.date.map(|date| date.to_rfc3339()),
        "title" => Some(parts.title.to_owned()),
        "category" => parts.categories.first().map(ToString::to_string),
        _ => None,
    };
    let filled = fill(template, &lookup)?;
    let path = filled.strip_suffix("index.html").unwrap_or(&filled);
    Some(format!("/{}", path.trim_start_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_through_its_filters() {
        let lookup = |name: &str| match name {
            "site.url" => Some("https://example.org/blog".to_owned()),
            "page.title" => Some("Rye & Salt".to_owned()),
            "page.date" => Some("2020-01-02T03:04:05+00:00".to_owned()),
            _ => None,
        };
        let table = [
            ("page.title", Some("Rye & Salt")),
            ("page.title | slugify | append: '.html'", Some("rye-and-salt.html")),
            ("\"/a | b\" | relative_url", Some("/a | b")),
            ("'x' | absolute_url", Some("https://example.org/blog/x")),
            ("page.date | date: \"%Y/%m\"", Some("2020/01")),
            ("page.date | date: '%Q'", None),
            ("page.date | date('%d')", Some("02")),
            ("page.subtitle | default: 'none'", Some("none")),
            ("page.title | replace: 'Rye', 'Oat'", Some("Oat & Salt")),
            ("page.subtitle", None),
            ("page.title | unknown", None),
            ("", None),
        ];
        for (expression, expected) in table {
            assert_eq!(evaluate(expression, &lookup).as_deref(), expected, "{expression}");
        }
        assert_eq!(fill("/{{ page.title | slug }}/x", &lookup).as_deref(), Some("/rye-salt/x"));
        assert_eq!(fill("/{{ page.title | slug /x", &lookup), None);
    }
}
