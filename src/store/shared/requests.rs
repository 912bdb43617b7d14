//! Requests as rows.

use chrono::{DateTime, Utc};

use crate::mail::name::DisplayName;
use crate::store::StoreError;
use crate::store::shared::values::{activity, moment, read};
use crate::subscribers::activity::{Kind, NewActivity};
use crate::subscribers::request::{DueLetter, Letter, NewRequest, Request, Standing};
use crate::subscribers::subscriber::State;
use crate::subscribers::subscription::{Choice, Chosen};
use crate::subscribers::suppression::Cause;

/// A request.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct Row {
    id: i64,
    pseudonym: String,
    address: String,
    name: String,
    language: Option<String>,
    time_zone: Option<String>,
    choices: String,
    source: String,
    wording: Option<String>,
    ip: Option<String>,
    received: i64,
}

/// A request with what is known of its address.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct StandingRow {
    #[sqlx(flatten)]
    request: Row,
    state: Option<String>,
    suppressed: Option<String>,
    letter: Option<i64>,
    has_all: bool,
}

/// A letter that is to be sent.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct LetterRow {
    #[sqlx(flatten)]
    request: Row,
    letter: String,
    attempts: i64,
    subscriber: Option<i64>,
}

/// Choices as they are kept: pairs of digest and category.
pub(in crate::store) fn pairs(choices: &[Chosen]) -> Vec<(&String, String)> {
    choices.iter().map(|(digest, choice)| (digest, choice.to_string())).collect()
}

/// What goes on record of a confirmation: that it was asked for, and that it was confirmed.
pub(in crate::store) fn proof(request: &Request, source: &str, now: DateTime<Utc>) -> [NewActivity; 2] {
    let asked = &request.asked;
    let receipt = asked.receipt();
    [
        activity(&asked.address, Kind::Asked, &asked.source, &receipt, request.received),
        activity(&asked.address, Kind::Confirmed, source, &receipt, now),
    ]
}

/// A letter from its row.
pub(in crate::store) fn due_letter(row: LetterRow) -> Result<DueLetter, StoreError> {
    Ok(DueLetter {
        letter: read("a kind of letter", &row.letter, Letter::from_word)?,
        subscriber: row.subscriber,
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        request: request(row.request)?,
    })
}

/// A request and what is known of its address, from their row.
pub(in crate::store) fn standing(row: StandingRow) -> Result<(Request, Standing), StoreError> {
    let state = row.state.map(|word| read("a subscriber's state", &word, State::from_word)).transpose()?;
    let suppressed = row.suppressed.map(|word| read("a cause", &word, Cause::from_word)).transpose()?;
    let letter = row.letter.map(moment).transpose()?;
    Ok((request(row.request)?, Standing { state, suppressed, letter, has_all: row.has_all }))
}

/// A request from its row.
pub(in crate::store) fn request(row: Row) -> Result<Request, StoreError> {
    let choices = read("choices", &row.choices, |text| {
        let pairs: Vec<(String, String)> = serde_json::from_str(text).ok()?;
        pairs.into_iter().map(|(digest, choice)| Some((digest, Choice::parse(&choice)?))).collect()
    })?;
    let asked = NewRequest {
        address: read("an address", &row.address, |text| text.parse().ok())?,
        pseudonym: row.pseudonym,
        name: DisplayName::new(&row.name),
        language: row.language.map(|tag| read("a language", &tag, |tag| tag.parse().ok())).transpose()?,
        time_zone: row
            .time_zone
            .map(|zone| read("a time zone", &zone, |zone| zone.parse().ok()))
            .transpose()?,
        choices,
        source: row.source,
        wording: row.wording,
        ip: row.ip,
    };
    Ok(Request { id: row.id, asked, received: moment(row.received)? })
}
