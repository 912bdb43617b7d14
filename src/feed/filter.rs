//! Which articles a configured feed shows: each list is "any of", and all lists have to agree.

use crate::catalog::outline::Outline;
use crate::catalog::slug::Slug;
use crate::feed::settings::Particulars;

/// Whether the article is in what the feed chooses. A feed that chooses nothing shows everything.
#[must_use]
pub fn fits(article: &Outline, chosen: &Particulars) -> bool {
    let category = |name: &String| article.categories.iter().any(|slug| slug.as_str() == name);
    let tag = |name: &String| article.tags().any(|tag| is_called(tag, name));
    let author = |name: &String| article.authors().any(|author| is_called(author, name));
    (chosen.categories.is_empty() || chosen.categories.iter().any(category))
        && (chosen.tags.is_empty() || chosen.tags.iter().any(tag))
        && (chosen.authors.is_empty() || chosen.authors.iter().any(author))
        && !chosen.not_categories.iter().any(category)
        && !chosen.not_tags.iter().any(tag)
        && !chosen.not_authors.iter().any(author)
}

/// A name in lower case, with spaces for what may stand for them: spellings that are one name are equal.
#[must_use]
pub fn folded(name: &str) -> String {
    name.to_lowercase().replace(['-', '_'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `name` means `spelled`: in any case, or as its slug.
fn is_called(spelled: &str, name: &str) -> bool {
    folded(spelled) == folded(name) || Slug::from_title(spelled).is_some_and(|slug| slug.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::is_called;

    #[test]
    fn a_name_is_known_in_any_case_and_by_its_slug() {
        for name in ["Ana Roe", "ana roe", "ana-roe", "ANA_ROE"] {
            assert!(is_called("Ana  Roe", name), "{name}");
        }
        assert!(is_called("C++", "c-plus-plus") && !is_called("C++", "c"));
    }
}
