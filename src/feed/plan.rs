//! Planning: which feeds there are, which articles each may show, and where its files go. No entry is rendered yet.

use std::collections::{BTreeMap, HashMap};

use crate::catalog::category::Category;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::publication::{Published, newest_first};
use crate::catalog::slug::Slug;
use crate::feed::filter;
use crate::feed::manner::Manner;
use crate::feed::model::Kind;
use crate::feed::settings::{Particulars, Settings};

/// Files that stand beside the feeds, whatever those are called.
pub const COMMON: [&str; 3] = ["feeds.opml", "feeds.html", "feed.css"];

/// A feed before its entries are rendered.
#[derive(Clone, Debug)]
pub struct Planned<'a> {
    /// What it is of.
    pub kind: Kind,
    /// Its name in addresses and ids; empty for the site's.
    pub slug: String,
    /// Its name for people.
    pub label: String,
    /// The category that it is of.
    pub category: Option<&'a Category>,
    /// What the paths of its files begin with.
    pub prefix: String,
    /// How it is made.
    pub manner: Manner,
    /// What the configuration says of it alone.
    pub own: Particulars,
    /// Places of its articles, all of them, newest first.
    pub members: Vec<usize>,
    /// The article or category page that the feed comes from, for problems.
    source: String,
}

/// All feeds, by kind. Of two that would be written to the same file one stays, and a problem names both: what
/// `[[feed]]` says is meant, and goes before what follows from articles.
#[must_use]
pub fn plan<'a>(
    published: &[Published],
    categories: &'a [Category],
    site_label: &str,
    settings: &Settings,
) -> (Vec<Planned<'a>>, Vec<Problem>) {
    let newest = newest_first(published);
    let mut feeds =
        vec![planned(Kind::Site, "", site_label, settings.site.clone(), newest.clone(), settings)];
    for own in &settings.configured {
        let chosen =
            newest.iter().copied().filter(|index| filter::fits(&published[*index].outline, own)).collect();
        let name = own.name.clone().unwrap_or_default();
        let label = own.title.clone().unwrap_or_else(|| name.clone());
        feeds.push(planned(Kind::Selection, &name, &label, own.clone(), chosen, settings));
    }
    if settings.categories {
        feeds.extend(of_categories(published, &newest, categories, settings));
    }
    if settings.tags {
        let tags = by_name(published, &newest, |item| item.outline.tags().collect());
        feeds.extend(of_names(Kind::Tag, tags, published, settings));
    }
    if settings.authors {
        let authors = by_name(published, &newest, |item| item.outline.authors().collect());
        feeds.extend(of_names(Kind::Author, authors, published, settings));
    }
    without_clashes(feeds, settings)
}

/// The categories that `[[feed]]` names and that there are not, with the name of the feed; and those that there are not
/// and have a `[category.<slug>.feed]`, with their own.
#[must_use]
pub fn unknown_categories(settings: &Settings, catalog: &[Category]) -> Vec<(String, Vec<String>)> {
    let is_known = |name: &String| catalog.iter().any(|category| category.slug.as_str() == name);
    let unknown = |own: &Particulars| -> Vec<String> {
        own.categories.iter().chain(&own.not_categories).filter(|name| !is_known(name)).cloned().collect()
    };
    let feeds = settings.configured.iter().map(|own| (own.name.clone().unwrap_or_default(), unknown(own)));
    let own = settings.of_category.keys().filter(|slug| !is_known(slug));
    let feeds = feeds.chain(own.map(|slug| (slug.clone(), vec![slug.clone()])));
    feeds.filter(|(_, unknown)| !unknown.is_empty()).collect()
}

impl Planned<'_> {
    /// The paths of its files.
    #[must_use]
    pub fn paths(&self, settings: &Settings) -> Vec<String> {
        let documents = self.manner.formats.iter().map(|format| settings.files.of(*format));
        let page = self.manner.page.then_some(settings.files.page.as_str());
        documents.chain(page).map(|name| format!("{}{name}", self.prefix)).collect()
    }
}

fn planned<'a>(
    kind: Kind,
    slug: &str,
    label: &str,
    own: Particulars,
    members: Vec<usize>,
    settings: &Settings,
) -> Planned<'a> {
    let pattern = match kind {
        Kind::Site => "",
        Kind::Selection => "{slug}/",
        Kind::Category => &settings.category_path,
        Kind::Tag => &settings.tag_path,
        Kind::Author => &settings.author_path,
    };
    Planned {
        kind,
        prefix: own.path.as_deref().unwrap_or(pattern).replace("{slug}", slug),
        manner: Manner::of(&own, settings),
        slug: slug.to_owned(),
        label: label.to_owned(),
        category: None,
        own,
        members,
        source: String::new(),
    }
}

/// One for each category, in their order; those without articles too.
fn of_categories<'a>(
    published: &[Published],
    newest: &[usize],
    categories: &'a [Category],
    settings: &Settings,
) -> Vec<Planned<'a>> {
    let mut members: HashMap<&Slug, Vec<usize>> = HashMap::new();
    for index in newest {
        for slug in &published[*index].outline.categories {
            members.entry(slug).or_default().push(*index);
        }
    }
    let feed = |category: &'a Category| {
        let slug = category.slug.as_str();
        let chosen = members.remove(&category.slug).unwrap_or_default();
        let source =
            category.path.clone().or_else(|| Some(published[*chosen.first()?].outline.path().to_owned()));
        let own = settings.of_category.get(slug).cloned().unwrap_or_default();
        let label = own.title.clone().unwrap_or_else(|| category.title.clone());
        Planned {
            category: Some(category),
            source: source.unwrap_or_default(),
            ..planned(Kind::Category, slug, &label, own, chosen, settings)
        }
    };
    categories.iter().map(feed).collect()
}

/// Articles by a name that stands in their front matter. Spellings that differ only in case and in what stands for a
/// space are one name.
fn by_name<'p>(
    published: &'p [Published],
    newest: &[usize],
    names: impl Fn(&'p Published) -> Vec<&'p str>,
) -> BTreeMap<String, Vec<(usize, &'p str)>> {
    let mut found: BTreeMap<String, Vec<(usize, &str)>> = BTreeMap::new();
    for index in newest {
        for name in names(&published[*index]) {
            let articles = found.entry(filter::folded(name)).or_default();
            if articles.last().is_none_or(|(last, _)| last != index) {
                articles.push((*index, name));
            }
        }
    }
    found
}

/// One for each name, in alphabetical order. It is spelled as in the article that was published first, so that a feed
/// is not renamed by what comes later. A name without a letter or digit has no feed: nothing could be its address.
fn of_names<'a>(
    kind: Kind,
    names: BTreeMap<String, Vec<(usize, &str)>>,
    published: &[Published],
    settings: &Settings,
) -> Vec<Planned<'a>> {
    let feed = |articles: Vec<(usize, &str)>| {
        let (first, label) = articles.iter().min_by_key(|(index, _)| published[*index].publication.number)?;
        let slug = Slug::from_title(label)?;
        let members = articles.iter().map(|(index, _)| *index).collect();
        let planned = planned(kind, slug.as_str(), label, Particulars::default(), members, settings);
        Some(Planned { source: published[*first].outline.path().to_owned(), ..planned })
    };
    names.into_values().filter_map(feed).collect()
}

fn without_clashes<'a>(feeds: Vec<Planned<'a>>, settings: &Settings) -> (Vec<Planned<'a>>, Vec<Problem>) {
    let common = COMMON.iter().map(|path| ((*path).to_owned(), "the list of feeds".to_owned()));
    let mut taken: HashMap<String, String> = common.collect();
    let (mut kept, mut problems) = (Vec::with_capacity(feeds.len()), Vec::new());
    for feed in feeds {
        let paths = feed.paths(settings);
        let name = feed.name();
        if let Some((path, other)) = paths.iter().find_map(|path| Some((path, taken.get(path)?))) {
            let message = format!("{name} and {other} would both be written to {path}; {other} is");
            let hint = "give one of the two another name, or the kind another path in [feeds]";
            problems.push(Problem::error(&feed.source, Position::START, message, hint));
            continue;
        }
        taken.extend(paths.into_iter().map(|path| (path, name.clone())));
        kept.push(feed);
    }
    kept.sort_by_key(|feed| feed.kind);
    (kept, problems)
}

impl Planned<'_> {
    /// What messages call it.
    fn name(&self) -> String {
        let what = match self.kind {
            Kind::Site => return "the site's feed".to_owned(),
            Kind::Selection => "[[feed]]",
            Kind::Category => "the category",
            Kind::Tag => "the tag",
            Kind::Author => "the author",
        };
        format!("{what} {:?}", self.label)
    }
}
