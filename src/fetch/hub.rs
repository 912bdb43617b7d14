//! Telling a hub that a feed changed. W3C `WebSub` leaves to publisher and hub how (section 6); this is what hubs take:
//! <https://pubsubhubbub.github.io/PubSubHubbub/pubsubhubbub-core-0.3.html>, 7.1.

use std::time::Duration;

use reqwest::header;
use reqwest::{Client, Response};
use url::{Url, form_urlencoded};

use crate::fetch::address::is_private_number;
use crate::fetch::client::client;
use crate::fetch::get::FetchError;

/// A hub has only to take a note; whoever waits longer keeps a run of every minute from its mails.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// Tells hubs.
#[derive(Clone, Debug)]
pub struct Teller {
    client: Client,
    allow_private: bool,
}

/// What came of telling a hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It knows.
    Heard,
    /// It said that it does not take it; others may fare better with it.
    Refused(String),
    /// It can't be asked for anything now.
    Unreachable(String),
}

impl Teller {
    /// One that waits so long for each answer, and speaks to hubs inside of our network if that is allowed.
    ///
    /// # Errors
    /// The system lacks what TLS needs.
    pub fn new(timeout: Duration, allow_private: bool) -> Result<Self, FetchError> {
        Ok(Self { client: client(timeout, allow_private, "publisher")?, allow_private })
    }

    /// Tells a hub that what is at an address changed. One address each: not all hubs take several, and each gets
    /// its own answer.
    pub async fn tell(&self, hub: &Url, address: &str) -> Told {
        if !self.allow_private && is_private_number(hub) {
            return Told::Unreachable(FetchError::Private(hub.to_string()).to_string());
        }
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("hub.mode", "publish")
            .append_pair("hub.url", address)
            .finish();
        let request = self.client.post(hub.clone()).body(body);
        match request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").send().await {
            // 0.3 asks for 204; hubs answer with 200 and 202, too.
            Ok(response) if response.status().is_success() => Told::Heard,
            Ok(response) => Told::Refused(refusal(&response)),
            Err(error) => Told::Unreachable(FetchError::from(error).to_string()),
        }
    }
}

fn refusal(response: &Response) -> String {
    let location = response.headers().get(header::LOCATION);
    let to = location.map(|to| format!(" to {}", String::from_utf8_lossy(to.as_bytes()))).unwrap_or_default();
    format!("it answered {}{to}", response.status())
}
