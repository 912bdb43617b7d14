//! The desk: all that pages work with. The caller fills it, and is woken when something was received.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Notify;

use crate::catalog::settings::Site;
use crate::clock::Clock;
use crate::digest::offering::Offering;
use crate::digest::settings::MailSettings;
use crate::feed::settings::Settings as FeedSettings;
use crate::language::tag::Language;
use crate::store::Store;
use crate::subscribers::token::Signer;
use crate::templates::environment::Templates;
use crate::web::figures::Figures;
use crate::web::limits::Limits;
use crate::web::settings::Settings;

/// A folder of files, and the path that they are served under.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The path, without a `/` at the end; empty for the root.
    pub path: String,
    /// The folder.
    pub folder: PathBuf,
}

/// All that pages work with.
#[derive(Debug)]
pub struct Desk {
    /// Table `[web]`.
    pub settings: Settings,
    /// The site.
    pub site: Site,
    /// What all mails have in common: the pages look like them.
    pub mail: MailSettings,
    /// How feeds are called, for their types.
    pub feeds: FeedSettings,
    /// The templates.
    pub templates: Templates,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes and reads tokens.
    pub signer: Signer,
    /// The time.
    pub clock: Clock,
    /// Who may ask.
    pub limits: Limits,
    /// What is counted.
    pub figures: Figures,
    /// Folders with files.
    pub shelves: Vec<Shelf>,
    /// Languages that pages and mails can be in.
    pub languages: Vec<Language>,
    /// Woken when a request was received.
    pub received: Notify,
    offering: RwLock<Arc<Offering>>,
}

/// What a desk is made of.
#[derive(Debug)]
pub struct Furniture {
    /// Table `[web]`.
    pub settings: Settings,
    /// The site.
    pub site: Site,
    /// What all mails have in common.
    pub mail: MailSettings,
    /// How feeds are called.
    pub feeds: FeedSettings,
    /// The templates.
    pub templates: Templates,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes and reads tokens.
    pub signer: Signer,
    /// The time.
    pub clock: Clock,
    /// Folders with files.
    pub shelves: Vec<Shelf>,
    /// What there is to subscribe to.
    pub offering: Offering,
}

impl Desk {
    /// Ready for work.
    #[must_use]
    pub fn new(furniture: Furniture) -> Self {
        let Furniture { settings, site, mail, feeds, templates, store, signer, clock, mut shelves, offering } =
            furniture;
        // The longest path first: it is the nearest.
        shelves.sort_by_key(|shelf| std::cmp::Reverse(shelf.path.len()));
        let languages = templates.messages().languages();
        let limits = Limits::new(settings.requests_per_ip, settings.requests_in_total, clock.now());
        Self {
            settings,
            site,
            mail,
            feeds,
            templates,
            store,
            signer,
            clock,
            limits,
            figures: Figures::default(),
            shelves,
            languages,
            received: Notify::new(),
            offering: RwLock::new(Arc::new(offering)),
        }
    }

    /// What there is to subscribe to now.
    #[must_use]
    pub fn offering(&self) -> Arc<Offering> {
        Arc::clone(&self.offering.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what there is to subscribe to from now on.
    pub fn offer(&self, offering: Offering) {
        *self.offering.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(offering);
    }

    /// The language of the site.
    #[must_use]
    pub fn site_language(&self) -> Language {
        self.site.language.parse().unwrap_or_else(|_| Language::english())
    }

    /// The path that all pages are under, without a `/` at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        self.settings.url.path().trim_end_matches('/')
    }
}
