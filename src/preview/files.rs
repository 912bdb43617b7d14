//! The preview as files: the mails of each digest, light and dark, as text and as messages, and a page that shows them.

use crate::preview::pages;
use crate::preview::proof::{DigestProofs, Proofs};
use crate::preview::scheme::Scheme;
use crate::templates::environment::TemplateError;

/// The name of the page that shows all of it.
pub const INDEX: &str = "index.html";

/// The name of a file of the proof at this place, from 0: the first one's is the digest's, and no digest's name holds a dot.
#[must_use]
pub fn name(digest: &DigestProofs, index: usize, ending: &str) -> String {
    match index {
        0 => format!("{}.{ending}", digest.name),
        _ => format!("{}.{}.{ending}", digest.name, index + 1),
    }
}

/// All files, by their names: those of the proofs, then the page.
///
/// # Errors
/// The page's own template can't be rendered: a fault in Tidings.
pub fn files(proofs: &Proofs) -> Result<Vec<(String, Vec<u8>)>, TemplateError> {
    let mut files = Vec::new();
    for digest in &proofs.digests {
        for (index, proof) in digest.proofs.iter().enumerate() {
            let mut add = |ending: &str, bytes: Vec<u8>| files.push((name(digest, index, ending), bytes));
            add("html", Scheme::Light.apply(&proof.html).into_bytes());
            add("dark.html", Scheme::Dark.apply(&proof.html).into_bytes());
            add("txt", proof.text.clone().into_bytes());
            add("eml", proof.message.clone());
        }
    }
    files.push((INDEX.to_owned(), pages::index(proofs)?.into_bytes()));
    Ok(files)
}
