//! Whatever happens in whatever order: no subscriber gets an article twice, none misses one that was publishable, and
//! mails with equal articles are one edition.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

use crate::support::inbox::mails;
use crate::support::site::{Site, WEEKLY, configuration};

const CATEGORIES: [&str; 3] = ["heart", "sleep", "travel"];

/// Something that happens between two slots.
#[derive(Clone, Debug)]
enum Step {
    /// A new article in these categories.
    Article(BTreeSet<usize>),
    /// An article becomes a draft, or is one no more.
    Turn(prop::sample::Index),
    /// Somebody subscribes to these categories; to all, where there is none.
    Subscribe(BTreeSet<usize>),
    /// A subscriber takes one more category.
    More(prop::sample::Index, usize),
    /// The next slot comes.
    Slot,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let some = |range| prop::collection::btree_set(0..CATEGORIES.len(), range);
    let step = prop_oneof![
        5 => some(1..=2).prop_map(Step::Article),
        1 => any::<prop::sample::Index>().prop_map(Step::Turn),
        3 => some(0..=2).prop_map(Step::Subscribe),
        1 => (any::<prop::sample::Index>(), 0..CATEGORIES.len()).prop_map(|(who, what)| Step::More(who, what)),
        4 => Just(Step::Slot),
    ];
    prop::collection::vec(step, 4..16)
}

#[derive(Debug)]
struct Article {
    categories: BTreeSet<usize>,
    draft: bool,
    /// The slot at which it was first public.
    public: Option<i64>,
}

/// Since which slot somebody has each category.
type Choices = BTreeMap<usize, i64>;

/// A site, and what should be known of it.
struct History {
    site: Site,
    slot: i64,
    articles: Vec<Article>,
    subscribers: Vec<Choices>,
}

impl History {
    fn new() -> Self {
        let site = Site::new(&configuration(&format!("{WEEKLY}most = 100\n")));
        for category in CATEGORIES {
            site.write(&format!("content/{category}/_category.md"), format!("---\ntitle: {category}\n---\n"));
        }
        site.run(&["run", "--at", "2026-05-27T12:00:00Z"]).expect(0);
        Self { site, slot: 0, articles: Vec::new(), subscribers: Vec::new() }
    }

    fn moment(&self) -> DateTime<Utc> {
        "2026-06-01T07:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::weeks(self.slot)
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Article(categories) => {
                self.articles.push(Article { categories: categories.clone(), draft: false, public: None });
                self.write(self.articles.len() - 1);
            }
            Step::Turn(which) if !self.articles.is_empty() => {
                let which = which.index(self.articles.len());
                self.articles[which].draft = !self.articles[which].draft;
                self.write(which);
            }
            Step::Subscribe(categories) => {
                let all =
                    if categories.is_empty() { (0..CATEGORIES.len()).collect() } else { categories.clone() };
                self.subscribers.push(all.iter().map(|category| (*category, self.slot)).collect());
                let chosen: Vec<usize> = categories.iter().copied().collect();
                self.subscribe(self.subscribers.len() - 1, &chosen);
            }
            Step::More(who, what) if !self.subscribers.is_empty() => {
                let who = who.index(self.subscribers.len());
                self.subscribers[who].entry(*what).or_insert(self.slot);
                self.subscribe(who, &[*what]);
            }
            Step::Slot => self.run(),
            Step::Turn(_) | Step::More(..) => {}
        }
    }

    fn write(&self, which: usize) {
        let article = &self.articles[which];
        let names: Vec<&str> = article.categories.iter().map(|category| CATEGORIES[*category]).collect();
        let day = (self.moment() - Duration::days(3)).format("%Y-%m-%d");
        self.site.write(
            &format!("content/{}/a{which}.md", names[0]),
            format!(
                "---\ntitle: Article {which}\ndate: {day}\ncategories: [{}]\ndraft: {}\n---\nText {which}.\n",
                names.join(", "),
                article.draft
            ),
        );
    }

    fn subscribe(&self, who: usize, categories: &[usize]) {
        let address = format!("s{who}@example.net");
        let at = (self.moment() - Duration::days(2)).to_rfc3339();
        let mut arguments = vec!["subscribers", "add", &address, "--at", &at];
        for category in categories {
            arguments.extend(["--category", CATEGORIES[*category]]);
        }
        self.site.run(&arguments).expect(0);
    }

    fn run(&mut self) {
        for article in self.articles.iter_mut().filter(|article| !article.draft) {
            article.public.get_or_insert(self.slot);
        }
        self.site.run(&["run", "--at", &self.moment().to_rfc3339()]).expect(0);
        self.slot += 1;
    }

    /// How often each subscriber got each article.
    fn got(&self) -> BTreeMap<(usize, usize), usize> {
        let mut got = BTreeMap::new();
        for mail in mails(&self.site.outbox()) {
            let who = mail.to.trim_start_matches('s').split('@').next().unwrap().parse().unwrap();
            for title in &mail.titles {
                let which = title.trim_start_matches("Article ").parse().unwrap();
                *got.entry((who, which)).or_default() += 1;
            }
        }
        got
    }

    /// How many different sets of articles every issue went out with, and how many editions it has.
    fn editions(&self) -> Vec<(usize, usize)> {
        let mut lists: BTreeMap<String, BTreeSet<BTreeSet<String>>> = BTreeMap::new();
        for mail in mails(&self.site.outbox()) {
            let issue = mail.delivery.rsplit('-').nth(1).unwrap().to_owned();
            lists.entry(issue).or_default().insert(mail.titles.into_iter().collect());
        }
        let count = |issue: &String| {
            let story = self.site.run(&["issues", "show", issue, "--json"]).expect(0).json();
            story["editions"].as_array().unwrap().len()
        };
        lists.iter().map(|(issue, lists)| (lists.len(), count(issue))).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn nobody_gets_an_article_twice_or_misses_one(steps in steps()) {
        let mut history = History::new();
        for step in &steps {
            history.take(step);
        }
        history.run();
        let got = history.got();
        for (who, choices) in history.subscribers.iter().enumerate() {
            for (which, article) in history.articles.iter().enumerate() {
                let times = got.get(&(who, which)).copied().unwrap_or(0);
                prop_assert!(times <= 1, "s{who} got article {which} {times} times");
                // Public for the first time while they had one of its categories: it was theirs to get.
                let owed = article.public.is_some_and(|public| {
                    article.categories.iter().any(|category| choices.get(category).is_some_and(|since| *since <= public))
                });
                prop_assert!(!owed || times == 1, "s{who} missed article {which}: {article:?}, {choices:?}");
                let wanted = article.categories.iter().any(|category| choices.contains_key(category));
                prop_assert!(wanted || times == 0, "s{who} got article {which} and never asked for it");
            }
        }
        for (sets, editions) in history.editions() {
            prop_assert_eq!(sets, editions, "sets of articles, and editions");
        }
    }
}
