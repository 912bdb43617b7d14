//! Marks: what tells that a message was dealt with already, however often it is read. Knows nothing of where they are kept.

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;

/// Fields that mail programs write into what lies in a mailbox, in small letters.
const NOTES: [&[u8]; 8] = [
    b"status:",
    b"x-status:",
    b"x-keywords:",
    b"x-uid:",
    b"x-imap:",
    b"x-imapbase:",
    b"content-length:",
    b"lines:",
];

/// The mark of one message for one reader: SHA-256 over the message and whom it is about, as hexadecimal digits. So a
/// crash between recording and moving the message repeats nothing. The ends of lines, empty lines at the end, and what
/// mail programs note in the header don't count: they differ by where the message lies, and when.
#[must_use]
pub fn mark(message: &[u8], about: &str) -> String {
    let mut context = Context::new(&SHA256);
    let mut is_header = true;
    for line in message.trim_ascii_end().split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        is_header &= !line.is_empty();
        if !(is_header && is_note(line)) {
            context.update(line);
            context.update(b"\n");
        }
    }
    // No line holds the end of one, so this can't be read as a part of the message.
    context.update(b"\n\n");
    context.update(about.as_bytes());
    HEXLOWER.encode(context.finish().as_ref())
}

fn is_note(line: &[u8]) -> bool {
    NOTES.iter().any(|name| line.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)))
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
        assert_ne!(mark(b"a\nb", "7"), mark(b"ab", "7"));
    }

    #[test]
    fn where_a_message_lies_changes_nothing() {
        let one = mark(b"Subject: x\n\nStatus: 5.1.1\n", "7");
        assert_eq!(mark(b"Subject: x\r\n\r\nStatus: 5.1.1\r\n\r\n", "7"), one);
        assert_eq!(mark(b"Subject: x\nSTATUS: RO\nX-UID: 7\n\nStatus: 5.1.1", "7"), one);
        assert_ne!(mark(b"Subject: x\n\nStatus: 5.1.2\n", "7"), one);
    }
}
