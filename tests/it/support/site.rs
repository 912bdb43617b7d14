//! A site in a folder of its own, and the real program run on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

/// A site that is removed with the test.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

/// What the program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// The result of a command that was given `--json`.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// Fails the test unless the program ended with this code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

/// The least that a configuration says; `more` is added to it.
pub(crate) fn configuration(more: &str) -> String {
    format!(
        "[site]\ntitle = \"Site\"\nurl = \"https://example.org\"\nauthor = \"Site\"\nsince = 2020-01-01\n\n{more}\n"
    )
}

/// A weekly digest, on Mondays at 07:00 UTC, with mails as files.
pub(crate) const WEEKLY: &str = "[mail]\nfrom = \"Site <news@example.org>\"\npostal_address = \"1 Street\"\n\n\
     [[digest]]\nname = \"weekly\"\ntitle = \"The week\"\ncron = \"0 7 * * MON\"\n";

impl Site {
    /// An empty site with a configuration.
    pub(crate) fn new(configuration: &str) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        site.write("config/tidings.toml", configuration);
        std::fs::create_dir_all(site.path("content")).unwrap();
        site
    }

    /// A copy of one of the fixtures under `tests/fixtures/sites`.
    pub(crate) fn fixture(name: &str) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sites").join(name);
        copy(&source, site.folder.path());
        site
    }

    /// A path in the site.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, with the folders it lies in.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Writes an article into `content/<category>/`.
    pub(crate) fn article(&self, path: &str, title: &str, date: &str) {
        self.write(
            &format!("content/{path}"),
            format!("---\ntitle: {title}\ndate: {date}\n---\nThe text of {title}.\n"),
        );
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The program, ready to run on this site.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .env_remove("TIDINGS_CONFIG")
            .stdin(std::process::Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::from(self.command(arguments).output().unwrap())
    }

    /// As if everything had been written an hour ago: what was written just now may be written again within the same
    /// tick, and is not trusted by its stamp.
    pub(crate) fn settle(&self) {
        for folder in ["content", "static", "templates", "people.csv"] {
            age(&self.path(folder));
        }
    }

    /// The mails in the outbox, in the order of their names.
    pub(crate) fn outbox(&self) -> Vec<Vec<u8>> {
        let Ok(entries) = std::fs::read_dir(self.path("outbox/new")) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| std::fs::read(file).unwrap()).collect()
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn age(place: &Path) {
    let Ok(data) = std::fs::metadata(place) else { return };
    if data.is_dir() {
        for entry in std::fs::read_dir(place).unwrap() {
            age(&entry.unwrap().path());
        }
    }
    let modified = data.modified().unwrap();
    // What is old already stays as it is: a new stamp would be a change.
    if modified.elapsed().is_ok_and(|age| age > Duration::from_mins(30)) {
        return;
    }
    std::fs::File::open(place).unwrap().set_modified(modified - Duration::from_hours(1)).unwrap();
}
