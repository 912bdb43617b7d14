//! Understanding a line: who somebody is, what they chose, and whether they may be mailed. The same for every file.

use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::language::tag::Language;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::subscribers::import::columns::Role;
use crate::subscribers::import::dates;
use crate::subscribers::import::line::{Line, List, OptIn};
use crate::subscribers::import::offer::{Offer, choices};
use crate::subscribers::import::services::{Fate, Service};
use crate::subscribers::subscriber::{NewSubscriber, State};
use crate::subscribers::subscription::{Choice, Chosen};
use crate::subscribers::suppression::{Cause, Suppression};

/// The word of our own files for an address that is on the list of those never mailed, and is nobody's.
pub const STRANGER: &str = "suppressed";

/// How the lines of a file are understood.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// What they may ask for.
    pub offer: &'a Offer,
    /// Whose export it is; none for files of ours.
    pub service: Option<&'static Service>,
    /// What the file's name says of everybody in it.
    pub of_file: Option<Fate>,
}

/// Whether somebody may be mailed, as a line says.
struct Standing {
    state: State,
    suppression: Option<Suppression>,
    is_stranger: bool,
}

impl Reading<'_> {
    /// Understands one line; the tags that stand for no category come along.
    ///
    /// # Errors
    /// Why nobody is added for it, in words for people.
    pub fn accept(&self, mut line: Line) -> Result<(NewSubscriber, Vec<String>), String> {
        let text = line.address.take().filter(|text| is_said(text)).ok_or("there is no address")?;
        let address: Address = text.parse().map_err(|error| format!("{text:?} is no address: {error}"))?;
        let standing = match self.service {
            Some(service) => standing_there(service, self.fate(service, &line)?)?,
            None => standing_here(&line)?,
        };
        let consent = match self.service {
            Some(service) => consent(service, &line),
            None => line.consent.take().unwrap_or_default(),
        };
        let since = [&line.since, &line.opt_in.asked, &line.opt_in.confirmed].into_iter().flatten().next();
        let since = moment(since)?;
        let changed = match standing.state {
            State::Active if self.service.is_some() => None,
            _ => moment(line.left.0.as_ref().or(line.changed.as_ref()))?,
        };
        let (chosen, unmatched) = self.chosen(&mut line, &standing)?;
        let name = line.name.take().filter(|name| is_said(name)).unwrap_or_else(|| {
            [line.first_name.take(), line.last_name.take()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ")
        });
        let zone = parsed::<chrono_tz::Tz>(line.time_zone.as_deref(), "time zone", "write Europe/Berlin");
        let person = NewSubscriber {
            name: DisplayName::new(&name),
            language: parsed::<Language>(line.language.as_deref(), "language", "write de or en-GB")?,
            // A place that is no zone any more is no reason to lose anybody of another service.
            time_zone: if self.service.is_some() { zone.unwrap_or_default() } else { zone? },
            minute: line.hour.as_deref().filter(|text| is_said(text)).map(minute).transpose()?,
            state: standing.state,
            choices: chosen,
            consent,
            since,
            changed,
            suppression: standing.suppression,
            is_stranger: standing.is_stranger,
            history: std::mem::take(&mut line.activities),
            ..NewSubscriber::active(address, DisplayName::default(), "", Vec::new())
        };
        Ok((person, unmatched))
    }

    /// What a line of another service says of somebody.
    fn fate(&self, service: &Service, line: &Line) -> Result<Fate, String> {
        if line.bounced.is_some() {
            return Ok(Fate::Bounced);
        }
        if line.left.0.is_some() {
            return Ok(Fate::Left);
        }
        if let Some(word) = &line.state {
            return service
                .fate(word)
                .ok_or_else(|| format!("{} has no state {word:?} that Tidings knows", service.title));
        }
        if let Some(wants) = &line.wants_mail {
            let wants = matches!(wants.trim().to_lowercase().as_str(), "true" | "1" | "yes");
            return Ok(if wants { Fate::Active } else { Fate::Left });
        }
        if let Some(fate) = self.of_file {
            return Ok(fate);
        }
        let tells_consent = service.columns.iter().any(|(_, role)| *role == Role::Confirmed);
        let has_asked = line.opt_in.asked.is_some() || line.opt_in.confirmed.is_some();
        Ok(if tells_consent && !has_asked { Fate::NeverAsked } else { Fate::Active })
    }

    fn chosen(&self, line: &mut Line, standing: &Standing) -> Result<(Vec<Chosen>, Vec<String>), String> {
        let offer = self.offer;
        let mut unmatched = Vec::new();
        let said: Vec<String> = line.choices.take().map(List::divided).unwrap_or_default();
        let mut chosen: Vec<Chosen> = Vec::new();
        for text in said.iter().filter(|text| is_said(text)) {
            match offer.chosen(text) {
                Some(one) => chosen.push(one),
                None => unmatched.push(text.trim().to_owned()),
            }
        }
        // Whoever left or is pending may have chosen nothing.
        if standing.state == State::Unsubscribed || standing.state == State::Pending && self.service.is_none()
        {
            return Ok((sorted(chosen), unmatched));
        }
        if chosen.is_empty() && !unmatched.is_empty() {
            return Err(format!("nothing of what they chose is on offer: {}", unmatched.join(", ")));
        }
        if !chosen.is_empty() {
            return Ok((sorted(chosen), unmatched));
        }
        let digest = line.digest.take().filter(|name| is_said(name)).or_else(|| offer.default_digest.clone());
        let tags = line.tags.take().map(List::divided).unwrap_or_default();
        for tag in tags.iter().filter(|tag| is_said(tag)) {
            match offer.tags.chosen(tag, digest.as_deref(), offer) {
                Some(one) => chosen.push(one),
                None => unmatched.push(tag.trim().to_owned()),
            }
        }
        let categories = line.categories.take().map(List::divided).unwrap_or_default();
        let names_none = categories.iter().all(|name| !is_said(name));
        if chosen.is_empty() || !names_none {
            let digest = digest.ok_or("no digest is named; add a column `digest`, or say --digest")?;
            chosen.extend(choices(&digest, &categories, offer)?.into_iter().map(|one| (digest.clone(), one)));
        }
        Ok((sorted(chosen), unmatched))
    }
}

/// Of a digest that is chosen as a whole nothing else is kept.
fn sorted(mut chosen: Vec<Chosen>) -> Vec<Chosen> {
    let whole: Vec<String> = chosen
        .iter()
        .filter(|(_, choice)| *choice == Choice::All)
        .map(|(digest, _)| digest.clone())
        .collect();
    chosen.retain(|(digest, choice)| *choice == Choice::All || !whole.contains(digest));
    chosen.sort();
    chosen.dedup();
    chosen
}

/// Of a file of ours.
fn standing_here(line: &Line) -> Result<Standing, String> {
    let word = line.state.as_deref().map_or("", str::trim).to_lowercase();
    let is_stranger = word == STRANGER;
    let state = match word.as_str() {
        "" | "subscribed" => State::Active,
        STRANGER => State::Unsubscribed,
        other => State::from_word(other).ok_or_else(|| {
            format!("there is no state {other:?}; the states are pending, active, unsubscribed, suppressed")
        })?,
    };
    let reason = line.reason.clone().unwrap_or_default();
    let suppression = match line.suppressed.as_deref().map(str::trim).filter(|word| !word.is_empty()) {
        None if is_stranger => Some(Suppression { cause: Cause::Operator, reason }),
        None => None,
        Some(word) => match Cause::from_word(word) {
            Some(Cause::Erased) | None => {
                return Err(format!("{word:?} is no cause; write operator, bounces or complaint"));
            }
            Some(cause) => Some(Suppression { cause, reason }),
        },
    };
    Ok(Standing { state, suppression, is_stranger })
}

/// Of another service. Mail to somebody that came back says nothing of their consent; a complaint takes it back.
fn standing_there(service: &Service, fate: Fate) -> Result<Standing, String> {
    let title = service.title;
    let because = |cause, what: &str| Some(Suppression { cause, reason: format!("{what}, says {title}") });
    let (state, suppression) = match fate {
        Fate::Active => (State::Active, None),
        Fate::Left => (State::Unsubscribed, None),
        Fate::Bounced => (State::Active, because(Cause::Bounces, "mail came back for good")),
        Fate::Complained => (State::Unsubscribed, because(Cause::Complaint, "called a mail unwanted")),
        Fate::Blocked => {
            (State::Unsubscribed, because(Cause::Operator, "blocked by whoever wrote the mails"))
        }
        Fate::Unconfirmed => {
            return Err(format!(
                "never confirmed to {title}, so there is no consent; let them subscribe anew"
            ));
        }
        Fate::NeverAsked => return Err(format!("never asked for mail: a contact of {title} alone")),
    };
    Ok(Standing { state, suppression, is_stranger: false })
}

/// What a service tells of somebody's consent, for the record. Addresses of the internet stand behind `; from` at its end,
/// where pruning finds them.
fn consent(service: &Service, line: &Line) -> String {
    let OptIn { asked, asked_from, confirmed, confirmed_from } = &line.opt_in;
    let told =
        |what: &str, when: &Option<String>| when.as_ref().map(|when| format!("{what} {}", when.trim()));
    let mut parts: Vec<String> = Vec::new();
    parts.extend(told("asked", asked));
    parts.extend(told("confirmed", confirmed));
    if parts.is_empty() {
        parts.extend(told("subscribed", &line.since));
    }
    let is_double = asked.is_some() && confirmed.is_some() && asked != confirmed;
    parts.push(if is_double { "double opt-in".into() } else { "no double opt-in is told".into() });
    if let (Some(when), why) = &line.left {
        let why = why.as_ref().map(|why| format!(": {}", why.trim())).unwrap_or_default();
        parts.push(format!("left {}{why}", when.trim()));
    }
    let mut ips: Vec<&str> = [asked_from, confirmed_from].into_iter().flatten().map(|ip| ip.trim()).collect();
    ips.dedup();
    let from = if ips.is_empty() { String::new() } else { format!("; from {}", ips.join(" and ")) };
    format!("{}: {}{from}", service.title, parts.join(", "))
}

fn moment(text: Option<&String>) -> Result<Option<DateTime<Utc>>, String> {
    text.filter(|text| is_said(text)).map(|text| dates::read(text)).transpose()
}

fn parsed<T: FromStr>(text: Option<&str>, what: &str, hint: &str) -> Result<Option<T>, String> {
    let text = text.filter(|text| is_said(text));
    text.map(|text| text.trim().parse().map_err(|_| format!("{text:?} is no {what}; {hint}"))).transpose()
}

/// The minute of `7`, `07:30` or `7:30`, after midnight.
fn minute(text: &str) -> Result<u16, String> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let number = |text: &str, below: u16| text.parse::<u16>().ok().filter(|number| *number < below);
    let minute = number(hour, 24).zip(number(minute, 60)).map(|(hour, minute)| hour * 60 + minute);
    minute.ok_or_else(|| format!("{text:?} is no time of day; write 07:30"))
}

fn is_said(text: impl AsRef<str>) -> bool {
    !text.as_ref().trim().is_empty()
}
