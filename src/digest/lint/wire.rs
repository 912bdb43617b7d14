//! The message as it goes over the wire: how long its lines are, how large it is, and where its headers end.

use memchr::memmem;

use crate::digest::lint::finding::{Part, Report, rules, said};
use crate::digest::lint::specimen::Specimen;

rules! {
    LINE_LONG = Error "mail-line-long", "RFC 5322, 2.1.1",
        "break the line, or let the part be encoded: servers cut or refuse lines of more than 998 octets";
    LINE_ENCODED = Error "mail-line-encoded", "RFC 2045, 6.7 (5) and 6.8",
        "break encoded lines after at most 76 characters";
    LINE_BARE = Error "mail-line-bare", "RFC 5322, 2.3; RFC 5321, 2.3.8",
        "end each line with CR LF, and let neither stand alone";
    SIZE_CLIPPED = Error "mail-size-clipped", "Gmail shows 102,400 bytes of HTML, and hides the rest behind a link",
        "lower `most` of the digest, or shorten its template: the end, which holds the way to unsubscribe, is cut off";
    SIZE_NEAR = Warning "mail-size-near", "Gmail shows 102,400 bytes of HTML, and hides the rest behind a link",
        "lower `most` of the digest, or shorten its template, before the end is cut off";
    SIZE_MESSAGE = Warning "mail-size-message", "Gmail shows 102,400 bytes; some count the message as it travels",
        "lower `most` of the digest, or shorten its templates";
}

/// Bytes of HTML that Gmail shows.
pub const CLIP: usize = 102_400;

/// Octets of a line without its CR LF.
const LONGEST_LINE: usize = 998;

/// Characters of a line that is encoded.
const LONGEST_ENCODED: usize = 76;

/// Looks at the bytes, and at the size of the HTML.
pub fn check(specimen: &Specimen<'_>, report: &mut Report) {
    check_lines(specimen.bytes, report);
    // Lines end in CR LF once they are sent.
    let html = specimen.html.len() + specimen.html.matches('\n').count();
    let shown = |bytes: usize| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
    if html > CLIP {
        let message = format!("the HTML has {}, {} more than Gmail shows", shown(html), shown(html - CLIP));
        report.add(Part::Html, &SIZE_CLIPPED, message, &[]);
    } else if html >= CLIP / 10 * 9 {
        let message = format!("the HTML has {}, and Gmail shows no more than {}", shown(html), shown(CLIP));
        report.add(Part::Html, &SIZE_NEAR, message, &[]);
    } else if specimen.bytes.len() > CLIP {
        let message = format!("the message has {} with both parts", shown(specimen.bytes.len()));
        report.add(Part::Message, &SIZE_MESSAGE, message, &[]);
    }
}

fn check_lines(bytes: &[u8], report: &mut Report) {
    let mut encoding = Encoding { boundary: boundary(bytes), ..Encoding::default() };
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let is_last = line.as_ptr_range().end == bytes.as_ptr_range().end;
        let text = line.strip_suffix(b"\r");
        if text.is_none() && !is_last || text.unwrap_or(line).contains(&b'\r') {
            let message = format!("line {} of the message has a CR or LF that stands alone", number + 1);
            report.add_once(Part::Message, &LINE_BARE, "line", message, &[]);
        }
        let line = text.unwrap_or(line);
        let shown = String::from_utf8_lossy(&line[..line.len().min(40)]);
        let is_encoded = encoding.is_encoded(line);
        if line.len() > LONGEST_LINE {
            let message = format!("a line of the message has {} octets: {shown}…", line.len());
            report.add(Part::Message, &LINE_LONG, message, &[said(&shown)]);
        } else if is_encoded && line.len() > LONGEST_ENCODED {
            let message = format!("an encoded line has {} characters: {shown}…", line.len());
            report.add(Part::Message, &LINE_ENCODED, message, &[]);
        }
    }
}

/// What divides the parts (RFC 2046, 5.1.1); empty where there is one part.
fn boundary(bytes: &[u8]) -> Vec<u8> {
    let value = memmem::find(bytes, b"boundary=").map(|at| &bytes[at + "boundary=".len()..]);
    let value = value.unwrap_or_default();
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let end = value.iter().position(|byte| matches!(byte, b'"' | b';' | b'\r' | b'\n'));
    value[..end.unwrap_or(value.len())].to_vec()
}

/// Whether one is in a part that is encoded.
#[derive(Default)]
struct Encoding {
    boundary: Vec<u8>,
    is_body: bool,
    is_encoded: bool,
}

impl Encoding {
    fn is_encoded(&mut self, line: &[u8]) -> bool {
        if line.strip_prefix(b"--").is_some_and(|rest| rest.starts_with(&self.boundary))
            && !self.boundary.is_empty()
        {
            // A new part begins with its headers.
            (self.is_body, self.is_encoded) = (false, false);
        } else if self.is_body {
            return self.is_encoded;
        } else if line.is_empty() {
            self.is_body = true;
        } else {
            let line = line.to_ascii_lowercase();
            let says = |word: &[u8]| memmem::find(&line, word).is_some();
            if line.starts_with(b"content-transfer-encoding:") {
                self.is_encoded = says(b"base64") || says(b"quoted-printable");
            }
        }
        false
    }
}
