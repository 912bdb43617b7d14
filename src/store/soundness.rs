//! Whether a store holds together: what the database says of itself, and what must hold of its rows whatever was done. The
//! questions are the same for both kinds of store.

use crate::store::whole::TABLES;
use crate::store::{Store, StoreError};

/// What must not be, each with a question that counts it.
const RULES: [(&str, &str); 9] = [
    (
        "deliveries that wait have no edition that could be sent",
        "SELECT count(*) FROM deliveries d LEFT JOIN cohorts c ON c.id = d.cohort
         LEFT JOIN editions e ON e.issue = d.issue AND e.key = c.edition
         WHERE d.state IN ('planned', 'leased', 'attempting', 'deferred') AND e.key IS NULL",
    ),
    (
        "deliveries wait, of issues that are dealt with",
        "SELECT count(*) FROM deliveries d JOIN issues i ON i.id = d.issue
         WHERE d.state IN ('planned', 'leased', 'attempting', 'deferred') AND i.state NOT IN ('open', 'held')",
    ),
    (
        "deliveries are of no issue",
        "SELECT count(*) FROM deliveries d WHERE NOT EXISTS (SELECT 1 FROM issues i WHERE i.id = d.issue)",
    ),
    (
        "deliveries are of another issue than their readers' group",
        "SELECT count(*) FROM deliveries d JOIN cohorts c ON c.id = d.cohort WHERE c.issue <> d.issue",
    ),
    (
        "deliveries that wait to be tried again have no moment for it",
        "SELECT count(*) FROM deliveries WHERE state = 'deferred' AND next_attempt IS NULL",
    ),
    (
        "deliveries are in the hands of nobody",
        "SELECT count(*) FROM deliveries WHERE state = 'leased' AND lease IS NULL",
    ),
    (
        "subscriptions count as served with articles that there are not",
        "SELECT count(*) FROM subscriptions s WHERE s.served > (SELECT coalesce(max(number), 0) FROM publications)
         AND s.served > (SELECT coalesce(max(upto), 0) FROM issues)",
    ),
    (
        "issues are newer than the moment up to which their digest has been dealt with",
        "SELECT count(*) FROM issues i LEFT JOIN digests d ON d.name = i.digest
         WHERE d.handled IS NULL OR d.handled < i.slot",
    ),
    (
        "keys are missing: one lasts, and one signs",
        "SELECT count(*) FROM keys WHERE id = (SELECT min(id) FROM keys)
         AND (SELECT count(*) FROM keys WHERE retired IS NULL) < 2",
    ),
];

/// What is wrong with the store, in words; nothing where all is well.
///
/// # Errors
/// The store can't be read.
pub async fn findings(store: &dyn Store) -> Result<Vec<String>, StoreError> {
    let mut findings: Vec<String> = store.damage().await?;
    let mut tables = store.as_it_is().await?;
    for (what, question) in RULES {
        let found = tables.ask(question, &[]).await?.into_iter().sum::<i64>();
        if found > 0 {
            findings.push(format!("{found} {what}"));
        }
    }
    let counters = tables.counters().await?;
    for (table, question) in NUMBERED {
        let highest = tables.ask(question, &[]).await?.into_iter().sum::<i64>();
        if highest > counters.get(table).copied().unwrap_or(0) {
            findings.push(format!("the numbers of {table} would be given twice: {highest} is the highest"));
        }
    }
    debug_assert_eq!(NUMBERED.len(), TABLES.iter().filter(|table| table.is_numbered).count());
    Ok(findings)
}

/// The highest number in each numbered table.
const NUMBERED: [(&str, &str); 7] = [
    ("subscribers", "SELECT coalesce(max(id), 0) FROM subscribers"),
    ("requests", "SELECT coalesce(max(id), 0) FROM requests"),
    ("activities", "SELECT coalesce(max(id), 0) FROM activities"),
    ("issues", "SELECT coalesce(max(id), 0) FROM issues"),
    ("cohorts", "SELECT coalesce(max(id), 0) FROM cohorts"),
    ("deliveries", "SELECT coalesce(max(id), 0) FROM deliveries"),
    ("attempts", "SELECT coalesce(max(id), 0) FROM attempts"),
];
