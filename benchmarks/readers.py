"""Measure how many entries a second the readers give, compared with the libraries that they are built on.

    python benchmarks/readers.py [--feeds DIR] [--lists DIR] [--articles DIR] [--most 200] [--rounds 3] [--json]

Feeds are measured against feedparser alone, list pages against BeautifulSoup alone (with lxml: the tree and its links),
article pages against trafilatura alone: the same documents in the same process, each figure the median of the rounds.
The documents are those below the folders, plain or gzipped; without a folder, some are made up. What a peer fails on
is left out for both. The shares of the stages are sampled in one more round: whose code ran, every millisecond.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import io
import json
import random
import signal
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import bs4
import feedparser
import trafilatura

import monitor

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
URL = "https://a.example/news/index.html"
LARGEST = 2_000_000  # bytes of a document; larger ones measure one thing only
EVERY = 0.001  # seconds between two samples

# Whose code ran → the stage that it belongs to; the innermost frame that is named here counts.
STAGES = (
    ("monitor.text.decode", "decode"),
    ("monitor.text.dates", "dates"),
    ("monitor.articles.published", "dates"),
    ("monitor.articles.shown", "dates"),
    ("monitor.sources.page.dated", "dates"),
    ("htmldate", "dates"),
    ("dateparser", "dates"),
    ("dateutil", "dates"),
    ("monitor.text.address", "addresses"),
    ("monitor.text.language", "language"),
    ("monitor.text.fold", "folding"),
    ("monitor.articles.tree", "parse"),
    ("monitor.sources.page.document", "parse"),
    ("feedparser", "parse"),
    ("bs4", "parse"),
    ("sgmllib", "parse"),
    ("xml.sax", "parse"),
    ("trafilatura", "find"),
    ("readability", "find"),
    ("justext", "find"),
    ("monitor.articles", "find"),
    ("monitor.sources.page", "find"),
    ("monitor.sources.plain", "plain text"),
    ("monitor.text.safe", "plain text"),
    ("monitor.sources", "the rest"),
)


@dataclass(slots=True)
class Figures:
    """What was measured of one kind of document."""

    documents: int = 0
    entries: int = 0
    ours: float = 0.0  # seconds for all documents
    peers: float = 0.0
    slowest: float = 0.0
    slowest_name: str = ""
    failed: int = 0
    stages: dict[str, float] = field(default_factory=dict)


def feed(body: bytes) -> int:
    """Read a feed with our reader."""
    return len(monitor.read(body, url=URL, now=NOW).entries)


def listing(body: bytes) -> int:
    """Read a list page with our reader."""
    return len(monitor.read(body, url=URL, kind="page", now=NOW).entries)


def article(body: bytes) -> int:
    """Read an article page with our reader."""
    return 1 if monitor.extract(body, url=URL, now=NOW).text else 0


def by_feedparser(body: bytes) -> int:
    """Read a feed with feedparser alone."""
    return len(feedparser.parse(io.BytesIO(body)).entries)


def by_soup(body: bytes) -> int:
    """Collect the links of a page with BeautifulSoup."""
    return len([(link.get_text(), link["href"]) for link in bs4.BeautifulSoup(body, "lxml").find_all("a", href=True)])


def by_trafilatura(body: bytes) -> int:
    """Extract the text of a page with trafilatura."""
    return 1 if trafilatura.extract(body) else 0


KINDS: dict[str, tuple[Callable[[bytes], int], Callable[[bytes], int], str]] = {
    "feeds": (feed, by_feedparser, "feedparser"),
    "lists": (listing, by_soup, "BeautifulSoup"),
    "articles": (article, by_trafilatura, "trafilatura"),
}


def documents(folder: Path, most: int) -> Iterator[tuple[str, bytes]]:
    """Return the documents below a folder, by name, spread over all of them if there are more than `most`."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".json", ".txt"})
    for path in paths[:: max(1, len(paths) // most)][:most]:
        body = path.read_bytes()
        body = gzip.decompress(body) if path.suffix == ".gz" else body
        if body.strip() and len(body) <= LARGEST:
            yield path.name, body


def made_up(kind: str, count: int) -> Iterator[tuple[str, bytes]]:
    """Make documents of the usual size and shape, half of them Chinese."""
    rnd = random.Random(kind)
    for number in range(count):
        yield f"{kind} {number}", _SHAPES[kind](rnd, number % 2 == 1)


def _words(rnd: random.Random, chinese: bool, count: int) -> str:
    if chinese:
        return "".join(chr(rnd.randrange(0x4E00, 0x4E00 + 2_000)) for _ in range(count * 2)) + "。"
    return " ".join("".join(rnd.choices("etaoinshrdlucmfw", k=rnd.randint(2, 9))) for _ in range(count)) + "."


def _feed(rnd: random.Random, chinese: bool) -> bytes:
    items = "".join(
        f"<item><title>{_words(rnd, chinese, 8)}</title><link>https://a.example/{rnd.random()}</link>"
        f"<pubDate>Fri, 20 Nov 2026 {rnd.randrange(24):02}:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{_words(rnd, chinese, 60)}&lt;/p&gt;</description></item>"
        for _ in range(50)
    )
    return f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


def _frame(rnd: random.Random, chinese: bool, main: str) -> bytes:
    menu = "".join(f"<li><a href=/{at}>{_words(rnd, chinese, 2)}</a></li>" for at in range(60))
    title = _words(rnd, chinese, 8)
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body><div class=nav><ul>{menu}</ul></div>"
        f"<h1>{title}</h1>{main}<div class=foot><ul>{menu}</ul><p>Copyright 2026</p></div></body></html>"
    ).encode()


def _list(rnd: random.Random, chinese: bool) -> bytes:
    rows = "".join(
        f"<li><a href=t2026{rnd.randrange(10**6)}.html>{_words(rnd, chinese, 9)}</a><span>2026-11-{day:02}</span></li>"
        for day in range(20, 0, -1)
    )
    return _frame(rnd, chinese, f"<ul class=list>{rows}</ul>")


def _article(rnd: random.Random, chinese: bool) -> bytes:
    text = "".join(f"<p>{_words(rnd, chinese, 40)}{_words(rnd, chinese, 20)}</p>" for _ in range(12))
    return _frame(rnd, chinese, f"<p>发布时间：2026-11-20 08:30 来源：新华社</p><div class=text>{text}</div>")


_SHAPES: dict[str, Callable[[random.Random, bool], bytes]] = {"feeds": _feed, "lists": _list, "articles": _article}


def seconds(read: Callable[[bytes], int], body: bytes, rounds: int) -> float:
    """Return the median time of a document."""
    took = []
    for _ in range(rounds):
        before = time.perf_counter()
        read(body)
        took.append(time.perf_counter() - before)
    return statistics.median(took)


def measure(kind: str, found: Sequence[tuple[str, bytes]], rounds: int) -> Figures:
    """Measure all figures of one kind of document."""
    ours, peer, _ = KINDS[kind]
    figures = Figures()
    read: list[bytes] = []
    for name, body in found:
        try:
            peer(body)
        except Exception as error:  # noqa: BLE001 - peers raise what they like, and that is counted
            figures.failed += 1
            print(f"{kind}: {name}: the peer raises {type(error).__name__}")
            continue
        figures.entries += ours(body)  # once unmeasured: what is set up at first use is no cost of a document
        took = seconds(ours, body, rounds)
        figures.ours += took
        figures.peers += seconds(peer, body, rounds)
        figures.documents += 1
        if took > figures.slowest:
            figures.slowest, figures.slowest_name = took, name
        read.append(body)
    figures.stages = shares(lambda: [ours(body) for body in read])
    return figures


def shares(work: Callable[[], object]) -> dict[str, float]:
    """Return the share of each stage in the time of `work`."""
    samples: Counter[str] = Counter()

    def sample(_signal: int, frame: FrameType | None) -> None:
        samples[_stage(frame)] += 1

    before = signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return {stage: count / samples.total() for stage, count in samples.most_common()}


def _stage(frame: FrameType | None) -> str:
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        for prefix, stage in STAGES:
            if module == prefix or module.startswith(f"{prefix}."):
                return stage
        frame = frame.f_back
    return "the rest"


def describe(kind: str, figures: Figures) -> str:
    """Return the figures of one kind in words."""
    peer = KINDS[kind][2]
    ours, theirs = (figures.entries / max(took, 1e-9) for took in (figures.ours, figures.peers))
    stages = ", ".join(f"{stage} {share:.0%}" for stage, share in figures.stages.items() if share >= 0.005)
    return (
        f"{kind}: {figures.documents} documents, {figures.entries} entries: {ours:,.0f} entries a second; "
        f"{peer} alone {theirs:,.0f}: {figures.ours / max(figures.peers, 1e-9):.2f} × its time\n"
        f"  slowest: {figures.slowest * 1000:.0f} ms ({figures.slowest_name})\n  stages: {stages}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Entries a second of the readers, compared with their libraries.")
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=Path, metavar="DIR", help="without it, documents are made up")
    parser.add_argument("--most", type=int, default=200, help="documents of a kind")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = vars(parser.parse_args())
    warnings.simplefilter("ignore")  # BeautifulSoup has some about feeds among the pages
    table = {}
    for kind in KINDS:
        folder = options[kind]
        found = list(documents(folder, options["most"]) if folder else made_up(kind, min(options["most"], 20)))
        table[kind] = measure(kind, found, options["rounds"])
        if not options["json"]:
            print(describe(kind, table[kind]), flush=True)
    if options["json"]:
        fields = ("documents", "entries", "ours", "peers", "slowest", "slowest_name", "failed", "stages")
        print(json.dumps({kind: {name: getattr(row, name) for name in fields} for kind, row in table.items()}))


if __name__ == "__main__":
    main()
