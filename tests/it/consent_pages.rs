//! The way of a subscriber in a real browser: subscribe, mail, confirm, preferences, unsubscribe, and subscribe again
//! from a page elsewhere; with and without scripts, on a phone and on a desk, with a mouse and with keys alone.

use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::{Value, json};

use crate::support::browser::{Browser, Manner, with_browser_like};
use crate::support::serving::{self, Serving};
use crate::support::site::{Site, configuration};

/// A Sunday; the next issue is due on Monday.
const BEFORE: &str = "2026-05-24T12:00:00Z";
const MONDAY: &str = "2026-05-25T08:00:00Z";
/// After nine o'clock in Berlin.
const TUESDAY: &str = "2026-05-26T07:30:00Z";

const ADDRESS: &str = "nora@example.net";
const PHONE: u32 = 390;
const DESK: u32 = 1280;
const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';

fn site() -> Site {
    let site = Site::new(&configuration(&format!(
        "[mail]\nfrom = \"Site <news@example.org>\"\npostal_address = \"1 Street\"\n\n\
         [[digest]]\nname = \"weekly\"\ntitle = \"The week\"\ncron = \"0 7 * * MON\"\n\
         [[digest]]\nname = \"daily\"\ntitle = \"The day\"\ncron = \"0 6 * * *\"\n[web]\nurl = \"{}\"\n",
        serving::PUBLIC
    )));
    site.article("heart/salt.md", "Salt", "2026-05-21");
    site.article("sleep/naps.md", "Naps", "2026-05-22");
    site.run(&["run", "--at", BEFORE]).expect(0);
    site
}

/// State, choices, and how mails are wanted.
fn on_record(site: &Site) -> (String, Vec<String>, Value) {
    let story = site.run(&["subscribers", "show", ADDRESS, "--json"]).expect(0).json();
    let own = story["subscriptions"].as_array().unwrap();
    let chosen =
        own.iter().map(|one| format!("{}:{}", one["digest"], one["choice"]).replace('"', "")).collect();
    let how = json!([story["language"], story["time_zone"], story["minute"]]);
    (story["state"].as_str().unwrap().to_owned(), chosen, how)
}

/// Somebody at a browser.
struct Reader {
    browser: Browser,
    manner: Manner,
    keys_alone: bool,
}

impl Reader {
    async fn open(&self, serving: &Serving, path: &str) {
        self.browser.open(&format!("http://{}{path}", serving.host)).await;
        self.fits().await;
    }

    /// Nothing is wider than the window.
    async fn fits(&self) {
        let rect = self.browser.wait(Locator::Css("main")).await.rectangle().await.unwrap();
        assert!(rect.0 >= 0.0 && rect.0 + rect.2 <= f64::from(self.manner.width), "{rect:?}");
    }

    async fn key(&self, key: char) {
        let actions = KeyActions::new("keys".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.browser.client.perform_actions(actions).await.unwrap();
    }

    async fn ask(&self, script: &str, argument: &str) -> Value {
        self.browser.client.execute(script, vec![json!(argument)]).await.unwrap()
    }

    /// Goes to a control with the tabulator, as far as it takes; wherever one is, it can be seen.
    async fn walk_to(&self, css: &str) {
        for _ in 0..60 {
            self.key(TAB).await;
            let seen = "const one = document.activeElement, style = getComputedStyle(one); \
                        return [one.matches(arguments[0]), one === document.body || style.outlineStyle === 'auto' \
                        || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, one.outerHTML.slice(0, 200)]";
            let seen = self.ask(seen, css).await;
            assert_eq!(seen[1], true, "no focus to be seen: {}", seen[2]);
            if seen[0] == true {
                return;
            }
        }
        panic!("{css} can't be reached");
    }

    /// Waits until something of this class has the focus: a page gives it once it was drawn. `:focus` does not tell, for a
    /// window that was never clicked into may have none.
    async fn is_at(&self, class: &str) {
        for _ in 0..1_000 {
            let focused = self.browser.client.active_element().await.unwrap();
            if focused.attr("class").await.unwrap().as_deref() == Some(class) {
                return;
            }
        }
        panic!("{class} has no focus");
    }

    /// The tabulator comes to every link, field and button.
    async fn reaches_everything(&self) {
        if !self.keys_alone {
            return;
        }
        let all = "a[href], button, select, input:not([type=hidden], [tabindex='-1'])";
        let count = self.ask("return document.querySelectorAll(arguments[0]).length", all).await;
        for _ in 0..=count.as_u64().unwrap() {
            self.key(TAB).await;
            self.ask("document.activeElement.dataset.reached = ''", "").await;
        }
        let missed = "return [...document.querySelectorAll(arguments[0])] \
                      .filter((one) => !('reached' in one.dataset)).map((one) => one.outerHTML)";
        assert_eq!(self.ask(missed, all).await, json!([]), "can't be reached");
    }

    /// Presses a button, follows a link, ticks a box.
    async fn press(&self, css: &str) {
        if !self.keys_alone {
            return self.browser.wait(Locator::Css(css)).await.click().await.unwrap();
        }
        self.walk_to(css).await;
        self.key(if css.contains("[value=") && css.starts_with("input") { ' ' } else { ENTER }).await;
    }

    async fn write(&self, css: &str, words: &str) {
        let field = self.browser.wait(Locator::Css(css)).await;
        if self.keys_alone {
            self.walk_to(css).await;
            for key in words.chars() {
                self.key(key).await;
            }
        } else {
            field.clear().await.unwrap();
            field.send_keys(words).await.unwrap();
        }
        assert_eq!(field.prop("value").await.unwrap().as_deref(), Some(words), "{css}");
    }

    async fn choose(&self, css: &str, value: &str, words: &str) {
        if self.keys_alone {
            self.walk_to(css).await;
            for key in words.chars() {
                self.key(key).await;
            }
        } else {
            let option = format!("{css} option[value='{value}']");
            self.browser.wait(Locator::Css(&option)).await.click().await.unwrap();
        }
        let field = self.browser.wait(Locator::Css(css)).await;
        assert_eq!(field.prop("value").await.unwrap().as_deref(), Some(value), "{css}");
    }

    async fn is_ticked(&self, value: &str) -> bool {
        let css = format!("input[value='{value}']");
        self.browser.wait(Locator::Css(&css)).await.is_selected().await.unwrap()
    }

    async fn sees(&self, css: &str) {
        self.browser.wait(Locator::Css(css)).await;
        self.fits().await;
    }

    /// Subscribes to a category, once without having chosen anything.
    async fn fills_the_form(&self) {
        let zone = self.browser.wait(Locator::Css("[data-time-zone]")).await.prop("value").await.unwrap();
        assert_eq!(
            zone.is_some_and(|zone| !zone.is_empty()),
            self.manner.scripts,
            "whether scripts are executed"
        );
        self.reaches_everything().await;
        self.write("#address", ADDRESS).await;
        self.press("input[value='weekly:*']").await;
        self.press("form button").await;
        // What is wrong is where one is, and beside its field.
        self.sees("#choices-problem").await;
        self.is_at("problems").await;
        self.press("input[value='weekly:*']").await;
        self.press("input[value='weekly:heart']").await;
        assert_eq!(self.is_ticked("weekly:*").await, !self.manner.scripts, "a script unticks it");
        if !self.manner.scripts {
            self.press("input[value='weekly:*']").await;
        }
        self.press("form button").await;
        self.sees("main:not(:has(form))").await;
        let said = self.browser.wait(Locator::Css("main")).await.text().await.unwrap();
        assert!(said.contains(ADDRESS), "{said}");
    }

    async fn confirms(&self, serving: &Serving, letter: &str) {
        self.open(serving, &serving::link(letter, "confirm")).await;
        self.press("form button").await;
        self.sees("main:not(:has(form)) a.onward").await;
    }

    async fn prefers(&self) {
        self.press("a.onward").await;
        self.sees("#time-zone").await;
        self.reaches_everything().await;
        self.press("input[value='weekly:sleep']").await;
        self.press("input[value='daily:*']").await;
        self.choose("#language", "de", "Deu").await;
        self.choose("#time", "09:00", "09").await;
        self.write("#time-zone", "Europe/Berlin").await;
        self.press("form:not(.leave) button").await;
        self.sees("html[lang=de] .saved").await;
    }

    /// Copies the form into a page elsewhere, and subscribes there.
    async fn comes_back_from_elsewhere(&self, site: &Site, serving: &Serving) {
        self.open(serving, "/mail/subscribe/snippet?digest=daily").await;
        let form = self.browser.wait(Locator::Css("pre code")).await.text().await.unwrap();
        let form = form.replace("https://example.org", &format!("http://{}", serving.host));
        site.write("garden.html", format!("<!doctype html><title>My garden</title><main>{form}</main>"));
        self.browser.open(&format!("file://{}", site.path("garden.html").display())).await;
        self.write("input[type=email]", ADDRESS).await;
        self.press("form button").await;
        self.sees("footer").await;
    }
}

fn walk(scripts: bool, width: u32, keys_alone: bool) {
    let manner = Manner { scripts, width };
    let site = site();
    with_browser_like(manner, move |browser| async move {
        let reader = Reader { browser, manner, keys_alone };
        let serving = Serving::new(&site, &["--at", BEFORE]);
        reader.open(&serving, "/mail/subscribe").await;
        reader.fills_the_form().await;
        serving.letters(1);
        assert_eq!(on_record(&site).0, "pending");
        reader.confirms(&serving, &site.read("outbox/new/letter-1.eml")).await;
        let (state, chosen, _) = on_record(&site);
        assert_eq!((state.as_str(), chosen), ("active", vec!["weekly:heart".to_owned()]));
        reader.prefers().await;
        let (_, chosen, how) = on_record(&site);
        assert_eq!(chosen, ["daily:*", "weekly:heart", "weekly:sleep"]);
        assert_eq!(how, json!(["de", "Europe/Berlin", 540]));

        site.article("heart/walk.md", "Walk", "2026-05-25");
        for moment in [MONDAY, TUESDAY] {
            site.run(&["run", "--at", moment]).expect(0);
        }
        let mails = site.outbox().into_iter().map(|mail| String::from_utf8(mail).unwrap());
        let mail = mails.into_iter().find(|mail| mail.contains("List-Id: The week")).unwrap();
        reader.open(&serving, &serving::link(&mail, "unsubscribe")).await;
        reader.press("button[value=digest]").await;
        reader.sees("main:not(:has(form)) a.onward").await;
        let (state, chosen, _) = on_record(&site);
        assert_eq!((state.as_str(), chosen), ("active", vec!["daily:*".to_owned()]));
        reader.press("a.onward").await;
        reader.press(".leave button").await;
        reader.sees("main:not(:has(form)) a.onward").await;
        assert_eq!(on_record(&site).0, "unsubscribed");

        // Nobody gets two letters on one day.
        drop(serving);
        let serving = Serving::new(&site, &["--at", TUESDAY]);
        reader.comes_back_from_elsewhere(&site, &serving).await;
        serving.letters(1);
        reader.confirms(&serving, &site.read("outbox/new/letter-2.eml")).await;
        let (state, chosen, _) = on_record(&site);
        assert_eq!((state.as_str(), chosen), ("active", vec!["daily:*".to_owned()]));
    });
}

#[test]
fn a_reader_comes_and_goes_on_a_desk_with_keys_alone() {
    walk(true, DESK, true);
}

#[test]
fn a_reader_comes_and_goes_on_a_desk_without_scripts() {
    walk(false, DESK, false);
}

#[test]
fn a_reader_comes_and_goes_on_a_phone() {
    walk(true, PHONE, false);
}

#[test]
fn a_reader_comes_and_goes_on_a_phone_without_scripts() {
    walk(false, PHONE, false);
}
