//! How a server is called: from an address to a connection's options. For the store, and for sources that are on servers.

use std::str::FromStr;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

/// The options for an address, with what the environment says (`PGPASSWORD`, `~/.pgpass`).
pub(in crate::store) fn options(address: &Url) -> Result<PgConnectOptions, sqlx::Error> {
    let mut options = PgConnectOptions::from_str(address.as_str())?
        // What the server does by itself since version 12, and poolers do not know.
        .extra_float_digits(None)
        .disable_statement_logging();
    if options.get_application_name().is_none() {
        options = options.application_name("tidings");
    }
    if options.get_socket().is_some() || options.get_host().starts_with('/') {
        // As for PostgreSQL's own programs, sslmode is about networks.
        options = options.ssl_mode(PgSslMode::Disable);
    }
    Ok(options)
}
