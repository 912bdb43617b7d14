//! Where something is that an article refers to: its address, and its file where there is one.

use std::path::{Path, PathBuf};

use url::Url;

use crate::catalog::settings::Settings;

/// The article that refers to it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its path under the content folder.
    pub path: &'a str,
    /// Its page.
    pub page: &'a Url,
    /// Where files are.
    pub settings: &'a Settings,
}

impl Place<'_> {
    /// The address, and where its file would be: under the static folder for an address of the site, else beside the
    /// article. Whether it is there shows when it is measured.
    #[must_use]
    pub fn locate(&self, source: &str) -> Option<(Url, Option<PathBuf>)> {
        let sources = &self.settings.sources;
        let of_site = source.starts_with('/') && !source.starts_with("//");
        let url = if of_site || Url::parse(source).is_ok() {
            self.settings.site.absolute(source)
        } else {
            self.page.join(source).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
        };
        let bare = source.split(['?', '#']).next().unwrap_or_default();
        let climbs = bare.split('/').any(|part| part == "..");
        let file = if of_site {
            Some(sources.static_files.join(bare.trim_start_matches('/')))
        } else if Url::parse(source).is_err() {
            Some(sources.content.join(self.path).parent().unwrap_or(Path::new("")).join(bare))
        } else {
            None
        };
        Some((url?, file.filter(|_| !climbs)))
    }
}
