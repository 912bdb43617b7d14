//! Liquid, and what Nunjucks has in common with it: `{{ value | filter }}` and `{% tag %}`. Jekyll and Eleventy
//! replace them before Markdown is read, in code too: a sample has to stand between `raw` and `endraw`.

use crate::catalog::dialect::embed;
use crate::catalog::dialect::expression::evaluate;
use crate::catalog::dialect::page::Page;
use crate::catalog::dialect::rewrite::{Kind, Rewriting};
use crate::catalog::dialect::tags::{
    Arguments, Form, Inner, MOST_UNCLOSED, Piece, Tag, find_outside_quotes, next_opener, tree,
};

/// Tags that always enclose something, what that is being code or what nobody is to see.
const CONTENT_IS_DROPPED: [&str; 7] = ["for", "asyncEach", "tablerow", "capture", "set", "macro", "schema"];

/// Tags that say how to go on inside another, or set a name; alone they are nothing to a reader.
const SILENT: [&str; 9] =
    ["assign", "set", "increment", "decrement", "break", "continue", "cycle", "import", "from"];

/// Writes a body.
pub fn write_all(rewriting: &mut Rewriting<'_>, page: &Page<'_>) {
    let source = rewriting.source;
    let tags = scan(rewriting);
    write(rewriting, page, &tree(&tags, 0..source.len()));
}

fn scan<'a>(rewriting: &mut Rewriting<'a>) -> Vec<Tag<'a>> {
    let source = rewriting.source;
    let mut tags = Vec::new();
    let (mut at, mut unclosed) = (0, 0);
    while unclosed < MOST_UNCLOSED
        && let Some(start) = next_opener(source, at, &["{{", "{%"])
    {
        let is_output = source[start..].starts_with("{{");
        let closer = if is_output { "}}" } else { "%}" };
        let Some(length) = find_outside_quotes(&source[start + 2..], closer, "\"'")
            .or_else(|| source[start + 2..].find(closer))
        else {
            rewriting.notes.add(Kind::Endless("tag"), "", start);
            at = start + 2;
            unclosed += 1;
            continue;
        };
        let range = start..start + 2 + length + 2;
        let inside = source[start + 2..start + 2 + length].trim_matches('-').trim();
        at = range.end;
        if is_output {
            tags.push(Tag { range, form: Form::Output, name: inside, rest: "" });
            continue;
        }
        let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        if matches!(name, "raw" | "verbatim" | "comment") {
            let end = end_of(source, at, name);
            let kept = if name == "comment" { String::new() } else { source[at..end.0].to_owned() };
            at = end.1;
            tags.push(Tag { range: start..at, form: Form::Literal(kept), name, rest });
            continue;
        }
        let form = match name.strip_prefix("end") {
            Some(_) => Form::Close,
            None => Form::Open,
        };
        tags.push(Tag { range, form, name: name.strip_prefix("end").unwrap_or(name), rest: rest.trim() });
    }
    tags
}

/// Where `{% endraw %}` starts and ends; the end of the body where it is missing.
fn end_of(source: &str, from: usize, name: &str) -> (usize, usize) {
    let mut at = from;
    while let Some(start) = source[at..].find("{%") {
        let (start, inside) = (at + start, at + start + 2);
        let Some(length) = source[inside..].find("%}") else { break };
        at = inside + length + 2;
        let inside = source[inside..inside + length].trim_matches('-').trim();
        if inside.strip_prefix("end") == Some(name) {
            return (start, at);
        }
    }
    (source.len(), source.len())
}

fn write(rewriting: &mut Rewriting<'_>, page: &Page<'_>, pieces: &[Piece<'_>]) {
    for piece in pieces {
        match piece {
            Piece::Text(range) => rewriting.copy(range.clone()),
            Piece::Tag(tag, inner) => write_tag(rewriting, page, tag, inner.as_ref()),
        }
    }
}

fn write_tag(rewriting: &mut Rewriting<'_>, page: &Page<'_>, tag: &Tag<'_>, inner: Option<&Inner<'_>>) {
    let at = tag.range.start;
    match &tag.form {
        Form::Literal(text) => return rewriting.put(text, at),
        Form::Output => {
            match evaluate(tag.name, &|name| page.value(name)) {
                Some(value) => rewriting.put(&value, at),
                None => rewriting.notes.add(Kind::Dropped("value"), &format!("{{{{ {} }}}}", tag.name), at),
            }
            return;
        }
        Form::Close => return rewriting.notes.add(Kind::Dropped("tag"), &format!("end{}", tag.name), at),
        Form::Single | Form::Open => {}
    }
    let given = Arguments::read(tag.rest);
    match (tag.name, inner) {
        ("highlight", Some(inner)) => {
            let language = given.plain.first().cloned().unwrap_or_default();
            embed::listing(rewriting, &language, inner.range.clone(), at, |rewriting| {
                write(rewriting, page, &inner.pieces);
            });
        }
        ("post_url" | "link", None) => {
            let address = page.address(tag.rest, true, at, &mut rewriting.notes);
            rewriting.put(page.under_site(address.as_deref().unwrap_or("#")), at);
        }
        ("if" | "unless" | "case", Some(inner)) => {
            rewriting.notes.add(Kind::Undecided("tag"), tag.name, at);
            write(rewriting, page, first_branch(tag.name, &inner.pieces));
        }
        (name, Some(_)) if CONTENT_IS_DROPPED.contains(&name) => {
            rewriting.notes.add(Kind::Dropped("tag"), name, at);
        }
        (name, None) if SILENT.contains(&name) => {}
        // What is included is told apart by its file.
        ("include" | "include_relative" | "include_cached" | "render", None) => {
            let file = tag.rest.split_whitespace().next().unwrap_or_default();
            let name = format!("{} {}", tag.name, file.trim_matches(['"', '\'', ',']));
            rewriting.notes.add(Kind::Dropped("tag"), &name, at);
        }
        (name, inner) => match (embed::known(name, &given), inner) {
            (Some(text), _) if text.starts_with('<') => rewriting.put_block(&text, at),
            (Some(text), _) => rewriting.put(&text, at),
            (None, Some(inner)) => {
                rewriting.notes.add(Kind::Opened("tag"), name, at);
                write(rewriting, page, &inner.pieces);
            }
            (None, None) => rewriting.notes.add(Kind::Dropped("tag"), name, at),
        },
    }
}

/// What stands before the first `else`; of a `case`, behind its first `when` and before the second.
fn first_branch<'p, 'a>(name: &str, pieces: &'p [Piece<'a>]) -> &'p [Piece<'a>] {
    let is_branch = |piece: &Piece<'_>| matches!(piece, Piece::Tag(tag, None) if matches!(tag.name, "else" | "elsif" | "elif" | "elseif" | "when"));
    let pieces = match pieces.iter().position(is_branch) {
        Some(first) if name == "case" => &pieces[first + 1..],
        _ => pieces,
    };
    let end = pieces.iter().position(is_branch).unwrap_or(pieces.len());
    &pieces[..end]
}

#[cfg(test)]
mod tests {
    use crate::catalog::dialect::bodies::tests::{plain_of as plain, told};
    use crate::catalog::dialect::generator::Markup;

    #[test]
    fn tags_and_values_become_what_they_stand_for() {
        let table = [
            ("{{ page.title }} at {{ site.title }}", "Here at Site"),
            ("[x]({{ site.url }}{{ site.baseurl }}/x/)", "[x](https://example.org/x/)"),
            ("![y]({{ '/y.png' | relative_url }})", "![y](/y.png)"),
            ("[b]({% post_url 2020-01-02-b %}#p)", "[b](/b/#p)"),
            ("[b]({{ site.url }}{% link _posts/2020-01-02-b.md %})", "[b](https://example.org/b/)"),
            ("[a]({{ page.url | absolute_url }})", "[a](https://example.org/a/)"),
            ("{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}\n", "```ruby\nputs 1\n```\n\n"),
            ("{% raw %}{{ x }} {% y %}{% endraw %}", "{{ x }} {% y %}"),
            ("a{% comment %} {% if %} {% endcomment %}b", "ab"),
            ("{% if a %}1{% if b %}2{% else %}3{% endif %}{% else %}4{% endif %}", "12"),
            ("{% case a %}{% when 1 %}x{% when 2 %}y{% endcase %}", "x"),
            ("{% for p in posts %}{{ p }}{% endfor %}.", "."),
            ("{%- assign x = 1 -%}.", "."),
            ("{% include video.html id=\"a\" %}.", "."),
            ("{% callout %}kept{% endcallout %}", "kept"),
            ("{% gist ana/12 %}", "[Code on GitHub](https://gist.github.com/ana/12)"),
            ("{% raw %}never {{ ended", "never {{ ended"),
        ];
        for (source, expected) in table {
            assert_eq!(plain(Markup::Liquid, source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_not_known_is_counted_and_has_a_place() {
        let source =
            "{% include a.html %}{% include a.html x=1 %}\n{{ foo | bar }} {% post_url gone %} {{ open";
        let expected = [
            "a.md:4:37: warning: the tag that starts here never ends",
            "a.md:3:1: warning: the tag `include a.html` is not known and was dropped (2 times)",
            "a.md:4:1: warning: the value `{{ foo | bar }}` is not known and was dropped",
            "a.md:4:17: warning: the link to `gone` leads to no article",
        ];
        assert_eq!(told(Markup::Liquid, source), expected);
    }
}
