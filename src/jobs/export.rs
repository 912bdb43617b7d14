//! Exporting subscribers: read a page at a time, written as they come.

use std::io::Write;

use anyhow::{Context, Result};

use crate::mail::address::Address;
use crate::store::Store;
use crate::store::subscribers::Filter;
use crate::subscribers::export::{COLUMNS, Exported};

/// Subscribers that are read at a time.
const PAGE: u32 = 1_000;

/// How they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CSV with a header line (RFC 4180).
    Csv,
    /// One JSON object a line, with all that is on record.
    JsonLines,
}

/// Writes subscribers by their address, then addresses on the list of those never mailed that are nobody's, where the
/// filter leaves room for them. Returns how many lines there are.
///
/// # Errors
/// The store can't be read, or nothing more can be written.
pub async fn export(
    filter: &Filter,
    form: Form,
    store: &dyn Store,
    into: &mut (dyn Write + Send),
) -> Result<u64> {
    let mut sheet = Sheet { form, into, count: 0 };
    if form == Form::Csv {
        sheet.record(COLUMNS)?;
    }
    let mut after: Option<String> = None;
    loop {
        let page = store.list_subscribers(filter, after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.address.key());
        let addresses: Vec<Address> = page.iter().map(|subscriber| subscriber.address.clone()).collect();
        let mut histories = store.histories(&addresses).await?;
        for subscriber in &page {
            let history = histories.remove(&subscriber.address.key()).unwrap_or_default();
            sheet.add(&Exported::subscriber(subscriber, history))?;
        }
    }
    if filter.state.is_none() && filter.digest.is_none() {
        let mut after: Option<String> = None;
        loop {
            let page = store.suppressed_strangers(after.as_deref(), PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.key());
            let addresses: Vec<Address> = page.iter().map(|(address, _)| address.clone()).collect();
            let mut histories = store.histories(&addresses).await?;
            for (address, why) in &page {
                let history = histories.remove(&address.key()).unwrap_or_default();
                sheet.add(&Exported::stranger(address, why, history))?;
            }
        }
    }
    sheet.into.flush().context("the export can't be written")?;
    Ok(sheet.count)
}

/// What is written to.
struct Sheet<'a> {
    form: Form,
    into: &'a mut (dyn Write + Send),
    count: u64,
}

impl Sheet<'_> {
    fn add(&mut self, exported: &Exported) -> Result<()> {
        self.count += 1;
        match self.form {
            Form::Csv => self.record(exported.cells()),
            Form::JsonLines => {
                let line = serde_json::to_string(exported)? + "\n";
                self.into.write_all(line.as_bytes()).context("the export can't be written")
            }
        }
    }

    fn record<const N: usize, T: AsRef<[u8]>>(&mut self, cells: [T; N]) -> Result<()> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(cells)?;
        let line = writer.into_inner().context("a line of CSV can't be made")?;
        self.into.write_all(&line).context("the export can't be written")
    }
}
