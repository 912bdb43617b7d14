//! Whether text can be told from what it stands on, by day and at night.

use crate::digest::lint::colour::{Colour, contrast};
use crate::digest::lint::finding::{Part, Report, Rule, rules, said, written};
use crate::digest::lint::looks::{Look, Mode, looks};
use crate::digest::lint::specimen::Page;
use crate::text::shorten;

rules! {
    CONTRAST = Error "mail-contrast", "WCAG 2.2, 1.4.3",
        "make the text darker or what it stands on lighter, until 4.5:1 is reached (3:1 from 24 px on, or 18.66 px bold)";
    CONTRAST_DARK = Error "mail-contrast-dark", "WCAG 2.2, 1.4.3; Media Queries 5, 12.5",
        "give both text and background a colour with !important within @media (prefers-color-scheme: dark)";
    HIDDEN = Warning "mail-hidden-text", "Gmail's email sender guidelines: do not use HTML and CSS to hide content",
        "show it, or leave it out: filters take hidden text for a trick";
}

/// CSS pixels from which text counts as large: 18 points; bold, 14 points.
const LARGE: (f64, f64) = (24.0, 18.66);

/// Looks at every text of the page.
pub fn check(page: &Page, report: &mut Report) {
    let (day, night) = (looks(page, Mode::Light), looks(page, Mode::Dark));
    for (index, node) in page.document.nodes.iter().enumerate() {
        let shown = if node.name == "img" { node.attribute("alt").unwrap_or_default() } else { &node.text };
        if shown.chars().all(is_filler) || !page.document.is_read(index) {
            continue;
        }
        let (by_day, at_night) = (&day[index], &night[index]);
        if let Some(hidden) = &by_day.hidden {
            if node.name.is_empty() {
                let message = format!("text is hidden by `{hidden}`: {:?}", shorten(shown.trim(), 60));
                report.add(Part::Html, &HIDDEN, message, &[written(hidden), said(shown)]);
            }
            continue;
        }
        // What is no word is decoration, such as a dot between two links.
        if !shown.chars().any(char::is_alphanumeric) {
            continue;
        }
        let is_told = hold(&CONTRAST, by_day, shown, "", report);
        let is_same = by_day.text == at_night.text && by_day.ground == at_night.ground;
        if !is_told && !is_same && at_night.hidden.is_none() {
            hold(&CONTRAST_DARK, at_night, shown, " in dark mode", report);
        }
    }
}

/// Blanks and what fills a preheader up.
fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{34f}' | '\u{ad}' | '\u{2007}')
}

/// Whether there is too little contrast.
fn hold(rule: &'static Rule, look: &Look, shown: &str, when: &str, report: &mut Report) -> bool {
    let Some((text, ground)) = look.text.zip(look.ground) else { return false };
    let text: Colour = if text.alpha < 1.0 { text.over(ground) } else { text };
    let ratio = contrast(text, ground);
    let is_large = look.size >= if look.is_bold { LARGE.1 } else { LARGE.0 };
    let least = if is_large { 3.0 } else { 4.5 };
    if ratio >= least {
        return false;
    }
    // Cut, not rounded: 4.499 is not enough.
    let shown_ratio = (ratio * 100.0).floor() / 100.0;
    let message = format!(
        "{} on {} has a contrast of {shown_ratio}:1{when}, and text of this size needs {least}:1",
        text.shown(),
        ground.shown()
    );
    let told = format!("{message}: {:?}", shorten(shown.trim(), 60));
    let clues = [written(&look.text_written), written(&look.ground_written), written(shown)];
    report.add_once(Part::Html, rule, &message, told, &clues);
    true
}
