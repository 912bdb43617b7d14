//! Files that articles refer to: what they are and how large.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The type of what no ending tells (RFC 2046, 4.5.1).
pub const UNKNOWN_TYPE: &str = "application/octet-stream";

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
    /// Every file that was asked for, in the order of paths; those that are not there too.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self.known.keys().cloned().collect();
        files.sort();
        files
    }

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

/// The media type that the ending of a file's name stands for: sound, films, and what else is attached.
#[must_use]
pub fn type_of_attachment(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "ogg" | "oga" => "audio/ogg",
        "opus" => "audio/opus",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "ogv" => "video/ogg",
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "png" | "gif" | "webp" | "avif" | "svg" | "jpg" | "jpeg" => type_by_ending(path),
        _ => UNKNOWN_TYPE,
    }
}
