//! Types of other people in the form in which articles are kept between builds: small, and quick to read back.

/// A moment with its author's offset: seconds since 1970, nanoseconds, and the offset in seconds.
pub mod moment {
    use chrono::{DateTime, FixedOffset};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Coded = Option<(i64, u32, i32)>;

    /// Writes it.
    ///
    /// # Errors
    /// The serialiser's.
    pub fn serialize<S: Serializer>(
        moment: &Option<DateTime<FixedOffset>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let coded: Coded = moment.map(|moment| {
            (moment.timestamp(), moment.timestamp_subsec_nanos(), moment.offset().local_minus_utc())
        });
        coded.serialize(serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// The deserialiser's, or numbers that are no moment.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
        let Some((seconds, nanoseconds, offset)) = Coded::deserialize(deserializer)? else { return Ok(None) };
        let moment = DateTime::from_timestamp(seconds, nanoseconds)
            .and_then(|moment| Some(moment.with_timezone(&FixedOffset::east_opt(offset)?)));
        moment.map(Some).ok_or_else(|| serde::de::Error::custom("no moment"))
    }
}

/// A table of JSON, as its text.
pub mod table {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::{Map, Value};

    /// Writes it.
    ///
    /// # Errors
    /// The serialiser's.
    pub fn serialize<S: Serializer>(table: &Map<String, Value>, serializer: S) -> Result<S::Ok, S::Error> {
        let text =
            if table.is_empty() { String::new() } else { serde_json::to_string(table).unwrap_or_default() };
        text.serialize(serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// The deserialiser's, or a text that is no JSON.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Map::new());
        }
        serde_json::from_str(&text).map_err(serde::de::Error::custom)
    }
}

/// A path of the system, whatever its bytes.
pub mod path {
    use std::ffi::OsString;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    use std::path::{Path, PathBuf};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes it.
    ///
    /// # Errors
    /// The serialiser's.
    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_os_str().as_bytes().serialize(serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// The deserialiser's.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        Ok(OsString::from_vec(Vec::deserialize(deserializer)?).into())
    }

    /// One that may be missing.
    pub mod option {
        use std::path::PathBuf;

        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        #[derive(Serialize, Deserialize)]
        struct Coded(#[serde(with = "super")] PathBuf);

        /// Writes it.
        ///
        /// # Errors
        /// The serialiser's.
        pub fn serialize<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
            path.clone().map(Coded).serialize(serializer)
        }

        /// Reads it.
        ///
        /// # Errors
        /// The deserialiser's.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
            Ok(Option::<Coded>::deserialize(deserializer)?.map(|Coded(path)| path))
        }
    }
}
