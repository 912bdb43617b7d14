//! The generators whose content can be read, and what differs between them as data: names of keys, addresses,
//! and what bodies hold besides Markdown.

use std::borrow::Cow;

use crate::catalog::dialect::{jekyll, names};
use crate::catalog::file_name;
use crate::catalog::slug::Slug;

/// Whose conventions a content folder follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Our own.
    #[default]
    Tidings,
    /// <https://gohugo.io>
    Hugo,
    /// <https://www.getzola.org>
    Zola,
    /// <https://jekyllrb.com>
    Jekyll,
    /// <https://www.11ty.dev>
    Eleventy,
    /// <https://astro.build>
    Astro,
}

/// What bodies hold besides Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Nothing.
    None,
    /// `{{< name >}}` and `{{% name %}}`.
    HugoShortcodes,
    /// `{{ name() }}` and `{% name() %}`.
    ZolaShortcodes,
    /// `{{ value }}` and `{% tag %}`.
    Liquid,
    /// Imports, expressions and components.
    Mdx,
}

/// What the keys of front matter are called, by meaning; the first that has a value counts.
#[derive(Debug)]
pub struct Names {
    /// The date that people read.
    pub date: &'static [&'static str],
    /// The moment before which it is not published.
    pub not_before: &'static [&'static str],
    /// When it was changed.
    pub updated: &'static [&'static str],
    /// When it stops being published.
    pub expires: &'static [&'static str],
    /// Bylines.
    pub authors: &'static [&'static str],
    /// Categories.
    pub categories: &'static [&'static str],
    /// Free keywords.
    pub tags: &'static [&'static str],
    /// A summary.
    pub summary: &'static [&'static str],
    /// The last part of the address.
    pub slug: &'static [&'static str],
    /// The address.
    pub url: &'static [&'static str],
    /// A picture.
    pub image: &'static [&'static str],
    /// Addresses that it had before.
    pub aliases: &'static [&'static str],
}

const TIDINGS: Names = Names {
    date: &["date"],
    not_before: &[],
    updated: &["updated", "lastmod"],
    expires: &["expires"],
    authors: &["authors", "author"],
    categories: &["categories", "category"],
    tags: &["tags"],
    summary: &["summary", "description", "excerpt"],
    slug: &["slug"],
    url: &["url", "permalink"],
    image: &["image"],
    aliases: &[],
};

/// The orders of dates are those of `[frontmatter]` in Hugo's own configuration.
const HUGO: Names = Names {
    date: &["date", "publishdate", "pubdate", "lastmod", "modified"],
    not_before: &["publishdate", "pubdate"],
    updated: &["lastmod", "modified"],
    expires: &["expirydate", "unpublishdate"],
    summary: &["summary", "description"],
    url: &["url"],
    image: &["image", "images", "cover", "featured_image", "thumbnail"],
    aliases: &["aliases"],
    ..TIDINGS
};

const ZOLA: Names = Names {
    updated: &["updated"],
    expires: &[],
    summary: &["description", "summary"],
    url: &["path"],
    image: &["image", "cover", "thumbnail"],
    aliases: &["aliases"],
    ..TIDINGS
};

const JEKYLL: Names = Names {
    updated: &["last_modified_at", "updated", "lastmod"],
    expires: &[],
    summary: &["excerpt", "summary", "description"],
    url: &["permalink"],
    aliases: &["redirect_from"],
    ..TIDINGS
};

const ELEVENTY: Names = Names {
    updated: &["updated", "modified", "lastmod"],
    expires: &[],
    slug: &[],
    url: &["permalink"],
    image: &["image", "cover"],
    ..TIDINGS
};

const ASTRO: Names = Names {
    date: &["pubDate", "pubDatetime", "publishDate", "publishedAt", "date"],
    updated: &["updatedDate", "modDatetime", "updatedAt", "updated", "lastmod"],
    expires: &[],
    summary: &["description", "summary", "excerpt"],
    url: &[],
    image: &["heroImage", "ogImage", "image", "cover"],
    ..TIDINGS
};

impl Dialect {
    /// Every dialect and its name in the configuration.
    pub const ALL: [(&'static str, Self); 6] = [
        ("tidings", Self::Tidings),
        ("hugo", Self::Hugo),
        ("zola", Self::Zola),
        ("jekyll", Self::Jekyll),
        ("eleventy", Self::Eleventy),
        ("astro", Self::Astro),
    ];

    /// What its keys are called.
    #[must_use]
    pub fn names(self) -> &'static Names {
        match self {
            Self::Tidings => &TIDINGS,
            Self::Hugo => &HUGO,
            Self::Zola => &ZOLA,
            Self::Jekyll => &JEKYLL,
            Self::Eleventy => &ELEVENTY,
            Self::Astro => &ASTRO,
        }
    }

    /// Where articles are when nobody says.
    #[must_use]
    pub fn permalink(self) -> &'static str {
        match self {
            Self::Tidings => "/{category}/{slug}/",
            Self::Jekyll => "/{categories}/{year}/{month}/{day}/{slug}.html",
            Self::Hugo | Self::Zola | Self::Eleventy | Self::Astro => "/{sections}/{slug}/",
        }
    }

    /// What the body of the file at `path` holds besides Markdown.
    #[must_use]
    pub fn markup(self, path: &str) -> Markup {
        match self {
            Self::Tidings => Markup::None,
            _ if path.rsplit_once('.').is_some_and(|(_, ending)| ending == "mdx") => Markup::Mdx,
            Self::Hugo => Markup::HugoShortcodes,
            Self::Zola => Markup::ZolaShortcodes,
            Self::Jekyll | Self::Eleventy => Markup::Liquid,
            Self::Astro => Markup::None,
        }
    }

    /// Whether a date in front of a file's name is no part of the address.
    #[must_use]
    pub fn strips_dates(self) -> bool {
        matches!(self, Self::Tidings | Self::Zola | Self::Jekyll)
    }

    /// What a file's name and date are made of, where the name begins with a date.
    #[must_use]
    pub fn dated(self, stem: &str) -> (Option<Cow<'_, str>>, &str) {
        if self == Self::Jekyll {
            return jekyll::dated(stem);
        }
        let (date, bare) = file_name::dated(stem);
        (date.map(Cow::Borrowed), bare)
    }

    /// What the name of a folder or file becomes in an article's address.
    #[must_use]
    pub fn name(self, name: &str) -> Option<Slug> {
        match self {
            Self::Hugo => Slug::verbatim(names::hugo_path(name)),
            Self::Jekyll => Slug::verbatim(names::jekyll_title(name.trim_end_matches('.'))),
            Self::Eleventy => Slug::verbatim(name.to_owned()),
            Self::Tidings | Self::Zola | Self::Astro => self.slug(name),
        }
    }

    /// What a `slug` key becomes in an article's address. Of one with slashes the last part counts, but for Jekyll.
    #[must_use]
    pub fn given_slug(self, text: &str) -> Option<Slug> {
        let last = text.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
        match self {
            Self::Hugo => Slug::verbatim(names::hugo_slug(last)),
            Self::Jekyll => Slug::verbatim(names::jekyll_title(text)),
            _ => self.slug(last),
        }
    }

    /// What the name of a category's folder or its `slug` key becomes in addresses and names of files.
    #[must_use]
    pub fn slug(self, name: &str) -> Option<Slug> {
        match self {
            Self::Tidings | Self::Jekyll | Self::Eleventy => Slug::from_name(name),
            Self::Hugo => Slug::from_name(&name.to_lowercase()),
            Self::Zola => Slug::from_title(name),
            // Of punctuation the slugger that Astro uses keeps only hyphens and underscores.
            Self::Astro => {
                let kept = |letter: &char| letter.is_alphanumeric() || "-_ ".contains(*letter);
                Slug::from_name(
                    &name.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-"),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dialect;

    #[test]
    fn names_of_files_become_what_each_generator_makes_of_them() {
        let table = [
            (Dialect::Tidings, "v26.7.0", "v26.7.0"),
            (Dialect::Hugo, "My First_Post", "my-first-post"),
            (Dialect::Hugo, "2020-01-01-Salt", "2020-01-01-salt"),
            (Dialect::Zola, "Hello_World v1.2", "hello-world-v1-2"),
            (Dialect::Jekyll, "Rye-Bread", "Rye-Bread"),
            (Dialect::Eleventy, "Oats", "Oats"),
            (Dialect::Astro, "Node v1.2_beta", "node-v12_beta"),
        ];
        for (dialect, name, slug) in table {
            assert_eq!(dialect.slug(name).unwrap().as_str(), slug, "{dialect:?} {name}");
        }
    }
}
