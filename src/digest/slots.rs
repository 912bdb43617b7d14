//! Slots: the places of a rendered edition where what differs per subscriber is stamped in.
//!
//! A template sees a slot as a word of ASCII letters and digits, which survives escaping and inlining. The word
//! holds a secret of the issue, so that no article's text can be taken for one.

use std::borrow::Cow;

/// What is stamped in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The subscriber's name, or what a reader without one is called.
    Name,
    /// The subscriber's address.
    Address,
    /// The address that unsubscribes.
    Unsubscribe,
    /// The page with the subscriber's choices.
    Preferences,
}

/// Every slot.
pub const ALL: [Slot; 4] = [Slot::Name, Slot::Address, Slot::Unsubscribe, Slot::Preferences];

impl Slot {
    /// Its name in a marker.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Address => "address",
            Self::Unsubscribe => "unsubscribe",
            Self::Preferences => "preferences",
        }
    }

    /// How the slot is written in an edition whose issue has this secret.
    #[must_use]
    pub fn marker(self, secret: &str) -> String {
        format!("slot{secret}{}x", self.word())
    }
}

/// Whether every marker that a template printed is still whole: a filter such as `upper` makes one that is never
/// stamped, and every reader would see it. A part of the secret is enough to know a marker again.
#[must_use]
pub fn are_whole(text: &str, secret: &str) -> bool {
    let start = format!("slot{}", secret.get(..4).unwrap_or(secret));
    let begun = text.to_ascii_lowercase().matches(&start).count();
    begun == ALL.iter().map(|slot| text.matches(&slot.marker(secret)).count()).sum::<usize>()
}

/// Whether a text has a place for anything.
#[must_use]
pub fn are_in(text: &str, secret: &str) -> bool {
    ALL.iter().any(|slot| text.contains(&slot.marker(secret)))
}

/// A text taken apart at its markers: what stays, and the slot behind it; the last has none.
#[must_use]
pub fn pieces<'t>(text: &'t str, secret: &str) -> Vec<(&'t str, Option<Slot>)> {
    let markers = ALL.map(|slot| (slot, slot.marker(secret)));
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let found =
            markers.iter().filter_map(|(slot, marker)| Some((rest.find(marker.as_str())?, *slot, marker)));
        let Some((at, slot, marker)) = found.min_by_key(|(at, ..)| *at) else {
            pieces.push((rest, None));
            return pieces;
        };
        pieces.push((&rest[..at], Some(slot)));
        rest = &rest[at + marker.len()..];
    }
}

/// Puts the values into a rendered text.
#[must_use]
pub fn stamp<'v>(text: &str, secret: &str, value: impl Fn(Slot) -> Cow<'v, str>) -> String {
    let mut stamped = text.to_owned();
    for slot in ALL {
        let marker = slot.marker(secret);
        if stamped.contains(&marker) {
            stamped = stamped.replace(&marker, &value(slot));
        }
    }
    stamped
}

#[cfg(test)]
mod tests {
    use super::{Slot, are_whole};

    #[test]
    fn a_marker_that_a_filter_changed_or_cut_is_not_whole() {
        let secret = "0123456789abcdef";
        let marker = Slot::Name.marker(secret);
        assert!(are_whole(&format!("Dear {marker}, {marker}!"), secret));
        assert!(are_whole("slot machines", secret));
        for changed in [marker.to_uppercase(), marker[..12].to_owned(), marker.replace("name", "n-me")] {
            assert!(!are_whole(&format!("{marker} {changed}"), secret), "{changed}");
        }
    }
}
