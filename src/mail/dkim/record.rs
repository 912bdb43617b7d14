//! What the DNS has to say for a signature to be verified: one TXT record for each key (RFC 6376, 3.6).

use serde::Serialize;

/// The longest string of a TXT record, in bytes (RFC 1035, 3.3).
const LONGEST: usize = 255;

/// One TXT record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Its name: `selector._domainkey.example.org`.
    pub name: String,
    /// Its text as a whole, as forms of DNS providers want it.
    pub value: String,
    /// The same in strings of up to 255 bytes, as it goes over the wire.
    pub strings: Vec<String>,
}

impl Record {
    /// Of the public half of a key, as [`SigningKey::record`](crate::mail::dkim::key::SigningKey::record) has it.
    #[must_use]
    pub fn new(selector: &str, domain: &str, value: String) -> Self {
        let mut strings = Vec::new();
        let mut rest = value.as_str();
        while !rest.is_empty() {
            // A record is ASCII: any byte is a place to part it.
            let (string, later) = rest.split_at(rest.len().min(LONGEST));
            strings.push(string.to_owned());
            rest = later;
        }
        Self { name: format!("{selector}._domainkey.{domain}"), value, strings }
    }

    /// The lines of a zone file (RFC 1035, 5.1).
    #[must_use]
    pub fn zone(&self) -> String {
        let strings: Vec<String> = self.strings.iter().map(|string| format!("\"{string}\"")).collect();
        format!("{}. IN TXT ( {} )", self.name, strings.join("\n    "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_record_is_parted_and_loses_nothing() {
        let record = Record::new("s1", "example.org", format!("v=DKIM1; k=rsa; p={}", "A".repeat(300)));
        assert_eq!(record.name, "s1._domainkey.example.org");
        assert_eq!(record.strings.iter().map(String::len).collect::<Vec<_>>(), [255, 63]);
        assert_eq!(record.strings.concat(), record.value);
        assert!(record.zone().starts_with("s1._domainkey.example.org. IN TXT ( \"v=DKIM1; "));
    }
}
