//! What people ask for by mail: to leave, to be subscribed, to confirm. The rules are those of the pages; a mail proves nothing
//! of who wrote it, so that tokens do.

use anyhow::Result;

use crate::inbound::instruction::{Instruction, Verb};
use crate::inbound::mailbox::Item;
use crate::jobs::consent;
use crate::jobs::ingest::{Desk, Report, Task};
use crate::mail::address::Address;
use crate::store::subscribers::Departure;
use crate::subscribers::activity::Kind as Happened;
use crate::subscribers::request::{Confirmation, NewRequest};
use crate::subscribers::subscription::{Choice, Chosen};
use crate::subscribers::token::{Purpose, Subject};

impl Desk<'_> {
    /// Does what somebody asks for; none where it is left for a person to look at.
    pub(super) async fn answer(
        &self,
        item: &Item,
        instruction: &Instruction,
        source: String,
        report: &mut Report,
    ) -> Result<Option<Task>> {
        match instruction.verb {
            Verb::Unsubscribe => self.leave(item, instruction, &source, report).await,
            Verb::Subscribe => self.receive(item, instruction, source, report).await,
            Verb::Confirm => self.confirm(item, instruction, &source, report).await,
        }
    }

    /// Lets somebody leave, unless this very message did so before: they may have come back since.
    async fn leave(
        &self,
        item: &Item,
        instruction: &Instruction,
        source: &str,
        report: &mut Report,
    ) -> Result<Option<Task>> {
        let store = self.judge.store;
        let subject =
            instruction.token.as_ref().and_then(|token| self.signer.read(Purpose::Unsubscribe, token));
        let Some(Subject::Unsubscribe { subscriber, digest }) = subject else {
            return Ok(report.look_at("instructions", item, &unproved(instruction)));
        };
        let Some(person) = store.subscriber_numbered(subscriber).await? else {
            return Ok(report.look_at("instructions", item, &unproved(instruction)));
        };
        let record = store.activities(&person.address).await?;
        if record.iter().any(|one| one.kind == Happened::Left && one.source == source) {
            report.before += 1;
            return Ok(Some(Task::Nothing));
        }
        match store.leave(person.id, Some(&digest), source, self.judge.now).await? {
            Departure::Before => report.before += 1,
            Departure::Digest | Departure::Everything => report.left += 1,
        }
        Ok(Some(Task::Nothing))
    }

    /// Writes down that somebody wants to be subscribed; a message asks them to confirm. Who that is, anybody could have
    /// written.
    async fn receive(
        &self,
        item: &Item,
        instruction: &Instruction,
        source: String,
        report: &mut Report,
    ) -> Result<Option<Task>> {
        let Some(address) = &instruction.from else {
            return Ok(report.look_at("instructions", item, "asks to subscribe, and does not say who"));
        };
        let named = |digest: &&String| instruction.words.is_empty() || instruction.words.contains(digest);
        let choices: Vec<Chosen> =
            self.digests.iter().filter(named).map(|digest| (digest.clone(), Choice::All)).collect();
        if choices.is_empty() {
            let why =
                format!("{address} asks for {}, and there is no such digest", instruction.words.join(" "));
            return Ok(report.look_at("instructions", item, &why));
        }
        let asked = NewRequest {
            address: address.clone(),
            pseudonym: self.signer.pseudonym(address),
            name: instruction.name.clone(),
            language: None,
            time_zone: None,
            choices,
            source,
            wording: None,
            ip: None,
        };
        self.judge.store.receive(&asked, self.judge.now).await?;
        report.asked += 1;
        Ok(Some(Task::Nothing))
    }

    /// Subscribes who answers with the token that was mailed to them.
    async fn confirm(
        &self,
        item: &Item,
        instruction: &Instruction,
        source: &str,
        report: &mut Report,
    ) -> Result<Option<Task>> {
        let token = instruction.token.as_deref().unwrap_or_default();
        let store = self.judge.store;
        match consent::confirm(store, self.signer, token, source, self.judge.now).await? {
            Confirmation::Done { .. } => report.confirmed += 1,
            Confirmation::Before { .. } => report.before += 1,
            Confirmation::Gone => {
                let who = instruction.from.as_ref().map_or("somebody", Address::as_str);
                let why = format!("{who} confirms what was not asked for, or too late; they can ask again");
                return Ok(report.look_at("instructions", item, &why));
            }
        }
        Ok(Some(Task::Nothing))
    }
}

fn unproved(instruction: &Instruction) -> String {
    let who = instruction.from.as_ref().map_or("somebody", Address::as_str);
    format!(
        "{who} asks to leave, without a token of ours: look whether they wrote it, then `tidings subscribers remove`"
    )
}
