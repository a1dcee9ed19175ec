"""Polls of a feed that read only its new entries record what polls that read all of them record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from monitor.clock import FixedClock
from monitor.collect import Collector, Limits, PollResult, delta, result_writer
from monitor.collect.result import RaiseNotice
from monitor.fetch import Answer, Fetched
from monitor.model import DEFAULT_REQUEST, Request, Source, Validators
from monitor.model.feeds import NO_SLICES
from monitor.notices.alike import ALIKE
from monitor.rules import compile_rules
from monitor.sandbox import InlineReaders
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
URL = "https://one.example/rss.xml"
SOURCE = Source("one", URL, "feed", backfill=dt.timedelta(days=9))


def item(number: int, text: str = "about Web3", title: str = "") -> str:
    return (
        f"<item><title>{title or f'News {number}'}</title><link>/{number}</link>"
        f"<guid isPermaLink='false'>g{number}</guid><pubDate>Sat, 21 Nov 2026 10:{number:02}:00 +0000</pubDate>"
        f"<description>Item {number} {text}</description></item>"
    )


def feed(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>One</title>{''.join(items)}</channel></rss>".encode()


class Door:
    """A gate that gives the next answer of a list."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self.answers = iter(answers)

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        body = next(self.answers)
        return Fetched(url, 200, body, "application/rss+xml", Validators(b'"tag"', body_hash=str(hash(body))))


class World:
    """A database and the polls that it has recorded."""

    def __init__(self, file: Path, *answers: bytes) -> None:
        self.clock = FixedClock(NOON)
        self.store = Store(f"sqlite:///{file}", clock=self.clock)
        self.store.prepare()
        self.store.sync([SOURCE], {"all": ["web3"]}, NOON)
        writer = result_writer(self.store, self.clock)
        rules = compile_rules({"web3": "web3"})
        self.collector = Collector(self.store, writer, Door(answers), InlineReaders(), rules, Limits(), Random(1))

    def poll(self, number: int, source: Source = SOURCE) -> PollResult:
        result = self.collector.poll(source, NOON + number * dt.timedelta(hours=1))
        self.collector.record(result)
        return result

    def content(self) -> Mapping[str, Any]:
        """Return what is recorded, as far as a person can see it."""
        state = self.store.source_state("one")
        known = self.store.last_titles(state.id, 500)
        with self.store.reading() as look:
            pending = [(one.article.title, one.article.text, one.article.published) for one in look.pending("all")]
        return {"state": state, "entries": known, "pending": pending}


ANSWERS = [
    feed(*(item(number) for number in range(9, 0, -1))),
    feed(item(10), *(item(number) for number in range(9, 1, -1))),
    feed(item(10, "and its law"), *(item(number) for number in range(9, 1, -1))),
    feed(item(11), item(10, "and its law"), *(item(number) for number in (3, 5, 4, 9, 8, 7, 6))),
    feed(item(12, title="News 9"), item(11), item(10), *(item(number) for number in (9, 3, 5, 4))),
    feed(*(item(number) for number in range(30, 20, -1))),
    feed(*(item(number) for number in range(31, 22, -1))),
]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[World]]:
    worlds = [World(tmp_path / "delta.db", *ANSWERS), World(tmp_path / "whole.db", *ANSWERS)]
    yield worlds
    for world in worlds:
        world.store.close()


def _comparable(result: PollResult) -> PollResult:
    """Return a result without what is kept for the next delta, and without `alike`: that needs all entries."""
    kinds = [one.notice.kind if isinstance(one, RaiseNotice) else one.kind for one in result.notices]
    notices = tuple(one for one, kind in zip(result.notices, kinds, strict=True) if kind != ALIKE.kind)
    decisions = tuple(one for one in result.record.decisions if one.kind != f"notice {ALIKE.kind}")
    return replace(result, slices=None, notices=notices, record=replace(result.record, decisions=decisions))


def test_a_poll_that_reads_new_entries_only_records_the_same(
    opened: list[World], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_part, as_whole = opened
    results = [in_part.poll(number) for number in range(len(ANSWERS))]
    monkeypatch.setattr("monitor.collect.delta.reads_deltas", lambda _: False)
    expected = [as_whole.poll(number) for number in range(len(ANSWERS))]
    assert [_comparable(one) for one in results] == [_comparable(one) for one in expected]
    assert in_part.content() == as_whole.content()


def test_an_entry_whose_record_is_gone_is_read(opened: list[World], monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = opened
    world.poll(0)
    real = Store.known_entries
    monkeypatch.setattr(
        Store, "known_entries", lambda self, of, keys: real(self, of, [key for key in keys if key != "g5"])
    )
    assert [change.entry.key for change in world.poll(1).entries] == ["g10", "g5"]


def test_what_is_kept_goes_with_the_validators(opened: list[World]) -> None:
    world, _ = opened
    world.poll(0)
    source_id = world.store.source_state("one").id
    assert len((world.store.feed_slices(source_id) or NO_SLICES).entries) == 9
    cut = ANSWERS[1].removesuffix(b"</channel></rss>")
    world.collector = replace(world.collector, gate=Door([cut]))
    world.poll(1)
    assert world.store.source_state("one").validators == Validators()
    assert world.store.feed_slices(source_id) is None


def test_a_feed_with_secrets_is_always_read_as_a_whole() -> None:
    assert delta.reads_deltas(SOURCE)
    assert not delta.reads_deltas(replace(SOURCE, kind="page"))
    assert not delta.reads_deltas(replace(SOURCE, shown_url="env:FEED_URL"))
    assert not delta.reads_deltas(replace(SOURCE, request=Request(secrets=("k3yTOKEN9",))))
