//! Tags, labels and lists of other services, and the categories that they stand for.

use std::collections::BTreeMap;

use crate::subscribers::import::offer::{Offer, find};
use crate::subscribers::subscription::{Choice, Chosen};

/// What tags stand for, as the operator says; others match by their names.
#[derive(Clone, Debug, Default)]
pub struct Tags {
    said: BTreeMap<String, Chosen>,
}

impl Tags {
    /// Reads `tag=category`, `tag=digest:category` and `tag=digest:*`, for what is on offer.
    ///
    /// # Errors
    /// What is not of that form, or not on offer, in words for people.
    pub fn read(said: &[String], offer: &Offer) -> Result<Self, String> {
        let mut tags = Self::default();
        for text in said {
            let (tag, target) = text.rsplit_once('=').ok_or_else(|| {
                format!("{text:?} maps nothing; write \"tag=category\" or \"tag=digest:category\"")
            })?;
            let default = offer.default_digest.as_deref().unwrap_or_default();
            let full = if target.contains(':') {
                target.trim().to_owned()
            } else {
                format!("{default}:{}", target.trim())
            };
            let Some(chosen) = offer.chosen(&full) else {
                let known: Vec<String> = offer
                    .digests
                    .iter()
                    .flat_map(|(digest, slugs)| slugs.iter().map(move |slug| format!("{digest}:{slug}")))
                    .collect();
                return Err(format!("there is no {full:?} to map {tag:?} to; there is {}", known.join(", ")));
            };
            tags.said.insert(key(tag), chosen);
        }
        Ok(tags)
    }

    /// What a tag stands for: what was said, a category of the digest with its name, or a digest with its name.
    #[must_use]
    pub fn chosen(&self, tag: &str, digest: Option<&str>, offer: &Offer) -> Option<Chosen> {
        if let Some(said) = self.said.get(&key(tag)) {
            return Some(said.clone());
        }
        let of_digest = digest.and_then(|name| Some((name.to_owned(), find(offer.categories(name)?, tag)?)));
        of_digest.filter(|_| tag.trim() != "*").or_else(|| {
            let named = offer.digests.iter().find(|(name, _)| key(name) == key(tag));
            named.map(|(name, _)| (name.clone(), Choice::All))
        })
    }
}

/// Services keep the case that people type.
fn key(tag: &str) -> String {
    tag.trim().to_lowercase()
}

/// Tags of one cell: `a, b`, `"a","b"` (Mailchimp) or `["a", "b"]`. A comma that a backslash is before divides nothing.
#[must_use]
pub fn divide(cell: &str) -> Vec<String> {
    let cell = cell.trim();
    if let Some(list) =
        cell.starts_with('[').then(|| serde_json::from_str::<Vec<String>>(cell).ok()).flatten()
    {
        return list;
    }
    let (mut tags, mut tag) = (Vec::new(), String::new());
    let (mut is_quoted, mut characters) = (false, cell.chars().peekable());
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek().is_some_and(|next| matches!(next, ',' | '\\')) => {
                tag.extend(characters.next());
            }
            '"' if is_quoted => is_quoted = false,
            '"' if tag.trim().is_empty() => is_quoted = true,
            ',' | ';' if !is_quoted => tags.push(std::mem::take(&mut tag)),
            other => tag.push(other),
        }
    }
    tags.push(tag);
    tags.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_divided_into_tags_however_a_service_writes_them() {
        let table = [
            ("", vec![]),
            ("heart", vec!["heart"]),
            ("heart, sleep ;bones", vec!["heart", "sleep", "bones"]),
            ("\"heart\",\"sleep, well\"", vec!["heart", "sleep, well"]),
            ("INDIE\\, EGYPT,b", vec!["INDIE, EGYPT", "b"]),
            ("[\"a\", \"b;c\"]", vec!["a", "b;c"]),
            ("5\" screens", vec!["5\" screens"]),
        ];
        for (cell, tags) in table {
            assert_eq!(divide(cell), tags, "{cell:?}");
        }
    }
}
