#!/usr/bin/env python3
"""Makes the sample site's digest in every theme and language, and looks at each: size, Python's strict mail parser,
SpamAssassin in local mode, and in a browser (tests/mail_pages.mjs): html-validate, axe-core, and screenshots, light and
dark, on a desk and on a phone. Run by hand, for it needs a browser, Node and SpamAssassin:

    apt-get install chromium spamassassin nodejs npm
    npm install --prefix target/node playwright-core axe-core html-validate
    python3 tests/mail_samples.py target/mails

Ends with 1 if anything is wrong; the screenshots are for people to look at."""

import email
import email.policy
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
THEMES = ["plain", "magazine"]
LANGUAGES = ["en-GB", "de", "fr", "es", "ar"]
CLIP = 102_400
# SpamAssassin's own threshold is 5; a digest has no business above this.
MOST_POINTS = 1.0


def site(folder, theme, language):
    """A copy of the sample site in a theme and a language."""
    for part in ["content", "templates", "config"]:
        shutil.copytree(ROOT / part, folder / part)
    file = folder / "config/tidings.toml"
    text = file.read_text()
    text = text.replace('theme = "plain"', f'theme = "{theme}"', 1)
    text = text.replace('name = "weekly"', f'name = "weekly"\nlanguage = "{language}"', 1)
    text = text.replace("# unsubscribe_url", "unsubscribe_url").replace("# preferences_url", "preferences_url")
    file.write_text(text)


def points(message):
    """What SpamAssassin says of a message, without asking anybody on the network."""
    said = subprocess.run(["spamassassin", "-L", "-t"], input=message, capture_output=True, check=True).stdout
    found = re.search(rb"^X-Spam-Status: .*?score=(-?[0-9.]+)", said, re.M | re.S)
    rules = re.search(rb"tests=([A-Z0-9_,\s]+)", said)
    return float(found.group(1)), re.sub(rb"\s+", b"", rules.group(1)).decode() if rules else ""


def look(eml, faults):
    raw = eml.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.strict)
    defects = [defect for part in message.walk() for defect in part.defects]
    defects += [defect for value in message.values() for defect in getattr(value, "defects", [])]
    if defects:
        faults.append(f"{eml}: {defects}")
    html = message.get_body(("html",)).get_content()
    text = message.get_body(("plain",)).get_content()
    if len(raw) >= CLIP:
        faults.append(f"{eml}: {len(raw)} bytes")
    wide = [line for line in text.splitlines() if len(line) > 78 and "://" not in line and "mailto:" not in line]
    if wide:
        faults.append(f"{eml}: lines of text over 78 columns: {wide[:3]}")
    score, rules = points(raw)
    if score > MOST_POINTS:
        faults.append(f"{eml}: SpamAssassin gives it {score} points: {rules}")
    print(f"{eml.parent.name:16} {len(raw):7} bytes, {len(html.encode()):7} of HTML, {len(text):6} of text, {score:5} points ({rules})")


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    binary = pathlib.Path(os.environ.get("TIDINGS", ROOT / "target/release/tidings"))
    faults, pages = [], []
    for theme in THEMES:
        for language in LANGUAGES:
            place = folder / f"{theme}-{language}"
            site(place / "site", theme, language)
            subprocess.run([binary, "preview", "weekly", "--out", place, "--quiet"], cwd=place / "site", check=True)
            look(place / "weekly.eml", faults)
            pages.append(place / "weekly.html")
    browser = subprocess.run(["node", ROOT / "tests/mail_pages.mjs", *pages], check=False)
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults or browser.returncode else 0)


main()
