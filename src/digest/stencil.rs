//! The stencil: a whole message, encoded, with marks where what differs per recipient is stamped in. It is frozen with
//! the issue, so that a later program with other ways to encode sends the same bytes.
//!
//! A mark is a word between two bytes 0x01, which no encoded message holds. In a body, a mark begins a line of
//! quoted-printable and may be followed by anything (`mail::quoted`).

use std::ops::Range;

use crate::digest::slots::Slot;

/// What begins and ends a mark.
const EDGE: char = '\u{1}';

/// What is stamped in, and how it is encoded there. The words are kept in stores: they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The line with the recipient.
    To,
    /// The line with the subject, where it holds a slot.
    Subject,
    /// The name of the delivery: ASCII.
    Delivery,
    /// The issue's number.
    Issue,
    /// The lines that say how to unsubscribe.
    Unsubscribe,
    /// A slot in the plain text.
    Text(Slot),
    /// A slot in the HTML.
    Html(Slot),
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 13] = [
        Self::To,
        Self::Subject,
        Self::Delivery,
        Self::Issue,
        Self::Unsubscribe,
        Self::Text(Slot::Name),
        Self::Text(Slot::Address),
        Self::Text(Slot::Unsubscribe),
        Self::Text(Slot::Preferences),
        Self::Html(Slot::Name),
        Self::Html(Slot::Address),
        Self::Html(Slot::Unsubscribe),
        Self::Html(Slot::Preferences),
    ];

    fn word(self) -> String {
        match self {
            Self::To => "to".to_owned(),
            Self::Subject => "subject".to_owned(),
            Self::Delivery => "delivery".to_owned(),
            Self::Issue => "issue".to_owned(),
            Self::Unsubscribe => "list-unsubscribe".to_owned(),
            Self::Text(slot) => format!("text-{}", slot.word()),
            Self::Html(slot) => format!("html-{}", slot.word()),
        }
    }

    /// The mark as it stands in a message.
    #[must_use]
    pub fn written(self) -> String {
        format!("{EDGE}{}{EDGE}", self.word())
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|mark| *mark == self).unwrap_or_default()
    }
}

/// A message that was taken apart at its marks, ready to be stamped a million times.
#[derive(Clone, Debug)]
pub struct Stencil {
    source: String,
    /// What stays, and the mark behind it; the last has none.
    pieces: Vec<(Range<usize>, Option<Mark>)>,
    /// Which marks there are.
    uses: [bool; Mark::ALL.len()],
}

impl Stencil {
    /// Takes a message apart; none if it holds a mark that nobody knows.
    #[must_use]
    pub fn parse(source: String) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut uses = [false; Mark::ALL.len()];
        let mut from = 0;
        while let Some(begin) = source[from..].find(EDGE).map(|at| from + at) {
            let end = begin + 1 + source[begin + 1..].find(EDGE)?;
            let word = &source[begin + 1..end];
            let mark = Mark::ALL.into_iter().find(|mark| mark.word() == word)?;
            uses[mark.index()] = true;
            pieces.push((from..begin, Some(mark)));
            from = end + 1;
        }
        pieces.push((from..source.len(), None));
        Some(Self { source, pieces, uses })
    }

    /// The message of a recipient: `value` says what each mark stands for, encoded, and is asked once for each that
    /// there is.
    ///
    /// # Errors
    /// What `value` fails with.
    pub fn stamp<E>(&self, mut value: impl FnMut(Mark) -> Result<String, E>) -> Result<Vec<u8>, E> {
        let mut values: [String; Mark::ALL.len()] = std::array::from_fn(|_| String::new());
        let mut length = self.source.len();
        for mark in Mark::ALL {
            if self.uses[mark.index()] {
                values[mark.index()] = value(mark)?;
            }
        }
        for (_, mark) in &self.pieces {
            length += mark.map_or(0, |mark| values[mark.index()].len());
        }
        let mut message = Vec::with_capacity(length);
        for (piece, mark) in &self.pieces {
            message.extend_from_slice(self.source[piece.clone()].as_bytes());
            if let Some(mark) = mark {
                message.extend_from_slice(values[mark.index()].as_bytes());
            }
        }
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::{Mark, Stencil};
    use crate::digest::slots::Slot;

    #[test]
    fn a_stencil_is_stamped_at_its_marks() {
        let source = format!("{}x\r\n{}", Mark::To.written(), Mark::Html(Slot::Name).written());
        let stencil = Stencil::parse(source).unwrap();
        let stamped = stencil.stamp(|mark| Ok::<_, Infallible>(format!("[{}]", mark.word())));
        assert_eq!(stamped.unwrap(), b"[to]x\r\n[html-name]");
    }

    #[test]
    fn the_words_that_stores_hold_are_what_they_were() {
        let words = "to subject delivery issue list-unsubscribe text-name text-address text-unsubscribe text-preferences \
                     html-name html-address html-unsubscribe html-preferences";
        assert_eq!(Mark::ALL.map(Mark::word).join(" "), words);
    }

    #[test]
    fn a_stencil_with_a_mark_of_another_version_is_none() {
        assert!(Stencil::parse("\u{1}nobody\u{1}".to_owned()).is_none());
        assert!(Stencil::parse("\u{1}to".to_owned()).is_none());
    }
}
