//! A copy of the publication ledger beside the store, quick to read: of ten thousand records, the database takes longer to
//! tell than a build to find out that they are what they were. It counts as long as the ledger was not written since.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::NamedTempFile;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::catalog::publication::Publication;

/// Records that are read at a time, on all cores.
const BATCH: usize = 512;

/// Where the copy is.
#[derive(Clone, Debug)]
pub struct LedgerCopy {
    place: PathBuf,
}

impl LedgerCopy {
    /// At this place.
    #[must_use]
    pub fn at(place: PathBuf) -> Self {
        Self { place }
    }

    /// Every record, as of this revision of the ledger; `None` where the copy is of another one, or damaged.
    #[must_use]
    pub fn read(&self, revision: i64) -> Option<Vec<Publication>> {
        let bytes = std::fs::read(&self.place).ok()?;
        let (bytes, sum) = bytes.split_last_chunk::<8>()?;
        let (own, mut rest) = bytes.split_first_chunk::<8>()?;
        if xxh3_64(bytes).to_le_bytes() != *sum || i64::from_le_bytes(*own) != revision {
            return None;
        }
        let mut batches: Vec<&[u8]> = Vec::new();
        while let Some((length, after)) = rest.split_first_chunk::<8>() {
            let (batch, after) =
                after.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
            batches.push(batch);
            rest = after;
        }
        let batches: Option<Vec<Vec<Publication>>> =
            batches.par_iter().map(|batch| postcard::from_bytes(batch).ok()).collect();
        Some(batches?.into_iter().flatten().collect())
    }

    /// Keeps the records of this revision. Where that can't be, the next build asks the store.
    pub fn keep(&self, revision: i64, records: &[&Publication]) {
        if self.write(revision, records).is_err() {
            // What is not there does not count either.
            let _ = std::fs::remove_file(&self.place);
        }
    }

    fn write(&self, revision: i64, records: &[&Publication]) -> std::io::Result<()> {
        let folder = self.place.parent().unwrap_or(Path::new("."));
        let mut file = BufWriter::new(NamedTempFile::new_in(folder)?);
        let mut sum = Xxh3::new();
        let mut write = |bytes: &[u8]| {
            sum.update(bytes);
            file.write_all(bytes)
        };
        write(&revision.to_le_bytes())?;
        for records in records.chunks(BATCH) {
            let batch = postcard::to_stdvec(records).map_err(std::io::Error::other)?;
            write(&(batch.len() as u64).to_le_bytes())?;
            write(&batch)?;
        }
        file.write_all(&sum.digest().to_le_bytes())?;
        let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.persist(&self.place).map(drop).map_err(|error| error.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::article::ContentHash;

    #[test]
    fn it_counts_for_its_revision_alone_and_not_when_it_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("x.ledger");
        let copy = LedgerCopy::at(place.clone());
        let record = |number: i64| Publication {
            number,
            id: format!("tag:{number}"),
            declared_id: (number % 2 == 0).then(|| "urn:x".to_owned()),
            path: format!("heart/{number}.md"),
            title: "Ä".to_owned(),
            date: chrono::DateTime::parse_from_rfc3339("2026-05-01T08:00:00+02:00").ok(),
            content_hash: ContentHash::of("a", "b"),
            first_published: chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
            changed: (number % 3 == 0).then(|| chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()),
            categories: vec!["heart".to_owned()],
            withdrawn: None,
        };
        let records: Vec<Publication> = (1..2000).map(record).collect();
        copy.keep(7, &records.iter().collect::<Vec<_>>());
        assert_eq!(copy.read(7).as_deref(), Some(records.as_slice()));
        assert_eq!(copy.read(8), None);
        let whole = std::fs::read(&place).unwrap();
        for damage in [0, 9, 500, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[damage] ^= 1;
            std::fs::write(&place, bytes).unwrap();
            assert_eq!(copy.read(7), None, "{damage}");
        }
        std::fs::write(&place, &whole[..whole.len() / 2]).unwrap();
        assert_eq!(copy.read(7), None);
    }
}
