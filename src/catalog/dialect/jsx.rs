//! JSX as it stands in MDX: how far a tag or an expression goes, and which attributes are plain strings.

/// A tag of JSX.
#[derive(Debug)]
pub struct Element<'a> {
    /// All of it.
    pub text: &'a str,
    /// Its name; empty for a fragment.
    pub name: &'a str,
    /// Attributes that are strings, as they were written.
    pub attributes: Vec<(&'a str, String)>,
    /// Whether some are expressions.
    pub has_expressions: bool,
    /// `</Name>`
    pub is_closing: bool,
    /// `<Name />`
    pub is_empty: bool,
}

/// The tag that `text` begins with; `None` for `1 < 2` and for what no bracket closes.
#[must_use]
pub fn element(text: &str) -> Option<Element<'_>> {
    let inside = &text[1..];
    let is_closing = inside.starts_with('/');
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let end = inside.find(|c: char| !c.is_alphanumeric() && !"._-:".contains(c))?;
    let (name, mut rest) = inside.split_at(end);
    // An address in angle brackets is Markdown's.
    if name.contains(':') || !(name.is_empty() || name.starts_with(char::is_alphabetic)) {
        return None;
    }
    let mut attributes = Vec::new();
    let mut has_expressions = false;
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix("/>") {
            let text = &text[..text.len() - behind.len()];
            return Some(Element { text, name, attributes, has_expressions, is_closing, is_empty: true });
        }
        if let Some(behind) = rest.strip_prefix('>') {
            let text = &text[..text.len() - behind.len()];
            return Some(Element { text, name, attributes, has_expressions, is_closing, is_empty: false });
        }
        if rest.starts_with('{') {
            has_expressions = true;
            rest = &rest[braces(rest)?..];
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=/>{<\"'".contains(c))?;
        if end == 0 {
            return None;
        }
        let (key, tail) = rest.split_at(end);
        rest = tail;
        let Some(value) = tail.strip_prefix('=') else {
            attributes.push((key, String::new()));
            continue;
        };
        if value.starts_with('{') {
            let length = braces(value)?;
            match string(value[1..length - 1].trim()) {
                Some(text) => attributes.push((key, text)),
                None => has_expressions = true,
            }
            rest = &value[length..];
        } else {
            let quote = value.chars().next().filter(|letter| "\"'".contains(*letter))?;
            let length = value[1..].find(quote)?;
            attributes.push((key, value[1..=length].to_owned()));
            rest = &value[length + 2..];
        }
    }
}

/// How long an expression in braces is, its braces with it.
#[must_use]
pub fn braces(text: &str) -> Option<usize> {
    let (mut open, mut quote) = (0usize, None);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (Some(_), '\\') => {
                letters.next();
            }
            (Some(mark), letter) if letter == mark => quote = None,
            // An apostrophe in a comment is no quote.
            (None, '"' | '`') => quote = Some(letter),
            (None, '\'') if !text.starts_with("{/*") => quote = Some(letter),
            (None, '{') => open += 1,
            (None, '}') => {
                open -= 1;
                if open == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The text of a string without anything in it to be filled in.
#[must_use]
pub fn string(expression: &str) -> Option<String> {
    let quote = expression.chars().next().filter(|letter| "\"'`".contains(*letter))?;
    let inside = expression.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_more = inside.contains(quote) || quote == '`' && inside.contains("${");
    (!is_more).then(|| inside.replace("\\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_ends_where_its_bracket_closes_it() {
        let table = [
            (
                "<A b=\"1 > 0\" c={x > {y: '>'}} d />rest",
                Some(("<A b=\"1 > 0\" c={x > {y: '>'}} d />", true)),
            ),
            ("</A.B>rest", Some(("</A.B>", false))),
            ("<>rest", Some(("<>", false))),
            ("< 2", None),
            ("<https://example.org>", None),
            ("<A b={", None),
        ];
        for (text, expected) in table {
            let found = element(text).map(|element| (element.text, element.is_empty));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn only_strings_without_holes_are_strings() {
        let table =
            [("\"a\"", Some("a")), ("`a`", Some("a")), ("`${a}`", None), ("'a' + 'b'", None), ("a", None)];
        for (text, expected) in table {
            assert_eq!(string(text).as_deref(), expected, "{text}");
        }
    }
}
