//! Holds ARCHITECTURE.md against the code: who imports whom, which crate is named where, how long files are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A file that is longer holds two ideas.
const LONGEST: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file under `src`, by its path from the root, with its text.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let shown = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                files.push((shown, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(files.len() > 50, "the sources were found");
    files
}

/// The rows of the table in ARCHITECTURE.md whose head begins with `head`.
fn table(head: &str) -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows: Vec<_> = text
        .lines()
        .skip_while(|line| !line.starts_with(&format!("| {head} |")))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let list = cells[1]
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
                .collect();
            (cells[0].trim_matches('`').to_owned(), list)
        })
        .collect();
    assert!(!rows.is_empty(), "no table {head:?} in ARCHITECTURE.md");
    rows
}

/// The lines of a file that are code, without the tests at its end.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The parts that a line names behind `crate::`.
fn named_parts(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn parts_import_only_what_the_table_allows() {
    let allowed: BTreeMap<String, Vec<String>> = table("part").into_iter().collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let part =
            path.trim_start_matches("src/").split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        if part == "main" || part == "lib" {
            continue;
        }
        let Some(may) = allowed.get(&part) else {
            wrong.push(format!("{path}: the table has no row for {part}"));
            continue;
        };
        seen.insert(part.clone());
        for (number, line) in code(&text) {
            for named in named_parts(line).filter(|named| *named != part) {
                if !may.iter().any(|allowed| allowed == named) {
                    wrong.push(format!("{path}:{number}: {part} may not import {named}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let rows: BTreeSet<String> = allowed.into_keys().collect();
    assert_eq!(rows, seen, "the table has a row for each part and no other");
}

#[test]
fn nothing_in_the_table_is_allowed_in_vain() {
    for (part, may) in table("part") {
        for allowed in may {
            let used = sources().iter().any(|(path, text)| {
                let inside = path.starts_with(&format!("src/{part}/")) || *path == format!("src/{part}.rs");
                inside && code(text).any(|(_, line)| named_parts(line).any(|named| named == allowed))
            });
            assert!(used, "{part} may import {allowed} and does not: take it out of the table");
        }
    }
}

#[test]
fn crates_are_named_in_their_place_alone() {
    let mut wrong = Vec::new();
    for (name, places) in table("crate or call") {
        for (path, text) in sources() {
            if places.iter().any(|place| path == *place || path.starts_with(&format!("{place}/"))) {
                continue;
            }
            let needle = if name.contains("::") { name.clone() } else { format!("{name}::") };
            for (number, line) in code(&text) {
                let found = line.match_indices(&needle).any(|(at, _)| {
                    // `crate::feed::rss::…` is a module of ours.
                    !line[..at].ends_with("::")
                        && !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                });
                if found && !imports_own_module(&text, &name) {
                    wrong.push(format!("{path}:{number}: {name} belongs into {}", places.join(", ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a file imports a module of ours that has a crate's name, such as `crate::feed::{rss, …}`.
fn imports_own_module(text: &str, name: &str) -> bool {
    code(text).any(|(_, line)| {
        line.starts_with("use crate::")
            && line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
    })
}

#[test]
fn every_file_says_what_it_holds_and_none_is_long() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//! ") {
            wrong.push(format!("{path} does not begin with what it holds"));
        }
        let lines = text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{path} has {lines} lines"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_in_the_list_of_rooms() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (path, _) in sources() {
        let mut parts = path.split('/').skip(1);
        let room = parts.next().unwrap();
        let listed = if room.contains('.') { format!("src/{room}") } else { format!("src/{room}/") };
        assert!(room == "lib.rs" || text.contains(&listed), "{listed} is not in ARCHITECTURE.md");
        let file = parts.next().unwrap_or("mod").trim_end_matches(".rs");
        let is_command = room == "cli";
        assert!(file == "mod" || is_command || text.contains(file), "{path} is not in ARCHITECTURE.md");
    }
}
