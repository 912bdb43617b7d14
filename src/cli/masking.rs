//! Masking: a line of the configuration is shown with what is wrong in it, and without the passwords that it holds.

/// The text with an asterisk for each character of a password: `password = "…"`, `password=…` in an address, and what
/// stands between name and host there.
#[must_use]
pub fn masked(text: &str) -> String {
    text.split_inclusive('\n').map(|line| mask_named(&mask_in_addresses(line))).collect()
}

/// Of `scheme://name:password@host`; a password may hold whatever does not end the address.
fn mask_in_addresses(line: &str) -> String {
    let Some((before, rest)) = line.split_once("://") else { return line.to_owned() };
    let end = rest.find(['"', '\'']).unwrap_or(rest.len());
    let (address, behind) = rest.split_at(end);
    let secret = address.rfind('@').and_then(|at| address[..at].find(':').map(|colon| colon + 1..at));
    let address = secret.map_or_else(
        || address.to_owned(),
        |span| {
            format!("{}{}{}", &address[..span.start], hidden(&address[span.clone()]), &address[span.end..])
        },
    );
    format!("{before}://{address}{}", mask_in_addresses(behind))
}

fn mask_named(line: &str) -> String {
    let Some((before, rest)) = line.split_once("password") else { return line.to_owned() };
    let is_between = |c: char| c.is_whitespace() || c == '=';
    let value = rest.trim_start_matches(is_between);
    // `password_file` names no password.
    let Some(gap) = rest.strip_suffix(value).filter(|gap| gap.contains('=')) else {
        return format!("{before}password{}", mask_named(rest));
    };
    let quote = value.chars().next().filter(|first| ['"', '\''].contains(first));
    let inner = quote.map_or(value, |_| &value[1..]);
    let is_end = |c: char| match quote {
        Some(quote) => c == quote,
        None => c.is_whitespace() || ['&', '"', '\'', '#'].contains(&c),
    };
    let (secret, behind) = inner.split_at(inner.find(is_end).unwrap_or_else(|| inner.trim_end().len()));
    let quote = quote.map(String::from).unwrap_or_default();
    format!("{before}password{gap}{quote}{}{}", hidden(secret), mask_named(behind))
}

fn hidden(secret: &str) -> String {
    "*".repeat(secret.chars().count())
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn passwords_are_hidden_and_nothing_else() {
        let table = [
            ("password = \"a b\" # why\n", "password = \"***\" # why\n"),
            ("password='ä", "password='*"),
            ("{ host = \"h\", password = \"x\" }", "{ host = \"h\", password = \"*\" }"),
            ("password_file = \"/run/x\"", "password_file = \"/run/x\""),
            (
                "database = \"postgres://ana:p:@/w@h:5/d?sslmode=on\"",
                "database = \"postgres://ana:*****@h:5/d?sslmode=on\"",
            ),
            (
                "database = \"postgres://h/d?password=x&sslmode=on\"",
                "database = \"postgres://h/d?password=*&sslmode=on\"",
            ),
            (
                "url = \"https://example.org:80/a\" # ask news@example.org",
                "url = \"https://example.org:80/a\" # ask news@example.org",
            ),
            ("a = \"x://b:c@d\"\r\nb = \"x://b:c@d\"", "a = \"x://b:*@d\"\r\nb = \"x://b:*@d\""),
        ];
        for (text, expected) in table {
            assert_eq!(masked(text), expected);
        }
    }
}
