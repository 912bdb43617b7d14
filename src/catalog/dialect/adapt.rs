//! Front matter of other generators in the shape that the reader knows: keys lifted out of tables, lists made of
//! strings, and what a generator does not publish told apart.

use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::habits::Habits;
use crate::catalog::dialect::jekyll;
use crate::catalog::front_matter::value::{Node, Table, Value};
use crate::catalog::problem::Position;

/// What a table of one's own keys may say of the article too.
const HINTS: [&str; 9] =
    ["author", "authors", "image", "images", "cover", "thumbnail", "image_alt", "categories", "category"];

/// Tags that put an article into a list of the site's, and tell readers nothing.
const MARKERS: [&str; 8] = ["all", "nav", "post", "posts", "blog", "article", "articles", "featured"];

/// The table with the keys of a page that is no article.
#[must_use]
pub fn keys(mut table: Table, dialect: Dialect) -> Table {
    if dialect == Dialect::Hugo {
        lower(&mut table);
    }
    table
}

/// The table in our own shape; `text` is the whole file, where the table stands.
///
/// # Errors
/// Why the generator does not publish the article, or not as one.
pub fn adapt(mut table: Table, text: &str, path: &str, habits: &Habits) -> Result<Table, &'static str> {
    match habits.dialect {
        Dialect::Tidings | Dialect::Astro => {}
        Dialect::Hugo => {
            lower(&mut table);
            lift(&mut table, "params", &HINTS);
            date_of_published(&mut table);
            let builds = ["build", "_build"].iter().find_map(|key| inner(&table, key));
            let never = |key: &str| {
                builds.and_then(|table| table.text(key)).is_some_and(|word| matches!(word, "never" | "false"))
            };
            if table.text("headless") == Some("true") {
                return Err("headless: a bundle for other pages");
            }
            if never("list") || never("render") {
                return Err("its build options keep it out of lists");
            }
        }
        Dialect::Zola => {
            lift(&mut table, "taxonomies", &["categories", "category", "tags", "authors", "author"]);
            lift(&mut table, "extra", &HINTS);
            if table.text("render") == Some("false") {
                return Err("render = false: it has no page");
            }
        }
        Dialect::Jekyll => {
            jekyll::add_zones(&mut table, text);
            adapt_jekyll(&mut table, path, habits);
        }
        Dialect::Eleventy => adapt_eleventy(&mut table, path, habits)?,
    }
    Ok(table)
}

fn adapt_jekyll(table: &mut Table, path: &str, habits: &Habits) {
    let place = jekyll::place(path, &habits.collections);
    let above = place.as_ref().map(|(_, above)| above.as_slice()).unwrap_or_default();
    let categories = jekyll::categories(table, above);
    let at = ["categories", "category"].into_iter().find_map(|key| table.position(key));
    table.entries.retain(|(key, _, _)| key != "category");
    set(table, "categories", list(categories, at.unwrap_or(Position::START)));
    let tags = match table.get("tag") {
        Some(tag) => Some(list(jekyll::items(tag), tag.at)),
        None => table.get("tags").map(|tags| list(jekyll::words(tags), tags.at)),
    };
    if let Some(tags) = tags {
        set(table, "tags", tags);
    }
    if place.is_some_and(|(place, _)| place == "_drafts") {
        set(table, "draft", Node { value: Value::Bool(true), at: Position::START });
    }
}

fn adapt_eleventy(table: &mut Table, path: &str, habits: &Habits) -> Result<(), &'static str> {
    // The nearest folder's data wins over those further up; front matter wins over all.
    for (at, _) in path.rmatch_indices('/') {
        let Some(data) = habits.folder_data.get(&path[..at]) else { continue };
        for (key, _, node) in &data.entries {
            // Tags of all levels are added up.
            if key == "tags" && table.get("tags").is_some() {
                let mut all = table.get("tags").map(items).unwrap_or_default();
                all.extend(items(node));
                let at = table.position("tags").unwrap_or(Position::START);
                set(table, "tags", list(all, at));
            } else if table.get(key).is_none() {
                // It stands in another file: the article's start is the nearest place to show.
                table.entries.push((key.clone(), Position::START, node_at_start(node)));
            }
        }
    }
    if table.text("permalink") == Some("false") {
        return Err("permalink: false: it has no page");
    }
    if table.text("eleventyExcludeFromCollections") == Some("true") {
        return Err("eleventyExcludeFromCollections: it is in no list");
    }
    if let Some(tags) = table.get("tags") {
        let folders: Vec<&str> = path.split('/').collect();
        let is_marker = |tag: &str| {
            let of_folder = |folder: &&str| *folder == tag || folder.strip_suffix('s') == Some(tag);
            MARKERS.contains(&tag) || folders.iter().any(of_folder)
        };
        let mut kept = items(tags);
        kept.retain(|node| node.scalar().is_none_or(|tag| !is_marker(tag)));
        let at = tags.at;
        set(table, "tags", list(kept, at));
    }
    Ok(())
}

/// The items of a list, or of a text with commas.
fn items(node: &Node) -> Vec<Node> {
    let Value::Text(text) = &node.value else { return jekyll::items(node) };
    let item = |text: &str| Node { value: Value::Text(text.trim().to_owned()), at: node.at };
    text.split(',').map(item).collect()
}

fn node_at_start(node: &Node) -> Node {
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(node_at_start).collect()),
        other => other.clone(),
    };
    Node { value, at: Position::START }
}

/// Keys are the same in any case to Hugo.
fn lower(table: &mut Table) {
    for (key, _, _) in &mut table.entries {
        *key = key.to_lowercase();
    }
}

/// `published` is a date to Hugo, if it is no truth value.
fn date_of_published(table: &mut Table) {
    let is_date = table.text("published").is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    if is_date && ["publishdate", "pubdate"].iter().all(|key| table.get(key).is_none()) {
        for (key, _, _) in &mut table.entries {
            if key == "published" {
                "publishdate".clone_into(key);
            }
        }
    }
}

fn inner<'a>(table: &'a Table, key: &str) -> Option<&'a Table> {
    match table.get(key).map(|node| &node.value) {
        Some(Value::Table(inner)) => Some(inner),
        _ => None,
    }
}

/// What the table `name` says under `keys` counts as said by the article, unless the article says it itself.
fn lift(table: &mut Table, name: &str, keys: &[&str]) {
    let Some(Value::Table(inner)) = table.get(name).map(|node| node.value.clone()) else { return };
    for (key, at, node) in inner.entries {
        let key = if name == "params" { key.to_lowercase() } else { key };
        if keys.contains(&key.as_str()) && table.get(&key).is_none() {
            table.entries.push((key, at, node));
        }
    }
}

fn list(items: Vec<Node>, at: Position) -> Node {
    Node { value: Value::List(items), at }
}

fn set(table: &mut Table, key: &str, node: Node) {
    match table.entries.iter_mut().find(|(name, _, _)| name == key) {
        Some((_, _, old)) => *old = node,
        None => table.entries.push((key.to_owned(), node.at, node)),
    }
}
