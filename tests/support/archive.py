"""An archive for tests, written as half 1 writes it, without a network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.clock import FixedClock
from monitor.model import Article, Entry, EntryChange, Match, Moment, Placement, Source
from monitor.store import Store

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
CONFIG = """
timezone = "Asia/Shanghai"
[concept]
web3 = ["Web3", "Web 3.0", "互联网3.0"]
[[source]]
name = "east"
url = "https://east.example/feed"
kind = "feed"
tags = ["press"]
[[source]]
name = "west"
url = "https://west.example/feed"
kind = "feed"
[[rule]]
name = "metaverse"
match = "metaverse OR 元宇宙"
must_match = ["Metaverse plan"]
must_not_match = ["a game"]
[[digest]]
name = "d"
rules = ["*"]
at = "08:00"
to = ["f"]
[channel.f]
kind = "file"
folder = "out"
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """An article: `age` is in days before `NOW`, `seen` too (left out: as old); of a story begun by another's title."""

    title: str
    text: str = ""
    age: float = 1
    seen: float | None = None
    sources: tuple[str, ...] = ("east",)
    story_of: str | None = None
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def write_archive(folder: Path, pieces: Iterable[Piece], config: str = CONFIG) -> Store:
    """Return a folder with `sources.toml` and a database that has these articles, oldest first."""
    (folder / "sources.toml").write_text(config, encoding="utf-8")
    store = Store(f"sqlite:///{folder / 'monitor.db'}", clock=FixedClock(NOW))
    store.prepare()
    fill(store, pieces)
    return store


def fill(store: Store, pieces: Iterable[Piece]) -> None:
    """Write articles."""
    store.sync([Source(name, f"https://{name}.example/feed", "feed") for name in ("east", "west")], {}, NOW)
    stories: dict[str, int] = {}
    with store.writing() as writer:
        for number, piece in enumerate(pieces):
            url = f"https://news.example/{number}"
            published = Moment(NOW - dt.timedelta(days=piece.age), "second")
            seen = NOW - dt.timedelta(days=piece.age if piece.seen is None else piece.seen)
            article = Article(url, piece.title, piece.text, published, "en")
            entry = Entry(url, piece.title, url, tags=piece.tags)
            matches = tuple(Match(rule) for rule in piece.rules)
            change = EntryChange(entry, article, url, None, f"hash {number}", matches)
            story = stories.get(piece.story_of or "")
            ids = [store.source_state(name).id for name in piece.sources]
            known = writer.add_article(change, Placement(story, "new" if story is None else "copy"), ids[0], seen)
            stories[piece.title] = known.story_id
            for source_id in ids:
                writer.link_entries(source_id, [(change, known.id)], seen)
            writer.add_matches(known.id, matches, seen, None)
