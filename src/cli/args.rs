//! The arguments, as plain data.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};

use crate::cli::args_mail::{Dkim, Issues, Keys, Subscribers};
use crate::cli::args_store::Store;
use crate::web::settings::Listen;

const EXIT_CODES: &str = "Exit codes:
  0   all is well
  1   something is wrong with an article or a feed, or a delivery needs your eye; the rest was done
  2   the command, the configuration, a template or a digest's mail is wrong, or the store is an old copy; nothing
      was done with it
  69  the mail server can't be used now, or refuses this sender; what waits, waits
  74  the store or a file can't be read or written, or no more folders be watched
  75  another run holds the lock; try again later";

/// Feeds per category and digest emails from a folder of articles.
#[derive(Debug, Parser)]
#[command(name = "tidings", version, after_help = EXIT_CODES, infer_subcommands = false)]
pub struct Arguments {
    /// The configuration [default: config/tidings.toml or tidings.toml]
    #[arg(long, short, global = true, value_name = "FILE", env = "TIDINGS_CONFIG")]
    pub config: Option<PathBuf>,
    /// Print results as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Print nothing but problems
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Act as if it were this moment, as in 2026-12-07T07:00:00Z. `plan` rehearses; `run` and `send` really send
    #[arg(long, global = true, value_name = "MOMENT", value_parser = moment)]
    pub at: Option<DateTime<Utc>>,
    /// What to log on standard error
    #[arg(long, global = true, value_name = "LEVEL", env = "TIDINGS_LOG", default_value = "error",
        value_parser = ["error", "warn", "info", "debug", "trace"])]
    pub log: String,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a configuration and a first article to start from
    Init(Init),
    /// Write the feeds
    Build(Build),
    /// Look for problems in configuration, articles, templates, feeds and mails; change nothing
    Check(Check),
    /// Say what readers would see as new, changed and gone if the feeds were written now; change nothing
    Diff(Diff),
    /// Show what is due, what would go to whom and who gets nothing; change nothing
    Plan(Plan),
    /// Do whatever is due: write feeds, open issues, deliver. Put this one in cron
    Run(Run),
    /// Open due issues and deliver, without writing feeds
    Send(Send),
    /// Show the next issue of each digest in a browser, anew whenever something changes; or write it as files
    Preview(Preview),
    /// Serve the pages on which people subscribe, choose and leave, with feeds and past issues
    Serve(Serve),
    /// Show what is frozen of issues; hold, release and cancel them
    #[command(subcommand)]
    Issues(Issues),
    /// Add, import, export, list, show, remove and erase subscribers
    #[command(subcommand)]
    Subscribers(Subscribers),
    /// Read what came back by mail, and act on it: bounces, complaints, requests to leave. `run` does it first
    Ingest(Ingest),
    /// Forget what is kept for longer than `[retention]` allows; `run` does so once a day
    Prune,
    /// List, rotate and retire the keys that links in mails are signed with
    #[command(subcommand)]
    Keys(Keys),
    /// Make keys that sign mails, and show what the DNS has to say of them
    #[command(subcommand)]
    Dkim(Dkim),
    /// Keep the ids under which readers know your articles when a site moves to Tidings
    #[command(subcommand)]
    Ids(Ids),
    /// Copy, back up and check the store, and go on with an old copy of it
    #[command(subcommand)]
    Store(Store),
    /// Show issues, deliveries and what waits
    Status,
}

/// `tidings ids`
#[derive(Debug, Subcommand)]
pub enum Ids {
    /// Let articles take the ids that they have in the site's present feed
    Import(ImportIds),
}

/// `tidings ids import`
#[derive(Debug, Args)]
pub struct ImportIds {
    /// The feed that readers have subscribed to, in a file: RSS, Atom or JSON Feed
    pub feed: PathBuf,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `tidings ingest`
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct Ingest {
    /// Read this Maildir; without any of these, what `[ingest]` names
    #[arg(long, value_name = "DIR")]
    pub maildir: Option<PathBuf>,
    /// Read this mbox
    #[arg(long, value_name = "FILE")]
    pub mbox: Option<PathBuf>,
    /// Read the mailbox of [ingest.imap]
    #[arg(long)]
    pub imap: bool,
    /// `-` for one message on standard input, as a mail server's pipe hands it over: ends with 0 or 75
    #[arg(value_name = "-")]
    pub pipe: Option<String>,
}

/// `tidings init`
#[derive(Debug, Args)]
pub struct Init {
    /// Folder of the site
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// The publication's name
    #[arg(long, default_value = "My site")]
    pub title: String,
    /// Address of the front page
    #[arg(long, default_value = "https://example.org")]
    pub url: String,
}

/// `tidings build`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag
pub struct Build {
    /// Go on, and build again whenever articles, configuration, templates or sources change, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
    /// Publish nothing if anything is wrong with any article
    #[arg(long)]
    pub strict: bool,
    /// Remove the files of feeds that are no more
    #[arg(long)]
    pub prune: bool,
    /// Look at everything, even if nothing has changed since the last build
    #[arg(long)]
    pub full: bool,
    /// Let feeds replace what is on disk even where they are worse
    #[arg(long)]
    pub replace: bool,
    /// Leave telling hubs to the next build or run: for what is uploaded after it is written
    #[arg(long)]
    pub no_ping: bool,
}

/// `tidings check`
#[derive(Debug, Args)]
pub struct Check {
    /// List every file that is not published, with the reason
    #[arg(long)]
    pub left_out: bool,
    /// Judge this feed instead of the site, anybody's: a file, an address, or `-` for standard input
    #[arg(long = "feed", value_name = "FILE|URL", conflicts_with = "left_out")]
    pub feeds: Vec<String>,
    /// Look at the next mail of each digest, or of this one, and at nothing else: what would make mailboxes cut, refuse or
    /// mistrust it, and readers miss something
    #[arg(long, value_name = "DIGEST", num_args = 0..=1, conflicts_with_all = ["feeds", "left_out"])]
    #[allow(clippy::option_option)] // given, and given with a name
    pub mail: Option<Option<String>>,
    /// Fetch feeds from addresses that are not public, too
    #[arg(long, requires = "feeds")]
    pub allow_private: bool,
}

/// `tidings diff`
#[derive(Debug, Args)]
pub struct Diff {
    /// Only this feed: `site`, or what its path begins with, as in heart; may be given several times
    #[arg(long = "feed", value_name = "NAME")]
    pub feeds: Vec<String>,
    /// End with 1 if anything differs, not only if known entries would show as new or a feed would be held back
    #[arg(long)]
    pub exit_code: bool,
}

/// `tidings plan`
#[derive(Debug, Args)]
pub struct Plan {
    /// Only these digests
    pub digests: Vec<String>,
    /// Plan as `run --now` would
    #[arg(long)]
    pub now: bool,
}

/// `tidings run`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of its own
pub struct Run {
    /// Open the issue of every digest at once, whatever its timetable says
    #[arg(long)]
    pub now: bool,
    /// Publish and open nothing if anything is wrong with any article
    #[arg(long)]
    pub strict: bool,
    /// Remove the files of feeds that are no more
    #[arg(long)]
    pub prune: bool,
    /// Look at everything, even if nothing has changed since the last build
    #[arg(long)]
    pub full: bool,
    /// Let feeds replace what is on disk even where they are worse
    #[arg(long)]
    pub replace: bool,
    /// Leave telling hubs to the next build or run: for what is uploaded after it is written
    #[arg(long)]
    pub no_ping: bool,
    /// Stop taking on deliveries after this time, as in 50s or 10m; the next run goes on
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub time_budget: Option<Duration>,
}

/// `tidings send`
#[derive(Debug, Args)]
pub struct Send {
    /// Only these digests; deliveries that wait already go out in any case
    pub digests: Vec<String>,
    /// Open their issues at once, whatever their timetables say
    #[arg(long)]
    pub now: bool,
    /// Send the next issue to this address alone, as it would go out, and remember nothing of it
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["now", "time_budget"])]
    pub test: Option<String>,
    /// Stop taking on deliveries after this time, as in 50s or 10m; the next run goes on
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub time_budget: Option<Duration>,
}

/// `tidings serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Listen here instead of at `web.listen`: 127.0.0.1:8025, or unix:run/tidings.sock
    #[arg(long, value_name = "PLACE", value_parser = |text: &str| Listen::try_from(text.to_owned()))]
    pub listen: Option<Listen>,
}

/// `tidings preview`
#[derive(Debug, Args)]
pub struct Preview {
    /// Only this digest
    pub digest: Option<String>,
    /// Write files to this folder (HTML light and dark, text, .eml, and a page that shows them), and end
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// As this subscriber would get it
    #[arg(long = "for", value_name = "ADDRESS")]
    pub subscriber: Option<String>,
    /// The port of 127.0.0.1 to serve at [default: any that is free]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, conflicts_with = "out")]
    pub port: u16,
    /// Open the page in a browser
    #[arg(long)]
    pub open: bool,
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let moment = DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc());
    moment.map_err(|_| "write it with date, time and zone, as in 2026-12-07T07:00:00Z".to_owned())
}

fn span(text: &str) -> Result<Duration, String> {
    let hint = "write it as 50s, 10m or 1h";
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = number.parse().map_err(|_| hint.to_owned())?;
    match unit {
        "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        "h" => Ok(Duration::from_secs(number.saturating_mul(3600))),
        _ => Err(hint.to_owned()),
    }
}
