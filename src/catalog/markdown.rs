//! Markdown as one stream of events, from which HTML and summaries are made.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

/// Where an author ends the summary by hand: `<!-- more -->`, in any spacing.
const MORE: &str = "<!--more-->";

/// The events of an article's body. Footnotes are labelled `scope-label`, so that two articles on one page do
/// not share an anchor; task list boxes become characters, for readers drop form controls.
pub fn events<'a>(markdown: &'a str, scope: &'a str) -> impl Iterator<Item = Event<'a>> {
    let scoped = move |label: &str| CowStr::from(format!("{scope}-{label}"));
    shallow(parser(markdown)).map(move |event| match event {
        Event::FootnoteReference(label) => Event::FootnoteReference(scoped(&label)),
        Event::Start(Tag::FootnoteDefinition(label)) => Event::Start(Tag::FootnoteDefinition(scoped(&label))),
        Event::TaskListMarker(done) => Event::Text(CowStr::from(if done { "☑ " } else { "☐ " })),
        other => other,
    })
}

/// Deeper than anybody writes, and far less than what a parser of HTML gets slow with: it looks through all open
/// elements at each tag.
const DEEPEST: usize = 100;

/// The events without quotes, lists and emphasis in more than [`DEEPEST`] others; what they hold stays.
fn shallow<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut depth = 0_usize;
    events.filter(move |event| match event {
        Event::Start(
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item | Tag::Emphasis | Tag::Strong | Tag::Strikethrough,
        ) => {
            depth += 1;
            depth <= DEEPEST
        }
        Event::End(
            TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough,
        ) => {
            depth -= 1;
            depth < DEEPEST
        }
        _ => true,
    })
}

/// The events of a body, each with the bytes that it comes from.
pub fn places(markdown: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    parser(markdown).into_offset_iter()
}

/// The addresses that `[label]: address` defines, and the bytes of each definition, in order.
#[must_use]
pub fn definitions(markdown: &str) -> Vec<(Range<usize>, String)> {
    let parser = parser(markdown);
    let found = parser.reference_definitions().iter();
    let mut found: Vec<_> =
        found.map(|(_, definition)| (definition.span.clone(), definition.dest.to_string())).collect();
    found.sort_by_key(|(span, _)| span.start);
    found
}

fn parser(markdown: &str) -> Parser<'_> {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    options.set(Options::ENABLE_HEADING_ATTRIBUTES, markdown.contains('}') && !has_bare_task(markdown));
    Parser::new_ext(markdown, options)
}

/// Whether a box of a task list has nothing behind it, or a backslash alone. Where the next line makes a heading of it, the
/// parser looks for attributes in front of its beginning, and panics (pulldown-cmark 0.13.6).
fn has_bare_task(markdown: &str) -> bool {
    let boxes = ["[ ]", "[x]", "[X]"].into_iter().flat_map(|task| markdown.match_indices(task));
    boxes.into_iter().any(|(at, task)| {
        let rest = markdown[at + task.len()..].split(['\n', '\r']).next().unwrap_or_default();
        matches!(rest.trim(), "" | "\\")
    })
}

/// Whether this piece of raw HTML is the mark that ends the summary.
#[must_use]
pub fn is_more(html: &str) -> bool {
    html.contains("more") && html.split_whitespace().collect::<String>().contains(MORE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_deeper_than_anybody_writes_loses_its_nesting_and_no_word() {
        for (written, tag) in [("> ", "<blockquote>"), ("1. ", "<ol>"), ("- ", "<ul>"), ("*a **b ", "<em>")] {
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, events(&(written.repeat(1000) + "word"), "s"));
            assert!(html.matches(tag).count() <= DEEPEST && html.contains("word"), "{written:?}");
            assert_eq!(
                html.matches(tag).count(),
                html.matches(&tag.replace('<', "</")).count(),
                "{written:?}"
            );
        }
    }

    #[test]
    fn a_heading_that_is_a_bare_task_is_read() {
        for task in
            ["- [ ] \\\n  - ", "\n- [ ] \\\n  - \n# A {#b}", "* [x]\n  ===\n{}", "1. [ ] \\\n   = {#a}"]
        {
            assert!(events(task, "s").count() > 0, "{task:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_markdown_is_too_strange(text in "([-*+>#=|{}\\[\\]() x^:1.!`~_<&\\\\\n]|- \\[ \\]|\\{#a\\}|\\[\\^a\\]){0,40}") {
            let _ = events(&text, "s").count();
            let _ = places(&text).count();
            let _ = definitions(&text);
        }
    }
}
