"""Measure whole passes and the start of commands, next to the library `reader` (https://github.com/lemon24/reader).

    python benchmarks/passes.py [--sources 200] [--entries 30] [--rules 1000] [--rounds 5] [--no-reader]

A server of the benchmark's own serves feeds on loopback, each on an address of its own, half of them Chinese, about
3 KB an entry. Each round begins with empty databases and makes these passes, first by the monitor, then by `reader`:

    first      all entries are new
    304        nothing has changed, and the server says so
    changed    each feed has one new entry
    same body  nothing has changed, but the server has no validators and sends everything again

The figure is CPU: of the command and its children, less what the same command takes when nothing is due. So other work
of the machine matters little, and neither does the server, which is another process. `reader` only stores entries: it
matches no rules and looks for no copies. It is installed into a temporary environment; without a package index its
columns are empty, and a line says why. The table has the medians of all rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from importlib import metadata
from pathlib import Path

ENGLISH_TEXT = (
    "policy digital economy innovation district committee funding programme industry announced officials platform "
    "research satellite internet computing power service enterprise regional development market investment report "
    "growth technology new area conference agreement project cooperation data security standard pilot application "
    "city government plan support measure centre cluster trade export energy vehicle factory talent capital training"
)
ENGLISH = ENGLISH_TEXT.split()
CHINESE = (
    "重庆两江新区发布数字经济产业发展行动计划支持企业技术创新平台建设资金政策会议服务中心项目合作数据安全标准试点"
    "应用城市政府措施人才资本市场增长研究卫星互联网算力区块链报告投资"
)
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - each feed has an address of its own, such as 127.1.0.1
FIRST_ENTRY = datetime(2026, 11, 1, tzinfo=UTC)
FIRST_PASS = datetime(2026, 12, 1, 8, tzinfo=UTC)
PASSES = ("first", "304", "changed", "same body")
STARTS = ("--help", "status", "once, nothing due")
READER = """
import sys
from reader import make_reader
database, port, count, what = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
reader = make_reader(database, feed_root=None)
urls = [f"http://127.1.{i // 250}.{i % 250 + 1}:{port}/{i}.xml" for i in range(count)]
if what == "add":
    for url in urls:
        reader.add_feed(url)
if what == "update":
    results = list(reader.update_feeds_iter(workers=1, scheduled=False))
    sys.exit(any(isinstance(result.value, Exception) for result in results))
"""

# --- the server


def words(draw: random.Random, count: int, *, chinese: bool) -> str:
    """Return random words, or twice as many Chinese characters."""
    if chinese:
        return "".join(draw.choice(CHINESE) + "，" * (draw.random() < 0.06) for _ in range(2 * count))
    return " ".join(draw.choices(ENGLISH, k=count))


def item(feed: int, number: int) -> str:
    """Return an entry of a feed. The same numbers give the same entry."""
    draw, chinese = random.Random(feed * 1_000_003 + number), bool(feed % 2)
    body = "".join(f"<p>{words(draw, 60, chinese=chinese)}</p>" for _ in range(6))
    published = format_datetime(FIRST_ENTRY + timedelta(minutes=number * 7 + feed))
    return (
        f"<item><title>{words(draw, 9, chinese=chinese)}</title><link>http://site{feed}.example/{number}</link>"
        f'<guid isPermaLink="false">f{feed}-{number}</guid><pubDate>{published}</pubDate>'
        f"<description><![CDATA[{body}]]></description></item>\n"
    )


@dataclass
class Feeds:
    """The documents, compressed as most servers send them. `changes` counts the entries that were added to each."""

    entries: int
    changes: int = 0
    made: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)

    def document(self, feed: int) -> tuple[bytes, bytes]:
        """Return a feed as gzip, and its ETag."""
        if feed not in self.made:
            items = "".join(item(feed, number) for number in range(self.entries + self.changes - 1, -1, -1))
            text = f'<rss version="2.0"><channel><title>Feed {feed}</title>{items}</channel></rss>'
            body = gzip.compress(text.encode(), 6)
            self.made[feed] = body, b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"'
        return self.made[feed]

    def answer(self, head: bytes, *, validators: bool) -> bytes:
        """Return the whole answer to a request."""
        path = head.split(b" ", 2)[1]
        if path == b"/change":
            self.changes += 1
            self.made.clear()
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        body, tag = self.document(int(path[1:].split(b".")[0]))
        lines = b"Content-Type: application/rss+xml\r\nContent-Encoding: gzip\r\n"
        if validators:
            lines += b"ETag: " + tag + b"\r\n"
            if b"if-none-match: " + tag in head.lower():
                return b"HTTP/1.1 304 Not Modified\r\n" + lines + b"\r\n"
        return b"HTTP/1.1 200 OK\r\n" + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def serve(entries: int) -> None:
    """Serve feeds on two ports, the second without validators, and print the ports."""
    feeds = Feeds(entries)

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, validators: bool) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(feeds.answer(head, validators=validators))
                await writer.drain()
                if b"connection: close" in head.lower():
                    break
        writer.close()

    servers = [
        await asyncio.start_server(partial(converse, validators=validators), EVERY_ADDRESS, 0)
        for validators in (True, False)
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


@contextmanager
def served(entries: int) -> Iterator[tuple[int, int]]:
    """Run the server as a process of its own, and yield its ports."""
    command = [sys.executable, __file__, "--serve", "--entries", str(entries)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - this file
        assert server.stdout is not None
        with_validators, without = map(int, server.stdout.readline().split())
        try:
            yield with_validators, without
        finally:
            server.terminate()


# --- the measurement


@dataclass(frozen=True)
class Bench:
    """What is measured, and with which interpreters. `reader` is None if it could not be installed."""

    sources: int
    rules: int
    reader: Path | None
    figures: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def cpu(self, command: list[str | Path], folder: Path, *, may_end: tuple[int, ...] = (0,)) -> float:
        """Run a command, and return its CPU seconds with those of its children."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        environ = {**os.environ, "MONITOR_LOG": "error", "PYTHONPATH": str(Path(__file__).parent.parent)}
        done = subprocess.run(  # noqa: S603 - our own commands
            command, cwd=folder, env=environ, capture_output=True, text=True, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in may_end:
            raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def note(self, row: str, who: str, value: float | None) -> None:
        """Keep a figure, if there is one, and show that the benchmark goes on."""
        if value is not None:
            self.figures[row, who].append(value)
            print(f"  {row}, {who}: {value:.3f} s of CPU", file=sys.stderr, flush=True)

    def rate(self, row: str, who: str, start: str) -> float | None:
        """Return the polls per CPU-second of a pass, less its start, from medians; None without figures."""
        totals, starts = self.figures[row, who], self.figures[start, who]
        return self.sources / (statistics.median(totals) - statistics.median(starts)) if totals else None

    def run_round(self, folder: Path, ports: tuple[int, int]) -> None:
        """Make all passes once, with new databases."""
        homes = [folder / f"monitor{port}" for port in ports]
        for home, port in zip(homes, ports, strict=True):
            home.mkdir()
            (home / "sources.toml").write_text(self.configuration(port), "utf-8")
        # Two hours apart: a day later every source would be requested without validators.
        moment = iter(FIRST_PASS + timedelta(hours=2 * number) for number in range(10))
        at = next(moment)
        self.note("first", "monitor", self.once(homes[0], at))
        self.note("once, nothing due", "monitor", self.once(homes[0], at + timedelta(seconds=20)))
        self.note("status", "monitor", self.cpu(monitor("status"), homes[0], may_end=(0, 1)))
        self.note("--help", "monitor", self.cpu(monitor("--help"), homes[0]))
        self.note("start", "reader", self.read(folder, ports[0], "start"))
        self.read(folder, ports[0], "add")
        self.note("first", "reader", self.read(folder, ports[0], "update"))
        self.note("304", "monitor", self.once(homes[0], next(moment)))
        self.note("304", "reader", self.read(folder, ports[0], "update"))
        urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/change").close()
        self.note("changed", "monitor", self.once(homes[0], next(moment)))
        self.note("changed", "reader", self.read(folder, ports[0], "update"))
        self.once(homes[1], next(moment))
        self.note("same body", "monitor", self.once(homes[1], next(moment)))
        self.read(folder, ports[1], "add")
        self.read(folder, ports[1], "update")
        self.note("same body", "reader", self.read(folder, ports[1], "update"))

    def once(self, home: Path, at: datetime) -> float:
        """Make a pass of the monitor at a time, and return its CPU seconds."""
        return self.cpu(monitor("once", "--now", at.isoformat(), "--json"), home)

    def read(self, folder: Path, port: int, what: str) -> float | None:
        """Let `reader` do something, and return its CPU seconds; None without `reader`."""
        if self.reader is None:
            return None
        script = folder / "with_reader.py"
        script.write_text(READER, "utf-8")
        database = folder / f"reader{port}.sqlite"
        return self.cpu([self.reader, script, database, str(port), str(self.sources), what], folder)

    def configuration(self, port: int) -> str:
        """Return a `sources.toml` with all sources and rules. Few of the rules match anything."""
        draw = random.Random(7)
        parts = ['[fetch]\nallow_private = ["127.0.0.0/8"]\n']
        for feed in range(self.sources):
            url = f"http://127.1.{feed // 250}.{feed % 250 + 1}:{port}/{feed}.xml"
            parts.append(f'[[source]]\nname = "f{feed}"\nurl = "{url}"\nkind = "feed"\nbackfill = "90d"\n')
        for number in range(self.rules - 1):
            one, two = draw.sample(ENGLISH, 2)
            match = f'"{one} {two} x{number}" OR ({one}{number} AND {two}) OR 两江{number}号'
            parts.append(f"[[rule]]\nname = \"r{number}\"\nmatch = '{match}'\n")
        parts.append('[[rule]]\nname = "hit"\nmatch = "satellite NEAR/3 internet OR 数据安全"\n')
        return "\n".join(parts)

    def table(self) -> str:
        """Return the medians as a table in Markdown."""
        lines = [
            "| pass | monitor, polls per CPU-second | reader | ratio |",
            "|---|---|---|---|",
        ]
        for row in PASSES:
            ours, theirs = self.rate(row, "monitor", STARTS[-1]), self.rate(row, "reader", "start")
            rates = [f"{rate:,.0f}" if rate else "" for rate in (ours, theirs)]
            ratio = f"{ours / theirs:.2f}" if ours and theirs else ""
            lines.append(f"| {row} | {rates[0]} | {rates[1]} | {ratio} |")
        lines += ["", "| start | CPU seconds |", "|---|---|"]
        lines += [f"| `{row}` | {statistics.median(self.figures[row, 'monitor']):.2f} |" for row in STARTS]
        return "\n".join(lines)


def monitor(*words: str) -> list[str | Path]:
    """Return the command line of the monitor in the environment of this interpreter."""
    return [sys.executable, "-m", "monitor", *words]


def install_reader(folder: Path) -> Path | None:
    """Install `reader` into an environment of its own, and return the interpreter; None if that fails."""
    home = folder / "venv"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    # Its own copy of feedparser needs sgmllib3k, which it does not ask for.
    install = output_of(python, "-m", "pip", "install", "--quiet", "reader", "sgmllib3k")
    if install is None or output_of(python, "-c", "import reader._vendor.feedparser") is None:
        print("reader is left out, because it cannot be installed or imported here")
        return None
    return python


def output_of(*command: str | Path) -> str | None:
    """Return what a command prints; None if it fails."""
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None


def describe_run(reader: Path | None) -> str:
    """Return what the figures depend on, as one line."""
    show = "from importlib import metadata; print(metadata.version('reader'))"
    versions = {name: metadata.version(name) for name in ("sqlalchemy", "httpx", "feedparser")}
    versions |= {"reader": (output_of(reader, "-c", show) if reader else None) or "left out"}
    processor = ""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        processor = next((f" ({line.partition(':')[2].strip()})" for line in lines if "model name" in line), "")
    commit = output_of("git", "rev-parse", "--short", "HEAD") or "unknown"
    known = ", ".join(f"{name} {version}" for name, version in versions.items())
    python = platform.python_version()
    return f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, {os.cpu_count()} cores{processor}, Python {python}, {known}"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Measure whole passes, next to reader.")
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-reader", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(options.entries))
        return
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="passes") as folder:
        reader = None if options.no_reader else install_reader(Path(folder))
        bench = Bench(options.sources, options.rules, reader)
        for number in range(options.rounds):
            home = Path(folder, f"round{number}")
            home.mkdir()
            with served(options.entries) as ports:
                bench.run_round(home, ports)
        print(f"{describe_run(reader)}; {json.dumps(vars(options))}; {time.monotonic() - began:.0f} s\n")
        print(bench.table())


if __name__ == "__main__":
    main()
