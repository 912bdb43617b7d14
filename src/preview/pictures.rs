//! Pictures that come along with a mail (RFC 2392), put into its HTML: a browser knows no `cid:`.

use crate::text::html_escape;

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
    use super::within;

    #[test]
    fn a_picture_of_the_message_is_shown_in_its_place() {
        let message = b"To: x\r\n\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <1.x@picture>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\nBBBB\r\n\r\n--b--\r\n";
        let html = "<img src=\"cid:1.x@picture\"><img src=\"cid:2.x@picture\">";
        let expected = "<img src=\"data:image/png;base64,AAAABBBB\"><img src=\"cid:2.x@picture\">";
        assert_eq!(within(html, message), expected);
    }
}
