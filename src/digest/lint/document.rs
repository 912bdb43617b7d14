//! The HTML part as a tree: elements with their attributes and text, each behind its parent. Reads what mail templates
//! write; end tags that HTML lets one leave out are put in where mails have them (paragraphs, cells, list items).

use crate::catalog::html::{self, Piece};

/// Elements without content (HTML, 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements whose text nobody reads.
const UNREAD: [&str; 7] = ["head", "script", "style", "template", "noscript", "title", "iframe"];

/// Elements that stand in a line of text; all others begin a new block.
const INLINE: [&str; 20] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "mark", "q", "s",
    "small", "span", "strong", "sup", "u",
];

/// An element or a piece of text.
#[derive(Debug)]
pub struct Node {
    /// The index of the element that it is in; of the outermost, none.
    pub parent: Option<usize>,
    /// The element's name in lower case; empty for text.
    pub name: String,
    /// The element's attributes, their names in lower case.
    pub attributes: Vec<(String, String)>,
    /// The text; empty for an element.
    pub text: String,
    /// How many blocks had begun before it.
    pub block: usize,
}

impl Node {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        html::attribute(&self.attributes, name)
    }

    /// Whether it is text that is more than blanks.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.name.is_empty() && !self.text.trim().is_empty()
    }
}

/// A page as a list of nodes in the order of the document: parents stand before what is in them.
#[derive(Debug, Default)]
pub struct Document {
    /// All nodes.
    pub nodes: Vec<Node>,
}

impl Document {
    /// Reads a page.
    #[must_use]
    pub fn read(html: &str) -> Self {
        let mut reading = Reading::default();
        html::pieces(html, |piece, _| reading.take(&piece));
        Self { nodes: reading.nodes }
    }

    /// The elements with this name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (usize, &'a Node)> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.name == name)
    }

    /// A node and everything that it is in, the innermost first.
    pub fn and_around(&self, index: usize) -> impl Iterator<Item = (usize, &Node)> {
        let around = std::iter::successors(Some(index), |index| self.nodes[*index].parent);
        around.map(|index| (index, &self.nodes[index]))
    }

    /// Whether a node is in an element with this name.
    #[must_use]
    pub fn is_in(&self, index: usize, name: &str) -> bool {
        self.and_around(index).skip(1).any(|(_, node)| node.name == name)
    }

    /// Whether a node is where people read.
    #[must_use]
    pub fn is_read(&self, index: usize) -> bool {
        !self.and_around(index).any(|(_, node)| UNREAD.contains(&node.name.as_str()))
    }

    /// The text in an element, pictures by their alternative text, on one line.
    #[must_use]
    pub fn text_in(&self, element: usize) -> String {
        let mut text = String::new();
        for (index, node) in self.nodes.iter().enumerate().skip(element) {
            let is_inside = self.and_around(index).any(|(around, _)| around == element);
            if !is_inside {
                break;
            }
            text.push_str(&node.text);
            if node.name == "img" {
                text.push(' ');
                text.push_str(node.attribute("alt").unwrap_or_default());
                text.push(' ');
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What all `style` elements say.
    #[must_use]
    pub fn styles(&self) -> String {
        let is_style = |node: &&Node| node.parent.is_some_and(|parent| self.nodes[parent].name == "style");
        self.nodes.iter().filter(is_style).map(|node| node.text.as_str()).collect()
    }
}

/// A page while it is read.
#[derive(Default)]
struct Reading {
    nodes: Vec<Node>,
    open: Vec<usize>,
    blocks: usize,
}

impl Reading {
    fn take(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Open(name, attributes) => {
                self.end_implied(name);
                self.blocks += usize::from(!INLINE.contains(name));
                let index = self.push(name, attributes.to_vec(), String::new());
                if !VOID.contains(name) {
                    self.open.push(index);
                }
            }
            Piece::Close(name) => {
                self.blocks += usize::from(!INLINE.contains(name));
                if let Some(depth) = self.open.iter().rposition(|index| self.nodes[*index].name == *name) {
                    self.open.truncate(depth);
                }
            }
            Piece::Text(text) => {
                let parent = self.open.last().copied();
                match self.nodes.last_mut() {
                    Some(last)
                        if last.name.is_empty() && last.parent == parent && last.block == self.blocks =>
                    {
                        last.text.push_str(text);
                    }
                    _ => drop(self.push("", Vec::new(), (*text).to_owned())),
                }
            }
        }
    }

    fn push(&mut self, name: &str, attributes: Vec<(String, String)>, text: String) -> usize {
        let parent = self.open.last().copied();
        self.nodes.push(Node { parent, name: name.to_owned(), attributes, text, block: self.blocks });
        self.nodes.len() - 1
    }

    /// Ends what a start tag ends by itself (HTML, 13.1.2.4).
    fn end_implied(&mut self, name: &str) {
        let (ends, up_to): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol"]),
            "tr" => (&["tr", "td", "th"], &["table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "body" => (&["head"], &[]),
            "p" | "div" | "table" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" => {
                (&["p"], &["td", "th", "table", "div", "li"])
            }
            _ => return,
        };
        let name_of = |index: &usize| self.nodes[*index].name.as_str();
        let from = self.open.iter().rposition(|index| up_to.contains(&name_of(index))).map_or(0, |at| at + 1);
        if let Some(first) = self.open[from..].iter().position(|index| ends.contains(&name_of(index))) {
            self.open.truncate(from + first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_paragraphs_end_where_the_next_begins() {
        let page = Document::read("<table><tr><td><p>a<p>b<td>c<tr><td>d</table><ul><li>e<li>f</ul><p>g</p>");
        let texts: Vec<(String, String)> = page
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.is_text())
            .map(|(index, node)| {
                let around: Vec<&str> =
                    page.and_around(index).skip(1).map(|(_, node)| node.name.as_str()).collect();
                (node.text.clone(), around.join(" "))
            })
            .collect();
        let expected = [
            ("a", "p td tr table"),
            ("b", "p td tr table"),
            ("c", "td tr table"),
            ("d", "td tr table"),
            ("e", "li ul"),
            ("f", "li ul"),
            ("g", "p"),
        ];
        assert_eq!(texts, expected.map(|(text, around)| (text.to_owned(), around.to_owned())));
    }

    #[test]
    fn text_of_an_element_has_its_pictures() {
        let page = Document::read("<p>x</p><a href=y> one <b>two</b><img alt=\"three\"></a> four");
        let (link, _) = page.named("a").next().unwrap();
        assert_eq!(page.text_in(link), "one two three");
    }
}
