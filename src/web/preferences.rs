//! Looking at what is chosen, and changing all of it at once.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono_tz::{TZ_VARIANTS, Tz};
use serde_json::{Value, json};

use crate::language::tag::Language;
use crate::mail::name::DisplayName;
use crate::schedule::reader_clock::TimeOfDay;
use crate::store::subscribers::Departure;
use crate::subscribers::preferences::Preferences;
use crate::subscribers::subscriber::{State as Subscribed, Subscriber};
use crate::subscribers::subscription::Chosen;
use crate::subscribers::token::{Purpose, Subject};
use crate::web::desk::Desk;
use crate::web::fields::Fields;
use crate::web::figures::count;
use crate::web::pages::Page;

/// What one gets.
pub async fn page(State(desk): State<Arc<Desk>>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    match subscriber(&desk, &token, &headers).await {
        Ok(subscriber) => {
            let language = desk.language(None, subscriber.language.as_ref(), &headers);
            let values = values(&subscriber);
            show(
                &desk,
                language,
                &subscriber,
                &token,
                StatusCode::OK,
                json!({ "values": values, "problems": [] }),
            )
        }
        Err(response) => response,
    }
}

/// Writes down what one wants from now on.
pub async fn save(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    fields: Result<Fields, StatusCode>,
) -> Response {
    let subscriber = match subscriber(&desk, &token, &headers).await {
        Ok(subscriber) => subscriber,
        Err(response) => return response,
    };
    let fields = match fields {
        Ok(fields) => fields,
        Err(status) => return (status, "This is no form of ours.\n").into_response(),
    };
    let wanted = match wanted(&desk, &subscriber, &fields) {
        Ok(wanted) => wanted,
        Err(problems) => {
            let language = desk.language(None, subscriber.language.as_ref(), &headers);
            let values = json!({
                "name": fields.one("name"), "language": fields.one("language"),
                "time_zone": fields.one("time_zone"), "time": fields.one("time"),
                "chosen": fields.all("choice").collect::<Vec<_>>(),
            });
            let context = json!({ "values": values, "problems": problems });
            return show(&desk, language, &subscriber, &token, StatusCode::UNPROCESSABLE_ENTITY, context);
        }
    };
    match desk.store.prefer(subscriber.id, &wanted, "form", desk.clock.now()).await {
        Err(error) => return desk.trouble(&error, &headers),
        Ok(false) => return desk.notice(StatusCode::NOT_FOUND, "gone", &headers),
        Ok(true) => count(&desk.figures.saved),
    }
    match desk.store.subscriber_numbered(subscriber.id).await {
        Ok(Some(subscriber)) => {
            let language = desk.language(None, subscriber.language.as_ref(), &headers);
            let context = json!({ "values": values(&subscriber), "problems": [], "is_saved": true });
            show(&desk, language, &subscriber, &token, StatusCode::OK, context)
        }
        Ok(None) => desk.notice(StatusCode::NOT_FOUND, "gone", &headers),
        Err(error) => desk.trouble(&error, &headers),
    }
}

/// Leaves everything.
pub async fn leave(State(desk): State<Arc<Desk>>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let subscriber = match subscriber(&desk, &token, &headers).await {
        Ok(subscriber) => subscriber,
        Err(response) => return response,
    };
    match desk.store.leave(subscriber.id, None, "form", desk.clock.now()).await {
        Err(error) => return desk.trouble(&error, &headers),
        Ok(Departure::Before) => {}
        Ok(Departure::Digest | Departure::Everything) => count(&desk.figures.left),
    }
    let language = desk.language(None, subscriber.language.as_ref(), &headers);
    let context = json!({
        "address": subscriber.address.masked(),
        "digest": null,
        "preferences": format!("{}/preferences/{token}", desk.base()),
    });
    desk.show(Page { name: "left", language, status: StatusCode::OK, context })
}

/// Whoever has the token, if they may choose.
async fn subscriber(desk: &Desk, token: &str, headers: &HeaderMap) -> Result<Subscriber, Response> {
    let gone = || desk.notice(StatusCode::NOT_FOUND, "gone", headers);
    let Some(Subject::Preferences { subscriber }) = desk.signer.read(Purpose::Preferences, token) else {
        return Err(gone());
    };
    match desk.store.subscriber_numbered(subscriber).await {
        Err(error) => Err(desk.trouble(&error, headers)),
        Ok(Some(subscriber))
            if subscriber.state != Subscribed::Pending && subscriber.suppressed.is_none() =>
        {
            Ok(subscriber)
        }
        Ok(_) => Err(gone()),
    }
}

fn values(subscriber: &Subscriber) -> Value {
    let is_here = subscriber.state == Subscribed::Active;
    let chosen = subscriber.subscriptions.iter().filter(|_| is_here);
    let chosen: Vec<String> = chosen.map(|own| format!("{}:{}", own.digest, own.choice)).collect();
    json!({
        "name": subscriber.name,
        "language": subscriber.language.as_ref().map_or("", Language::as_str),
        "time_zone": subscriber.time_zone.map_or("", Tz::name),
        "time": subscriber.minute.map_or_else(String::new, |minute| TimeOfDay::of(minute).to_string()),
        "chosen": chosen,
    })
}

/// What the form says. What is not on offer any more and was chosen stays chosen: the form could not show it.
fn wanted(desk: &Desk, subscriber: &Subscriber, fields: &Fields) -> Result<Preferences, Vec<&'static str>> {
    let zone = fields.one("time_zone");
    let time_zone = zone.parse::<Tz>().ok();
    if time_zone.is_none() && !zone.is_empty() {
        return Err(vec!["time-zone"]);
    }
    let offering = desk.offering();
    let mut choices = offering.of(fields.choices());
    let hidden = subscriber.subscriptions.iter().filter(|own| {
        let pair: Chosen = (own.digest.clone(), own.choice.clone());
        subscriber.state == Subscribed::Active
            && offering.of(std::iter::once((pair.0.as_str(), pair.1.to_string().as_str()))).is_empty()
    });
    if !choices.is_empty() {
        choices.extend(hidden.map(|own| (own.digest.clone(), own.choice.clone())));
    }
    Ok(Preferences {
        name: DisplayName::new(fields.one("name")),
        language: fields.one("language").parse().ok(),
        time_zone,
        minute: fields.one("time").parse::<TimeOfDay>().ok().map(TimeOfDay::minute),
        choices,
    })
}

fn show(
    desk: &Desk,
    language: Language,
    subscriber: &Subscriber,
    token: &str,
    status: StatusCode,
    mut context: Value,
) -> Response {
    if context["is_saved"].is_null() {
        context["is_saved"] = json!(false);
    }
    let own = subscriber.language.iter().filter(|own| !desk.languages.contains(own));
    let languages: Vec<Value> =
        desk.languages.iter().chain(own).map(|own| json!({ "tag": own, "name": autonym(own) })).collect();
    context["address"] = json!(subscriber.address);
    context["is_here"] = json!(subscriber.state == Subscribed::Active);
    context["offering"] = json!(*desk.offering());
    context["languages"] = json!(languages);
    context["zones"] = json!(TZ_VARIANTS.iter().map(|zone| zone.name()).collect::<Vec<_>>());
    context["times"] = json!((0..24).map(|hour| format!("{hour:02}:00")).collect::<Vec<_>>());
    context["action"] = json!(format!("{}/preferences/{token}", desk.base()));
    desk.show(Page { name: "preferences", language, status, context })
}

/// What a language calls itself; its tag where we do not know.
fn autonym(language: &Language) -> &str {
    match language.as_str() {
        "en" => "English",
        "de" => "Deutsch",
        "fr" => "Français",
        "es" => "Español",
        "ar" => "العربية",
        tag => tag,
    }
}
