//! Rehearsing: the next issue of a digest composed for somebody, to look at. Changes nothing.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use chrono::Duration;

use crate::catalog::category::Category;
use crate::catalog::publication::newest_first;
use crate::catalog::slug::Slug;
use crate::digest::compose;
use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::select::{Group, Selection, select};
use crate::digest::settings::{FirstIssue, Settings};
use crate::digest::window::Bounds;
use crate::digest::wish::{Numbered, Wish, WishList};
use crate::jobs::open_issue::{self, Press};
use crate::schedule::timetable::Timetable;
use crate::store::editorial::IssueStory;
use crate::store::issues::Frozen;
use crate::subscribers::subscription::{Choice, Progress};

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

/// The next issue for these wishes, opened now; none without anything to show.
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
