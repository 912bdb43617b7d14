//! Light and dark: a mail as a reader with that setting sees it, whatever the browser that shows it is set to.

use serde::Deserialize;

/// What somebody reads in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// Asks for what always holds (Media Queries 4, 4.1: no viewport is narrower than nothing).
const ALWAYS: &str = "(min-width: 0px)";
/// Asks for what never holds; it stands where one condition stood, so that `not` and `and` around it keep their sense.
const NEVER: &str = "(max-width: 0px)";

impl Scheme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// The word in addresses, in pages and in styles.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// HTML whose styles ask for this scheme and find it. Text is left alone, whatever it says.
    #[must_use]
    pub fn apply(self, html: &str) -> String {
        let mut applied = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((before, style)) = rest.split_once("<style") {
            let (style, after) = style.split_at(style.find("</style").unwrap_or(style.len()));
            applied.push_str(&self.of_meta(before));
            applied.push_str("<style");
            applied.push_str(&self.of_css(style));
            rest = after;
        }
        applied + &self.of_meta(rest)
    }

    /// `<meta name="color-scheme" content="light dark">`: the browser's own colours follow it.
    fn of_meta(self, html: &str) -> String {
        html.replace("content=\"light dark\"", &format!("content=\"{}\"", self.word()))
    }

    fn of_css(self, css: &str) -> String {
        let mut applied = String::with_capacity(css.len());
        let mut rest = css;
        while let Some((before, query)) = rest.split_once("(prefers-color-scheme") {
            let Some((asked, after)) = query.split_once(')') else { break };
            applied.push_str(before);
            let wanted = asked.trim_start().strip_prefix(':').map_or("", str::trim);
            applied.push_str(if wanted == self.word() { ALWAYS } else { NEVER });
            rest = after;
        }
        applied.push_str(rest);
        applied.replace("color-scheme: light dark", &format!("color-scheme: {}", self.word()))
    }
}

#[cfg(test)]
mod tests {
    use super::Scheme;

    #[test]
    fn styles_find_the_scheme_that_they_ask_for() {
        let html = "<meta name=\"color-scheme\" content=\"light dark\"><style>:root { color-scheme: light dark; }\n\
                    @media (prefers-color-scheme: dark) { a { b: c } }\n@media screen and (prefers-color-scheme:light) and (max-width: 9px) { }</style>\
                    <p>@media (prefers-color-scheme: dark)</p>";
        let dark = "<meta name=\"color-scheme\" content=\"dark\"><style>:root { color-scheme: dark; }\n\
                    @media (min-width: 0px) { a { b: c } }\n@media screen and (max-width: 0px) and (max-width: 9px) { }</style>\
                    <p>@media (prefers-color-scheme: dark)</p>";
        assert_eq!(Scheme::Dark.apply(html), dark);
        let light = Scheme::Light.apply(html);
        assert!(light.contains("@media (max-width: 0px) { a"), "{light}");
        assert!(light.contains("screen and (min-width: 0px) and (max-width: 9px)"), "{light}");
        assert_eq!(Scheme::Dark.apply("<style>a"), "<style>a");
    }
}
