//! What goes wrong between us and a server of `PostgreSQL`, in words, with what to do about it.

use std::io::ErrorKind;
use std::time::Duration;

use sqlx::Error;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use crate::store::StoreError;
use crate::store::rows::postgres_query::Asked;
use crate::store::rows::query::QueryError;

/// Why a step failed.
#[derive(Debug)]
pub(in crate::store) enum Trouble {
    /// The server, or the way to it.
    Failed(Error),
    /// No answer within this time.
    Late(Duration),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What is said of a query that is not quick enough.
const SLOW: &str = "raise the source's `timeout`, or give the query an index";

/// What is said where there is no safe connection.
const TLS: &str = "sslrootcert in the address names the certificate of an authority of your own; sslmode says how much \
                   is asked for";

/// What is said where the server does not know us.
const PASSWORD: &str = "give the right user in the address, and the password in PGPASSWORD or in ~/.pgpass, which has to \
                        be for its owner alone (chmod 600)";

impl Trouble {
    /// Whether the server could not make sense of a value without a type.
    pub(super) fn is_about_types(&self) -> bool {
        // Undefined function, datatype mismatch, ambiguous function, indeterminate datatype, cannot coerce.
        self.server()
            .is_some_and(|error| ["42883", "42804", "42725", "42P18", "42846"].contains(&error.code()))
    }

    /// What is said of a store that can't be opened.
    pub(in crate::store) fn of_store(self) -> StoreError {
        let error = self.explain(None);
        StoreError::Server { message: error.message, hint: error.hint.unwrap_or_default() }
    }

    fn server(&self) -> Option<&PgDatabaseError> {
        match self {
            Self::Failed(Error::Database(error)) => error.try_downcast_ref(),
            _ => None,
        }
    }

    /// In words; `asked` is the query that was under way, if its characters are where the operator wrote them.
    pub(super) fn explain(&self, asked: Option<&Asked<'_>>) -> QueryError {
        if let Some(error) = self.server() {
            return explain_answer(error, asked);
        }
        match self {
            Self::Late(limit) => {
                QueryError::new(format!("the server did not answer within {} s", limit.as_secs_f64()), SLOW)
            }
            Self::Failed(Error::Tls(error)) => {
                QueryError::new(format!("no TLS with the server: {error}"), TLS)
            }
            // What TLS has to say of a certificate.
            Self::Failed(Error::Io(error)) if error.kind() == ErrorKind::InvalidData => {
                QueryError::new(format!("no TLS with the server: {error}"), TLS)
            }
            Self::Failed(Error::Io(error)) => {
                let hint = match error.kind() {
                    ErrorKind::NotFound => "look whether the server runs, and where its socket is",
                    ErrorKind::PermissionDenied => "look at the permissions of the socket's folder",
                    ErrorKind::ConnectionRefused => {
                        "look whether the server runs and listens there: host and port"
                    }
                    _ => "look whether the server is up and can be reached from here",
                };
                QueryError::new(format!("the server can't be reached: {error}"), hint)
            }
            Self::Failed(Error::Configuration(error)) => QueryError::new(
                format!("the database's address can't be used: {error}"),
                "look at `database`",
            ),
            Self::Failed(error) => QueryError::new(
                format!("the database can't be read: {error}"),
                "look whether PostgreSQL answers there",
            ),
        }
    }
}

fn explain_answer(error: &PgDatabaseError, asked: Option<&Asked<'_>>) -> QueryError {
    let place = match error.position() {
        Some(PgErrorPosition::Original(number)) => asked.map(|asked| format!(", at {}", asked.place(number))),
        _ => None,
    };
    let message = format!("the database says: {}{}", error.message(), place.unwrap_or_default());
    let hint = match error.code() {
        "28P01" | "28000" => PASSWORD,
        "3D000" => "look at the name of the database at the end of the address",
        "42P01" => "look at the table's name, and whether it is in a schema: write schema.table",
        "42703" => error.hint().unwrap_or("look at the names of the table's columns"),
        "42601" => error.hint().unwrap_or("the query is one SELECT"),
        "42501" => "let this user read it: GRANT SELECT ON the table TO the user",
        "25006" => "a source is only read: the query is one SELECT",
        "57014" => SLOW,
        "53300" | "57P03" => "it passes by itself, as a rule",
        _ => error.hint().unwrap_or("try the query in psql"),
    };
    // Class 22: a value that is none of its type.
    QueryError { is_of_since: error.code().starts_with("22"), ..QueryError::new(message, hint) }
}
