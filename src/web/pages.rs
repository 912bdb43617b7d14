//! Pages: a template, what it shows, and the language that it is in.

use std::sync::atomic::Ordering;

use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use crate::language::tag::Language;
use crate::letters::compose::{look, shown};
use crate::web::desk::Desk;

/// A page that is to be shown.
#[derive(Debug)]
pub struct Page<'a> {
    /// Its template, below `web/consent/`.
    pub name: &'a str,
    /// The language.
    pub language: Language,
    /// How it went.
    pub status: StatusCode,
    /// What it shows, beside what all show.
    pub context: Value,
}

impl Desk {
    /// The language of a page: what the address asks for, what the reader is written to in, or what the browser likes best;
    /// else the site's.
    #[must_use]
    pub fn language(&self, asked: Option<&str>, own: Option<&Language>, headers: &HeaderMap) -> Language {
        let spoken = |tag: &str| {
            let tag: Language = tag.parse().ok()?;
            self.templates.messages().has(&tag).ok()?.then_some(tag)
        };
        asked
            .and_then(spoken)
            .or_else(|| spoken(own?.as_str()))
            .or_else(|| liked(headers).into_iter().find_map(|tag| spoken(&tag)))
            .unwrap_or_else(|| self.site_language())
    }

    /// Shows a page. What can't be shown is a fault of ours: it is logged, and the reader is told that nothing changed.
    pub fn show(&self, page: Page<'_>) -> Response {
        let Page { name, language, status, mut context } = page;
        context["language"] = json!(language);
        context["look"] = look(&self.site, &self.mail);
        context["site"] = shown(&self.site);
        context["base"] = json!(self.base());
        context["footer"] =
            json!({ "postal_address": self.mail.postal_address, "disclaimer": self.mail.disclaimer });
        match self.templates.render(&format!("web/consent/{name}.html.j2"), context) {
            Ok(html) => {
                let mut response = (status, Html(html)).into_response();
                let tag = HeaderValue::from_str(language.as_str());
                if let Ok(tag) = tag {
                    response.headers_mut().insert(CONTENT_LANGUAGE, tag);
                }
                response
            }
            Err(error) => self.broken(&error),
        }
    }

    /// A page that says what went wrong.
    pub fn notice(&self, status: StatusCode, kind: &str, headers: &HeaderMap) -> Response {
        let language = self.language(None, None, headers);
        let context = json!({ "kind": kind });
        let mut response = self.show(Page { name: "notice", language, status, context });
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("3600"));
        }
        response
    }

    /// A page for a fault of ours: nothing was changed.
    pub fn trouble(&self, error: &dyn std::fmt::Display, headers: &HeaderMap) -> Response {
        self.figures.troubles.fetch_add(1, Ordering::Relaxed);
        tracing::error!("a page can't be shown: {error}");
        self.notice(StatusCode::SERVICE_UNAVAILABLE, "ours", headers)
    }

    /// As [`Desk::trouble`], where no template can be rendered.
    fn broken(&self, error: &dyn std::fmt::Display) -> Response {
        self.figures.troubles.fetch_add(1, Ordering::Relaxed);
        tracing::error!("a page can't be rendered: {error}");
        let words = "Something is wrong here, and nothing was changed. Please try again later.\n";
        (StatusCode::INTERNAL_SERVER_ERROR, [(CACHE_CONTROL, "no-store")], words).into_response()
    }
}

/// The languages that a browser likes, the best first (RFC 9110, 12.5.4).
fn liked(headers: &HeaderMap) -> Vec<String> {
    let line = headers.get(ACCEPT_LANGUAGE).and_then(|line| line.to_str().ok()).unwrap_or_default();
    let mut tags: Vec<(u16, String)> = line
        .split(',')
        .take(20)
        .filter_map(|entry| {
            let mut parts = entry.split(';');
            let tag = parts.next()?.trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok());
            let weight = weight.unwrap_or(1.0).clamp(0.0, 1.0);
            // Thousandths are as fine as weights are.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let weight = (weight * 1_000.0) as u16;
            (weight > 0 && tag != "*").then(|| (weight, tag.to_owned()))
        })
        .collect();
    tags.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    tags.into_iter().map(|(_, tag)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_languages_come_by_their_weight() {
        let mut headers = HeaderMap::new();
        headers
            .insert(ACCEPT_LANGUAGE, HeaderValue::from_static("fr;q=0.5, de-AT, *;q=0.1, en;q=0.8, x;q=0"));
        assert_eq!(liked(&headers), ["de-AT", "en", "fr"]);
    }
}
