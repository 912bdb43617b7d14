//! Header fields of a finished message, and their relaxed form (RFC 6376, 3.4.2).

use memchr::memmem;

/// One field: its name, and what stands behind the colon, without the final CR LF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'m> {
    pub(super) name: &'m [u8],
    pub(super) value: &'m [u8],
}

/// Header and body of a message, without the empty line between them; without one, all of it is header.
#[must_use]
pub fn parted(message: &[u8]) -> (&[u8], &[u8]) {
    match memmem::find(message, b"\r\n\r\n") {
        Some(at) => (&message[..at + 2], &message[at + 4..]),
        None => (message, &[]),
    }
}

/// The fields in their order. A line without a colon is given back as the error.
pub(super) fn fields(header: &[u8]) -> Result<Vec<Field<'_>>, &[u8]> {
    // A digest has some twenty.
    let mut fields = Vec::with_capacity(32);
    let mut rest = header;
    while !rest.is_empty() {
        let end = end_of_field(rest);
        let line = &rest[..end];
        rest = rest.get(end + 2..).unwrap_or_default();
        let colon = memchr::memchr(b':', line).ok_or(line)?;
        fields.push(Field { name: line[..colon].trim_ascii_end(), value: &line[colon + 1..] });
    }
    Ok(fields)
}

/// Where the CR LF is that no white space follows: a line that begins with white space goes on with the field (RFC 5322,
/// 2.2.3).
fn end_of_field(header: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', header)
        .filter(|at| !matches!(header.get(at + 1), Some(b' ' | b'\t')))
        .find_map(|at| at.checked_sub(1).filter(|cr| header[*cr] == b'\r'))
        .unwrap_or(header.len())
}

/// Adds a field in relaxed form, without a CR LF: the name in lower case, lines unfolded, white space as one blank,
/// none at either end of the value.
pub(super) fn relax(field: Field<'_>, into: &mut Vec<u8>) {
    into.extend(field.name.iter().map(u8::to_ascii_lowercase));
    into.push(b':');
    // CR LF is only met where a field is folded, in front of white space.
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let words = field.value.split(is_blank).filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            into.push(b' ');
        }
        into.extend_from_slice(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relaxed(header: &str) -> String {
        let mut into = Vec::new();
        for field in fields(header.as_bytes()).unwrap() {
            relax(field, &mut into);
            into.extend_from_slice(b"\r\n");
        }
        String::from_utf8(into).unwrap()
    }

    #[test]
    fn the_example_of_the_rfc_comes_out() {
        // RFC 6376, 3.4.5, example 1.
        assert_eq!(relaxed("A: X\r\nB : Y\t\r\n\tZ  \r\n"), "a:X\r\nb:Y Z\r\n");
    }

    #[test]
    fn odd_fields_are_read_as_they_stand() {
        assert_eq!(
            relaxed("Subject:\r\n =?utf-8?b?w6Q=?=\r\n =?utf-8?b?w6Q=?=\r\nX:\r\nY:  \t\r\n"),
            "subject:=?utf-8?b?w6Q=?= =?utf-8?b?w6Q=?=\r\nx:\r\ny:\r\n"
        );
        assert_eq!(relaxed("a:b:c"), "a:b:c\r\n");
        assert_eq!(fields(b"A: 1\r\nnothing\r\n"), Err(&b"nothing"[..]));
    }

    #[test]
    fn a_message_is_parted_at_its_first_empty_line() {
        assert_eq!(parted(b"A: 1\r\n\r\nb\r\n\r\nc"), (&b"A: 1\r\n"[..], &b"b\r\n\r\nc"[..]));
        assert_eq!(parted(b"A: 1\r\n"), (&b"A: 1\r\n"[..], &b""[..]));
    }
}
