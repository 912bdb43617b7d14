//! What a page of the preview is asked for: the query of its address, and addresses that ask for something else.

use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::preview::scheme::Scheme;

/// How a mail is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// As HTML, at the width of a desktop and of a phone.
    #[default]
    Html,
    /// Its plain text.
    Text,
    /// Its headers.
    Headers,
    /// The whole message.
    Source,
}

impl Look {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Html, Self::Text, Self::Headers, Self::Source];

    /// The word in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
            Self::Headers => "headers",
            Self::Source => "source",
        }
    }

    /// The word on the page.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Text => "Text",
            Self::Headers => "Headers",
            Self::Source => "Source",
        }
    }
}

/// What is asked for. Everything may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// The digest's name; the first one's.
    pub digest: Option<String>,
    /// The place of the edition among the digest's, from 1. Articles that change make other editions, so that places are
    /// what stays.
    pub edition: Option<usize>,
    /// The address of a subscriber whose mail is to be shown.
    #[serde(rename = "for")]
    pub reader: Option<String>,
    /// How the mail is shown.
    #[serde(default)]
    pub look: Look,
    /// Light or dark.
    #[serde(default)]
    pub scheme: Scheme,
}

impl Asked {
    /// The subscriber, if any was named.
    #[must_use]
    pub fn reader(&self) -> Option<&str> {
        self.reader.as_deref().map(str::trim).filter(|reader| !reader.is_empty())
    }

    /// The address that asks for this, of the page `path`.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        if let Some(digest) = &self.digest {
            query.append_pair("digest", digest);
        }
        if let Some(edition) = self.edition.filter(|place| *place > 1) {
            query.append_pair("edition", &edition.to_string());
        }
        if let Some(reader) = self.reader() {
            query.append_pair("for", reader);
        }
        if self.look != Look::default() {
            query.append_pair("look", self.look.word());
        }
        if self.scheme != Scheme::default() {
            query.append_pair("scheme", self.scheme.word());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Look};
    use crate::preview::scheme::Scheme;

    #[test]
    fn an_address_holds_what_is_not_usual() {
        assert_eq!(Asked::default().address("/"), "/");
        let asked = Asked {
            digest: Some("weekly".to_owned()),
            edition: Some(2),
            reader: Some(" a+b@example.org ".to_owned()),
            look: Look::Text,
            scheme: Scheme::Dark,
        };
        let expected = "/?digest=weekly&edition=2&for=a%2Bb%40example.org&look=text&scheme=dark";
        assert_eq!(asked.address("/"), expected);
    }
}
