//! Reads every file below a folder once, on all cores, and prints the seconds that took: what publishing is held
//! against. `cargo bench --bench read_all -- FOLDER`; with `--stat` it asks for each file's metadata and opens none.
//! Knows nothing of articles.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use rayon::prelude::*;

fn main() -> ExitCode {
    // Cargo adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let reads = !arguments.iter().any(|argument| argument == "--stat");
    let Some(folder) = arguments.iter().find(|argument| !argument.starts_with("--")) else {
        print("no folder is named; the figure is made by benches/hugo.py");
        return ExitCode::SUCCESS;
    };
    let start = Instant::now();
    match all(Path::new(folder), reads) {
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

/// Lists the folder and looks at what is in it; returns how many bytes that were.
fn all(folder: &Path, reads: bool) -> std::io::Result<u64> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    let length = |file: &PathBuf| {
        if reads {
            std::fs::read(file).map(|bytes| bytes.len() as u64)
        } else {
            file.metadata().map(|data| data.len())
        }
    };
    files.par_iter().map(length).sum()
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
