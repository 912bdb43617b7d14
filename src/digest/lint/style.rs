//! CSS, read: declarations of `style` attributes, and the rules of `style` elements with the conditions around them. The
//! only place that knows the CSS tokenizer. What can't be read is passed over, as mail programs do.

use cssparser::{Delimiter, ParseError, Parser, Token};

/// `color: #fff !important`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// In lower case.
    pub property: String,
    /// As it was written, without `!important`.
    pub value: String,
    /// Whether it says `!important`.
    pub is_important: bool,
}

/// A rule with the conditions that it stands under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StyleRule {
    /// Its selectors, as they were written.
    pub selectors: Vec<String>,
    /// The at-rules around it, the outermost first: `media`, `(prefers-color-scheme: dark)`.
    pub within: Vec<(String, String)>,
    /// What it says.
    pub declarations: Vec<Declaration>,
}

/// What `style` elements say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its rules in their order.
    pub rules: Vec<StyleRule>,
    /// Names and preludes of its at-rules.
    pub at_rules: Vec<(String, String)>,
}

/// Reads the text of `style` elements.
#[must_use]
pub fn sheet(css: &str) -> Sheet {
    let mut sheet = Sheet::default();
    read_rules(&mut Parser::new(css), &[], &mut sheet);
    sheet
}

/// Reads the value of a `style` attribute.
#[must_use]
pub fn declarations(css: &str) -> Vec<Declaration> {
    read_declarations(&mut Parser::new(css))
}

/// Everything up to `delimiter`, as it was written.
fn until<'i>(input: &mut Parser<'i>, delimiter: cssparser::Delimiters) -> &'i str {
    let start = input.position();
    let _ = input.parse_until_before(delimiter, |inner| -> Result<(), ParseError<()>> {
        while inner.next().is_ok() {}
        Ok(())
    });
    input.slice_from(start).trim()
}

fn read_rules(input: &mut Parser<'_>, within: &[(String, String)], sheet: &mut Sheet) {
    loop {
        input.skip_whitespace();
        let state = input.state();
        let at_rule = match input.next() {
            Err(_) => return,
            Ok(Token::AtKeyword(name)) => Some(name.to_ascii_lowercase()),
            Ok(Token::CDO | Token::CDC | Token::Semicolon) => continue,
            Ok(_) => None,
        };
        if let Some(name) = at_rule {
            let prelude = until(input, Delimiter::CurlyBracketBlock | Delimiter::Semicolon).to_owned();
            sheet.at_rules.push((name.clone(), prelude.clone()));
            let has_block = matches!(input.next(), Ok(Token::CurlyBracketBlock));
            let holds_rules =
                matches!(name.as_str(), "media" | "supports" | "layer" | "container" | "document");
            if has_block && holds_rules {
                let inner_within: Vec<_> = within.iter().cloned().chain([(name, prelude)]).collect();
                let _ = input.parse_nested_block(|inner| -> Result<(), ParseError<()>> {
                    read_rules(inner, &inner_within, sheet);
                    Ok(())
                });
            }
            continue;
        }
        input.reset(&state);
        let selectors = until(input, Delimiter::CurlyBracketBlock).to_owned();
        if !matches!(input.next(), Ok(Token::CurlyBracketBlock)) {
            return;
        }
        let declarations =
            input.parse_nested_block(|inner| -> Result<_, ParseError<()>> { Ok(read_declarations(inner)) });
        sheet.rules.push(StyleRule {
            selectors: selectors.split(',').map(|selector| selector.trim().to_owned()).collect(),
            within: within.to_vec(),
            declarations: declarations.unwrap_or_default(),
        });
    }
}

fn read_declarations(input: &mut Parser<'_>) -> Vec<Declaration> {
    let mut found = Vec::new();
    loop {
        input.skip_whitespace();
        let property = match input.next() {
            Err(_) => return found,
            Ok(Token::Ident(name)) => Some(name.to_ascii_lowercase()),
            Ok(Token::Semicolon | Token::CurlyBracketBlock) => continue,
            Ok(_) => None,
        };
        let rest = until(input, Delimiter::Semicolon);
        let Some((property, value)) = property.zip(rest.strip_prefix(':')) else { continue };
        let value = value.trim();
        let important =
            value.rfind('!').filter(|mark| value[mark + 1..].trim().eq_ignore_ascii_case("important"));
        found.push(Declaration {
            property,
            value: value[..important.unwrap_or(value.len())].trim().to_owned(),
            is_important: important.is_some(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(css: &str) -> Vec<String> {
        let rule = |rule: &StyleRule| {
            let says: Vec<String> = rule
                .declarations
                .iter()
                .map(|one| {
                    format!("{}={}{}", one.property, one.value, if one.is_important { "!" } else { "" })
                })
                .collect();
            let within: Vec<&str> = rule.within.iter().map(|(_, prelude)| prelude.as_str()).collect();
            format!("[{}] {} {}", within.join(" & "), rule.selectors.join("|"), says.join(" "))
        };
        sheet(css).rules.iter().map(rule).collect()
    }

    #[test]
    fn rules_are_read_with_their_conditions() {
        let css = "/* c */ a, .b { COLOR: #fff !important; margin:0 auto } @import url(x.css);\n\
                   @media (prefers-color-scheme: dark) { p{color:red;} } @font-face { src: url(a;b) } i{x:\"};\"}";
        assert_eq!(
            shown(css),
            [
                "[] a|.b color=#fff! margin=0 auto",
                "[(prefers-color-scheme: dark)] p color=red",
                "[] i x=\"};\""
            ]
        );
        let names: Vec<String> = sheet(css).at_rules.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["import", "media", "font-face"]);
    }

    #[test]
    fn broken_css_ends() {
        for css in ["a{", "}}}", "a{b", "@media", "{{{{", "a{b:c}}d{e:f}", "a{;;b}", "@x {", "\0", "<!-- -->"]
        {
            let _ = sheet(css);
            let _ = declarations(css);
        }
        let _ = sheet(&"@media x {".repeat(10_000));
        assert_eq!(declarations("a; b:1; :2; c:3").len(), 2);
    }
}
