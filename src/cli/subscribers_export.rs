//! `tidings subscribers export`: all of them, to a file that is there as a whole or not at all, or to standard output.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;

use crate::cli::args_moving::{Export, Format};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, counted, shown};
use crate::cli::subscribers::filter;
use crate::cli::wire::Site;
use crate::jobs::export::{Form, export};
use crate::jobs::subscribe;

/// Runs the command.
///
/// # Errors
/// A digest or state that is none, a store that can't be read, a file that can't be written.
pub async fn run(command: &Export, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let filter = filter(command.digest.as_deref(), command.state.as_deref(), site)?;
    let is_json = command.out.as_deref().is_some_and(subscribe::is_json_lines);
    let form = match command.format {
        Some(Format::Jsonl) => Form::JsonLines,
        None if is_json => Form::JsonLines,
        Some(Format::Csv) | None => Form::Csv,
    };
    let Some(out) = &command.out else {
        let mut streamed = BufWriter::new(Streamed(output));
        export(&filter, form, &*site.store, &mut streamed).await?;
        return Ok(Exit::Fine);
    };
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unwritable = || format!("{} can't be written", out.display());
    // A file of its own, which only its owner may read, takes the place of what is there when it is whole.
    let file = tempfile::NamedTempFile::new_in(folder).with_context(unwritable)?;
    let mut writer = BufWriter::new(file);
    let count = export(&filter, form, &*site.store, &mut writer).await?;
    let file = writer.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(unwritable)?;
    file.as_file().sync_all().with_context(unwritable)?;
    file.persist(out).with_context(unwritable)?;
    let findings = serde_json::json!({ "exported": count, "file": out });
    output.result(&findings, || {
        format!("{} written to {}\n", counted(count, "subscriber", "subscribers"), shown(out))
    });
    Ok(Exit::Fine)
}

/// Standard output, through its owner.
struct Streamed<'a>(&'a Output);

impl Write for Streamed<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
