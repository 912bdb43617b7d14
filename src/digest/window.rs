//! The window of an issue: the half-open span of publication numbers that is new to a subscription. Pure.

use chrono::{DateTime, Utc};

use crate::catalog::publication::Published;
use crate::catalog::slug::Slug;
use crate::digest::settings::FirstIssue;
use crate::digest::wish::{Numbered, Wish, covers};
use crate::subscribers::subscription::Progress;

/// What bounds an issue, the same for all its subscribers.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The highest publication number when the issue was opened: what comes later is in the next one.
    pub upto: i64,
    /// Where the interval before the issue begins.
    pub begin: DateTime<Utc>,
    /// What a first issue holds.
    pub first_issue: FirstIssue,
    /// Only what became public after this, where slots were missed and only the last one counts.
    pub only_since: Option<DateTime<Utc>>,
}

impl Bounds {
    /// Where a first issue for these wishes begins: articles with a higher number are new. Numbers rise with the
    /// moment at which articles became public, so that a number can stand for a moment.
    #[must_use]
    pub fn base(&self, articles: &Numbered<'_>, categories: &[Slug], wishes: &[Wish]) -> i64 {
        let known = articles.published.iter().filter(|item| item.publication.number <= self.upto);
        match self.first_issue {
            FirstIssue::Cadence => {
                let before = known.filter(|item| item.publication.first_published <= self.begin);
                before.map(|item| item.publication.number).max().unwrap_or(0)
            }
            FirstIssue::Newest(most) => {
                let fresh: Vec<&Wish> =
                    wishes.iter().filter(|wish| matches!(wish.progress, Progress::Fresh(_))).collect();
                let wanted = |item: &&Published| {
                    let mut own =
                        item.outline.categories.iter().filter(|category| categories.contains(category));
                    own.any(|category| fresh.iter().any(|wish| covers(&wish.choice, category)))
                };
                let mut numbers: Vec<i64> =
                    known.filter(wanted).map(|item| item.publication.number).collect();
                numbers.sort_unstable_by(|a, b| b.cmp(a));
                numbers.get(most).copied().unwrap_or(0)
            }
        }
    }

    /// Whether an article that counts under `number` is new to a subscription; `base` is where a first issue begins.
    #[must_use]
    pub fn is_new(&self, item: &Published, number: i64, progress: Progress, base: i64) -> bool {
        let after = match progress {
            // Whatever the rule for first issues says, nothing is lost that came after somebody subscribed.
            Progress::Fresh(joined) => joined.map_or(base, |joined| joined.min(base)),
            Progress::Begun(number) | Progress::Served(number) => number,
        };
        let in_time = self.only_since.is_none_or(|since| item.publication.first_published > since);
        after < number && number <= self.upto && in_time
    }
}
