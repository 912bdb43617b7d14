//! Reads every file below a folder once, on all cores, and prints the seconds that took: what publishing is held
//! against. `cargo bench --bench read_all -- FOLDER`. Knows nothing of articles.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use rayon::prelude::*;

fn main() -> ExitCode {
    // Cargo adds an argument of its own.
    let Some(folder) = std::env::args().skip(1).find(|argument| argument != "--bench") else {
        print("no folder is named; the figure is made by benches/publish.sh");
        return ExitCode::SUCCESS;
    };
    let start = Instant::now();
    match read_all(Path::new(&folder)) {
        Ok(bytes) => {
            print(&format!("{:.4} s for {bytes} bytes", start.elapsed().as_secs_f64()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            print(&format!("{folder}: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Lists the folder and reads what is in it; returns how many bytes that were.
fn read_all(folder: &Path) -> std::io::Result<usize> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    files.par_iter().map(|file| std::fs::read(file).map(|bytes| bytes.len())).sum()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn print(line: &str) {
    println!("{line}");
}
