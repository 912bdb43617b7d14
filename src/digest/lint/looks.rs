//! How each element looks, as far as reading goes: colours, size and weight of its text, and whether it shows at all. From
//! inline styles, old attributes, and the simple rules of `style` elements, in light or in dark mode.

use crate::digest::lint::colour::{self, Colour};
use crate::digest::lint::document::Document;
use crate::digest::lint::selector::Selector;
use crate::digest::lint::specimen::Page;
use crate::digest::lint::style::{self, Declaration, Sheet, StyleRule};

/// Which of its two faces a mail shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As mail programs show it by day.
    Light,
    /// As those show it at night that know `prefers-color-scheme`.
    Dark,
}

/// How an element looks.
#[derive(Clone, Debug)]
pub struct Look {
    /// The colour of its text; none where it can't be known.
    pub text: Option<Colour>,
    /// What the text stands on; none where it can't be known, as with a picture.
    pub ground: Option<Colour>,
    /// As the text's colour was written.
    pub text_written: String,
    /// As the ground was written.
    pub ground_written: String,
    /// Size of its text in CSS pixels.
    pub size: f64,
    /// Whether its text is bold.
    pub is_bold: bool,
    /// What hides it, as it was written.
    pub hidden: Option<String>,
}

/// Pixels of text that says nothing of its size.
const USUAL_SIZE: f64 = 16.0;

/// How every node of a page looks; text looks as what it is in.
#[must_use]
pub fn looks(page: &Page, mode: Mode) -> Vec<Look> {
    let rules = rules_of(&page.sheet, mode);
    let document = &page.document;
    // Browsers' own colours; those of the night where the mail says that it knows how to be dark.
    let is_night = mode == Mode::Dark && knows_dark(page);
    let (text, ground, link) = if is_night {
        (Colour::opaque(255, 255, 255), Colour::opaque(18, 18, 18), Colour::opaque(158, 158, 255))
    } else {
        (Colour::opaque(0, 0, 0), Colour::opaque(255, 255, 255), Colour::opaque(0, 0, 238))
    };
    let outermost = Look {
        text: Some(text),
        ground: Some(ground),
        text_written: String::new(),
        ground_written: String::new(),
        size: USUAL_SIZE,
        is_bold: false,
        hidden: None,
    };
    let mut looks: Vec<Look> = Vec::with_capacity(document.nodes.len());
    for index in 0..document.nodes.len() {
        let around = document.nodes[index].parent.map_or(&outermost, |parent| &looks[parent]);
        let look = look(document, index, around, &rules, link);
        looks.push(look);
    }
    looks
}

/// Whether a page says that it has a dark face (CSS Color Adjustment 1, 2).
fn knows_dark(page: &Page) -> bool {
    let says = page.document.named("meta").any(|(_, meta)| {
        meta.attribute("name") == Some("color-scheme")
            && meta.attribute("content").unwrap_or_default().contains("dark")
    });
    let scheme = |one: &Declaration| one.property == "color-scheme" && one.value.contains("dark");
    says || page.sheet.rules.iter().any(|rule| rule.declarations.iter().any(scheme))
}

/// The rules of a mode that can be followed, those that count more behind those that count less.
fn rules_of(sheet: &Sheet, mode: Mode) -> Vec<(Selector, &StyleRule)> {
    let mut rules: Vec<(Selector, &StyleRule)> = sheet
        .rules
        .iter()
        .filter(|rule| rule.within.iter().all(|(name, prelude)| applies(name, prelude, mode)))
        .flat_map(|rule| rule.selectors.iter().filter_map(move |text| Some((Selector::parse(text)?, rule))))
        .collect();
    rules.sort_by_key(|(selector, _)| selector.specificity());
    rules
}

/// Whether what stands in an at-rule counts: on a large screen, in this mode.
fn applies(name: &str, prelude: &str, mode: Mode) -> bool {
    let prelude: String = prelude.to_ascii_lowercase().split_whitespace().collect();
    name == "media"
        && match prelude.as_str() {
            "" | "all" | "screen" => true,
            _ if prelude.contains("and") && !prelude.starts_with("screenand") => false,
            _ => mode == Mode::Dark && prelude.ends_with("(prefers-color-scheme:dark)"),
        }
}

fn look(
    document: &Document,
    index: usize,
    around: &Look,
    rules: &[(Selector, &StyleRule)],
    link: Colour,
) -> Look {
    let node = &document.nodes[index];
    let mut look = around.clone();
    if node.name.is_empty() {
        return look;
    }
    by_itself(&node.name, node.attribute("href").is_some(), link, &mut look);
    if node.attribute("background").is_some() {
        look.ground = None;
    }
    for (attribute, property) in [("bgcolor", "background-color"), ("color", "color")] {
        if let Some(value) = node.attribute(attribute) {
            let value = value.to_owned();
            follow(
                &Declaration { property: property.to_owned(), value, is_important: false },
                around,
                &mut look,
            );
        }
    }
    if node.attribute("hidden").is_some() {
        look.hidden.get_or_insert_with(|| "hidden".to_owned());
    }
    let own = style::declarations(node.attribute("style").unwrap_or_default());
    let of_sheet: Vec<&Declaration> = rules
        .iter()
        .filter(|(selector, _)| selector.matches(document, index))
        .flat_map(|(_, rule)| &rule.declarations)
        .collect();
    // What says !important wins over what does not; within both, the element's own style over the sheet (CSS Cascade 4, 6).
    let said = of_sheet.iter().copied().chain(&own);
    let mut winners: Vec<&Declaration> = said.clone().filter(|one| !one.is_important).collect();
    winners.extend(said.filter(|one| one.is_important));
    for declaration in &winners {
        follow(declaration, around, &mut look);
    }
    hide_what_is_cut_off(&winners, &mut look);
    look
}

/// How browsers show an element that nobody styled.
fn by_itself(name: &str, is_link: bool, link: Colour, look: &mut Look) {
    match name {
        "a" if is_link => (look.text, look.text_written) = (Some(link), String::new()),
        "b" | "strong" | "th" => look.is_bold = true,
        "small" => look.size *= 0.83,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            look.is_bold = true;
            look.size *= match name {
                "h1" => 2.0,
                "h2" => 1.5,
                "h3" => 1.17,
                "h5" => 0.83,
                "h6" => 0.67,
                _ => 1.0,
            };
        }
        _ => {}
    }
}

fn follow(declaration: &Declaration, around: &Look, look: &mut Look) {
    let value = declaration.value.as_str();
    let lower = value.to_ascii_lowercase();
    match declaration.property.as_str() {
        "color" => {
            (look.text, look.text_written) = match lower.as_str() {
                "inherit" | "currentcolor" | "unset" => (around.text, around.text_written.clone()),
                _ => (colour::parse(value), format!("color: {value}")),
            };
        }
        "background-color" => paint(value, around, look),
        "background" | "background-image" if lower.contains("url(") || lower.contains("gradient") => {
            // What a picture shows is not known; a colour beside it is what shows without pictures.
            let beside = lower.split_whitespace().find(|word| colour::parse(word).is_some());
            match beside {
                Some(colour) => paint(colour, around, look),
                None if declaration.property == "background" => look.ground = None,
                None => {}
            }
        }
        "background" => {
            let word = lower.split_whitespace().find(|word| colour::parse(word).is_some());
            paint(word.unwrap_or(if lower.contains('(') { value } else { "transparent" }), around, look);
        }
        "font-size" => look.size = size(&lower, around.size).unwrap_or(look.size),
        "font-weight" => {
            look.is_bold = match lower.as_str() {
                "bold" | "bolder" => true,
                "inherit" => around.is_bold,
                _ => lower.parse().is_ok_and(|weight: u32| weight >= 700),
            };
        }
        "display" if lower == "none" => hide(declaration, look),
        "visibility" if lower == "hidden" || lower == "collapse" => hide(declaration, look),
        "opacity" => {
            let opacity: f64 = lower.parse().unwrap_or(1.0);
            if opacity < 0.05 {
                hide(declaration, look);
            } else if let Some(text) = &mut look.text {
                text.alpha *= opacity.min(1.0);
            }
        }
        _ => {}
    }
    if declaration.property == "font-size" && look.size < 2.0 {
        hide(declaration, look);
    }
}

fn paint(value: &str, around: &Look, look: &mut Look) {
    let colour = match value.to_ascii_lowercase().as_str() {
        "inherit" => around.ground,
        "none" | "initial" | "unset" => colour::parse("transparent"),
        _ => colour::parse(value),
    };
    look.ground = colour.and_then(|colour| {
        if colour.alpha >= 1.0 { Some(colour) } else { around.ground.map(|below| colour.over(below)) }
    });
    if colour.is_none_or(|colour| colour.alpha > 0.0) {
        look.ground_written = format!("background-color: {value}");
    } else {
        look.ground_written.clone_from(&around.ground_written);
    }
}

fn hide(declaration: &Declaration, look: &mut Look) {
    look.hidden.get_or_insert_with(|| format!("{}: {}", declaration.property, declaration.value));
}

/// A box without height that lets nothing hang out.
fn hide_what_is_cut_off(declarations: &[&Declaration], look: &mut Look) {
    let last =
        |names: [&str; 2]| declarations.iter().rev().find(|one| names.contains(&one.property.as_str()));
    let is_cut = last(["overflow", "overflow-y"]).is_some_and(|one| one.value.contains("hidden"));
    let is_flat = |value: &str| value.trim_end_matches("px").parse::<f64>().is_ok_and(|height| height < 2.0);
    if let Some(flat) = last(["max-height", "height"]).filter(|one| is_cut && is_flat(&one.value)) {
        hide(flat, look);
    }
}

/// A size in pixels; sizes that depend on the screen are not known.
fn size(value: &str, around: f64) -> Option<f64> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let number: Option<f64> = number.parse().ok();
    match (number, unit.trim()) {
        (Some(number), "px") => Some(number),
        (Some(number), "pt") => Some(number * 4.0 / 3.0),
        (Some(number), "em") => Some(number * around),
        (Some(number), "rem") => Some(number * USUAL_SIZE),
        (Some(number), "%") => Some(number / 100.0 * around),
        (Some(0.0), "") => Some(0.0),
        (None, word) => match word {
            "xx-small" => Some(9.0),
            "x-small" => Some(10.0),
            "small" => Some(13.0),
            "medium" => Some(16.0),
            "large" => Some(18.0),
            "x-large" => Some(24.0),
            "xx-large" => Some(32.0),
            "smaller" => Some(around / 1.2),
            "larger" => Some(around * 1.2),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(html: &str, mode: Mode) -> Look {
        looks(&Page::of(html), mode).pop().unwrap()
    }

    #[test]
    fn the_cascade_is_followed() {
        let sheet = "<style>p { color: red } .a { color: blue !important } @media (prefers-color-scheme: dark) { p { color: lime } }\
                     @media print { p { color: black !important } }</style>";
        let table = [
            ("<p>x", "#ff0000", "#00ff00"),
            ("<p style='color: #123456'>x", "#123456", "#123456"),
            ("<p class=a style='color: #123456'>x", "#0000ff", "#0000ff"),
            ("<p style='color: #123456'><a>x", "#123456", "#123456"),
            ("<p><a href=y>x", "#0000ee", "#0000ee"),
            ("<p><a href=y style='color: inherit'>x", "#ff0000", "#00ff00"),
            ("<font color=teal>x", "#008080", "#008080"),
        ];
        for (html, day, night) in table {
            let html = format!("{sheet}{html}");
            let shown = |mode| last(&html, mode).text.unwrap().shown();
            assert_eq!((shown(Mode::Light), shown(Mode::Dark)), (day.to_owned(), night.to_owned()), "{html}");
        }
    }

    #[test]
    fn what_can_not_be_known_is_not_guessed() {
        let look = |html| last(html, Mode::Light);
        assert!(look("<p style='background: url(x.png)'>x").ground.is_none());
        assert!(look("<table background=x.png><tr><td>x").ground.is_none());
        assert_eq!(look("<p style='background: #fff url(x.png)'>x").ground.unwrap().shown(), "#ffffff");
        assert!(look("<p style='color: var(--x)'>x").text.is_none());
        assert_eq!(look("<p style='background-color: rgba(0,0,0,.5)'>x").ground.unwrap().shown(), "#808080");
        let size = look("<div style='font-size: 20px'><h2 style='font-size: 1.5em'>x").size;
        assert!((size - 30.0).abs() < 0.001);
    }

    #[test]
    fn text_that_does_not_show_is_hidden() {
        for style in [
            "display:none",
            "max-height:0;overflow:hidden",
            "font-size:1px",
            "opacity:0",
            "visibility:hidden",
        ] {
            assert!(last(&format!("<div style='{style}'><p>x"), Mode::Light).hidden.is_some(), "{style}");
        }
        assert!(last("<div hidden>x", Mode::Light).hidden.is_some());
        assert!(last("<div style='max-height: 0'>x", Mode::Light).hidden.is_none());
    }
}
