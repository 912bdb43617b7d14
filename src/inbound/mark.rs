//! Marks: what tells that a message was dealt with already, however often it is read. Knows nothing of where they are kept.

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;

/// The mark of one message for one reader: SHA-256 over the message and whom it is about, as hexadecimal digits. So a
/// crash between recording and moving the message repeats nothing.
#[must_use]
pub fn mark(message: &[u8], about: &str) -> String {
    let mut context = Context::new(&SHA256);
    // The length keeps apart what belongs to the message and what to the name.
    context.update(&(message.len() as u64).to_be_bytes());
    context.update(message);
    context.update(about.as_bytes());
    HEXLOWER.encode(context.finish().as_ref())
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn a_mark_is_of_one_message_and_one_reader() {
        assert_eq!(mark(b"message", "7"), mark(b"message", "7"));
        assert_eq!(mark(b"message", "7").len(), 64);
        assert_ne!(mark(b"message", "7"), mark(b"message", "8"));
        assert_ne!(mark(b"message7", ""), mark(b"message", "7"));
    }
}
