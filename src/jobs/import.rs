//! Importing subscribers: lines become people in chunks, and each line that gives nobody is told at once, so that a long file
//! needs no more memory than a short one. A rehearsal decides the same, and writes nothing.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::store::Store;
use crate::subscribers::adding::decide_on;
use crate::subscribers::import::rejected::{Entry, Lines, Rejected};
use crate::subscribers::subscriber::{Added, NewSubscriber};
use crate::subscribers::token::Signer;

/// People added in one transaction, and rejected lines that are kept to be told in their order. Addresses come in any order,
/// and of a long list each one has a page of the store's indexes to itself: the more there are in a transaction, the
/// fewer pages are written again and again.
const CHUNK: usize = 10_000;

/// Tags that are counted by name; a column that was taken for tags may hold anything.
const MOST_TAGS: usize = 200;

/// Bytes of a block of what a rehearsal keeps; one that is kept alone in it may be longer.
const BLOCK: usize = 1 << 20;

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// New subscribers.
    pub added: u64,
    /// Known ones with new choices or a new name.
    pub changed: u64,
    /// Known ones with nothing new.
    pub same: u64,
    /// Lines that give nobody.
    pub rejected: u64,
    /// People who left, or must never be mailed: they stay as they are.
    pub left: u64,
    /// People who were erased: they stay forgotten.
    pub erased: u64,
    /// Tags that stand for no category, with how many have each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unmatched: BTreeMap<String, u64>,
}

impl Report {
    /// Lines that nobody was added for.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.rejected + self.left + self.erased
    }
}

/// Why nobody is added for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The line gives nobody.
    Line,
    /// They left, or must never be mailed.
    Left,
    /// They were erased.
    Erased,
}

/// Is told of each line that nobody is added for, in their order.
pub type Teller<'a> = dyn FnMut(&Rejected, Refused) -> Result<()> + 'a;

/// Where people come from, and where they go.
pub struct Importing<'a> {
    /// The file, for the record: `import people.csv`.
    pub name: &'a str,
    /// Tells what addresses would be known by if they had been erased.
    pub signer: &'a Signer,
    /// Where they are added.
    pub store: &'a dyn Store,
    /// The time.
    pub now: DateTime<Utc>,
    /// Whether to write nothing.
    pub is_rehearsal: bool,
}

/// Imports people.
///
/// # Errors
/// The store can't be read or written, or the teller fails; what was told until then is in.
pub async fn import(lines: Lines<'_>, importing: &Importing<'_>, tell: &mut Teller<'_>) -> Result<Report> {
    let mut report = Report::default();
    let mut rehearsed = Rehearsed::default();
    let mut lines = lines.peekable();
    while lines.peek().is_some() {
        let (mut people, mut numbers, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines.by_ref().take(CHUNK) {
            match line {
                Ok(Entry { line, person, unmatched }) => {
                    count(unmatched, &mut report.unmatched);
                    let pseudonym = importing.signer.pseudonym(&person.address);
                    let source = format!("{}:{line}", importing.name);
                    people.push(NewSubscriber { pseudonym, source, ..person });
                    numbers.push(line);
                }
                Err(rejected) => refused.push((rejected, Refused::Line)),
            }
        }
        let results = if importing.is_rehearsal {
            rehearsed.add(&people, importing).await?
        } else {
            importing.store.add_subscribers(&people, importing.now).await?
        };
        for ((line, person), result) in numbers.into_iter().zip(&people).zip(results) {
            if let Some((reason, why)) = report.count(result) {
                refused.push((Rejected::new(line, person.address.as_str(), reason), why));
            }
        }
        refused.sort_by_key(|(rejected, _)| rejected.line);
        for (rejected, why) in &refused {
            report.rejected += u64::from(*why == Refused::Line);
            tell(rejected, *why)?;
        }
    }
    Ok(report)
}

impl Report {
    fn count(&mut self, result: Added) -> Option<(&'static str, Refused)> {
        let counter = match result {
            Added::New => &mut self.added,
            Added::Changed => &mut self.changed,
            Added::Same => &mut self.same,
            Added::Left | Added::Suppressed => &mut self.left,
            Added::Erased => &mut self.erased,
        };
        *counter += 1;
        match result {
            Added::New | Added::Changed | Added::Same => None,
            Added::Left => Some(("unsubscribed; only they can come back", Refused::Left)),
            Added::Suppressed => Some(("suppressed: must never be mailed", Refused::Left)),
            Added::Erased => {
                Some(("was erased; only they can come back, by subscribing anew", Refused::Erased))
            }
        }
    }
}

fn count(tags: Vec<String>, unmatched: &mut BTreeMap<String, u64>) {
    for tag in tags {
        if unmatched.len() < MOST_TAGS || unmatched.contains_key(&tag) {
            *unmatched.entry(tag).or_default() += 1;
        }
    }
}

/// What earlier lines of a rehearsal would have written: of each address that would be new or changed, what would be known
/// of it. Coded, in blocks that never move and by a hash of the key, it is about eighty bytes for each.
#[derive(Default)]
struct Rehearsed {
    /// Where each begins, counted through all blocks as if they were full.
    places: HashMap<u64, usize>,
    blocks: Vec<Vec<u8>>,
}

impl Rehearsed {
    async fn add(&mut self, people: &[NewSubscriber], importing: &Importing<'_>) -> Result<Vec<Added>> {
        let mut known = importing.store.known(people).await?;
        for person in people {
            let key = person.address.key();
            if let Some(coded) = self.coded(&key) {
                let (decoded, _) = postcard::take_from_bytes(coded).context("a rehearsal can't be read")?;
                known.insert(key, decoded);
            }
        }
        let results = decide_on(people, &mut known, importing.now).results;
        for (person, result) in people.iter().zip(&results) {
            let key = person.address.key();
            if let (Added::New | Added::Changed, Some(after)) = (result, known.get(&key)) {
                self.keep(&key, &postcard::to_stdvec(after).context("a rehearsal can't be kept")?);
            }
        }
        Ok(results)
    }

    /// What is kept of a key, and whatever follows in its block.
    fn coded(&self, key: &str) -> Option<&[u8]> {
        let place = self.places.get(&hash(key))?;
        self.blocks.get(place / BLOCK)?.get(place % BLOCK..)
    }

    fn keep(&mut self, key: &str, coded: &[u8]) {
        if self.blocks.last().is_none_or(|block| block.len() + coded.len() > BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let full = (self.blocks.len() - 1) * BLOCK;
        if let Some(block) = self.blocks.last_mut() {
            self.places.insert(hash(key), full + block.len());
            block.extend_from_slice(coded);
        }
    }
}

fn hash(key: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(key.as_bytes())
}
