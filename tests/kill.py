#!/usr/bin/env python3
"""The long reliability check, run by hand: a weekly digest for thousands of subscribers over SMTP, killed with -9 at
random moments until it is through. Needs Python 3.9 and nothing else; knows Tidings only as a user does (its commands,
its configuration), works out for itself who must get what, and keeps the mail server's own list of what arrived.

    cargo build --release
    tests/kill.py ../shared/corpora/nodejs-blog

The catalog is a folder of Markdown files with `date` and `category` in their front matter, at least five categories
in it. The newest articles of each category are held back and added week by week. Exits with 1 on any violation.
"""

import argparse, asyncio, collections, datetime, email, email.policy, hashlib, json, os, pathlib, random, re
import shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time

SITE = "https://blog.example"
HERE = pathlib.Path(__file__).resolve().parent.parent
CONFIG = """
[site]
title = "The blog"
url = "{site}"
author = "The blog"
since = 2000-01-01
[mail]
from = "The blog <news@blog.example>"
postal_address = "1 Street"
[[digest]]
name = "weekly"
title = "The week"
cron = "0 7 * * MON"
most = 1000
[subscribers]
file = "config/people.csv"
[delivery]
transport = "smtp"
[smtp]
host = "127.0.0.1"
port = {port}
tls = "none"
hello_name = "client.test"
connections = {connections}
"""

Accepted = collections.namedtuple("Accepted", "run recipient message_id digest at articles problem")


class Session(asyncio.Protocol):
    """One connection to the mail server: it takes everything, and lets the client wait a little for each reply to a
    final dot, so that a kill can fall between the two."""

    def __init__(self, server):
        self.server, self.buffer, self.data, self.recipient = server, b"", False, ""

    def connection_made(self, transport):
        self.transport, self.run = transport, self.server.run
        self.server.open += 1
        self.server.most_open = max(self.server.most_open, self.server.open)
        self.say("220 mail.test")

    def connection_lost(self, _):
        self.server.open -= 1

    def say(self, reply):
        self.transport.write(reply.encode() + b"\r\n")

    def data_received(self, chunk):
        # In a message the line end before it stays in the buffer: its dot may come first.
        start = max(0, len(self.buffer) - 4)
        self.buffer += chunk
        while True:
            end = self.buffer.find(b"\r\n.\r\n" if self.data else b"\r\n", start)
            if end < 0:
                return
            if self.data:
                body, self.buffer, self.data = self.buffer[2:end + 2], self.buffer[end + 5:], False
                self.server.accept(self, body.replace(b"\r\n..", b"\r\n."))
                delay = self.server.random.uniform(0, self.server.delay)
                self.server.loop.call_later(delay, self.say, "250 2.0.0 taken") if delay else self.say("250 2.0.0 taken")
            else:
                line, self.buffer = self.buffer[:end].decode(), self.buffer[end + 2:]
                self.obey(line)
            start = 0

    def obey(self, line):
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            self.say("250-mail.test\r\n250 8BITMIME")
        elif verb == "RCPT":
            self.recipient = line[line.index("<") + 1:line.rindex(">")]
            self.say("250 ok")
        elif verb == "DATA":
            self.data, self.buffer = True, b"\r\n" + self.buffer
            self.say("354 go on")
        elif verb == "QUIT":
            self.say("221 bye")
            self.transport.close()
        else:
            self.say("250 ok")


class Server:
    """The mail server, on a thread of its own, with its list of what it took responsibility for."""

    def __init__(self, delay, seed):
        self.delay, self.random, self.taken, self.run = delay, random.Random(seed), [], 0
        self.open = self.most_open = 0
        self.watch = None  # Called with the number of messages taken so far.
        self.loop = asyncio.new_event_loop()
        listening = self.loop.create_server(lambda: Session(self), "127.0.0.1", 0)
        self.port = self.loop.run_until_complete(listening).sockets[0].getsockname()[1]
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def accept(self, session, body):
        self.taken.append((session.run, session.recipient, body, time.monotonic()))
        if self.watch:
            self.watch(len(self.taken))

    def settled(self):
        """Waits until all connections of a process that ended are closed, and what they had sent is read."""
        while self.open:
            time.sleep(0.001)

    def read(self, first=0):
        """What was taken, taken apart; once for equal bytes, for parsing is slow."""
        return [parse(*taken) for taken in self.taken[first:]]


def parse(run, recipient, body, at):
    mail = email.message_from_bytes(body, policy=email.policy.default)
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    articles = collections.Counter(re.findall(rf"^  ({re.escape(SITE)}/[^/\s]+/[^/\s]+/)$", text, re.M))
    to = [address.addr_spec for address in mail["To"].addresses]
    problem = None if to == [recipient] else f"the mail to {recipient} says To: {to}"
    return Accepted(run, recipient, mail["Message-ID"], hashlib.sha256(body).hexdigest(), at, articles, problem)


def name_slug(text):
    """A name that can stand in an address stays as it is."""
    return text if re.fullmatch(r"\w[\w.~-]*", text) else slug(text)


def slug(text):
    return re.sub(r"[\W_]+", "-", text.lower().replace("'", "").replace("’", "")).strip("-")


def read_catalog(folder):
    """Path, date, category and address of every article, read without the help of Tidings."""
    articles = []
    for path in sorted(folder.rglob("*.md*")):
        if path.stem in ("index", "_index", "_category") or path.suffix not in (".md", ".mdx"):
            continue
        head = path.read_text(encoding="utf-8").split("\n---", 1)[0]
        keys = dict(re.findall(r"^(\w+): *['\"]?(.*?)['\"]? *$", head, re.M))
        if "date" not in keys or "title" not in keys:
            continue
        category = slug(keys.get("category", path.parent.name))
        name = re.sub(r"^\d{4}-\d\d-\d\d[-_]", "", path.stem)
        address = f"{SITE}/{category}/{name_slug(keys.get('slug', name).split('/')[-1])}/"
        articles.append((path.relative_to(folder), keys["date"][:10], category, address))
    return articles


class Trial:
    """A site in a folder of its own, its subscribers, and what each week brings."""

    def __init__(self, options, name, server):
        self.options, self.server, self.folder = options, server, options.work / name
        articles = read_catalog(options.catalog)
        by_category = collections.defaultdict(list)
        for article in sorted(articles, key=lambda article: article[1:3], reverse=True):
            by_category[article[2]].append(article)
        self.weeks = [[], []]
        for held in by_category.values():
            most = min(4, len(held) // 4)
            self.weeks[0] += held[:most]
            self.weeks[1] += held[most:2 * most]
        names = sorted(by_category, key=lambda name: -len(by_category[name]))
        if len(names) < 5:
            sys.exit(f"{options.catalog} has {len(names)} categories; five are needed")
        sets = [names[:1], names[:2], names[2:5:2], names[1:4], []]
        self.people = {f"reader-{number}@people.example": sets[number % 5] for number in range(options.subscribers)}
        newest = datetime.date.fromisoformat(max(article[1] for article in articles))
        friday = newest + datetime.timedelta(days=30 + (4 - newest.weekday()) % 7)
        self.friday = f"{friday}T09:00:00Z"
        self.mondays = [f"{friday + datetime.timedelta(days=days)}T07:00:00Z" for days in (3, 10)]
        shutil.copytree(options.catalog, self.folder / "content")
        for article in self.weeks[0] + self.weeks[1]:
            (self.folder / "content" / article[0]).unlink()
        config = CONFIG.format(site=SITE, port=server.port, connections=options.connections)
        lines = [f"{address},{';'.join(chosen)}" for address, chosen in self.people.items()]
        self.write("config/tidings.toml", config)
        self.write("config/people.csv", "\n".join(["address,categories", *lines]) + "\n")

    def write(self, path, text):
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def publish(self, week):
        for article in self.weeks[week]:
            shutil.copy(self.options.catalog / article[0], self.folder / "content" / article[0])

    def expected(self, week):
        """Who must get which addresses: those of the week in their categories. Nobody else gets anything."""
        wanted = {address: collections.Counter(article[3] for article in self.weeks[week]
                                               if not chosen or article[2] in chosen)
                  for address, chosen in self.people.items()}
        return {address: articles for address, articles in wanted.items() if articles}

    def start(self, moment):
        self.server.run += 1
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TIDINGS_")}
        command = [self.options.binary, "run", "--at", moment, "--json"]
        with open(self.folder / "out.json", "w") as out, open(self.folder / "errors.txt", "w") as errors:
            return subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=errors, env=environment)

    def finish(self, process):
        """The end of a run: its exit code (negative for a signal) and what it used."""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.server.settled()
        return process.returncode, usage

    def complete(self, moment):
        """A run that nobody disturbs; it must go well."""
        begin = time.monotonic()
        code, usage = self.finish(self.start(moment))
        if code != 0:
            sys.exit(f"`tidings run --at {moment}` ended with {code}:\n{(self.folder / 'errors.txt').read_text()}")
        return begin, time.monotonic() - begin, usage, json.loads((self.folder / "out.json").read_text())

    def feeds(self):
        """Everything in the output folder, hidden files too."""
        root = self.folder / "public"
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def audit(self, violations, issues):
        """The program's own ledger must say the same as the server."""
        store = sqlite3.connect(self.folder / "state/tidings.sqlite")
        states = dict(store.execute("SELECT state, count(*) FROM deliveries GROUP BY state"))
        expected = sum(len(self.expected(week)) for week in range(issues))
        if states != {"sent": expected}:
            violations.append(f"the ledger says {states}, where {expected} must be sent")
        behind = store.execute("""SELECT count(*) FROM subscriptions
            WHERE served IS NOT (SELECT max(number) FROM publications)""").fetchone()[0]
        if behind:
            violations.append(f"{behind} subscriptions are not served up to the last article")
        if store.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            violations.append("the store's integrity check fails")


def judge(mails, expected, violations, what):
    """Everybody got exactly what they should; returns the mails by recipient."""
    by_recipient = collections.defaultdict(list)
    for mail in mails:
        by_recipient[mail.recipient].append(mail)
        if mail.problem:
            violations.append(f"{what}: {mail.problem}")
        if mail.articles != expected.get(mail.recipient):
            wanted = expected.get(mail.recipient, collections.Counter())
            violations.append(f"{what}: {mail.recipient} lacks {sorted(wanted - mail.articles)} "
                              f"and got {sorted(mail.articles - wanted)} too much")
    for address in sorted(set(expected) - set(by_recipient)):
        violations.append(f"{what}: {address} got nothing")
    owners = collections.defaultdict(set)
    for mail in mails:
        owners[mail.message_id].add(mail.recipient)
    violations += [f"{what}: {identity} went to {sorted(who)}" for identity, who in owners.items() if len(who) > 1]
    return by_recipient


def exactly_once(mails, expected, violations, what):
    for address, copies in judge(mails, expected, violations, what).items():
        if len(copies) > 1:
            violations.append(f"{what}: {address} got {len(copies)} mails")


def clean(options, server, violations):
    trial = Trial(options, "clean", server)
    trial.complete(trial.friday)
    if server.taken:
        violations.append("a mail was sent before the first slot")
    for week, moment in enumerate(trial.mondays):
        trial.publish(week)
        first = len(server.taken)
        begin, seconds, usage, _ = trial.complete(moment)
        mails = server.read(first)
        exactly_once(mails, trial.expected(week), violations, f"clean, week {week + 1}")
        if week == 0 and mails:
            startup, span = mails[0].at - begin, mails[-1].at - mails[0].at
            size = sum(len(taken[2]) for taken in server.taken[first:]) / len(mails)
            print(f"clean run: {len(mails)} mails of {size / 1024:.0f} KB with {len(trial.weeks[0])} new articles, "
                  f"{options.connections} connections, reply delayed 0 to {options.delay} ms")
            print(f"  {startup:.2f} s to the first mail, then {span:.2f} s: {(len(mails) - 1) / span:.0f} messages/s; "
                  f"CPU {usage.ru_utime:.2f} s user, {usage.ru_stime:.2f} s system; peak {usage.ru_maxrss / 1024:.0f} MB")
    trial.audit(violations, 2)
    return startup, trial.feeds()


def killed(options, server, startup, feeds, violations):
    """The first week killed again and again, the second left alone."""
    trial, chance = Trial(options, "killed", server), random.Random(options.seed)
    trial.complete(trial.friday)
    trial.publish(0)
    first, killed_runs, outside = len(server.taken), [], 0
    for _ in range(options.kills):
        lock, process = threading.Lock(), trial.start(trial.mondays[0])

        def kill(process=process, lock=lock):
            with lock:
                if process.returncode is None:
                    os.kill(process.pid, signal.SIGKILL)

        # All kills fall between two mails, or between the end of one and its reply; but a third of them at any time
        # before that, while the site is read and the issue opened.
        enough = len(server.taken) + chance.randint(1, max(1, round(1.4 * options.subscribers / options.kills)))
        pause = chance.uniform(0, 1.2 * options.delay / 1000)

        def watch(taken, enough=enough, pause=pause, kill=kill):
            if taken == enough:
                server.loop.call_later(pause, kill)

        server.watch = watch
        if chance.random() < 0.3:
            threading.Timer(chance.uniform(0, startup), kill).start()
        before = len(server.taken)
        # Waits without reaping, so that the process id stays its own until the lock is held.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with lock:
            code, _ = trial.finish(process)
        server.watch = None
        if code == -9:
            killed_runs.append(server.run)
            outside += len(server.taken) == before
        elif code != 0:
            violations.append(f"a run ended with {code}: {(trial.folder / 'errors.txt').read_text()}")
    summary = trial.complete(trial.mondays[0])[3]
    mails = server.read(first)
    copies = judge(mails, trial.expected(0), violations, "killed").values()
    repeated, again = 0, collections.Counter()
    for group in copies:
        repeated += len(group) - 1
        again.update(mail.run for mail in group[:-1])
        if len({(mail.message_id, mail.digest) for mail in group}) > 1:
            violations.append(f"killed: the copies for {group[0].recipient} differ")
    for run, number in again.items():
        if run not in killed_runs:
            violations.append(f"killed: {number} mails of run {run}, which was not killed, were sent again")
        elif number > options.connections:
            violations.append(f"killed: the kill of run {run} led to {number} duplicates")
    if len(killed_runs) < options.kills:
        violations.append(f"only {len(killed_runs)} of {options.kills} kills hit a run; use more subscribers")
    print(f"killed {len(killed_runs)} times ({outside} of them before the first mail of a run), last run: "
          f"{json.dumps(summary.get('recovered'))} recovered, {summary['delivered']['sent']} sent")
    print(f"  {len(copies)} of {len(trial.expected(0))} recipients reached, {repeated} duplicates "
          f"(at most {options.connections * len(killed_runs)} allowed), at most {max(again.values(), default=0)} of one kill")
    trial.publish(1)
    second = len(server.taken)
    trial.complete(trial.mondays[1])
    exactly_once(server.read(second), trial.expected(1), violations, "the week after the kills")
    trial.audit(violations, 2)
    # Kills change nothing for feed readers either, and leave nothing behind.
    found = trial.feeds()
    violations += [f"public/{path} is not as in the clean run" for path in sorted(feeds.keys() | found.keys())
                   if feeds.get(path) != found.get(path)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("catalog", type=pathlib.Path, help="a folder of Markdown articles")
    parser.add_argument("--binary", type=pathlib.Path, default=HERE / "target/release/tidings")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--subscribers", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--delay", type=float, default=5, help="longest delay of a reply to a final dot, in ms")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    options.binary, options.catalog = options.binary.resolve(), options.catalog.resolve()
    print(f"seed {options.seed}")
    violations = []
    with tempfile.TemporaryDirectory(prefix="tidings-kill-") as work:
        options.work = pathlib.Path(work)
        server = Server(options.delay / 1000, options.seed)
        startup, feeds = clean(options, server, violations)
        if options.kills:
            killed(options, server, startup, feeds, violations)
        if server.most_open > options.connections:
            violations.append(f"{server.most_open} connections were open at a time, not {options.connections}")
    for violation in violations[:20]:
        print(f"VIOLATION: {violation}")
    print(f"{len(violations)} violations" if violations else "all is well")
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
