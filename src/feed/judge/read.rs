//! Reads XML into a tree, strictly: what is not well-formed ends the reading, as it does in a reader.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::Event;

use crate::feed::judge::decode::DECLARATION;
use crate::feed::judge::finding::{Report, rules};
use crate::feed::judge::space::{self, Space};
use crate::feed::judge::tag::{self, BLANKS, CHARACTER, DUPLICATE, NAME, REFERENCE, Written};
use crate::feed::judge::tree::{Attribute, Element, Node};

rules! {
    SYNTAX = Error "xml-syntax", "XML 1.0, 2.1: a document is well-formed",
        "look for a < that should be &lt;";
    MISMATCH = Error "xml-tag-mismatch", "XML 1.0, 3: an end tag has the name of its start tag",
        "close elements in the order in which they were opened";
    UNCLOSED = Error "xml-unclosed", "XML 1.0, 2.1: every element is closed",
        "look whether the file was cut off";
    AFTER_ROOT = Error "xml-outside-root", "XML 1.0, 2.1: there is one root element and no text beside it",
        "remove what stands outside of the root, such as the output of a warning";
    PREFIX = Error "xml-prefix", "Namespaces in XML 1.0, 5: a prefix is declared",
        "declare the prefix with xmlns:prefix=\"…\" on the root";
    DOCTYPE = Error "xml-doctype", "Known trouble: readers refuse document types, which can hold attacks",
        "remove the document type; feeds need none";
    CDATA_END = Error "xml-cdata-end", "XML 1.0, 2.4: ]]> does not appear in text",
        "write ]]&gt;";
    COMMENT = Error "xml-comment", "XML 1.0, 2.5: -- does not appear in a comment",
        "remove the comment";
    DEEP = Error "xml-too-deep", "Our own limit: 100 elements inside each other",
        "look for an element that is never closed";
    MANY = Error "xml-too-many", "Our own limit: a million elements, attributes and pieces of text; 200 namespaces",
        "publish fewer entries, and archives (RFC 5005) for the rest";
    XSLT = Warning "xml-stylesheet", "Known trouble: browsers give up XSLT",
        "style the feed with CSS, or give it a page beside it";
}

/// Nobody nests deeper; a hostile document would nest until the stack ends.
const DEEPEST: usize = 100;

/// Each name is looked up among the declarations around it. Real feeds have a dozen.
const MOST_SCOPES: usize = 200;

/// About 130 MB of tree at most.
const MOST_NODES: usize = 1_000_000;

/// The root of a document. Nothing where it is not well-formed, which is reported.
pub fn read<'a>(text: &'a str, report: &mut Report) -> Option<Element<'a>> {
    if let Some((at, c)) = tag::first_illegal(text) {
        report.add(&CHARACTER, at, format!("the character U+{:04X} is not allowed", c as u32));
        return None;
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut builder = Builder { text, open: Vec::new(), scopes: Vec::new(), root: None, nodes: 0 };
    loop {
        let start = position(reader.buffer_position());
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                explain(&error, position(reader.error_position()), &builder, report);
                return None;
            }
        };
        let end = position(reader.buffer_position());
        if matches!(event, Event::Eof) {
            return builder.finish(report);
        }
        builder.take(&event, start, end, report)?;
        if builder.nodes > MOST_NODES {
            report.add(
                &MANY,
                start,
                "the document has more than a million elements, attributes and pieces of text",
            );
            return None;
        }
    }
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

fn explain(error: &quick_xml::Error, at: usize, builder: &Builder<'_>, report: &mut Report) {
    match error {
        quick_xml::Error::IllFormed(
            IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_),
        ) => report.add(&MISMATCH, at, error.to_string()),
        quick_xml::Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
            report.add(&COMMENT, at, "a comment holds --");
        }
        quick_xml::Error::IllFormed(IllFormedError::UnclosedReference) => {
            report.add(&REFERENCE, at, "an ampersand begins no reference");
        }
        quick_xml::Error::Syntax(SyntaxError::InvalidBangMarkup) => {
            report.add(&SYNTAX, at, error.to_string());
        }
        quick_xml::Error::Syntax(_) => report.add(&UNCLOSED, at, error.to_string()),
        _ if builder.root.is_some() => report.add(&AFTER_ROOT, at, error.to_string()),
        _ => report.add(&SYNTAX, at, error.to_string()),
    }
}

struct Builder<'a> {
    text: &'a str,
    open: Vec<Element<'a>>,
    /// Declarations in scope, with the depth at which each was made.
    scopes: Vec<(usize, &'a str, Cow<'a, str>)>,
    root: Option<Element<'a>>,
    nodes: usize,
}

impl<'a> Builder<'a> {
    fn take(&mut self, event: &Event<'_>, start: usize, end: usize, report: &mut Report) -> Option<()> {
        let raw = self.text.get(start..end)?;
        match event {
            Event::Start(_) | Event::Empty(_) => {
                let element = self.element(raw, start, end, report)?;
                self.open.push(element);
                if matches!(event, Event::Empty(_)) {
                    self.close(end);
                } else if self.open.len() > DEEPEST {
                    report.add(&DEEP, start, "elements are nested more than a hundred deep");
                    return None;
                }
            }
            Event::End(_) => self.close(end),
            Event::Text(_) => {
                if let Some(at) = raw.find("]]>") {
                    report.add(&CDATA_END, start + at, "]]> stands in the text");
                    return None;
                }
                self.text(lines(raw), start, report)?;
            }
            Event::CData(_) => {
                let inner = raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>"))?;
                self.text(lines(inner), start + "<![CDATA[".len(), report)?;
            }
            Event::GeneralRef(_) => {
                let name = raw.trim_start_matches('&').trim_end_matches(';');
                let c = tag::reference(name, start, report)?;
                self.text(named(c), start, report)?;
            }
            Event::DocType(_) => {
                report.add(&DOCTYPE, start, "the document has a document type");
                return None;
            }
            Event::Decl(_) if start > 0 => {
                report.add(&DECLARATION, start, "something stands before the XML declaration");
                return None;
            }
            Event::PI(_) if !is_instruction(raw) => {
                report.add(&NAME, start, "the processing instruction has no name that it may have");
                return None;
            }
            Event::PI(_) if raw.starts_with("<?xml-stylesheet") && raw.contains("xsl") => {
                report.add(&XSLT, start, "the document is styled with XSLT");
            }
            _ => {}
        }
        Some(())
    }

    fn text(&mut self, text: Cow<'a, str>, at: usize, report: &mut Report) -> Option<()> {
        match self.open.last_mut() {
            Some(parent) => {
                parent.nodes.push(Node::Text(text, at));
                self.nodes += 1;
            }
            None if text.trim_matches(BLANKS).is_empty() => {}
            None => {
                let blanks = text.len() - text.trim_start().len();
                report.add(&AFTER_ROOT, at + blanks, "text stands outside of the root element");
                return None;
            }
        }
        Some(())
    }

    fn element(
        &mut self,
        raw: &'a str,
        start: usize,
        end: usize,
        report: &mut Report,
    ) -> Option<Element<'a>> {
        if self.root.is_some() {
            report.add(&AFTER_ROOT, start, "there is a second root element");
            return None;
        }
        let inner = raw.strip_prefix('<').and_then(|raw| raw.strip_suffix('>'))?;
        let (written, attributes) = tag::read(inner, start + 1, report)?;
        let depth = self.open.len();
        for attribute in &attributes {
            let prefix = match attribute.name.split_once(':') {
                Some(("xmlns", prefix)) => prefix,
                None if attribute.name == "xmlns" => "",
                _ => continue,
            };
            space::check(report, attribute.at, &attribute.value);
            self.scopes.push((depth, prefix, attribute.value.clone()));
        }
        if self.scopes.len() > MOST_SCOPES {
            report.add(&MANY, start, format!("more than {MOST_SCOPES} namespaces are declared at once"));
            return None;
        }
        let (space, name) = self.resolve(written, true, start, report)?;
        let attributes = self.attributes(attributes, report)?;
        self.nodes += 1 + attributes.len();
        Some(Element { space, written, name, attributes, nodes: Vec::new(), at: start, end })
    }

    fn attributes(&self, written: Vec<Written<'a>>, report: &mut Report) -> Option<Vec<Attribute<'a>>> {
        let mut attributes: Vec<Attribute<'a>> = Vec::with_capacity(written.len());
        for Written { name, value, at } in written {
            if name == "xmlns" || name.starts_with("xmlns:") {
                continue;
            }
            let (space, name) = self.resolve(name, false, at, report)?;
            let alike = |other: &Attribute<'_>| other.name == name && other.space == space;
            if space != Space::Other && attributes.iter().any(alike) {
                report.add(&DUPLICATE, at, format!("the attribute {name:?} stands twice under two prefixes"));
                return None;
            }
            attributes.push(Attribute { space, name, value, at });
        }
        Some(attributes)
    }

    /// The namespace and the local part of a name. The default namespace is none of attributes.
    fn resolve(
        &self,
        written: &'a str,
        is_element: bool,
        at: usize,
        report: &mut Report,
    ) -> Option<(Space, &'a str)> {
        let (prefix, name) = written.split_once(':').unwrap_or(("", written));
        let is_split = prefix.is_empty() != written.contains(':');
        if !is_split || !tag::is_name(name) || name.contains(':') {
            report.add(&PREFIX, at, format!("{written:?} is no prefix and a name"));
            return None;
        }
        if prefix == "xml" {
            return Some((Space::Xml, name));
        }
        if prefix.is_empty() && !is_element {
            return Some((Space::None, name));
        }
        match self.scopes.iter().rev().find(|(_, declared, _)| *declared == prefix) {
            Some((_, _, uri)) if !uri.is_empty() || prefix.is_empty() => Some((space::of(uri), name)),
            None if prefix.is_empty() => Some((Space::None, name)),
            _ => {
                report.add(&PREFIX, at, format!("the prefix {prefix:?} is not declared"));
                None
            }
        }
    }

    fn close(&mut self, end: usize) {
        let Some(mut element) = self.open.pop() else { return };
        element.end = end;
        let depth = self.open.len();
        while self.scopes.last().is_some_and(|(made, _, _)| *made >= depth) {
            self.scopes.pop();
        }
        match self.open.last_mut() {
            Some(parent) => parent.nodes.push(Node::Element(element)),
            None => self.root = Some(element),
        }
    }

    fn finish(self, report: &mut Report) -> Option<Element<'a>> {
        if let Some(element) = self.open.last() {
            report.add(&UNCLOSED, element.at, format!("<{}> is never closed", element.written));
            return None;
        }
        self.root
    }
}

/// Whether a processing instruction has a name, and not the declaration's (XML 1.0, 2.6).
fn is_instruction(raw: &str) -> bool {
    let inner = raw.trim_start_matches("<?").trim_end_matches("?>");
    let target = inner.split(BLANKS).next().unwrap_or_default();
    tag::is_name(target) && !target.contains(':') && !target.eq_ignore_ascii_case("xml")
}

/// Line ends as a parser makes them (XML 1.0, 2.11).
fn lines(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}

/// The text of a reference, without a memory of its own for those that are in every feed.
fn named(c: char) -> Cow<'static, str> {
    match c {
        '&' => Cow::Borrowed("&"),
        '<' => Cow::Borrowed("<"),
        '>' => Cow::Borrowed(">"),
        '"' => Cow::Borrowed("\""),
        '\'' => Cow::Borrowed("'"),
        other => Cow::Owned(other.to_string()),
    }
}
