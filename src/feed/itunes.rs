//! The elements that directories of podcasts read, in RSS alone
//! (<https://help.apple.com/itc/podcasts_connect/#/itcb54353390>).

use rss::extension::itunes::{ITunesCategory, ITunesChannelExtension, ITunesItemExtension, ITunesOwner};

use crate::feed::model::{Entry, Feed};
use crate::feed::xml;

/// Of a feed that is a podcast.
#[must_use]
pub fn channel(feed: &Feed) -> Option<ITunesChannelExtension> {
    let podcast = feed.podcast.as_ref()?;
    let line = |text: &Option<String>| text.as_deref().and_then(xml::line);
    let (name, email) = (line(&podcast.owner), line(&podcast.email));
    let image = podcast.image.as_ref().or(feed.image.as_ref().map(|image| &image.url));
    Some(ITunesChannelExtension {
        author: line(&podcast.author).or_else(|| xml::line(&feed.author.name)),
        categories: podcast.categories.iter().filter_map(|category| self::category(category)).collect(),
        image: image.map(ToString::to_string),
        // Apple's words: `true` and `false`.
        explicit: Some(podcast.explicit.to_string()),
        owner: (name.is_some() || email.is_some()).then_some(ITunesOwner { name, email }),
        r#type: line(&podcast.kind),
        ..ITunesChannelExtension::default()
    })
}

/// Of an entry that says of itself that it is an episode, or that plays for a known time.
#[must_use]
pub fn item(entry: &Entry) -> Option<ITunesItemExtension> {
    let played = entry.enclosures.iter().find_map(|file| file.seconds);
    if entry.episode.is_none() && played.is_none() {
        return None;
    }
    let episode = entry.episode.clone().unwrap_or_default();
    let text = |number: Option<u64>| number.map(|number| number.to_string());
    Some(ITunesItemExtension {
        image: episode.image.map(|image| image.to_string()),
        duration: text(episode.seconds.or(played)),
        explicit: episode.explicit.map(|explicit| explicit.to_string()),
        episode: text(episode.number),
        season: text(episode.season),
        episode_type: episode.kind.as_deref().and_then(xml::line),
        ..ITunesItemExtension::default()
    })
}

/// `Health & Fitness > Nutrition`: the second part is a category of the first.
fn category(text: &str) -> Option<ITunesCategory> {
    let (outer, inner) = text.split_once('>').unwrap_or((text, ""));
    let inner = xml::line(inner).map(|text| Box::new(ITunesCategory { text, subcategory: None }));
    Some(ITunesCategory { text: xml::line(outer)?, subcategory: inner })
}
