//! Composing: a selection of articles rendered through the templates of a theme, once for all who get it in a language.

use serde_json::Value;

use crate::catalog::body_text::BodyError;
use crate::catalog::category::Category;
use crate::catalog::publication::Published;
use crate::catalog::settings::Settings as CatalogSettings;
use crate::catalog::shelf::Shelf;
use crate::catalog::slug::Slug;
use crate::digest::archive::{self, Archive};
use crate::digest::draft::Draft;
use crate::digest::finish::{inline, number_links, tidy, turns_direction, without_controls};
use crate::digest::intro::{IntroError, Intros};
use crate::digest::issue::{Contents, Edition};
use crate::digest::letterhead::Letterhead;
use crate::digest::look::Look;
use crate::digest::select::{Group, Selection};
use crate::digest::settings::{MailSettings, Settings};
use crate::digest::slots;
use crate::digest::view::{Audience, View};
use crate::language::tag::Language;
use crate::mail::header::{HeaderError, subject_line};
use crate::templates::environment::{TemplateError, Templates};

/// An edition that can't be rendered.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An article is not there any more.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The introduction can't be read.
    #[error(transparent)]
    Intro(#[from] IntroError),
    /// The sender can't be written into a header.
    #[error(transparent)]
    Header(#[from] HeaderError),
}

/// What all editions of an issue have in common.
pub struct Composer<'a> {
    /// The articles that selections point into.
    pub published: &'a [Published],
    /// Where the whole articles are.
    pub shelf: &'a Shelf,
    /// The digest's categories.
    pub categories: &'a [Category],
    /// The site.
    pub catalog: &'a CatalogSettings,
    /// The digest.
    pub digest: &'a Settings,
    /// What all mails have in common.
    pub mail: &'a MailSettings,
    /// The templates.
    pub templates: &'a Templates,
    /// Where past issues are.
    pub archive: Option<&'a Archive>,
    /// What all mails of the issue say in their headers.
    pub letterhead: Letterhead,
    /// How its mails look.
    pub look: Look,
    /// What stands above the articles.
    pub intro: Intros,
    /// The slot that it is for.
    pub slot: chrono::DateTime<chrono::Utc>,
    /// When the issue was opened.
    pub opened: chrono::DateTime<chrono::Utc>,
}

impl Composer<'_> {
    /// The language of a mail for somebody who asked for one, or for none: theirs, where it has messages; else the
    /// digest's; else the site's.
    ///
    /// # Errors
    /// A catalog of messages that can't be read.
    pub fn language(&self, asked: Option<&Language>) -> Result<Language, TemplateError> {
        language_of(self.digest, self.catalog, self.templates, asked)
    }

    /// What tells editions apart: the same articles in the same groups in the same language are the same edition.
    #[must_use]
    pub fn key(&self, selection: &Selection, language: &Language) -> String {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(language.as_str().as_bytes());
        for group in &selection.groups {
            hasher.update(format!("{}+{}:", group.category, group.more).as_bytes());
            for index in &group.articles {
                hasher.update(&self.published[*index].publication.number.to_le_bytes());
            }
            hasher.update(b";");
        }
        format!("{:032x}", hasher.digest128())
    }

    /// Renders subject, text and HTML, and makes the stencil of the message. Styles are moved into the elements, for
    /// many clients drop the rest.
    ///
    /// # Errors
    /// A template that can't be rendered, that renders to nothing, or that changes what is stamped in per subscriber; an
    /// article that can't be read any more.
    pub fn compose(&self, selection: &Selection, language: &Language) -> Result<Edition, ComposeError> {
        let key = self.key(selection, language);
        let page = self.archive.map(|archive| archive.address(&(self.folder() + &archive::page(&key))));
        let mut view = View::new(self, language, Audience::Mail);
        let context = view.context(selection, page.as_deref())?;
        let subject = self.render("subject.txt.j2", &context)?;
        let subject: String = subject.chars().filter(|c| !turns_direction(*c)).collect();
        let subject = subject_line(&subject);
        let text = self.render("body.txt.j2", &context)?;
        let text = number_links(&tidy(&without_controls(&text)), &self.letterhead.slots);
        let html = inline(&without_controls(&self.render("body.html.j2", &context)?))?;
        let draft = Draft {
            letterhead: &self.letterhead,
            opened: self.opened,
            subject: &subject,
            text: &text,
            html: &html,
            page: page.as_deref(),
            pictures: &view.pictures.along,
        };
        let message = draft.write()?;
        let web = if self.archive.is_some() {
            self.web(selection, language, page.as_deref())?
        } else {
            String::new()
        };
        let contents = |group: &Group| Contents {
            category: group.category.to_string(),
            articles: group.articles.iter().map(|index| self.published[*index].publication.number).collect(),
            more: group.more,
        };
        Ok(Edition {
            key,
            language: language.clone(),
            nameless: self.nameless(language),
            subject,
            text,
            html,
            web,
            message,
            contents: selection.groups.iter().map(contents).collect(),
        })
    }

    /// What a reader without a name is called in a language.
    #[must_use]
    pub fn nameless(&self, language: &Language) -> String {
        let said = || self.templates.messages().words(language, "nameless");
        self.mail.nameless.clone().unwrap_or_else(said)
    }

    /// The issue's folder in the archive.
    #[must_use]
    pub fn folder(&self) -> String {
        archive::folder(self.digest, self.digest.time_zone.unwrap_or(self.catalog.site.time_zone), self.slot)
    }

    /// The edition as a page.
    fn web(
        &self,
        selection: &Selection,
        language: &Language,
        page: Option<&str>,
    ) -> Result<String, ComposeError> {
        let context = View::new(self, language, Audience::Web).context(selection, page)?;
        Ok(inline(&without_controls(&self.render("body.html.j2", &context)?))?)
    }

    /// Renders a template of the theme; what a theme does not have is that of the plain one.
    fn render(&self, name: &str, context: &Value) -> Result<String, TemplateError> {
        let own = format!("email/{}/{name}", self.look.theme);
        let name = if self.templates.has(&own) { own } else { format!("email/plain/{name}") };
        let rendered = self.templates.render(&name, context)?;
        self.fit_to_send(&rendered).map_err(|why| TemplateError { message: format!("{name}: {why}") })?;
        Ok(rendered)
    }

    /// Whether a rendered template may go to readers: nobody wants an empty subject, or a marker for a name.
    fn fit_to_send(&self, rendered: &str) -> Result<(), &'static str> {
        if rendered.trim().is_empty() {
            return Err("it renders to nothing; every mail needs a subject, a text and HTML");
        }
        if !slots::are_whole(rendered, &self.letterhead.slots) {
            return Err(
                "it changes what is stamped in per subscriber; print recipient.name, recipient.address, \
                        links.unsubscribe and links.preferences as they are, without a filter",
            );
        }
        Ok(())
    }
}

/// As [`Composer::language`], before there is one.
///
/// # Errors
/// A catalog of messages that can't be read.
pub fn language_of(
    digest: &Settings,
    catalog: &CatalogSettings,
    templates: &Templates,
    asked: Option<&Language>,
) -> Result<Language, TemplateError> {
    let failed =
        |error: crate::language::messages::MessageError| TemplateError { message: error.to_string() };
    if let Some(asked) = asked
        && templates.messages().has(asked).map_err(failed)?
    {
        return Ok(asked.clone());
    }
    let site = || catalog.site.language.parse().unwrap_or_else(|_| Language::english());
    Ok(digest.language.clone().unwrap_or_else(site))
}

/// Whether a theme is there: its HTML, at least.
///
/// # Errors
/// What is wrong, in words for people.
pub fn check_theme(templates: &Templates, look: &Look) -> Result<(), TemplateError> {
    if templates.has(&format!("email/{}/body.html.j2", look.theme)) {
        return Ok(());
    }
    let message = format!(
        "there is no theme {0:?}: no template email/{0}/body.html.j2; there are \"plain\" and \"magazine\", and what is \
         in your own folder of templates",
        look.theme
    );
    Err(TemplateError { message })
}

/// The digest's categories: those that it names, or all, in the catalog's order.
#[must_use]
pub fn categories_of(digest: &Settings, catalog: &[Category]) -> Vec<Category> {
    let named: Vec<Slug> = digest.categories.iter().filter_map(|name| Slug::from_name(name)).collect();
    catalog.iter().filter(|category| named.is_empty() || named.contains(&category.slug)).cloned().collect()
}

/// Categories that a digest names and the catalog does not have.
#[must_use]
pub fn unknown_categories(digest: &Settings, catalog: &[Category]) -> Vec<String> {
    let is_known = |name: &String| catalog.iter().any(|category| category.slug.as_str() == name);
    digest.categories.iter().filter(|name| !is_known(name)).cloned().collect()
}
