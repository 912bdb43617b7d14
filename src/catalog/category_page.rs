//! The page of a category: one source file, or what the configuration says, to one category.

use crate::catalog::category::Category;
use crate::catalog::dialect::generator::Dialect;
use crate::catalog::dialect::{adapt, bodies};
use crate::catalog::front_matter::Document;
use crate::catalog::keys::Keys;
use crate::catalog::naming::{self, folder};
use crate::catalog::reader::{self, Unread};
use crate::catalog::settings::{CategorySettings, Settings};
use crate::catalog::slug::Slug;
use crate::catalog::summary;

/// Reads a category's own page. Its slug is its folder's name, unless it gives one.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(text: &str, path: &str, settings: &Settings) -> Result<Category, Unread> {
    let Document { table, body, .. } = reader::open(text, path).map_err(Unread::Faulty)?;
    let dialect = settings.habits.dialect;
    if dialect == Dialect::Zola && table.text("transparent") == Some("true") {
        return Err(Unread::LeftOut("transparent: its articles belong to the section above"));
    }
    let table = adapt::keys(table, dialect);
    let mut keys = Keys::new(&table, path, dialect);
    let name = folder(path).unwrap_or_default().to_owned();
    let slug_text = keys.line(&["slug"]).unwrap_or_else(|| name.clone());
    let slug = dialect.slug(&slug_text);
    if slug.is_none() {
        keys.error(
            keys.at("slug"),
            format!("{slug_text:?} gives no name for an address"),
            "add `slug: some-name`",
        );
    }
    let configured =
        slug.as_ref().and_then(|slug| settings.categories.get(slug.as_str())).cloned().unwrap_or_default();
    let own = CategorySettings {
        title: keys.line(&["title"]),
        description: keys.line(&["description", "summary"]).map(|text| summary::plain(&text)),
        overview: keys.line(&["overview"]),
        order: keys.number(if keys.is_foreign() { "weight" } else { "order" }),
    };
    let Some(slug) = slug.filter(|_| keys.problems.is_empty()) else {
        return Err(Unread::Faulty(keys.problems));
    };
    let overview = own
        .overview
        .or_else(|| Some(bodies::alone(body, path, settings)).filter(|body| !body.trim().is_empty()));
    let settled = CategorySettings {
        title: configured.title.or(own.title),
        description: configured.description.or(own.description),
        overview: configured.overview.or(overview),
        order: configured.order.or(own.order),
    };
    Ok(described(slug, &name, &settled, settings, Some(path)))
}

/// A category from what is said of it; `name` is its title where nothing else is.
#[must_use]
pub fn described(
    slug: Slug,
    name: &str,
    said: &CategorySettings,
    settings: &Settings,
    path: Option<&str>,
) -> Category {
    let page = settings.sources.category_page.replace("{category}", slug.as_str());
    Category {
        title: said.title.clone().unwrap_or_else(|| naming::title_of(name)),
        description: said.description.clone().unwrap_or_default(),
        overview: said.overview.as_deref().map(summary::paragraphs).unwrap_or_default(),
        order: said.order.unwrap_or(i64::MAX),
        page: settings.site.absolute(&page).unwrap_or_else(|| settings.site.url.clone()),
        path: path.map(str::to_owned),
        slug,
    }
}
