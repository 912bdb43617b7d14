//! Whether the pages for subscribers can be reached, and lead anywhere.

use crate::config::Config;
use crate::config::faults::Faults;

/// Whether nobody on the way can read what goes to an address: https, or this very machine, to try things out.
#[must_use]
pub(super) fn is_safe(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let is_local = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|own| host.strip_prefix(own).is_some_and(|port| port.is_empty() || port.starts_with(':')));
    scheme == "https" || scheme == "http" && is_local
}

/// Adds what is wrong with `[web]`.
pub(super) fn check(config: &Config, faults: &mut Faults<'_>) {
    let Some(web) = &config.web else { return };
    if !is_safe(web.url.as_str()) {
        // Mail programs take no other (RFC 8058, 4), and what people type must not be read on the way.
        let message = format!("web.url {} is no https address", web.url);
        faults.add(
            &["web", "url"],
            message,
            "write url = \"https://example.org/mail\"; a proxy in front has the certificate",
        );
    } else if web.url.query().is_some() || web.url.fragment().is_some() {
        let message = format!("web.url {} has more than a path", web.url);
        faults.add(&["web", "url"], message, "leave out what begins with ? or #");
    }
    if config.mail.is_none() {
        faults.add(
            &["web", "url"],
            "there are pages for subscribers, and no [mail]",
            "add [mail] with from and postal_address",
        );
    }
    if web.requests_per_ip == 0 || web.requests_in_total == 0 {
        let key = if web.requests_per_ip == 0 { "requests_per_ip" } else { "requests_in_total" };
        faults.add(
            &["web", key],
            format!("with web.{key} = 0 nobody can ask"),
            "leave it out, or write a number",
        );
    }
}
