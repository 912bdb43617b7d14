//! The configuration: built-in defaults under a file under the environment, checked as a whole. The only part
//! that reads environment variables, but for the command line's own.

pub mod check;
pub mod check_dkim;
pub mod check_feeds;
pub mod check_ingest;
pub mod check_sources;
pub mod check_web;
pub mod environment;
pub mod fault;
pub mod faults;
pub mod layers;
pub mod store;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::catalog::dialect::habits::Habits;
use crate::catalog::settings::{CategorySettings, Settings as CatalogSettings, Site, Sources};
use crate::catalog::source::settings::Settings as SourceSettings;
use crate::config::fault::Fault;
use crate::config::layers::Layers;
use crate::config::store::{Place, Settings as StoreSettings};
use crate::delivery::settings::Settings as DeliverySettings;
use crate::delivery::transport::smtp::settings::Settings as SmtpSettings;
use crate::digest::archive::Archive;
use crate::digest::letterhead;
use crate::digest::settings::{MailSettings, Settings as DigestSettings};
use crate::feed::settings::{Particulars, Settings as FeedSettings};
use crate::inbound::settings::{Bounces, Ingest};
use crate::mail::dkim::settings::{Identity, Settings as DkimSettings};
use crate::subscribers::retention::Limits;
use crate::web::settings::Settings as WebSettings;

/// The whole configuration, its paths made absolute.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file that it was read from.
    pub file: PathBuf,
    /// Site, sources and categories.
    pub catalog: CatalogSettings,
    /// `[feeds]`
    pub feeds: FeedSettings,
    /// `[mail]`; there without a digest is no need for it.
    pub mail: Option<MailSettings>,
    /// `[[mail.dkim]]`: who signs mails, in the order of the file.
    pub dkim: Vec<Identity>,
    /// `[[digest]]`, in the order of the file.
    pub digests: Vec<DigestSettings>,
    /// `[archive]`, where past issues are shown
    pub archive: Option<Archive>,
    /// `[ingest]`, where letters come in
    pub ingest: Option<Box<Ingest>>,
    /// `[bounces]`
    pub bounces: Box<Bounces>,
    /// `[delivery]`
    pub delivery: DeliverySettings,
    /// `[smtp]`
    pub smtp: SmtpSettings,
    /// `[web]`, the pages for subscribers
    pub web: Option<WebSettings>,
    /// A list of subscribers that the site keeps in a file.
    pub subscribers: Option<PathBuf>,
    /// `[retention]`: how long what is remembered of people is kept.
    pub retention: Limits,
    /// Where the store is.
    pub store: Place,
    /// What the paths of files beside the store begin with; their endings tell them apart.
    pub state: PathBuf,
    /// The operator's templates.
    pub templates: PathBuf,
}

impl Config {
    /// The folder of what is kept beside the store.
    #[must_use]
    pub fn state_folder(&self) -> &Path {
        self.state.parent().unwrap_or(Path::new("/"))
    }

    /// The seal of the last build, beside the store.
    #[must_use]
    pub fn seal(&self) -> PathBuf {
        self.state.with_extension("seal")
    }

    /// What the last build wrote, beside the store.
    #[must_use]
    pub fn written(&self) -> PathBuf {
        self.state.with_extension("written")
    }

    /// The copy of the ledger, beside the store.
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.state.with_extension("ledger")
    }

    /// What the last build read, beside the store.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.state.with_extension("index")
    }
}

/// Table `[subscribers]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubscriberSettings {
    file: PathBuf,
}

/// Where a configuration is looked for, from the folder that one stands in.
const PLACES: [&str; 2] = ["config/tidings.toml", "tidings.toml"];

/// Finds the file: the one that was asked for, or one of the usual places.
///
/// # Errors
/// There is none.
pub fn find(asked: Option<&Path>) -> Result<PathBuf, Vec<Fault>> {
    let found = match asked {
        Some(path) => path.is_file().then(|| path.to_owned()),
        None => PLACES.iter().map(PathBuf::from).find(|path| path.is_file()),
    };
    found.ok_or_else(|| {
        let message = match asked {
            Some(path) => format!("there is no configuration at {}", path.display()),
            None => format!("there is no configuration here: neither {}", PLACES.join(" nor ")),
        };
        let hint = "`tidings init` writes one; --config names one that is elsewhere";
        vec![Fault { at: None, message, hint: hint.to_owned() }]
    })
}

/// Reads and checks the configuration. Paths in it start at the site's folder: the one that holds the file, or
/// the one above where that is called `config`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(file: &Path) -> Result<Config, Vec<Fault>> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let message = format!("{} can't be read: {error}", file.display());
        vec![Fault { at: None, message, hint: "look at its permissions".to_owned() }]
    })?;
    let root = site_folder(file).map_err(|error| {
        let message = format!("{} can't be found: {error}", file.display());
        vec![Fault { at: None, message, hint: "look at its path".to_owned() }]
    })?;
    read(file, &text, &root, &environment::overrides())
}

/// As [`load`], from a text that is at hand, and the environment as TOML.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(file: &Path, text: &str, root: &Path, environment: &str) -> Result<Config, Vec<Fault>> {
    let mut layers = Layers::new(text, environment, root)?;
    let sources = layers.table::<Sources>("catalog");
    let imports = layers.list::<SourceSettings>("source");
    let site_feed = layers.inner::<Particulars>("site", "feed");
    let site = layers.table::<Site>("site");
    let category_feeds = layers.inner_of_each::<Particulars>("category", "feed");
    let categories = layers.table::<BTreeMap<String, CategorySettings>>("category");
    let feeds = layers.table::<FeedSettings>("feeds");
    let configured = layers.list::<Particulars>("feed");
    let has_mail = layers.has("mail");
    let dkim = layers.inner_list::<DkimSettings>("mail", "dkim");
    let mail = layers.table::<MailSettings>("mail");
    let digests = layers.list::<DigestSettings>("digest");
    let has_archive = layers.has("archive");
    let archive = layers.table::<Archive>("archive");
    let has_ingest = layers.has("ingest");
    let ingest = layers.table::<Box<Ingest>>("ingest");
    let bounces = layers.table::<Box<Bounces>>("bounces");
    let delivery = layers.table::<DeliverySettings>("delivery");
    let smtp = layers.table::<SmtpSettings>("smtp");
    let store = layers.table::<StoreSettings>("store");
    let has_web = layers.has("web");
    let web = layers.table::<WebSettings>("web");
    let has_list = layers.has("subscribers");
    let subscribers = layers.table::<SubscriberSettings>("subscribers");
    let retention = layers.table::<Limits>("retention");
    let templates = layers.text("templates");
    layers.finish()?;
    let (
        Some(site),
        Some(mut sources),
        Some(mut feeds),
        Some(mut delivery),
        Some(smtp),
        Some(store),
        Some(retention),
    ) = (site, sources, feeds, delivery, smtp, store, retention)
    else {
        // A section that is missing has a fault, and with a fault `finish` does not return.
        return Err(Vec::new());
    };
    for path in [&mut sources.content, &mut sources.static_files, &mut feeds.output, &mut delivery.outbox] {
        *path = root.join(&path);
    }
    let mut imports = imports.unwrap_or_default();
    for source in &mut imports {
        for path in [&mut source.file, &mut source.folder].into_iter().flatten() {
            *path = root.join(&path);
        }
        source.database = source.database.take().map(|database| database.within(root));
    }
    let mut digests = digests.unwrap_or_default();
    for file in digests.iter_mut().filter_map(|digest| digest.intro_file.as_mut()) {
        *file = root.join(&file);
    }
    feeds.site = site_feed.unwrap_or_default();
    feeds.of_category = category_feeds;
    feeds.configured = configured.unwrap_or_default();
    let smtp = SmtpSettings { ca_file: smtp.ca_file.as_ref().map(|file| root.join(file)), ..smtp };
    // Who reads what comes back wants it to tell whose it is.
    let web = web.filter(|_| has_web).map(|web| web.within(root));
    let mail = mail
        .filter(|_| has_mail)
        .map(|mail| MailSettings { verp: mail.verp.or(Some(has_ingest)), ..with_pages(mail, web.as_ref()) });
    let ingest = ingest.filter(|_| has_ingest).map(|ingest| Box::new(ingest.within(root)));
    let sender = mail.as_ref().and_then(|mail| letterhead::sender(&mail.from).ok());
    let sender = sender.as_ref().map(|(_, address)| address.domain());
    let (place, state) = store.places(root);
    let config = Config {
        file: file.to_owned(),
        catalog: CatalogSettings {
            site,
            sources,
            categories: categories.unwrap_or_default(),
            imports,
            habits: Habits::default(),
        },
        feeds,
        dkim: dkim.unwrap_or_default().into_iter().map(|own| own.settle(root, sender)).collect(),
        mail,
        digests,
        archive: archive
            .filter(|_| has_archive)
            .map(|archive| Archive { output: root.join(&archive.output), ..archive }),
        ingest,
        bounces: bounces.unwrap_or_default(),
        delivery,
        smtp,
        web,
        subscribers: subscribers.filter(|_| has_list).map(|list| root.join(list.file)),
        retention,
        store: place,
        state,
        templates: root.join(templates.unwrap_or_default()),
    };
    let faults = check::check(&config, &layers);
    if faults.is_empty() { Ok(config) } else { Err(faults) }
}

/// Links in mails lead to the pages for subscribers, where nothing else is said.
fn with_pages(mail: MailSettings, web: Option<&WebSettings>) -> MailSettings {
    let page = |name: &str| web.map(|web| web.page(name, "{token}"));
    MailSettings {
        unsubscribe_url: mail.unsubscribe_url.or_else(|| page("unsubscribe")),
        preferences_url: mail.preferences_url.or_else(|| page("preferences")),
        ..mail
    }
}

/// The folder at which paths start.
///
/// # Errors
/// There is no folder that one stands in.
pub fn site_folder(file: &Path) -> std::io::Result<PathBuf> {
    let file = std::path::absolute(file)?;
    let folder = file.parent().unwrap_or(Path::new("/"));
    let above = folder.parent().filter(|_| folder.file_name().is_some_and(|name| name == "config"));
    Ok(above.unwrap_or(folder).to_owned())
}
