"""Serves a folder as static servers do (Last-Modified; an ETag of time and size, as nginx makes it), and polls feeds
in it with newsboat, and with feedparser as a polite reader does: with what it was told the last time.

Prints what came of a first poll as a line of JSON, then of another one for each line of standard input: statuses by
path and reader, and how many articles newsboat shows as unread. Nothing is ever read.
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import feedparser


class Handler(SimpleHTTPRequestHandler):
    def etag(self):
        data = os.stat(self.translate_path(self.path))
        return f'"{int(data.st_mtime):x}-{data.st_size:x}"'

    def end_headers(self):
        self.send_header("ETag", self.etag())
        super().end_headers()

    def send_head(self):
        if self.etag() in self.headers.get("If-None-Match", ""):
            self.send_response(304)
            self.end_headers()
            return None
        # It knows about If-Modified-Since, and that If-None-Match goes before it (RFC 9110, 13.1.3).
        return super().send_head()

    def log_request(self, code="-", size="-"):
        if self.headers.get("User-Agent", "").startswith("newsboat"):
            self.server.newsboat[f"{self.path[1:]} newsboat"] = int(code)


class Newsboat:
    """newsboat with a home of its own."""

    def __init__(self, home, base, paths):
        self.home = home
        with open(os.path.join(home, "urls"), "w") as urls:
            urls.writelines(f"{base}{path}\n" for path in paths)
        open(os.path.join(home, "config"), "w").close()

    def run(self, command):
        files = ["-u", os.path.join(self.home, "urls"), "-C", os.path.join(self.home, "config")]
        files += ["-c", os.path.join(self.home, "cache")]
        environment = {"HOME": self.home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["newsboat", *files, "-x", command], env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"newsboat: {done.stdout}{done.stderr}")
        return done.stdout

    def unread(self):
        self.run("reload")
        return int(self.run("print-unread").split()[0])


def main(home, folder, paths):
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    server.newsboat = {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    newsboat = Newsboat(home, base, paths)
    # It forgets what it is told with the very first answer: github.com/newsboat/newsboat/issues/2734.
    newsboat.run("reload")
    told = {}
    while True:
        unread = newsboat.unread()
        statuses = dict(server.newsboat)
        for path in paths:
            # Each reader goes by both, by the one and by the other.
            for way in ("both", "etag", "modified"):
                etag, modified = told.get((path, way), (None, None))
                feed = feedparser.parse(base + path, etag=etag, modified=modified)
                statuses[f"{path} {way}"] = feed.status
                if feed.status == 200:
                    etag, modified = feed.get("etag"), feed.get("modified")
                    told[path, way] = (etag if way != "modified" else None, modified if way != "etag" else None)
        print(json.dumps({"statuses": statuses, "unread": unread}), flush=True)
        if not sys.stdin.readline():
            return


with tempfile.TemporaryDirectory() as home:
    main(home, sys.argv[1], sys.argv[2:])
