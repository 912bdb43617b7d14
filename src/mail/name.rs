//! Names of people and lists, clean enough for a header.

use serde::{Deserialize, Serialize};

/// Longest name that is kept, in characters: more is an attack or a mistake.
const LONGEST: usize = 100;

/// A display name: one line, no control characters, no characters that turn the direction of text around.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// Cleans a name; what is left may be empty.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let kept: String =
            text.chars().map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c }).collect();
        let kept: String = kept.chars().filter(|c| !turns_direction(*c)).collect();
        let line = kept.split_whitespace().collect::<Vec<_>>().join(" ");
        Self(line.chars().take(LONGEST).collect())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for DisplayName {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

/// Explicit bidirectional controls (Unicode TR 9, 2.1 to 2.5): in a name they only serve to deceive.
fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::DisplayName;

    #[test]
    fn names_become_one_clean_line() {
        assert_eq!(DisplayName::new(" Zoë\r\nBcc: x  \u{202E}Adé ").as_str(), "Zoë Bcc: x Adé");
        assert_eq!(DisplayName::new(&"x".repeat(300)).as_str().len(), 100);
    }
}
