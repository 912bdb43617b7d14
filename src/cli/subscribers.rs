//! `tidings subscribers`: add, list, show, remove, erase, suppress, unsuppress.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::catalog::survey::Survey;
use crate::cli::args::Arguments;
use crate::cli::args_mail::{Add, List, Subscribers as Command};
use crate::cli::args_moving::Erase;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns};
use crate::cli::wire::{self, Site};
use crate::cli::{subscribers_export, subscribers_import};
use crate::jobs::gather::{Reach, gather};
use crate::jobs::subscribe;
use crate::jobs::take_stock::take_stock;
use crate::mail::address::Address;
use crate::mail::name::DisplayName;
use crate::store::subscribers::{Chapter, Departure, Filter};
use crate::subscribers::activity::Activity;
use crate::subscribers::import::offer::{self, Offer};
use crate::subscribers::subscriber::{Added, NewSubscriber, State, Subscriber};
use crate::subscribers::subscription::Progress;
use crate::subscribers::suppression::{Cause, Suppression};
use crate::subscribers::token::{Purpose, Subject};

/// Subscribers that are read at a time.
const PAGE: u32 = 1_000;

/// Where what is done here comes from, for the record.
const SOURCE: &str = "command line";

/// Runs the command.
///
/// # Errors
/// A faulty configuration, an address or digest that is none, a store that can't be read or written.
pub async fn run(command: &Command, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let exit = match command {
        Command::Add(command) => add(command, &site, output).await,
        Command::Import(command) => subscribers_import::run(command, &site, output).await,
        Command::Export(command) => subscribers_export::run(command, &site, output).await,
        Command::Erase(command) => erase(command, &site, output).await,
        Command::List(command) => list(command, &site, output).await,
        Command::Show { address } => show(address, &site, output).await,
        Command::Remove(command) => remove(&command.addresses, command.token.as_deref(), &site, output).await,
        Command::Suppress { address, why } => suppress(address, why, &site, output).await,
        Command::Unsuppress { address, why } => unsuppress(address, why, &site, output).await,
    };
    site.store.close().await;
    exit
}

async fn add(command: &Add, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let address = address(&command.address)?;
    let offer = offer(site, command.digest.as_deref()).await?;
    let Some(digest) = offer.default_digest.clone() else {
        return Err(no_digest(&offer));
    };
    let choices = offer::choices(&digest, &command.categories, &offer)
        .map_err(|message| Failure::usage(message, "`tidings subscribers add --help` shows how to choose"))?;
    let person = NewSubscriber {
        pseudonym: site.signer.pseudonym(&address),
        language: command.language.clone(),
        source: SOURCE.to_owned(),
        ..NewSubscriber::active(address, DisplayName::new(&command.name), &digest, choices)
    };
    if command.again {
        site.store.come_back(&person.address, SOURCE, site.clock.now()).await?;
    }
    let added = site.store.add_subscribers(std::slice::from_ref(&person), site.clock.now()).await?;
    let (text, exit) = match added.first() {
        Some(Added::New) => ("is subscribed", Exit::Fine),
        Some(Added::Changed) => ("was subscribed already; the new choices were added", Exit::Fine),
        Some(Added::Left) => {
            ("unsubscribed, and was not added; with --again, if they asked to come back", Exit::Problems)
        }
        Some(Added::Suppressed) => {
            ("is suppressed, and was not added; `subscribers show` says why", Exit::Problems)
        }
        Some(Added::Erased) => {
            ("was erased, and was not added; they can subscribe themselves, or `unsuppress`", Exit::Problems)
        }
        Some(Added::Same) | None => ("was subscribed already", Exit::Fine),
    };
    output.result(&serde_json::json!({ "address": person.address, "result": added.first() }), || {
        format!("{} {text}\n", person.address)
    });
    Ok(exit)
}

async fn list(command: &List, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let filter = filter(command.digest.as_deref(), command.state.as_deref(), site)?;
    let mut after: Option<String> = None;
    let mut table = output.table(&["ADDRESS", "NAME", "STATE", "SUBSCRIPTIONS"]);
    loop {
        let page = site.store.list_subscribers(&filter, after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.address.key());
        table.add(&page, row);
    }
    table.end();
    Ok(Exit::Fine)
}

/// Whom the arguments ask for.
pub(super) fn filter(digest: Option<&str>, state: Option<&str>, site: &Site) -> Result<Filter, Failure> {
    let suppressed = state == Some("suppressed");
    let state = match state.filter(|_| !suppressed) {
        None => None,
        Some(word) => Some(State::from_word(word).ok_or_else(|| {
            Failure::usage(
                format!("there is no state {word:?}"),
                "the states are pending, active, unsubscribed, suppressed",
            )
        })?),
    };
    if let Some(name) = digest {
        wire::chosen(&site.config, &[name.to_owned()])?;
    }
    Ok(Filter { digest: digest.map(str::to_owned), state, suppressed })
}

fn row(subscriber: &Subscriber) -> Vec<String> {
    let state = if subscriber.suppressed.is_some() { "suppressed" } else { subscriber.state.as_str() };
    vec![
        subscriber.address.to_string(),
        subscriber.name.as_str().to_owned(),
        state.to_owned(),
        choices(subscriber),
    ]
}

fn choices(subscriber: &Subscriber) -> String {
    let chosen = subscriber.subscriptions.iter().map(|chosen| format!("{}:{}", chosen.digest, chosen.choice));
    chosen.collect::<Vec<_>>().join(" ")
}

#[derive(Serialize)]
struct Story {
    #[serde(flatten)]
    subscriber: Subscriber,
    activities: Vec<Activity>,
    deliveries: Vec<Chapter>,
}

async fn show(text: &str, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let Some(subscriber) = site.store.subscriber(&address(text)?).await? else {
        return Err(Failure::usage(
            format!("nobody with the address {text} is known"),
            "`tidings subscribers list` shows who is",
        ));
    };
    let deliveries = site.store.story(subscriber.id).await?;
    let activities = site.store.activities(&subscriber.address).await?;
    let story = Story { subscriber, activities, deliveries };
    output.result(&story, || tell(&story));
    Ok(Exit::Fine)
}

fn tell(story: &Story) -> String {
    let person = &story.subscriber;
    let mut rows: Vec<Vec<String>> = [
        ("Address", person.address.to_string()),
        ("Name", person.name.as_str().to_owned()),
        ("State", format!("{} since {}", person.state.as_str(), minute(person.changed))),
        ("Suppressed", person.suppressed.as_ref().map_or_else(|| "no".to_owned(), |why| why.reason.clone())),
        ("Added", minute(person.added)),
    ]
    .map(|(name, text)| vec![name.to_owned(), text])
    .to_vec();
    for chosen in &person.subscriptions {
        let progress = match chosen.progress {
            Progress::Fresh(_) => "no issue yet".to_owned(),
            Progress::Begun(number) => format!("begun after article {number}, nothing served yet"),
            Progress::Served(number) => format!("served up to article {number}"),
        };
        rows.push(vec!["Chose".to_owned(), format!("{} of {}, {progress}", chosen.choice, chosen.digest)]);
    }
    if let Some(zone) = person.time_zone {
        rows.push(vec!["Time zone".to_owned(), zone.name().to_owned()]);
    }
    if let Some(at) = person.minute {
        rows.push(vec!["Wants mail at".to_owned(), format!("{:02}:{:02}", at / 60, at % 60)]);
    }
    for one in &story.activities {
        let detail = if one.detail.is_empty() { String::new() } else { format!(": {}", one.detail) };
        rows.push(vec![minute(one.at), format!("{} ({}){detail}", one.kind.as_str(), one.source)]);
    }
    for chapter in &story.deliveries {
        let reason = chapter.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let text =
            format!("{} of {}: {}{reason}", chapter.digest, minute(chapter.opened), chapter.state.as_str());
        rows.push(vec![format!("Issue {}", chapter.issue), text]);
    }
    columns(&rows)
}

fn minute(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

async fn remove(
    texts: &[String],
    token: Option<&str>,
    site: &Site,
    output: &Output,
) -> Result<Exit, Failure> {
    if let Some(token) = token {
        return leave(token, site, output).await;
    }
    let mut addresses = texts.iter().map(|text| address(text)).collect::<Result<Vec<_>, _>>()?;
    addresses.sort();
    addresses.dedup();
    let mut unknown = Vec::new();
    for address in &addresses {
        if site.store.subscriber(address).await?.is_none() {
            unknown.push(address.to_string());
        }
    }
    let removed = site.store.unsubscribe(&addresses, SOURCE, site.clock.now()).await?;
    let before = (addresses.len() - unknown.len()) as u64 - removed;
    let findings = serde_json::json!({ "unsubscribed": removed, "before": before, "unknown": unknown });
    output.result(&findings, || {
        let before = if before > 0 { format!(", {before} had left before") } else { String::new() };
        format!("{removed} unsubscribed{before}\n")
    });
    if unknown.is_empty() {
        return Ok(Exit::Fine);
    }
    output.warning(
        &format!("nobody is known with the address {}", unknown.join(", ")),
        "nothing was to be done for them",
    );
    Ok(Exit::Problems)
}

/// Lets whoever has the token leave the digest that it is of.
async fn leave(token: &str, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let none = || Failure::usage("the token is none of ours", "copy it whole, from the subject of the mail");
    let Some(Subject::Unsubscribe { subscriber, digest }) =
        site.signer.read(Purpose::Unsubscribe, token.trim())
    else {
        return Err(none());
    };
    let person = site.store.subscriber_numbered(subscriber).await?.ok_or_else(none)?;
    let departure = site.store.leave(subscriber, Some(&digest), "token", site.clock.now()).await?;
    let findings = serde_json::json!({ "address": person.address, "digest": digest, "left": departure });
    output.result(&findings, || {
        let address = &person.address;
        match departure {
            Departure::Before => format!("{address} had left {digest} before\n"),
            Departure::Digest => format!("{address} left {digest}, and still gets other digests\n"),
            Departure::Everything => format!("{address} left {digest}, and is unsubscribed\n"),
        }
    });
    Ok(Exit::Fine)
}

async fn erase(command: &Erase, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let addresses = command.addresses.iter().map(|text| address(text)).collect::<Result<Vec<_>, _>>()?;
    if !command.yes {
        let people: Vec<&str> = addresses.iter().map(Address::as_str).collect();
        return Err(Failure::usage(
            format!(
                "this forgets {} for good: choices, consent, and what became of each mail",
                people.join(", ")
            ),
            "say it again with --yes",
        ));
    }
    let (mut erased, mut unknown) = (Vec::new(), Vec::new());
    for address in &addresses {
        let pseudonym = site.signer.pseudonym(address);
        let was_known = site.store.erase(address, &pseudonym, site.clock.now()).await?;
        if was_known { erased.push(address) } else { unknown.push(address) }
    }
    let findings = serde_json::json!({ "erased": erased, "unknown": unknown });
    output.result(&findings, || format!("{} erased\n", erased.len()));
    if unknown.is_empty() {
        return Ok(Exit::Fine);
    }
    let unknown: Vec<&str> = unknown.iter().map(|address| address.as_str()).collect();
    output.warning(&format!("nothing is known of {}", unknown.join(", ")), "nothing was to be done for them");
    Ok(Exit::Problems)
}

async fn suppress(text: &str, why: &str, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let address = address(text)?;
    let suppression = Suppression { cause: Cause::Operator, reason: why.to_owned() };
    if !site.store.suppress(&address, &suppression, SOURCE, site.clock.now()).await? {
        return Err(Failure::usage(format!("{address} was suppressed already"), "nothing was to be done"));
    }
    output.result(&address, || format!("{address} will never be mailed\n"));
    Ok(Exit::Fine)
}

async fn unsuppress(text: &str, why: &str, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let address = address(text)?;
    let pseudonym = site.signer.pseudonym(&address);
    if !site.store.unsuppress(&address, &pseudonym, why, SOURCE, site.clock.now()).await? {
        return Err(Failure::usage(format!("{address} was not suppressed"), "nothing was to be done"));
    }
    output.result(&address, || format!("{address} may be mailed again, if it is subscribed\n"));
    Ok(Exit::Fine)
}

fn address(text: &str) -> Result<Address, Failure> {
    text.parse().map_err(|error| {
        Failure::usage(format!("{text:?} is no address: {error}"), "write it as ana@example.org")
    })
}

/// What there is to subscribe to: digests of the configuration, categories of the catalog.
pub(super) async fn offer(site: &Site, asked: Option<&str>) -> Result<Offer, Failure> {
    // What is known of categories will do: nobody wants to wait for the network to add a subscriber.
    let gathered = gather(&site.config.catalog, &site.sources(), Reach::Kept, site.clock.now()).await;
    let stock = take_stock(Survey::of(&gathered.catalog), None, &*site.store, site.clock.now()).await?;
    let offer = subscribe::offer(&site.config.digests, &stock.categories, asked);
    if let Some(name) = asked {
        wire::chosen(&site.config, &[name.to_owned()])?;
    }
    Ok(offer)
}

fn no_digest(offer: &Offer) -> Failure {
    let names: Vec<&str> = offer.digests.iter().map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        return Failure::usage("the configuration has no digest", "add a [[digest]] to it");
    }
    Failure::usage("which digest?", format!("say --digest with one of: {}", names.join(", ")))
}
