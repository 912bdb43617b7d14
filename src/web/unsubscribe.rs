//! Leaving: with one click from a mail program (RFC 8058), or with a button on a page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::store::subscribers::Departure;
use crate::subscribers::subscriber::Subscriber;
use crate::subscribers::token::{Purpose, Subject};
use crate::web::desk::Desk;
use crate::web::fields::Fields;
use crate::web::figures::count;
use crate::web::pages::Page;

/// A button: programs that follow links press none.
pub async fn page(State(desk): State<Arc<Desk>>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let (subscriber, digest) = match who(&desk, &token, &headers).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let language = desk.language(None, subscriber.language.as_ref(), &headers);
    let context = json!({
        "address": subscriber.address.masked(),
        "digest": title(&desk, &digest),
        "has_others": subscriber.subscriptions.iter().any(|own| own.digest != digest),
        "preferences": preferences(&desk, &subscriber),
        "action": format!("{}/unsubscribe/{token}", desk.base()),
    });
    desk.show(Page { name: "unsubscribe", language, status: StatusCode::OK, context })
}

/// Leaves, at once: the digest that the mail was of, or everything.
pub async fn leave(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    fields: Result<Fields, StatusCode>,
) -> Response {
    let (subscriber, digest) = match who(&desk, &token, &headers).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    // Whoever has the token wants to leave, whatever their program makes of the form.
    let fields = fields.unwrap_or_default();
    let is_one_click = fields.one("List-Unsubscribe").eq_ignore_ascii_case("One-Click");
    let everything = fields.one("what") == "everything";
    let source = if is_one_click { "one click" } else { "form" };
    let scope = (!everything).then_some(digest.as_str());
    let departure = match desk.store.leave(subscriber.id, scope, source, desk.clock.now()).await {
        Ok(departure) => departure,
        Err(error) => return desk.trouble(&error, &headers),
    };
    if departure != Departure::Before {
        count(&desk.figures.left);
    }
    if is_one_click {
        return (StatusCode::OK, "Unsubscribed.\n").into_response();
    }
    let language = desk.language(None, subscriber.language.as_ref(), &headers);
    let still_here = departure == Departure::Digest
        || departure == Departure::Before && subscriber.subscriptions.iter().any(|own| own.digest != digest);
    let left = (!everything && still_here).then(|| title(&desk, &digest));
    let context = json!({
        "address": subscriber.address.masked(),
        "digest": left,
        "preferences": preferences(&desk, &subscriber),
    });
    desk.show(Page { name: "left", language, status: StatusCode::OK, context })
}

/// Whoever has the token, and the digest that it is of.
async fn who(desk: &Desk, token: &str, headers: &HeaderMap) -> Result<(Subscriber, String), Response> {
    let gone = || desk.notice(StatusCode::NOT_FOUND, "gone", headers);
    let Some(Subject::Unsubscribe { subscriber, digest }) = desk.signer.read(Purpose::Unsubscribe, token)
    else {
        return Err(gone());
    };
    match desk.store.subscriber_numbered(subscriber).await {
        Err(error) => Err(desk.trouble(&error, headers)),
        Ok(Some(subscriber)) => Ok((subscriber, digest)),
        Ok(None) => Err(gone()),
    }
}

fn title(desk: &Desk, digest: &str) -> String {
    desk.offering().digest(digest).map_or_else(|| digest.to_owned(), |known| known.title.clone())
}

fn preferences(desk: &Desk, subscriber: &Subscriber) -> String {
    let subject = Subject::Preferences { subscriber: subscriber.id };
    format!("{}/preferences/{}", desk.base(), desk.signer.token(desk.signer.newest(), &subject))
}
