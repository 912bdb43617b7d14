//! Quoted-printable (RFC 2045, 6.7), written so that pieces can be put between others: a piece begins at the start of a
//! line of the encoding and ends so that anything may follow.

/// Most columns of a line without the `=` that continues it (RFC 2045, 6.7 (5): 76 with it).
const WIDEST: usize = 75;

/// An encoder with the column that it has come to.
#[derive(Debug, Default)]
pub struct Quoted {
    /// What was written so far.
    pub written: String,
    column: usize,
}

impl Quoted {
    /// Writes text; `\n` ends a line.
    pub fn text(&mut self, text: &str) {
        for (at, character) in text.char_indices() {
            match character {
                '\n' => {
                    self.written.push_str("\r\n");
                    self.column = 0;
                }
                '\r' if text[at..].starts_with("\r\n") => {}
                // A blank at the end of a line is lost on the way (RFC 2045, 6.7 (3)).
                ' ' | '\t' if !ends_line(text, at) => self.plain(character),
                // A dot that begins a line would be doubled on the wire (RFC 5321, 4.5.2), and some programs put a
                // mark before `From `.
                '.' if self.column == 0 => self.coded(character),
                'F' if self.column == 0 && text[at..].starts_with("From ") => self.coded(character),
                '!'..='<' | '>'..='~' => self.plain(character),
                _ => self.coded(character),
            }
        }
    }

    /// Puts what is itself written at the start of a line, and ends so that anything may follow; `before_line_end`
    /// says that what follows is the end of the line.
    pub fn open(&mut self, mark: &str, before_line_end: bool) {
        if self.column > 0 {
            self.soft_break();
        }
        self.written.push_str(mark);
        if before_line_end {
            // The line is not empty any more: a blank or dot that follows is not at its start.
            self.column = 1;
        } else {
            self.soft_break();
        }
    }

    fn plain(&mut self, character: char) {
        if self.column + 1 > WIDEST {
            self.soft_break();
            // What is special at the start of a line is so after a soft break too.
            if character == '.' {
                return self.coded(character);
            }
        }
        self.written.push(character);
        self.column += 1;
    }

    fn coded(&mut self, character: char) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let mut bytes = [0; 4];
        let bytes = character.encode_utf8(&mut bytes).as_bytes();
        // A character is not divided: some programs decode line by line.
        if self.column + 3 * bytes.len() > WIDEST {
            self.soft_break();
        }
        for byte in bytes {
            self.written.push('=');
            self.written.push(char::from(DIGITS[usize::from(byte >> 4)]));
            self.written.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        self.column += 3 * bytes.len();
    }

    fn soft_break(&mut self) {
        self.written.push_str("=\r\n");
        self.column = 0;
    }
}

/// The text of a piece on its own.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = Quoted { written: String::with_capacity(text.len() + 16), column: 0 };
    quoted.text(text);
    quoted.written
}

fn ends_line(text: &str, at: usize) -> bool {
    let rest = &text[at + 1..];
    rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\r\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Quoted, quoted};

    fn decoded(encoded: &str) -> String {
        let message = format!(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{encoded}"
        );
        let parsed = mail_parser::MessageParser::default().parse(message.as_bytes()).unwrap();
        parsed.body_text(0).unwrap().into_owned()
    }

    #[test]
    fn what_is_special_is_written_as_its_bytes() {
        assert_eq!(
            quoted("a = b \n.x\nFrom me\nGrüße\t"),
            "a =3D b=20\r\n=2Ex\r\n=46rom me\r\nGr=C3=BC=C3=9Fe=09"
        );
    }

    proptest! {
        #[test]
        fn every_text_comes_back_in_lines_of_76(texts in prop::collection::vec("[ -~\\né\u{1F600}.=]{0,200}", 1..6)) {
            let mut whole = Quoted::default();
            for (index, text) in texts.iter().enumerate() {
                if index > 0 {
                    let next_ends = text.starts_with('\n') || text.is_empty() && index + 1 == texts.len();
                    whole.open(&quoted(". a "), next_ends);
                }
                whole.text(text);
            }
            for line in whole.written.split("\r\n") {
                prop_assert!(line.len() <= 76, "{line:?}");
                prop_assert!(!line.starts_with('.') && !line.ends_with([' ', '\t']), "{line:?}");
            }
            let expected = texts.join(". a ").replace('\n', "\r\n");
            let read = decoded(&whole.written);
            prop_assert_eq!(read.trim_end_matches("\r\n"), expected.trim_end_matches("\r\n"));
        }
    }
}
