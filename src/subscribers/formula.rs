//! Cells that a spreadsheet would take for a formula, made harmless, and made what they were again.
//!
//! OWASP, "CSV Injection": a cell that begins with one of these is calculated when the file is opened, with whatever the
//! person who chose their own name wrote into it. An apostrophe in front of it makes it text.

use std::borrow::Cow;

/// What formulas begin with.
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Makes a cell harmless. One that looks as if that was done to it gets an apostrophe too, so that [`restored`] gives back
/// what there was, to the letter.
#[must_use]
pub fn neutralised(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// What a cell was before.
#[must_use]
pub fn restored(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Whether a cell begins with a formula, be it behind apostrophes.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(BEGINNINGS)
}

#[cfg(test)]
mod tests {
    use super::{neutralised, restored};

    #[test]
    fn formulas_are_text_and_come_back_to_the_letter() {
        let table = [
            ("Ana", "Ana"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("'=1", "''=1"),
            ("'tis", "'tis"),
            ("", ""),
        ];
        for (cell, harmless) in table {
            assert_eq!(neutralised(cell), harmless);
            assert_eq!(restored(harmless), cell);
        }
    }
}
