//! What people read: data on standard output, talk on standard error. A reader that closes the pipe early
//! (`tidings status | head`) is no error.

use std::fmt::Write as _;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use unicode_width::UnicodeWidthStr;

use crate::cli::args::Arguments;
use crate::cli::exit::Exit;

/// The owner of both streams.
#[derive(Debug)]
pub struct Output {
    json: bool,
    quiet: bool,
    /// Whether problems are for the caller to tell.
    holds: bool,
    held: Mutex<Held>,
}

/// What is kept until the end.
#[derive(Debug, Default)]
struct Held {
    /// Whether there was anything to tell.
    has_told: bool,
    /// Notices of a quiet run.
    notices: Vec<String>,
    /// Problems that the caller tells.
    problems: Vec<String>,
    /// Why standard output took less than it was given.
    broken: Option<std::io::Error>,
}

impl Output {
    /// As the arguments ask.
    #[must_use]
    pub fn new(arguments: &Arguments) -> Self {
        Self { json: arguments.json, quiet: arguments.quiet, holds: false, held: Mutex::default() }
    }

    /// One that keeps problems for [`take_problems`](Self::take_problems): whoever builds again and again would tell the
    /// same ones each time. A quiet one knows that by itself.
    #[must_use]
    pub fn holding(arguments: &Arguments) -> Self {
        Self { holds: !arguments.quiet, ..Self::new(arguments) }
    }

    /// One that keeps all problems for [`take_problems`](Self::take_problems), even where one wants quiet: they are shown
    /// elsewhere.
    #[must_use]
    pub fn keeping(arguments: &Arguments) -> Self {
        Self { quiet: false, holds: true, ..Self::new(arguments) }
    }

    /// A result: as JSON where that was asked for, else as text for people, unless they want quiet.
    pub fn result(&self, value: &impl serde::Serialize, text: impl FnOnce() -> String) {
        if self.json {
            let json = serde_json::to_string_pretty(value).unwrap_or_default();
            self.data(&format!("{json}\n"));
        } else if !self.quiet {
            self.data(&text());
        }
    }

    /// Data that was asked for, whether one wants quiet or not.
    pub fn data(&self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// As [`data`](Self::data), of which a piece may end anywhere.
    pub fn bytes(&self, data: &[u8]) {
        let mut stdout = anstream::stdout().lock();
        let written = stdout.write_all(data).and_then(|()| stdout.flush());
        // Nobody is left to tell that nobody listens; a full disk is another matter.
        self.held().broken = written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe);
    }

    /// A remark for people.
    pub fn remark(&self, text: &str) {
        if !self.quiet && !self.json {
            self.talk(text);
        }
    }

    /// Whether anything was told that somebody should mend.
    #[must_use]
    pub fn has_told(&self) -> bool {
        self.held().has_told
    }

    /// Whether nothing but problems is wanted.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A problem that may hold for many runs: a quiet one keeps it until it knows what was told before.
    pub fn notice(&self, text: String) {
        self.held().has_told = true;
        if self.quiet {
            self.held().notices.push(text);
        } else {
            self.tell(text);
        }
    }

    /// A problem, told at once or kept for whoever tells it.
    pub fn tell(&self, text: String) {
        if self.holds {
            self.held().problems.push(text);
        } else {
            self.talk(&text);
        }
    }

    /// The problems that were kept for the caller.
    #[must_use]
    pub fn take_problems(&self) -> Vec<String> {
        std::mem::take(&mut self.held().problems)
    }

    /// The notices that were kept.
    #[must_use]
    pub fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut self.held().notices)
    }

    /// Tells what is still kept. The exit code is another one where results were lost.
    #[must_use]
    pub fn finish(&self, exit: Exit) -> Exit {
        for notice in self.take_notices().into_iter().chain(self.take_problems()) {
            self.talk(&notice);
        }
        let broken = self.held().broken.take();
        let Some(error) = broken else { return exit };
        self.error(&format!("standard output can't be written: {error}"), None);
        Exit::Io
    }

    /// A holder that panicked leaves nothing half-done here.
    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// An error, with what to do about it.
    pub fn error(&self, message: &str, hint: Option<&str>) {
        self.held().has_told = true;
        let mut text = format!("\u{1b}[1;31merror\u{1b}[0m: {message}\n");
        if let Some(hint) = hint {
            let _ = writeln!(text, "  \u{1b}[1mhint\u{1b}[0m: {hint}");
        }
        self.tell(text);
    }

    /// A warning, with what to do about it.
    pub fn warning(&self, message: &str, hint: &str) {
        self.notice(format!("\u{1b}[1;33mwarning\u{1b}[0m: {message}\n  \u{1b}[1mhint\u{1b}[0m: {hint}\n"));
    }

    /// Anything on standard error.
    pub fn talk(&self, text: &str) {
        let mut stderr = anstream::stderr().lock();
        let _ = stderr.write_all(text.as_bytes());
    }

    /// Rows that come a few at a time: a table for people, or a list as JSON.
    #[must_use]
    pub fn table<'a>(&'a self, head: &[&str]) -> Table<'a> {
        let head: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
        Table { output: self, head: Some(head), widths: Vec::new(), count: 0 }
    }

    /// As [`progress`](Self::progress), counting bytes.
    #[must_use]
    pub fn progress_of_bytes(&self, total: u64, what: &str) -> ProgressBar {
        let bar = self.progress(total, what);
        let template = "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar
    }

    /// A progress bar where somebody watches, else nothing.
    #[must_use]
    pub fn progress(&self, total: u64, what: &str) -> ProgressBar {
        if self.quiet || self.json || total == 0 || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{msg} [{bar:30}] {human_pos}/{human_len} {per_sec} {eta}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

/// A table of which not all rows are known at once: a page of rows is as wide as those before it, or wider.
pub struct Table<'a> {
    output: &'a Output,
    head: Option<Vec<String>>,
    widths: Vec<usize>,
    count: usize,
}

impl Table<'_> {
    /// Writes rows.
    pub fn add<T: serde::Serialize>(&mut self, rows: &[T], row: impl Fn(&T) -> Vec<String>) {
        if self.output.json {
            let mut text = String::new();
            for row in rows {
                let json = serde_json::to_string_pretty(row).unwrap_or_default().replace('\n', "\n  ");
                let _ = write!(text, "{}\n  {json}", if self.count == 0 { "[" } else { "," });
                self.count += 1;
            }
            self.output.data(&text);
        } else if !self.output.quiet {
            let cells: Vec<Vec<String>> = self.head.take().into_iter().chain(rows.iter().map(row)).collect();
            self.output.data(&aligned(&cells, &mut self.widths));
        }
    }

    /// Ends it.
    pub fn end(mut self) {
        if self.output.json {
            self.output.data(if self.count == 0 { "[]\n" } else { "\n]\n" });
        } else if self.head.is_some() {
            self.add::<()>(&[], |()| Vec::new());
        }
    }
}

/// Rows as aligned columns; the last one is as wide as it is.
#[must_use]
pub fn columns(rows: &[Vec<String>]) -> String {
    aligned(rows, &mut Vec::new())
}

/// As [`columns`], which are as wide as they were before, or wider.
fn aligned(rows: &[Vec<String>], widths: &mut Vec<usize>) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    widths.resize(count.max(widths.len()), 0);
    for row in rows {
        for (cell, width) in row.iter().zip(widths.iter_mut()) {
            *width = cell.width().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths.iter()) {
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            let _ = write!(line, "{cell}{padding}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// `1 article`, `2 articles`.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A path as one would type it from here.
#[must_use]
pub fn shown(path: &std::path::Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
