//! What the operator says of a signature. Tables `[[mail.dkim]]`. Opens no key.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One table `[[mail.dkim]]`, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name under which the domain's records have the public key (RFC 6376, 3.1).
    pub selector: String,
    /// The private key; a relative path starts at the site's folder.
    pub key_file: PathBuf,
    /// The domain that signs; that of `mail.from` where not given.
    pub domain: Option<String>,
}

/// Who signs: a selector and a domain with their key, all of it settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `s=`
    pub selector: String,
    /// `d=`, as A-labels (RFC 6376, 3.5).
    pub domain: String,
    /// Where the private key is.
    pub key_file: PathBuf,
}

impl Settings {
    /// With the key's place made absolute from `root`, and the domain of the sender where none is given. A domain that is
    /// none stays as it was written, for somebody else to complain of.
    #[must_use]
    pub fn settle(self, root: &Path, sender: Option<&str>) -> Identity {
        let domain = self.domain.as_deref().or(sender).unwrap_or_default();
        Identity {
            domain: ascii(domain),
            key_file: root.join(self.key_file),
            selector: self.selector.to_ascii_lowercase(),
        }
    }
}

/// A domain in lower case and as A-labels.
#[must_use]
pub fn ascii(domain: &str) -> String {
    idna::domain_to_ascii_strict(domain).unwrap_or_else(|_| domain.to_owned())
}

/// Whether labels of letters, digits and inner hyphens stand between dots (RFC 6376, 3.1: `sub-domain`).
#[must_use]
pub fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // With `._domainkey.` and a domain behind it, a name in the DNS has 253 bytes at the most (RFC 1035, 3.1).
    text.len() <= 200 && text.split('.').all(is_label)
}

/// Whether a receiver that aligns loosely (DMARC, RFC 7489, 3.1.1) takes a signature of `domain` for one of the
/// `sender`: it is the sender's domain or one above it.
#[must_use]
pub fn is_aligned(domain: &str, sender: &str) -> bool {
    let above = sender.strip_suffix(domain).is_some_and(|labels| labels.ends_with('.'));
    domain.contains('.') && (domain == sender || above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_signs_for_itself_and_for_those_below() {
        let table = [
            ("example.org", "example.org", true),
            ("example.org", "news.example.org", true),
            ("news.example.org", "example.org", false),
            ("ample.org", "example.org", false),
            ("org", "example.org", false),
            ("example.com", "example.org", false),
        ];
        for (domain, sender, expected) in table {
            assert_eq!(is_aligned(domain, sender), expected, "{domain} for {sender}");
        }
    }

    #[test]
    fn names_are_labels_between_dots() {
        for name in ["s1", "2026-05.mail"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "s 1", ".s", "s;d", "-s", &"s".repeat(64)] {
            assert!(!is_name(name), "{name}");
        }
    }
}
