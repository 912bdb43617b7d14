//! What a server answers, as types: a whole reply, what it offers in EHLO, and the ways in which no whole reply
//! came. Knows nothing of sockets, and draws no conclusions; `verdict` does.

use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;

use crate::delivery::outcome::Reply;

/// `Reply::text` is for a log line and a ledger row.
const TEXT_LIMIT: usize = 500;

/// No whole reply came. The connection is of no more use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("the connection was lost: {0}")]
    Lost(String),
    #[error("no whole reply within {0:?}")]
    Late(Duration),
    #[error("the reply makes no sense: {0}")]
    Garbled(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let cause = std::error::Error::source(&error);
        let io = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
        let words = cause.map_or_else(|| error.to_string(), ToString::to_string);
        match io.map(io::Error::kind) {
            Some(io::ErrorKind::InvalidData) | None => Self::Garbled(words),
            Some(_) => Self::Lost(words),
        }
    }
}

/// Builds a reply from its lines, whose codes lettre has checked; `None` where even the first has none.
pub(super) fn reply(lines: &[String]) -> Option<Reply> {
    let code = lines.first()?.get(..3)?.parse::<u16>().ok()?;
    let texts: Vec<&str> = lines.iter().map(|line| line.get(4..).unwrap_or("").trim()).collect();
    let word = texts[0].split(' ').next().unwrap_or("");
    let enhanced = enhanced_code(word, code);
    let texts = texts.iter().map(|text| match enhanced {
        Some(_) => text.strip_prefix(word).unwrap_or(text).trim_start(),
        None => text,
    });
    let text = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" / ");
    Some(Reply { code, enhanced, text: text.chars().take(TEXT_LIMIT).collect() })
}

/// The negative reply that lettre made an error of.
pub(super) fn refusal(error: &Error) -> Option<Reply> {
    let code = error.status()?;
    let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    reply(&[format!("{code} {text}")])
}

/// RFC 3463 section 2, where its class agrees with the reply code (RFC 2034 section 4).
fn enhanced_code(word: &str, code: u16) -> Option<(u8, u16, u16)> {
    let mut parts = word.split('.');
    let class: u8 = parts.next()?.parse().ok()?;
    let (subject, detail) = (number(parts.next()?)?, number(parts.next()?)?);
    (parts.next().is_none() && matches!(class, 2 | 4 | 5) && u16::from(class) == code / 100)
        .then_some((class, subject, detail))
}

fn number(digits: &str) -> Option<u16> {
    let legal = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    legal.then(|| digits.parse().ok())?
}

/// What we use of what a server offers in its EHLO reply (RFC 5321 section 4.1.1.1). Read here because lettre's
/// `ServerInfo` can't be renewed after STARTTLS, and takes capital letters only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    pub(super) starttls: bool,
    pub(super) smtputf8: bool,
    pub(super) mechanisms: Vec<Mechanism>,
}

impl Extensions {
    pub(super) fn read(lines: &[String]) -> Self {
        let mut extensions = Self::default();
        // The first line is the server's name and greeting.
        for line in lines.iter().skip(1) {
            let line = line.get(4..).unwrap_or("").to_ascii_uppercase();
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("STARTTLS") => extensions.starttls = true,
                Some("SMTPUTF8") => extensions.smtputf8 = true,
                Some("AUTH") => extensions.mechanisms.extend(words.filter_map(mechanism)),
                _ => {}
            }
        }
        extensions
    }
}

fn mechanism(word: &str) -> Option<Mechanism> {
    match word {
        "PLAIN" => Some(Mechanism::Plain),
        "LOGIN" => Some(Mechanism::Login),
        "XOAUTH2" => Some(Mechanism::Xoauth2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_repeated_enhanced_code_is_said_once() {
        let reply = reply(&lines("550-5.1.1 No such user\n550 5.1.1 here")).expect("a reply");
        assert_eq!(reply.to_string(), "550 5.1.1 No such user / here");
        assert_eq!(reply.enhanced, Some((5, 1, 1)));
    }

    #[test]
    fn an_enhanced_code_of_another_class_is_only_text() {
        let reply = reply(&lines("250 5.1.1 odd")).expect("a reply");
        assert_eq!((reply.enhanced, reply.text.as_str()), (None, "5.1.1 odd"));
    }

    #[test]
    fn a_bare_code_is_a_reply() {
        let reply = reply(&lines("250")).expect("a reply");
        assert_eq!((reply.code, reply.text.as_str()), (250, ""));
    }

    #[test]
    fn keywords_of_an_ehlo_reply_may_be_in_any_case() {
        let extensions =
            Extensions::read(&lines("250-AUTH starttls\n250-StartTls\n250 auth Login PLAIN CRAM-MD5"));
        assert!(extensions.starttls);
        assert_eq!(extensions.mechanisms, [Mechanism::Login, Mechanism::Plain]);
    }
}
