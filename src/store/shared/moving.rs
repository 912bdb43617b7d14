//! What is read for a whole page of people, as rows.

use std::collections::BTreeMap;

use crate::mail::address::Address;
use crate::store::StoreError;
use crate::store::shared::subscribers::suppression;
use crate::store::shared::values::{moment, read};
use crate::subscribers::activity::{Activity, Kind};
use crate::subscribers::suppression::Suppression;

/// Key, moment, kind, source and detail of an activity.
pub(in crate::store) type ActivityRow = (String, i64, String, String, String);

/// Address, cause and reason of a suppression.
pub(in crate::store) type StrangerRow = (String, String, String);

/// Activities by the keys of addresses.
pub(in crate::store) fn histories(
    rows: Vec<ActivityRow>,
) -> Result<BTreeMap<String, Vec<Activity>>, StoreError> {
    let mut histories: BTreeMap<String, Vec<Activity>> = BTreeMap::new();
    for (key, at, kind, source, detail) in rows {
        let kind = read("a kind of activity", &kind, Kind::from_word)?;
        histories.entry(key).or_default().push(Activity { at: moment(at)?, kind, source, detail });
    }
    Ok(histories)
}

/// A suppressed address that is nobody's.
pub(in crate::store) fn stranger(
    (address, cause, reason): StrangerRow,
) -> Result<(Address, Suppression), StoreError> {
    let address = read("an address", &address, |text| text.parse().ok())?;
    Ok((address, suppression(&cause, reason)?))
}
