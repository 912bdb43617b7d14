//! The shelf: whole articles, each in one piece of bytes, on disk as soon as there are many. A catalog may be larger than
//! the memory: only what a feed or a digest shows is ever taken down.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::catalog::article::Article;
use crate::catalog::body_text::BodyError;
use crate::catalog::outline::{Outline, Shelfmark};

/// Articles that were read: those that the next build finds again, and those that are for this process alone.
#[derive(Debug, Default)]
pub struct Shelf {
    kept: Pile,
    loose: Pile,
}

impl Shelf {
    /// One that goes on where an earlier build left it: `file` holds `length` bytes that count.
    #[must_use]
    pub fn on(file: File, length: u64) -> Self {
        Self { kept: Pile { file: Some(file), written: length, waiting: Vec::new() }, loose: Pile::default() }
    }

    /// Puts down what the next build may find again.
    pub fn keep(&mut self, bytes: &[u8]) -> Shelfmark {
        if self.kept.file.is_none() {
            return self.put(bytes);
        }
        Shelfmark { is_kept: true, ..self.kept.put(bytes) }
    }

    /// Puts down what is for this process alone.
    pub fn put(&mut self, bytes: &[u8]) -> Shelfmark {
        if self.loose.waiting.len() > ENOUGH && self.loose.file.is_none() {
            // Where there is no room on disk it stays in memory.
            self.loose.file = tempfile::tempfile().ok();
        }
        self.loose.put(bytes)
    }

    /// Writes out what is kept and still waits for it.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.kept.flush()
    }

    /// The whole article.
    ///
    /// # Errors
    /// What is kept can't be read any more.
    pub fn article(&self, outline: &Outline) -> Result<Article, BodyError> {
        let fail = |why: String| BodyError::new(Path::new(outline.path()), why);
        let Shelfmark { is_kept, length, offset, .. } = outline.mark;
        let pile = if is_kept { &self.kept } else { &self.loose };
        let bytes = pile.get(offset, length as usize).map_err(|error| fail(error.to_string()))?;
        let article: Article = open(&bytes).ok_or_else(|| {
            fail("what is kept of it is damaged; tidings build --full reads everything anew".to_owned())
        })?;
        Ok(Article { categories: outline.categories.clone(), ..article })
    }
}

/// An article in one piece, with a sum that tells when it is damaged.
#[must_use]
pub fn packed(article: &Article) -> Vec<u8> {
    let mut bytes = postcard::to_stdvec(article).unwrap_or_default();
    bytes.extend(xxhash_rust::xxh3::xxh3_64(&bytes).to_le_bytes());
    bytes
}

fn open(bytes: &[u8]) -> Option<Article> {
    let (bytes, sum) = bytes.split_last_chunk::<8>()?;
    (xxhash_rust::xxh3::xxh3_64(bytes).to_le_bytes() == *sum).then(|| postcard::from_bytes(bytes).ok())?
}

/// As much as waits in memory before it is written.
const ENOUGH: usize = 1 << 20;

/// Bytes that are only ever added to, on disk but for the last of them.
#[derive(Debug, Default)]
struct Pile {
    file: Option<File>,
    written: u64,
    waiting: Vec<u8>,
}

impl Pile {
    fn put(&mut self, bytes: &[u8]) -> Shelfmark {
        let offset = self.written + self.waiting.len() as u64;
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() > ENOUGH {
            // What can't be written stays where it is.
            let _ = self.flush();
        }
        let sum = bytes.last_chunk().copied().map(u64::from_le_bytes).unwrap_or_default();
        Shelfmark { is_kept: false, length: u32::try_from(bytes.len()).unwrap_or(u32::MAX), offset, sum }
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(file) = &self.file {
            file.write_all_at(&self.waiting, self.written)?;
            self.written += self.waiting.len() as u64;
            self.waiting.clear();
        }
        Ok(())
    }

    fn get(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        if let Some(begin) = offset.checked_sub(self.written) {
            let begin = usize::try_from(begin).unwrap_or(usize::MAX);
            let bytes = begin.checked_add(length).and_then(|end| self.waiting.get(begin..end));
            return bytes.map(Cow::Borrowed).ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        }
        let file = self.file.as_ref().ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, offset)?;
        Ok(Cow::Owned(bytes))
    }
}
