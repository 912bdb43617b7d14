//! `tidings keys`: the keys that links and return addresses in mails are signed with.

use serde::Serialize;

use crate::cli::args::Arguments;
use crate::cli::args_mail::Keys as Command;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, columns};
use crate::cli::wire::{self, Site};
use crate::subscribers::key_ring::{KeyNumber, LASTING, StoredKey};

#[derive(Serialize)]
struct Row {
    number: KeyNumber,
    made: String,
    state: &'static str,
}

/// Runs the command.
///
/// # Errors
/// A faulty configuration, a key that can't be retired, a store that can't be read or written.
pub async fn run(command: &Command, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let site = wire::open(arguments).await?;
    let exit = match command {
        Command::List => list(&site, output).await,
        Command::Rotate => rotate(&site, output).await,
        Command::Retire { number, yes } => retire(*number, *yes, &site, output).await,
    };
    site.store.close().await;
    exit
}

async fn list(site: &Site, output: &Output) -> Result<Exit, Failure> {
    let keys = site.store.keys(site.clock.now()).await?;
    let newest = newest(&keys);
    let rows: Vec<Row> = keys
        .iter()
        .map(|key| Row {
            number: key.number,
            made: key.made.format("%Y-%m-%d").to_string(),
            state: match key.retired {
                _ if key.number == LASTING => "knows whom was erased; never changes",
                Some(_) => "retired: what it signed is refused",
                None if Some(key.number) == newest => "signs",
                None => "accepted: links in older mails work",
            },
        })
        .collect();
    output.result(&rows, || {
        let head = ["KEY", "MADE", "STATE"].map(str::to_owned).to_vec();
        let told =
            rows.iter().map(|row| vec![row.number.to_string(), row.made.clone(), row.state.to_owned()]);
        columns(&std::iter::once(head).chain(told).collect::<Vec<_>>())
    });
    Ok(Exit::Fine)
}

async fn rotate(site: &Site, output: &Output) -> Result<Exit, Failure> {
    let number = site.store.add_key(site.clock.now()).await?;
    output.result(&serde_json::json!({ "key": number }), || {
        format!("key {number} signs from now on; links in mails that went out still work\n")
    });
    Ok(Exit::Fine)
}

async fn retire(number: KeyNumber, yes: bool, site: &Site, output: &Output) -> Result<Exit, Failure> {
    let keys = site.store.keys(site.clock.now()).await?;
    let hint = "`tidings keys list` shows which keys there are";
    let Some(key) = keys.iter().find(|key| key.number == number) else {
        return Err(Failure::usage(format!("there is no key {number}"), hint));
    };
    if number == LASTING {
        let message = "key 0 never changes: by it whoever was erased is not brought back";
        return Err(Failure::usage(message, hint));
    }
    if key.retired.is_some() {
        return Err(Failure::usage(format!("key {number} is retired already"), hint));
    }
    if newest(&keys) == Some(number) {
        let message = format!("key {number} is the one that signs");
        return Err(Failure::usage(message, "`tidings keys rotate` makes another one; retire this one then"));
    }
    if !yes {
        let message = format!(
            "links in mails that key {number} signed stop working: nobody can unsubscribe, confirm or choose by them, and \
             bounces of those mails are not known any more"
        );
        let hint = "wait for some weeks after a rotation, unless the key is known to others; then say it again with --yes";
        return Err(Failure::usage(message, hint));
    }
    site.store.retire_key(number, site.clock.now()).await?;
    output.result(&serde_json::json!({ "retired": number }), || {
        format!("key {number} is retired: what it signed is refused from now on\n")
    });
    Ok(Exit::Fine)
}

/// The key that signs.
fn newest(keys: &[StoredKey]) -> Option<KeyNumber> {
    let in_use = keys.iter().filter(|key| key.number != LASTING && key.retired.is_none());
    in_use.map(|key| key.number).max()
}
