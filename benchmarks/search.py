"""Measure how quickly the archive is searched, and what its index costs when it is written.

    python benchmarks/search.py [--articles 50000] [--url postgresql://…] [--json]

An archive of articles of 4 KB, half Chinese and half English, in a database file of its own (or the empty database at
`--url`). Each expression is asked with the index, without it, and of the database by `LIKE` for its first term, which
knows neither folding nor borders of words. All in the same process on the same archive; each figure is the median of
the rounds, in articles of the archive a second. Writing is measured on the first articles, with and without the index.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from unittest import mock

from sqlalchemy import text

import monitor
from monitor.clock import SystemClock
from monitor.model import Article, Entry, EntryChange, Moment, Placement, Source
from monitor.search import look_up
from monitor.store import Store
from monitor.store.fulltext.index import IndexWriter

SIZE = 4_096  # bytes of an article
ROUNDS = 3
BATCH = 25  # articles in one transaction
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
LETTERS = "etaoinshrdlucmfwypvbgk"
COMMON = "的一是了在人有我他这中大来上个国和也子时道说出而要于就下得可你年生"
HAN = COMMON * 20 + "".join(map(chr, range(0x4E00, 0x4E00 + 2_000)))
RARE, FREQUENT = 0.002, 0.2  # parts of the articles that have a term
TERMS = {"元宇宙": RARE, "metaverse": RARE, "重庆": FREQUENT, "policy": FREQUENT}
EXPRESSIONS = (
    ("rare Chinese", "元宇宙", "元宇宙"),
    ("rare English", "metaverse", "metaverse"),
    ("frequent Chinese", "重庆", "重庆"),
    ("two terms near", "重庆 NEAR/200 policy", "重庆"),
    ("of a theme", "(元宇宙 OR metaverse) AND (重庆 OR policy)", "元宇宙"),
    ("regular expression", "/元.?宙/", "元"),
)


def articles(count: int) -> Iterator[str]:
    """Yield running texts, with a term now and then."""
    rnd = random.Random(1)
    vocabulary = ["".join(rnd.choices(LETTERS, k=rnd.randint(3, 10))) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(vocabulary))]
    pools = rnd.choices(vocabulary, weights, k=200_000), "".join(rnd.choices(HAN, k=500_000))
    for number in range(count):
        body = _english(rnd, pools[0]) if number % 2 else _chinese(rnd, pools[1])
        for term, share in TERMS.items():
            if rnd.random() < share:
                at = rnd.randrange(len(body))
                body = f"{body[:at]} {term} {body[at:]}"
        yield body


def _english(rnd: random.Random, pool: Sequence[str]) -> str:
    start = rnd.randrange(len(pool) - 700)
    return " ".join(pool[start : start + 700])[:SIZE]


def _chinese(rnd: random.Random, pool: str) -> str:
    parts = (rnd.randrange(len(pool) - 60) for _ in range(SIZE // 3 // 40))
    return "。".join(pool[start : start + 39] for start in parts)


def fill(store: Store, texts: Sequence[str], first: int = 0) -> None:
    """Write articles, some in a transaction as a poll does."""
    store.sync([Source("s", "http://s.example/", "feed")], {}, NOW)
    source_id = store.source_state("s").id
    for start in range(0, len(texts), BATCH):
        with store.writing() as writer:
            listed = []
            for number, body in enumerate(texts[start : start + BATCH], start=first + start):
                url, at = f"http://s.example/{number}", NOW - dt.timedelta(minutes=number)
                article = Article(url, body[:20], body, Moment(at, "minute"))
                find = EntryChange(Entry(url, body[:20], url), article, url, None, "", ())
                known = writer.add_article(find, Placement(None, "new"), source_id, NOW)
                listed.append((find, known.id))
            writer.link_entries(source_id, listed, NOW)


def seconds(run: Callable[[], object]) -> float:
    """Return the median time of the rounds."""
    times = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        run()
        times.append(time.perf_counter() - before)
    return statistics.median(times)


def writing(texts: Sequence[str]) -> dict[str, float]:
    """Return the milliseconds to write an article, with and without the index, by turns."""
    taken: dict[str, list[float]] = {"with": [], "without": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(2 * ROUNDS):
            kind = ("with", "without")[number % 2]
            store = Store(f"sqlite:///{folder}/{number}.db", clock=SystemClock())
            store.prepare()
            with mock.patch.object(IndexWriter, "add", IndexWriter.add if kind == "with" else lambda *_: None):
                before = time.perf_counter()
                fill(store, texts)
                taken[kind].append((time.perf_counter() - before) / len(texts) * 1_000)
            store.close()
    return {kind: round(statistics.median(times), 3) for kind, times in taken.items()}


def searching(store: Store, count: int) -> list[dict[str, object]]:
    """Return the articles of the archive a second, by expression and way."""
    return [measured(store, count, *asked) for asked in EXPRESSIONS]


def measured(store: Store, count: int, name: str, expression: str, term: str) -> dict[str, object]:
    """Ask one expression in every way."""
    rules = monitor.compile_rules({"r": expression})

    def search() -> list[int]:
        return [hit.archived.id for hit in look_up(store, rules, {})]

    indexed = search()
    by_index = seconds(search)
    with mock.patch.object(rules, "need", return_value=None):
        assert indexed == search()
        by_scan = seconds(search)
    by_like = seconds(lambda: like(store, term))
    first = seconds(lambda: list(islice(look_up(store, rules, {}), 20)))
    return {
        "expression": name,
        "hits": len(indexed),
        "index": round(count / by_index),
        "scan": round(count / by_scan),
        "like": round(count / by_like),
        "first 20 ms": round(first * 1_000, 1),
    }


def like(store: Store, term: str) -> list[int]:
    """Return what the database finds by itself: ids, newest first."""
    query = text(
        "SELECT a.id FROM article a JOIN article_index i ON i.article_id = a.id"
        " WHERE a.text LIKE :term OR a.title LIKE :term ORDER BY i.dated_at DESC"
    )
    with store._reading() as connection:  # noqa: SLF001 - the peer is no part of the program
        return list(connection.execute(query, {"term": f"%{term}%"}).scalars())


def main() -> None:
    """Write the archive, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    texts = list(articles(given.articles))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "archive.db"
        store = Store(given.url or f"sqlite:///{file}", clock=SystemClock())
        store.upgrade()
        fill(store, texts)
        result = {
            "articles": given.articles,
            "megabytes": round(file.stat().st_size / 1e6) if file.exists() else None,
            "write ms an article": writing(texts[:1_000]),
            "articles a second": searching(store, given.articles),
        }
        store.close()
    if given.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return
    rows = result.pop("articles a second")
    print(*(f"{name}: {value}" for name, value in result.items()), sep="\n")
    assert isinstance(rows, list)
    print(*(f"{name:>20}" for name in rows[0]))
    for row in rows:
        print(*(f"{value:>20}" for value in row.values()))


if __name__ == "__main__":
    main()
