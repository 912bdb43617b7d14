"""What tests/generators.py compares with: differences that are meant, and those that are known and not mended."""

# Categories that our articles are in because of their folder. Generators know the folder as a section, no category.
FOLDERS = {
    "hugo": {
        *("News", "Posts & notes", "Probes", "Section"),
        *("By title", "By slug", "By name", "By filename", "By slug or name", "By date"),
    },
    "jekyll": {"Posts", "Recipes", "Patterned"},
    # Eleventy has tags alone: what `category` says is for its templates.
    "eleventy": {"Posts", "Notes", "Probes", "Baking", "Cats"},
}

# Tags that only put an article into a collection; readers are not shown them.
MARKERS = {"hugo": set(), "jekyll": set(), "eleventy": {"probe", "posts", "post", "note", "deep"}}

SITE_PAGE = "a page of the site that lies in no section is no article to us"
SMARTIFY = "jekyll-feed sets typographic quotes and dashes, takes tags out and escapes titles once more than it says"
FIRST_ALONE = "jekyll-feed writes `category` alone where both keys are there; the address holds all, and so do we"
DEFAULTS = "known: `defaults` of _config.yml is not read"

EXPLAINED = {
    "hugo": {
        ("About", "only theirs"): SITE_PAGE,
        ("Contact", "only theirs"): SITE_PAGE,
        ("Cascaded one", "terms"): "known: `cascade` of a section is not read",
        ("Date Thu, 02 Jan 2020 10:00:00 GMT", "date"): "Hugo takes the name GMT for the site's own zone",
        ("Dated name", "date"): "Hugo takes no date from names unless it is told to, and dates the article to the year 1",
        ("In no section", "link"): "known: folders without an _index.md count as sections where a pattern names them",
        ("Singular", "terms"): "we read `category` too, which Hugo leaves to themes",
        ("Spaced out", "title"): "white space is folded, as every reader does",
        ("The flood", "date"): "Hugo's feed shows `publishDate`; its pages, and we, show `date`",
        ("https://example.org/blog/probes/no-title/", "only theirs"): "an article without a title is a problem to us",
    },
    "jekyll": {
        ('"Quoted" -- it\'s ...', "title"): SMARTIFY,
        ('A & B <b>bold</b> "q" *it* `c` 1 < 2', "title"): SMARTIFY,
        ("File O'Brien (x)", "title"): SMARTIFY,
        ("File a--b", "title"): SMARTIFY,
        ("File c++ & co", "title"): SMARTIFY,
        ("Slug O'Brien", "title"): SMARTIFY,
        ("Slug a--b", "title"): SMARTIFY,
        ("By default", "link"): DEFAULTS,
        ("By default", "terms"): DEFAULTS,
        ("Hello", "terms"): FIRST_ALONE,
        ("Terms 10", "terms"): FIRST_ALONE,
        ("Terms 3", "terms"): "jekyll-feed prints a list under `category` as Ruby would",
        ("Said false", "only theirs"): 'the author wrote `published: "false"`: Jekyll takes the quotes for a yes, we do not',
    },
    "eleventy": {
        ("About", "only theirs"): SITE_PAGE,
        ("Contact", "only theirs"): SITE_PAGE,
        ("Draft", "only theirs"): "`draft: true` means the same everywhere to us; Eleventy leaves it to plugins",
        ("Index of folder", "only theirs"): "an index among other articles is the page of its folder, no article",
        ("O'Brien & Söhne: C++ 50% v1.2 — 日本_x 8", "link"): "known: the filter `slug`, which Eleventy has long replaced",
    },
}
