//! What a letter says: its templates rendered for one person, in their language.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::catalog::settings::Site;
use crate::digest::finish::{inline, number_links, tidy, turns_direction, without_controls};
use crate::digest::letterhead;
use crate::digest::look::Look;
use crate::digest::offering::Offering;
use crate::digest::settings::MailSettings;
use crate::language::tag::Language;
use crate::letters::message::Letter;
use crate::mail::address::Address;
use crate::mail::header::{self, subject_line};
use crate::subscribers::request::{self, Request};
use crate::subscribers::subscription::{Choice, Chosen};
use crate::templates::environment::{TemplateError, Templates};

/// What letters are made of.
#[derive(Clone, Copy, Debug)]
pub struct Stationery<'a> {
    /// The site.
    pub site: &'a Site,
    /// What all mails have in common.
    pub mail: &'a MailSettings,
    /// The templates.
    pub templates: &'a Templates,
    /// What there is to subscribe to.
    pub offering: &'a Offering,
}

/// What a letter asks its reader to do.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What it says.
    pub letter: request::Letter,
    /// How.
    pub way: Way,
    /// Until when.
    pub until: Option<DateTime<Utc>>,
}

/// How a reader does what a letter asks.
#[derive(Clone, Debug)]
pub enum Way {
    /// On this page.
    Page(String),
    /// With an answer to this address, whose subject has this token.
    Answer(Address, String),
}

/// Why a letter can't be written.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// Its templates can't be rendered.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Its headers can't be written.
    #[error(transparent)]
    Header(#[from] header::HeaderError),
    /// `mail.from` is no sender.
    #[error("{0}")]
    Sender(String),
}

impl Stationery<'_> {
    /// The language to write to somebody in: what they asked for, where there are words in it, else the site's.
    ///
    /// # Errors
    /// A catalog of messages that can't be read.
    pub fn language(&self, asked: Option<&Language>) -> Result<Language, TemplateError> {
        let site = || self.site.language.parse().unwrap_or_else(|_| Language::english());
        let Some(asked) = asked else { return Ok(site()) };
        let has = self.templates.messages().has(asked);
        let has = has.map_err(|error| TemplateError { message: error.to_string() })?;
        Ok(if has { asked.clone() } else { site() })
    }

    /// The letter that answers a request: the bytes of its message.
    ///
    /// # Errors
    /// Why it can't be written.
    pub fn write(&self, request: &Request, ask: &Ask, secret: &str) -> Result<Vec<u8>, LetterError> {
        let language = self.language(request.asked.language.as_ref())?;
        let context = self.context(request, ask, &language);
        let folder = format!("email/letter/{}", ask.letter.as_str());
        let render = |part: &str| self.templates.render(&format!("{folder}.{part}.j2"), &context);
        let mut subject: String = render("subject.txt")?.chars().filter(|c| !turns_direction(*c)).collect();
        subject = subject_line(&subject);
        // After it was cut to its length: a token has to be whole.
        let reply_to = match (&ask.way, ask.letter) {
            (Way::Answer(to, token), request::Letter::Confirm) => {
                subject = format!("{subject} [confirm {token}]");
                Some(to)
            }
            _ => self.mail.reply_to.as_ref(),
        };
        let text = number_links(&tidy(&without_controls(&render("body.txt")?)), secret);
        let html = inline(&without_controls(&render("body.html")?))?;
        let (from_name, from) = letterhead::sender(&self.mail.from).map_err(LetterError::Sender)?;
        let letter = Letter {
            name: &format!("letter-{}", request.id),
            from: (&from_name, &from),
            reply_to,
            to: (&request.asked.name, &request.asked.address),
            date: request.received,
            subject: &subject,
            text: &text,
            html: &html,
            secret,
        };
        Ok(letter.write()?)
    }

    fn context(&self, request: &Request, ask: &Ask, language: &Language) -> Value {
        let (site, mail) = (self.site, self.mail);
        let link = match &ask.way {
            Way::Page(link) => Some(link),
            Way::Answer(..) => None,
        };
        json!({
            "language": language,
            "web": false,
            "look": look(site, mail),
            "site": shown(site),
            "links": { "view": null, "unsubscribe": null, "preferences": null, "archive": null, "help": mail.help_url },
            "footer": { "postal_address": mail.postal_address, "disclaimer": mail.disclaimer },
            "recipient": { "name": request.asked.name.as_str(), "address": request.asked.address.as_str() },
            "letter": {
                "link": link,
                "until": ask.until.map(|until| until.with_timezone(&site.time_zone).to_rfc3339()),
                "asked": request.received.with_timezone(&site.time_zone).to_rfc3339(),
                "chosen": chosen(self.offering, &request.asked.choices),
            },
        })
    }
}

/// The look of all mails, as templates see it.
#[must_use]
pub fn look(site: &Site, mail: &MailSettings) -> Value {
    let look = Look::new(&mail.look, &mail.look);
    let logo = look.logo.as_ref().or(site.logo.as_ref()).and_then(|logo| site.absolute(logo));
    let mut shown = json!(look);
    shown["logo"] = json!(logo);
    shown
}

/// The site, as templates see it.
#[must_use]
pub fn shown(site: &Site) -> Value {
    json!({
        "title": site.title,
        "description": site.description,
        "url": site.url,
        "language": site.language,
    })
}

/// What is chosen, with titles: for each digest whether it is all of it, and else the categories.
#[must_use]
pub fn chosen(offering: &Offering, choices: &[Chosen]) -> Value {
    let mut digests: Vec<Value> = Vec::new();
    for (name, choice) in choices {
        let known = offering.digest(name);
        if digests.last().is_none_or(|last| last["name"] != name.as_str()) {
            let title = known.map_or(name.as_str(), |digest| &digest.title);
            digests.push(json!({ "name": name, "title": title, "all": false, "categories": [] }));
        }
        let Some(digest) = digests.last_mut() else { continue };
        match choice {
            Choice::All => digest["all"] = json!(true),
            Choice::Category(slug) => {
                let category =
                    known.and_then(|digest| digest.categories.iter().find(|own| own.slug == slug.as_str()));
                let title = category.map_or(slug.as_str(), |category| &category.title);
                if let Some(categories) = digest["categories"].as_array_mut() {
                    categories.push(json!(title));
                }
            }
        }
    }
    Value::Array(digests)
}
