//! A Python interpreter with a feed parser that is nobody's relative of ours: the judge of what we write.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the interpreter; without it, the one that `tests/run` makes.
const VARIABLE: &str = "TIDINGS_TEST_PYTHON";

/// Runs a script of `tests/parsers`, and gives what it prints. Fails the test where there is no interpreter
/// with feedparser, or where the script finds fault.
#[track_caller]
pub(crate) fn run(script: &str, arguments: &[PathBuf]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = root.join("tests/parsers").join(script);
    let output = Command::new(interpreter(root)).arg(script).args(arguments).output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    stdout
}

#[track_caller]
fn interpreter(root: &Path) -> PathBuf {
    #[allow(clippy::disallowed_methods)] // a setting of the tests, not of the program
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let python = named.unwrap_or_else(|| root.join("target/test-python/bin/python"));
    let has_parser = Command::new(&python).args(["-c", "import feedparser"]).output();
    assert!(
        has_parser.is_ok_and(|output| output.status.success()),
        "{} is no Python with feedparser: start the tests with `tests/run`, which makes one, or name one in {VARIABLE}",
        python.display()
    );
    python
}
