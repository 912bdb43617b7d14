//! What kramdown, Jekyll's Markdown, writes in braces: attributes (`{: .wide}`), extensions (`{::comment}`) and
//! the place of the table of contents (`{:toc}`). Readers see none of it.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::catalog::markdown;

/// The parts of a body to take out, in order.
#[must_use]
pub fn attributes(body: &str) -> Vec<Range<usize>> {
    if !body.contains("{:") {
        return Vec::new();
    }
    let code = code(body);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(start) = body[at..].find("{:") {
        let start = at + start;
        let line_end = body[start..].find('\n').map_or(body.len(), |length| start + length);
        at = start + 2;
        if code.iter().any(|range| range.contains(&start)) {
            continue;
        }
        let Some(length) = body[start..line_end].find('}') else { continue };
        at = start + length + 1;
        let inside = &body[start..at];
        let line_start = body[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let is_alone = body[line_start..start].trim().is_empty() && body[at..line_end].trim().is_empty();
        let from = match (is_alone, inside) {
            // The list item before it is only there to be replaced.
            (true, "{:toc}") => list_item_before(body, line_start).unwrap_or(line_start),
            (true, _) => line_start,
            (false, _) => start,
        };
        let from = from.max(found.last().map_or(0, |range| range.end));
        found.push(from..if is_alone { (line_end + 1).min(body.len()) } else { at });
        at = at.max(found.last().map_or(0, |range| range.end));
    }
    found
}

/// The start of the line before, where that is one item of a list.
fn list_item_before(body: &str, line_start: usize) -> Option<usize> {
    let before = body[..line_start].strip_suffix('\n')?;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before[start..].trim_start();
    let is_item = line.starts_with("* ") || line.starts_with("- ") || line.starts_with("1. ");
    is_item.then_some(start)
}

/// Where there is code.
fn code(body: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for (event, range) in markdown::places(body) {
        if matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))) {
            ranges.push(range);
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_go_and_code_stays() {
        let table = [
            ("# Head {#id}\n{: .wide}\nText\n", "# Head {#id}\nText\n"),
            ("A *b*{: .c} d", "A *b* d"),
            ("* TOC\n{:toc}\n\nText", "\nText"),
            ("{::comment}\nx\n{:/comment}\n", "x\n"),
            ("`{: .a}` and\n\n```\n{: .b}\n```\n", "`{: .a}` and\n\n```\n{: .b}\n```\n"),
            ("{: never closed\n}", "{: never closed\n}"),
        ];
        for (source, expected) in table {
            let mut result = String::new();
            let mut at = 0;
            for range in attributes(source) {
                result.push_str(&source[at..range.start]);
                at = range.end;
            }
            result.push_str(&source[at..]);
            assert_eq!(result, expected, "{source:?}");
        }
    }
}
