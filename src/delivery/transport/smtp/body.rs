//! A message as DATA wants it: dots doubled, ended by the final dot (RFC 5321 section 4.5.2). Knows nothing of
//! servers.

/// The message ready to be written, final dot included.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Body {
    text: String,
}

impl Body {
    /// Prepares a message whose lines end in CRLF.
    ///
    /// # Errors
    /// What is wrong with the message. A lone CR or LF is refused, not mended: mending would break a DKIM
    /// signature, and sending it would let text in a message pass for SMTP on a lenient server.
    pub(super) fn new(message: &[u8]) -> Result<Self, &'static str> {
        let message = std::str::from_utf8(message).map_err(|_| "is not UTF-8")?;
        if message.contains('\0') {
            return Err("holds a NUL");
        }
        // A dot in fifty lines would be many; the rest is the end.
        let mut text = String::with_capacity(message.len() + message.len() / 1024 + 16);
        for line in message.split_inclusive("\r\n") {
            let content = line.strip_suffix("\r\n").unwrap_or(line);
            if content.contains(['\r', '\n']) {
                return Err("has a line end that isn't CRLF");
            }
            if content.starts_with('.') {
                text.push('.');
            }
            text.push_str(content);
            text.push_str("\r\n");
        }
        text.push_str(".\r\n");
        Ok(Self { text })
    }

    /// Everything, for one write: body and dot apart cost 40 ms where Nagle meets a delayed ACK.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it needs a server that takes more than 7-bit text: an address of other letters is in its header.
    pub(super) fn is_ascii(&self) -> bool {
        self.text.is_ascii()
    }

    /// How many bytes come before the final dot.
    pub(super) fn dot_at(&self) -> usize {
        self.text.len() - ".\r\n".len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_dots_are_doubled_and_a_missing_end_is_added() {
        let body = Body::new(b".\r\n..a\r\nb.\r\n.c").expect("a body");
        assert_eq!(body.as_str(), "..\r\n...a\r\nb.\r\n..c\r\n.\r\n");
        assert_eq!(&body.as_str()[body.dot_at()..], ".\r\n");
    }

    #[test]
    fn an_empty_message_is_the_dot_alone() {
        assert_eq!(Body::new(b"").expect("a body").as_str(), ".\r\n");
    }

    #[test]
    fn lone_line_ends_and_what_is_no_text_are_refused() {
        for message in ["a\nb\r\n", "a\n.\r\nMAIL", "a\rb\r\n", "a\r\r\n", "a\0\r\n"] {
            assert!(Body::new(message.as_bytes()).is_err(), "{message:?}");
        }
        assert!(Body::new(b"\xE4\r\n").is_err());
    }
}
