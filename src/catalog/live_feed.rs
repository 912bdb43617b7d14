//! A live feed, as its readers know it: the ids, addresses and titles of its entries. Beside the source of feeds the only
//! place that knows the library that reads RSS, Atom and JSON Feed.

use feed_rs::model::Feed;
use feed_rs::parser::Builder;
use url::Url;

/// One entry of a feed that somebody else's program wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEntry {
    /// The guid or id, to the letter: readers compare it so.
    pub id: String,
    /// The page.
    pub link: Option<Url>,
    /// Plain text.
    pub title: Option<String>,
}

/// Reads RSS 0.9 to 2.0, Atom or JSON Feed. Entries without an id of their own are left out, for readers know them by
/// something else.
///
/// # Errors
/// What the parser says of bytes that are no feed.
pub fn read(bytes: &[u8]) -> Result<Vec<LiveEntry>, String> {
    let feed = parse(bytes)?;
    let entries = feed.entries.into_iter().filter(|entry| !entry.id.is_empty());
    Ok(entries
        .map(|entry| {
            let page =
                entry.links.iter().find(|link| matches!(link.rel.as_deref(), None | Some("alternate")));
            let link = page.or_else(|| entry.links.first()).and_then(|link| Url::parse(&link.href).ok());
            LiveEntry { id: entry.id, link, title: entry.title.map(|title| title.content) }
        })
        .collect())
}

/// The whole feed, as it was written: the library would clean content, and make up an id where there is none.
///
/// # Errors
/// What the parser says of bytes that are no feed.
pub fn parse(bytes: &[u8]) -> Result<Feed, String> {
    let parser = Builder::new().sanitize_content(false).id_generator(|_, _, _| String::new()).build();
    parser.parse(bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn ids_are_read_to_the_letter_and_never_made_up() {
        let rss = b"<rss version='2.0'><channel><title>T</title><link>https://e.org/</link>
            <item><title>A &amp; B</title><link>https://e.org/a</link><guid isPermaLink='false'>7 at https://e.org</guid></item>
            <item><title>No id</title><link>https://e.org/b</link></item></channel></rss>";
        let entries = read(rss).unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(
            (entries[0].id.as_str(), entries[0].title.as_deref()),
            ("7 at https://e.org", Some("A & B"))
        );
        let json = br#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"x","url":"https://e.org/x"}]}"#;
        assert_eq!(read(json).unwrap()[0].link.as_ref().unwrap().path(), "/x");
        assert!(read(b"no feed").is_err());
    }
}
