//! The publication ledger: who is who among articles that move, change and lie about their dates. Pure: the
//! store keeps the records, this decides what they become.
//!
//! An article is the one that the ledger knows, in this order: by the id in its front matter; by its path;
//! then, among records whose file has vanished, by the id it would get, by its content, by title and date.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use chrono::{DateTime, Utc};

use crate::catalog::outline::Outline;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::publication::{Publication, Published};
use crate::catalog::slug::Slug;
use crate::catalog::withdrawal;

/// What the ledger makes of a catalog.
#[derive(Debug, Default)]
pub struct Reconciled {
    /// Every publishable article with its record; in the order of the catalog.
    pub published: Vec<Published>,
    /// How many of them are new.
    pub fresh: usize,
    /// Records to write: new ones and those that changed.
    pub to_write: Vec<Publication>,
    /// Numbers of articles that are known and held out now: their file is there, and is not to be published.
    pub held: Vec<i64>,
    /// Records of articles that are gone, what went last first.
    pub withdrawn: Vec<Publication>,
    /// Records that no published article has, as they are now.
    pub rest: Vec<Publication>,
    /// Ambiguous matches: their articles are held out.
    pub problems: Vec<Problem>,
}

/// Finds each article's record, or makes one. `present` are all paths that the sources have now, whatever is
/// wrong with them; `records` all that the ledger knows; `highest` the last number that was given to anything;
/// `is_first` where the ledger is only now begun.
#[must_use]
pub fn reconcile(
    articles: Vec<Outline>,
    records: Vec<Publication>,
    present: &[String],
    highest: i64,
    is_first: bool,
    now: DateTime<Utc>,
) -> Reconciled {
    let mut matching = Matching::new(&articles, &records);
    matching.run(present);
    let (held, lost) = (matching.held_numbers(), matching.lost());
    let Matching { found, problems, .. } = matching;
    let mut records = records;
    let to_write = withdrawal::mark(&mut records, &lost, articles.is_empty(), now);
    let withdrawn = withdrawal::gone(&records, &lost);
    let mut result = Reconciled { to_write, held, withdrawn, problems, ..Reconciled::default() };

    // Numbers rise with the moment at which articles became public, so that a number can stand for a moment: a
    // first run counts as history went. Ties by path.
    let mut fresh: Vec<usize> =
        (0..articles.len()).filter(|place| matches!(found.get(*place), Some(Found::Nothing))).collect();
    fresh.sort_by_cached_key(|place| {
        let article = &articles[*place];
        (became_public(article, is_first, now), article.path().to_owned())
    });
    result.fresh = fresh.len();
    let mut taken: HashSet<String> = if fresh.is_empty() {
        HashSet::new()
    } else {
        records.iter().map(|record| record.id.clone()).collect()
    };
    let mut begun: HashMap<usize, Publication> = HashMap::with_capacity(fresh.len());
    for (number, place) in (highest + 1..).zip(fresh) {
        let record = first_record(&articles[place], number, is_first, now, &mut taken);
        result.to_write.push(record.clone());
        begun.insert(place, record);
    }
    let mut records: Vec<Option<Publication>> = records.into_iter().map(Some).collect();
    result.published.reserve_exact(articles.len());
    for (place, (outline, found)) in articles.into_iter().zip(found).enumerate() {
        let publication = match found {
            Found::Ambiguous => None,
            Found::Nothing => begun.remove(&place),
            Found::Record(index) => records[index].take().map(|record| {
                if is_current(&record, &outline) {
                    return record;
                }
                let current = brought_up_to_date(&record, &outline, now);
                result.to_write.push(current.clone());
                current
            }),
        };
        result.published.extend(publication.map(|publication| Published { outline, publication }));
    }
    result.rest = records.into_iter().flatten().collect();
    result.to_write.sort_by_key(|record| record.number);
    result
}

/// Whether a record says of an article what the article says of itself.
fn is_current(record: &Publication, article: &Outline) -> bool {
    record.withdrawn.is_none()
        && record.content_hash == article.content_hash
        && record.path == article.path()
        && record.title == article.title()
        && record.date == article.date
        && record.date.map(|date| *date.offset()) == article.date.map(|date| *date.offset())
        && article.declared_id().is_none_or(|id| record.declared_id.as_deref() == Some(id))
        && record.categories.iter().map(String::as_str).eq(article.categories.iter().map(Slug::as_str))
}

fn brought_up_to_date(record: &Publication, article: &Outline, now: DateTime<Utc>) -> Publication {
    let changed = if article.content_hash == record.content_hash { record.changed } else { Some(now) };
    Publication {
        declared_id: article.declared_id().map(str::to_owned).or_else(|| record.declared_id.clone()),
        path: article.path().to_owned(),
        title: article.title().to_owned(),
        date: article.date,
        content_hash: article.content_hash,
        changed,
        number: record.number,
        id: record.id.clone(),
        first_published: record.first_published,
        categories: slugs(article),
        withdrawn: None,
    }
}

fn first_record(
    article: &Outline,
    number: i64,
    is_first: bool,
    now: DateTime<Utc>,
    taken: &mut HashSet<String>,
) -> Publication {
    let declared_id = article.declared_id().map(str::to_owned);
    let mut id = declared_id.clone().unwrap_or_else(|| article.derived_id().to_owned());
    // A new file at the old place of an article that moved away would get that one's id.
    let mut copy = 2;
    while taken.contains(&id) {
        id = format!("{}~{copy}", article.derived_id());
        copy += 1;
    }
    taken.insert(id.clone());
    Publication {
        number,
        id,
        declared_id,
        path: article.path().to_owned(),
        title: article.title().to_owned(),
        date: article.date,
        content_hash: article.content_hash,
        first_published: became_public(article, is_first, now),
        changed: None,
        categories: slugs(article),
        withdrawn: None,
    }
}

fn slugs(article: &Outline) -> Vec<String> {
    article.categories.iter().map(ToString::to_string).collect()
}

/// What is there when the ledger begins became public at the date that it gives; all else became public now.
fn became_public(article: &Outline, is_first: bool, now: DateTime<Utc>) -> DateTime<Utc> {
    article.date.filter(|_| is_first).map_or(now, |date| date.with_timezone(&Utc))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    Ambiguous,
    Record(usize),
}

struct Matching<'a> {
    articles: &'a [Outline],
    records: &'a [Publication],
    /// Paths that sources have, once a record is left whose article is not found by its path.
    present: HashSet<&'a str>,
    found: Vec<Found>,
    /// Records that an article has claimed.
    claimed: Vec<bool>,
    /// Records that several articles could be.
    doubted: HashSet<usize>,
    problems: Vec<Problem>,
}

impl<'a> Matching<'a> {
    fn new(articles: &'a [Outline], records: &'a [Publication]) -> Self {
        Self {
            articles,
            found: vec![Found::Nothing; articles.len()],
            claimed: vec![false; records.len()],
            doubted: HashSet::new(),
            records,
            present: HashSet::new(),
            problems: Vec::new(),
        }
    }

    fn run(&mut self, present: &'a [String]) {
        self.by_declared_id();
        self.by_path();
        if self.claimed.iter().all(|claimed| *claimed) {
            return;
        }
        self.present = present.iter().map(String::as_str).collect();
        let derived =
            |article: &Outline| article.declared_id().is_none().then(|| article.derived_id().to_owned());
        self.among_vanished("id", derived, |record| Some(record.id.clone()));
        self.among_vanished(
            "content",
            |article| Some(article.content_hash),
            |record| Some(record.content_hash),
        );
        self.among_vanished(
            "title and date",
            |article| Some((article.title().to_owned(), article.date?)),
            |record| Some((record.title.clone(), record.date?)),
        );
    }

    fn held_numbers(&self) -> Vec<i64> {
        let unclaimed = self.records.iter().zip(&self.claimed).filter(|(_, claimed)| !**claimed);
        let held = unclaimed.filter(|(record, _)| self.present.contains(record.path.as_str()));
        held.map(|(record, _)| record.number).collect()
    }

    /// Places of records that nothing stands for any more.
    fn lost(&self) -> Vec<usize> {
        let is_lost = |index: &usize| {
            let path = self.records[*index].path.as_str();
            !self.claimed[*index] && !self.doubted.contains(index) && !self.present.contains(path)
        };
        (0..self.records.len()).filter(is_lost).collect()
    }

    fn by_declared_id(&mut self) {
        if self.articles.iter().all(|article| article.declared_id().is_none()) {
            return;
        }
        let records = self.records;
        let mut known: HashMap<&str, usize> =
            records.iter().enumerate().map(|(index, record)| (record.id.as_str(), index)).collect();
        for (index, record) in records.iter().enumerate() {
            if let Some(id) = &record.declared_id {
                known.entry(id).or_insert(index);
            }
        }
        for (position, article) in self.articles.iter().enumerate() {
            if let Some(id) = article.declared_id()
                && let Some(index) = known.get(id)
            {
                self.claim(position, *index);
            }
        }
    }

    fn by_path(&mut self) {
        let (articles, records) = (self.articles, self.records);
        let mut known: Option<HashMap<&str, usize>> = None;
        let mut next = 0;
        for (position, article) in articles.iter().enumerate() {
            // They come in the same order, mostly.
            let at_hand = records.get(next).is_some_and(|record| record.path == article.path());
            let found = if at_hand {
                Some(next)
            } else {
                let paths =
                    || records.iter().enumerate().map(|(index, record)| (record.path.as_str(), index));
                known.get_or_insert_with(|| paths().collect()).get(article.path()).copied()
            };
            let Some(index) = found else { continue };
            next = index + 1;
            // An article that says it is another one than the record at its path is another one.
            if article.declared_id().is_none() || records[index].declared_id.is_none() {
                self.claim(position, index);
            }
        }
    }

    /// Matches what is left by a trait that both have: one article and one record, or it is a problem.
    fn among_vanished<K: Eq + Hash>(
        &mut self,
        what: &str,
        of_article: impl Fn(&Outline) -> Option<K>,
        of_record: impl Fn(&Publication) -> Option<K>,
    ) {
        let mut vanished: HashMap<K, Vec<usize>> = HashMap::new();
        for (index, record) in self.records.iter().enumerate() {
            if !self.claimed[index]
                && !self.present.contains(record.path.as_str())
                && let Some(key) = of_record(record)
            {
                vanished.entry(key).or_default().push(index);
            }
        }
        if vanished.is_empty() {
            return;
        }
        let mut seekers: HashMap<K, Vec<usize>> = HashMap::new();
        for (position, article) in self.articles.iter().enumerate() {
            if self.found[position] == Found::Nothing
                && let Some(key) = of_article(article)
            {
                seekers.entry(key).or_default().push(position);
            }
        }
        for (key, positions) in seekers {
            match vanished.get(&key).map(Vec::as_slice) {
                None => {}
                Some([index]) if positions.len() == 1 => self.claim(positions[0], *index),
                Some(indices) => self.report_ambiguous(what, &positions, indices),
            }
        }
        self.problems.sort();
    }

    fn report_ambiguous(&mut self, what: &str, positions: &[usize], indices: &[usize]) {
        self.doubted.extend(indices);
        let mut was: Vec<&str> = indices.iter().map(|index| self.records[*index].path.as_str()).collect();
        was.sort_unstable();
        for position in positions {
            self.found[*position] = Found::Ambiguous;
            let article = &self.articles[*position];
            let id = &self.records[indices[0]].id;
            self.problems.push(article.error(
                Position::START,
                format!(
                    "by its {what} this may be what was at {}, and {} files could be it",
                    was.join(" or "),
                    positions.len()
                ),
                format!("say which article it is: add `id: {id}` to one of them, and an `id` of its own to a new one"),
            ));
        }
    }

    fn claim(&mut self, position: usize, index: usize) {
        if self.found[position] == Found::Nothing && !self.claimed[index] {
            self.found[position] = Found::Record(index);
            self.claimed[index] = true;
        }
    }
}
