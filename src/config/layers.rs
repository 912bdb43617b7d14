//! The layers of a configuration as one table: defaults, file, environment. Values keep the place in the file
//! where they were written, so that what is wrong with them can be shown there.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::catalog::problem::Position;
use crate::config::fault::Fault;

const DEFAULTS: &str = include_str!("../../config/defaults.toml");

/// The merged table, and what was wrong with the sections that were read from it.
#[derive(Debug)]
pub struct Layers<'a> {
    text: &'a str,
    file: DeTable<'a>,
    merged: DeTable<'a>,
    faults: Vec<Fault>,
}

impl<'a> Layers<'a> {
    /// Lays the file over the defaults and the environment (as TOML) over both.
    ///
    /// # Errors
    /// Everywhere that the file is no TOML.
    pub fn new(text: &'a str, environment: &'a str, root: &Path) -> Result<Self, Vec<Fault>> {
        let (file, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(errors.iter().map(|error| fault(text, error)).collect());
        }
        let file = file.into_inner();
        let overrides = DeTable::parse(environment).map_err(|error| {
            let message = format!("a variable of the environment can't be read: {}", error.message());
            let hint = "TIDINGS_SMTP__PASSWORD is `password` in [smtp]".to_owned();
            vec![Fault { at: None, message, hint }]
        })?;
        let mut merged = DeTable::parse(DEFAULTS).map(Spanned::into_inner).unwrap_or_default();
        merged = unplaced(merged);
        lay_over(&mut merged, file.clone());
        lay_over(&mut merged, unplaced(overrides.into_inner()));
        let mut layers = Self { text, file, merged, faults: Vec::new() };
        layers.read_passwords(root);
        Ok(layers)
    }

    /// Whether the file or the environment has this section.
    #[must_use]
    pub fn has(&self, section: &str) -> bool {
        self.merged.contains_key(section)
    }

    /// Takes a section out; with nothing there it is read from an empty table.
    pub fn table<T: DeserializeOwned>(&mut self, section: &str) -> Option<T> {
        let node = self.merged.remove(section);
        let missing = node.is_none();
        let node = node.unwrap_or_else(|| Spanned::new(0..0, DeValue::Table(DeTable::new())));
        match T::deserialize(ValueDeserializer::from(node)) {
            Ok(value) => Some(value),
            Err(_) if missing => None,
            Err(error) => {
                self.section_fault(&error, section);
                None
            }
        }
    }

    /// Takes the table `key` out of a section that another part reads.
    pub fn inner<T: DeserializeOwned>(&mut self, section: &str, key: &str) -> Option<T> {
        let DeValue::Table(table) = self.merged.get_mut(section)?.get_mut() else { return None };
        let node = table.remove(key)?;
        match T::deserialize(ValueDeserializer::from(node)) {
            Ok(value) => Some(value),
            Err(error) => {
                self.section_fault(&error, &format!("{section}.{key}"));
                None
            }
        }
    }

    /// As [`Self::inner`], from each table of a section of tables; by the names of those.
    pub fn inner_of_each<T: DeserializeOwned>(&mut self, section: &str, key: &str) -> BTreeMap<String, T> {
        let Some(DeValue::Table(tables)) = self.merged.get_mut(section).map(Spanned::get_mut) else {
            return BTreeMap::new();
        };
        let taken: Vec<_> = tables
            .iter_mut()
            .filter_map(|(name, table)| match table.get_mut() {
                DeValue::Table(table) => Some((name.get_ref().to_string(), table.remove(key)?)),
                _ => None,
            })
            .collect();
        let mut read = BTreeMap::new();
        for (name, node) in taken {
            match T::deserialize(ValueDeserializer::from(node)) {
                Ok(value) => drop(read.insert(name, value)),
                Err(error) => self.section_fault(&error, &format!("{section}.{name}.{key}")),
            }
        }
        read
    }

    /// Takes a list of tables out.
    pub fn list<T: DeserializeOwned>(&mut self, section: &str) -> Option<Vec<T>> {
        let node = self.merged.remove(section)?;
        self.tables(node, section)
    }

    /// Takes the list of tables `key` out of a section that another part reads.
    pub fn inner_list<T: DeserializeOwned>(&mut self, section: &str, key: &str) -> Option<Vec<T>> {
        let DeValue::Table(table) = self.merged.get_mut(section)?.get_mut() else { return None };
        let node = table.remove(key)?;
        self.tables(node, &format!("{section}.{key}"))
    }

    fn tables<T: DeserializeOwned>(&mut self, node: Spanned<DeValue<'a>>, section: &str) -> Option<Vec<T>> {
        let span = node.span();
        let DeValue::Array(items) = node.into_inner() else {
            let at = Some(Position::of_byte(self.text, span.start));
            let message = format!("`{section}` is not a list of tables");
            self.faults.push(Fault { at, message, hint: format!("begin each with a line [[{section}]]") });
            return None;
        };
        let mut values = Vec::new();
        for item in items {
            match T::deserialize(ValueDeserializer::from(item)) {
                Ok(value) => values.push(value),
                Err(error) => self.section_fault(&error, section),
            }
        }
        Some(values)
    }

    /// Takes a text out of the top level.
    pub fn text(&mut self, key: &str) -> Option<String> {
        let node = self.merged.remove(key)?;
        match String::deserialize_from(node) {
            Ok(value) => Some(value),
            Err(error) => {
                self.section_fault(&error, key);
                None
            }
        }
    }

    /// What was wrong so far, and what nobody took out.
    ///
    /// # Errors
    /// All of it.
    pub fn finish(&mut self) -> Result<(), Vec<Fault>> {
        for (key, _) in std::mem::take(&mut self.merged) {
            let message = format!("there is no section or key `{}`", key.get_ref());
            let hint = "the sections are site, catalog, source, category.*, feeds, feed, mail, digest, subscribers, retention, delivery, smtp, store";
            self.faults.push(Fault { at: self.place(key.span().start), message, hint: hint.to_owned() });
        }
        self.faults.sort_by_key(|fault| fault.at);
        if self.faults.is_empty() { Ok(()) } else { Err(std::mem::take(&mut self.faults)) }
    }

    /// Where the file says something: `["digest", "1", "cron"]` is the second digest's.
    #[must_use]
    pub fn position(&self, path: &[&str]) -> Option<Position> {
        let (first, rest) = path.split_first()?;
        let mut node = self.file.iter().find(|(key, _)| key.get_ref() == first).map(|(_, node)| node)?;
        for part in rest {
            node = match node.get_ref() {
                DeValue::Table(table) => {
                    table.iter().find(|(key, _)| key.get_ref() == part).map(|(_, node)| node)?
                }
                DeValue::Array(items) => items.get(part.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        self.place(node.span().start)
    }

    fn place(&self, offset: usize) -> Option<Position> {
        (offset > 0).then(|| Position::of_byte(self.text, offset))
    }

    fn section_fault(&mut self, error: &toml::de::Error, section: &str) {
        let at = error.span().and_then(|span| self.place(span.start));
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        let hint = meant(&message).map_or_else(
            || format!("config/tidings.toml of the sample site explains every key of [{section}]"),
            |key| format!("is `{key}` meant?"),
        );
        self.faults.push(Fault { at, message: format!("[{section}]: {message}"), hint });
    }

    /// Reads the password of each server from the file that is named for it.
    fn read_passwords(&mut self, root: &Path) {
        let Self { merged, faults, text, .. } = self;
        for path in [&["smtp"][..], &["ingest", "imap"][..]] {
            let mut table = Some(&mut *merged);
            for name in path {
                table = table.and_then(|table| match table.get_mut(*name)?.get_mut() {
                    DeValue::Table(inner) => Some(inner),
                    _ => None,
                });
            }
            if let Some(table) = table {
                faults.extend(read_password(table, &path.join("."), text, root));
            }
        }
    }
}

/// Puts the password in the place of the name of its file.
fn read_password(table: &mut DeTable<'_>, name: &str, text: &str, root: &Path) -> Option<Fault> {
    let node = table.remove("password_file")?;
    let span = node.span();
    let DeValue::String(path) = node.into_inner() else { return None };
    match std::fs::read_to_string(root.join(path.as_ref())) {
        Ok(password) => {
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let value = Spanned::new(0..0, DeValue::String(password.into()));
            table.insert(Spanned::new(0..0, "password".into()), value);
            None
        }
        Err(error) => {
            let at = (span.start > 0).then(|| Position::of_byte(text, span.start));
            let message = format!("{name}.password_file: {path} can't be read: {error}");
            let hint = "look at its path, which starts at the site's folder, and its permissions".to_owned();
            Some(Fault { at, message, hint })
        }
    }
}

/// Of serde's "unknown field `colour`, expected one of `color`, `size`" the known key that looks like the unknown one.
fn meant(message: &str) -> Option<&str> {
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    let close = quoted.map(|key| (strsim::osa_distance(unknown, key), key)).min();
    close.filter(|(distance, _)| *distance <= 2).map(|(_, key)| key)
}

trait DeserializeFrom: Sized {
    fn deserialize_from(node: Spanned<DeValue<'_>>) -> Result<Self, toml::de::Error>;
}

impl<T: DeserializeOwned> DeserializeFrom for T {
    fn deserialize_from(node: Spanned<DeValue<'_>>) -> Result<Self, toml::de::Error> {
        T::deserialize(ValueDeserializer::from(node))
    }
}

fn fault(text: &str, error: &toml::de::Error) -> Fault {
    Fault {
        at: error.span().map(|span| Position::of_byte(text, span.start)),
        message: error.message().lines().collect::<Vec<_>>().join("; "),
        hint: "the file is TOML: text in quotes, one key a line".to_owned(),
    }
}

/// Tables are joined key by key; everything else is replaced.
fn lay_over<'a>(below: &mut DeTable<'a>, above: DeTable<'a>) {
    for (key, value) in above {
        let span = value.span();
        match (below.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut), value.into_inner()) {
            (Some(DeValue::Table(below)), DeValue::Table(above)) => lay_over(below, above),
            (_, value) => {
                below.remove(key.get_ref().as_ref());
                below.insert(key, Spanned::new(span, value));
            }
        }
    }
}

/// Values of the defaults stand nowhere in the file.
fn unplaced(table: DeTable<'_>) -> DeTable<'_> {
    table
        .into_iter()
        .map(|(key, value)| {
            let value = match value.into_inner() {
                DeValue::Table(table) => DeValue::Table(unplaced(table)),
                other => other,
            };
            (Spanned::new(0..0, key.into_inner()), Spanned::new(0..0, value))
        })
        .collect()
}
