//! Letters that are due: sent by `tidings run` and `tidings ingest`, where `tidings serve` does not, or is not there.

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::survey::Survey;
use crate::cli::exit::Failure;
use crate::cli::output::Output;
use crate::cli::wire::{self, Site};
use crate::config::Config;
use crate::digest::offering::Offering;
use crate::jobs::consent::{self, Bureau, Desk, Sent};
use crate::jobs::gather::{Reach, gather};
use crate::jobs::take_stock::take_stock;
use crate::letters::compose::Stationery;
use crate::store::Store;

/// Decides on what was asked for, and sends the letters that are due. Nothing where nobody can ask.
///
/// # Errors
/// A store that can't be read or written, a mail configuration that is no good.
pub async fn send(site: &Site, output: &Output) -> Result<Sent, Failure> {
    let config = &site.config;
    let subscribe = config.ingest.as_ref().and_then(|ingest| ingest.subscribe.as_ref());
    let desk = config.web.as_ref().map(|web| Desk::Pages(&web.url)).or(subscribe.map(Desk::Mail));
    let (Some(desk), Some(mail)) = (desk, config.mail.as_ref()) else { return Ok(Sent::default()) };
    let now = site.clock.now();
    consent::decide(&*site.store, now).await?;
    if site.store.due_letters(now, 1).await?.is_empty() {
        return Ok(Sent::default());
    }
    let offering = offering(config, &*site.store, now).await?;
    let stationery =
        Stationery { site: &config.catalog.site, mail, templates: &site.templates, offering: &offering };
    let (transport, dkim) = (wire::transport(config)?, wire::dkim(config, output)?);
    let patience = config.web.as_ref().map_or(consent::PATIENCE, |web| {
        TimeDelta::from_std(web.confirm_within).unwrap_or(consent::PATIENCE)
    });
    let bureau = Bureau {
        stationery,
        signer: &site.signer,
        dkim: dkim.as_ref(),
        transport: &transport,
        desk,
        patience,
    };
    let sent = consent::send_letters(&bureau, &*site.store, now).await?;
    if sent.later > 0 {
        output.warning(
            &format!("{} letters that ask for confirmation were not taken", sent.later),
            "the next run tries again, for a day",
        );
    }
    Ok(sent)
}

/// What there is to subscribe to, by the catalog as it was last read.
///
/// # Errors
/// A store that can't be read.
pub async fn offering(config: &Config, store: &dyn Store, now: DateTime<Utc>) -> anyhow::Result<Offering> {
    let gathered = gather(&config.catalog, &wire::sources(config), Reach::Kept, now).await;
    let stock = take_stock(Survey::of(&gathered.catalog), None, store, now).await?;
    Ok(Offering::new(&config.digests, &stock.categories))
}
