//! What an answer says beside its document: status, type, redirects, and whether it can be asked for cheaply.

use crate::feed::judge::finding::{Finding, Rule, rules};
use crate::feed::judge::values::short;
use crate::feed::judge::verdict::{Format, Verdict};
use crate::fetch::get::{FetchError, Fetched};

rules! {
    UNREACHABLE = Error "http-unreachable", "RFC 9110, 3: a resource is there for whoever asks",
        "look whether a browser gets it; --allow-private fetches from your own network";
    STATUS = Error "http-status", "RFC 9110, 15.3.1: what is there is answered with 200",
        "serve the feed with 200 OK";
    TYPE = Warning "http-content-type", "RFC 4287, 7; JSON Feed 1.1, Discovery; RSS Profile, atom:link",
        "serve application/rss+xml, application/atom+xml or application/feed+json";
    CHARSET = Warning "http-charset", "RFC 7303, 3: the charset of the answer beats the document's",
        "leave the charset out, or say utf-8";
    VALIDATORS = Warning "http-validators", "RFC 9110, 8.8: validators tell readers whether they have it",
        "send ETag or Last-Modified: readers fetch everything every time";
    CONDITIONAL = Warning "http-conditional", "RFC 9110, 13.1 and 15.4.5: what one has is answered with 304",
        "let the server answer If-None-Match and If-Modified-Since";
    MOVED = Warning "http-moved", "RFC 9110, 15.4.2 and 15.4.9: who is told that it moved for good should go there",
        "give out the new address";
    INSECURE = Warning "http-insecure", "RFC 7258: what is not encrypted is read and changed on the way",
        "serve the feed with https";
    SELF = Warning "http-self", "RSS Profile, atom:link; RFC 4287, 4.2.7.2: readers go on with the address in rel=\"self\"",
        "name the address at which the feed is fetched";
}

/// Types under which every reader takes a feed.
const XML: [&str; 2] = ["application/xml", "text/xml"];

/// A document that did not come.
#[must_use]
pub fn of_failure(error: &FetchError) -> Vec<Finding> {
    vec![Finding::of_document(&UNREACHABLE, format!("it can't be fetched: {error}"))]
}

/// What is wrong with an answer, given what the judge says of its document.
#[must_use]
pub fn check(fetched: &Fetched, verdict: &Verdict) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule: &'static Rule, message: String| findings.push(Finding::of_document(rule, message));
    if let Some((status, target)) = fetched.hops.iter().find(|(status, _)| matches!(status, 301 | 308)) {
        add(&MOVED, format!("it moved to {} ({status})", short(target)));
    }
    if fetched.address.starts_with("http:") {
        add(&INSECURE, "it is not encrypted on its way".to_owned());
    }
    if fetched.status != 200 {
        add(&STATUS, format!("the server answers {}", fetched.status));
        return findings;
    }
    let given = fetched.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let essence = given.split(';').next().unwrap_or_default().trim();
    let is_right = match verdict.format {
        Some(Format::Rss) => essence == "application/rss+xml" || XML.contains(&essence),
        Some(Format::Atom) => essence == "application/atom+xml" || XML.contains(&essence),
        Some(Format::Json) => ["application/feed+json", "application/json"].contains(&essence),
        None => true,
    };
    if !is_right {
        add(&TYPE, format!("the server says that it is {}", short(essence)));
    }
    let charset = given.split_once("charset=").map(|(_, rest)| rest.split(';').next().unwrap_or_default());
    if let Some(charset) = charset.map(|charset| charset.trim().trim_matches('"'))
        && charset != "utf-8"
        && charset != "utf8"
    {
        add(&CHARSET, format!("the server says that it is in {}", short(charset)));
    }
    match fetched.again {
        None => add(&VALIDATORS, "the answer has neither ETag nor Last-Modified".to_owned()),
        Some(304) => {}
        Some(status) => add(&CONDITIONAL, format!("a conditional request is answered with {status}")),
    }
    if let Some(own) = &verdict.facts.address
        && *own != fetched.address
    {
        add(&SELF, format!("the feed says that its address is {}", short(own)));
    }
    findings
}
