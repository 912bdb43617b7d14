//! Confirming what was asked for.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;

use crate::jobs::consent;
use crate::letters::compose::chosen;
use crate::subscribers::request::Confirmation;
use crate::subscribers::token::Subject;
use crate::web::desk::Desk;
use crate::web::figures::count;
use crate::web::pages::Page;

/// What was asked for, and a button: programs that follow links press none.
pub async fn page(State(desk): State<Arc<Desk>>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let Some(request) = consent::asked(&desk.signer, &token, desk.clock.now()) else {
        return desk.notice(StatusCode::NOT_FOUND, "gone", &headers);
    };
    match desk.store.request(request).await {
        Err(error) => desk.trouble(&error, &headers),
        Ok(None) => desk.notice(StatusCode::NOT_FOUND, "gone", &headers),
        Ok(Some(request)) => {
            let language = desk.language(None, request.asked.language.as_ref(), &headers);
            let context = json!({
                "address": request.asked.address.masked(),
                "chosen": chosen(&desk.offering(), &request.asked.choices),
                "action": format!("{}/confirm/{token}", desk.base()),
            });
            desk.show(Page { name: "confirm", language, status: StatusCode::OK, context })
        }
    }
}

/// Subscribes.
pub async fn confirm(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let confirmed = consent::confirm(&*desk.store, &desk.signer, &token, "form", desk.clock.now()).await;
    let preferences = |subscriber: i64| {
        let token = desk.signer.token(desk.signer.newest(), &Subject::Preferences { subscriber });
        format!("{}/preferences/{token}", desk.base())
    };
    match confirmed {
        Err(error) => desk.trouble(&error, &headers),
        Ok(Confirmation::Done { subscriber, request }) => {
            count(&desk.figures.confirmed);
            let language = desk.language(None, request.asked.language.as_ref(), &headers);
            let context = json!({
                "is_new": true,
                "address": request.asked.address.masked(),
                "chosen": chosen(&desk.offering(), &request.asked.choices),
                "preferences": preferences(subscriber),
            });
            desk.show(Page { name: "confirmed", language, status: StatusCode::OK, context })
        }
        Ok(Confirmation::Before { subscriber: Some(subscriber) }) => {
            let language = desk.language(None, None, &headers);
            let context = json!({ "is_new": false, "preferences": preferences(subscriber) });
            desk.show(Page { name: "confirmed", language, status: StatusCode::OK, context })
        }
        Ok(Confirmation::Before { subscriber: None } | Confirmation::Gone) => {
            desk.notice(StatusCode::NOT_FOUND, "gone", &headers)
        }
    }
}
