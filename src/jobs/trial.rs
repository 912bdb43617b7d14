//! A trial: the next issue handed over to one address as the real one would be, without a trace in ledger, lock or
//! subscribers. What waits is sent as it was frozen; else what would be opened now is composed.

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::delivery::outcome::{Outcome, Refusal};
use crate::delivery::state::Leased;
use crate::delivery::transport::{Envelope, Transport};
use crate::delivery::worker::Parcel;
use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::message::Stamp;
use crate::digest::settings::Settings;
use crate::jobs::deliver;
use crate::jobs::open_issue::Press;
use crate::jobs::rehearse::{self, Sheet};
use crate::mail::address::Address;
use crate::mail::dkim::sign::Signer as DkimSigner;
use crate::mail::name::DisplayName;
use crate::store::Store;

/// The number of nobody: a token that is made for it lets nobody leave.
const NOBODY: i64 = 0;

/// The issue that a trial sends.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The number of the issue, if it is open or held.
    pub issue: Option<i64>,
    /// When it was opened.
    pub opened: DateTime<Utc>,
    /// What its mail says in its headers.
    pub letterhead: Letterhead,
    /// Its mail.
    pub edition: Edition,
    /// Whether its articles are new.
    pub is_new: bool,
}

/// What a trial sends to an address: the subscriber's own edition; for others the one that most readers get; where
/// nobody gets any, that of somebody who has just subscribed. None without anything to show.
///
/// # Errors
/// A template that can't be rendered, a sender that is none, a store that can't be read.
pub async fn trial(
    press: &Press<'_>,
    digest: &Settings,
    store: &dyn Store,
    address: &Address,
) -> Result<Option<Trial>> {
    if let Some(waiting) = store.edition_at_hand(&digest.name, address).await? {
        return Ok(Some(Trial {
            issue: Some(waiting.issue),
            opened: waiting.opened,
            letterhead: waiting.frozen.letterhead,
            edition: waiting.frozen.edition,
            is_new: true,
        }));
    }
    let fresh = |Sheet { letterhead, edition, is_new }| Trial {
        issue: None,
        opened: press.now,
        letterhead,
        edition,
        is_new,
    };
    let known = store.subscriber(address).await?.map(|known| rehearse::wishes_of(&known, &digest.name));
    if let Some(wishes) = known.filter(|list| !list.wishes.is_empty()) {
        return Ok(rehearse::rehearse_for(press, digest, store, &wishes).await?.map(fresh));
    }
    let all = rehearse::rehearse_for_all(press, digest, store, 1).await?;
    if let Some((edition, _)) = all.editions.into_iter().next() {
        return Ok(Some(fresh(Sheet { letterhead: all.letterhead, edition, is_new: true })));
    }
    Ok(rehearse::rehearse_for(press, digest, store, &rehearse::everything()).await?.map(fresh))
}

/// Its message for an address, made as those of deliveries are, for the subscriber with the number of nobody.
///
/// # Errors
/// An address that can't be written into a header; a stencil of another version.
pub fn parcel(
    trial: &Trial,
    name: DisplayName,
    address: Address,
    press: &Press<'_>,
    dkim: Option<&DkimSigner>,
) -> Result<Parcel> {
    let Some(stamp) = Stamp::new(&trial.letterhead, &trial.edition) else {
        anyhow::bail!("the messages of the issue are of a newer version of Tidings; send them with it");
    };
    let delivery = Leased {
        delivery: NOBODY,
        issue: trial.issue.unwrap_or(NOBODY),
        subscriber: NOBODY,
        edition: trial.edition.key.clone(),
        name,
        address,
        attempts: 0,
        opened: trial.opened,
    };
    deliver::parcel(&delivery, &stamp, press.signer, dkim).map_err(anyhow::Error::msg)
}

/// Hands it over; nothing is remembered of it.
///
/// # Errors
/// Nothing can be sent this way for now.
pub async fn hand_over(transport: &Transport, parcel: &Parcel) -> Result<Outcome, Refusal> {
    let mut connection = transport.connect().await?;
    let envelope = Envelope { sender: &parcel.sender, recipient: &parcel.recipient };
    let outcome = connection.send(&envelope, &parcel.name, &parcel.message).await;
    connection.close().await;
    outcome
}
