//! The server: pages on loopback for whoever sits at this machine. The caller hands in listener, proofs and the moment to
//! end.

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};

use crate::preview::asked::Asked;
use crate::preview::proof::{Proof, Proofs};
use crate::preview::{events, pages};

/// What a page may do: its one script, which is ours, listens for changes, and its frames show mails.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; \
                           frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a mail may do: show pictures and its own styles, and open links in pages of their own. Nothing in it runs.
const MAIL_POLICY: &str = "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; \
                           form-action 'none'; frame-ancestors 'self'; \
                           sandbox allow-popups allow-popups-to-escape-sandbox";

/// The names under which this machine reaches itself. A page elsewhere on the web whose name leads here (DNS rebinding)
/// asks under its own name.
const OWN_NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// What the server shows, and whom it asks.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The proofs for the audience that there is.
    pub proofs: watch::Receiver<Arc<Proofs>>,
    /// Where proofs for one subscriber are asked for.
    pub orders: mpsc::Sender<Order>,
}

/// Somebody wants to see the mails of a subscriber.
#[derive(Debug)]
pub struct Order {
    /// The subscriber's address, as it was typed.
    pub reader: String,
    /// Whether they are to be made anew; else those that were made last for this reader will do.
    pub is_fresh: bool,
    /// Where the proofs go, or why there are none.
    pub answer: oneshot::Sender<Result<Arc<Proofs>, String>>,
}

/// Serves until `stop` is ready.
///
/// # Errors
/// Connections can't be accepted.
pub async fn run(listener: TcpListener, stage: Stage, stop: impl Future<Output = ()>) -> io::Result<()> {
    // A page that listens for changes keeps its connection, so that a server that waits for its connections never ends.
    tokio::select! {
        served = async { axum::serve(listener, router(stage)).await } => served,
        () = stop => Ok(()),
    }
}

/// All routes, behind the guard.
pub fn router(stage: Stage) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/mail", get(mail))
        .route("/picture/{*name}", get(picture))
        .route("/message.eml", get(message))
        .route("/events", get(listen))
        .route("/preview.js", get(script))
        .fallback(nowhere)
        .layer(middleware::from_fn(guard))
        .with_state(stage)
}

/// Lets in whoever asks for this machine by a name of its own, and keeps browsers from guessing and remembering.
async fn guard(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    if !OWN_NAMES.iter().any(|own| name.eq_ignore_ascii_case(own)) {
        let words = "The preview is for this machine alone: open it under 127.0.0.1 or localhost.\n";
        return (StatusCode::FORBIDDEN, words).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn page(State(stage): State<Stage>, Query(asked): Query<Asked>) -> Response {
    let proofs = stage.proofs_for(&asked, true).await;
    let Some(digest) = pages::digest_of(&proofs, &asked) else {
        return (StatusCode::NOT_FOUND, "There is no such digest; `/` shows those that there are.\n")
            .into_response();
    };
    match pages::page(&proofs, digest, &asked) {
        Ok(page) => ([(CONTENT_SECURITY_POLICY, PAGE_POLICY)], Html(page)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn mail(State(stage): State<Stage>, Query(asked): Query<Asked>) -> Response {
    let pictures = stage.proofs.borrow().pictures.clone();
    stage
        .with_proof(&asked, |proof| {
            let html = asked.scheme.apply(&proof.html);
            let html = pictures.map_or(html.clone(), |pictures| pictures.local(&html, "/picture/"));
            ([(CONTENT_SECURITY_POLICY, MAIL_POLICY)], Html(pages::framed(&html))).into_response()
        })
        .await
}

/// A picture of the site. One that is a document of its own (SVG) runs nothing either.
async fn picture(State(stage): State<Stage>, Path(name): Path<String>) -> Response {
    let proofs = Arc::clone(&stage.proofs.borrow());
    let found = proofs.pictures.as_ref().and_then(|pictures| pictures.file(&name));
    let read = found.and_then(|(file, media_type)| Some((std::fs::read(file).ok()?, media_type)));
    match read {
        Some((bytes, media_type)) => {
            ([(CONTENT_TYPE, media_type), (CONTENT_SECURITY_POLICY, MAIL_POLICY)], bytes).into_response()
        }
        None => nowhere().await,
    }
}

async fn message(State(stage): State<Stage>, Query(asked): Query<Asked>) -> Response {
    stage
        .with_proof(&asked, |proof| {
            let headers = [
                (CONTENT_TYPE, "message/rfc822"),
                (CONTENT_DISPOSITION, "attachment; filename=\"preview.eml\""),
            ];
            (headers, proof.message.clone()).into_response()
        })
        .await
}

/// What a page shows.
#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    version: String,
}

async fn listen(State(stage): State<Stage>, Query(shown): Query<Shown>) -> impl IntoResponse {
    events::since(stage.proofs, shown.version)
}

async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], pages::SCRIPT)
}

async fn nowhere() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing here; the preview is at `/`.\n").into_response()
}

impl Stage {
    /// The proofs for whoever was asked for; with what is in the way, those for the audience.
    async fn proofs_for(&self, asked: &Asked, is_fresh: bool) -> Arc<Proofs> {
        let usual = Arc::clone(&self.proofs.borrow());
        let Some(reader) = asked.reader() else { return usual };
        let (answer, answered) = oneshot::channel();
        let order = Order { reader: reader.to_owned(), is_fresh, answer };
        let trouble = match self.orders.send(order).await {
            Ok(()) => match answered.await {
                Ok(Ok(proofs)) => return proofs,
                Ok(Err(trouble)) => trouble,
                Err(_) => return usual,
            },
            Err(_) => return usual,
        };
        let mut proofs = Proofs::clone(&usual);
        proofs.troubles.insert(0, trouble);
        Arc::new(proofs)
    }

    async fn with_proof(&self, asked: &Asked, show: impl FnOnce(&Proof) -> Response) -> Response {
        let proofs = self.proofs_for(asked, false).await;
        let proof =
            pages::digest_of(&proofs, asked).flatten().and_then(|digest| pages::proof_of(digest, asked));
        proof.map_or_else(
            || (StatusCode::NOT_FOUND, "There is no such mail any more.\n").into_response(),
            |(_, proof)| show(proof),
        )
    }
}
