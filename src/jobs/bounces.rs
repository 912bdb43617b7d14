//! Giving addresses up: what is on record of an address goes through the policy, and what follows is done. The same for what
//! came back by mail and for what was refused at once.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::delivery::state::State;
use crate::inbound::policy::{self, Bounce, Decision, Memory};
use crate::inbound::settings::Bounces;
use crate::inbound::status::{self, Kind};
use crate::mail::address::Address;
use crate::store::Store;
use crate::subscribers::activity::{Activity, Kind as Happened, NewActivity};
use crate::subscribers::suppression::{Cause, Suppression};

/// How far back refused deliveries are looked for: what a run that died did not record, the next one does.
const LOOK_BACK: TimeDelta = TimeDelta::days(1);

/// Most refused deliveries of a day that are gone through.
const MOST: u32 = 100_000;

/// Longest detail of an activity, in characters.
const LONGEST: usize = 300;

/// An address that is mailed no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GivenUp {
    /// The address.
    pub address: Address,
    /// What led to it.
    pub cause: Cause,
    /// Why, in words for people.
    pub reason: String,
}

/// Decides what becomes of addresses.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// When an address is given up.
    pub settings: &'a Bounces,
    /// What is on record.
    pub store: &'a dyn Store,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Judge<'_> {
    /// Gives an address up if what is on record of it asks for that. Only what happened since it was last taken off the
    /// list counts: a decision that was reversed stays reversed until something new happens.
    ///
    /// # Errors
    /// The store can't be read or written.
    pub async fn judge(&self, address: &Address, source: &str) -> Result<Option<GivenUp>> {
        let Some(person) = self.store.subscriber(address).await? else { return Ok(None) };
        if person.suppressed.is_some() {
            return Ok(None);
        }
        let record = self.store.activities(address).await?;
        let begin = record.iter().rposition(|one| one.kind == Happened::Unsuppressed).map_or(0, |at| at + 1);
        let recent = &record[begin..];
        let complaint = recent.iter().find(|one| one.kind == Happened::Complained);
        let (cause, reason) = if let Some(complaint) = complaint {
            (Cause::Complaint, format!("called a mail unwanted on {}", complaint.at.date_naive()))
        } else {
            let story = self.store.story(person.id).await?;
            let accepted =
                story.iter().filter(|one| one.state == State::Sent).map(|one| one.opened).collect();
            let memory = Memory { bounces: bounces(recent), accepted };
            match policy::decide(&memory, self.settings, self.now) {
                Decision::Keep => return Ok(None),
                Decision::Suppress(reason) => (Cause::Bounces, reason.to_string()),
            }
        };
        let suppression = Suppression { cause, reason: reason.clone() };
        let is_new = self.store.suppress(address, &suppression, source, self.now).await?;
        Ok(is_new.then(|| GivenUp { address: address.clone(), cause, reason }))
    }

    /// Records what servers refused within the session in the last day, once for each delivery, and gives up whom that
    /// asks for.
    ///
    /// # Errors
    /// The store can't be read or written.
    pub async fn of_refused(&self) -> Result<Vec<GivenUp>> {
        let failed = self.store.failed_since(self.now - LOOK_BACK, MOST).await?;
        let records: Vec<NewActivity> = failed
            .iter()
            .filter_map(|one| {
                // Without a server's code the fault was found here, and nobody's.
                let (code, status) = status::spoken(&one.reason);
                code.or(status.map(|_| 500))?;
                let kind = happened(status::kind(status, code, &one.reason));
                let detail = shortened(&format!("{}, issue {}: {}", one.digest, one.issue, one.reason));
                let source = format!("delivery {}", one.delivery);
                let activity = Activity { at: self.now, kind, source, detail };
                let mark = Some(format!("delivery:{}", one.delivery));
                Some(NewActivity { address: one.address.clone(), activity, mark })
            })
            .collect();
        let is_new = self.store.record_activities(&records).await?;
        let mut given_up = Vec::new();
        for (record, _) in records.iter().zip(is_new).filter(|(_, is_new)| *is_new) {
            given_up.extend(self.judge(&record.address, &record.activity.source).await?);
        }
        Ok(given_up)
    }
}

/// What goes on record of a bounce.
#[must_use]
pub fn happened(kind: Kind) -> Happened {
    match kind {
        Kind::Hard => Happened::HardBounce,
        Kind::Soft => Happened::SoftBounce,
        Kind::Sender => Happened::Refused,
    }
}

/// A detail that fits on a line.
#[must_use]
pub fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn bounces(record: &[Activity]) -> Vec<Bounce> {
    let kind = |happened| match happened {
        Happened::HardBounce => Some(Kind::Hard),
        Happened::SoftBounce => Some(Kind::Soft),
        Happened::Refused => Some(Kind::Sender),
        _ => None,
    };
    record.iter().filter_map(|one| Some(Bounce { at: one.at, kind: kind(one.kind)? })).collect()
}
