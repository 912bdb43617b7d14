//! Addresses by pattern: `/{category}/{slug}/`, and the patterns of other generators translated into such.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, FixedOffset};

use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::names;
use crate::catalog::file_name;
use crate::catalog::problem::Position;
use crate::catalog::slug::Slug;

/// What may stand in a pattern between braces.
pub const TOKENS: [&str; 32] = [
    "category",
    "categories",
    "section",
    "sections",
    "collection",
    "path",
    "name",
    "slug",
    "slug_or_title",
    "plain_slug",
    "plain_name",
    "file",
    "slugified_categories",
    "title",
    "year",
    "short_year",
    "month",
    "i_month",
    "short_month",
    "long_month",
    "day",
    "i_day",
    "y_day",
    "hour",
    "minute",
    "second",
    "w_year",
    "week",
    "w_day",
    "short_day",
    "long_day",
    "weekday",
];

/// What an article's address is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Whose rules make names of folders fit for an address.
    pub dialect: Dialect,
    /// Path under the content folder.
    pub path: &'a str,
    /// The article's name in addresses.
    pub slug: &'a Slug,
    /// Its file's name in addresses, whatever `slug` says.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its categories, the first one first.
    pub categories: &'a [Slug],
    /// The same as they are written.
    pub category_names: &'a [(String, Position)],
    /// Whether its author named them; else they follow from its folder.
    pub are_given: bool,
    /// Whether its author gave the slug.
    pub has_own_slug: bool,
    /// Its date, in the zone that counts.
    pub date: Option<DateTime<FixedOffset>>,
}

/// The path of an article's page under the site. What is no token stays as it is.
#[must_use]
pub fn expand(pattern: &str, parts: &Parts<'_>) -> String {
    let mut address = String::with_capacity(pattern.len() + 40);
    let mut rest = pattern;
    while let Some((before, (token, behind))) =
        rest.split_once('{').and_then(|(before, open)| Some((before, open.split_once('}')?)))
    {
        address.push_str(before);
        match value(token, parts) {
            Some(text) => address.push_str(&names::in_path(&text)),
            None => address.extend(["{", token, "}"]),
        }
        rest = behind;
    }
    address.push_str(rest);
    while address.contains("//") {
        address = address.replace("//", "/");
    }
    address
}

fn value<'a>(token: &str, parts: &Parts<'a>) -> Option<Cow<'a, str>> {
    let is_hugo = parts.dialect == Dialect::Hugo;
    let dated = |format: &str| {
        let text = parts.date.map(|date| date.format(format).to_string());
        // Hugo's addresses are in lower case.
        let text = text.map(|text| if is_hugo { text.to_lowercase() } else { text });
        Some(Cow::Owned(text.unwrap_or_else(|| "undated".to_owned())))
    };
    let joined = |slugs: &[Slug]| slugs.iter().map(Slug::as_str).collect::<Vec<_>>().join("/");
    match token {
        "category" => Some(parts.categories.first().map_or("", Slug::as_str).to_owned().into()),
        "categories" | "slugified_categories" if !parts.are_given => Some("".into()),
        "categories" if parts.dialect == Dialect::Jekyll => Some(of_jekyll(parts, str::to_lowercase)),
        "slugified_categories" => Some(of_jekyll(parts, names::jekyll_slug)),
        "categories" => Some(joined(parts.categories).to_lowercase().into()),
        "file" => Some(file(parts).into()),
        "section" => Some(sections(parts).into_iter().next().unwrap_or_default().into()),
        "sections" => Some(sections(parts).join("/").into()),
        "collection" => Some(parts.path.split('/').next().unwrap_or_default().trim_start_matches('_').into()),
        "path" => Some(parts.path.rsplit_once('/').map_or("", |(folder, _)| folder).into()),
        "name" => Some(parts.name.into()),
        "slug_or_title" if !parts.has_own_slug => Some(names::hugo_title(parts.title).into()),
        "slug_or_title" => Some(names::hugo_slug_in_pattern(parts.slug.as_str()).into()),
        "plain_slug" => Some(names::jekyll_slug(parts.slug.as_str()).into()),
        "plain_name" => Some(names::jekyll_slug(file_name::stem(parts.path)).into()),
        "title" if is_hugo => Some(names::hugo_title(parts.title).into()),
        "slug" => Some(parts.slug.as_str().to_owned().into()),
        "title" => {
            Some(Slug::from_title(parts.title).as_ref().unwrap_or(parts.slug).as_str().to_owned().into())
        }
        "year" => {
            Some(parts.date.map_or_else(|| "undated".into(), |date| format!("{:04}", date.year()).into()))
        }
        "short_year" => dated("%y"),
        "month" => dated("%m"),
        "i_month" => dated("%-m"),
        "short_month" => dated("%b"),
        "long_month" => dated("%B"),
        "day" => dated("%d"),
        "i_day" => dated("%-d"),
        "y_day" if is_hugo => dated("%-j"),
        "y_day" => dated("%j"),
        "hour" => dated("%H"),
        "minute" => dated("%M"),
        "second" => dated("%S"),
        // Weeks as ISO 8601 counts them.
        "w_year" => dated("%G"),
        "week" => dated("%V"),
        "w_day" => dated("%u"),
        "short_day" => dated("%a"),
        "long_day" => dated("%A"),
        // Hugo counts them from Sunday, which is 0.
        "weekday" => dated("%w"),
        _ => slice(token.strip_prefix("sections[")?.strip_suffix(']')?, &sections(parts)),
    }
}

/// The folders above the article, or above the folder that is its own, as they are in addresses.
fn sections(parts: &Parts<'_>) -> Vec<String> {
    let mut folders: Vec<&str> = parts.path.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    if file.starts_with("index.") {
        folders.pop();
    }
    // Eleventy serves oats/oats.md as /oats/.
    if parts.dialect == Dialect::Eleventy && folders.last() == Some(&parts.slug.as_str()) {
        folders.pop();
    }
    let named = |folder: &&str| parts.dialect.name(folder).map(|slug| slug.to_string());
    folders.iter().filter_map(named).collect()
}

/// Hugo's `:sections[1:]`: the sections from one to before another, or one, or the `last`.
fn slice(which: &str, sections: &[String]) -> Option<Cow<'static, str>> {
    let number = |text: &str, otherwise: usize| match text {
        "" => Some(otherwise),
        "last" => Some(sections.len().saturating_sub(1)),
        _ => text.parse().ok().map(|number: usize| number.min(sections.len())),
    };
    let (from, to) = match which.split_once(':') {
        Some((from, to)) => (number(from, 0)?, number(to, sections.len())?),
        None => (number(which, 0)?, number(which, 0)?.saturating_add(1).min(sections.len())),
    };
    Some(sections.get(from..to).unwrap_or_default().join("/").into())
}

/// The categories as Jekyll puts them into addresses: each once, in the words of the author.
fn of_jekyll(parts: &Parts<'_>, made: impl Fn(&str) -> String) -> Cow<'static, str> {
    let mut found: Vec<String> = Vec::new();
    for (name, _) in parts.category_names {
        let name = made(name);
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found.join("/").replace("..", "/").into()
}

/// The path without its ending; for Jekyll without the folder of its collection too.
fn file<'a>(parts: &Parts<'a>) -> &'a str {
    let path = parts.path.rsplit_once('.').map_or(parts.path, |(path, _)| path);
    let within = path.strip_prefix('_').and_then(|path| path.split_once('/'));
    within.filter(|_| parts.dialect == Dialect::Jekyll).map_or(path, |(_, path)| path)
}

/// A pattern as generators write it, `pretty` or `/:year/:title/`, in our own words.
#[must_use]
pub fn pattern(written: &str, dialect: Dialect) -> String {
    let written = match (dialect, written.trim()) {
        (Dialect::Jekyll, "date") => "/:categories/:year/:month/:day/:title:output_ext",
        (Dialect::Jekyll, "pretty") => "/:categories/:year/:month/:day/:title/",
        (Dialect::Jekyll, "weekdate") => "/:categories/:year/W:week/:short_day/:title:output_ext",
        (Dialect::Jekyll, "ordinal") => "/:categories/:year/:y_day/:title:output_ext",
        (Dialect::Jekyll, "none") => "/:categories/:title:output_ext",
        (_, other) => other,
    };
    translated(written, dialect)
}

/// The same without names of styles: front matter can't give those.
#[must_use]
pub fn translated(written: &str, dialect: Dialect) -> String {
    let mut translated = String::with_capacity(written.len() + 8);
    let mut rest = written;
    while let Some((before, behind)) = rest.split_once(':') {
        let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(behind.len());
        let (name, mut tail) = behind.split_at(end);
        translated.push_str(before);
        match (dialect, name) {
            (_, "output_ext") => translated.push_str(".html"),
            // Jekyll's title is the file's; Hugo's is the article's.
            (Dialect::Jekyll, "title") | (_, "slugorfilename" | "slugorcontentbasename") => {
                translated.push_str("{slug}");
            }
            (Dialect::Jekyll, "path") => translated.push_str("{file}"),
            (Dialect::Jekyll, "slug" | "name") => translated.extend(["{plain_", name, "}"]),
            (Dialect::Hugo, "slug") => translated.push_str("{slug_or_title}"),
            (Dialect::Hugo, "sections") if tail.starts_with('[') && tail.contains(']') => {
                let (which, behind) = tail.split_once(']').unwrap_or((tail, ""));
                translated.extend(["{sections", which, "]}"]);
                tail = behind;
            }
            (_, "filename" | "contentbasename") => translated.push_str("{name}"),
            (_, "weekdayname") => translated.push_str("{long_day}"),
            (_, "monthname") => translated.push_str("{long_month}"),
            (_, "yearday") => translated.push_str("{y_day}"),
            (_, token) if TOKENS.contains(&token) => translated.extend(["{", token, "}"]),
            // An address with a scheme or port, or a token that nobody knows.
            (_, other) => translated.extend([":", other]),
        }
        rest = tail;
    }
    translated.push_str(rest);
    // Hugo makes a folder of every page that has no ending of its own.
    let has_ending = translated.rsplit('/').next().is_none_or(|last| last.is_empty() || last.contains('.'));
    if dialect == Dialect::Hugo && !has_ending {
        translated.push('/');
    }
    if translated.starts_with('/') || translated.contains("://") {
        translated
    } else {
        format!("/{translated}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_every_generator_give_its_addresses() {
        let slug = Slug::from_name("Rye-Bread").unwrap();
        let categories = [Slug::from_title("Food").unwrap(), Slug::from_title("Baking").unwrap()];
        let names = ["Food", "Baking"].map(|name| (name.to_owned(), Position::START));
        let date = DateTime::parse_from_rfc3339("2020-02-03T04:05:06Z").ok();
        let parts = |dialect, path| Parts {
            dialect,
            path,
            slug: &slug,
            name: "rye",
            title: "Rye bread, at last",
            categories: &categories,
            category_names: &names,
            are_given: true,
            has_own_slug: true,
            date,
        };
        let table = [
            (Dialect::Tidings, "a/x.md", "/{category}/{slug}/", "/food/Rye-Bread/"),
            (Dialect::Tidings, "a/b/x.md", "/{path}/{year}/{unknown}", "/a/b/2020/{unknown}"),
            (Dialect::Jekyll, "_posts/x.md", "date", "/food/baking/2020/02/03/Rye-Bread.html"),
            (Dialect::Jekyll, "_posts/x.md", "pretty", "/food/baking/2020/02/03/Rye-Bread/"),
            (Dialect::Jekyll, "_posts/x.md", "ordinal", "/food/baking/2020/034/Rye-Bread.html"),
            (Dialect::Jekyll, "_posts/x.md", "weekdate", "/food/baking/2020/W06/Mon/Rye-Bread.html"),
            (Dialect::Jekyll, "_posts/x.md", "none", "/food/baking/Rye-Bread.html"),
            (Dialect::Jekyll, "_posts/x.md", "/:short_year-:i_month-:i_day/:title", "/20-2-3/Rye-Bread"),
            (Dialect::Jekyll, "_recipes/x.md", "/:collection/:name/:path", "/recipes/x/x"),
            (Dialect::Hugo, "Posts/New/x.md", "/:sections/:title/", "/posts/new/rye-bread-at-last/"),
            (Dialect::Hugo, "posts/x/index.md", ":section/:yearday/:filename", "/posts/34/rye/"),
            (Dialect::Hugo, "x.md", "/{sections}/{slug}/", "/Rye-Bread/"),
            (Dialect::Hugo, "A b/C/x.md", ":sections[1:]/:sections[last]/:sections[0]", "/c/c/a-b/"),
            (
                Dialect::Hugo,
                "x.md",
                "/:monthname/:weekdayname/:weekday/:slug",
                "/february/monday/1/rye-bread/",
            ),
            (Dialect::Hugo, "x.md", "/x.html", "/x.html"),
            (Dialect::Eleventy, "b/Rye-Bread/Rye-Bread.md", "/{sections}/{slug}/", "/b/Rye-Bread/"),
        ];
        for (dialect, path, written, expected) in table {
            assert_eq!(expand(&pattern(written, dialect), &parts(dialect, path)), expected, "{written}");
        }
    }
}
