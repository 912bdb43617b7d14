//! A header field that grows piece by piece, and goes on in a new line before one gets too long.

/// Longest line where it can be parted, in bytes without CR LF (RFC 5322, 2.1.1, says 78 for those who look at it; 76
/// leaves room for a quoted `> `).
const WIDTH: usize = 76;

/// Fields under way.
#[derive(Debug)]
pub(super) struct Folded {
    text: Vec<u8>,
    /// Bytes of the line that is being written.
    column: usize,
}

impl Folded {
    /// None yet, with room for so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { text: Vec::with_capacity(bytes), column: 0 }
    }

    /// Begins a field; says where it is in the text.
    pub(super) fn begin(&mut self) -> usize {
        self.end();
        self.text.len()
    }

    /// What was written so far.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Adds pieces that stay together, on a new line where this one has no room for them.
    pub(super) fn add(&mut self, pieces: &[&[u8]]) {
        let length: usize = pieces.iter().map(|piece| piece.len()).sum();
        if self.column + length > WIDTH && self.column > 1 {
            self.next_line();
        }
        for piece in pieces {
            self.text.extend_from_slice(piece);
        }
        self.column += length;
    }

    /// As [`Self::add`], behind a blank, for which a new line stands too.
    pub(super) fn add_apart(&mut self, pieces: &[&[u8]]) {
        let length: usize = pieces.iter().map(|piece| piece.len()).sum();
        if self.column + 1 + length > WIDTH {
            self.next_line();
        } else {
            self.text.push(b' ');
            self.column += 1;
        }
        self.add(pieces);
    }

    /// Adds text that may be parted anywhere, as base64.
    pub(super) fn add_anywhere(&mut self, mut text: &[u8]) {
        while !text.is_empty() {
            if self.column >= WIDTH {
                self.next_line();
            }
            let (now, later) = text.split_at(text.len().min(WIDTH - self.column));
            self.text.extend_from_slice(now);
            self.column += now.len();
            text = later;
        }
    }

    /// Goes on in a new line.
    pub(super) fn next_line(&mut self) {
        self.text.extend_from_slice(b"\r\n\t");
        self.column = 1;
    }

    /// All fields, each with its CR LF.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.end();
        self.text
    }

    fn end(&mut self) {
        if self.column > 0 {
            self.text.extend_from_slice(b"\r\n");
            self.column = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_it_must_be() {
        let mut folded = Folded::with_capacity(0);
        folded.add(&[b"X", b": "]);
        for _ in 0..30 {
            folded.add(&[b"Some-Field", b":"]);
        }
        folded.add_apart(&[&[b'd'; 100]]);
        folded.add_apart(&[b"b="]);
        folded.add_anywhere(&[b'z'; 200]);
        let text = String::from_utf8(folded.finish()).unwrap();
        let lines: Vec<&str> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
        let long = format!("\t{}", "d".repeat(100));
        assert!(lines.iter().all(|line| line.len() <= 76 || *line == long), "{text}");
        assert!(lines[1..].iter().all(|line| line.starts_with('\t') && line.len() > 1), "{text}");
    }
}
