//! Simple selectors: names, classes and ids, alone, joined, and below one another. Others match nothing: what they say
//! about states and siblings is not needed to see whether a mail can be read.

use crate::digest::lint::document::{Document, Node};

/// A selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The innermost part first, each with whether it has to be the parent of the one before.
    parts: Vec<(Compound, bool)>,
}

/// `td.foot#end`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Compound {
    name: Option<String>,
    classes: Vec<String>,
    id: Option<String>,
}

impl Selector {
    /// Reads a selector; nothing for one that is not simple.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let spaced = text.replace('>', " > ");
        let mut parts = Vec::new();
        let mut is_parent = false;
        for word in spaced.split_whitespace().rev() {
            if word == ">" {
                is_parent = true;
                continue;
            }
            parts.push((compound(word)?, std::mem::take(&mut is_parent)));
        }
        (!parts.is_empty()).then_some(Self { parts })
    }

    /// How much it counts: ids, classes, names (Selectors 4, 17).
    #[must_use]
    pub fn specificity(&self) -> (usize, usize, usize) {
        let sum = |count: fn(&Compound) -> usize| self.parts.iter().map(|(part, _)| count(part)).sum();
        (
            sum(|part| usize::from(part.id.is_some())),
            sum(|part| part.classes.len()),
            sum(|part| usize::from(part.name.as_deref().is_some_and(|name| name != ":root"))),
        )
    }

    /// Whether it means this element.
    #[must_use]
    pub fn matches(&self, document: &Document, element: usize) -> bool {
        let mut around = document.and_around(element).map(|(_, node)| node);
        let Some(innermost) = around.next() else { return false };
        let mut parts = self.parts.iter();
        if !parts.next().is_some_and(|(part, _)| part.matches(innermost)) {
            return false;
        }
        parts.all(|(part, is_parent)| {
            if *is_parent {
                around.next().is_some_and(|node| part.matches(node))
            } else {
                around.any(|node| part.matches(node))
            }
        })
    }
}

impl Compound {
    fn matches(&self, node: &Node) -> bool {
        let classes = || node.attribute("class").unwrap_or_default().split_whitespace();
        !node.name.is_empty()
            && self.name.as_deref().is_none_or(|name| {
                name == "*" || name == node.name || (name == ":root" && node.name == "html")
            })
            && self.id.as_deref().is_none_or(|id| node.attribute("id") == Some(id))
            && self.classes.iter().all(|class| classes().any(|known| known == class))
    }
}

fn compound(word: &str) -> Option<Compound> {
    if word == ":root" {
        return Some(Compound { name: Some(word.to_owned()), ..Compound::default() });
    }
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '#' | '*');
    if !word.chars().all(is_plain) {
        return None;
    }
    let start = word.find(['.', '#']).unwrap_or(word.len());
    let (name, mut rest) = word.split_at(start);
    let mut found = Compound { name: (!name.is_empty()).then(|| name.to_lowercase()), ..Compound::default() };
    while let Some(mark) = rest.chars().next() {
        let end = rest[1..].find(['.', '#']).map_or(rest.len(), |end| end + 1);
        let value = rest[1..end].to_owned();
        if mark == '.' {
            found.classes.push(value);
        } else {
            found.id = Some(value);
        }
        rest = &rest[end..];
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_selectors_mean_what_they_mean() {
        let page = Document::read("<div id=o class='a b'><p class=c><a href=x>t</a></p></div>");
        let (link, _) = page.named("a").next().unwrap();
        let matches =
            |text: &str| Selector::parse(text).is_some_and(|selector| selector.matches(&page, link));
        for text in ["a", "*", "p a", "div > p > a", ".a.b a", "div#o .c a", "DIV a"] {
            assert!(matches(text), "{text}");
        }
        for text in ["p", "div > a", ".c.a a", "a:hover", "a[href]", "p + a", ".x a", ""] {
            assert!(!matches(text), "{text}");
        }
        assert_eq!(Selector::parse("div#o .c a").unwrap().specificity(), (1, 1, 2));
    }
}
