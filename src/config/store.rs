//! Where the store is, and the folder for what is kept beside it. Its password is in nothing that is shown.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::catalog::source::database::Database;
use crate::config::faults::Faults;

/// Where side files of a store on a server are, and what they are called.
const SIDE_FILES: (&str, &str) = ("state", "tidings");

/// Table `[store]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A file, or the address of a database on a server.
    path: String,
    /// The folder for side files; without it, where the file is.
    state: Option<PathBuf>,
}

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file of `SQLite`.
    File(PathBuf),
    /// A database on a server of `PostgreSQL`; anything else that has an address is a fault.
    Server(Database),
}

impl Place {
    /// A place as it is written; files start at `root`.
    #[must_use]
    pub fn new(text: &str, root: &Path) -> Self {
        let database = Database::from(text.to_owned()).within(root);
        match database.file() {
            Some(file) => Self::File(file),
            None if text.contains("://") || matches!(database, Database::Postgres(_)) => {
                Self::Server(database)
            }
            None => Self::File(root.join(text)),
        }
    }

    /// What is wrong with it, and what to do about it.
    #[must_use]
    pub fn fault(&self) -> Option<(String, String)> {
        let usual = "write path = \"state/tidings.sqlite\", or \"postgres://user@host/name\"";
        match self {
            Self::File(path) if path.is_dir() => {
                Some((format!("the store {} is a folder", path.display()), usual.to_owned()))
            }
            Self::File(_) => None,
            Self::Server(database @ Database::Postgres(_)) => database.fault(),
            Self::Server(database) if database.to_string().starts_with("postgres") => database.fault(),
            Self::Server(_) => {
                Some(("the store is of a kind that there is not".to_owned(), usual.to_owned()))
            }
        }
    }
}

/// Without the password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(database) => database.fmt(f),
        }
    }
}

impl Settings {
    /// Where the store is, and what the paths of side files begin with; paths start at `root`.
    #[must_use]
    pub fn places(&self, root: &Path) -> (Place, PathBuf) {
        let place = Place::new(&self.path, root);
        let state = match (&place, &self.state) {
            (Place::File(file), None) => file.clone(),
            (Place::File(file), Some(folder)) => root.join(folder).join(file.file_name().unwrap_or_default()),
            (Place::Server(_), folder) => {
                root.join(folder.as_deref().unwrap_or(Path::new(SIDE_FILES.0))).join(SIDE_FILES.1)
            }
        };
        (place, state)
    }
}

/// What is wrong with `[store]`.
pub fn check(place: &Place, faults: &mut Faults<'_>) {
    if let Some((message, hint)) = place.fault() {
        faults.add(&["store", "path"], message, hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn side_files_are_beside_a_file_and_in_the_state_folder_of_a_server() {
        let table = [
            ("state/tidings.sqlite", None, "/site/state/tidings.sqlite", "/site/state/tidings.sqlite"),
            ("sqlite:/srv/a.db", None, "/srv/a.db", "/srv/a.db"),
            ("/srv/a.db", Some("var"), "/srv/a.db", "/site/var/a.db"),
            ("postgres://ana:secret@db/news", None, "postgres://ana@db/news", "/site/state/tidings"),
            ("postgres://db/news", Some("/var/t"), "postgres://db/news", "/var/t/tidings"),
        ];
        for (path, state, expected, beside) in table {
            let settings = Settings { path: path.to_owned(), state: state.map(PathBuf::from) };
            let (place, found) = settings.places(Path::new("/site"));
            assert_eq!((place.to_string().as_str(), found.as_path()), (expected, Path::new(beside)));
            assert_eq!(place.fault(), None);
        }
        for wrong in ["mysql://db/news", "postgres://ana:a/b@db/news", "postgres://db/news?ssl=on"] {
            assert!(Place::new(wrong, Path::new("/site")).fault().is_some(), "{wrong}");
        }
    }
}
