//! Where files of the output folder are, for readers.

use url::Url;

use crate::catalog::settings::Site;
use crate::feed::manner::Manner;
use crate::feed::model::{Addresses, Format};
use crate::feed::settings::Settings;

/// The address of a file of the output folder.
#[must_use]
pub fn of_file(path: &str, site: &Site, settings: &Settings) -> Url {
    let mut base = settings.url.clone().unwrap_or_else(|| site.url.clone());
    if let Ok(mut segments) = base.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
    base
}

/// The addresses of the formats of a document whose paths begin with `prefix`.
#[must_use]
pub fn of_documents(prefix: &str, manner: &Manner, site: &Site, settings: &Settings) -> Addresses {
    let document = |format: Format| {
        let path = format!("{prefix}{}", settings.files.of(format));
        manner.formats.contains(&format).then(|| of_file(&path, site, settings))
    };
    Addresses { rss: document(Format::Rss), atom: document(Format::Atom), json: document(Format::Json) }
}
