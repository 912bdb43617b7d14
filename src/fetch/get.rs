//! One document over HTTP, and whether it can be asked for again without being sent again.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use thiserror::Error;
use url::Url;

use crate::fetch::address::is_private_number;
use crate::fetch::client::client;

/// A feed that takes longer is one that readers give up.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Browsers allow 20; feeds that need more than five are lost.
const MOST_HOPS: usize = 5;

/// How one may fetch.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes after decompression: a small answer could unpack to gigabytes.
    pub largest: usize,
    /// Whether addresses inside of our network are allowed.
    pub allow_private: bool,
    /// Whether nothing but https is followed.
    pub only_https: bool,
    /// How long everything together may take.
    pub timeout: Duration,
}

/// What an answer was, for the server to say that it is still the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The address that answered at the end.
    pub address: String,
    /// Its status.
    pub status: u16,
    /// Redirects on the way: status, and where to.
    pub hops: Vec<(u16, String)>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// The status of a conditional request, where one could be made.
    pub again: Option<u16>,
    /// The document.
    pub bytes: Vec<u8>,
}

/// Why nothing came.
#[derive(Debug, Error)]
pub enum FetchError {
    /// HTTP without TLS, where that was ruled out.
    #[error("{0} is not encrypted on its way")]
    Insecure(String),
    /// Not HTTP.
    #[error("{0} is neither http nor https")]
    Scheme(String),
    /// An address inside of our network.
    #[error("{0} is not a public address")]
    Private(String),
    /// A redirect that leads nowhere.
    #[error("a redirect leads nowhere")]
    Redirect,
    /// Too many redirects.
    #[error("there are more than {MOST_HOPS} redirects")]
    TooManyHops,
    /// Too large.
    #[error("the document is larger than {0} bytes")]
    TooLarge(usize),
    /// The connection, TLS, or HTTP itself.
    #[error("{0}")]
    Http(String),
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        // The causes say what happened; the first message only repeats the address.
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            message = inner.to_string();
            cause = inner.source();
        }
        Self::Http(if error.is_timeout() { "no whole answer came in time".to_owned() } else { message })
    }
}

/// Fetches a document, and asks for it a second time if it has not changed.
///
/// # Errors
/// Nothing came, or it may not be fetched.
pub async fn get(url: &Url, limits: Limits) -> Result<Fetched, FetchError> {
    let client = client(limits.timeout, limits.allow_private, "feed check")?;
    let (url, mut fetched) = document(&client, url, limits, &Validators::default()).await?;
    if fetched.status == 200 {
        let validators =
            Validators { etag: fetched.etag.clone(), last_modified: fetched.last_modified.clone() };
        fetched.again = ask_again(&client, &url, &validators).await?;
    }
    Ok(fetched)
}

/// Fetches a document if it is another one than the one with these validators; else the status is 304.
///
/// # Errors
/// Nothing came, or it may not be fetched.
pub async fn get_changed(url: &Url, limits: Limits, known: &Validators) -> Result<Fetched, FetchError> {
    let client = client(limits.timeout, limits.allow_private, "feed source")?;
    Ok(document(&client, url, limits, known).await?.1)
}

async fn document(
    client: &Client,
    url: &Url,
    limits: Limits,
    known: &Validators,
) -> Result<(Url, Fetched), FetchError> {
    let (url, hops, response) = follow(client, url.clone(), limits, known).await?;
    let text = |name: HeaderName| text_of(response.headers(), &name);
    let mut fetched = Fetched {
        address: url.to_string(),
        status: response.status().as_u16(),
        hops,
        content_type: text(header::CONTENT_TYPE),
        etag: text(header::ETAG),
        last_modified: text(header::LAST_MODIFIED),
        ..Fetched::default()
    };
    fetched.bytes = body(response, limits.largest).await?;
    Ok((url, fetched))
}

async fn follow(
    client: &Client,
    mut url: Url,
    limits: Limits,
    known: &Validators,
) -> Result<(Url, Vec<(u16, String)>, Response), FetchError> {
    let mut hops = Vec::new();
    loop {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Scheme(url.to_string()));
        }
        if limits.only_https && url.scheme() != "https" {
            return Err(FetchError::Insecure(url.to_string()));
        }
        if !limits.allow_private && is_private_number(&url) {
            return Err(FetchError::Private(url.to_string()));
        }
        let response = conditional(client, &url, known).send().await?;
        let status = response.status();
        if !status.is_redirection() || status == StatusCode::NOT_MODIFIED {
            return Ok((url, hops, response));
        }
        if hops.len() == MOST_HOPS {
            return Err(FetchError::TooManyHops);
        }
        let target = text_of(response.headers(), &header::LOCATION).ok_or(FetchError::Redirect)?;
        url = url.join(&target).map_err(|_| FetchError::Redirect)?;
        hops.push((status.as_u16(), url.to_string()));
    }
}

async fn body(mut response: Response, largest: usize) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > largest {
            return Err(FetchError::TooLarge(largest));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn ask_again(client: &Client, url: &Url, known: &Validators) -> Result<Option<u16>, FetchError> {
    if *known == Validators::default() {
        return Ok(None);
    }
    Ok(Some(conditional(client, url, known).send().await?.status().as_u16()))
}

fn conditional(client: &Client, url: &Url, known: &Validators) -> RequestBuilder {
    let mut request = client.get(url.clone());
    if let Some(etag) = &known.etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    if let Some(date) = &known.last_modified {
        request = request.header(header::IF_MODIFIED_SINCE, date);
    }
    request
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned())
}
