#!/usr/bin/env python3
"""Reduces caniemail's data to what the mail lint asks: which families of clients drop a feature.

    npm pack caniemail@2.0.2 && tar xzf caniemail-2.0.2.tgz
    python3 reduce.py package > clients.json

The same input gives the same bytes. A family drops a feature if the newest test of every platform that was tested says
`n`; where only some do, or one says `a` (partly), it keeps it in part. `u` is unknown and counts for nothing.
"""

import json
import pathlib
import re
import sys

# Families as readers know them, with the platforms of caniemail that are theirs. Gmail's mobile webmail, which keeps no
# <style> at all, is left out: hardly anybody reads there.
FAMILIES = [
    ("Apple Mail", [("apple-mail", "macos"), ("apple-mail", "ios")]),
    ("Gmail", [("gmail", "desktop-webmail"), ("gmail", "ios"), ("gmail", "android")]),
    ("Outlook for Windows", [("outlook", "windows")]),
    ("Outlook.com and new Outlook", [("outlook", "outlook-com")]),
    ("Outlook for Mac", [("outlook", "macos")]),
    ("Outlook for phones", [("outlook", "ios"), ("outlook", "android")]),
    ("Yahoo Mail", [("yahoo", "desktop-webmail"), ("yahoo", "ios"), ("yahoo", "android")]),
    ("Samsung Email", [("samsung-email", "android")]),
    ("Thunderbird", [("thunderbird", "macos"), ("thunderbird", "windows")]),
]

# What is looked for, where the title does not say it by itself.
SPECIAL = {
    "css-comments": None,  # a comment that is dropped is no loss
    "css-important": ("important", ["important"]),
    "css-nesting": ("selector", ["nesting"]),
    "css-variables": ("function", ["var"]),
    "css-pseudo-class-lang": ("pseudo", ["lang"]),
    "css-modern-color": ("function", ["lab", "lch", "oklab", "oklch"]),
    "css-unit-initial": ("value", ["initial"]),
    "css-unit-percent": ("unit", ["%"]),
    "css-inert-attribute": ("attribute", ["inert"]),
    "css-at-media-device-pixel-ratio": ("media", ["-webkit-device-pixel-ratio", "-webkit-min-device-pixel-ratio"]),
    "css-at-media-hover": ("media", ["any-hover", "hover"]),
    "css-block-inline-size": ("property", ["block-size", "inline-size"]),
    "css-border-inline-block": ("property", ["border-block", "border-inline"]),
    "css-border-inline-block-individual": (
        "property",
        ["border-block-end", "border-block-start", "border-inline-end", "border-inline-start"],
    ),
    "css-border-inline-block-longhand": (
        "property",
        [f"border-{axis}-{what}" for axis in ("block", "inline") for what in ("color", "style", "width")],
    ),
    "css-border-radius-logical": (
        "property",
        [f"border-{a}-{b}-radius" for a in ("end", "start") for b in ("end", "start")],
    ),
    "css-column-layout-properties": (
        "property",
        ["column-fill", "column-rule", "column-span", "column-width", "columns"],
    ),
    "css-grid-template": (
        "property",
        ["grid-template", "grid-template-areas", "grid-template-columns", "grid-template-rows"],
    ),
    "css-intrinsic-size": ("value", ["fit-content", "max-content", "min-content"]),
    "css-scroll-snap": ("property", ["scroll-snap-align", "scroll-snap-type"]),
    "css-sytem-ui": None,  # a font that is not there gives way to the next one
    "css-border": None,  # every client draws a border
    "css-display": None,  # its values are features of their own
    "html-anchor-links": ("link", ["#"]),
    "html-mailto-links": ("link", ["mailto"]),
    "html-comments": None,
    "html-doctype": None,
    "html-meta-color-scheme": None,  # a wish of its own, harmless
    "html-address": ("element", ["address"]),
    "html-button-reset": ("element", ["button"]),
    "html-button-submit": ("element", ["button"]),
    "html-h1-h6": ("element", ["h1", "h2", "h3", "h4", "h5", "h6"]),
    "html-image-maps": ("element", ["area", "map"]),
    "html-lists": ("element", ["dl", "ol", "ul"]),
    "html-semantics": ("element", ["article", "aside", "details", "figcaption", "figure", "footer", "header", "main",
                                   "mark", "nav", "section", "summary", "time"]),
    "html-srcset": ("attribute", ["sizes", "srcset"]),
    "html-svg": ("element", ["svg"]),
    "html-style": None,  # simple rules are copied into the elements
}


def looked_for(feature):
    """What kind of thing a feature is and how it is written; None for what nobody has to be told of."""
    slug, title, category = feature["slug"], feature["title"].strip(), feature["category"]
    if slug in SPECIAL:
        return SPECIAL[slug]
    if slug.startswith("html-input-"):
        return ("element", ["input"])
    if category == "image":
        return ("image", [slug.removeprefix("image-")])
    if category == "html":
        if match := re.fullmatch(r"<([a-z0-9]+)>(?: element)?", title):
            return ("element", [match[1]])
        return ("attribute", [re.fullmatch(r"([a-z-]+) attribute", title)[1]])
    if category != "css":
        return None
    if match := re.fullmatch(r"@media \(([a-z-]+)\)", title):
        return ("media", [match[1]])
    if title.startswith("@"):
        return ("at-rule", [title[1:]])
    if match := re.fullmatch(r"::?([a-z-]+)(?:\(\))?", title):
        return ("pseudo", [match[1]])
    if slug.startswith("css-selector-"):
        return ("selector", [slug.removeprefix("css-selector-")])
    if slug.startswith("css-unit-") and title.endswith(" unit"):
        return ("unit", [title.removesuffix(" unit")])
    if match := re.search(r"([a-z-]+)\(\)", title):
        return ("function", [match[1]])
    if match := re.fullmatch(r"([a-z-]+): ?([a-z-]+)", title):
        return ("pair", [f"{match[1]}:{match[2]}"])
    title = re.sub(r" (CSS property|property|shorthand)$", "", title)
    names = re.split(r", | & ", title)
    assert all(re.fullmatch(r"[a-z-]+", name) for name in names), (slug, title)
    return ("property", names)


def newest(versions):
    """The newest test's mark: y, a, n or u. Versions stand in their order, the newest last."""
    return list(versions.values())[-1][0]


def families(stats):
    """Indices of the families that drop a feature, and of those that keep it in part."""
    no, part = [], []
    for index, (_, platforms) in enumerate(FAMILIES):
        marks = {newest(stats[client][platform]) for client, platform in platforms if stats.get(client, {}).get(platform)}
        marks.discard("u")
        if marks == {"n"}:
            no.append(index)
        elif marks & {"n", "a"}:
            part.append(index)
    return no, part


def main():
    package = pathlib.Path(sys.argv[1])
    data = json.loads((package / "dist/data/caniemail.json").read_text())
    version = json.loads((package / "package.json").read_text())["version"]
    lines = []
    for feature in sorted(data["data"], key=lambda feature: feature["slug"]):
        kind = looked_for(feature)
        no, part = families(feature["stats"])
        if kind is None or not (no or part):
            continue
        row = {"id": feature["slug"], "title": feature["title"].strip(), "url": feature["url"], "kind": kind[0],
               "names": kind[1], "no": no, "part": part}
        lines.append("    " + json.dumps(row))
    head = {"from": "https://www.caniemail.com", "package": f"caniemail {version}",
            "tested": data["last_update_date"][:10], "clients": [name for name, _ in FAMILIES]}
    inner = ",\n  ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items())
    print("{\n  " + inner + ',\n  "features": [\n' + ",\n".join(lines) + "\n  ]\n}")


main()
