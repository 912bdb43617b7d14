//! A pipe: one message on standard input, as a mail server hands it over. What comes of it the exit code tells.

use std::io::Read;

use crate::inbound::incoming::MOST;
use crate::inbound::mailbox::Item;

/// Reads all of it, and keeps the beginning: a server whose pipe closes early takes the delivery for failed.
///
/// # Errors
/// The pipe broke.
pub fn read(mut from: impl Read) -> std::io::Result<Item> {
    let mut bytes = Vec::new();
    from.by_ref().take(MOST as u64).read_to_end(&mut bytes)?;
    std::io::copy(&mut from, &mut std::io::sink())?;
    Ok(Item { key: 0, place: "standard input".to_owned(), bytes })
}

#[cfg(test)]
mod tests {
    use super::{MOST, read};

    #[test]
    fn all_is_read_and_the_beginning_is_kept() {
        let text = vec![b'x'; 2 * MOST + 7];
        let mut rest = text.as_slice();
        assert_eq!(read(&mut rest).unwrap().bytes.len(), MOST);
        assert!(rest.is_empty());
    }
}
