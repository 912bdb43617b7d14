//! Proofs: editions made out to somebody, to look at before anything is sent.

use crate::catalog::html;
use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::message;
use crate::digest::recipient::Recipient;
use crate::preview::pictures::{self, SitePictures};
use crate::subscribers::token::Signer;
use crate::text;

/// Characters of a mail's beginning that mailboxes show behind its subject.
const PREHEADER: usize = 120;

/// Everything that a preview shows at one moment.
#[derive(Clone, Debug, Default)]
pub struct Proofs {
    /// The site's title; empty where there is no telling.
    pub site: String,
    /// Another one for each moment.
    pub version: String,
    /// Whose mails they are, where somebody was asked for.
    pub reader: Option<String>,
    /// The site's pictures; none where there is no telling.
    pub pictures: Option<SitePictures>,
    /// Why there is nothing to show, or not what was asked for: plain text.
    pub troubles: Vec<String>,
    /// What is wrong with articles: plain text, each with file, line and column.
    pub problems: Vec<String>,
    /// The digests, in the order of the configuration.
    pub digests: Vec<DigestProofs>,
}

/// The next issue of a digest.
#[derive(Clone, Debug, Default)]
pub struct DigestProofs {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// When its timetable asks for the next issue.
    pub next: Option<String>,
    /// What is to be said of all its proofs.
    pub remarks: Vec<String>,
    /// Why it can't be rendered: plain text, with file and lines.
    pub trouble: Option<String>,
    /// What most readers would get comes first.
    pub proofs: Vec<Proof>,
}

/// An edition made out to one reader.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Who gets it, in words.
    pub who: String,
    /// What is to be said of it.
    pub remark: Option<String>,
    /// The language of everything that is not an article's.
    pub language: String,
    /// How many articles it shows.
    pub articles: usize,
    /// Who writes.
    pub from: String,
    /// One line.
    pub subject: String,
    /// What mailboxes show behind the subject.
    pub preheader: String,
    /// Plain text.
    pub text: String,
    /// HTML, with the pictures that come along in it.
    pub html: String,
    /// Bytes of the HTML as it is sent: mailboxes clip by that.
    pub size: usize,
    /// The whole message.
    pub message: Vec<u8>,
}

impl Proof {
    /// Of an edition, for `who` in words, with its whole message.
    #[must_use]
    pub fn new(
        edition: &Edition,
        letterhead: &Letterhead,
        recipient: &Recipient,
        signer: &Signer,
        message: Vec<u8>,
        who: String,
    ) -> Self {
        let (text, html) = message::bodies(edition, letterhead, recipient, signer);
        let body = html.split_once("<body").map_or(html.as_str(), |(_, body)| body);
        let body = body.split_once('>').map_or(body, |(_, body)| body);
        let from = if letterhead.from_name.is_empty() {
            letterhead.from.as_str()
        } else {
            letterhead.from_name.as_str()
        };
        Self {
            who,
            remark: None,
            language: edition.language.to_string(),
            articles: edition.contents.iter().map(|own| own.articles.len()).sum(),
            from: from.to_owned(),
            subject: message::subject(edition, letterhead, recipient, signer),
            preheader: text::shorten(&html::text(body), PREHEADER),
            text,
            size: html.len(),
            html: pictures::within(&html, &message),
            message,
        }
    }

    /// The message as text.
    #[must_use]
    pub fn source(&self) -> String {
        String::from_utf8_lossy(&self.message).replace("\r\n", "\n")
    }

    /// The headers of the message.
    #[must_use]
    pub fn headers(&self) -> String {
        let source = self.source();
        source.split_once("\n\n").map_or(source.clone(), |(head, _)| head.to_owned() + "\n")
    }
}
