#!/bin/sh
# Publishes 10,000 articles of 5 KB in 50 categories, again without a change, and reads the same files once on all
# cores: medians of five rounds, as a Markdown table. Arguments go to articles.py, as in `publish.sh --articles 1000`.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here"
cargo build --release --quiet
cargo bench --quiet --bench read_all --no-run

mkdir "$work/config"
python3 benches/articles.py "$work/content" "$@"
cat > "$work/config/tidings.toml" <<'END'
[site]
title = "The site"
url = "https://example.org"
author = "The site"
since = 2000-01-01
[feeds]
limit = 20
content = "full"
# What the figures of the README were measured with.
formats = ["rss", "atom"]
page = false
END

python3 - "$here" "$work" <<'END'
import json, os, pathlib, platform, shutil, statistics, subprocess, sys, time

here, work = map(pathlib.Path, sys.argv[1:])
tidings, rounds = here / "target/release/tidings", 5


def measured(*command, cwd):
    """Its output, seconds, and peak memory in MB. The clock runs from the start of the process to its end."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return output, seconds, usage.ru_maxrss / 1024


def read_all():
    """What the reader measures itself: it is about the files, not about starting a process."""
    command = ["cargo", "bench", "--quiet", "--bench", "read_all", "--", str(work / "content")]
    return float(measured(*command, cwd=here)[0].split()[0])


read_all()  # From now on the files are in the system's memory, for all alike.
reads, firsts, seconds, same = [], [], [], None
for _ in range(rounds):
    for made in ("public", "state"):
        shutil.rmtree(work / made, ignore_errors=True)
    reads.append((read_all(), None))
    output, *figures = measured(str(tidings), "build", "--json", cwd=work)
    first = json.loads(output)["published"]
    firsts.append(figures)
    output, *figures = measured(str(tidings), "build", "--json", cwd=work)
    same = json.loads(output)["published"]
    seconds.append(figures)
    if first["fresh"] != first["articles"] or same["fresh"] or same["written"]:
        sys.exit(f"that was no first and no unchanged run: {first['fresh']} new, {len(same['written'])} written again")

size = sum(path.stat().st_size for path in (work / "content").rglob("*.md"))
written = sum(path.stat().st_size for path in (work / "public").rglob("*") if path.is_file())
print(f"{first['articles']:,} articles, {size / 1e6:.0f} MB; {len(first['written'])} files of feeds, {written / 1e6:.0f} MB; "
      f"{os.cpu_count()} cores of {platform.machine()}; medians of {rounds} rounds (fastest to slowest)\n")
print("| | seconds | peak memory | times reading |")
print("| --- | --- | --- | --- |")
base = statistics.median(taken for taken, _ in reads)
for what, rows in (("read every file once, all cores", reads), ("first `tidings build`", firsts),
                   ("second, nothing changed", seconds)):
    times = [row[0] for row in rows]
    memory = "" if rows[0][1] is None else f"{statistics.median(row[1] for row in rows):.0f} MB"
    middle = statistics.median(times)
    print(f"| {what} | {middle:.3f} ({min(times):.3f} to {max(times):.3f}) | {memory} | {middle / base:.1f} |")
END
