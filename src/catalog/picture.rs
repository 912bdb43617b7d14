//! The picture of an article: its address, and its file where that is ours to measure.

use std::path::Path;

use url::Url;

use crate::catalog::article::Picture;
use crate::catalog::settings::Settings;

/// The address of the picture and its file: under the static folder for an address of the site, else beside
/// the article at `path`, whose page is `page`. `None` where `source` is no address.
#[must_use]
pub fn find(
    source: &str,
    alt: Option<String>,
    path: &str,
    page: &Url,
    settings: &Settings,
) -> Option<Picture> {
    let sources = &settings.sources;
    let of_site = source.starts_with('/') && !source.starts_with("//");
    let url = if of_site || Url::parse(source).is_ok() {
        settings.site.absolute(source)?
    } else {
        page.join(source).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?
    };
    let bare = source.split(['?', '#']).next().unwrap_or_default();
    let climbs = bare.split('/').any(|part| part == "..");
    let file = if of_site {
        Some(sources.static_files.join(bare.trim_start_matches('/')))
    } else if Url::parse(source).is_err() {
        Some(sources.content.join(path).parent().unwrap_or(Path::new("")).join(bare))
    } else {
        None
    };
    Some(Picture { url, alt, file: file.filter(|file| !climbs && file.is_file()) })
}
