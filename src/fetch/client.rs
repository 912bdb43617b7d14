//! The client that everything here asks with: bounded in time, follows nothing by itself, and reaches public addresses
//! alone unless more is allowed.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

use crate::fetch::address::PublicOnly;

/// A client. `purpose` goes into its name, for those who read their logs.
pub(super) fn client(timeout: Duration, allow_private: bool, purpose: &str) -> reqwest::Result<Client> {
    let name = format!("Tidings/{} ({purpose})", env!("CARGO_PKG_VERSION"));
    // No proxy: it would resolve names itself, inside of our network.
    let builder = Client::builder().redirect(Policy::none()).timeout(timeout).no_proxy().user_agent(name);
    let builder = if allow_private { builder } else { builder.dns_resolver(Arc::new(PublicOnly)) };
    builder.build()
}
