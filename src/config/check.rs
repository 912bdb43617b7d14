//! What single sections can't know: whether the configuration makes sense as a whole.

use crate::catalog::dialect::generator::Dialect;
use crate::catalog::permalink;
use crate::catalog::settings::CATEGORY_PAGE_PLACES;
use crate::catalog::slug::Slug;
use crate::config::Config;
use crate::config::fault::Fault;
use crate::config::faults::Faults;
use crate::config::layers::Layers;
use crate::config::{check_dkim, check_feeds, check_ingest, check_sources, check_web, store};
use crate::delivery::settings::Kind;
use crate::digest::letterhead;
use crate::digest::settings::Settings as Digest;
use crate::schedule::timetable::Timetable;

/// Three days, in seconds: over a weekend somebody can still confirm what they asked for.
const SHORTEST_REQUESTS: u64 = 3 * 24 * 60 * 60;

/// Everything that is wrong.
#[must_use]
pub fn check(config: &Config, layers: &Layers<'_>) -> Vec<Fault> {
    let mut faults = Faults::new(layers);
    check_site(config, &mut faults);
    check_sources::check(config, &mut faults);
    check_feeds::check(config, &mut faults);
    check_mail(config, &mut faults);
    check_dkim::check(config, &mut faults);
    check_ingest::check(config, &mut faults);
    check_web::check(config, &mut faults);
    store::check(&config.store, &mut faults);
    for (index, digest) in config.digests.iter().enumerate() {
        check_digest(config, index, digest, &mut faults);
    }
    if let Some(list) = config.subscribers.as_ref().filter(|list| !list.is_file()) {
        let message = format!("there is no file {}", list.display());
        faults.add(
            &["subscribers", "file"],
            message,
            "it lists subscribers; leave [subscribers] out without one",
        );
    }
    if config.retention.requests.is_some_and(|limit| limit.as_secs() < SHORTEST_REQUESTS) {
        faults.add(
            &["retention", "requests"],
            "retention.requests is below three days",
            "people get a letter a day at most, and need time to confirm",
        );
    }
    if config.delivery.transport == Kind::Smtp && config.smtp.host.is_empty() {
        faults.add(
            &["delivery", "transport"],
            "the transport is smtp, and [smtp] names no host",
            "add host = \"…\" to [smtp]",
        );
    }
    faults.sorted()
}

fn check_site(config: &Config, faults: &mut Faults<'_>) {
    let site = &config.catalog.site;
    if !matches!(site.url.scheme(), "http" | "https") || site.url.host_str().is_none() {
        faults.add(
            &["site", "url"],
            format!("{} is no web address", site.url),
            "write url = \"https://example.org\"",
        );
    }
    let is_domain = |text: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        !text.is_empty() && text.chars().all(is_plain)
    };
    if let Some(domain) = site.id_domain.as_ref().filter(|domain| !is_domain(domain)) {
        let message = format!("site.id_domain {domain:?} is no domain");
        faults.add(&["site", "id_domain"], message, "write id_domain = \"old.example.org\"");
    }
    for (key, text) in [("title", &site.title), ("author", &site.author), ("language", &site.language)] {
        if text.trim().is_empty() {
            faults.add(&["site", key], format!("site.{key} is empty"), "feeds and mails need it");
        }
    }
    if !site.language.trim().is_empty() && !is_language(&site.language) {
        let message = format!("site.language {:?} is no language tag", site.language);
        faults.add(&["site", "language"], message, "write en, en-GB or pt-BR (BCP 47)");
    }
    let sources = &config.catalog.sources;
    let parts = ["{slug}", "{path}", "{name}", "{title}"];
    // The generator's words for it: `pretty`, or :title.
    let dialect = sources.dialect.unwrap_or(Dialect::Jekyll);
    let names_one = |text: &str| {
        let ours = permalink::pattern(text, dialect);
        parts.iter().any(|part| ours.contains(part))
    };
    if let Some(permalink) = sources.permalink.as_ref().filter(|text| !names_one(text)) {
        let message = format!("catalog.permalink {permalink:?} gives all articles of a category one address");
        faults.add(&["catalog", "permalink"], message, "put {slug} into it");
    }
    if !sources.category_page.contains("{category}") {
        faults.add(
            &["catalog", "category_page"],
            "catalog.category_page names no category",
            "put {category} into it",
        );
    }
    let permalink = sources.permalink.as_deref().map(|text| permalink::pattern(text, dialect));
    for (key, pattern, known) in [
        ("permalink", permalink.as_deref().unwrap_or_default(), &permalink::TOKENS[..]),
        ("category_page", &sources.category_page, &CATEGORY_PAGE_PLACES[..]),
    ] {
        for place in
            places(pattern).filter(|place| !known.contains(&place.split('[').next().unwrap_or(place)))
        {
            let message = format!("catalog.{key} holds {{{place}}}, which stands for nothing");
            faults.add(&["catalog", key], message, format!("in braces: {}", known.join(", ")));
        }
    }
    if sources.summary_length < 20 {
        faults.add(&["catalog", "summary_length"], "catalog.summary_length is below 20", "280 is usual");
    }
    for name in config.catalog.categories.keys() {
        if Slug::from_name(name).is_none_or(|slug| slug.as_str() != name) {
            let message = format!("[category.{name}] is not named after a slug");
            faults.add(
                &["category", name],
                message,
                "write the category's slug: lower case, hyphens for spaces",
            );
        }
    }
}

/// The names in braces, and what follows a brace that nothing closes.
fn places(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.match_indices('{').map(|(start, _)| {
        let end = pattern[start..].find('}').map_or(pattern.len(), |length| start + length);
        &pattern[start + 1..end]
    })
}

/// The shape of a language tag (RFC 5646, 2.1): a language of 2 to 8 letters, then subtags of 1 to 8 letters and digits.
fn is_language(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default();
    let is_first =
        (2..=8).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_first || language == "x" && tag.len() > 2)
        && subtags.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

fn check_mail(config: &Config, faults: &mut Faults<'_>) {
    let Some(mail) = &config.mail else {
        if !config.digests.is_empty() {
            faults.add(
                &["digest"],
                "there is a digest, and no [mail]",
                "add [mail] with from and postal_address",
            );
        }
        return;
    };
    if let Err(message) = letterhead::sender(&mail.from) {
        faults.add(&["mail", "from"], message, "it is what readers see as the sender");
    }
    for (key, url) in [("unsubscribe_url", &mail.unsubscribe_url), ("preferences_url", &mail.preferences_url)]
    {
        let Some(url) = url else { continue };
        if !check_web::is_safe(url) {
            faults.add(
                &["mail", key],
                format!("mail.{key} is not an https address"),
                "mail clients follow no other",
            );
        }
        if !url.contains("{token}") {
            faults.add(
                &["mail", key],
                format!("mail.{key} names no {{token}}"),
                "put {token} where the token goes",
            );
        }
    }
    if mail.postal_address.trim().is_empty() {
        faults.add(
            &["mail", "postal_address"],
            "mail.postal_address is empty",
            "bulk mail without one is unlawful in many countries",
        );
    }
}

fn check_digest(config: &Config, index: usize, digest: &Digest, faults: &mut Faults<'_>) {
    let index_text = index.to_string();
    let path = |key| ["digest", index_text.as_str(), key];
    let name = &digest.name;
    if name.is_empty()
        || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    {
        let message =
            format!("the digest's name {name:?} holds more than lower-case letters, digits and hyphens");
        faults.add(&path("name"), message, "it goes into headers and commands; the title is for people");
    }
    if config.digests[..index].iter().any(|other| other.name == *name) {
        faults.add(&path("name"), format!("two digests are named {name:?}"), "give one another name");
    }
    let zone = digest.time_zone.unwrap_or(config.catalog.site.time_zone);
    if let Err(error) = Timetable::parse(&digest.cron, zone) {
        let message = format!("cron {:?} can't be read: {error}", digest.cron);
        faults.add(
            &path("cron"),
            message,
            "five fields: minute hour day month weekday, as in \"0 7 * * MON\"",
        );
    }
    if digest.most == 0 || digest.fewest > digest.most {
        faults.add(&path("most"), "most is below fewest", "most = 20 and fewest = 1 are usual");
    }
    for category in &digest.categories {
        if Slug::from_name(category).is_none_or(|slug| slug.as_str() != category) {
            faults.add(&path("categories"), format!("{category:?} is no slug"), "write the category's slug");
        }
    }
}
