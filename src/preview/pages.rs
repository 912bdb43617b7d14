//! The page of the preview, for people: what is asked for, as values of its template.

use serde_json::{Value, json};

use crate::preview::asked::{Asked, Look};
use crate::preview::files;
use crate::preview::proof::{DigestProofs, Proof, Proofs};
use crate::preview::scheme::Scheme;
use crate::templates::environment::{TemplateError, Templates};

/// The page's one script.
pub const SCRIPT: &str = include_str!("../../templates/web/preview.js");

/// Bytes of HTML from which on Gmail shows the beginning and a link to the rest.
const CLIP: usize = 102_400;

/// The digest that is asked for, or the first; `Some(None)` where there is none at all, `None` where it has another name.
#[must_use]
pub fn digest_of<'p>(proofs: &'p Proofs, asked: &Asked) -> Option<Option<&'p DigestProofs>> {
    match &asked.digest {
        None => Some(proofs.digests.first()),
        // While the configuration is broken, nobody knows its digests.
        Some(_) if proofs.digests.is_empty() => Some(None),
        Some(name) => proofs.digests.iter().find(|digest| digest.name == *name).map(Some),
    }
}

/// The edition that is asked for, or the first, with its place.
#[must_use]
pub fn proof_of<'p>(digest: &'p DigestProofs, asked: &Asked) -> Option<(usize, &'p Proof)> {
    let place = asked.edition.unwrap_or(1);
    let proof = digest.proofs.get(place.saturating_sub(1)).map(|proof| (place.max(1), proof));
    proof.or_else(|| Some((1, digest.proofs.first()?)))
}

/// The page with what is asked for.
///
/// # Errors
/// The page's own template can't be rendered: a fault in Tidings.
pub fn page(proofs: &Proofs, digest: Option<&DigestProofs>, asked: &Asked) -> Result<String, TemplateError> {
    let chosen = digest.and_then(|digest| proof_of(digest, asked));
    let asked = Asked {
        digest: digest.map(|digest| digest.name.clone()),
        edition: chosen.map(|(place, _)| place),
        reader: proofs.reader.clone(),
        ..asked.clone()
    };
    let link = |title: &str, is_chosen: bool, asked: Asked| json!({ "title": title, "url": asked.address("/"), "is_chosen": is_chosen });
    let digests: Vec<Value> = proofs
        .digests
        .iter()
        .map(|other| {
            let is_chosen = asked.digest.as_ref() == Some(&other.name);
            link(
                &other.title,
                is_chosen,
                Asked { digest: Some(other.name.clone()), edition: None, ..asked.clone() },
            )
        })
        .collect();
    let editions = |digest: &DigestProofs| -> Vec<Value> {
        let row = |(index, proof): (usize, &Proof)| {
            let place = Some(index + 1);
            let mut row = link(&proof.who, place == asked.edition, Asked { edition: place, ..asked.clone() });
            row["subject"] = json!(proof.subject);
            row["articles"] = json!(proof.articles);
            row["language"] = json!(proof.language);
            row
        };
        digest.proofs.iter().enumerate().map(row).collect()
    };
    let looks: Vec<Value> = Look::ALL
        .into_iter()
        .map(|look| link(look.title(), look == asked.look, Asked { look, ..asked.clone() }))
        .collect();
    let schemes: Vec<Value> = Scheme::ALL
        .into_iter()
        .map(|scheme| {
            let title = if scheme == Scheme::Dark { "Dark" } else { "Light" };
            link(title, scheme == asked.scheme, Asked { scheme, ..asked.clone() })
        })
        .collect();
    let shown = chosen.map(|(_, proof)| {
        let mut shown = facts(proof);
        shown["look"] = json!(asked.look.word());
        shown["frame"] = json!(asked.address("/mail"));
        shown["message"] = json!(asked.address("/message.eml"));
        shown["words"] = json!(match asked.look {
            Look::Html => String::new(),
            Look::Text => proof.text.clone(),
            Look::Headers => proof.headers(),
            Look::Source => proof.source(),
        });
        shown
    });
    render(&json!({
        "is_live": true,
        "version": proofs.version,
        "site": proofs.site,
        "troubles": proofs.troubles,
        "problems": proofs.problems,
        "digests": digests,
        "digest": digest.map(|digest| {
            let mut values = heading(digest);
            values["editions"] = json!(editions(digest));
            values["shown"] = json!(shown);
            values
        }),
        "reader": asked.reader,
        "hidden": { "digest": asked.digest, "look": asked.look.word(), "scheme": asked.scheme.word() },
        "all": Asked { reader: None, edition: None, ..asked.clone() }.address("/"),
        "looks": looks,
        "schemes": schemes,
    }))
}

/// One page that shows all proofs, with the files that [`files`] names beside it.
///
/// # Errors
/// The page's own template can't be rendered: a fault in Tidings.
pub fn index(proofs: &Proofs) -> Result<String, TemplateError> {
    let digest = |digest: &DigestProofs| {
        let proof = |(index, proof): (usize, &Proof)| {
            let mut shown = facts(proof);
            let name = |ending: &str| files::name(digest, index, ending);
            shown["who"] = json!(proof.who);
            shown["frames"] = json!([name("html"), name("dark.html")]);
            shown["files"] = json!([name("html"), name("dark.html"), name("txt"), name("eml")]);
            shown
        };
        let mut values = heading(digest);
        values["shown"] = digest.proofs.iter().enumerate().map(proof).collect();
        values
    };
    render(&json!({
        "is_live": false,
        "site": proofs.site,
        "troubles": proofs.troubles,
        "problems": proofs.problems,
        "digests": proofs.digests.iter().map(digest).collect::<Vec<_>>(),
    }))
}

/// A mail for a frame: its links open in pages of their own, for a frame is no place to read the web in.
#[must_use]
pub fn framed(html: &str) -> String {
    html.replacen("<head>", "<head><base target=\"_blank\">", 1)
}

fn heading(digest: &DigestProofs) -> Value {
    json!({
        "name": digest.name,
        "title": digest.title,
        "next": digest.next,
        "remarks": digest.remarks,
        "trouble": digest.trouble,
    })
}

/// What stands above a mail.
fn facts(proof: &Proof) -> Value {
    json!({
        "from": proof.from,
        "subject": proof.subject,
        "preheader": proof.preheader,
        "remark": proof.remark,
        "size": grouped(proof.size),
        "clip": grouped(CLIP),
        "percent": (proof.size * 100).div_ceil(CLIP),
        "is_clipped": proof.size > CLIP,
    })
}

/// The operator's own templates are what is looked at: they have no say in how.
fn render(context: &Value) -> Result<String, TemplateError> {
    let page = if context["is_live"] == true { "web/preview.html.j2" } else { "web/preview-files.html.j2" };
    Templates::new(None).render(page, context)
}

/// `102,400`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_divided() {
        assert_eq!(
            [0, 999, 1000, 102_400, 1_234_567].map(grouped),
            ["0", "999", "1,000", "102,400", "1,234,567"]
        );
    }
}
