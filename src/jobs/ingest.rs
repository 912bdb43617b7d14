//! Ingesting: what came back by mail is understood, proved to be about somebody, recorded, and acted on. What is for people,
//! and what proves to be nobody's, stays where it is.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;

use crate::inbound::candidate::{Candidate, Purpose as Proves};
use crate::inbound::complaint::Complaint;
use crate::inbound::instruction::Ours;
use crate::inbound::mailbox::{Fate, Item, Mailbox};
use crate::inbound::mark::mark;
use crate::inbound::report::Report as ServerReport;
use crate::inbound::status::Kind;
use crate::inbound::understand::{Inbound, Meaning, understand};
use crate::jobs::bounces::{GivenUp, Judge, happened, shortened};
use crate::subscribers::activity::{Activity, Kind as Happened, NewActivity};
use crate::subscribers::subscriber::Subscriber;
use crate::subscribers::token::{Purpose, Signer, Subject};

/// Messages that are read, recorded and settled at a time.
const GROUP: usize = 50;

/// Most messages that are named among those that were left alone.
const MOST_NAMED: usize = 20;

/// What ingesting did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Messages that were read.
    pub read: u64,
    /// Reports that there is no such address.
    pub hard: u64,
    /// Reports that an address did not work this time.
    pub soft: u64,
    /// Reports of refusals for our own sake.
    pub refused: u64,
    /// Reports of what is no bounce: delays, deliveries.
    pub other_reports: u64,
    /// Complaints.
    pub complaints: u64,
    /// Feedback that nothing follows from: "not spam", a signature that did not verify.
    pub other_feedback: u64,
    /// People who left by mail.
    pub left: u64,
    /// People who asked by mail to be subscribed.
    pub asked: u64,
    /// People who confirmed by mail.
    pub confirmed: u64,
    /// Messages that were on record from before.
    pub before: u64,
    /// Addresses that are mailed no more.
    pub given_up: Vec<GivenUp>,
    /// What was left alone, by what it is.
    pub alone: BTreeMap<&'static str, u64>,
    /// The first of what was left alone and somebody should look at.
    pub to_look_at: Vec<Alone>,
    /// Why a mailbox could not be read or written to the end.
    pub troubles: Vec<String>,
}

/// A message that was left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alone {
    /// Where it lies.
    pub place: String,
    /// Why.
    pub why: String,
}

/// Whoever ingests.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The addresses that messages may be for.
    pub ours: &'a Ours,
    /// Proves whose a message is.
    pub signer: &'a Signer,
    /// The digests that people can ask for by mail, by name.
    pub digests: &'a [String],
    /// Decides what becomes of addresses; has the store and the time.
    pub judge: Judge<'a>,
}

/// What follows from one message.
pub(super) enum Task {
    /// It goes on record, if it is not there; the address is then judged.
    Record(NewActivity),
    /// It was done at once, or there is nothing to do.
    Nothing,
}

impl Desk<'_> {
    /// Reads a mailbox to its end, and adds to a report. What goes wrong with the mailbox is in the report.
    ///
    /// # Errors
    /// The store can't be read or written. What was not settled comes again.
    pub async fn ingest(&self, mailbox: &mut Mailbox, report: &mut Report) -> Result<()> {
        loop {
            let items = match mailbox.next(GROUP).await {
                Ok(items) => items,
                Err(error) => {
                    report.troubles.push(error.to_string());
                    break;
                }
            };
            if items.is_empty() {
                break;
            }
            let fates = self.group(&items, report).await?;
            if let Err(error) = mailbox.settle(&fates).await {
                report.troubles.push(error.to_string());
                break;
            }
        }
        report.troubles.extend(mailbox.troubles().iter().cloned());
        Ok(())
    }

    /// Understands, records and acts on some messages; says what becomes of each in its mailbox.
    async fn group(&self, items: &[Item], report: &mut Report) -> Result<Vec<(u64, Fate)>> {
        let mut fates = Vec::with_capacity(items.len());
        let mut records = Vec::new();
        for item in items {
            report.read += 1;
            let inbound = understand(&item.bytes, self.ours);
            match self.task(item, &inbound, report).await? {
                None => fates.push((item.key, Fate::Left)),
                Some(task) => {
                    fates.push((item.key, Fate::Done));
                    if let Task::Record(record) = task {
                        records.push(record);
                    }
                }
            }
        }
        let is_new = self.judge.store.record_activities(&records).await?;
        for (record, is_new) in records.iter().zip(is_new) {
            report.count(record.activity.kind, is_new);
            // One that was on record may not have been acted on: the run that recorded it may have died.
            report.given_up.extend(self.judge.judge(&record.address, &record.activity.source).await?);
        }
        Ok(fates)
    }

    /// What follows from one message; none where it is left alone.
    async fn task(&self, item: &Item, inbound: &Inbound, report: &mut Report) -> Result<Option<Task>> {
        let source = source(item, inbound);
        match &inbound.meaning {
            Meaning::Report(told) => {
                let Some((person, issue)) = self.proved(&inbound.candidates).await? else {
                    return Ok(report.look_at("nobody's", item, &nobody(told)));
                };
                Ok(Some(self.of_report(item, told, &person, issue, source, report)))
            }
            Meaning::Complaint(complaint) if !complaint.is_unwanted() => {
                report.other_feedback += 1;
                Ok(Some(Task::Nothing))
            }
            Meaning::Complaint(complaint) => {
                let Some((person, _)) = self.proved(&inbound.candidates).await? else {
                    let why = "a complaint, and nothing in it proves whose it is";
                    return Ok(report.look_at("nobody's", item, why));
                };
                let detail = detail_of(complaint);
                Ok(Some(Task::Record(self.record(item, &person, Happened::Complained, source, &detail))))
            }
            Meaning::Instruction(instruction) => self.answer(item, instruction, source, report).await,
            Meaning::AutoReply(_) => Ok(report.leave_alone("auto-replies")),
            Meaning::Answer => Ok(report.leave_alone("answers")),
            Meaning::Unclear(why) => Ok(report.look_at("unclear", item, why)),
        }
    }

    fn of_report(
        &self,
        item: &Item,
        told: &ServerReport,
        person: &Subscriber,
        issue: i64,
        source: String,
        report: &mut Report,
    ) -> Task {
        let about = told.about(&person.address);
        let Some((about, kind)) = about.and_then(|about| Some((about, about.bounce()?))) else {
            report.other_reports += 1;
            return Task::Nothing;
        };
        let mut words: Vec<String> = vec![format!("issue {issue}:")];
        words.extend(about.status.map(|status| status.to_string()));
        words.extend(about.diagnostic.clone());
        words.extend(told.reporter.as_ref().map(|reporter| format!("(told by {reporter})")));
        Task::Record(self.record(item, person, happened(kind), source, &words.join(" ")))
    }

    /// The reader whom a candidate proves it to be about, and the issue, or 0 where it does not say.
    async fn proved(&self, candidates: &[Candidate]) -> Result<Option<(Subscriber, i64)>> {
        for candidate in candidates {
            let subject = match candidate.purpose {
                // Some servers write addresses in capitals; the token has small letters alone.
                Proves::ReturnPath => {
                    self.signer.read(Purpose::ReturnPath, &candidate.token.to_ascii_lowercase())
                }
                Proves::Unsubscribe => self.signer.read(Purpose::Unsubscribe, &candidate.token),
            };
            let (subscriber, issue) = match subject {
                Some(Subject::ReturnPath { issue, subscriber }) => (subscriber, issue),
                Some(Subject::Unsubscribe { subscriber, .. }) => (subscriber, 0),
                _ => continue,
            };
            if let Some(person) = self.judge.store.subscriber_numbered(subscriber).await? {
                return Ok(Some((person, issue)));
            }
        }
        Ok(None)
    }

    fn record(
        &self,
        item: &Item,
        person: &Subscriber,
        kind: Happened,
        source: String,
        detail: &str,
    ) -> NewActivity {
        let detail = shortened(detail);
        NewActivity {
            address: person.address.clone(),
            activity: Activity { at: self.judge.now, kind, source, detail },
            mark: Some(mark(&item.bytes, &format!("subscriber {}", person.id))),
        }
    }
}

impl Report {
    fn count(&mut self, kind: Happened, is_new: bool) {
        let counter = match kind {
            _ if !is_new => &mut self.before,
            Happened::HardBounce => &mut self.hard,
            Happened::SoftBounce => &mut self.soft,
            Happened::Refused => &mut self.refused,
            _ => &mut self.complaints,
        };
        *counter += 1;
    }

    fn leave_alone(&mut self, what: &'static str) -> Option<Task> {
        *self.alone.entry(what).or_default() += 1;
        None
    }

    pub(super) fn look_at(&mut self, what: &'static str, item: &Item, why: &str) -> Option<Task> {
        if self.to_look_at.len() < MOST_NAMED {
            self.to_look_at.push(Alone { place: item.place.clone(), why: why.to_owned() });
        }
        self.leave_alone(what)
    }

    /// How many bounces there were, of any kind.
    #[must_use]
    pub fn bounces(&self) -> u64 {
        self.hard + self.soft + self.refused
    }
}

/// Where a record comes from: the message's own id, and the beginning of its hash, for anybody can use an id twice.
fn source(item: &Item, inbound: &Inbound) -> String {
    let hash = mark(&item.bytes, "source");
    match &inbound.message {
        Some(id) => format!("mail <{id}> #{}", &hash[..16]),
        None => format!("mail #{}", &hash[..16]),
    }
}

fn detail_of(complaint: &Complaint) -> String {
    let reporter = complaint.reporter.as_ref().map(|reporter| format!(" (told by {reporter})"));
    format!("{}{}", complaint.feedback, reporter.unwrap_or_default())
}

/// Why a report is nobody's, with what it says of itself.
fn nobody(told: &ServerReport) -> String {
    let bounce = told.recipients.iter().find(|one| one.bounce().is_some_and(|kind| kind != Kind::Sender));
    let about = bounce.and_then(|one| one.last.as_ref().or(one.first.as_ref()));
    let about = about.map(|address| format!(" about {address}")).unwrap_or_default();
    format!("a server's report{about}, and the address that it came to proves no reader of ours")
}
