//! The hash of a body in relaxed form (RFC 6376, 3.4.4), made in one pass over the body as it lies there: whatever
//! needs no change, over many lines, goes to the hash without being copied.

use aws_lc_rs::digest::{Context, Digest, SHA256};

/// Bytes that are looked at together; compilers turn the loop over them into a few vector instructions.
const BLOCK: usize = 16;

/// Bytes that are gathered before they are hashed: little enough to stay in the processor's nearest memory.
const BUFFER: usize = 4096;

/// Pieces of so many bytes are hashed where they lie.
const LARGE: usize = 512;

/// Hashes a body that comes in any number of pieces, cut anywhere. A clone goes on from where it was made: what begins a
/// million bodies alike has to be hashed once.
#[derive(Clone)]
pub struct BodyHasher {
    hash: Context,
    /// What waits to be hashed together: the hash takes many small pieces far slower than one.
    buffer: Vec<u8>,
    /// Line breaks that count only if something follows them: empty lines at the end are dropped.
    breaks: usize,
    /// Whether white space waits, that counts only if something follows it on its line.
    is_apart: bool,
    /// Whether the last byte was a CR of which nobody knows yet whether it ends a line.
    is_at_cr: bool,
    /// Whether anything was hashed.
    has_begun: bool,
}

/// What `bh=` says of a body.
#[derive(Clone, Copy, Debug)]
pub struct BodyHash(Digest);

impl AsRef<[u8]> for BodyHash {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref()
    }
}

impl Default for BodyHasher {
    fn default() -> Self {
        Self {
            hash: Context::new(&SHA256),
            buffer: Vec::with_capacity(BUFFER),
            breaks: 0,
            is_apart: false,
            is_at_cr: false,
            has_begun: false,
        }
    }
}

impl std::fmt::Debug for BodyHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BodyHasher")
    }
}

impl BodyHash {
    /// Of a body that is at hand.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let mut hasher = BodyHasher::default();
        hasher.update(body);
        hasher.finish()
    }
}

impl BodyHasher {
    /// The next piece. Lines end in CR LF; a CR or LF by itself is a character as any other.
    pub fn update(&mut self, piece: &[u8]) {
        let last = piece.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        let mut at = 0;
        loop {
            at += self.hold(&piece[at..]);
            if at == piece.len() {
                return;
            }
            // Behind the last character there is nothing but breaks and blanks, and now and then a CR or LF by itself.
            let end = last.filter(|last| *last >= at).unwrap_or(at) + 1;
            self.release();
            self.hash_text(&piece[at..end]);
            at = end;
        }
    }

    /// The hash of all that came.
    #[must_use]
    pub fn finish(mut self) -> BodyHash {
        if self.is_at_cr {
            self.release();
            self.feed(b"\r");
        }
        // What is not empty ends with a line break, whether it came with one or not.
        if self.has_begun {
            self.feed(b"\r\n");
        }
        self.hash.update(&self.buffer);
        BodyHash(self.hash.finish())
    }

    /// Takes in line breaks and white space, which nobody knows yet whether they count; says how many bytes that were.
    fn hold(&mut self, piece: &[u8]) -> usize {
        for (at, byte) in piece.iter().enumerate() {
            if self.is_at_cr {
                self.is_at_cr = false;
                if *byte == b'\n' {
                    self.breaks += 1;
                    self.is_apart = false;
                    continue;
                }
                self.release();
                self.feed(b"\r");
            }
            match byte {
                b' ' | b'\t' => self.is_apart = true,
                b'\r' => self.is_at_cr = true,
                _ => return at,
            }
        }
        piece.len()
    }

    fn feed(&mut self, bytes: &[u8]) {
        if bytes.len() >= LARGE || self.buffer.len() + bytes.len() > BUFFER {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
        if bytes.len() >= LARGE {
            self.hash.update(bytes);
        } else {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// Something follows: what was held counts.
    fn release(&mut self) {
        self.has_begun = true;
        for _ in 0..std::mem::take(&mut self.breaks) {
            self.feed(b"\r\n");
        }
        if std::mem::take(&mut self.is_apart) {
            self.feed(b" ");
        }
    }

    /// Text that begins and ends with a character: all its line breaks count, runs of white space are one blank, and none
    /// where they end a line.
    fn hash_text(&mut self, text: &[u8]) {
        let (mut from, mut at) = (0, 0);
        while let Some(run) = next_run(text, at) {
            let length = text[run..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            at = run + length;
            if text[at..].starts_with(b"\r\n") {
                self.feed(&text[from..run]);
            } else if text[run] == b' ' {
                if length == 1 {
                    continue;
                }
                self.feed(&text[from..=run]);
            } else {
                self.feed(&text[from..run]);
                self.feed(b" ");
            }
            from = at;
        }
        self.feed(&text[from..]);
    }
}

/// Where the next white space begins that is not a single blank between two characters. It may give one that is, where a
/// control character follows.
fn next_run(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    // One byte more than a block: the one behind its last.
    while let Some(bytes) = text[at..].first_chunk::<{ BLOCK + 1 }>() {
        // No early end: a block is compared as a whole.
        let found = (0..BLOCK).fold(0, |found, index| found | is_run(bytes[index], bytes[index + 1]));
        if found > 0 {
            break;
        }
        at += BLOCK;
    }
    (at..text.len().saturating_sub(1)).find(|at| is_run(text[*at], text[at + 1]) > 0)
}

/// 1 where a run of white space begins.
fn is_run(byte: u8, next: u8) -> u8 {
    u8::from(byte == b'\t') | (u8::from(byte == b' ') & u8::from(next <= b' '))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::digest;
    use proptest::prelude::*;

    use super::*;

    /// RFC 6376, 3.4.4, word for word, for bodies whose lines all end in CR LF but perhaps the last.
    fn relaxed(body: &str) -> String {
        let mut lines: Vec<String> = body
            .split("\r\n")
            .map(|line| {
                let is_blank = |c: char| c == ' ' || c == '\t';
                let mut kept = String::new();
                for c in line.trim_end_matches(is_blank).chars() {
                    if !is_blank(c) {
                        kept.push(c);
                    } else if !kept.ends_with(' ') {
                        kept.push(' ');
                    }
                }
                kept
            })
            .collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.iter().flat_map(|line| [line, "\r\n"]).collect()
    }

    #[track_caller]
    fn hashes_as(body: &str, canonical: &str) {
        assert_eq!(
            BodyHash::of(body.as_bytes()).as_ref(),
            digest(&SHA256, canonical.as_bytes()).as_ref(),
            "{body:?}"
        );
    }

    #[test]
    fn the_examples_of_the_rfc_come_out() {
        // RFC 6376, 3.4.5, examples 1 and 2; 3.4.4, an empty body.
        hashes_as(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n");
        hashes_as("", "");
        assert_eq!(
            data_encoding::BASE64.encode(BodyHash::of(b"").as_ref()),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }

    #[test]
    fn bodies_with_odd_ends_and_blanks_are_hashed_as_the_rfc_says() {
        for body in [
            "\r\n\r\n",
            " \t\r\n",
            "a",
            "a\r\n",
            "\r\n\r\na",
            "a \r\n \r\n b\t\tc  \r\n\r\n ",
            "a  b\tc d",
            "a \u{1}b",
        ] {
            hashes_as(body, &relaxed(body));
        }
        hashes_as("a\nb\n", "a\nb\n\r\n");
        hashes_as("a\r", "a\r\r\n");
        hashes_as("a \r b\r\n\r", "a \r b\r\n\r\r\n");
        hashes_as("\n \n\r\n", "\n \n\r\n");
    }

    proptest! {
        #[test]
        fn a_body_is_hashed_alike_wherever_it_is_cut(
            pieces in proptest::collection::vec("([ab=]{1,40}|[ab=]{500,600}|[ \t]{1,3}|\r\n|\u{1}){0,20}", 0..5),
        ) {
            let body = pieces.concat();
            let expected = digest(&SHA256, relaxed(&body).as_bytes());
            let is_expected = |hash: &BodyHash| hash.as_ref() == expected.as_ref();
            prop_assert!(is_expected(&BodyHash::of(body.as_bytes())));
            let mut hasher = BodyHasher::default();
            for piece in &pieces {
                hasher.update(piece.as_bytes());
                hasher = hasher.clone();
            }
            prop_assert!(is_expected(&hasher.finish()));
            let mut hasher = BodyHasher::default();
            for byte in body.as_bytes() {
                hasher.update(std::slice::from_ref(byte));
            }
            prop_assert!(is_expected(&hasher.finish()));
        }
    }
}
