//! Asking to be subscribed. The answer is the same, and costs the same, whatever is known of the address: what was asked is
//! written down, and decided on later.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::language::tag::Language;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::request::NewRequest;
use crate::web::desk::Desk;
use crate::web::fields::Fields;
use crate::web::figures::count;
use crate::web::pages::Page;
use crate::web::peer::{self, Peer};

/// What the address of the form may say.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The language of the page.
    pub lang: Option<String>,
    /// The digest that is chosen already.
    pub digest: Option<String>,
}

/// The form.
pub async fn form(State(desk): State<Arc<Desk>>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let language = desk.language(asked.lang.as_deref(), None, &headers);
    let offering = desk.offering();
    let digest = asked.digest.as_deref().or_else(|| offering.0.first().map(|digest| digest.name.as_str()));
    let chosen: Vec<String> = digest.map(|digest| format!("{digest}:*")).into_iter().collect();
    let context = json!({ "values": { "address": "", "name": "", "chosen": chosen }, "problems": [] });
    show(&desk, language, StatusCode::OK, context)
}

/// What to put into pages of one's own.
pub async fn snippet(
    State(desk): State<Arc<Desk>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let language = desk.language(asked.lang.as_deref(), None, &headers);
    let offering = desk.offering();
    let digest = asked.digest.as_deref().and_then(|name| offering.digest(name)).or(offering.0.first());
    let context = json!({ "action": action(&desk), "digest": digest });
    desk.show(Page { name: "snippet", language, status: StatusCode::OK, context })
}

/// Writes down what somebody asks for.
pub async fn ask(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    fields: Result<Fields, StatusCode>,
) -> Response {
    let fields = match fields {
        Ok(fields) => fields,
        Err(status) => return (status, "This is no form of ours.\n").into_response(),
    };
    let language = desk.language(Some(fields.one("lang")), None, &headers);
    let offering = desk.offering();
    let mut choices = offering.of(fields.choices());
    // A snippet that was copied long ago may name none.
    if choices.is_empty() && fields.all("choice").next().is_none() && offering.0.len() == 1 {
        choices = offering.of(offering.0.iter().map(|digest| (digest.name.as_str(), "*")));
    }
    let address = fields.one("address").parse::<Address>();
    let (Ok(address), false) = (&address, choices.is_empty()) else {
        let problems: Vec<&str> = [(address.is_err(), "address"), (choices.is_empty(), "choices")]
            .into_iter()
            .filter_map(|(is, problem)| is.then_some(problem))
            .collect();
        let values = json!({
            "address": fields.one("address"),
            "name": fields.one("name"),
            "chosen": fields.all("choice").collect::<Vec<_>>(),
        });
        let context = json!({ "values": values, "problems": problems });
        return show(&desk, language, StatusCode::UNPROCESSABLE_ENTITY, context);
    };
    let now = desk.clock.now();
    let from = peer::client(peer, &headers, desk.settings.trusted_hops);
    if !desk.limits.take(from, now) {
        count(&desk.figures.limited);
        return desk.notice(StatusCode::TOO_MANY_REQUESTS, "many", &headers);
    }
    // People see no such field; programs that fill in everything are answered as everybody is.
    if fields.one("website").is_empty() {
        let request = NewRequest {
            address: address.clone(),
            pseudonym: desk.signer.pseudonym(address),
            name: DisplayName::new(fields.one("name")),
            // Who asks in the site's language has it anyway, and then follows it.
            language: Some(&language).filter(|own| own.primary() != desk.site_language().primary()).cloned(),
            time_zone: fields.one("time_zone").parse::<Tz>().ok(),
            choices,
            source: "form".to_owned(),
            wording: Some(wording(&desk, &language)),
            ip: from.filter(|_| desk.settings.record_ip).map(|from| from.to_string()),
        };
        if let Err(error) = desk.store.receive(&request, now).await {
            return desk.trouble(&error, &headers);
        }
        count(&desk.figures.requests);
        desk.received.notify_one();
    }
    let context = json!({ "address": address });
    desk.show(Page { name: "asked", language, status: StatusCode::OK, context })
}

/// SHA-256 of the words that are agreed to, as they stand above the button.
fn wording(desk: &Desk, language: &Language) -> String {
    let words = desk.templates.messages().words(language, "subscribe-wording");
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, words.as_bytes());
    data_encoding::HEXLOWER.encode(hash.as_ref())
}

fn show(desk: &Desk, language: Language, status: StatusCode, mut context: Value) -> Response {
    context["offering"] = json!(*desk.offering());
    context["action"] = json!(format!("{}/subscribe", desk.base()));
    desk.show(Page { name: "subscribe", language, status, context })
}

fn action(desk: &Desk) -> String {
    format!("{}/subscribe", desk.settings.url.as_str().trim_end_matches('/'))
}
