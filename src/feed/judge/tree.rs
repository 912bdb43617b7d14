//! A small XML tree: names with namespaces, texts, and the byte where each begins. It borrows from the document.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::feed::judge::space::Space;

/// An element.
#[derive(Debug)]
pub struct Element<'a> {
    /// What its name belongs to.
    pub space: Space,
    /// The name as it was written.
    pub written: &'a str,
    /// The name without its prefix.
    pub name: &'a str,
    /// Attributes, without declarations of namespaces.
    pub attributes: Vec<Attribute<'a>>,
    /// What it holds.
    pub nodes: Vec<Node<'a>>,
    /// Where its start tag begins.
    pub at: usize,
    /// Behind its end tag.
    pub end: usize,
}

/// An attribute.
#[derive(Debug)]
pub struct Attribute<'a> {
    /// What its name belongs to.
    pub space: Space,
    /// The name without its prefix.
    pub name: &'a str,
    /// Its value, references resolved.
    pub value: Cow<'a, str>,
    /// Where its name begins.
    pub at: usize,
}

/// What an element holds.
#[derive(Debug)]
pub enum Node<'a> {
    /// An element.
    Element(Element<'a>),
    /// A piece of text; references and CDATA sections are pieces of their own, so that every place can be found.
    Text(Cow<'a, str>, usize),
}

impl<'a> Element<'a> {
    /// Whether it has this name.
    #[must_use]
    pub fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    /// Its elements.
    pub fn children(&self) -> impl Iterator<Item = &Element<'a>> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(..) => None,
        })
    }

    /// Its elements of one name.
    pub fn all<'s>(&'s self, space: Space, name: &'s str) -> impl Iterator<Item = &'s Element<'a>> + 's {
        self.children().filter(move |child| child.is(space, name))
    }

    /// Its first element of one name.
    #[must_use]
    pub fn child(&self, space: Space, name: &str) -> Option<&Element<'a>> {
        self.children().find(|child| child.is(space, name))
    }

    /// An attribute without a namespace.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.space == Space::None && attribute.name == name)
    }

    /// `xml:lang` or `xml:base`.
    #[must_use]
    pub fn xml(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.space == Space::Xml && attribute.name == name)
    }

    /// Its own text, as it stands.
    #[must_use]
    pub fn raw_text(&self) -> Cow<'_, str> {
        let mut pieces = self.nodes.iter().filter_map(|node| match node {
            Node::Text(text, _) => Some(text.as_ref()),
            Node::Element(_) => None,
        });
        let first = pieces.next().unwrap_or_default();
        match pieces.next() {
            None => Cow::Borrowed(first),
            Some(second) => {
                let mut whole = format!("{first}{second}");
                pieces.for_each(|piece| whole.push_str(piece));
                Cow::Owned(whole)
            }
        }
    }

    /// Its own text without blanks around it.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self.raw_text() {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// Where the first character of [`Self::text`] stands; the element itself where there is none.
    #[must_use]
    pub fn text_at(&self) -> usize {
        let first = self.nodes.iter().find_map(|node| match node {
            Node::Text(text, at) => Some(at + text.find(|c: char| !c.is_whitespace())?),
            Node::Element(_) => None,
        });
        first.unwrap_or(self.at)
    }

    /// Where a byte of [`Self::raw_text`] stands in the document.
    #[must_use]
    pub fn locate(&self, mut offset: usize) -> usize {
        for node in &self.nodes {
            if let Node::Text(text, at) = node {
                if offset < text.len() {
                    return at + offset;
                }
                offset -= text.len();
            }
        }
        self.at
    }

    /// The path to the element that covers a byte: `rss/channel/item[2]/guid`.
    #[must_use]
    pub fn path(&self, offset: usize) -> String {
        let mut path = self.written.to_owned();
        let mut here = self;
        while let Some(child) = here.children().find(|child| child.at <= offset && offset < child.end) {
            path.push('/');
            path.push_str(child.written);
            let mut alike = here.children().filter(|other| other.written == child.written);
            let before = alike.by_ref().take_while(|other| other.at < child.at).count();
            if before > 0 || alike.next().is_some() {
                let _ = write!(path, "[{}]", before + 1);
            }
            here = child;
        }
        path
    }
}
