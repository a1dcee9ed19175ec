"""What an article costs that is placed among the events of the last days: time, and memory of the window.

    python benchmarks/events.py            windows of 1,000, 10,000 and 60,000 articles
    python benchmarks/events.py 5000       one window of another size

The articles are made of the words of the idf table, as often as it says, and of invented names and numbers; one in four
reports what an article before it did, in part with the same names and numbers.
"""

from __future__ import annotations

import datetime as dt
import random
import resource
import sys
import time
from collections.abc import Iterator

from monitor.model import Article
from monitor.stories.events import Events
from monitor.stories.idf import document_shares
from monitor.stories.reports import read_report

MEASURED = 300
START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


def articles(count: int) -> Iterator[Article]:
    """Yield articles of 300 outlets, each of about 1,200 characters."""
    chance = random.Random(7)
    shares = {term: share for term, share in document_shares().items() if term.isascii()}
    words, weights = list(shares), list(shares.values())
    syllables = [one + other for one in "bdgklmnrstv" for other in "aeiou"]
    names = ["".join(chance.choices(syllables, k=3)).title() for _ in range(9000)]
    topics: list[list[str]] = []
    for number in range(count):
        if not topics or chance.random() > 0.25:
            topics.append([*chance.sample(names, 6), *(str(chance.randint(13, 5000)) for _ in range(6))])
        topic = chance.choice(topics[-200:])
        said = chance.choices(words, weights, k=150)
        title = " ".join([topic[0], *said[:4], topic[1], *said[4:6]])
        text = " ".join(f"{word} {chance.choice(topic)}" if at % 11 == 0 else word for at, word in enumerate(said))
        yield Article(f"https://{number}.example/", title, text, site=f"Outlet {chance.randint(0, 299)}")


def measure(size: int) -> str:
    """Return what placing and adding costs in a window of that many articles."""
    events, spent, reading, joined = Events(), 0.0, 0.0, 0
    for key, article in enumerate(articles(size + MEASURED)):
        at = START + dt.timedelta(hours=70) * key / (size + MEASURED)
        before = time.process_time()
        placed = events.place(article, at, key=key)
        event = key if placed is None or placed.event is None else placed.event
        events.add(article, at, key=key, event=event)
        if key >= size:
            spent += time.process_time() - before
            joined += event != key
            before = time.process_time()
            read_report(article)
            reading += time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    each = 1000 / MEASURED
    cost = f"{spent * each:.2f} ms an article ({reading * each:.2f} to read it)"
    return f"{size:>7,} in the window: {cost}, {joined} of {MEASURED} joined, {memory} MB in all"


if __name__ == "__main__":
    for wanted in map(int, sys.argv[1:] or ("1000", "10000", "60000")):
        print(measure(wanted), flush=True)
