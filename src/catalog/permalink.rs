//! Addresses by pattern: `/{category}/{slug}/`, and the patterns of other generators translated into such.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, FixedOffset};

use crate::catalog::dialect::generator::Dialect;
use crate::catalog::slug::Slug;

/// What may stand in a pattern between braces.
pub const TOKENS: [&str; 26] = [
    "category",
    "categories",
    "section",
    "sections",
    "collection",
    "path",
    "name",
    "slug",
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
    /// Whether its author named them; else they follow from its folder.
    pub are_given: bool,
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
            Some(text) => address.push_str(&text),
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
    let dated = |format: &str| {
        let text = parts.date.map(|date| date.format(format).to_string());
        Some(Cow::Owned(text.unwrap_or_else(|| "undated".to_owned())))
    };
    let joined = |slugs: &[Slug]| slugs.iter().map(Slug::as_str).collect::<Vec<_>>().join("/");
    match token {
        "category" => Some(parts.categories.first().map_or("", Slug::as_str).to_owned().into()),
        // Jekyll writes the hierarchy in lower case.
        "categories" if !parts.are_given => Some("".into()),
        "categories" => Some(joined(parts.categories).to_lowercase().into()),
        "section" => Some(sections(parts).into_iter().next().unwrap_or_default().into()),
        "sections" => Some(sections(parts).join("/").into()),
        "collection" => Some(parts.path.split('/').next().unwrap_or_default().trim_start_matches('_').into()),
        "path" => Some(parts.path.rsplit_once('/').map_or("", |(folder, _)| folder).into()),
        "name" => Some(parts.name.into()),
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
        _ => None,
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
    let named = |folder: &&str| parts.dialect.slug(folder).map(|slug| slug.to_string());
    folders.iter().filter_map(named).collect()
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
        let (name, tail) = behind.split_at(end);
        translated.push_str(before);
        match (dialect, name) {
            (_, "output_ext") => translated.push_str(".html"),
            // Jekyll's title is the file's; Hugo's is the article's.
            (Dialect::Jekyll, "title") | (_, "slugorfilename" | "slugorcontentbasename") => {
                translated.push_str("{slug}");
            }
            (Dialect::Jekyll, "path") | (_, "filename" | "contentbasename") => translated.push_str("{name}"),
            (_, "slugified_categories") => translated.push_str("{categories}"),
            (_, "monthname") => translated.push_str("{long_month}"),
            (_, "yearday") => translated.push_str("{y_day}"),
            (_, token) if TOKENS.contains(&token) => translated.extend(["{", token, "}"]),
            // An address with a scheme or port, or a token that nobody knows.
            (_, other) => translated.extend([":", other]),
        }
        rest = tail;
    }
    translated.push_str(rest);
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
        let date = DateTime::parse_from_rfc3339("2020-02-03T04:05:06Z").ok();
        let parts = |dialect, path| Parts {
            dialect,
            path,
            slug: &slug,
            name: "rye",
            title: "Rye bread, at last",
            categories: &categories,
            are_given: true,
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
            (Dialect::Jekyll, "_recipes/x.md", "/:collection/:name", "/recipes/rye"),
            (Dialect::Hugo, "Posts/New/x.md", "/:sections/:title/", "/posts/new/rye-bread-at-last/"),
            (Dialect::Hugo, "posts/x/index.md", ":section/:yearday/:filename", "/posts/034/rye"),
            (Dialect::Hugo, "x.md", "/{sections}/{slug}/", "/Rye-Bread/"),
            (Dialect::Eleventy, "b/Rye-Bread/Rye-Bread.md", "/{sections}/{slug}/", "/b/Rye-Bread/"),
        ];
        for (dialect, path, written, expected) in table {
            assert_eq!(expand(&pattern(written, dialect), &parts(dialect, path)), expected, "{written}");
        }
    }
}
