//! Colours as CSS and old attributes write them, and how well two of them can be told apart.

use cssparser::color::{parse_hash_color, parse_named_color};

/// A colour: red, green and blue from 0 to 255, and how opaque it is, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour {
    /// Red, green, blue.
    pub rgb: [f64; 3],
    /// 1 where nothing shines through.
    pub alpha: f64,
}

impl Colour {
    /// Without anything shining through.
    #[must_use]
    pub const fn opaque(red: u8, green: u8, blue: u8) -> Self {
        Self { rgb: [red as f64, green as f64, blue as f64], alpha: 1.0 }
    }

    /// The colour that one sees where this one lies over another.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let mix = |index: usize| self.rgb[index] * self.alpha + below.rgb[index] * (1.0 - self.alpha);
        Self { rgb: [mix(0), mix(1), mix(2)], alpha: below.alpha.max(self.alpha) }
    }

    /// `#rrggbb`
    #[must_use]
    pub fn shown(self) -> String {
        let [red, green, blue] = self.rgb.map(|part| format!("{part:.0}").parse::<u8>().unwrap_or(u8::MAX));
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Relative luminance (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.rgb.map(|part| {
            let part = part / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// From 1 to 21 (WCAG 2.2, "contrast ratio").
#[must_use]
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (one.luminance(), other.luminance());
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Reads `#rgb`, `#rrggbb`, a name, `rgb()` and `hsl()`; nothing for what only a mail program could work out.
#[must_use]
pub fn parse(text: &str) -> Option<Colour> {
    let text = text.trim().to_ascii_lowercase();
    if text == "transparent" {
        return Some(Colour { alpha: 0.0, ..Colour::opaque(0, 0, 0) });
    }
    if let Some(hash) = text.strip_prefix('#') {
        let (red, green, blue, alpha) = parse_hash_color(hash.as_bytes()).ok()?;
        return Some(Colour { alpha: f64::from(alpha), ..Colour::opaque(red, green, blue) });
    }
    if let Ok((red, green, blue)) = parse_named_color(&text) {
        return Some(Colour::opaque(red, green, blue));
    }
    let (name, rest) = text.split_once('(')?;
    let parts: Vec<&str> = rest
        .strip_suffix(')')?
        .split(|c: char| c == ',' || c == '/' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .collect();
    let [first, second, third, rest @ ..] = parts.as_slice() else { return None };
    let alpha = rest.first().map_or(Some(1.0), |alpha| fraction(alpha, 1.0))?;
    let rgb = match name {
        "rgb" | "rgba" => [first, second, third].map(|part| fraction(part, 255.0)),
        "hsl" | "hsla" => {
            let hue: f64 = first.trim_end_matches("deg").parse().ok()?;
            hsl(hue, fraction(second, 100.0)?, fraction(third, 100.0)?).map(Some)
        }
        _ => return None,
    };
    let [Some(red), Some(green), Some(blue)] = rgb else { return None };
    Some(Colour { rgb: [red, green, blue], alpha: alpha.clamp(0.0, 1.0) })
}

/// A number, or a percentage of `whole`.
fn fraction(text: &str, whole: f64) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(percent) => Some(percent.parse::<f64>().ok()? / 100.0 * whole),
        None => text.parse().ok(),
    }
}

/// Degrees, and percentages from 0 to 100 (CSS Color 4, 7.1).
fn hsl(hue: f64, saturation: f64, lightness: f64) -> [f64; 3] {
    let (saturation, lightness) = (saturation / 100.0, lightness / 100.0);
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset| {
        let step = (offset + hue / 30.0).rem_euclid(12.0);
        255.0 * (lightness - reach * (step - 3.0).min(9.0 - step).clamp(-1.0, 1.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_browsers_do() {
        let table = [
            ("#FFF", "#ffffff"),
            ("#0b5a54", "#0b5a54"),
            ("rebeccapurple", "#663399"),
            ("rgb(29, 43, 42)", "#1d2b2a"),
            ("rgb(100% 0% 50% / 1)", "#ff0080"),
            ("hsl(120, 100%, 25%)", "#008000"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).unwrap().shown(), expected, "{text}");
        }
        assert!(
            ["var(--x)", "light-dark(#000, #fff)", "currentcolor", "", "#12", "rgb(1,2)"]
                .iter()
                .all(|text| parse(text).is_none())
        );
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let ratio = |one: &str, other: &str| contrast(parse(one).unwrap(), parse(other).unwrap());
        assert!((ratio("black", "white") - 21.0).abs() < 1e-9);
        assert!((ratio("#767676", "white") - 4.54).abs() < 0.01);
        assert!((ratio("#777", "white") - 4.48).abs() < 0.01);
        let veil = parse("rgba(0, 0, 0, 0.5)").unwrap().over(parse("#fff").unwrap());
        assert_eq!(veil.shown(), "#808080");
    }
}
