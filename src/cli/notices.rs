//! What a quiet run tells: each problem once. Cron mails whatever is printed, and a run a minute would mail the
//! same problem until somebody gets up.

use std::collections::BTreeSet;

use crate::cli::exit::Failure;
use crate::cli::output::Output;
use crate::store::notices::Notices;

/// Tells what was held back and was not told by the last run; remembers what holds now.
///
/// # Errors
/// The store can't be read or written.
pub async fn settle(store: &dyn Notices, output: &Output) -> Result<(), Failure> {
    // Whoever saw a run that was not quiet was told everything, and quiet ones begin anew.
    let told: BTreeSet<String> = store.told().await?.into_iter().collect();
    let notices = output.take_notices();
    for notice in notices.iter().filter(|notice| !told.contains(&hash(notice))) {
        output.talk(notice);
    }
    let hold: BTreeSet<String> = notices.iter().map(|notice| hash(notice)).collect();
    if hold != told {
        store.record_told(&hold.into_iter().collect::<Vec<_>>()).await?;
    }
    Ok(())
}

fn hash(notice: &str) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(notice.as_bytes()))
}
