//! Shortcodes of Hugo and Zola. Both replace them before Markdown is read, in code too: a sample has to be escaped.

use crate::catalog::dialect::embed;
use crate::catalog::dialect::page::Page;
use crate::catalog::dialect::rewrite::{Kind, Rewriting};
use crate::catalog::dialect::tags::{
    Arguments, Form, Inner, MOST_UNCLOSED, Piece, Tag, find_first_outside_quotes, find_outside_quotes,
    next_opener, tree,
};

const WHAT: &str = "shortcode";

/// Writes a body of Hugo's.
pub fn hugo(rewriting: &mut Rewriting<'_>, page: &Page<'_>) {
    let source = rewriting.source;
    let tags = scan(rewriting, &["{{<", "{{%"], hugo_tag);
    write(rewriting, page, &tree(&tags, 0..source.len()));
}

/// Writes a body of Zola's.
pub fn zola(rewriting: &mut Rewriting<'_>, page: &Page<'_>) {
    let source = rewriting.source;
    let tags = scan(rewriting, &["{{", "{%"], zola_tag);
    write(rewriting, page, &tree(&tags, 0..source.len()));
}

/// What a reader of tags finds where one may start.
enum Scanned<'a> {
    Tag(Tag<'a>),
    /// No tag, only its looks.
    Text,
    /// Text, for it has no end.
    Unclosed,
    /// The same, and worth telling.
    Endless,
}

fn scan<'a>(
    rewriting: &mut Rewriting<'a>,
    openers: &[&str],
    read: impl Fn(&'a str, usize) -> Scanned<'a>,
) -> Vec<Tag<'a>> {
    let source = rewriting.source;
    let mut tags = Vec::new();
    let (mut at, mut unclosed) = (0, 0);
    while unclosed < MOST_UNCLOSED
        && let Some(start) = next_opener(source, at, openers)
    {
        at = start + openers[0].len().min(2);
        match read(source, start) {
            Scanned::Tag(tag) => {
                at = tag.range.end;
                tags.push(tag);
            }
            Scanned::Text => {}
            Scanned::Unclosed => unclosed += 1,
            Scanned::Endless => {
                unclosed += 1;
                rewriting.notes.add(Kind::Endless(WHAT), "", start);
            }
        }
    }
    tags
}

/// `{{< name one key="two" >}}`, `{{% /name %}}`, `{{< name />}}`, and `{{</* name */>}}` for a sample.
fn hugo_tag(source: &str, start: usize) -> Scanned<'_> {
    let text = &source[start..];
    let (opener, closer) = if text.starts_with("{{<") { ("{{<", ">}}") } else { ("{{%", "%}}") };
    let inside = &text[3..];
    if let Some(sample) = inside.strip_prefix("/*") {
        let Some(end) = sample.find(&format!("*/{closer}")) else { return Scanned::Endless };
        let literal = format!("{opener}{}{closer}", &sample[..end]);
        let range = start..start + 3 + 2 + end + 2 + 3;
        return Scanned::Tag(Tag { range, form: Form::Literal(literal), name: "", rest: "" });
    }
    let Some(end) = find_outside_quotes(inside, closer, "\"`") else { return Scanned::Endless };
    let range = start..start + 3 + end + 3;
    let inside = inside[..end].trim();
    let (form, inside) = if let Some(name) = inside.strip_prefix('/') {
        (Form::Close, name.trim())
    } else if let Some(inside) = inside.strip_suffix('/') {
        (Form::Single, inside)
    } else {
        (Form::Open, inside)
    };
    let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    if name.is_empty() {
        return Scanned::Text;
    }
    Scanned::Tag(Tag { range, form, name, rest })
}

/// `{{ name(key="one") }}`, `{% name() %}` up to `{% end %}`, and `{{/* name() */}}` for a sample.
fn zola_tag(source: &str, start: usize) -> Scanned<'_> {
    let text = &source[start..];
    let is_block = text.starts_with("{%");
    let (opener, closer) = if is_block { ("{%", "%}") } else { ("{{", "}}") };
    let inside = &text[2..];
    if let Some(sample) = inside.strip_prefix("/*") {
        let Some(end) = sample.find(&format!("*/{closer}")) else { return Scanned::Endless };
        let literal = format!("{opener}{}{closer}", &sample[..end]);
        let range = start..start + 2 + 2 + end + 2 + 2;
        return Scanned::Tag(Tag { range, form: Form::Literal(literal), name: "", rest: "" });
    }
    let end = match find_first_outside_quotes(inside, &[closer, "{{", "{%"], "\"'`") {
        Some((end, found)) if found == closer => end,
        // No call holds another.
        Some(_) => return Scanned::Text,
        None => return Scanned::Unclosed,
    };
    let range = start..start + 2 + end + 2;
    let inside = inside[..end].trim_matches(|letter: char| letter.is_whitespace() || letter == '-');
    if is_block && inside == "end" {
        return Scanned::Tag(Tag { range, form: Form::Close, name: "", rest: "" });
    }
    // Only what looks like a call is a shortcode; other braces are the author's.
    let call =
        inside.split_once('(').and_then(|(name, rest)| Some((name.trim(), rest.trim().strip_suffix(')')?)));
    match call {
        Some((name, rest))
            if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_:".contains(c)) =>
        {
            let form = if is_block { Form::Open } else { Form::Single };
            Scanned::Tag(Tag { range, form, name, rest })
        }
        _ => Scanned::Text,
    }
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
        Form::Close => return rewriting.notes.add(Kind::Dropped(WHAT), &format!("/{}", tag.name), at),
        Form::Single | Form::Open | Form::Output => {}
    }
    let given = Arguments::read(tag.rest);
    match (tag.name, inner) {
        ("highlight", Some(inner)) => {
            let language = given.get_or(&["lang"], 0).unwrap_or_default().to_owned();
            embed::listing(rewriting, &language, inner.range.clone(), at, |rewriting| {
                write(rewriting, page, &inner.pieces);
            });
        }
        ("details", Some(inner)) => {
            let summary = embed::escaped(given.get_or(&["summary"], 0).unwrap_or("Details"));
            rewriting.put(&format!("<details><summary>{summary}</summary>\n\n"), at);
            write(rewriting, page, &inner.pieces);
            rewriting.put("\n\n</details>", inner.range.end);
        }
        ("comment", Some(_)) => {}
        ("ref" | "relref", None) => {
            let target = given.get_or(&["path"], 0).unwrap_or_default();
            let address = page.address(target, true, at, &mut rewriting.notes);
            // A link in an article has to lead somewhere: without a target it leads to the article.
            rewriting.put(address.as_deref().unwrap_or("#"), at);
        }
        ("param", None) => {
            let name = given.get_or(&["name"], 0).unwrap_or_default();
            match page.value(&name.to_lowercase()).or_else(|| page.value(name)) {
                Some(value) => rewriting.put(&value, at),
                None => rewriting.notes.add(Kind::Dropped(WHAT), &format!("param {name}"), at),
            }
        }
        (name, inner) => match (embed::known(name, &given), inner) {
            (Some(text), _) if text.starts_with('<') => rewriting.put_block(&text, at),
            (Some(text), _) => rewriting.put(&text, at),
            (None, Some(inner)) => {
                rewriting.notes.add(Kind::Opened(WHAT), name, at);
                write(rewriting, page, &inner.pieces);
            }
            (None, None) => rewriting.notes.add(Kind::Dropped(WHAT), name, at),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::dialect::bodies::tests::{plain_of as plain, told};
    use crate::catalog::dialect::generator::Markup;

    #[test]
    fn hugos_shortcodes_become_what_they_stand_for() {
        let table = [
            ("a {{< youtube abc >}} b", "a [Video on YouTube](https://www.youtube.com/watch?v=abc) b"),
            ("{{</* youtube abc */>}} {{%/* note */%}}", "{{< youtube abc >}} {{% note %}}"),
            ("{{% note %}}Mind *this*.{{% /note %}}", "Mind *this*."),
            ("{{< a >}}1{{< b />}}{{< c >}}2{{< /c >}}{{< /a >}}", "12"),
            (
                "{{< highlight go \"linenos=table\" >}}\nx := `1`\n{{< /highlight >}}\n",
                "```go\nx := `1`\n```\n\n",
            ),
            ("Say {{< highlight sh >}}ls -l{{< /highlight >}}.", "Say `ls -l`."),
            (
                "{{< details summary=\"More\" >}}x{{< /details >}}",
                "<details><summary>More</summary>\n\nx\n\n</details>",
            ),
            ("[b]({{< relref \"b.md#part\" >}})", "[b](https://example.org/b/#part)"),
            ("[n]({{% ref \"nowhere\" %}})", "[n](#)"),
            ("{{< param \"Mood\" >}}", "good"),
            ("{{< gallery \"a >}} b\" >}}.", "."),
            ("{{ .Title }}", "{{ .Title }}"),
            ("{{< open", "{{< open"),
            ("{{< comment >}}x{{< /comment >}}y", "y"),
            ("{{< img src=\"a.png\" >}}", "![](<a.png>)"),
        ];
        for (source, expected) in table {
            assert_eq!(plain(Markup::HugoShortcodes, source), expected, "{source}");
        }
    }

    #[test]
    fn zolas_shortcodes_become_what_they_stand_for() {
        let table = [
            ("{{ youtube(id=\"abc\") }}", "[Video on YouTube](https://www.youtube.com/watch?v=abc)"),
            ("{{ youtube(id='abc', title='Talk') }}", "[Talk](https://www.youtube.com/watch?v=abc)"),
            ("{% quote(author=\"A\") %}\nWords\n{% end %}", "\nWords\n"),
            ("{% a() %}1{% b() %}2{% end %}3{% end %}", "123"),
            ("{{/* youtube(id=1) */}} {%/* q() */%}", "{{ youtube(id=1) }} {% q() %}"),
            ("{{ not_a_call }} and {% either %}", "{{ not_a_call }} and {% either %}"),
            ("{{ chart(values=[1, 2]) }}.", "."),
        ];
        for (source, expected) in table {
            assert_eq!(plain(Markup::ZolaShortcodes, source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_not_known_is_counted_and_has_a_place() {
        let source = "a\n {{< one >}}\n{{< one x >}} {{< two >}}t{{< /two >}} {{< /three >}}\n{{< four";
        let expected = [
            "a.md:6:1: warning: the shortcode that starts here never ends",
            "a.md:4:2: warning: the shortcode `one` is not known and was dropped (2 times)",
            "a.md:5:15: warning: the shortcode `two` is not known; what it encloses was kept",
            "a.md:5:40: warning: the shortcode `/three` is not known and was dropped",
        ];
        assert_eq!(told(Markup::HugoShortcodes, source), expected);
    }
}
