//! Rehearsing: the next issue of a digest composed for its audience, or for somebody, to look at. Changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};

use crate::catalog::category::Category;
use crate::catalog::publication::newest_first;
use crate::catalog::slug::Slug;
use crate::digest::compose;
use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::plan::PlannedCohort;
use crate::digest::select::{Group, Selection, select};
use crate::digest::settings::{FirstIssue, Settings};
use crate::digest::window::Bounds;
use crate::digest::wish::{Numbered, Wish, WishList};
use crate::jobs::open_issue::{self, Planned, Press};
use crate::schedule::catch_up::Slot;
use crate::schedule::timetable::Timetable;
use crate::store::editorial::IssueStory;
use crate::store::issues::{Frozen, Issues};
use crate::subscribers::subscriber::Subscriber;
use crate::subscribers::subscription::{Choice, Progress};

/// The next issue, composed for the audience that there is.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// What all its mails say in their headers.
    pub letterhead: Letterhead,
    /// Its editions with how many would get each: what most would get comes first.
    pub editions: Vec<(Edition, u64)>,
    /// How many further editions there are, and for how many readers.
    pub further: (usize, u64),
    /// How many would get nothing.
    pub spared: u64,
}

/// A composed issue, as somebody would get it.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What its mail says in its headers.
    pub letterhead: Letterhead,
    /// Its mail.
    pub edition: Edition,
    /// Whether its articles are new; else they are the newest, to have something to show.
    pub is_new: bool,
}

/// What somebody wishes for who has just subscribed to everything.
#[must_use]
pub fn everything() -> WishList {
    WishList { wishes: vec![Wish { choice: Choice::All, progress: Progress::Fresh(None) }], language: None }
}

/// What somebody subscribed to, of one digest.
#[must_use]
pub fn wishes_of(subscriber: &Subscriber, digest: &str) -> WishList {
    let theirs = subscriber.subscriptions.iter().filter(|subscription| subscription.digest == digest);
    let wishes = theirs
        .map(|subscription| Wish { choice: subscription.choice.clone(), progress: subscription.progress })
        .collect();
    WishList { wishes, language: subscriber.language.clone() }
}

/// The next issue as it would be opened now for its audience. At most `most` editions are composed.
///
/// # Errors
/// A template that can't be rendered, a sender that is none, a store that can't be read.
pub async fn rehearse_for_all(
    press: &Press<'_>,
    digest: &Settings,
    store: &dyn Issues,
    most: usize,
) -> Result<Rehearsal> {
    let planned = open_issue::plan(press, digest, next(press, digest, store).await?, store).await?;
    compose_planned(press, digest, &planned, most)
}

/// The next issue as it would be opened now for somebody with these wishes; where nothing is new for them, older
/// articles. None without anything to show.
///
/// # Errors
/// As [`rehearse_for_all`].
pub async fn rehearse_for(
    press: &Press<'_>,
    digest: &Settings,
    store: &dyn Issues,
    list: &WishList,
) -> Result<Option<Sheet>> {
    let slot = next(press, digest, store).await?;
    let audience = vec![(list.clone(), 1)];
    let planned = open_issue::plan_for(press, digest, slot, store, audience).await?;
    let Rehearsal { letterhead, editions, .. } = compose_planned(press, digest, &planned, 1)?;
    if let Some((edition, _)) = editions.into_iter().next() {
        return Ok(Some(Sheet { letterhead, edition, is_new: true }));
    }
    let wishes = list.wishes.iter().map(|wish| Wish { progress: Progress::Fresh(None), ..wish.clone() });
    let anew = WishList { wishes: wishes.collect(), language: list.language.clone() };
    Ok(rehearse(press, digest, &anew)?.map(|sheet| Sheet { is_new: false, ..sheet }))
}

/// The slot that is due, or one now.
async fn next(press: &Press<'_>, digest: &Settings, store: &dyn Issues) -> Result<Slot> {
    let site = &press.catalog.site;
    let since = store.peek_handled_until(&digest.name, press.now).await?;
    let due = open_issue::due(site, digest, since, press.now)?;
    let slot = match due.open {
        None => open_issue::at_once(site, digest, since, press.now)?.open,
        slot => slot,
    };
    slot.context("an issue that is opened at once has a slot")
}

/// Each distinct selection of a plan once, what most would get first.
fn compose_planned(
    press: &Press<'_>,
    digest: &Settings,
    planned: &Planned,
    most: usize,
) -> Result<Rehearsal> {
    let slot = planned.occasion.slot;
    let (mailed, spared): (Vec<&PlannedCohort>, Vec<&PlannedCohort>) =
        planned.plan.cohorts.iter().partition(|cohort| cohort.spared.is_none());
    let asked = mailed.iter().map(|cohort| cohort.wishes.language.clone()).collect();
    let secret = open_issue::secret(press, digest, slot);
    let compose = || {
        let composer = open_issue::composer(press, digest, &planned.categories, slot, &secret, asked)?;
        let mut found = BTreeMap::new();
        for cohort in mailed {
            let language = composer.language(cohort.wishes.language.as_ref())?;
            let key = composer.key(&cohort.selection, &language);
            let (_, _, readers) = found.entry(key).or_insert((&cohort.selection, language, 0));
            *readers += cohort.subscribers;
        }
        let mut found: Vec<_> = found.into_values().collect();
        // A stable sort: equal ones stay in the order of their keys.
        found.sort_by_key(|(_, _, readers)| std::cmp::Reverse(*readers));
        let rest = found.split_off(most.min(found.len()));
        let further = (rest.len(), rest.iter().map(|(_, _, readers)| readers).sum());
        let mut editions = Vec::new();
        for (selection, language, readers) in found {
            editions.push((composer.compose(selection, &language)?, readers));
        }
        let spared = spared.iter().map(|cohort| cohort.subscribers).sum();
        Ok::<_, anyhow::Error>(Rehearsal { letterhead: composer.letterhead, editions, further, spared })
    };
    compose().with_context(|| format!("the digest {:?} can't be rendered", digest.name))
}

/// When the digest's timetable asks for its next issue.
///
/// # Errors
/// The cron expression can't be read.
pub fn next_slot(press: &Press<'_>, digest: &Settings) -> Result<Option<DateTime<Utc>>> {
    let zone = digest.time_zone.unwrap_or(press.catalog.site.time_zone);
    let timetable = Timetable::parse(&digest.cron, zone).map_err(anyhow::Error::msg)?;
    Ok(timetable.next_after(press.now))
}

/// The newest articles for these wishes, opened now; none without anything to show.
///
/// # Errors
/// A template that can't be rendered, a sender that is none.
pub fn rehearse(press: &Press<'_>, digest: &Settings, list: &WishList) -> Result<Option<Sheet>> {
    let categories = compose::categories_of(digest, &press.stock.categories);
    let (selection, is_new) = selection(press, digest, &categories, &list.wishes);
    if selection.total() == 0 {
        return Ok(None);
    }
    let secret = press.signer.secret_word("preview");
    let asked = BTreeSet::from([list.language.clone()]);
    let compose = || {
        let composer = open_issue::composer(press, digest, &categories, press.now, &secret, asked)?;
        let edition = composer.compose(&selection, &composer.language(list.language.as_ref())?)?;
        Ok::<_, anyhow::Error>((composer.letterhead, edition))
    };
    let (letterhead, edition) =
        compose().with_context(|| format!("the digest {:?} can't be rendered", digest.name))?;
    Ok(Some(Sheet { letterhead, edition, is_new }))
}

/// An edition composed once more.
#[derive(Clone, Debug)]
pub struct Again {
    /// As it would be now; none where none of its articles is left.
    pub edition: Option<Edition>,
    /// Numbers of articles that it had and that are not published any more.
    pub gone: Vec<i64>,
}

/// Composes the articles of a frozen edition as they are now.
///
/// # Errors
/// A template that can't be rendered, a sender that is none.
pub fn again(press: &Press<'_>, digest: &Settings, issue: &IssueStory, frozen: &Frozen) -> Result<Again> {
    let published = &press.stock.published;
    let places: HashMap<i64, usize> =
        published.iter().enumerate().map(|(index, item)| (item.publication.number, index)).collect();
    let mut gone = Vec::new();
    let mut groups = Vec::new();
    for contents in &frozen.edition.contents {
        let Some(category) = Slug::from_name(&contents.category) else { continue };
        let (there, missing): (Vec<i64>, Vec<i64>) =
            contents.articles.iter().partition(|number| places.contains_key(number));
        gone.extend(missing);
        let articles = there.iter().map(|number| places[number]).collect();
        groups.push(Group { category, articles, more: contents.more });
    }
    let categories = compose::categories_of(digest, &press.stock.categories);
    let language = &frozen.edition.language;
    let asked = BTreeSet::from([Some(language.clone())]);
    let press = Press { now: issue.opened, ..*press };
    let slot = issue.status.slot;
    let composer = open_issue::composer(&press, digest, &categories, slot, &frozen.letterhead.slots, asked)?;
    let selection = Selection { groups };
    let edition = if selection.shown() > 0 { Some(composer.compose(&selection, language)?) } else { None };
    Ok(Again { edition, gone })
}

/// What is new, and `true`; for somebody without an issue yet, and nothing within a cadence, the newest there is.
fn selection(
    press: &Press<'_>,
    digest: &Settings,
    categories: &[Category],
    wishes: &[Wish],
) -> (Selection, bool) {
    let stock = press.stock;
    let slugs: Vec<_> = categories.iter().map(|category| category.slug.clone()).collect();
    let order = newest_first(&stock.published);
    let numbers: Vec<i64> = stock.published.iter().map(|item| item.publication.number).collect();
    let articles = Numbered { published: &stock.published, numbers: &numbers };
    let zone = digest.time_zone.unwrap_or(press.catalog.site.time_zone);
    let cadence = Timetable::parse(&digest.cron, zone).map(|timetable| timetable.cadence(press.now));
    let begin = press.now - cadence.unwrap_or(Duration::days(7));
    let mut bounds = Bounds { upto: i64::MAX, begin, first_issue: digest.first_issue, only_since: None };
    let chosen = select(&articles, &order, &slugs, wishes, &bounds, digest.most);
    if chosen.total() > 0 {
        return (chosen, true);
    }
    bounds.first_issue = FirstIssue::Newest(digest.most);
    (select(&articles, &order, &slugs, wishes, &bounds, digest.most), false)
}
