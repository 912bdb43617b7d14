//! Chromium without a window, driven over its own driver, which is started on a port that is free.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// How long a condition may take to come true, and how often one looks.
const PLENTY: Duration = Duration::from_mins(1);
const OFTEN: Duration = Duration::from_millis(50);

/// A driver. It is killed with the test, after its browser.
struct Driver {
    child: Child,
    address: String,
}

impl Driver {
    fn start() -> Self {
        let mut command = Command::new("chromedriver");
        let mut child = command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let port = lines
            .filter_map(|line| Some(line.split_once("started successfully on port ")?.1.to_owned()))
            .map(|port| port.trim_end_matches('.').to_owned())
            .next();
        Self { child, address: format!("http://127.0.0.1:{}", port.unwrap()) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a browser is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Whether it executes scripts of pages.
    pub(crate) scripts: bool,
    /// How wide its window is, in pixels.
    pub(crate) width: u32,
}

/// Lets a test use a browser of its own, which ends however the test ends.
pub(crate) fn with_browser<F: Future<Output = ()> + Send + 'static>(
    test: impl FnOnce(Browser) -> F + Send + 'static,
) {
    with_browser_like(Manner { scripts: true, width: 1400 }, test);
}

/// As [`with_browser`], with one that is like this.
pub(crate) fn with_browser_like<F: Future<Output = ()> + Send + 'static>(
    manner: Manner,
    test: impl FnOnce(Browser) -> F + Send + 'static,
) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let driver = Driver::start();
    runtime.block_on(async {
        let mut options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,1000"],
        });
        if !manner.scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        // A window has a least width; a page may be told that it is narrower.
        if manner.width != 1400 {
            let metrics = json!({ "width": manner.width, "height": 844, "pixelRatio": 1, "touch": false });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        let options = json!({ "goog:chromeOptions": options });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(options.as_object().unwrap().clone())
            .connect(&driver.address)
            .await
            .unwrap();
        let ended = tokio::spawn(test(Browser { client: client.clone() })).await;
        client.close().await.unwrap();
        if let Err(error) = ended {
            std::panic::resume_unwind(error.into_panic());
        }
    });
}

/// A browser with one page.
pub(crate) struct Browser {
    pub(crate) client: Client,
}

impl Browser {
    /// Opens an address.
    pub(crate) async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Waits until an element is there that holds these words.
    pub(crate) async fn shows(&self, class: &str, words: &str) -> Element {
        let path = format!("//*[contains(@class, '{class}')][contains(., '{words}')]");
        self.wait(Locator::XPath(&path)).await
    }

    /// Waits until an element is there.
    pub(crate) async fn wait(&self, locator: Locator<'_>) -> Element {
        self.client.wait().at_most(PLENTY).every(OFTEN).for_element(locator).await.unwrap()
    }

    /// Whether there is no such element in the document or frame that one looks at.
    pub(crate) async fn has_none(&self, css: &str) -> bool {
        self.client.find_all(Locator::Css(css)).await.unwrap().is_empty()
    }
}
