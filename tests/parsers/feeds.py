"""Reads the files it is given with expat, and feeds with feedparser too; prints what it found as JSON.

Feedparser reads no JSON Feed: those are held against the rules of version 1.1 here.

Ends with 1 if either of them finds fault with a file.
"""

import datetime
import json
import sys
from xml.parsers import expat

import feedparser


def read(path):
    """What the file holds, and what is wrong with it."""
    with open(path, "rb") as file:
        text = file.read()
    faults = []
    if path.endswith(".json"):
        return read_json(text)
    try:
        # With a separator, expat minds namespaces: a prefix without a declaration is an error.
        expat.ParserCreate(namespace_separator=" ").Parse(text, True)
    except expat.ExpatError as error:
        faults.append(f"expat: {error}")
    if path.endswith(".opml"):
        return {"version": "opml"}, faults
    feed = feedparser.parse(text, sanitize_html=False, resolve_relative_uris=False)
    return described(feed), faults + faults_of(feed)


def read_json(text):
    """What a JSON Feed holds, and which rules of jsonfeed.org/version/1.1 it breaks."""
    feed = json.loads(text)
    faults = [f"json: no {key}" for key in ("version", "title", "items") if not isinstance(feed.get(key), (str, list))]
    ids = [item.get("id") for item in feed["items"]]
    if not all(isinstance(id, str) and id for id in ids) or len(set(ids)) != len(ids):
        faults.append("json: an id is missing, no text, or there twice")
    for item in feed["items"]:
        if not (item.get("content_html") or item.get("content_text")):
            faults.append(f"json: {item.get('id')} has no content")
        for key in ("date_published", "date_modified"):
            datetime.datetime.fromisoformat(item[key].replace("Z", "+00:00"))
        for attachment in item.get("attachments", []):
            if not (attachment.get("url") and attachment.get("mime_type")):
                faults.append(f"json: an attachment of {item.get('id')} has no address or type")
    found = {
        "version": "json11" if feed.get("version") == "https://jsonfeed.org/version/1.1" else None,
        "title": feed.get("title"),
        "updated": None,
        "entries": [
            {
                "id": item.get("id"),
                "title": item.get("title"),
                "authors": [author.get("name") for author in item.get("authors", [])],
                "published": item.get("date_published"),
            }
            for item in feed["items"]
        ],
    }
    return found, faults


def faults_of(feed):
    """What feedparser finds wrong."""
    faults = []
    if feed.bozo:
        faults.append(f"feedparser: {feed.bozo_exception}")
    if not feed.version:
        faults.append("feedparser: it is no feed")
    return faults


def described(feed):
    """What feedparser found."""
    return {
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
