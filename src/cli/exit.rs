//! How the program ends: exit codes (BSD's sysexits where one fits), and failures told to people.

use std::process::ExitCode;

use crate::catalog::body_text::BodyError;
use crate::cli::output::Output;
use crate::cli::problems;
use crate::config::fault::Fault;
use crate::digest::compose::ComposeError;
use crate::store::StoreError;
use crate::templates::environment::TemplateError;

/// An exit code. The help of the program explains them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// Something is wrong with an article, or a delivery needs somebody's eye.
    Problems = 1,
    /// The command or the configuration is wrong.
    Usage = 2,
    /// The mail server can't be used now (`EX_UNAVAILABLE`).
    Unavailable = 69,
    /// The store or a file can't be read or written (`EX_IOERR`).
    Io = 74,
    /// Another run holds the lock (`EX_TEMPFAIL`).
    Locked = 75,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The configuration is wrong.
    Config(std::path::PathBuf, Vec<Fault>),
    /// What was asked for can't be done as it was asked.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: String,
    },
    /// Another run holds the lock.
    Locked(String),
    /// Anything else, with its causes.
    Other(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl Failure {
    /// What was asked for can't be done as it was asked.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: hint.into() }
    }

    /// Tells people, and gives the exit code.
    #[must_use]
    pub fn explain(self, output: &Output) -> Exit {
        match self {
            Self::Config(file, faults) => {
                problems::show_faults(&file, &faults, output);
                Exit::Usage
            }
            Self::Usage { message, hint } => {
                output.error(&message, Some(&hint));
                Exit::Usage
            }
            Self::Locked(message) => {
                output.error(&message, Some("it is safe to let cron call again; nothing was done"));
                Exit::Locked
            }
            Self::Other(error) => {
                output.error(&format!("{error:#}"), hint(&error));
                if is_io(&error) { Exit::Io } else { Exit::Usage }
            }
        }
    }
}

fn is_io(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<StoreError>()
            || cause.is::<std::io::Error>()
            || cause.is::<BodyError>()
            || matches!(cause.downcast_ref(), Some(ComposeError::Body(_)))
    })
}

fn hint(error: &anyhow::Error) -> Option<&str> {
    if let Some(error) = error.chain().find_map(|cause| cause.downcast_ref::<StoreError>()) {
        return Some(error.hint());
    }
    let is_of_template = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<TemplateError>() || matches!(cause.downcast_ref(), Some(ComposeError::Template(_)))
    };
    error.chain().any(is_of_template).then_some("mend the template; nothing is published or sent before that")
}
