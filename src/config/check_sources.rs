//! Whether what the configuration says of sources makes sense as a whole.

use crate::catalog::source::database::Database;
use crate::catalog::source::settings::{Kind, Settings};
use crate::config::Config;
use crate::config::faults::Faults;

/// Everything that is wrong with `catalog.content` and `[[source]]`.
pub fn check(config: &Config, faults: &mut Faults<'_>) {
    let catalog = &config.catalog;
    let content = &catalog.sources.content;
    // Who has other sources and names no folder has none.
    let is_wanted = catalog.imports.is_empty() || faults.is_said(&["catalog", "content"]);
    if is_wanted && !content.is_dir() {
        let message = format!("there is no folder {}", content.display());
        faults.add(&["catalog", "content"], message, "catalog.content is where the articles are");
    }
    for (index, source) in catalog.imports.iter().enumerate() {
        check_name(config, index, faults);
        check_place(source, &index.to_string(), faults);
        check_address(source, &index.to_string(), faults);
    }
}

fn check_name(config: &Config, index: usize, faults: &mut Faults<'_>) {
    let imports = &config.catalog.imports;
    let (name, place) = (&imports[index].name, index.to_string());
    let path = ["source", place.as_str(), "name"];
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(is_plain) || name.starts_with('-') {
        let message =
            format!("the source's name {name:?} holds more than lower-case letters, digits and hyphens");
        faults.add(&path, message, "it goes into paths and permanent ids; write name = \"blog\"");
    } else if imports[..index].iter().any(|other| other.name == *name) {
        faults.add(&path, format!("two sources are named {name:?}"), "give one another name");
    } else if config.catalog.sources.content.join(name).is_dir() {
        let message =
            format!("the content folder has a folder {name:?} too: its articles could not be told apart");
        faults.add(&path, message, "give the source another name");
    }
    if imports[index].category.as_ref().is_some_and(|category| !category.chars().any(char::is_alphanumeric)) {
        faults.add(
            &["source", &place, "category"],
            "the category has no letter or digit",
            "write category = \"news\"",
        );
    }
}

/// Each kind has its own way to say where it is.
fn check_place(source: &Settings, index: &str, faults: &mut Faults<'_>) {
    let given = [
        ("file", source.file.is_some()),
        ("folder", source.folder.is_some()),
        ("url", source.url.is_some()),
        ("database", source.database.is_some()),
        ("query", source.query.is_some()),
    ];
    let (wanted, hint): (&[&str], _) = match source.kind {
        Kind::Jsonl => (&["file"], "write file = \"articles.jsonl\""),
        Kind::Wordpress => (&["file"], "write file = \"export.xml\": Tools, Export in WordPress"),
        Kind::Pages => (&["folder"], "write folder = \"public\": where the site's generator writes to"),
        Kind::Feed if source.url.is_some() => (&["url"], "write url = \"https://…\" or file = \"feed.xml\""),
        Kind::Feed => (&["file"], "write url = \"https://example.org/feed.xml\" or file = \"feed.xml\""),
        Kind::Sql => {
            (&["database", "query"], "write database = \"sqlite:cms.sqlite\" and query = \"SELECT …\"")
        }
    };
    let kind = source.kind.as_str();
    for (key, is_given) in given {
        if wanted.contains(&key) && !is_given {
            faults.add(&["source", index], format!("a source of kind {kind:?} needs `{key}`"), hint);
        } else if is_given && !wanted.contains(&key) {
            let message = format!("a source of kind {kind:?} has no `{key}`");
            faults.add(&["source", index, key], message, hint);
        }
    }
}

fn check_address(source: &Settings, index: &str, faults: &mut Faults<'_>) {
    if let Some(url) = &source.url {
        let is_web = url.scheme() == "https" || url.scheme() == "http" && source.allow_private;
        if !is_web {
            let message = format!("{url} is not fetched over https");
            let hint = "write https://; within your own network, allow_private = true allows http";
            faults.add(&["source", index, "url"], message, hint);
        }
    }
    if source.timeout.is_zero() {
        faults.add(&["source", index, "timeout"], "the timeout is 0", "30s is usual");
    }
    if let Some((message, hint)) = source.database.as_ref().and_then(Database::fault) {
        faults.add(&["source", index, "database"], message, hint);
    }
}
