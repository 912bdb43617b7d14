//! From bytes to text: byte order mark, XML declaration, encoding. Finds what readers need not be able to read.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::tag::{self, BLANKS};

rules! {
    BYTES = Error "xml-bytes", "XML 1.0, 4.3.3: bytes that the encoding does not allow are a fatal error",
        "save the file as UTF-8";
    ENCODING = Warning "xml-encoding", "XML 1.0, 4.3.3: readers have to know UTF-8 and UTF-16 alone",
        "write UTF-8, which is the default";
    BOM = Warning "xml-bom", "RFC 3629, 6: a byte order mark has no use in UTF-8",
        "leave the three bytes out: some readers find the declaration no more";
    DECLARATION = Error "xml-declaration", "XML 1.0, 2.8: the declaration stands at the first byte",
        "let the document begin with <?xml version=\"1.0\" encoding=\"UTF-8\"?>, or without a declaration";
}

/// A document as text.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// Whether it could be decoded without loss.
    pub is_sound: bool,
}

/// Decodes a document that is no JSON.
pub fn xml<'a>(bytes: &'a [u8], report: &mut Report) -> Decoded<'a> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        if encoding == UTF_8 {
            report.add(&BOM, 0, "the document begins with a byte order mark");
        } else {
            report.add(&ENCODING, 0, format!("the document is in {}", encoding.name()));
        }
        return decode(bytes.get(length..).unwrap_or_default(), encoding, report);
    }
    let Some(label) = declared_encoding(bytes) else { return decode(bytes, UTF_8, report) };
    let Some(encoding) = Encoding::for_label(label.as_bytes()) else {
        report.add(&BYTES, 0, format!("the declaration names the encoding {label:?}, which nobody knows"));
        return decode(bytes, UTF_8, report);
    };
    // US-ASCII is a part of UTF-8; the label stands for windows-1252 on the web, which is the same below 128.
    if encoding != UTF_8 && !(label.eq_ignore_ascii_case("us-ascii") && bytes.is_ascii()) {
        report.add(&ENCODING, 0, format!("the document is in {label}"));
    }
    decode(bytes, encoding, report)
}

fn decode<'a>(bytes: &'a [u8], encoding: &'static Encoding, report: &mut Report) -> Decoded<'a> {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Decoded { text: Cow::Borrowed(text), is_sound: true },
            Err(error) => {
                let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
                report.add(&BYTES, error.valid_up_to(), format!("the byte {byte:#04x} is no UTF-8"));
                Decoded { text: String::from_utf8_lossy(bytes), is_sound: false }
            }
        };
    }
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    if lossy {
        report.add(&BYTES, 0, format!("the document holds bytes that are no {}", encoding.name()));
    }
    Decoded { text, is_sound: !lossy }
}

/// The encoding that an XML declaration at the first byte names.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let start = bytes.get(..bytes.len().min(200))?;
    let text: String = start.iter().map(|byte| char::from(*byte)).collect();
    let declaration = text.strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value.get(1..)?.split(quote).next()?.to_owned())
}

/// Checks an XML declaration that stands at the first byte: version, then encoding, then standalone.
pub fn check_declaration(text: &str, report: &mut Report) {
    let Some(inner) = text.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) else { return };
    if !inner.starts_with(BLANKS) {
        return;
    }
    let mut rest = inner;
    let mut next = 0;
    let order = ["version", "encoding", "standalone"];
    while !rest.trim_start_matches(BLANKS).is_empty() {
        let attribute =
            rest.starts_with(BLANKS).then(|| tag::split(rest.trim_start_matches(BLANKS))).flatten();
        let Some((name, value, after)) = attribute else {
            report.add(&DECLARATION, 0, "the XML declaration is not well-formed");
            return;
        };
        let place = order.iter().position(|known| *known == name).filter(|place| *place >= next);
        let is_sound = match (place, next) {
            (Some(0), 0) => value == "1.0",
            (Some(1), 1) => {
                value.starts_with(|c: char| c.is_ascii_alphabetic())
                    && value.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
            }
            (Some(2), 1 | 2) => value == "yes" || value == "no",
            _ => false,
        };
        if !is_sound {
            report.add(
                &DECLARATION,
                0,
                format!("the XML declaration says {name}={value:?} where it may not"),
            );
            return;
        }
        next = place.map_or(next, |place| place + 1);
        rest = after;
    }
    if next == 0 {
        report.add(&DECLARATION, 0, "the XML declaration has no version");
    }
}
