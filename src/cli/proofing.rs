//! Proofs for the preview: the site as it is now, and the next issue of its digests, for the audience or for one subscriber.

use crate::cli::args::Arguments;
use crate::cli::exit::Failure;
use crate::cli::output::{Output, counted};
use crate::cli::stock;
use crate::cli::wire::{self, Site};
use crate::digest::issue::Edition;
use crate::digest::letterhead::Letterhead;
use crate::digest::message;
use crate::digest::recipient::Recipient;
use crate::digest::settings::Settings as Digest;
use crate::jobs::open_issue::Press;
use crate::jobs::rehearse::{self, Sheet};
use crate::jobs::take_stock::Stock;
use crate::mail::dkim::sign::Signer as DkimSigner;
use crate::mail::name::DisplayName;
use crate::preview::pictures::SitePictures;
use crate::preview::proof::{DigestProofs, Proof, Proofs};
use crate::subscribers::subscriber::Subscriber;

/// Editions that are made out; further ones are counted.
const MOST_EDITIONS: usize = 12;

/// What is said where a digest shows articles that nobody would be sent.
const NOTHING_NEW: &str = "nothing is new; the preview shows older articles, and no mail would go out";

/// A site with what there is to send.
#[derive(Debug)]
pub struct Round {
    /// The site.
    pub site: Site,
    /// Its articles.
    pub stock: Stock,
    /// Signs mails, where the configuration says so.
    pub dkim: Option<DkimSigner>,
}

impl Round {
    /// As everything is now. What is wrong with articles is told.
    ///
    /// # Errors
    /// A faulty configuration, a store that can't be read.
    pub async fn begin(arguments: &Arguments, output: &Output) -> Result<Self, Failure> {
        let site = wire::look(arguments).await?;
        let dkim = wire::dkim(&site.config, output)?;
        let stock = stock::stock(&site, output).await?;
        Ok(Self { site, stock, dkim })
    }

    /// The site's pictures.
    fn pictures(&self) -> Option<SitePictures> {
        let catalog = &self.site.config.catalog;
        let root = catalog.site.absolute("/")?.to_string();
        Some(SitePictures { root, folder: catalog.sources.static_files.clone() })
    }

    /// What composing takes.
    ///
    /// # Errors
    /// The configuration has no `[mail]`, or no digests.
    pub fn press(&self) -> Result<Press<'_>, Failure> {
        if self.site.config.digests.is_empty() {
            return Err(Failure::usage("there is no [[digest]] in the configuration", "add one"));
        }
        let press = self.site.press(&self.stock);
        press.ok_or_else(|| Failure::usage("there is no [mail] in the configuration", "add it"))
    }

    /// The subscriber with an address.
    ///
    /// # Errors
    /// It is no address, or nobody's; the store can't be read.
    pub async fn subscriber(&self, address: &str) -> Result<Subscriber, Failure> {
        let parsed = address.parse().map_err(|error| {
            Failure::usage(format!("{address:?} is no address: {error}"), "write it as ana@example.org")
        })?;
        self.site.store.subscriber(&parsed).await?.ok_or_else(|| {
            Failure::usage(
                format!("nobody with the address {address} subscribed"),
                "`tidings subscribers list` shows who did",
            )
        })
    }

    /// The next issue of a digest: its editions, with what most readers would get first, and what somebody gets who
    /// subscribes to everything now; or the mail of one subscriber.
    ///
    /// # Errors
    /// A template that can't be rendered, a sender that is none, a store that can't be read.
    pub async fn proofs(
        &self,
        digest: &Digest,
        reader: Option<&Subscriber>,
    ) -> Result<DigestProofs, Failure> {
        let press = self.press()?;
        let mut proofs = self.heading(&press, digest)?;
        match reader {
            Some(reader) => self.for_one(&press, digest, reader, &mut proofs).await?,
            None => self.for_all(&press, digest, &mut proofs).await?,
        }
        if proofs.proofs.is_empty() && proofs.remarks.is_empty() {
            proofs.remarks.push("there is nothing new to show".to_owned());
        }
        Ok(proofs)
    }

    /// A digest without its proofs.
    ///
    /// # Errors
    /// The cron expression can't be read.
    pub fn heading(&self, press: &Press<'_>, digest: &Digest) -> Result<DigestProofs, Failure> {
        let zone = digest.time_zone.unwrap_or(self.site.config.catalog.site.time_zone);
        let next = rehearse::next_slot(press, digest)?;
        Ok(DigestProofs {
            name: digest.name.clone(),
            title: digest.title.clone(),
            next: next.map(|slot| slot.with_timezone(&zone).format("%A, %-d %B %Y, %H:%M %Z").to_string()),
            ..DigestProofs::default()
        })
    }

    async fn for_all(
        &self,
        press: &Press<'_>,
        digest: &Digest,
        proofs: &mut DigestProofs,
    ) -> Result<(), Failure> {
        let store = &*self.site.store;
        let all = rehearse::rehearse_for_all(press, digest, store, MOST_EDITIONS).await?;
        let anybody = self.anybody()?;
        for (edition, readers) in &all.editions {
            let who = counted(*readers, "reader", "readers");
            proofs.proofs.push(self.proof(edition, &all.letterhead, &anybody, who)?);
        }
        let (further, readers) = all.further;
        if further > 0 {
            let editions = counted(further as u64, "further edition", "further editions");
            let readers = counted(readers, "reader", "readers");
            proofs.remarks.push(format!("{editions} for {readers} are not shown"));
        }
        if all.spared > 0 {
            let readers = counted(all.spared, "reader gets", "readers get");
            proofs.remarks.push(format!("{readers} no mail, for there is too little that is new to them"));
        }
        let newcomer = rehearse::rehearse_for(press, digest, store, &rehearse::everything()).await?;
        if let Some(Sheet { letterhead, edition, is_new }) = newcomer {
            let is_known = all.editions.iter().any(|(known, _)| known.key == edition.key);
            if !is_known && (is_new || all.editions.is_empty()) {
                let who = "somebody new, to everything".to_owned();
                let mut proof = self.proof(&edition, &letterhead, &anybody, who)?;
                proof.remark = (!is_new).then(|| NOTHING_NEW.to_owned());
                proofs.proofs.push(proof);
            }
        }
        Ok(())
    }

    async fn for_one(
        &self,
        press: &Press<'_>,
        digest: &Digest,
        reader: &Subscriber,
        proofs: &mut DigestProofs,
    ) -> Result<(), Failure> {
        let wishes = rehearse::wishes_of(reader, &digest.name);
        if wishes.wishes.is_empty() {
            proofs.remarks.push(format!("{} does not subscribe to {}", reader.address, digest.title));
            return Ok(());
        }
        let sheet = rehearse::rehearse_for(press, digest, &*self.site.store, &wishes).await?;
        let Some(Sheet { letterhead, edition, is_new }) = sheet else { return Ok(()) };
        // Not under their number: nobody leaves because somebody tried the links of a preview.
        let recipient =
            Recipient { name: reader.name.clone(), address: reader.address.clone(), ..self.anybody()? };
        let mut proof = self.proof(&edition, &letterhead, &recipient, reader.address.to_string())?;
        proof.remark = (!is_new).then(|| NOTHING_NEW.to_owned());
        proofs.proofs.push(proof);
        Ok(())
    }

    fn proof(
        &self,
        edition: &Edition,
        letterhead: &Letterhead,
        recipient: &Recipient,
        who: String,
    ) -> Result<Proof, Failure> {
        let signer = &self.site.signer;
        let mut message = message::message(edition, letterhead, recipient, signer)?;
        if let Some(dkim) = &self.dkim {
            message = dkim.signed(&message, recipient.opened)?;
        }
        Ok(Proof::new(edition, letterhead, recipient, signer, message, who))
    }

    fn anybody(&self) -> Result<Recipient, Failure> {
        let address = "reader@example.org".parse().map_err(anyhow::Error::msg)?;
        let name = DisplayName::new("Reader");
        Ok(Recipient { subscriber: 0, issue: 0, opened: self.site.clock.now(), name, address })
    }
}

/// All chosen digests; what is wrong with one of them stands in its place.
///
/// # Errors
/// A digest that there is not; no `[mail]`.
pub async fn all(
    round: &Round,
    names: &[String],
    reader: Option<&Subscriber>,
    arguments: &Arguments,
) -> Result<Proofs, Failure> {
    let press = round.press()?;
    let mut proofs = Proofs {
        site: round.site.config.catalog.site.title.clone(),
        reader: reader.map(|reader| reader.address.to_string()),
        pictures: round.pictures(),
        ..Proofs::default()
    };
    for digest in wire::chosen(&round.site.config, names)? {
        proofs.digests.push(match round.proofs(digest, reader).await {
            Ok(digest) => digest,
            Err(failure) => {
                let trouble = Some(in_words(failure, arguments));
                DigestProofs { trouble, ..round.heading(&press, digest)? }
            }
        });
    }
    Ok(proofs)
}

/// What a failure would be on standard error, as plain text.
#[must_use]
pub fn in_words(failure: Failure, arguments: &Arguments) -> String {
    let output = Output::keeping(arguments);
    let _ = failure.explain(&output);
    told(&output).join("\n")
}

/// The problems that an output kept, as plain text.
#[must_use]
pub fn told(output: &Output) -> Vec<String> {
    let plain = |text: &String| anstream::adapter::strip_str(text).to_string().trim_end().to_owned();
    output.take_problems().iter().map(plain).collect()
}
