//! The parts of a message (RFC 2046): what begins a multipart, and text in lines that every server takes.

use std::fmt::Write as _;

/// The header that begins a multipart (RFC 2046, 5.1), and the end of the headers.
#[must_use]
pub fn begin(kind: &str, boundary: &str, more: &str) -> String {
    format!("Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"{more}\r\n\r\n")
}

/// Adds a part whose body is quoted-printable already.
pub fn part(message: &mut String, boundary: &str, media_type: &str, body: &str) {
    let _ = write!(
        message,
        "--{boundary}\r\nContent-Type: {media_type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    );
    message.push_str(body);
    message.push_str("\r\n");
}
