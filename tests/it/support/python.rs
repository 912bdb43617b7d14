//! A Python interpreter with parsers and servers by other people: the judges of what we write.

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
    let output = Command::new(interpreter("feedparser")).arg(script).args(arguments).output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    stdout
}

/// The interpreter. Fails the test where it does not have the package that is needed.
#[track_caller]
pub(crate) fn interpreter(package: &str) -> PathBuf {
    #[allow(clippy::disallowed_methods)] // a setting of the tests, not of the program
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let python =
        named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-python/bin/python"));
    let imported = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    assert!(
        imported.is_ok_and(|output| output.status.success()),
        "{} is no Python with {package}: start the tests with `tests/run`, which makes one, or name one in {VARIABLE}",
        python.display()
    );
    python
}
