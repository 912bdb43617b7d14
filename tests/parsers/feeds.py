"""Reads the files it is given with expat, and feeds with feedparser too; prints what it found as JSON.

Ends with 1 if either of them finds fault with a file.
"""

import json
import sys
from xml.parsers import expat

import feedparser


def read(path):
    """What the file holds, and what is wrong with it."""
    with open(path, "rb") as file:
        text = file.read()
    faults = []
    try:
        # With a separator, expat minds namespaces: a prefix without a declaration is an error.
        expat.ParserCreate(namespace_separator=" ").Parse(text, True)
    except expat.ExpatError as error:
        faults.append(f"expat: {error}")
    if path.endswith(".opml"):
        return {"version": "opml"}, faults
    feed = feedparser.parse(text, sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo:
        faults.append(f"feedparser: {feed.bozo_exception}")
    if not feed.version:
        faults.append("feedparser: it is no feed")
    found = {
        "version": feed.version,
        "title": feed.feed.get("title"),
        "updated": feed.feed.get("updated"),
        "entries": [
            {
                "id": entry.get("id"),
                "title": entry.get("title"),
                "authors": [author.get("name") for author in entry.get("authors", [])],
                "published": entry.get("published"),
            }
            for entry in feed.entries
        ],
    }
    return found, faults


def main(paths):
    feeds, all_faults = [], []
    for path in paths:
        found, faults = read(path)
        feeds.append(found)
        all_faults += [f"{path}: {fault}" for fault in faults]
    json.dump(feeds, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    for fault in all_faults:
        print(fault, file=sys.stderr)
    return 1 if all_faults else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
