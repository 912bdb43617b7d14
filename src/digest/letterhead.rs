//! The letterhead: what all mails of an issue say in their headers, frozen with it.

use serde::{Deserialize, Serialize};

use crate::catalog::settings::Site;
use crate::digest::settings::{MailSettings, Settings};
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::key_ring::KeyNumber;

/// Frozen when the issue is opened, so that a second attempt has the same bytes under a new configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// The name of who writes.
    pub from_name: DisplayName,
    /// The address of who writes.
    pub from: Address,
    /// Who answers go to.
    pub reply_to: Option<Address>,
    /// The envelope's sender.
    pub bounces: Address,
    /// Whether each reader's mail has one of its own (VERP).
    #[serde(default)]
    pub verp: bool,
    /// Where a mail that unsubscribes goes.
    pub unsubscribe_mailto: Address,
    /// The one-click address, with `{token}`.
    pub unsubscribe_url: Option<String>,
    /// The page with choices, with `{token}`.
    pub preferences_url: Option<String>,
    /// List-Help.
    pub help_url: Option<String>,
    /// List-Archive.
    pub archive_url: Option<String>,
    /// List-Id with its description (RFC 2919).
    pub list_id: String,
    /// The digest's name.
    pub digest: String,
    /// The secret of the slots.
    pub slots: String,
    /// The key that its tokens are signed with.
    pub key: KeyNumber,
}

/// What of a letterhead is secret.
#[derive(Clone, Debug)]
pub struct Seal {
    /// The secret of the slots.
    pub slots: String,
    /// The key that its tokens are signed with.
    pub key: KeyNumber,
}

/// Reads `Name <address>` or an address alone.
///
/// # Errors
/// An address that is none, in words for people.
pub fn sender(text: &str) -> Result<(DisplayName, Address), String> {
    let (name, address) = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (DisplayName::new(name.trim().trim_matches('"')), address),
        None => (DisplayName::default(), text),
    };
    match address.parse() {
        Ok(address) => Ok((name, address)),
        Err(error) => Err(format!("{text:?} is no sender: {error}; write Name <name@example.org>")),
    }
}

impl Letterhead {
    /// The letterhead of an issue of `digest`.
    ///
    /// # Errors
    /// `mail.from` is no sender.
    pub fn new(mail: &MailSettings, digest: &Settings, site: &Site, seal: Seal) -> Result<Self, String> {
        let (from_name, from) = sender(&mail.from)?;
        let host = site.url.host_str().unwrap_or("localhost");
        let title: String = digest.title.chars().filter(|c| !"<>\"".contains(*c)).collect();
        Ok(Self {
            from_name: if from_name.is_empty() { DisplayName::new(&site.title) } else { from_name },
            verp: mail.verp.unwrap_or(false),
            bounces: mail.bounces.clone().unwrap_or_else(|| from.clone()),
            unsubscribe_mailto: mail.unsubscribe_mailto.clone().unwrap_or_else(|| from.clone()),
            from,
            reply_to: mail.reply_to.clone(),
            unsubscribe_url: mail.unsubscribe_url.clone(),
            preferences_url: mail.preferences_url.clone(),
            help_url: mail.help_url.clone(),
            archive_url: mail.archive_url.clone(),
            list_id: format!("{title} <{}.{host}>", digest.name),
            digest: digest.name.clone(),
            slots: seal.slots,
            key: seal.key,
        })
    }
}
