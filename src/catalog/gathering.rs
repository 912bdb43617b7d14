//! Gathering: articles one after the other, from whatever source, into the catalog: their categories are settled as they
//! come, their bodies when the addresses of all are known.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::catalog::cache::Sketch;
use crate::catalog::category::Category;
use crate::catalog::category_page;
use crate::catalog::contents::Catalog;
use crate::catalog::dialect::bodies;
use crate::catalog::dialect::page::Addresses;
use crate::catalog::naming::Naming;
use crate::catalog::outline::Outline;
use crate::catalog::problem::{Position, Problem};
use crate::catalog::reader::{CategoryName, Draft};
use crate::catalog::settings::Settings;
use crate::catalog::shelf::{self, Shelf};
use crate::catalog::slug::Slug;

/// What was gathered so far.
#[derive(Debug)]
pub struct Gathering<'a> {
    /// Settings of the whole catalog.
    pub settings: &'a Settings,
    /// Which category a name means.
    pub naming: &'a Naming,
    /// Categories that have a page, and those that articles named.
    pub categories: BTreeMap<Slug, Category>,
    /// Articles in the order in which they came.
    pub outlines: Vec<Outline>,
    /// The articles themselves.
    pub shelf: Shelf,
    /// What was found on the way.
    pub catalog: Catalog,
    /// How a category was first called, and by which article.
    names: HashMap<Slug, (String, String)>,
    /// What names stand for that were found to be without fault.
    sound: HashMap<String, Slug>,
    /// Places of articles whose bodies are not settled, and the lines on which these start.
    open: Vec<(usize, usize)>,
    now: DateTime<Utc>,
}

/// Bodies that are settled at a time, on all cores; these alone are in memory.
const BATCH: usize = 256;

impl<'a> Gathering<'a> {
    /// Nothing but category pages.
    #[must_use]
    pub fn new(
        pages: BTreeMap<Slug, Category>,
        naming: &'a Naming,
        settings: &'a Settings,
        catalog: Catalog,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            settings,
            naming,
            categories: pages,
            outlines: Vec::new(),
            shelf: Shelf::default(),
            catalog,
            names: HashMap::new(),
            sound: HashMap::new(),
            open: Vec::new(),
            now,
        }
    }

    /// Adds an article, unless one of its categories can't be.
    pub fn take(&mut self, sketch: Sketch) {
        let Sketch { mut outline, category_names, warnings, body_line } = sketch;
        let Some(categories) = self.settled(&outline, &category_names) else { return };
        outline.categories = categories;
        if outline.held_back(self.now).is_none() {
            self.catalog.problems.extend(warnings);
        }
        if body_line > 0 {
            self.open.push((self.outlines.len(), body_line));
        }
        self.outlines.push(outline);
    }

    /// Forgets the articles that came last: only so many stay.
    pub fn forget_after(&mut self, count: usize) {
        self.outlines.truncate(count);
        self.open.retain(|(index, _)| *index < count);
    }

    /// An article's categories; those that have no page are made. Two names that are not the same but slug alike are a
    /// problem: feeds of both would be one file.
    fn settled(&mut self, outline: &Outline, names: &[CategoryName]) -> Option<Vec<Slug>> {
        let mut faults = Vec::new();
        let mut slugs: Vec<Slug> = Vec::with_capacity(names.len());
        for (name, at) in names {
            if let Some(slug) = self.sound.get(name) {
                if !slugs.contains(slug) {
                    slugs.push(slug.clone());
                }
                continue;
            }
            let Some(slug) = self.naming.slug_of(name) else {
                let message = format!("the category {name:?} has no letter or digit to make an address of");
                faults.push(outline.error(*at, message, "give the category another name"));
                continue;
            };
            let known = self.names.get(&slug);
            if let Some((first, path)) = known {
                let has_page = self.categories.get(&slug).is_some_and(|page| page.path.is_some());
                let is_known = has_page || self.naming.known(name).is_some();
                if !is_known && !alike(first, name) && name != slug.as_str() {
                    faults.push(outline.error(
                        *at,
                        format!(
                            "the categories {name:?} and {first:?} ({path}) have the same slug {:?}",
                            slug.as_str()
                        ),
                        "write the name the same way in both, or give one folder a _category.md with a `slug` of its own",
                    ));
                    continue;
                }
            } else {
                self.names.insert(slug.clone(), (name.clone(), outline.path().to_owned()));
            }
            let category = self.categories.entry(slug.clone()).or_insert_with(|| {
                let said = self.settings.categories.get(slug.as_str()).cloned().unwrap_or_default();
                category_page::described(slug, name, &said, self.settings, None)
            });
            self.sound.insert(name.clone(), category.slug.clone());
            if !slugs.contains(&category.slug) {
                slugs.push(category.slug.clone());
            }
        }
        let is_sound = faults.is_empty();
        self.catalog.problems.append(&mut faults);
        is_sound.then_some(slugs)
    }

    /// Makes bodies plain Markdown. That takes the addresses of all articles, held ones too: one may link to another.
    pub fn settle_bodies(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let mut addresses = Addresses::default();
        for outline in &self.outlines {
            addresses.add(outline.path(), outline.url(), outline.held_back(self.now).is_none());
        }
        for category in self.categories.values() {
            if let Some(path) = &category.path {
                addresses.add(path, category.page.as_str(), true);
            }
        }
        let mut lost = Vec::new();
        for open in std::mem::take(&mut self.open).chunks(BATCH) {
            let settle = |(index, body_line): &(usize, usize)| {
                let article = self.shelf.article(&self.outlines[*index])?;
                let (category_names, warnings) = (Vec::new(), Vec::new());
                let mut draft = Draft { article, category_names, warnings, body_line: *body_line };
                bodies::settle(&mut draft, &addresses, self.settings);
                Ok((shelf::packed(&draft.article), draft.warnings))
            };
            let settled: Vec<_> = open.par_iter().map(settle).collect();
            for (result, (index, _)) in settled.into_iter().zip(open) {
                let outline = &mut self.outlines[*index];
                match result {
                    Ok((bytes, warnings)) => {
                        outline.mark = self.shelf.put(&bytes);
                        if outline.held_back(self.now).is_none() {
                            self.catalog.problems.extend(warnings);
                        }
                    }
                    Err(error) => {
                        lost.push(*index);
                        self.catalog.problems.push(unreadable(outline, &error));
                    }
                }
            }
        }
        for index in lost.into_iter().rev() {
            self.outlines.remove(index);
        }
    }
}

fn unreadable(outline: &Outline, error: &crate::catalog::body_text::BodyError) -> Problem {
    outline.error(Position::START, format!("the article can't be read again: {}", error.why), "run again")
}

/// Names that differ only in case and in what stands for a space are one name.
fn alike(one: &str, other: &str) -> bool {
    let fold = |name: &str| name.to_lowercase().replace(['-', '_'], " ");
    one == other || fold(one) == fold(other)
}
