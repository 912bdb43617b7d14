//! `tidings dkim`: keys that sign mails, and what the DNS has to say of them. Writes a new key, and nothing else.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context, anyhow};
use serde::Serialize;

use crate::cli::args::Arguments;
use crate::cli::args_mail::{Algorithm, Dkim, Keygen};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, shown};
use crate::cli::wire;
use crate::config;
use crate::digest::letterhead;
use crate::mail::dkim::generate::{self, Kind};
use crate::mail::dkim::key::SigningKey;
use crate::mail::dkim::record::Record;
use crate::mail::dkim::settings::{ascii, is_name};

/// What `keygen` made.
#[derive(Serialize)]
struct Made {
    file: String,
    record: Record,
    configuration: String,
}

/// Runs the command.
///
/// # Errors
/// A faulty configuration, a selector or domain that is none, a file that is there already or can't be written.
pub fn run(command: &Dkim, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match command {
        Dkim::Keygen(command) => keygen(command, arguments, output),
        Dkim::Record => records(arguments, output),
    }
}

fn keygen(command: &Keygen, arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let selector = command.selector.to_ascii_lowercase();
    if !is_name(&selector) {
        let message = format!("the selector {selector:?} is no name that the DNS knows");
        return Err(Failure::usage(message, "letters, digits and hyphens, as in --selector s2026"));
    }
    let (domain, is_senders) = match &command.domain {
        Some(domain) => (ascii(domain), false),
        None => (sender(arguments)?, true),
    };
    if !is_name(&domain) || !domain.contains('.') {
        return Err(Failure::usage(format!("{domain:?} is no domain"), "write --domain example.org"));
    }
    let kind = match (command.algorithm, command.bits.as_str()) {
        (Algorithm::Ed25519, _) => Kind::Ed25519,
        (Algorithm::Rsa, "3072") => Kind::Rsa3072,
        (Algorithm::Rsa, "4096") => Kind::Rsa4096,
        (Algorithm::Rsa, _) => Kind::Rsa2048,
    };
    let pem = generate::generate(kind).map_err(|_| anyhow!("the system gives no random numbers"))?;
    let value = SigningKey::parse(pem.as_bytes())?.record()?;
    write(&command.out, &pem)?;
    let made = Made {
        file: shown(&command.out),
        record: Record::new(&selector, &domain, value),
        configuration: configuration(command, &selector, (!is_senders).then_some(domain.as_str()), arguments),
    };
    output.result(&made, || {
        format!(
            "{} was written: keep it secret, and in your backups.\n\n{}\n\
             Add to the configuration once the record can be looked up:\n\n{}",
            made.file,
            text(&made.record),
            made.configuration
        )
    });
    Ok(Exit::Fine)
}

fn records(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let config = wire::configuration(arguments)?;
    if config.dkim.is_empty() {
        let hint = "`tidings dkim keygen --selector s1 --out keys/s1.pem` makes a key and shows what to add";
        return Err(Failure::usage("the configuration has no [[mail.dkim]]: mails are not signed", hint));
    }
    let mut records = Vec::new();
    for identity in &config.dkim {
        let value = SigningKey::read(&identity.key_file)?.record()?;
        records.push(Record::new(&identity.selector, &identity.domain, value));
    }
    output.result(&records, || records.iter().map(text).collect::<Vec<_>>().join("\n"));
    Ok(Exit::Fine)
}

/// The domain that mails are from.
fn sender(arguments: &Arguments) -> Result<String, Failure> {
    let hint = "write --domain example.org";
    if arguments.config.is_none() && config::find(None).is_err() {
        return Err(Failure::usage("there is no configuration here that names a sender", hint));
    }
    let config = wire::configuration(arguments)?;
    let mail = config.mail.as_ref();
    let sender = mail.and_then(|mail| letterhead::sender(&mail.from).ok());
    let domain = sender.map(|(_, address)| address.domain().to_owned());
    domain.ok_or_else(|| Failure::usage("the configuration has no [mail] that names a sender", hint))
}

/// For its owner alone, and never in place of another: mails signed with a key that is gone can't be verified any more.
fn write(file: &Path, pem: &str) -> Result<(), Failure> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let mut opened = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let message = format!("{} is there already; nothing was written", shown(file));
            return Err(Failure::usage(message, "a new key needs a new selector and a file of its own"));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let message = format!("{} can't be written: its folder is not there", shown(file));
            return Err(Failure::usage(message, "make the folder, for your eyes alone: mkdir -m 700"));
        }
        Err(error) => {
            return Err(anyhow!(error).context(format!("{} can't be written", shown(file))).into());
        }
    };
    let written = opened.write_all(pem.as_bytes()).and_then(|()| opened.sync_all());
    Ok(written.with_context(|| format!("{} can't be written", shown(file)))?)
}

/// The lines to paste. The file is named as the configuration finds it: from the site's folder, where it is below that.
fn configuration(command: &Keygen, selector: &str, domain: Option<&str>, arguments: &Arguments) -> String {
    let file = std::path::absolute(&command.out).unwrap_or_else(|_| command.out.clone());
    let found = config::find(arguments.config.as_deref()).ok();
    let root = found.and_then(|found| config::site_folder(&found).ok());
    let inside = root.and_then(|root| file.strip_prefix(root).ok().map(Path::to_owned));
    // A TOML basic string escapes as a JSON string does.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let (selector, file) = (quoted(selector), quoted(&inside.unwrap_or(file).to_string_lossy()));
    let domain = domain.map(|domain| format!("domain = {}\n", quoted(domain))).unwrap_or_default();
    format!("[[mail.dkim]]\nselector = {selector}\nkey_file = {file}\n{domain}")
}

/// A record for people: as forms of DNS providers want it, and as a zone file does.
fn text(record: &Record) -> String {
    let (name, value, zone) = (&record.name, &record.value, record.zone());
    format!(
        "TXT record\n  name:  {name}\n  value: {value}\n\nThe same for a zone file\n  {}\n",
        zone.replace('\n', "\n  ")
    )
}
