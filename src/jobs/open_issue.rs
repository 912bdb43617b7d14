//! Opening issues: what is due is planned, rendered once per distinct set of articles, and frozen.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use crate::catalog::category::Category;
use crate::catalog::settings::{Settings as CatalogSettings, Site};
use crate::digest::archive::Archive;
use crate::digest::compose::{self, Composer};
use crate::digest::intro::Intros;
use crate::digest::issue::{Cohort, Edition, Fate, NewIssue};
use crate::digest::letterhead::{Letterhead, Seal};
use crate::digest::look::Look;
use crate::digest::plan::{self, Occasion, Plan};
use crate::digest::settings::{FirstIssue, MailSettings, Settings};
use crate::digest::wish::{Wish, WishList};
use crate::jobs::lint::{self, Remark, Spoiled};
use crate::jobs::take_stock::Stock;
use crate::language::tag::Language;
use crate::schedule::catch_up::{self, Due, Slot};
use crate::schedule::reader_clock::{ReaderClock, TimeOfDay, first_at};
use crate::schedule::timetable::Timetable;
use crate::store::issues::{Issues, Opened};
use crate::subscribers::subscription::Progress;
use crate::subscribers::token::Signer;
use crate::templates::environment::Templates;

/// What opening an issue takes, but for the store.
pub struct Press<'a> {
    /// What there is to send.
    pub stock: &'a Stock,
    /// The site.
    pub catalog: &'a CatalogSettings,
    /// What all mails have in common.
    pub mail: &'a MailSettings,
    /// The templates.
    pub templates: &'a Templates,
    /// Where past issues are.
    pub archive: Option<&'a Archive>,
    /// Makes the secret of an issue's slots.
    pub signer: &'a Signer,
    /// The moment.
    pub now: DateTime<Utc>,
}

/// An issue that is due, planned and not opened.
#[derive(Debug)]
pub struct Planned {
    /// When it is for.
    pub occasion: Occasion,
    /// Who gets what.
    pub plan: Plan,
    /// The digest's categories.
    pub categories: Vec<Category>,
}

/// What became of a digest that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The digest's name.
    pub digest: String,
    /// The issue that was opened.
    pub opened: Option<Opened>,
    /// Whether it waits for somebody to release it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// Slots that passed without a mail, and why.
    pub passed: Vec<(DateTime<Utc>, String)>,
    /// What somebody should look at in its mails.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// Opens the issue of a digest if one is due, or at once where that is asked for.
///
/// # Errors
/// A template that can't be rendered, a mail that must not go out as it is ([`Spoiled`]): nothing was opened. A store that
/// can't be written.
pub async fn open(press: &Press<'_>, digest: &Settings, store: &dyn Issues, at_once: bool) -> Result<Report> {
    let since = store.handled_until(&digest.name, press.now).await?;
    let site = &press.catalog.site;
    let mut due = if at_once {
        self::at_once(site, digest, since, press.now)?
    } else {
        due(site, digest, since, press.now)?
    };
    let (mut opened, mut remarks) = (None, Vec::new());
    if let Some(slot) = due.open {
        let planned = plan(press, digest, slot, store).await?;
        if planned.plan.mailed() > 0 {
            let mut issue = print(press, digest, &planned)?;
            let clocks = store.reader_clocks(&digest.name).await?;
            issue.not_before = not_before(site, digest, press.now, &clocks);
            remarks = lint::lint(press, digest, &issue.letterhead, &issue.editions)?;
            if remarks.iter().any(Remark::is_error) {
                return Err(Spoiled { digest: digest.name.clone(), remarks }.into());
            }
            store.record_passed(&digest.name, &due.passed, press.now).await?;
            opened = Some(store.open_issue(&issue).await?);
        } else {
            due.passed.push((slot.at, why_nobody(&planned.plan, digest)));
            // A slot is dealt with all the same; an issue that was asked for out of turn leaves no trace.
            if !at_once {
                let begun =
                    planned.plan.cohorts.into_iter().map(|cohort| (cohort.wishes, cohort.base)).collect();
                store.begin_subscriptions(&digest.name, begun).await?;
                store.record_passed(&digest.name, &due.passed, press.now).await?;
            }
        }
    } else {
        store.record_passed(&digest.name, &due.passed, press.now).await?;
    }
    let held = digest.hold && opened.is_some();
    Ok(Report { digest: digest.name.clone(), opened, held, passed: due.passed, remarks })
}

/// Why an issue would reach nobody.
fn why_nobody(plan: &Plan, digest: &Settings) -> String {
    let first = |wish: &Wish| !matches!(wish.progress, Progress::Served(_));
    if plan.cohorts.is_empty() {
        "nobody who may be mailed subscribes to it".to_owned()
    } else if plan.cohorts.iter().flat_map(|cohort| &cohort.wishes.wishes).any(first)
        && digest.first_issue == FirstIssue::Cadence
    {
        "nothing new for anybody; with `first_issue = 10`, a reader's first issue holds the ten newest articles"
            .to_owned()
    } else {
        "nothing new for anybody".to_owned()
    }
}

/// Which slot of a digest is to be opened, when all up to `since` were dealt with.
///
/// # Errors
/// The cron expression can't be read.
pub fn due(site: &Site, digest: &Settings, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Due> {
    let most_late = Duration::from_std(digest.max_lateness).unwrap_or(Duration::days(3650));
    Ok(catch_up::due(&timetable(site, digest)?, digest.catch_up, most_late, since, now))
}

/// A slot at `now`, whatever the timetable says, when all up to `since` were dealt with.
///
/// # Errors
/// The cron expression can't be read.
pub fn at_once(site: &Site, digest: &Settings, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Due> {
    // A slot has one issue: a second one within the same second takes the next.
    let at = if since >= now { since + Duration::seconds(1) } else { now };
    let slot = Slot { at, begin: now - timetable(site, digest)?.cadence(now), only_since: None };
    Ok(Due { open: Some(slot), passed: Vec::new() })
}

/// Plans the issue of a slot.
///
/// # Errors
/// The store can't be read.
pub async fn plan(press: &Press<'_>, digest: &Settings, slot: Slot, store: &dyn Issues) -> Result<Planned> {
    let audience = store.audience(&digest.name).await?;
    let audience = audience.into_iter().map(|group| (group.wishes, group.subscribers)).collect();
    plan_for(press, digest, slot, store, audience).await
}

/// As [`plan()`], for an audience of one's own: groups of readers with equal wishes, and how many they are.
///
/// # Errors
/// The store can't be read.
pub async fn plan_for(
    press: &Press<'_>,
    digest: &Settings,
    slot: Slot,
    store: &dyn Issues,
    audience: Vec<(WishList, u64)>,
) -> Result<Planned> {
    let occasion =
        Occasion { slot: slot.at, opened: press.now, begin: slot.begin, only_since: slot.only_since };
    let categories = compose::categories_of(digest, &press.stock.categories);
    let absences = store.absences(&digest.name).await?;
    let news = plan::News { absences, highest: press.stock.highest };
    let plan = plan::plan(digest, &categories, &press.stock.published, &news, audience, &occasion);
    Ok(Planned { occasion, plan, categories })
}

/// Renders a planned issue: each distinct selection once.
///
/// # Errors
/// A template that can't be rendered, or a sender that is none.
pub fn print(press: &Press<'_>, digest: &Settings, planned: &Planned) -> Result<NewIssue> {
    let slot = planned.occasion.slot;
    let slots = secret(press, digest, slot);
    let asked = planned.plan.cohorts.iter().map(|cohort| cohort.wishes.language.clone()).collect();
    let composer = composer(press, digest, &planned.categories, slot, &slots, asked)?;
    let mut editions: BTreeMap<String, Edition> = BTreeMap::new();
    let mut cohorts = Vec::with_capacity(planned.plan.cohorts.len());
    for cohort in &planned.plan.cohorts {
        let fate = if let Some(reason) = &cohort.spared {
            Fate::Spared(reason.clone())
        } else {
            let language = composer.language(cohort.wishes.language.as_ref())?;
            let key = composer.key(&cohort.selection, &language);
            if !editions.contains_key(&key) {
                let edition = composer.compose(&cohort.selection, &language);
                let edition =
                    edition.with_context(|| format!("the digest {:?} can't be rendered", digest.name))?;
                editions.insert(key.clone(), edition);
            }
            Fate::Mailed(key)
        };
        cohorts.push(Cohort { wishes: cohort.wishes.clone(), base: cohort.base, fate });
    }
    Ok(NewIssue {
        digest: digest.name.clone(),
        slot,
        opened: planned.occasion.opened,
        upto: planned.plan.upto,
        held: press.stock.held.clone(),
        returned: planned.plan.returned.clone(),
        held_back: digest.hold,
        not_before: Vec::new(),
        letterhead: composer.letterhead,
        editions: editions.into_values().collect(),
        cohorts,
    })
}

/// When the mails of an issue that opens now may be handed over to readers with these clocks; those that are not in the
/// list get theirs at once.
fn not_before(
    site: &Site,
    digest: &Settings,
    opened: DateTime<Utc>,
    clocks: &[ReaderClock],
) -> Vec<(ReaderClock, DateTime<Utc>)> {
    let zone = digest.time_zone.unwrap_or(site.time_zone);
    let wanted = |clock: &ReaderClock| {
        let minute = clock.minute.or(digest.reader_time.map(TimeOfDay::minute))?;
        Some((*clock, first_at(opened, clock.zone.unwrap_or(zone), minute)))
    };
    clocks.iter().filter_map(wanted).collect()
}

/// The secret of an issue's slots.
#[must_use]
pub fn secret(press: &Press<'_>, digest: &Settings, slot: DateTime<Utc>) -> String {
    press.signer.secret_word(&format!("{} {}", digest.name, slot.to_rfc3339()))
}

/// What composes the mails of a slot, for readers who asked for these languages.
///
/// # Errors
/// A sender that is none, a theme that is not there, an introduction or a catalog of messages that can't be read.
pub fn composer<'a>(
    press: &Press<'a>,
    digest: &'a Settings,
    categories: &'a [Category],
    slot: DateTime<Utc>,
    secret: &str,
    asked: BTreeSet<Option<Language>>,
) -> Result<Composer<'a>> {
    let look = Look::new(&press.mail.look, &digest.look);
    let seal = Seal { slots: secret.to_owned(), key: press.signer.newest() };
    compose::check_theme(press.templates, &look)?;
    let mut languages = Vec::new();
    for asked in asked {
        languages.push(compose::language_of(digest, press.catalog, press.templates, asked.as_ref())?);
    }
    Ok(Composer {
        published: &press.stock.published,
        shelf: &press.stock.shelf,
        categories,
        catalog: press.catalog,
        digest,
        mail: press.mail,
        templates: press.templates,
        archive: press.archive,
        letterhead: Letterhead::new(press.mail, digest, &press.catalog.site, seal)
            .map_err(anyhow::Error::msg)?,
        intro: Intros::new(digest, &press.catalog.site, slot, &languages)?,
        look,
        slot,
        opened: press.now,
    })
}

fn timetable(site: &Site, digest: &Settings) -> Result<Timetable> {
    let zone = digest.time_zone.unwrap_or(site.time_zone);
    Timetable::parse(&digest.cron, zone)
        .map_err(anyhow::Error::msg)
        .with_context(|| format!("digest {:?}", digest.name))
}
