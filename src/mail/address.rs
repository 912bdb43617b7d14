//! Email addresses, parsed once at the edge.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An address that a mail server can be given: the local part as it was written, the domain in lower case and
/// as A-labels (RFC 5890).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    text: String,
    /// Where the `@` is.
    at: usize,
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no `@`, or nothing on one side of it.
    #[error("it needs a name, an @ and a domain")]
    Incomplete,
    /// The part before the `@` is longer than 64 bytes (RFC 5321, 4.5.3.1.1), or all is longer than 254.
    #[error("it is longer than an address may be")]
    TooLong,
    /// The part before the `@` holds characters that need quotes.
    #[error("the part before the @ holds characters that it may not hold")]
    LocalPart,
    /// The domain is none.
    #[error("the part behind the @ is no domain")]
    Domain,
}

impl Address {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// The domain, as A-labels.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// What two spellings of one mailbox share. RFC 5321 lets a server tell `Ana` from `ana`; none does, and a
    /// person who types both wants one mail.
    #[must_use]
    pub fn key(&self) -> String {
        self.text.to_lowercase()
    }

    /// For logs: `a***@example.org`.
    #[must_use]
    pub fn masked(&self) -> String {
        let first = self.text.chars().next().unwrap_or('*');
        format!("{first}***@{}", self.domain())
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError::Incomplete)?;
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::Incomplete);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| AddressError::Domain)?;
        if !is_domain(&domain) {
            return Err(AddressError::Domain);
        }
        if !is_dot_atom(local) {
            return Err(AddressError::LocalPart);
        }
        let text = format!("{local}@{domain}");
        if local.len() > 64 || text.len() > 254 {
            return Err(AddressError::TooLong);
        }
        Ok(Self { at: local.len(), text })
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{text:?} is no address: {error}"))
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Dot-atom (RFC 5322, 3.2.3), with letters of all scripts (RFC 6532, 3.1). Quoted local parts are legal and
/// unheard of; a list that holds one holds a typing error.
fn is_dot_atom(local: &str) -> bool {
    local.split('.').all(|atom| {
        !atom.is_empty()
            && atom.chars().all(|character| {
                character.is_ascii_alphanumeric()
                    || "!#$%&'*+-/=?^_`{|}~".contains(character)
                    || (!character.is_ascii() && character.is_alphanumeric())
            })
    })
}

/// Two labels at least, of letters, digits and inner hyphens.
fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    labels.len() > 1
        && labels.iter().all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
        && !labels.last().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normalised_or_refused() {
        let table: [(&str, Result<&str, AddressError>); 14] = [
            ("ana@example.org", Ok("ana@example.org")),
            (" Ana.Roe+x@Example.ORG ", Ok("Ana.Roe+x@example.org")),
            ("ana@bücher.example", Ok("ana@xn--bcher-kva.example")),
            ("josé@example.org", Ok("josé@example.org")),
            ("ana", Err(AddressError::Incomplete)),
            ("@example.org", Err(AddressError::Incomplete)),
            ("ana@", Err(AddressError::Incomplete)),
            ("ana@localhost", Err(AddressError::Domain)),
            ("ana@exa mple.org", Err(AddressError::Domain)),
            ("ana@-example.org", Err(AddressError::Domain)),
            ("ana@127.0.0.1", Err(AddressError::Domain)),
            ("a na@example.org", Err(AddressError::LocalPart)),
            ("ana..roe@example.org", Err(AddressError::LocalPart)),
            ("ana\r\nBcc: x@example.org", Err(AddressError::LocalPart)),
        ];
        for (text, expected) in table {
            assert_eq!(
                text.parse::<Address>().as_ref().map(Address::as_str).map_err(|e| *e),
                expected,
                "{text:?}"
            );
        }
        let long = format!("{}@example.org", "a".repeat(65));
        assert_eq!(long.parse::<Address>(), Err(AddressError::TooLong));
    }

    #[test]
    fn one_mailbox_has_one_key() {
        let (one, other): (Address, Address) =
            ("Ana@example.org".parse().unwrap(), "ana@EXAMPLE.org".parse().unwrap());
        assert_eq!(one.key(), other.key());
        assert_eq!(one.masked(), "A***@example.org");
    }
}
