//! Adding people: what becomes of each, decided from what is known of them. The same for every store.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::language::tag::Language;
use crate::subscribers::activity::{Activity, Kind, NewActivity};
use crate::subscribers::subscriber::{Added, NewSubscriber, State};
use crate::subscribers::subscription::Chosen;

/// What is known of an address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Known {
    /// The subscriber with it: number, state, name, language, time zone.
    pub subscriber: Option<KnownSubscriber>,
    /// Whether it must never be mailed, by itself or by its pseudonym.
    pub is_suppressed: bool,
    /// Whether it was erased: it is known by its pseudonym.
    pub is_erased: bool,
    /// What they chose.
    pub choices: BTreeSet<Chosen>,
}

/// A subscriber as adding sees them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KnownSubscriber {
    /// Whether they may be mailed.
    pub state: State,
    /// What they are called.
    pub name: String,
    /// Their language.
    pub language: Option<String>,
    /// Their time zone.
    pub time_zone: Option<String>,
    /// The minute after midnight at which they want their mail.
    pub minute: Option<u16>,
}

/// What is to be written, and what became of each.
#[derive(Debug, Default)]
pub struct Adding<'p> {
    /// What became of each person, in their order.
    pub results: Vec<Added>,
    /// Those whose address is new.
    pub new: Vec<&'p NewSubscriber>,
    /// Those whose name, language or time zone changes to what is given.
    pub changed: Vec<&'p NewSubscriber>,
    /// Those who left, as the source says.
    pub left: Vec<&'p NewSubscriber>,
    /// Keys of addresses with what they chose and had not.
    pub choices: Vec<(String, Chosen)>,
    /// Those who must never be mailed, as the source says.
    pub suppressed: Vec<&'p NewSubscriber>,
    /// What goes on record.
    pub activities: Vec<NewActivity>,
}

/// Decides for each of the people what becomes of them. Nobody who left or is suppressed is brought back; whom the
/// source says to have left has left here, too. A person may come several times: each time counts on top of the last.
#[must_use]
pub fn decide(
    people: &[NewSubscriber],
    mut known: BTreeMap<String, Known>,
    now: DateTime<Utc>,
) -> Adding<'_> {
    decide_on(people, &mut known, now)
}

/// As [`decide`]; afterwards `known` is what would be known of each if it were written.
#[must_use]
pub fn decide_on<'p>(
    people: &'p [NewSubscriber],
    known: &mut BTreeMap<String, Known>,
    now: DateTime<Utc>,
) -> Adding<'p> {
    let mut adding = Adding::default();
    for person in people {
        let known = known.entry(person.address.key()).or_default();
        let result = adding.add(person, known, now);
        adding.results.push(result);
    }
    adding
}

impl<'p> Adding<'p> {
    fn add(&mut self, person: &'p NewSubscriber, known: &mut Known, now: DateTime<Utc>) -> Added {
        let is_known = known.subscriber.is_some();
        if known.is_erased {
            return Added::Erased;
        }
        match person.suppression.as_ref() {
            Some(suppression) if !known.is_suppressed => {
                known.is_suppressed = true;
                self.suppressed.push(person);
                if is_known || person.history.is_empty() {
                    self.note(person, Kind::Suppressed, suppression.reason.clone(), now);
                }
                if person.is_stranger {
                    self.remember(person);
                    return if is_known { Added::Changed } else { Added::New };
                }
                // Of somebody who is known, this is news.
                if is_known {
                    self.add_known(person, known, now);
                    return Added::Changed;
                }
            }
            // It says what is known.
            Some(_) if person.is_stranger || is_known => return Added::Same,
            _ if known.is_suppressed => return Added::Suppressed,
            _ => {}
        }
        if is_known {
            return self.add_known(person, known, now);
        }
        self.new.push(person);
        known.subscriber = Some(KnownSubscriber {
            state: person.state,
            name: person.name.as_str().to_owned(),
            language: person.language.as_ref().map(|language| language.as_str().to_owned()),
            time_zone: person.time_zone.map(|zone| zone.name().to_owned()),
            minute: person.minute,
        });
        self.choose(person, known);
        if !person.history.is_empty() {
            self.remember(person);
        } else if person.state == State::Unsubscribed {
            if !person.consent.is_empty() {
                self.note(person, Kind::Added, person.consent.clone(), person.since.unwrap_or(now));
            }
            let left = person.changed.or(person.since).unwrap_or(now);
            self.note(person, Kind::Left, String::new(), left);
        } else {
            self.note(person, Kind::Added, person.consent.clone(), person.since.unwrap_or(now));
        }
        Added::New
    }

    fn add_known(&mut self, person: &'p NewSubscriber, known: &mut Known, now: DateTime<Utc>) -> Added {
        match &mut known.subscriber {
            None => Added::Same,
            Some(subscriber) if subscriber.state == State::Unsubscribed => {
                if person.state == State::Unsubscribed { Added::Same } else { Added::Left }
            }
            Some(subscriber) if person.state == State::Unsubscribed => {
                subscriber.state = State::Unsubscribed;
                self.left.push(person);
                self.note(person, Kind::Left, person.consent.clone(), now);
                Added::Changed
            }
            Some(subscriber) => {
                let is_told_anew = subscriber.is_told_anew(person);
                if is_told_anew {
                    self.changed.push(person);
                }
                let has_more = self.choose(person, known);
                if !is_told_anew && !has_more {
                    return Added::Same;
                }
                self.note(person, Kind::Chose, person.consent.clone(), now);
                Added::Changed
            }
        }
    }

    /// What is on record of somebody where they come from.
    fn remember(&mut self, person: &NewSubscriber) {
        let remembered = person.history.iter().map(|activity| NewActivity {
            address: person.address.clone(),
            activity: activity.clone(),
            mark: None,
        });
        self.activities.extend(remembered);
    }

    /// What is chosen on top of what was; says whether it is anything.
    fn choose(&mut self, person: &NewSubscriber, known: &mut Known) -> bool {
        let before = self.choices.len();
        for chosen in &person.choices {
            if known.choices.insert(chosen.clone()) {
                self.choices.push((person.address.key(), chosen.clone()));
            }
        }
        self.choices.len() > before
    }

    fn note(&mut self, person: &NewSubscriber, kind: Kind, detail: String, at: DateTime<Utc>) {
        let activity = Activity { at, kind, source: person.source.clone(), detail };
        self.activities.push(NewActivity { address: person.address.clone(), activity, mark: None });
    }
}

impl KnownSubscriber {
    /// Takes over what the person says of themselves, and tells whether that is anything new. What they do not say stays.
    fn is_told_anew(&mut self, person: &NewSubscriber) -> bool {
        // The operator answers for the consent of whoever they add.
        let mut anew = self.state == State::Pending && person.state == State::Active;
        if anew {
            self.state = State::Active;
        }
        if !person.name.is_empty() && person.name.as_str() != self.name {
            person.name.as_str().clone_into(&mut self.name);
            anew = true;
        }
        let language = person.language.as_ref().map(Language::as_str);
        if language.is_some() && language != self.language.as_deref() {
            self.language = language.map(str::to_owned);
            anew = true;
        }
        let zone = person.time_zone.map(chrono_tz::Tz::name);
        if zone.is_some() && zone != self.time_zone.as_deref() {
            self.time_zone = zone.map(str::to_owned);
            anew = true;
        }
        if person.minute.is_some() && person.minute != self.minute {
            self.minute = person.minute;
            anew = true;
        }
        anew
    }
}
