//! The command line: arguments are plain data, `wire` alone opens things, one file per command says what it does,
//! and `output` owns what people read.

pub mod args;
pub mod args_mail;
pub mod args_moving;
pub mod args_store;
pub mod browser;
pub mod build;
pub mod check;
pub mod check_feed;
pub mod check_mail;
pub mod diff;
pub mod dkim;
pub mod exit;
pub mod ids;
pub mod ingest;
pub mod init;
pub mod issues;
pub mod keys;
pub mod letters;
pub mod listening;
pub mod lock;
pub mod masking;
pub mod notices;
pub mod output;
pub mod plan;
pub mod preview;
pub mod preview_server;
pub mod problems;
pub mod proofing;
pub mod prune;
pub mod run;
pub mod sealing;
pub mod send;
pub mod serve;
pub mod status;
pub mod stock;
pub mod store;
pub mod subscribers;
pub mod subscribers_export;
pub mod subscribers_import;
pub mod summary;
pub mod trial;
pub mod watch;
pub mod watch_events;
pub mod watch_places;
pub mod wire;
pub mod witnessing;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::args::{Arguments, Command};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;

/// Runs the program on its arguments.
#[must_use]
pub fn main() -> ExitCode {
    // The one provider of the whole program; a second call would be the only way to fail.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; a closed pipe behind them is none either.
            let lost = error.print().is_err_and(|cause| cause.kind() != std::io::ErrorKind::BrokenPipe);
            let exit = if lost { Exit::Io } else { Exit::Fine };
            return if error.use_stderr() { Exit::Usage } else { exit }.into();
        }
    };
    let output = Output::new(&arguments);
    wire::start_log(&arguments);
    let result = match wire::runtime(&arguments.command) {
        Ok(runtime) => runtime.block_on(dispatch(&arguments, &output)),
        Err(error) => Err(Failure::from(error)),
    };
    let exit = result.unwrap_or_else(|failure| failure.explain(&output));
    output.finish(exit).into()
}

async fn dispatch(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Init(command) => init::run(command, wire::clock(arguments).now().date_naive(), output),
        Command::Build(command) if command.watch => Box::pin(watch::run(command, arguments, output)).await,
        Command::Build(command) => Box::pin(build::run(command, arguments, output)).await,
        Command::Check(command) if !command.feeds.is_empty() => {
            check_feed::run(command, arguments, output).await
        }
        Command::Check(command) => match &command.mail {
            Some(digest) => Box::pin(check_mail::run(digest.as_ref(), arguments, output)).await,
            None => Box::pin(check::run(command, arguments, output)).await,
        },
        Command::Diff(command) => Box::pin(diff::run(command, arguments, output)).await,
        Command::Plan(command) => Box::pin(plan::run(command, arguments, output)).await,
        Command::Run(command) => Box::pin(run::run(command, arguments, output)).await,
        Command::Send(command) => match &command.test {
            Some(address) => Box::pin(trial::run(command, address, arguments, output)).await,
            None => Box::pin(send::run(command, arguments, output)).await,
        },
        Command::Serve(command) => Box::pin(serve::run(command, arguments, output)).await,
        Command::Preview(command) => Box::pin(preview::run(command, arguments, output)).await,
        Command::Issues(command) => Box::pin(issues::run(command, arguments, output)).await,
        Command::Subscribers(command) => Box::pin(subscribers::run(command, arguments, output)).await,
        Command::Prune => prune::run(arguments, output).await,
        Command::Keys(command) => keys::run(command, arguments, output).await,
        Command::Dkim(command) => dkim::run(command, arguments, output),
        Command::Ingest(command) => Box::pin(ingest::run(command, arguments, output)).await,
        Command::Ids(command) => Box::pin(ids::run(command, arguments, output)).await,
        Command::Store(command) => Box::pin(store::run(command, arguments, output)).await,
        Command::Status => Box::pin(status::run(arguments, output)).await,
    }
}
