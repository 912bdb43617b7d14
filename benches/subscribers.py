#!/usr/bin/env python3
"""Moves made-up subscribers in, opens an issue for them and moves them out again, and prints a Markdown table.

subscribers.py [--subscribers 1000000] [--postgres ADDRESS] [--tidings FILE]

Each chooses one to three of twelve categories. The issue is held, so that its deliveries are made and none is sent. The
store is an SQLite file, or with --postgres an empty database, whose size `psql` tells. Every time is a whole process
from start to end; memory is the largest resident set. What the store then holds is checked before a figure is printed.
"""

import argparse, json, os, pathlib, platform, random, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent.parent
CATEGORIES = 12
CONFIG = """[site]
title = "The site"
url = "https://example.org"
author = "The site"
since = 2000-01-01
[catalog]
dialect = "tidings"
[mail]
from = "The site <news@example.org>"
postal_address = "1 Street, Town"
[[digest]]
name = "weekly"
title = "The week"
cron = "0 7 * * MON"
first_issue = 8
hold = true
"""
BEFORE, DUE = "2026-05-31T19:00:00Z", "2026-06-01T07:00:00Z"


def people(file, number, slugs):
    chance = random.Random(1)
    with file.open("w", encoding="utf-8") as out:
        out.write("address,name,categories,since,consent\n")
        for one in range(number):
            chosen = ";".join(chance.sample(slugs, chance.randint(1, 3)))
            day = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            name = f"Person {one}" if chance.random() < 0.7 else ""
            out.write(f"person.{chance.randrange(10**9)}.{one}@example{one % 5000}.org,{name},{chosen},{day},form on the site\n")


class Site:
    def __init__(self, folder, options):
        self.folder, self.options, self.rows = folder, options, []

    def run(self, what, *arguments, codes=(0,)):
        """Runs a command; its output, where that is JSON. A row of the table, if `what` says of what."""
        command = [str(self.options.tidings), *arguments]
        output = self.folder / "said"
        begin = time.perf_counter()
        with output.open("wb") as into:
            process = subprocess.Popen(command, cwd=self.folder, stdout=into)
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            sys.exit(f"{command} ended with {process.returncode}:\n{output.read_text()[-2000:]}")
        if what:
            self.rows.append((what, seconds, usage.ru_maxrss / 1024, self.size()))
            print(f"{what}: {seconds:.1f} s, {self.rows[-1][2]:.0f} MB", file=sys.stderr)
        # A child's peak begins with that of this process: what is long is not read here.
        return json.loads(output.read_text()) if "--json" in arguments else None

    def size(self):
        """Bytes of the store, in MB."""
        if self.options.postgres:
            asked = ["psql", "-At", self.options.postgres, "-c", "SELECT pg_database_size(current_database())"]
            return int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout) / 1e6
        return sum(file.stat().st_size for file in (self.folder / "state").glob("tidings.sqlite*")) / 1e6


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--subscribers", type=int, default=1_000_000)
    parser.add_argument("--postgres", help="address of an empty database: postgres://…")
    parser.add_argument("--tidings", type=pathlib.Path, help="the program [default: made anew, with --release]")
    options = parser.parse_args()
    if not options.tidings:
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=HERE, check=True)
        options.tidings = HERE / "target/release/tidings"
    options.tidings = options.tidings.resolve()
    with tempfile.TemporaryDirectory() as work:
        measure(Site(pathlib.Path(work), options), options)


def measure(site, options):
    folder, number = site.folder, options.subscribers
    (folder / "config").mkdir()
    store = f'[store]\nurl = "{options.postgres}"\n' if options.postgres else ""
    (folder / "config/tidings.toml").write_text(CONFIG + store)
    subprocess.run([sys.executable, HERE / "benches/articles.py", folder / "content", "--articles", "1000", "--categories",
                    str(CATEGORIES)], check=True, stdout=subprocess.DEVNULL)
    people(folder / "people.csv", number, sorted(path.name for path in (folder / "content").iterdir()))
    site.run(None, "run", "--at", BEFORE)
    moved = lambda *more: ("subscribers", "import", "people.csv", "--json", "--at", BEFORE, *more)
    report = site.run("`subscribers import --dry-run`", *moved("--dry-run"))
    if report != site.run("`subscribers import`", *moved()) or report["added"] != number:
        sys.exit(f"the rehearsal was none: {report}")
    if site.run("`subscribers import` of the same file again", *moved())["same"] != number:
        sys.exit("a second import changed something")
    site.run("`plan`", "plan", "--json", "--at", DUE)
    said = site.run("`run`, which opens an issue and its deliveries", "run", "--json", "--at", DUE)
    opened = said["digests"][0]["opened"]
    if not opened or opened["planned"] != number or "delivered" in said and said["delivered"]["sent"]:
        sys.exit(f"not everybody gets the issue, or it was sent: {said}")
    site.run("`run` again, with nothing to do", "run", "--at", DUE)
    site.run("`subscribers export` as CSV", "subscribers", "export", "--out", "out.csv")
    site.run("`subscribers export` as JSON Lines", "subscribers", "export", "--out", "out.jsonl")
    for name, lines in (("out.csv", number + 1), ("out.jsonl", number)):
        with (folder / name).open("rb") as exported:
            if sum(1 for _ in exported) != lines:
                sys.exit(f"{name} has not everybody")
    site.run("`subscribers list` of all", "subscribers", "list")
    site.run("`subscribers erase`, one", "subscribers", "erase", "--yes", first(folder / "people.csv"))
    site.run("`prune`", "prune", "--at", DUE)

    kind = "PostgreSQL" if options.postgres else "SQLite"
    print(f"{number:,} subscribers, {kind}, {os.cpu_count()} cores of {platform.machine()}\n")
    print("| | seconds | peak memory | store |\n| --- | --- | --- | --- |")
    for what, seconds, memory, size in site.rows:
        print(f"| {what} | {seconds:.1f} | {memory:.0f} MB | {size:,.0f} MB |")


def first(file):
    with file.open(encoding="utf-8") as lines:
        return lines.readlines(4096)[1].split(",", 1)[0]


main()
