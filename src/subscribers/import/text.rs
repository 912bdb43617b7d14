//! Files as text: what editors and spreadsheets put around it (marks, UTF-16, other delimiters).

use std::io::{BufRead, BufReader, Chain, Cursor, Read, Result};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};

/// Bytes of a file that are looked at before it is read: the first line of an export is within them.
const AHEAD: u64 = 64 * 1024;

/// A file as UTF-8, without a mark at its beginning.
pub type Text<'a> = BufReader<Box<dyn Read + 'a>>;

/// Reads a file as UTF-8: from UTF-16 where its mark says so.
///
/// # Errors
/// It can't be read.
pub fn open<'a>(mut reader: impl Read + 'a) -> Result<Text<'a>> {
    let mut mark = Vec::with_capacity(3);
    reader.by_ref().take(3).read_to_end(&mut mark)?;
    let encoding = match mark.as_slice() {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    };
    if mark == [0xEF, 0xBB, 0xBF] {
        mark.clear();
    }
    let whole: Chain<_, _> = Cursor::new(mark).chain(reader);
    Ok(BufReader::new(match encoding {
        // The decoder takes the mark off.
        Some(encoding) => Box::new(Decoded {
            reader: BufReader::new(whole),
            decoder: encoding.new_decoder_with_bom_removal(),
            ready: Cursor::default(),
            is_over: false,
        }),
        None => Box::new(whole),
    }))
}

/// What divides the columns of a CSV file: of comma, semicolon and tab whichever its first line has most of. The line is
/// read again by whoever gets the text back.
///
/// # Errors
/// It can't be read.
pub fn divider(mut text: Text<'_>) -> Result<(u8, Text<'_>)> {
    let mut ahead = Vec::new();
    text.by_ref().take(AHEAD).read_until(b'\n', &mut ahead)?;
    let mut is_quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in &ahead {
        is_quoted ^= *byte == b'"';
        for (divider, count) in counts.iter_mut().filter(|(divider, _)| divider == byte && !is_quoted) {
            *count += usize::from(*divider == *byte);
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(divider, _)| *divider);
    Ok((most, BufReader::new(Box::new(Cursor::new(ahead).chain(text)))))
}

/// What is decoded as it is read.
struct Decoded<R> {
    reader: BufReader<R>,
    decoder: Decoder,
    ready: Cursor<Vec<u8>>,
    is_over: bool,
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        loop {
            let read = self.ready.read(into)?;
            if read > 0 || self.is_over || into.is_empty() {
                return Ok(read);
            }
            let given = self.reader.fill_buf()?;
            self.is_over = given.is_empty();
            let room =
                self.decoder.max_utf8_buffer_length(given.len()).unwrap_or(given.len().saturating_mul(4));
            let mut decoded = vec![0; room];
            let (result, taken, written, _) = self.decoder.decode_to_utf8(given, &mut decoded, self.is_over);
            self.is_over &= result == CoderResult::InputEmpty;
            self.reader.consume(taken);
            decoded.truncate(written);
            self.ready = Cursor::new(decoded);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off_and_utf_16_is_read() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        for bytes in [
            b"a;\xC3\xBC\n".to_vec(),
            b"\xEF\xBB\xBFa;\xC3\xBC\n".to_vec(),
            utf16("\u{FEFF}a;ü\n"),
            big("\u{FEFF}a;ü\n"),
        ] {
            let (divider, mut text) = divider(open(bytes.as_slice()).unwrap()).unwrap();
            let mut read = String::new();
            text.read_to_string(&mut read).unwrap();
            assert_eq!((divider, read.as_str()), (b';', "a;ü\n"));
        }
    }
}
