//! What Jekyll reads out of paths and out of keys that are one string: categories, tags, titles.

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

/// All categories: of the folders, `category`, and `categories`, where one string holds several words.
#[must_use]
pub fn categories(table: &Table, above: &[&str]) -> Vec<Node> {
    let text = |name: &str, at| Node { value: Value::Text(name.to_owned()), at };
    let mut nodes: Vec<Node> = above.iter().map(|name| text(name, Position::START)).collect();
    nodes.extend(table.get("category").filter(|node| node.scalar().is_some()).cloned());
    nodes.extend(table.get("categories").map(words).unwrap_or_default());
    let mut seen: Vec<String> = Vec::new();
    nodes.retain(|node| {
        let name = node.scalar().unwrap_or_default().to_owned();
        let is_new = !seen.contains(&name);
        seen.push(name);
        is_new
    });
    nodes
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
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    slug.split(['-', '_']).map(word).collect::<Vec<_>>().join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

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
