//! How mails look: colours, fonts, width and logo, from `[mail.look]` and the digest's own `look`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A colour as mail clients know it: `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour(String);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(format!("{text:?} is no colour that every mail client knows; write it as \"#0b5a54\""))
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A list of fonts, the first that is there counts; ends in a family that always is, such as `serif`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Fonts(String);

impl TryFrom<String> for Fonts {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let known = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '\'');
        let last = text.rsplit(',').next().unwrap_or_default().trim();
        if !text.chars().all(known) || text.matches('\'').count() % 2 == 1 {
            return Err(format!(
                "{text:?} is no list of fonts; write it as \"Georgia, 'Times New Roman', serif\""
            ));
        }
        if !["serif", "sans-serif", "monospace", "system-ui"].contains(&last) {
            return Err(format!(
                "{text:?} ends in no family that is always there; add \", serif\" or \", sans-serif\""
            ));
        }
        Ok(Self(text))
    }
}

/// Colours of one scheme; those that are left out are the theme's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaletteSettings {
    /// Links, lines under headings, buttons.
    pub accent: Option<Colour>,
    /// What lies around the sheet.
    pub background: Option<Colour>,
    /// The sheet.
    pub paper: Option<Colour>,
    /// Text.
    pub ink: Option<Colour>,
    /// Text that stands back: bylines, the foot.
    pub quiet: Option<Colour>,
    /// Lines between parts.
    pub line: Option<Colour>,
}

/// Tables `[mail.look]` and `look` of a digest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookSettings {
    /// The folder of its templates below `email/`: "plain", "magazine", or your own.
    pub theme: Option<String>,
    /// The sheet's width, in pixels.
    pub width: Option<u32>,
    /// Of running text.
    pub font: Option<Fonts>,
    /// Of headings, bylines and the foot.
    pub heading_font: Option<Fonts>,
    /// A picture instead of the site's name: an address, or a path of the site.
    pub logo: Option<String>,
    /// The logo's width, in pixels.
    pub logo_width: Option<u32>,
    /// Colours.
    #[serde(default)]
    pub light: PaletteSettings,
    /// Colours for those who read in the dark.
    #[serde(default)]
    pub dark: PaletteSettings,
}

/// Colours of one scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Palette {
    /// Links, lines under headings, buttons.
    pub accent: Colour,
    /// What lies around the sheet.
    pub background: Colour,
    /// The sheet.
    pub paper: Colour,
    /// Text.
    pub ink: Colour,
    /// Text that stands back.
    pub quiet: Colour,
    /// Lines between parts.
    pub line: Colour,
}

/// How a digest's mails look, with everything decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Look {
    /// The folder of its templates below `email/`.
    pub theme: String,
    /// The sheet's width, in pixels.
    pub width: u32,
    /// Of running text.
    pub font: Fonts,
    /// Of headings, bylines and the foot.
    pub heading_font: Fonts,
    /// A picture instead of the site's name.
    pub logo: Option<String>,
    /// The logo's width, in pixels.
    pub logo_width: u32,
    /// Colours.
    pub light: Palette,
    /// Colours for those who read in the dark.
    pub dark: Palette,
}

impl Look {
    /// What the digest says goes before what `[mail.look]` says.
    #[must_use]
    pub fn new(mail: &LookSettings, digest: &LookSettings) -> Self {
        let theme = digest.theme.clone().or_else(|| mail.theme.clone()).unwrap_or_else(|| "plain".to_owned());
        let (body, heading) = if theme == "magazine" {
            ("Helvetica, Arial, sans-serif", "Georgia, 'Times New Roman', serif")
        } else {
            ("Georgia, 'Times New Roman', serif", "Helvetica, Arial, sans-serif")
        };
        let font = |own: Option<&Fonts>, all: Option<&Fonts>, usual: &str| {
            own.or(all).cloned().unwrap_or_else(|| Fonts(usual.to_owned()))
        };
        Self {
            theme,
            width: digest.width.or(mail.width).unwrap_or(600),
            font: font(digest.font.as_ref(), mail.font.as_ref(), body),
            heading_font: font(digest.heading_font.as_ref(), mail.heading_font.as_ref(), heading),
            logo: digest.logo.clone().or_else(|| mail.logo.clone()),
            logo_width: digest.logo_width.or(mail.logo_width).unwrap_or(96),
            light: palette(
                &digest.light,
                &mail.light,
                ["#0b5a54", "#f3f5f4", "#ffffff", "#1d2b2a", "#4c5a59", "#d5dddb"],
            ),
            dark: palette(
                &digest.dark,
                &mail.dark,
                ["#7fd1c7", "#101615", "#18211f", "#e9efee", "#b3c0be", "#33403e"],
            ),
        }
    }
}

/// The digest's colours before those of all mails before the usual ones.
fn palette(own: &PaletteSettings, all: &PaletteSettings, usual: [&str; 6]) -> Palette {
    let [accent, background, paper, ink, quiet, line] = usual.map(|colour| Colour(colour.to_owned()));
    let pick = |own: &Option<Colour>, all: &Option<Colour>, usual| {
        own.as_ref().or(all.as_ref()).cloned().unwrap_or(usual)
    };
    Palette {
        accent: pick(&own.accent, &all.accent, accent),
        background: pick(&own.background, &all.background, background),
        paper: pick(&own.paper, &all.paper, paper),
        ink: pick(&own.ink, &all.ink, ink),
        quiet: pick(&own.quiet, &all.quiet, quiet),
        line: pick(&own.line, &all.line, line),
    }
}
