//! Pictures of mails, for a browser at this machine: those that come along (RFC 2392), for it knows no `cid:`, and those of
//! the site that may not be on the web yet.

use std::path::{Component, Path, PathBuf};

use crate::catalog::media;
use crate::text::html_escape;

/// The folder that the site serves under its root.
#[derive(Clone, Debug)]
pub struct SitePictures {
    /// The address of the site's root, with a `/` at its end.
    pub root: String,
    /// The folder.
    pub folder: PathBuf,
}

/// Endings of files that are shown. Whatever else is in the folder is not asked for by a mail.
const ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg"];

impl SitePictures {
    /// HTML that takes those pictures of the site whose files are here from the page `path`, which is asked for them by
    /// their path.
    #[must_use]
    pub fn local(&self, html: &str, path: &str) -> String {
        let begin = format!("src=\"{}", html_escape(&self.root));
        let mut shown = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((before, behind)) = rest.split_once(begin.as_str()) {
            let name = behind.split('"').next().unwrap_or_default();
            // An address with a query, or with letters that are coded, is left to the web.
            let is_here = !name.contains(['?', '#', '%', '&']) && self.file(name).is_some();
            shown.push_str(before);
            shown.push_str(if is_here { "src=\"" } else { &begin });
            if is_here {
                shown.push_str(path);
            }
            rest = behind;
        }
        shown + rest
    }

    /// The file of a picture, where it is there and within the folder, and its media type.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<(PathBuf, &'static str)> {
        let is_plain = Path::new(name).components().all(
            |part| matches!(part, Component::Normal(name) if !name.as_encoded_bytes().starts_with(b".")),
        );
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())?;
        if !is_plain || !ENDINGS.contains(&ending.as_str()) {
            return None;
        }
        // A link may lead out of it.
        let (folder, file) = (self.folder.canonicalize().ok()?, self.folder.join(name).canonicalize().ok()?);
        (file.is_file() && file.starts_with(folder)).then(|| (file, media::type_by_ending(name)))
    }
}

/// The HTML with `data:` addresses (RFC 2397) in place of those that name a part of the message.
#[must_use]
pub fn within(html: &str, message: &[u8]) -> String {
    let message = String::from_utf8_lossy(message);
    let mut shown = html.to_owned();
    for part in message.split("\r\n--") {
        let Some((head, body)) = part.split_once("\r\n\r\n") else { continue };
        let (Some(id), Some(media_type)) =
            (value(head, "Content-ID: <", '>'), value(head, "Content-Type: ", ';'))
        else {
            continue;
        };
        let body: String = body.split("\r\n").collect();
        let address = format!("data:{};base64,{body}", html_escape(media_type));
        shown = shown.replace(&format!("cid:{id}"), &address);
    }
    shown
}

/// What a header line holds behind `begin`, up to `end`.
fn value<'h>(head: &'h str, begin: &str, end: char) -> Option<&'h str> {
    let rest = head.lines().find_map(|line| line.strip_prefix(begin))?;
    Some(rest.split(end).next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::{SitePictures, within};

    #[test]
    fn pictures_of_the_site_are_here_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("static");
        std::fs::create_dir_all(root.join("images")).unwrap();
        for file in ["secret.png", "static/images/a.png", "static/notes.txt", "static/.hidden.png"] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        std::os::unix::fs::symlink(folder.path().join("secret.png"), root.join("out.png")).unwrap();
        let pictures = SitePictures { root: "https://example.org/".to_owned(), folder: root };
        assert!(pictures.file("images/a.png").is_some_and(|(_, media_type)| media_type == "image/png"));
        for name in [
            "../secret.png",
            "/secret.png",
            "out.png",
            "notes.txt",
            ".hidden.png",
            "images",
            "images/b.png",
            "",
        ] {
            assert!(pictures.file(name).is_none(), "{name:?}");
        }
        let html = "<img src=\"https://example.org/images/a.png\"><img src=\"https://example.org/b.png\">";
        let expected = "<img src=\"/picture/images/a.png\"><img src=\"https://example.org/b.png\">";
        assert_eq!(pictures.local(html, "/picture/"), expected);
    }

    #[test]
    fn a_picture_of_the_message_is_shown_in_its_place() {
        let message = b"To: x\r\n\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <1.x@picture>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\nBBBB\r\n\r\n--b--\r\n";
        let html = "<img src=\"cid:1.x@picture\"><img src=\"cid:2.x@picture\">";
        let expected = "<img src=\"data:image/png;base64,AAAABBBB\"><img src=\"cid:2.x@picture\">";
        assert_eq!(within(html, message), expected);
    }
}
