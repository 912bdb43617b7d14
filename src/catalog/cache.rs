//! What an earlier build read: the outline of every file by its path and stamp, so that only files that changed are
//! opened. The shelf holds the articles themselves.
//!
//! Two files beside the store. The shelf is only added to; the index is replaced as a whole, and names the stamp of the
//! shelf that it belongs to and a hash of everything that articles are understood by. One that does not fit, or is
//! damaged, is none: the next build reads everything and begins anew.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::catalog::outline::{Outline, Shelfmark};
use crate::catalog::problem::Problem;
use crate::catalog::reader::CategoryName;
use crate::catalog::shelf::Shelf;
use crate::catalog::source::folder::File as Listed;
use crate::catalog::source::stamp::Stamp;

/// Where and for whom a build keeps what it read.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// The index; the shelf lies beside it.
    pub index: PathBuf,
    /// The program: another version may understand articles otherwise.
    pub program: String,
    /// What was written at this moment or later, in nanoseconds since 1970, may have changed after it was read.
    pub since: i64,
    /// Whether what is kept counts, or everything is read anew.
    pub is_trusted: bool,
}

/// What a file of the content folder gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Row {
    /// No article, and why.
    LeftOut(String),
    /// An article whose category names and links are not settled yet.
    Sketch(Box<Sketch>),
}

/// An article of which all is known but what takes the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sketch {
    /// Its outline.
    pub outline: Outline,
    /// What the front matter or the folder calls its categories.
    pub category_names: Vec<CategoryName>,
    /// Problems that do not hold it out.
    pub warnings: Vec<Problem>,
    /// The line on which its body starts, from 1; 0 where the body is settled.
    pub body_line: usize,
}

/// A line of the index.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    path: &'a str,
    stamp: Stamp,
    mark: Shelfmark,
    row: &'a [u8],
}

/// What an earlier build kept of a file that has not changed.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The whole line.
    line: &'a [u8],
    mark: Shelfmark,
    row: &'a [u8],
}

impl Known<'_> {
    /// What the file gave; `None` where that can't be read.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        let mut row = postcard::from_bytes(self.row).ok()?;
        if let Row::Sketch(sketch) = &mut row {
            sketch.outline.mark = self.mark;
        }
        Some(row)
    }
}

/// A row as it is kept.
#[must_use]
pub fn row(gave: Result<&Sketch, &str>) -> Vec<u8> {
    #[derive(Serialize)]
    enum Row<'a> {
        LeftOut(&'a str),
        Sketch(&'a Sketch),
    }
    postcard::to_stdvec(&gave.map_or_else(Row::LeftOut, Row::Sketch)).unwrap_or_default()
}

/// The index of an earlier build.
#[derive(Debug)]
pub struct Index {
    bytes: Vec<u8>,
    lines: usize,
    shelf: File,
    shelf_length: u64,
}

/// Of the end of an index: the shelf's stamp, the key, and the sum of all before it.
const TAIL: usize = 24 + 16 + 16;

impl Index {
    /// What was kept under this key. One whose shelf holds more that is of no use than what is, is none.
    #[must_use]
    pub fn open(keeping: &Keeping, key: u128) -> Option<Self> {
        if !keeping.is_trusted {
            return None;
        }
        let mut bytes = std::fs::read(&keeping.index).ok()?;
        let begin = bytes.len().checked_sub(TAIL)?;
        let (body, sum) = bytes.split_last_chunk::<16>()?;
        let shelf = OpenOptions::new().read(true).write(true).open(shelf_of(&keeping.index)).ok()?;
        let stamp = Stamp::of(&shelf.metadata().ok()?);
        let fits = xxh3_128(body).to_le_bytes() == *sum
            && body.get(begin..begin + 24)? == coded(stamp).as_slice()
            && body.get(begin + 24..)? == key.to_le_bytes();
        bytes.truncate(begin);
        let mut index = Self { bytes, lines: 0, shelf, shelf_length: stamp.length };
        let (lines, used) =
            index.iter().fold((0, 0), |(lines, used), (line, _)| (lines + 1, used + line.mark.length()));
        index.lines = lines;
        (fits && stamp.length <= 2 * used + ROOM).then_some(index)
    }

    /// The shelf that it belongs to.
    ///
    /// # Errors
    /// The system gives no more files.
    pub fn shelf(&self) -> io::Result<Shelf> {
        Ok(Shelf::on(self.shelf.try_clone()?, self.shelf_length))
    }

    /// What is known of each of these files, which are in the order of paths as the lines of the index are. Of what was
    /// written at `since` or later nothing is.
    #[must_use]
    pub fn known(&self, files: &[Listed<'_>], since: i64) -> Vec<Option<Known<'_>>> {
        let mut lines = self.iter().peekable();
        let known = files.iter().map(|file| {
            while lines.next_if(|(line, _)| line.path < file.path).is_some() {}
            let (Line { stamp, mark, row, .. }, line) = lines.next_if(|(line, _)| line.path == file.path)?;
            let is_same = stamp == file.stamp && !file.stamp.is_since(since);
            is_same.then_some(Known { line, mark, row })
        });
        known.collect()
    }

    /// Whether it has a line for each of these files and for no other.
    #[must_use]
    pub fn is_whole(&self, known: &[Option<Known<'_>>]) -> bool {
        self.lines == known.len() && known.iter().all(Option::is_some)
    }

    /// The lines, each with its bytes.
    fn iter(&self) -> impl Iterator<Item = (Line<'_>, &[u8])> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            let (line, after) = postcard::take_from_bytes(rest).ok()?;
            let bytes = &rest[..rest.len() - after.len()];
            rest = after;
            Some((line, bytes))
        })
    }
}

/// What a shelf may hold beside what is used, whatever its size: 1 MB.
const ROOM: u64 = 1 << 20;

/// Writes the index of this build, line by line in the order of paths. Whatever goes wrong with it costs the next build
/// time and nobody anything else.
pub struct Writer<'a> {
    keeping: &'a Keeping,
    key: u128,
    index: BufWriter<NamedTempFile>,
    /// Where the build began a new shelf: it takes its place at the end.
    begun: Option<NamedTempFile>,
    sum: Xxh3,
}

impl<'a> Writer<'a> {
    /// Begins an index; what it lists goes on the shelf of an earlier build, unless one is begun.
    ///
    /// # Errors
    /// The folder can't be written to.
    pub fn new(keeping: &'a Keeping, key: u128) -> io::Result<Self> {
        let index = BufWriter::with_capacity(1 << 16, NamedTempFile::new_in(folder_of(keeping))?);
        Ok(Self { keeping, key, index, begun: None, sum: Xxh3::new() })
    }

    /// Begins a new shelf.
    ///
    /// # Errors
    /// The folder can't be written to.
    pub fn begin_shelf(&mut self) -> io::Result<Shelf> {
        let file = NamedTempFile::new_in(folder_of(self.keeping))?;
        let begun = Shelf::on(file.reopen()?, 0);
        self.begun = Some(file);
        Ok(begun)
    }

    /// Adds what a file gave, unless it may have changed since it was read.
    ///
    /// # Errors
    /// The index can't be written.
    pub fn add(&mut self, file: &Listed<'_>, mark: Shelfmark, row: &[u8]) -> io::Result<()> {
        if file.stamp.is_since(self.keeping.since) {
            return Ok(());
        }
        let line = Line { path: file.path, stamp: file.stamp, mark, row };
        self.write(&postcard::to_stdvec(&line).map_err(io::Error::other)?)
    }

    /// As [`Writer::add`], of a file that did not change.
    ///
    /// # Errors
    /// The index can't be written.
    pub fn keep(&mut self, known: &Known<'_>) -> io::Result<()> {
        self.write(known.line)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        self.index.write_all(bytes)
    }

    /// Puts both files in their places.
    ///
    /// # Errors
    /// They can't be written.
    pub fn finish(self, pile: &mut Shelf) -> io::Result<()> {
        let Self { keeping, key, mut index, begun, mut sum } = self;
        pile.flush()?;
        let place = shelf_of(&keeping.index);
        if let Some(file) = begun {
            file.persist(&place).map_err(|error| error.error)?;
        }
        let stamp = Stamp::of(&File::open(&place)?.metadata()?);
        for bytes in [coded(stamp).as_slice(), &key.to_le_bytes()] {
            sum.update(bytes);
            index.write_all(bytes)?;
        }
        index.write_all(&sum.digest128().to_le_bytes())?;
        let file = index.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.persist(&keeping.index).map(drop).map_err(|error| error.error)
    }
}

fn folder_of(keeping: &Keeping) -> &Path {
    keeping.index.parent().unwrap_or(Path::new("."))
}

/// The shelf beside an index.
fn shelf_of(index: &Path) -> PathBuf {
    index.with_extension("shelf")
}

fn coded(stamp: Stamp) -> [u8; 24] {
    let mut bytes = [0; 24];
    let numbers = [stamp.length, stamp.modified.cast_unsigned(), stamp.changed.cast_unsigned()];
    for (part, number) in bytes.chunks_exact_mut(8).zip(numbers) {
        part.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}
