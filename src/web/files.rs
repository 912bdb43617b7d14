//! Feeds and past issues as files: with their right types, and only when they changed.

use std::io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

use crate::feed::server::media_type;
use crate::web::desk::{Desk, Shelf};

/// How long a file is taken for new, as the rules for other web servers say.
const CACHING: HeaderValue = HeaderValue::from_static("public, max-age=300, must-revalidate");

/// The file at an address; its compressed sibling to whoever takes one.
pub async fn file(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let (head, _) = request.into_parts();
    let path = head.uri.path().to_owned();
    for shelf in &desk.shelves {
        let Some(rest) = path.strip_prefix(&shelf.path).filter(|rest| rest.starts_with('/')) else {
            continue;
        };
        // What begins with a dot is for the machine: rules for web servers, unfinished files.
        if rest
            .split('/')
            .any(|part| part.starts_with('.') || part.starts_with("%2e") || part.starts_with("%2E"))
        {
            continue;
        }
        let response = at(shelf, rest, &head).await;
        if response.status() != StatusCode::NOT_FOUND {
            return dressed(response, media_type(rest, &desk.feeds));
        }
    }
    (StatusCode::NOT_FOUND, [(CACHE_CONTROL, "no-store")], "There is nothing here.\n").into_response()
}

async fn at(shelf: &Shelf, rest: &str, head: &Parts) -> Response {
    let mut asked = Request::new(Body::empty());
    *asked.method_mut() = head.method.clone();
    *asked.headers_mut() = head.headers.clone();
    let Ok(uri) = rest.parse::<Uri>() else { return StatusCode::NOT_FOUND.into_response() };
    *asked.uri_mut() = uri;
    let mut folder =
        ServeDir::new(&shelf.folder).precompressed_gzip().redirect_path_prefix(shelf.path.clone());
    match folder.try_call(asked).await {
        Ok(response) => response.map(Body::new).into_response(),
        // A missing file is an error to the folder, and none of ours: browsers ask for icons that nobody made.
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | InvalidFilename) => {
            StatusCode::NOT_FOUND.into_response()
        }
        Err(error) => {
            tracing::error!("{}{rest} can't be read: {error}", shelf.folder.display());
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// With the headers that readers of feeds need: a type, how long it is new, and that pages elsewhere may read it.
fn dressed(mut response: Response, media_type: Option<String>) -> Response {
    let is_file = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if !is_file {
        return response;
    }
    let headers = response.headers_mut();
    if let Some(media_type) = media_type.and_then(|text| HeaderValue::from_str(&text).ok())
        && headers.contains_key(CONTENT_TYPE)
    {
        headers.insert(CONTENT_TYPE, media_type);
    }
    headers.insert(CACHE_CONTROL, CACHING);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
