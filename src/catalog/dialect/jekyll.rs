//! What Jekyll reads out of paths and out of keys that are one string: categories, tags, titles.

use std::borrow::Cow;

use crate::catalog::file_name;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::problem::Position;

/// The folders whose files are articles, wherever they lie.
const POSTS: [&str; 2] = ["_posts", "_drafts"];

/// The folder of articles that `path` lies in and the folders above it, which are categories. `collections` are
/// the other folders of articles, which lie at the top.
#[must_use]
pub fn place<'a>(path: &'a str, collections: &[String]) -> Option<(&'a str, Vec<&'a str>)> {
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    if let Some(at) = folders.iter().position(|folder| POSTS.contains(folder)) {
        return Some((folders[at], folders[..at].to_vec()));
    }
    let first = *folders.first()?;
    collections.iter().any(|known| known == first).then(|| (first, Vec::new()))
}

/// `2026-5-1-salt` taken apart: Jekyll takes days and months of one figure, and years of two, which are of this century.
#[must_use]
pub fn dated(stem: &str) -> (Option<Cow<'_, str>>, &str) {
    let mut parts = stem.splitn(4, '-');
    let mut number = |digits: std::ops::RangeInclusive<usize>| {
        parts.next().filter(|text| digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
    };
    let found = number(2..=4).zip(number(1..=2)).zip(number(1..=2)).zip(parts.next());
    let Some((((year, month), day), name)) = found.filter(|(_, name)| !name.is_empty()) else {
        let (date, name) = file_name::dated(stem);
        return (date.map(Cow::Borrowed), name);
    };
    let century = if year.len() == 2 { "20" } else { "" };
    (Some(format!("{century}{year}-{month:0>2}-{day:0>2}").into()), name)
}

/// Whether YAML takes these characters without quotes for a moment: then one without a zone is in UTC.
fn is_moment_without_zone(text: &str) -> bool {
    let Some((day, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let numbers = |text: &str, between: char| {
        let parts: Vec<&str> = text.split(between).collect();
        parts.len() == 3 && parts.iter().all(|part| part.parse::<f64>().is_ok())
    };
    numbers(day, '-') && numbers(time.trim(), ':')
}

/// The table with the zone beside dates that have none where Jekyll adds it; `text` is the file.
pub fn add_zones(table: &mut Table, text: &str) {
    for (key, _, node) in &mut table.entries {
        let is_date = matches!(key.as_str(), "date" | "last_modified_at");
        let Some(written) = node.scalar().filter(|written| is_date && is_moment_without_zone(written)) else {
            continue;
        };
        let line = text.lines().nth(node.at.line - 1).unwrap_or_default();
        let is_quoted = line.chars().nth(node.at.column - 1).is_some_and(|first| "'\"".contains(first));
        if !is_quoted {
            node.value = Value::Text(format!("{written} +0000"));
        }
    }
}

/// All categories: of the folders, `categories`, where one string holds several words, and `category`.
#[must_use]
pub fn categories(table: &Table, above: &[&str]) -> Vec<Node> {
    let text = |name: &str, at| Node { value: Value::Text(name.to_owned()), at };
    let mut nodes: Vec<Node> = above.iter().map(|name| text(name, Position::START)).collect();
    nodes.extend(table.get("categories").map(words).unwrap_or_default());
    nodes.extend(table.get("category").map(items).unwrap_or_default());
    let mut seen: Vec<String> = Vec::new();
    nodes.retain(|node| {
        let name = node.scalar().unwrap_or_default().to_owned();
        let is_new = !seen.contains(&name);
        seen.push(name);
        is_new
    });
    nodes
}

/// The items of a list, or what is one item.
#[must_use]
pub fn items(node: &Node) -> Vec<Node> {
    match &node.value {
        Value::List(items) => items.clone(),
        Value::Null => Vec::new(),
        _ => vec![node.clone()],
    }
}

/// The items of a list, or the words of a string.
#[must_use]
pub fn words(node: &Node) -> Vec<Node> {
    match &node.value {
        Value::List(items) => items.clone(),
        Value::Text(text) => {
            let word = |word: &str| Node { value: Value::Text(word.to_owned()), at: node.at };
            text.split_whitespace().map(word).collect()
        }
        Value::Null => Vec::new(),
        _ => vec![node.clone()],
    }
}

/// `rye-bread` as a title: `Rye Bread`.
#[must_use]
pub fn title_of(slug: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
        })
    };
    slug.split('-').map(word).collect::<Vec<_>>().join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::front_matter;

    #[test]
    fn a_name_may_begin_with_a_short_date() {
        let table = [
            ("2020-05-01-salt", Some("2020-05-01"), "salt"),
            ("2020-5-1-salt-and-rye", Some("2020-05-01"), "salt-and-rye"),
            ("20-05-1-salt", Some("2020-05-01"), "salt"),
            ("2020-05-01", None, "2020-05-01"),
            ("salt", None, "salt"),
        ];
        for (stem, date, name) in table {
            assert_eq!(dated(stem), (date.map(Cow::Borrowed), name), "{stem}");
        }
    }

    #[test]
    fn a_moment_without_quotes_and_zone_is_in_utc() {
        let table = [
            ("2020-01-02 10:00:00", "2020-01-02 10:00:00 +0000"),
            ("2020-01-02T10:00:00.5", "2020-01-02T10:00:00.5 +0000"),
            ("\"2020-01-02 10:00:00\"", "2020-01-02 10:00:00"),
            ("2020-01-02 10:00", "2020-01-02 10:00"),
            ("2020-01-02", "2020-01-02"),
            ("2020-01-02 10:00:00 -0500", "2020-01-02 10:00:00 -0500"),
        ];
        for (written, expected) in table {
            let text = format!("---\ndate: {written}\n---\n");
            let mut table = front_matter::read(&text).unwrap().table;
            add_zones(&mut table, &text);
            assert_eq!(table.text("date"), Some(expected), "{written}");
        }
    }

    #[test]
    fn a_path_says_which_folder_of_articles_and_which_categories() {
        let collections = ["_recipes".to_owned()];
        let table = [
            ("_posts/x.md", Some(("_posts", vec![]))),
            ("food/baking/_posts/2020/x.md", Some(("_posts", vec!["food", "baking"]))),
            ("_drafts/x.md", Some(("_drafts", vec![]))),
            ("_recipes/x.md", Some(("_recipes", vec![]))),
            ("_layouts/x.md", None),
            ("about.md", None),
        ];
        for (path, expected) in table {
            assert_eq!(place(path, &collections), expected, "{path}");
        }
    }
}
