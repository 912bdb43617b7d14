//! Where the database of a source is. Its password is in nothing that is shown, hashed or kept.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

/// What an address of `PostgreSQL` may say behind its `?`; anything else would be passed over in silence.
const PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// Those that name a file.
const FILES: [&str; 7] =
    ["sslrootcert", "ssl-root-cert", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key"];

/// Values of `sslmode`.
const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// A database.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Database {
    /// A file of `SQLite`, as `sqlite:path`.
    Sqlite(String),
    /// One on a server of `PostgreSQL`: `postgres://user@host/name`.
    Postgres(Url),
    /// None that can be read.
    Unknown(String),
}

impl From<String> for Database {
    fn from(text: String) -> Self {
        match text.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Self::Sqlite(text),
            Some("postgres" | "postgresql") => Url::parse(&text).map_or(Self::Unknown(text), Self::Postgres),
            _ => Self::Unknown(text),
        }
    }
}

/// Without the password.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(text) => f.write_str(text),
            Self::Postgres(url) => {
                let mut shown = with_pairs(url, |key, value| (key != "password").then_some(value));
                // An address without a host has no password.
                let _ = shown.set_password(None);
                write!(f, "{shown}")
            }
            Self::Unknown(text) => f.write_str(text.split(':').next().unwrap_or_default()),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl Database {
    /// With its files as absolute paths: they start at `root`.
    #[must_use]
    pub fn within(self, root: &Path) -> Self {
        let absolute = |path: String| root.join(path).to_string_lossy().into_owned();
        match self {
            Self::Sqlite(text) => match text.strip_prefix("sqlite:").filter(|file| !file.starts_with("//")) {
                Some(file) => Self::Sqlite(format!("sqlite:{}", root.join(file).display())),
                None => Self::Sqlite(text),
            },
            Self::Postgres(url) if url.query_pairs().any(|(key, _)| FILES.contains(&&*key)) => {
                Self::Postgres(with_pairs(&url, |key, value| {
                    Some(if FILES.contains(&key) { absolute(value) } else { value })
                }))
            }
            other => other,
        }
    }

    /// The file of a database that is one.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        let Self::Sqlite(text) = self else { return None };
        let file = text.strip_prefix("sqlite:")?;
        let file = file.strip_prefix("//").unwrap_or(file);
        file.split('?').next().map(PathBuf::from)
    }

    /// What is wrong with it, and what to do about it.
    #[must_use]
    pub fn fault(&self) -> Option<(String, String)> {
        let usual = "write database = \"sqlite:cms.sqlite\" or \"postgres://user@host/name\"";
        match self {
            Self::Sqlite(_) => None,
            Self::Unknown(text) if text.starts_with("postgres") => Some((
                "the database's address can't be read".to_owned(),
                "write \"postgres://user@host/name\"; in a password, write %2F for /, %3F for ?, %23 for # and %40 for @"
                    .to_owned(),
            )),
            Self::Unknown(_) => Some(("the database is none that can be read".to_owned(), usual.to_owned())),
            Self::Postgres(url) => url.query_pairs().find_map(|(key, value)| match &*key {
                "sslmode" | "ssl-mode" if !SSL_MODES.contains(&&*value) => {
                    let hint = format!("one of {}", SSL_MODES.join(", "));
                    Some((format!("the database's sslmode {value:?} means nothing"), hint))
                }
                key if PARAMETERS.contains(&key) || key.starts_with("options[") => None,
                key => Some((
                    format!("the database's address holds {key:?}, which would do nothing"),
                    format!("take it out; what is known is {}", PARAMETERS.join(", ")),
                )),
            }),
        }
    }
}

/// The address with each pair behind its `?` as `change` has it, or without it.
fn with_pairs(url: &Url, change: impl Fn(&str, String) -> Option<String>) -> Url {
    let mut changed = url.clone();
    if url.query().is_none() {
        return changed;
    }
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter_map(|(key, value)| {
            let value = change(&key, value.into_owned())?;
            Some((key.into_owned(), value))
        })
        .collect();
    changed.set_query(None);
    if !pairs.is_empty() {
        changed.query_pairs_mut().extend_pairs(pairs);
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Database {
        Database::from(text.to_owned())
    }

    #[test]
    fn a_password_is_never_shown() {
        let table = [
            ("postgres://ana:s3cret@db.example/cms", "postgres://ana@db.example/cms"),
            (
                "postgresql://ana@db.example/cms?password=s3cret&sslmode=require",
                "postgresql://ana@db.example/cms?sslmode=require",
            ),
            ("postgres:///cms?password=s3cret", "postgres:///cms"),
            ("postgres://ana:s3c/ret@db.example/cms", "postgres"),
            ("mysql://ana:s3cret@db.example/cms", "mysql"),
        ];
        for (given, shown) in table {
            assert_eq!(of(given).to_string(), shown);
            assert_eq!(format!("{:?}", of(given)), format!("{shown:?}"));
        }
    }

    #[test]
    fn files_start_at_the_folder_of_the_site() {
        let table = [
            ("sqlite:cms.sqlite", "sqlite:/site/cms.sqlite"),
            ("sqlite:/srv/cms.sqlite", "sqlite:/srv/cms.sqlite"),
            ("sqlite::memory:", "sqlite:/site/:memory:"),
            (
                "postgres://h/d?sslrootcert=ca.pem&sslmode=verify-full",
                "postgres://h/d?sslrootcert=%2Fsite%2Fca.pem&sslmode=verify-full",
            ),
            ("postgres://h/d?host=%2Frun%2Fpg", "postgres://h/d?host=%2Frun%2Fpg"),
        ];
        for (given, expected) in table {
            assert_eq!(of(given).within(Path::new("/site")).to_string(), expected);
        }
    }

    #[test]
    fn what_would_do_nothing_is_a_fault() {
        let table = [
            ("postgres://h/d?sslmode=verify-full&options[search_path]=cms", None),
            ("postgres://h/d?sslmode=on", Some("the database's sslmode \"on\" means nothing")),
            (
                "postgres://h/d?ssl_mode=require",
                Some("the database's address holds \"ssl_mode\", which would do nothing"),
            ),
            ("postgres://ana:a/b@h/d", Some("the database's address can't be read")),
            ("cms.sqlite", Some("the database is none that can be read")),
        ];
        for (given, expected) in table {
            assert_eq!(of(given).fault().map(|(message, _)| message).as_deref(), expected, "{given}");
        }
    }
}
