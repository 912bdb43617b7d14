//! Files that articles refer to: what they are and how large.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What picture files say of themselves; each is read once.
#[derive(Debug, Default)]
pub struct Measurements {
    known: HashMap<PathBuf, Measured>,
}

/// What one file says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Bytes.
    pub length: Option<u64>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
}

impl Measurements {
    /// Measures the file; nothing is known of one that is not there.
    pub fn of(&mut self, file: &Path) -> Measured {
        *self.known.entry(file.to_owned()).or_insert_with(|| {
            let length = fs::metadata(file).ok().filter(fs::Metadata::is_file).map(|data| data.len());
            let pixels = |edge: usize| u32::try_from(edge).ok();
            let size = length.and_then(|_| imagesize::size(file).ok());
            let size = size.and_then(|size| Some((pixels(size.width)?, pixels(size.height)?)));
            Measured { length, size }
        })
    }
}

/// The media type that a picture's address promises by its ending.
#[must_use]
pub fn type_by_ending(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        _ => "image/jpeg",
    }
}
