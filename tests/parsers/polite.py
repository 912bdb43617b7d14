"""Serves a folder as static servers do (Last-Modified; an ETag of time and size, as nginx makes it), and polls feeds
in it with feedparser, as a polite reader does: with what it was told the last time.

Prints the statuses of a first poll as a line of JSON, then of another one for each line of standard input.
"""

import functools
import json
import os
import sys
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
        known = self.headers.get("If-None-Match")
        if known is None:
            return super().send_head()
        # RFC 9110, 13.1.3: If-None-Match goes before If-Modified-Since.
        if self.etag() in known:
            self.send_response(304)
            self.end_headers()
            return None
        del self.headers["If-None-Match"]
        return super().send_head()

    def log_message(self, *_):
        pass


def main(folder, paths):
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told = {}
    while True:
        statuses = {}
        for path in paths:
            # Each reader goes by both, by the one and by the other.
            for way in ("both", "etag", "modified"):
                etag, modified = told.get((path, way), (None, None))
                url = f"http://127.0.0.1:{server.server_port}/{path}"
                feed = feedparser.parse(url, etag=etag, modified=modified)
                statuses[f"{path} {way}"] = feed.status
                if feed.status == 200:
                    etag, modified = feed.get("etag"), feed.get("modified")
                    told[path, way] = (etag if way != "modified" else None, modified if way != "etag" else None)
        print(json.dumps(statuses), flush=True)
        if not sys.stdin.readline():
            return


main(sys.argv[1], sys.argv[2:])
