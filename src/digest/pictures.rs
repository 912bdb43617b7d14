//! The pictures of a mail: links to the site, or parts that come along.

use std::path::Path;

use crate::catalog::article::Picture;
use crate::catalog::media;
use crate::digest::draft::Inline;
use crate::digest::settings::{Images, Settings};

/// Chooses the pictures of one mail.
#[derive(Debug)]
pub struct Pictures {
    images: Images,
    /// Bytes that may still come along.
    room: usize,
    secret: String,
    /// Those that come along.
    pub along: Vec<Inline>,
}

impl Pictures {
    /// As the digest wants them; `in_mail` is false for pages, where nothing can come along.
    #[must_use]
    pub fn new(digest: &Settings, in_mail: bool, secret: &str) -> Self {
        let images = if in_mail || digest.images == Images::None { digest.images } else { Images::Link };
        Self { images, room: digest.images_limit, secret: secret.to_owned(), along: Vec::new() }
    }

    /// Where a mail gets a picture from; none if it has none.
    pub fn source(&mut self, picture: &Picture) -> Option<String> {
        match self.images {
            Images::None => None,
            Images::Link => Some(picture.url.to_string()),
            Images::Embed => Some(
                picture
                    .file
                    .as_deref()
                    .and_then(|file| self.take(file))
                    .unwrap_or_else(|| picture.url.to_string()),
            ),
        }
    }

    /// Takes a file along, if there is room for it.
    fn take(&mut self, file: &Path) -> Option<String> {
        let name: String = file
            .file_name()?
            .to_string_lossy()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' })
            .collect();
        let length = usize::try_from(std::fs::metadata(file).ok()?.len()).ok()?;
        if length > self.room {
            return None;
        }
        let bytes = std::fs::read(file).ok()?;
        let cid = format!("{}.{}@picture", self.along.len() + 1, self.secret);
        let source = format!("cid:{cid}");
        if let Some(known) = self.along.iter().find(|known| known.bytes == bytes) {
            return Some(format!("cid:{}", known.cid));
        }
        self.room -= length;
        self.along.push(Inline { cid, media_type: media::type_by_ending(&name).to_owned(), name, bytes });
        Some(source)
    }
}
