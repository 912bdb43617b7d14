//! The lint's entry: everything that is wrong with a mail. Values in, values out.

use crate::digest::lint::finding::{Finding, Report, Rule};
use crate::digest::lint::specimen::{Page, Specimen};
use crate::digest::lint::{
    both, clients, contrast, headers, images, leftovers, links, structure, subject, wire,
};

/// Looks at a mail: the findings, errors first.
#[must_use]
pub fn inspect(specimen: &Specimen<'_>) -> Vec<Finding> {
    let mut report = Report::default();
    let page = Page::of(specimen.html);
    leftovers::check(specimen, &mut report);
    headers::check(specimen.bytes, &mut report);
    subject::check(specimen.subject, &mut report);
    wire::check(specimen, &mut report);
    structure::check(&page.document, &mut report);
    images::check(&page.document, &mut report);
    links::check(&page.document, &mut report);
    contrast::check(&page, &mut report);
    both::check(specimen, &page, &mut report);
    clients::check(&page, &mut report);
    report.into_findings()
}

/// Every rule there is.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let tables: [&[&'static Rule]; 10] = [
        leftovers::ALL,
        headers::ALL,
        subject::ALL,
        wire::ALL,
        structure::ALL,
        images::ALL,
        links::ALL,
        contrast::ALL,
        both::ALL,
        clients::ALL,
    ];
    tables.concat()
}
