//! The browser of whoever sits at this machine.

use std::process::{Command, Stdio};

/// Opens a page or an address in whatever shows such things here; says whether that went well.
#[must_use]
pub fn open(what: &std::ffi::OsStr) -> bool {
    let opened = Command::new("xdg-open").arg(what).stdout(Stdio::null()).stderr(Stdio::null()).status();
    opened.is_ok_and(|status| status.success())
}
