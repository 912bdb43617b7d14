#!/usr/bin/env python3
"""Moves a large store from SQLite to PostgreSQL and back: store_copy.py PROGRAM [--subscribers 100000] [--issues 5].

Makes a site with the program, opens a first issue for a few readers, and multiplies them with their history: issues,
deliveries, attempts, subscriptions, activities, suppressions, requests. Then it copies the store to a PostgreSQL server of its
own and back, and holds the exports and every table's hash against each other; a store that is the same must send nothing again.
Needs PostgreSQL's programs, and python3 alone.
"""

import argparse, json, os, pathlib, shutil, sqlite3, subprocess, sys, tempfile, time

CONFIGURATION = """[site]
title = "Site"
url = "https://example.org"
author = "Site"
since = 2020-01-01

[mail]
from = "Site <news@example.org>"
postal_address = "1 Street"

[[digest]]
name = "weekly"
title = "The week"
cron = "0 7 * * MON"
"""
BEGIN, FIRST, LAST = "2026-05-27T12:00:00Z", "2026-06-01T07:00:00Z", "2026-06-06T07:00:00Z"
WEEK = 7 * 24 * 3600


class Site:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        (folder / "config").mkdir()
        (folder / "config/tidings.toml").write_text(CONFIGURATION)
        for name in ["pulse", "salt"]:
            (folder / "content/heart").mkdir(parents=True, exist_ok=True)
            (folder / f"content/heart/{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-05-26\n---\nText.\n")

    def run(self, *arguments, store=None):
        environment = {**os.environ, **({"TIDINGS_STORE__PATH": store} if store else {})}
        began = time.monotonic()
        done = subprocess.run(
            [self.program, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{' '.join(arguments)}: ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout, time.monotonic() - began


class Server:
    """A PostgreSQL server in a folder of its own, on a socket."""

    def __init__(self, folder):
        versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        programs = versions[-1] if versions else pathlib.Path(shutil.which("initdb")).parent
        self.folder = folder
        folder.mkdir()
        self.before = []
        if os.getuid() == 0:
            # PostgreSQL refuses to run as root; its package brings this user along.
            shutil.chown(folder, "postgres", "postgres")
            os.chmod(folder.parent, 0o755)
            self.before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        subprocess.run(
            [*self.before, programs / "initdb", "-D", folder / "data", "-U", "owner", "--auth=trust", "--encoding=UTF8",
             "--locale=C"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        self.server = subprocess.Popen(
            [*self.before, programs / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses="],
            cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ready = [programs / "pg_isready", "-q", "-h", folder, "-U", "owner", "-d", "postgres"]
        while subprocess.run(ready).returncode:
            if self.server.poll() is not None:
                sys.exit("PostgreSQL does not start")
            time.sleep(0.1)
        subprocess.run([programs / "createdb", "-h", folder, "-U", "owner", "tidings"], check=True)

    def address(self):
        return f"postgres://owner@localhost/tidings?host={self.folder}"

    def stop(self):
        self.server.send_signal(2)
        self.server.wait()


def multiply(database, subscribers, issues):
    """Every subscriber after the first ones lives as the first one did, with a name and choices of their own."""
    connection = sqlite3.connect(database)
    run = connection.execute
    first = run("SELECT max(id) FROM subscribers").fetchone()[0]
    numbers = f"WITH RECURSIVE n (n) AS (VALUES ({first + 1}) UNION ALL SELECT n + 1 FROM n WHERE n < {subscribers})"
    name = "CASE n % 4 WHEN 0 THEN '' WHEN 1 THEN 'Zoë \"Z\" ' || n WHEN 2 THEN 'محمد ' || n ELSE '😀 \\ ' || n END"
    run(f"""{numbers} INSERT INTO subscribers (id, key, address, name, language, time_zone, minute, state, added, changed)
        SELECT n, 'p' || n || '@example.net', 'P' || n || '@example.net', {name},
               CASE n % 3 WHEN 0 THEN 'de' END, CASE n % 5 WHEN 0 THEN 'Asia/Tokyo' END,
               CASE n % 7 WHEN 0 THEN 420 END, CASE n % 50 WHEN 0 THEN 'unsubscribed' ELSE 'active' END, s.added, s.changed
        FROM n JOIN subscribers s ON s.id = 1""")
    run(f"""INSERT INTO subscriptions (digest, subscriber, category, joined, base, served)
        SELECT c.digest, s.id, c.category, c.joined, c.base, c.served
        FROM subscribers s JOIN subscriptions c ON c.subscriber = 1 WHERE s.id > {first}""")
    run(f"""INSERT INTO activities (key, at, kind, source, detail, mark)
        SELECT s.key, a.at, a.kind, a.source, 'line' || char(10) || 'of ' || s.name, s.id || ' of ' || a.id
        FROM subscribers s JOIN activities a ON a.key = (SELECT key FROM subscribers WHERE id = 1) WHERE s.id > {first}""")
    run(f"""INSERT INTO suppressions (key, address, cause, reason, since)
        SELECT key, address, 'bounces', '550 5.1.1 ' || name, changed FROM subscribers WHERE id > {first} AND id % 100 = 1""")
    run(f"""INSERT INTO requests (key, pseudonym, address, name, choices, source, received, state)
        SELECT key, hex(id), address, name, '[["weekly","*"]]', 'form', added, 'confirmed'
        FROM subscribers WHERE id > {first} AND id % 10 = 3""")
    for issue in range(1, issues + 1):
        if issue > 1:
            run(f"""INSERT INTO issues (digest, slot, opened, upto, letterhead, state)
                SELECT digest, slot - {WEEK * (issues + 1 - issue)}, opened - {WEEK * (issues + 1 - issue)}, upto, letterhead,
                       'closed' FROM issues WHERE id = 1""")
            for table, columns in [
                ("editions", "key, language, nameless, subject, text, html, web, message, hash, contents"),
                ("cohorts", "wishes, edition, reason"),
            ]:
                run(f"INSERT INTO {table} (issue, {columns}) SELECT {issue}, {columns} FROM {table} WHERE issue = 1")
        run(f"""INSERT INTO deliveries (issue, subscriber, cohort, address, name, state, reason, attempts, changed)
            SELECT {issue}, s.id, (SELECT min(id) FROM cohorts WHERE issue = {issue}), s.address, s.name,
                   CASE s.id % 97 WHEN 0 THEN 'failed' ELSE 'sent' END, '250 2.0.0 ok ' || s.id, 1, s.changed
            FROM subscribers s
            WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.issue = {issue} AND d.subscriber = s.id)""")
    run("""INSERT INTO attempts (delivery, at, outcome, reply)
        SELECT d.id, d.changed, CASE d.state WHEN 'sent' THEN 'accepted' ELSE 'rejected' END, d.reason FROM deliveries d
        WHERE NOT EXISTS (SELECT 1 FROM attempts a WHERE a.delivery = d.id)""")
    connection.commit()
    connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--subscribers", type=int, default=100_000)
    parser.add_argument("--issues", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tidings-copy") as folder:
        folder = pathlib.Path(folder)
        (folder / "site").mkdir()
        site = Site(options.program.resolve(), folder / "site")
        site.run("run", "--at", BEGIN)
        for who in ["ana", "bo", "chidi"]:
            site.run("subscribers", "add", f"{who}@example.net", "--category", "heart", "--at", BEGIN)
        site.run("run", "--at", FIRST)
        database = site.folder / "state/tidings.sqlite"
        multiply(database, options.subscribers, options.issues)
        server = Server(folder / "postgres")
        try:
            compare(site, database, server.address())
        finally:
            server.stop()


def compare(site, database, server):
    said, took = site.run("store", "check", "--json")
    tables = json.loads(said)["tables"]
    rows = sum(table["rows"] for table in tables)
    print(f"{rows:,} rows, {database.stat().st_size / 1e6:,.0f} MB; checked in {took:.1f} s")
    there, took = site.run("store", "copy", str(database), server, "--json")
    print(f"SQLite to PostgreSQL in {took:.1f} s")
    back, took = site.run("store", "copy", server, "back.sqlite", "--json")
    print(f"PostgreSQL to SQLite in {took:.1f} s")
    _, took = site.run("store", "backup", "backup.sqlite")
    print(f"backed up in {took:.1f} s")
    assert json.loads(there)["tables"] == tables and json.loads(back)["tables"] == tables, "hashes differ"
    lists = [
        site.run("subscribers", "list", "--json", store=store)[0] for store in [None, server, "back.sqlite"]
    ]
    assert lists[0] == lists[1] == lists[2], "exports differ"
    for store in [None, server, "back.sqlite"]:
        assert site.run("store", "check", "--json", store=store)[0] == said, f"{store or 'the original'} is not the same"
        outbox = len(list((site.folder / "outbox/new").iterdir()))
        site.run("run", "--at", LAST, store=store)
        assert len(list((site.folder / "outbox/new").iterdir())) == outbox, "something was sent again"
    print(f"equal: hashes of {len(tables)} tables, and the export of {len(lists[0].splitlines()):,} lines")


if __name__ == "__main__":
    main()
