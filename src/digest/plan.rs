//! The plan of an issue: what each cohort of the audience gets, or why it gets nothing. Pure.

use chrono::{DateTime, Utc};

use crate::catalog::category::Category;
use crate::catalog::published::{Published, newest_first};
use crate::catalog::slug::Slug;
use crate::digest::select::{Selection, Wish, select};
use crate::digest::settings::Settings;
use crate::digest::window::Bounds;

/// When an issue is for, and what that says about its articles.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    /// The slot.
    pub slot: DateTime<Utc>,
    /// When it is opened.
    pub opened: DateTime<Utc>,
    /// Where the interval before it begins: the slot before.
    pub begin: DateTime<Utc>,
    /// Only what became public after this, where slots were missed and only the last one counts.
    pub only_since: Option<DateTime<Utc>>,
}

/// A cohort with what it gets.
#[derive(Clone, Debug)]
pub struct PlannedCohort {
    /// What its subscribers wish for.
    pub wishes: Vec<Wish>,
    /// How many they are.
    pub subscribers: u64,
    /// What is new for them.
    pub selection: Selection,
    /// Where their first issue begins, for those of their wishes that have had none.
    pub base: i64,
    /// Why they get no mail, where they get none.
    pub spared: Option<String>,
}

/// What an issue would be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The highest publication number that it covers.
    pub upto: i64,
    /// Every cohort of the audience.
    pub cohorts: Vec<PlannedCohort>,
}

impl Plan {
    /// How many subscribers get a mail.
    #[must_use]
    pub fn mailed(&self) -> u64 {
        self.cohorts.iter().filter(|cohort| cohort.spared.is_none()).map(|cohort| cohort.subscribers).sum()
    }
}

/// Plans an issue for an audience: groups of subscribers with equal wishes.
#[must_use]
pub fn plan(
    digest: &Settings,
    categories: &[Category],
    published: &[Published],
    audience: Vec<(Vec<Wish>, u64)>,
    occasion: &Occasion,
) -> Plan {
    let upto = published.iter().map(|item| item.publication.number).max().unwrap_or(0);
    let bounds = Bounds {
        upto,
        begin: occasion.begin,
        first_issue: digest.first_issue,
        only_since: occasion.only_since,
    };
    let slugs: Vec<Slug> = categories.iter().map(|category| category.slug.clone()).collect();
    let order = newest_first(published);
    let cohorts = audience
        .into_iter()
        .map(|(wishes, subscribers)| {
            let selection = select(published, &order, &slugs, &wishes, &bounds, digest.most);
            let spared = match selection.total() {
                0 => Some("nothing new in their categories".to_owned()),
                total if total < digest.fewest => {
                    Some(format!("fewer than {} new articles; they come with the next issue", digest.fewest))
                }
                _ => None,
            };
            let base = bounds.base(published, &slugs, &wishes);
            PlannedCohort { wishes, subscribers, selection, base, spared }
        })
        .collect();
    Plan { upto, cohorts }
}
