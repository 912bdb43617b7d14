#!/usr/bin/env python3
"""Real bounces, run by hand as root: two Postfix servers on loopback, ours and that of the readers. Tidings sends a digest
through ours; mails to an unknown mailbox, a full one, one that is busy and one that refuses us come back as Postfix's own
reports into a Maildir, are ingested, and have to be with the right readers. A forged report has to change nothing, and
who is given up has to get no more mail. Needs Python 3.9 and Postfix (`apt-get install postfix`).

    cargo build
    tests/postfix_bounces.py [--tidings target/debug/tidings] [--keep]

Everything is in a folder of its own, with free ports; the machine's own Postfix is not touched. Exits with 1 on any
violation.
"""

import argparse, json, os, pathlib, pwd, shutil, smtplib, socket, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent.parent
BEGIN, FIRST, SECOND, THIRD = ("2026-05-27T12:00:00Z", "2026-06-01T07:00:00Z", "2026-06-08T07:00:00Z",
                               "2026-06-15T07:00:00Z")
# Each reader, with what has to be on record after one issue.
READERS = {"ana": None, "gone": "hard-bounce", "full": "soft-bounce", "busy": "soft-bounce", "policy": "refused"}
PATIENCE = 90

CONFIG = """
[site]
title = "The news"
url = "https://news.test"
author = "The news"
since = 2020-01-01
[mail]
from = "The news <news@news.test>"
bounces = "bounces@news.test"
postal_address = "1 Street"
[[digest]]
name = "weekly"
title = "The week"
cron = "0 7 * * MON"
[ingest]
maildir = "{maildir}"
[delivery]
transport = "smtp"
[smtp]
host = "127.0.0.1"
port = {port}
tls = "none"
hello_name = "client.test"
"""

MAIN = """
compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
maillog_file = {at}/log
maillog_file_prefixes = {at}
myhostname = {name}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtpd_recipient_restrictions = {access} permit_mynetworks, reject
transport_maps = texthash:{at}/transport
recipient_delimiter = +
alias_maps =
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {at}/mail
virtual_mailbox_maps = texthash:{at}/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
virtual_mailbox_limit = 20000
message_size_limit = 19000
# What can't be delivered at once is given back at once: five days are long for a test.
maximal_queue_lifetime = 0
bounce_queue_lifetime = 0
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Postfix:
    """One server with its own configuration, queue and log."""

    def __init__(self, at, name, domain, mailboxes, port, transport, access=None):
        self.at, self.port = at, port
        nobody = pwd.getpwnam("nobody")
        at.mkdir(mode=0o755)
        for folder in ("config", "queue", "data", "mail"):
            (at / folder).mkdir(mode=0o755)
        postfix = pwd.getpwnam("postfix")
        os.chown(at / "data", postfix.pw_uid, postfix.pw_gid)
        os.chown(at / "mail", nobody.pw_uid, nobody.pw_gid)
        (at / "transport").write_text("".join(f"{domain} smtp:[127.0.0.1]:{port}\n" for domain, port in transport.items()))
        (at / "mailboxes").write_text("".join(f"{who}@{domain} {where}\n" for who, where in mailboxes.items()))
        restrictions = ""
        if access:
            (at / "access").write_text("".join(f"{who}@{domain} {reply}\n" for who, reply in access.items()))
            restrictions = f"check_recipient_access texthash:{at}/access,"
        (at / "config/main.cf").write_text(MAIN.format(
            at=at, name=name, domain=domain, access=restrictions, uid=nobody.pw_uid, gid=nobody.pw_gid))
        (at / "config/master.cf").write_text(MASTER.format(port=port))

    def __enter__(self):
        self.control("start")
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=10):
                    return self
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def __exit__(self, *_):
        self.control("stop", check=False)

    def control(self, verb, check=True):
        done = subprocess.run(["postfix", "-c", str(self.at / "config"), verb], capture_output=True, text=True)
        if check and done.returncode:
            sys.exit(f"postfix {verb}: {done.stderr or done.stdout}")

    def log(self):
        return (self.at / "log").read_text() if (self.at / "log").exists() else ""


class Check:
    """Counts what is not as it has to be."""

    def __init__(self):
        self.wrong = 0

    def same(self, what, seen, wanted):
        good = seen == wanted
        self.wrong += not good
        print(f"{'ok   ' if good else 'WRONG'} {what}: {seen}" + ("" if good else f", not {wanted}"))


def wait_for(what, count, wanted, servers):
    deadline = time.monotonic() + PATIENCE
    while count() < wanted:
        if time.monotonic() > deadline:
            sys.exit(f"{count()} of {wanted} {what} came\n" + "\n".join(server.log() for server in servers))
        time.sleep(0.1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tidings", type=pathlib.Path, default=HERE / "target/debug/tidings")
    parser.add_argument("--keep", action="store_true", help="leave the folder where it is")
    options = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("postfix"):
        sys.exit("this has to be root, with Postfix installed: it starts servers of its own")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tidings-postfix-"))
    folder.chmod(0o755)
    check = Check()
    try:
        rehearse(options.tidings.resolve(), folder, check)
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    print("all is as it has to be" if not check.wrong else f"{check.wrong} violations")
    sys.exit(1 if check.wrong else 0)


def rehearse(tidings, folder, check):
    ours, theirs = free_port(), free_port()
    site = folder / "site"
    (site / "content/news").mkdir(parents=True)
    maildir, inbox = folder / "ours/mail/back", folder / "theirs/mail/ana"

    def run(*arguments, code=0, at=None):
        command = [str(tidings), *arguments, "--json"] + (["--at", at] if at else [])
        done = subprocess.run(command, cwd=site, capture_output=True, text=True)
        if done.returncode != code:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout) if done.stdout else None

    def article(number):
        (site / f"content/news/a{number}.md").write_text(f"---\ntitle: A{number}\ndate: 2026-05-26\n---\nText.\n")

    def shown(who):
        return run("subscribers", "show", f"{who}@readers.test")

    def kinds(who):
        return [one["kind"] for one in shown(who)["activities"] if one["kind"] != "added"]

    def letters(place=maildir):
        return len(list((place / "new").glob("*"))) if (place / "new").is_dir() else 0

    def issue(moment, sent):
        article(moment[5:10])
        report = run("run", at=moment)
        check.same(f"mails handed over at {moment}", report["delivered"]["sent"], sent)

    (site / "tidings.toml").write_text(CONFIG.format(port=ours, maildir=maildir))
    ours_at = Postfix(folder / "ours", "mail.news.test", "news.test", {"bounces": "back/"}, ours, {"readers.test": theirs})
    theirs_at = Postfix(
        folder / "theirs", "mx.readers.test", "readers.test",
        {"ana": "ana/", "full": "full", "busy": "busy/", "policy": "policy/"}, theirs, {"news.test": ours},
        access={"busy": "452 4.2.2 The mailbox is being moved", "policy": "554 5.7.1 We take no mail from you"})
    # A mailbox in one file, which is as large as it may be.
    full = folder / "theirs/mail/full"
    full.write_bytes(b"From x\n\n" + b"x" * 19_990)
    nobody = pwd.getpwnam("nobody")
    os.chown(full, nobody.pw_uid, nobody.pw_gid)
    for part in ("new", "cur", "tmp"):
        (maildir / part).mkdir(parents=True)
    for path in (maildir, *maildir.iterdir()):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    with ours_at as server, theirs_at as other:
        servers = (server, other)
        article(0)
        run("run", at=BEGIN)
        for who in READERS:
            run("subscribers", "add", f"{who}@readers.test", at=BEGIN)
        issue(FIRST, len(READERS))
        wait_for("reports", letters, 4, servers)
        wait_for("mails", lambda: letters(inbox), 1, servers)
        report = run("ingest", at="2026-06-01T09:00:00Z")
        check.same("bounces", [report[kind] for kind in ("hard", "soft", "refused")], [1, 2, 1])
        check.same("left alone", report["alone"], {})
        for who, kind in READERS.items():
            check.same(f"on record of {who}", kinds(who), [kind] if kind else [])
        for who in ("gone", "full", "busy", "policy"):
            print("     ", who, shown(who)["activities"][-1]["detail"])

        # One of those reports again, to a return path that somebody made up.
        letter = sorted((maildir / "cur").glob("*"))[0].read_bytes()
        token = letter.split(b"Delivered-To: bounces+")[1].split(b"@")[0]
        forged = token[:-4] + (b"aaaa" if token[-4:] != b"aaaa" else b"bbbb")
        with smtplib.SMTP("127.0.0.1", server.port) as client:
            client.sendmail("", [f"bounces+{forged.decode()}@news.test"], letter.replace(token, forged))
        before = {who: shown(who) for who in READERS}
        wait_for("forged reports", letters, 1, servers)
        report = run("ingest", at="2026-06-01T10:00:00Z")
        check.same("a forged report", report["alone"], {"nobody's": 1})
        check.same("what it changed", [who for who in READERS if shown(who) != before[who]], [])
        for left in (maildir / "new").glob("*"):
            left.unlink()

        issue(SECOND, len(READERS))
        wait_for("reports", letters, 4, servers)
        report = run("ingest", at="2026-06-08T09:00:00Z")
        check.same("given up", [one["address"] for one in report["given_up"]], ["gone@readers.test"])
        issue(THIRD, len(READERS) - 1)
        wait_for("reports", letters, 3, servers)
        report = run("ingest", at="2026-06-15T09:00:00Z")
        check.same("bounces after that", [report[kind] for kind in ("hard", "soft", "refused")], [0, 2, 1])
        run("subscribers", "unsuppress", "gone@readers.test", "--why", "the mailbox is back", at="2026-06-16T09:00:00Z")
        check.same("after it was reversed", (shown("gone")["suppressed"], kinds("gone")[-1]), (None, "unsuppressed"))
        check.same("mails that ana got", letters(inbox), 3)


if __name__ == "__main__":
    main()
