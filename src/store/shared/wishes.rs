//! Wishes as databases group by them: one text for each subscriber of a digest, equal for those who get equal mails.

use crate::digest::wish::{Wish, WishList};
use crate::mail::address::Address;
use crate::store::StoreError;
use crate::store::shared::values::read;
use crate::subscribers::subscription::{Choice, Progress};

/// The text that the query groups by, for wishes in the order of their categories.
pub(in crate::store) fn signature(list: &WishList) -> String {
    let wish = |wish: &Wish| match wish.progress {
        Progress::Fresh(None) => format!("{}=", wish.choice),
        Progress::Fresh(Some(number)) => format!("{}=f{number}", wish.choice),
        Progress::Begun(number) => format!("{}=b{number}", wish.choice),
        Progress::Served(number) => format!("{}={number}", wish.choice),
    };
    let wishes = list.wishes.iter().map(wish).collect::<Vec<_>>().join("|");
    let language = list.language.as_ref().map(|language| format!("~{language}"));
    wishes + language.as_deref().unwrap_or_default()
}

/// The wishes of a signature, in its order: slugs hold none of `|`, `=` and `~`.
pub(in crate::store) fn parse_wishes(signature: &str) -> Result<WishList, StoreError> {
    let wish = |part: &str| {
        let (category, number) = part.split_once('=')?;
        let progress = match number.chars().next() {
            None => Progress::Fresh(None),
            Some('f') => Progress::Fresh(Some(number[1..].parse().ok()?)),
            Some('b') => Progress::Begun(number[1..].parse().ok()?),
            Some(_) => Progress::Served(number.parse().ok()?),
        };
        Some(Wish { choice: Choice::parse(category)?, progress })
    };
    let (wishes, language) = match signature.split_once('~') {
        Some((wishes, language)) => (wishes, Some(read("a language", language, |text| text.parse().ok())?)),
        None => (signature, None),
    };
    let wishes = wishes.split('|').map(|part| read("a wish", part, wish)).collect::<Result<_, _>>()?;
    Ok(WishList { wishes, language })
}

/// Groups of people with equal wishes, from rows of signature and address in that order.
pub(in crate::store) fn groups(
    rows: &[(String, String)],
) -> Result<Vec<(WishList, Vec<Address>)>, StoreError> {
    let group = |rows: &[(String, String)]| {
        let address = |(_, text): &(String, String)| read("an address", text, |text| text.parse().ok());
        let signature = rows.first().map_or("", |(signature, _)| signature);
        Ok((parse_wishes(signature)?, rows.iter().map(address).collect::<Result<_, _>>()?))
    };
    rows.chunk_by(|one, next| one.0 == next.0).map(group).collect()
}
