//! `.gz` siblings, for servers that send a file that was compressed once instead of compressing it for each reader.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use rayon::prelude::*;

use crate::feed::write::Document;

/// What the header says of the system that compressed: "unknown" (RFC 1952, 2.3.1), the same on every machine.
const UNKNOWN_SYSTEM: u8 = 255;

/// One compressed sibling for each document, on all cores.
///
/// # Errors
/// None in practice, since memory takes every byte.
pub fn siblings(documents: &[Document]) -> io::Result<Vec<Document>> {
    let sibling = |document: &Document| {
        let bytes = compress(&document.bytes)?;
        Ok(Document { path: format!("{}.gz", document.path), bytes })
    };
    documents.par_iter().map(sibling).collect()
}

/// Without a time or a name: the same bytes for the same bytes.
fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let builder = GzBuilder::new().mtime(0).operating_system(UNKNOWN_SYSTEM);
    let mut encoder = builder.write(Vec::with_capacity(bytes.len() / 3), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::compress;

    #[test]
    fn what_is_compressed_has_no_time_and_comes_back() {
        let text = "<rss/>".repeat(1000);
        let packed = compress(text.as_bytes()).unwrap();
        assert_eq!(packed.get(..10), Some(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255][..]));
        let mut back = String::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut back).unwrap();
        assert_eq!(back, text);
    }
}
