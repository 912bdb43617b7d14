//! Whether what the configuration says of signatures makes sense, and whether their keys can sign.

use crate::config::Config;
use crate::config::faults::Faults;
use crate::digest::letterhead;
use crate::mail::dkim::key::SigningKey;
use crate::mail::dkim::settings::{Identity, is_aligned, is_name};

/// Everything that is wrong with `[[mail.dkim]]`.
pub fn check(config: &Config, faults: &mut Faults<'_>) {
    let sender = config.mail.as_ref().and_then(|mail| letterhead::sender(&mail.from).ok());
    let sender = sender.as_ref().map(|(_, address)| address.domain());
    for (index, identity) in config.dkim.iter().enumerate() {
        let index_text = index.to_string();
        let path = |key| ["mail", "dkim", index_text.as_str(), key];
        let Identity { selector, domain, key_file } = identity;
        if !is_name(selector) {
            let message = format!("the selector {selector:?} is no name that the DNS knows");
            faults.add(&path("selector"), message, "letters, digits and hyphens, as in selector = \"s2026\"");
        }
        if config.dkim[..index].iter().any(|other| other.selector == *selector && other.domain == *domain) {
            let message = format!("two keys have the selector {selector:?} for {domain}");
            faults.add(&path("selector"), message, "a selector names one key: give one another");
        }
        // Without a sender that can be read, mail.from has a fault of its own.
        if let Some(sender) = sender {
            check_domain(domain, sender, &path("domain"), faults);
        }
        if let Err(fault) = SigningKey::read(key_file) {
            faults.add(&path("key_file"), format!("{} {fault}", key_file.display()), fault.hint());
        }
    }
    if let Some(most) = config.smtp.profile.most_signatures().filter(|most| config.dkim.len() > *most) {
        let message =
            format!("the relay takes {most} signature in a mail, and there are {}", config.dkim.len());
        let hint = "leave one [[mail.dkim]], with an RSA key: that is what every receiver verifies";
        faults.add(&["smtp", "profile"], message, hint);
    }
}

fn check_domain(domain: &str, sender: &str, path: &[&str], faults: &mut Faults<'_>) {
    if !is_name(domain) {
        let message = format!("mail.dkim.domain {domain:?} is no domain");
        faults.add(path, message, format!("write domain = {sender:?}, or leave it out"));
    } else if !is_aligned(domain, sender) {
        let message = format!("{domain} can't sign for {sender}, which mail.from is at");
        let hint = format!(
            "DMARC (RFC 7489, 3.1.1) counts a signature of {sender} or of a domain above it; leave domain out"
        );
        faults.add(path, message, hint);
    }
}
