//! MDX: Markdown with imports, expressions in braces, and components. HTML stays, components give way to what they
//! enclose; nothing happens in code.

use crate::catalog::dialect::embed;
use crate::catalog::dialect::jsx::{Element, braces, element, string};
use crate::catalog::dialect::page::Page;
use crate::catalog::dialect::rewrite::{Kind, Rewriting};
use crate::catalog::dialect::tags::{Arguments, MOST_UNCLOSED};

/// Components that only hold others together.
const SILENT: [&str; 2] = ["Fragment", "React.Fragment"];

/// What is known while a body is written.
#[derive(Default)]
struct State {
    /// How far what stands in each open component is indented, once that is known.
    open: Vec<Option<usize>>,
    /// Braces and brackets that nothing closes.
    unclosed: usize,
}

/// Writes a body.
pub fn write(rewriting: &mut Rewriting<'_>, page: &Page<'_>) {
    let source = rewriting.source;
    let mut at = 0;
    let mut state = State::default();
    // The fence of the code block that is open.
    let mut fence: Option<&str> = None;
    while at < source.len() {
        let end = source[at..].find('\n').map_or(source.len(), |length| at + length + 1);
        let line = &source[at..end];
        let bare = line.trim_start();
        let mark = fence_of(bare);
        let skipped = indent(line, &mut state.open);
        if let Some(opened) = fence {
            if mark.is_some_and(|mark| mark.starts_with(opened) && bare.trim() == mark) {
                fence = None;
            }
            rewriting.copy(at + skipped..end);
            at = end;
        } else if mark.is_some() {
            fence = mark;
            rewriting.copy(at + skipped..end);
            at = end;
        } else if is_module(line) && starts_block(source, at) {
            at = module_end(source, at);
        } else {
            at = write_line(rewriting, page, at + skipped, end, &mut state);
        }
    }
}

/// What stands in components is indented, which Markdown would take for code: how much of it is to be left out.
fn indent(line: &str, open: &mut [Option<usize>]) -> usize {
    let indented = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match open.last_mut() {
        Some(known) if !line.trim().is_empty() => (*known.get_or_insert(indented)).min(indented),
        _ => 0,
    }
}

fn fence_of(line: &str) -> Option<&str> {
    let letter = line.chars().next().filter(|letter| matches!(letter, '`' | '~'))?;
    let length = line.chars().take_while(|other| *other == letter).count();
    (length >= 3).then(|| &line[..length])
}

fn is_module(line: &str) -> bool {
    ["import ", "import{", "export ", "export{"].iter().any(|word| line.starts_with(word))
}

/// Whether a line is the first of a block, or follows another of imports.
fn starts_block(source: &str, at: usize) -> bool {
    let before = source[..at].trim_end_matches(' ');
    let last = before.strip_suffix('\n').unwrap_or(before).rsplit('\n').next().unwrap_or_default();
    last.trim().is_empty() || is_module(last) || last.trim_end().ends_with([';', '}'])
}

/// Imports and exports go on to the next empty line.
fn module_end(source: &str, at: usize) -> usize {
    let rest = &source[at..];
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        end += line.len();
        if line.trim().is_empty() {
            break;
        }
    }
    at + end
}

/// Writes from `at` to the end of the line, or further where a tag or expression goes on; says how far.
fn write_line(
    rewriting: &mut Rewriting<'_>,
    page: &Page<'_>,
    mut at: usize,
    end: usize,
    state: &mut State,
) -> usize {
    let source = rewriting.source;
    let mut kept = at;
    while at < end {
        let rest = &source[at..];
        let letter = rest.chars().next().unwrap_or('\n');
        let width = letter.len_utf8();
        match letter {
            '\\' => at += width + rest[width..].chars().next().map_or(0, char::len_utf8),
            '`' => at += code_span(rest),
            '{' if state.unclosed < MOST_UNCLOSED => {
                let Some(length) = braces(rest) else {
                    state.unclosed += 1;
                    at += width;
                    continue;
                };
                rewriting.copy(kept..at);
                write_expression(rewriting, page, &rest[1..length - 1], at);
                at += length;
                kept = at;
            }
            '<' if state.unclosed < MOST_UNCLOSED => {
                let Some(element) = element(rest) else {
                    // `<https://example.org>` is Markdown's.
                    state.unclosed += usize::from(!source[at..end].contains('>'));
                    at += width;
                    continue;
                };
                rewriting.copy(kept..at);
                write_element(rewriting, &element, at, &mut state.open);
                at += element.text.len();
                kept = at;
            }
            _ => at += width,
        }
    }
    rewriting.copy(kept..at.min(source.len()));
    at
}

/// How long a span of code is; one backtick where it does not end before the next empty line.
fn code_span(text: &str) -> usize {
    let length = text.len() - text.trim_start_matches('`').len();
    let mark = &text[..length];
    let paragraph = text.split("\n\n").next().unwrap_or(text);
    let mut at = length;
    while let Some(start) = paragraph[at..].find('`') {
        let start = at + start;
        let run = paragraph[start..].len() - paragraph[start..].trim_start_matches('`').len();
        at = start + run;
        if run == mark.len() {
            return at;
        }
    }
    length
}

fn write_expression(rewriting: &mut Rewriting<'_>, page: &Page<'_>, expression: &str, at: usize) {
    let bare = expression.trim();
    if bare.is_empty() || bare.starts_with("/*") {
        return;
    }
    let value = string(bare).or_else(|| page.value(bare.strip_prefix("frontmatter.")?));
    if let Some(value) = value {
        rewriting.put(&value, at);
    } else {
        let line = bare.lines().next().unwrap_or_default();
        let short: String = line.chars().take(30).collect();
        let rest = if short.len() < bare.len() { "…" } else { "" };
        rewriting.notes.add(Kind::Dropped("expression"), &format!("{{{short}{rest}}}"), at);
    }
}

fn write_element(
    rewriting: &mut Rewriting<'_>,
    element: &Element<'_>,
    at: usize,
    open: &mut Vec<Option<usize>>,
) {
    let is_html = element.name.starts_with(char::is_lowercase) && !element.name.contains('.');
    if is_html && !element.has_expressions {
        return rewriting.copy(at..at + element.text.len());
    }
    if is_html {
        let attribute = |(key, value): &(&str, String)| format!(" {key}=\"{}\"", embed::escaped(value));
        let attributes: String = element.attributes.iter().map(attribute).collect();
        let end = if element.is_empty { " /" } else { "" };
        return rewriting.put(&format!("<{}{attributes}{end}>", element.name), at);
    }
    let is_silent = element.name.is_empty() || SILENT.contains(&element.name);
    if element.is_closing {
        open.pop();
        return;
    }
    if !element.is_empty {
        open.push(None);
    }
    let named = element.attributes.iter().map(|(key, value)| (key.to_lowercase(), value.clone()));
    let given = Arguments { plain: Vec::new(), named: named.collect() };
    match embed::known(element.name, &given) {
        Some(text) if text.starts_with('<') => rewriting.put_block(&text, at),
        Some(text) => rewriting.put(&text, at),
        None if is_silent => {}
        None if element.is_empty => rewriting.notes.add(Kind::Dropped("component"), element.name, at),
        None => rewriting.notes.add(Kind::Opened("component"), element.name, at),
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::dialect::bodies::tests::{plain_of as plain, told};
    use crate::catalog::dialect::generator::Markup;

    #[test]
    fn components_give_way_to_what_they_enclose() {
        let table = [
            ("import A from './a.jsx';\nimport B from 'b'\n\nText\n", "Text\n"),
            ("export const x = {\n  y: 1,\n};\n\nText", "Text"),
            ("Goods to import {\"and\"} sell{/* don't */}.", "Goods to import and sell."),
            (
                "<Note kind=\"x\">\n  Mind *this*.\n\n  ```js\n  {x}\n  ```\n</Note>\n",
                "\nMind *this*.\n\n```js\n{x}\n```\n\n",
            ),
            ("<A>\n\t<B>\n\t\tDeep\n\n\t\t- a\n\t\t\t- b\n\t</B>\n</A>", "\n\nDeep\n\n- a\n\t- b\n\n"),
            ("<YouTube id=\"abc\" />", "[Video on YouTube](https://www.youtube.com/watch?v=abc)"),
            ("<Image src=\"/a.png\" alt={\"A\"} width={3} />", "![A](</a.png>)"),
            ("<><Fragment>x</Fragment></>", "x"),
            ("<div style={{ color: 'red' }} id=\"a\">x</div>", "<div id=\"a\">x</div>"),
            (
                "`{x}` <b>and</b> 1 < 2 \\{y} <https://example.org>",
                "`{x}` <b>and</b> 1 < 2 \\{y} <https://example.org>",
            ),
            ("{frontmatter.title}: {a ? 'b' : 'c'}.", "Here: ."),
            ("<Chart\n  data={[1, 2]}\n/>.", "."),
        ];
        for (source, expected) in table {
            assert_eq!(plain(Markup::Mdx, source), expected, "{source}");
        }
    }

    #[test]
    fn a_body_full_of_braces_that_nothing_closes_is_read_in_time() {
        let source = "{ <a {".repeat(20_000);
        assert_eq!(plain(Markup::Mdx, &source), source);
    }

    #[test]
    fn what_is_not_known_is_counted_and_has_a_place() {
        let source = "import X from 'x'\n\n<X /> {a}\n <X /> <Y>\nz\n</Y>";
        let expected = [
            "a.md:5:1: warning: the component `X` is not known and was dropped (2 times)",
            "a.md:5:7: warning: the expression `{a}` is not known and was dropped",
            "a.md:6:8: warning: the component `Y` is not known; what it encloses was kept",
        ];
        assert_eq!(told(Markup::Mdx, source), expected);
    }
}
