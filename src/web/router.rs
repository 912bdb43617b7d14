//! Which page is where, and what holds of all of them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::web::desk::Desk;
use crate::web::pages::Page;
use crate::web::{confirm, files, preferences, subscribe, unsubscribe};

/// Most bytes of a form.
const LONGEST_FORM: usize = 64 * 1024;

/// How long an answer may take.
const LONGEST: Duration = Duration::from_secs(30);

/// What a page may do: its style and its one script are files of ours, pictures come from anywhere safe, forms go to us
/// alone, and nobody shows it in a frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What no browser needs to know of us.
const PERMISSIONS: (HeaderName, HeaderValue) = (
    HeaderName::from_static("permissions-policy"),
    HeaderValue::from_static("geolocation=(), camera=(), microphone=(), interest-cohort=()"),
);

/// All routes.
pub fn router(desk: Arc<Desk>) -> Router {
    let pages = Router::new()
        .route("/subscribe", get(subscribe::form).post(subscribe::ask))
        .route("/subscribe/snippet", get(subscribe::snippet))
        .route("/confirm/{token}", get(confirm::page).post(confirm::confirm))
        .route("/preferences/{token}", get(preferences::page).post(preferences::save))
        .route("/preferences/{token}/leave", post(preferences::leave))
        .route("/unsubscribe/{token}", get(unsubscribe::page).post(unsubscribe::leave))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(middleware::from_fn(seal))
        .route("/consent.css", get(style))
        .route("/consent.js", get(script))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics));
    let base = desk.base().to_owned();
    let router = if base.is_empty() {
        pages
    } else {
        // Who opens the address of the pages itself wants the first of them; at the root there may be a site.
        let first = || get(subscribe::form).layer(middleware::from_fn(seal));
        Router::new().nest(&base, pages.route("/", first())).route(&format!("{base}/"), first())
    };
    let files = Router::new().fallback(files::file).layer(CompressionLayer::new());
    // Pages are not compressed: with what others can put into them, their length would tell of their secrets.
    router
        .fallback_service(files.with_state(Arc::clone(&desk)))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST))
        .with_state(desk)
}

/// What holds of every page for one person: nobody keeps it, nobody is told where it was, nobody frames it.
async fn seal(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    headers.insert(PERMISSIONS.0, PERMISSIONS.1);
    response
}

/// Colours and fonts are those of the mails.
async fn style(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let language = desk.language(None, None, &headers);
    let page = Page { name: "style", language, status: StatusCode::OK, context: json!({}) };
    let mut response = desk.show(page);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

async fn script() -> Response {
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("../../templates/web/consent/consent.js")).into_response()
}

/// Whether the store answers.
async fn health(State(desk): State<Arc<Desk>>) -> Response {
    match desk.store.told().await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!("not healthy: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

async fn metrics(State(desk): State<Arc<Desk>>) -> Response {
    let waiting = desk.store.waiting(desk.clock.now()).await;
    let headers = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (headers, desk.figures.text(waiting.as_ref().ok())).into_response()
}
