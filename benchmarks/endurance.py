"""Run the daemon for long against sources that change, fail and recover; show what it takes up.

    python benchmarks/endurance.py [--minutes 45] [--sources 200] [--rows 15] [--keep FOLDER]

Everything is on loopback: a site with feeds, pages, sitemaps and JSON feeds, a webhook, and a folder for editions.
Every source goes through phases of three minutes, half of which are failures: errors, refusals with `Retry-After`,
closed and dripping connections, half documents, empty ones, nonsense. In the good ones it gains entries, some of them
with article pages. The sources are on twenty hosts, since of one host only a few are polled at a time. The daemon is a
process of its own. What it takes up is read from /proc: resident memory, file descriptors and threads of the daemon,
and the memory of its readers; then the lines of its log, and what it has done.

Ends 1 if the daemon ended by itself, logged a traceback, or left a delivery behind that was due.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PHASE = 180.0  # seconds
HOSTS = 20
KINDS = ("feed", "feed", "feed", "page", "sitemap", "json")
GOOD = ("grows", "grows", "grows", "same", "moves")
BAD = ("error", "busy", "missing", "closed", "half", "empty", "nonsense", "drips")
WORDS = "city opens fund for schools ledger pilot classroom ministry district lists plan metaverse blockchain"
CONFIG = """
timezone = "UTC"
[fetch]
allow_private = ["127.0.0.0/8"]
min_every = "1m"
[operator]
to = ["hook"]
[[rule]]
name = "themes"
match = 'metaverse OR blockchain'
[[digest]]
name = "flash"
rules = ["themes"]
at = "every 2m"
to = ["files", "hook"]
[channel.files]
kind = "file"
folder = "editions"
[channel.hook]
kind = "slack"
webhook = "{base}/services/T0/B0/x"
"""
SOURCE = """
[[source]]
name = "source {number}"
url = "{base}/{number}/{kind}"
kind = "{name}"
every = "{every}s"
{more}
"""


class Site:
    """What the sources show: a document for each, by its number and the phase that it is in."""

    def __init__(self, seed: int) -> None:
        self.started = time.time()
        self.answers: Counter[str] = Counter()
        self._seed = seed
        self._lock = threading.Lock()
        self._entries: dict[int, list[tuple[int, float, str]]] = {}

    def phase(self, number: int) -> str:
        """Return what the source does now."""
        at = int((time.time() - self.started + number * 7.3) // PHASE)
        chance = random.Random(f"{self._seed} {number} {at}")
        return chance.choice(GOOD if at == 0 or chance.random() < 0.5 else BAD)

    def entries(self, number: int, *, more: bool) -> list[tuple[int, float, str]]:
        """Return the entries of a source, newest first: at most 30, with one or two more if it grows."""
        with self._lock:
            known = self._entries.setdefault(number, [])
            for _ in range(random.randint(1, 2) if more or not known else 0):
                title = " ".join(random.choices(WORDS.split(), k=8)).capitalize()
                known.insert(0, (len(known) + random.randrange(10**9) * 1000, time.time(), title))
            del known[30:]
            return list(known)


def rss(base: str, number: int, entries: list[tuple[int, float, str]]) -> str:
    """Return entries as RSS."""
    items = "".join(
        f"<item><title>{title}</title><link>{base}/{number}/article/{key}</link><pubDate>{formatdate(at)}</pubDate>"
        f"<description>{title}, said the office on this day.</description></item>"
        for key, at, title in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'


def day(at: float) -> str:
    """Return a time as its day."""
    return time.strftime("%Y-%m-%d", time.gmtime(at))


def page(base: str, number: int, entries: list[tuple[int, float, str]]) -> str:
    """Return entries as a list page."""
    rows = "".join(
        f'<li><a href="{base}/{number}/article/{key}">{title}</a> <span>{day(at)}</span>' for key, at, title in entries
    )
    return f"<!doctype html><title>News of {number}</title><nav><a href='/'>Home</a></nav><ul class=news>{rows}</ul>"


def sitemap(base: str, number: int, entries: list[tuple[int, float, str]]) -> str:
    """Return entries as a sitemap."""
    rows = "".join(
        f"<url><loc>{base}/{number}/article/{key}/{title.replace(' ', '-')}</loc><lastmod>{day(at)}</lastmod></url>"
        for key, at, title in entries
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def json_feed(base: str, number: int, entries: list[tuple[int, float, str]]) -> str:
    """Return entries as a JSON Feed."""
    items = [{"id": str(key), "url": f"{base}/{number}/article/{key}", "title": title} for key, _, title in entries]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": str(number), "items": items})


DOCUMENTS = {
    "feed": ("application/rss+xml", rss),
    "page": ("text/html", page),
    "sitemap": ("application/xml", sitemap),
    "json": ("application/feed+json", json_feed),
}


class Handler(BaseHTTPRequestHandler):
    """Answers as the phase of the source says; the webhook takes what it gets, but for some."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        """Answer a poll, or show an article."""
        base = f"http://{self.headers['Host']}"
        _, number, what, *rest = self.path.split("/")
        phase = self.site.phase(int(number))
        self.site.answers[phase if what != "article" else "article"] += 1
        if what == "article":
            text = f"<p>{' '.join(random.choices(WORDS.split(), k=60))}.</p>" * 8
            self._answer(200, "text/html", f"<title>{rest[0]}</title><article><h1>On {rest[0]}</h1>{text}</article>")
            return
        media, write = DOCUMENTS[what]
        body = write(base, int(number), self.site.entries(int(number), more=phase == "grows"))
        match phase:
            case "error" | "missing":
                self._answer(500 if phase == "error" else 404, "text/plain", "no")
            case "busy":
                self._answer(429, "text/plain", "later", {"Retry-After": "90"})
            case "moves" if self.path.endswith(what):
                self._answer(302, "text/plain", "", {"Location": f"{self.path}/here"})
            case "closed":
                self.close_connection = True
            case "half":
                self._answer(200, media, body[: len(body) // 2])
            case "empty":
                self._answer(200, media, write(base, int(number), []))
            case "nonsense":
                self._answer(200, media, "\x00<<<{[" * 500)
            case "drips":
                self._drip(media, body)
            case _:
                self._answer(200, media, body)

    def do_POST(self) -> None:
        """Take a post, but for one in ten."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.site.answers["post"] += 1
        self._answer(500 if random.random() < 0.1 else 200, "text/plain", "ok")

    def _answer(self, status: int, media: str, body: str, headers: dict[str, str] | None = None) -> None:
        encoded = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": media, "Content-Length": str(len(encoded)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(encoded)

    def _drip(self, media: str, body: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        for piece in range(60):
            self.wfile.write(body.encode()[piece : piece + 1])
            self.wfile.flush()
            time.sleep(1)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Show nothing on the screen."""


class Server(ThreadingHTTPServer):
    """The site; a client that goes away is no error of it."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Show nothing on the screen."""


def children_of(pid: int) -> list[int]:
    """Return the processes below this one."""
    with suppress(OSError):
        own = [
            int(each)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for each in (task / "children").read_text().split()
        ]
        return own + [below for child in own for below in children_of(child)]
    return []


def memory_of(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
    return 0.0


HEADINGS = (
    "min",
    "MiB",
    "readers",
    "MiB",
    "fds",
    "threads",
    "log lines",
    "log KiB",
    "polls",
    "failed",
    "articles",
    "sent",
)


def measure(pid: int, log: Path, database: Path, minutes: float) -> tuple[str, ...]:
    """Return one row of the table."""
    readers = children_of(pid)
    text = log.read_bytes()
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    counts = (
        "SELECT sum(polls) FROM source",
        "SELECT count(*) FROM source WHERE failures > 0",
        "SELECT count(*) FROM article",
        "SELECT count(*) FROM delivery WHERE state = 'sent'",
    )
    done = [connection.execute(query).fetchone()[0] for query in counts]
    connection.close()
    fds = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    threads = sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
    memory = f"{memory_of(pid):.0f}", str(len(readers)), f"{sum(map(memory_of, readers)):.0f}"
    logged = f"{len(text.splitlines()):,}", f"{len(text) / 1024:,.0f}"
    return (f"{minutes:.1f}", *memory, str(fds), str(threads), *logged, *(f"{one or 0:,}" for one in done))


def configure(folder: Path, bases: list[str], sources: int) -> Path:
    """Write the configuration of so many sources."""
    tables = []
    for number in range(sources):
        base = bases[number % len(bases)]
        kind = KINDS[number % len(KINDS)]
        name = "feed" if kind == "json" else kind
        more = "full_text = true" if kind == "feed" and number % 4 == 0 else ""
        every = 60 + number * 7 % 120
        tables.append(SOURCE.format(number=number, base=base, kind=kind, name=name, every=every, more=more))
    file = folder / "sources.toml"
    file.write_text(CONFIG.format(base=bases[0]) + "".join(tables))
    return file


def run(minutes: float, sources: int, rows: int, folder: Path) -> int:
    """Run the daemon, print the table, and return the exit status."""
    Handler.site = Site(1)
    servers = [Server((f"127.0.0.{number + 1}", 0), Handler) for number in range(HOSTS)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    config = configure(
        folder, [f"http://{one.server_address[0]!s}:{one.server_address[1]}" for one in servers], sources
    )
    log, database = folder / "log.txt", folder / "monitor.db"
    environ = {**os.environ, "MONITOR_DATABASE_URL": f"sqlite:///{database}", "MONITOR_LOG": "info,json"}
    command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
    with log.open("wb") as stream:
        daemon = subprocess.Popen(  # noqa: S603 - our own program
            command, env=environ, stderr=stream, stdout=stream
        )
    print("  ".join(f"{heading:>9}" for heading in HEADINGS), flush=True)
    start, row = time.monotonic(), 0
    while daemon.poll() is None and time.monotonic() - start < minutes * 60:
        row += 1
        daemon_ended = threading.Event()
        daemon_ended.wait(max(0.0, start + row * minutes * 60 / rows - time.monotonic()))
        with suppress(OSError, sqlite3.Error):
            cells = measure(daemon.pid, log, database, (time.monotonic() - start) / 60)
            print("  ".join(f"{cell:>9}" for cell in cells), flush=True)
    early = daemon.poll()
    if early is None:
        daemon.send_signal(signal.SIGTERM)
    status = daemon.wait(30)
    for server in servers:
        server.shutdown()
    return report(log, database, early, status)


def report(log: Path, database: Path, early: int | None, status: int) -> int:
    """Print what the log and the outbox say at the end, and return the exit status."""
    lines = log.read_text().splitlines()
    events: Counter[str] = Counter()
    other = 0
    for line in lines:
        try:
            events[f"{json.loads(line)['part']}.{json.loads(line)['event']}"] += 1
        except (ValueError, KeyError):
            other += 1
    traces = sum("Traceback" in line for line in lines)
    connection = sqlite3.connect(database)
    outbox = dict(connection.execute("SELECT state, count(*) FROM delivery GROUP BY state"))
    connection.close()
    print(f"answers: {dict(Handler.site.answers.most_common())}")
    print(f"log: {dict(events.most_common())}, {other} other lines, {traces} tracebacks")
    print(f"outbox: {outbox}; exit status {status}" + ("" if early is None else ", ended by itself"))
    return 1 if traces or other or early is not None or status or outbox.get("claimed") else 0


def main() -> None:
    """Read the arguments, and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--rows", type=int, default=15)
    parser.add_argument("--keep", type=Path, help="a folder for the configuration, the log and the database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        sys.exit(run(given.minutes, given.sources, given.rows, folder))


if __name__ == "__main__":
    main()
