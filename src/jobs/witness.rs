//! The witness: a file beside the store that says how far the store had come when mail went out. A store that has not come
//! as far is an old copy, and would send again what was sent.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::store::history::History;
use crate::store::resuming::Lost;

/// How far numbers leap where nobody knows which were given: those of mails that went out must not become somebody else's.
const LEAP: i64 = 1_000_000;

/// Tables of which the witness knows the last number, for it is written when they get one.
const EXACT: [&str; 3] = ["issues", "cohorts", "deliveries"];

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    store: String,
    counters: BTreeMap<String, i64>,
    digests: BTreeMap<String, i64>,
}

/// Why a store must not send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It is a backup of that moment.
    Backup(String),
    /// It has given fewer numbers than the witness knows of.
    Older {
        /// Numbers of what.
        what: String,
        /// The last one that the store gave.
        here: i64,
        /// The last one that the witness knows of.
        last: i64,
    },
    /// Another store was used last.
    Stranger,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backup(moment) => write!(f, "the store is a backup of {moment}"),
            Self::Older { what, here, last } => write!(
                f,
                "the store is an old copy: it knows of {what} up to number {here}, and {last} was given already"
            ),
            Self::Stranger => {
                f.write_str("another store has sent mail from here, of which this one knows nothing")
            }
        }
    }
}

impl Witness {
    /// What is remembered at this place; none where there is nothing.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn read(place: &Path) -> Result<Option<Self>> {
        match std::fs::read(place) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text).with_context(|| place.display().to_string())?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| place.display().to_string()),
        }
    }

    /// Remembers how far the store has come.
    ///
    /// # Errors
    /// A file that can't be written.
    pub fn keep(place: &Path, history: &History) -> Result<()> {
        let witness = Self {
            store: history.store.clone().unwrap_or_default(),
            counters: history.counters.clone(),
            digests: history.digests.clone(),
        };
        if Self::read(place).ok().flatten().as_ref() == Some(&witness) {
            return Ok(());
        }
        let write = || -> Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(place.parent().unwrap_or(Path::new(".")))?;
            file.write_all(&serde_json::to_vec_pretty(&witness)?)?;
            // It has to be there after a power cut, as the store's own rows.
            file.as_file().sync_all()?;
            file.persist(place)?;
            Ok(())
        };
        write().with_context(|| format!("{} can't be written", place.display()))
    }
}

/// Why a store must not send; `None` if nothing speaks against it.
#[must_use]
pub fn doubt(history: &History, witness: Option<&Witness>) -> Option<Doubt> {
    if let Some(moment) = &history.backup {
        return Some(Doubt::Backup(moment.clone()));
    }
    let witness = witness?;
    if history.store.as_deref() != Some(&*witness.store) {
        return Some(Doubt::Stranger);
    }
    let here = |what: &String| history.counters.get(what).copied().unwrap_or(0);
    // What means most to people first.
    let first = ["issues", "attempts"].map(str::to_owned);
    let what = first
        .iter()
        .chain(witness.counters.keys())
        .find(|what| witness.counters.get(*what).is_some_and(|last| *last > here(what)))?;
    Some(Doubt::Older { what: what.clone(), here: here(what), last: witness.counters[what] })
}

/// What may have happened since the copy was made. The witness of the same store says of which digests issues were opened;
/// without one, each digest's slots count as dealt with until now.
#[must_use]
pub fn lost<'a>(
    history: &History,
    witness: Option<&Witness>,
    digests: &[&str],
    held: &'a [i64],
    why: &'a str,
    now: DateTime<Utc>,
) -> Lost<'a> {
    let known = witness.filter(|witness| history.store.as_deref() == Some(&*witness.store));
    let names = digests.iter().map(|name| (*name).to_owned()).chain(history.digests.keys().cloned());
    let until = |name: String| {
        let Some(known) = known else { return Some((name, now)) };
        let last = *known.digests.get(&name)?;
        let is_ahead = history.digests.get(&name).is_none_or(|here| *here < last);
        is_ahead.then(|| (name, DateTime::UNIX_EPOCH + TimeDelta::seconds(last)))
    };
    let mut digests: Vec<(String, DateTime<Utc>)> = names.filter_map(until).collect();
    digests.sort();
    digests.dedup();
    let tables = crate::store::whole::TABLES.iter().filter(|table| table.is_numbered);
    let counter = |name: &str| {
        let of = |counters: &BTreeMap<String, i64>| counters.get(name).copied().unwrap_or(0);
        let last = of(&history.counters).max(known.map_or(0, |known| of(&known.counters)));
        last + if known.is_some() && EXACT.contains(&name) { 0 } else { LEAP }
    };
    let counters = tables.map(|table| (table.name.to_owned(), counter(table.name))).collect();
    Lost { why, digests, held, counters }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(store: &str, issues: i64, weekly: i64) -> History {
        History {
            store: Some(store.to_owned()),
            backup: None,
            counters: BTreeMap::from([("issues".to_owned(), issues), ("subscribers".to_owned(), 5)]),
            digests: BTreeMap::from([("weekly".to_owned(), weekly)]),
        }
    }

    fn witness(store: &str, issues: i64, weekly: i64) -> Witness {
        let History { store, counters, digests, .. } = history(store, issues, weekly);
        Witness { store: store.unwrap(), counters, digests }
    }

    #[test]
    fn a_store_that_has_come_as_far_as_its_witness_may_send() {
        let last = witness("a", 3, 100);
        assert_eq!(doubt(&history("a", 3, 100), Some(&last)), None);
        assert_eq!(doubt(&history("a", 4, 100), Some(&last)), None);
        assert_eq!(doubt(&history("a", 4, 100), None), None);
        let older = Doubt::Older { what: "issues".to_owned(), here: 2, last: 3 };
        assert_eq!(doubt(&history("a", 2, 100), Some(&last)), Some(older));
        assert_eq!(doubt(&history("b", 9, 100), Some(&last)), Some(Doubt::Stranger));
        assert_eq!(doubt(&History::default(), Some(&last)), Some(Doubt::Stranger));
        let backup = History { backup: Some("then".to_owned()), ..history("a", 9, 100) };
        assert_eq!(doubt(&backup, Some(&last)), Some(Doubt::Backup("then".to_owned())));
    }

    #[test]
    fn a_digest_that_opened_nothing_since_the_copy_goes_on_where_it_was() {
        let now = DateTime::from_timestamp(900, 0).unwrap();
        let lost_of = |known: Option<&Witness>| {
            let lost = lost(&history("a", 2, 100), known, &["weekly"], &[], "why", now);
            let digests: Vec<i64> = lost.digests.iter().map(|(_, until)| until.timestamp()).collect();
            (digests, lost.counters["issues"], lost.counters["subscribers"])
        };
        assert_eq!(lost_of(Some(&witness("a", 2, 100))), (vec![], 2, LEAP + 5));
        assert_eq!(lost_of(Some(&witness("a", 3, 200))), (vec![200], 3, LEAP + 5));
        let blind = (vec![900], LEAP + 2, LEAP + 5);
        assert_eq!(lost_of(None), blind);
        assert_eq!(lost_of(Some(&witness("b", 3, 200))), blind);
    }
}
