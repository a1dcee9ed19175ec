"""Measure what finding near copies costs in a database of many articles.

    python benchmarks/stored_stories.py [--articles 1000000] [--folder FOLDER] [--json]

Fingerprints are invented: each has as many keys as that of an article of a page or more. They are written in the order
of the keys, or it would take hours. Then new articles are looked for, and near copies, which share some keys with one
that is stored; and new fingerprints are written, each in a transaction of its own as by a poll. Times are those of one
article in milliseconds, without the commit: the median and the 95th percentile of `--times`.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from monitor.clock import SystemClock
from monitor.model import Source
from monitor.model.fingerprints import Fingerprint
from monitor.store import Store, Writer
from monitor.stories.fingerprint import VERSION

KEYS = {"sentences": 16, "phrases": 8, "bands": 16}
AT = "2026-11-20 12:00:00.000000"
SHARED = 12
"""Keys that a near copy has in common with its original."""


def keys_of(number: int) -> list[int]:
    """Return the keys of an invented article."""
    chance = random.Random(number)
    return [chance.getrandbits(64) - 2**63 for _ in range(sum(KEYS.values()))]


def fingerprint_of(keys: list[int]) -> Fingerprint:
    """Return the fingerprint with these keys."""
    sentences, phrases = KEYS["sentences"], KEYS["phrases"]
    of_phrases = tuple(keys[sentences : sentences + phrases])
    return Fingerprint(tuple(keys[:sentences]), of_phrases, tuple(keys[sentences + phrases :]), "", VERSION)


def fill(file: Path, articles: int) -> None:
    """Write so many articles with their fingerprints."""
    numbers = range(1, articles + 1)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany("INSERT INTO story (id, first_seen_at) VALUES (?, ?)", ((n, AT) for n in numbers))
        connection.executemany(
            "INSERT INTO article (id, address, address_key, url, title, text, authors, first_seen_at, source_id, "
            "story_id, relation, score, reason) VALUES (?, ?, ?, ?, 'Title', 'Text.', '[]', ?, 1, ?, 'new', 1, '')",
            ((n, f"https://a.example/{n}", f"https://a.example/{n}", f"https://a.example/{n}", AT, n) for n in numbers),
        )
        connection.executemany("INSERT INTO fingerprint VALUES (?, ?, 'site', '', ?, ?, ?)", packed(articles))
        connection.execute("CREATE TEMP TABLE unsorted (key INTEGER, article_id INTEGER)")
        pairs = ((key, number) for number in numbers for key in keys_of(number))
        connection.executemany("INSERT INTO unsorted VALUES (?, ?)", pairs)
        connection.execute("INSERT INTO fingerprint_key SELECT key, article_id FROM unsorted ORDER BY key, article_id")


def packed(articles: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the fingerprints."""
    for number in range(1, articles + 1):
        kept = fingerprint_of(keys_of(number))
        parts = (struct.pack(f"<{len(keys)}q", *keys) for keys in (kept.sentences, kept.phrases, kept.bands))
        yield (number, VERSION, *parts)


def measure(store: Store, times: int, work: Callable[[Writer, int], object]) -> tuple[float, float]:
    """Return the median and the 95th percentile of the milliseconds that `work` takes, without its commit."""
    took = []
    for number in range(times):
        with store.writing() as tx:
            begun = time.perf_counter()
            work(tx, number)
            took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return round(took[len(took) // 2], 3), round(took[len(took) * 95 // 100], 3)


def main() -> None:
    """Print the times and the size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=400)
    parser.add_argument("--folder", type=Path, help="Where the database is made; else in a temporary folder.")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    chance = random.Random(7)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        file = Path(folder) / "monitor.db"
        store = Store(f"sqlite:///{file}", clock=SystemClock())
        store.prepare()
        store.sync([Source("s", "https://a.example", "feed")], {}, SystemClock().now())
        before = file.stat().st_size
        fill(file, asked.articles)
        size = (file.stat().st_size - before) / asked.articles
        new = [keys_of(asked.articles + 1 + number) for number in range(asked.times)]
        copies = [keys_of(chance.randint(1, asked.articles))[:SHARED] + keys[SHARED:] for keys in new]
        found = {
            "new_ms": measure(store, asked.times, lambda tx, number: tx.articles_with_keys(new[number])),
            "near_copy_ms": measure(store, asked.times, lambda tx, number: tx.articles_with_keys(copies[number])),
        }
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("DELETE FROM fingerprint WHERE article_id <= ?", (asked.times,))
        found["insert_ms"] = measure(
            store, asked.times, lambda tx, number: tx.save_fingerprint(number + 1, "site", fingerprint_of(new[number]))
        )
        store.close()
    result = {"articles": asked.articles, "bytes_an_article": round(size), **found}
    print(json.dumps(result) if asked.json else "\n".join(f"{name:20} {value}" for name, value in result.items()))


if __name__ == "__main__":
    main()
