//! The plan of an issue: what each cohort of the audience gets, or why it gets nothing. Pure.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::catalog::category::Category;
use crate::catalog::publication::{Published, newest_first};
use crate::catalog::slug::Slug;
use crate::digest::select::{Selection, select};
use crate::digest::settings::Settings;
use crate::digest::window::Bounds;
use crate::digest::wish::{Numbered, WishList};

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
    pub wishes: WishList,
    /// How many they are.
    pub subscribers: u64,
    /// What is new for them.
    pub selection: Selection,
    /// Where their first issue begins, for those of their wishes that have had none.
    pub base: i64,
    /// Why they get no mail, where they get none.
    pub spared: Option<String>,
}

/// Articles that count under another number than their own.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// Articles that were held out of an issue that would have had them: their number, and the one that they count
    /// under since they were back.
    pub absences: Vec<(i64, Option<i64>)>,
    /// The last number that was given to anything: what is back now counts under the next.
    pub highest: i64,
}

impl News {
    /// The number that each published article counts under, and which of them are back only now.
    fn numbers(&self, published: &[Published]) -> (Vec<i64>, Vec<i64>) {
        let absences: HashMap<i64, Option<i64>> = self.absences.iter().copied().collect();
        let mut returned = Vec::new();
        let numbers =
            published.iter().map(|item| item.publication.number).map(|number| match absences.get(&number) {
                None => number,
                Some(Some(news)) => *news,
                Some(None) => {
                    returned.push(number);
                    self.highest + 1
                }
            });
        (numbers.collect(), returned)
    }
}

/// What an issue would be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The highest number that it covers.
    pub upto: i64,
    /// Numbers of articles that were held out of an earlier issue and are back.
    pub returned: Vec<i64>,
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
    news: &News,
    audience: Vec<(WishList, u64)>,
    occasion: &Occasion,
) -> Plan {
    let (numbers, returned) = news.numbers(published);
    let upto = numbers.iter().copied().max().unwrap_or(0);
    let articles = Numbered { published, numbers: &numbers };
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
            let selection = select(&articles, &order, &slugs, &wishes.wishes, &bounds, digest.most);
            let spared = match selection.total() {
                0 => Some("nothing new in their categories".to_owned()),
                total if total < digest.fewest => {
                    Some(format!("fewer than {} new articles; they come with the next issue", digest.fewest))
                }
                _ => None,
            };
            let base = bounds.base(&articles, &slugs, &wishes.wishes);
            PlannedCohort { wishes, subscribers, selection, base, spared }
        })
        .collect();
    Plan { upto, returned, cohorts }
}
