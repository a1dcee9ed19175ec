"""One poll from its endpoint to its result, with a real database and a gate that gives prepared answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest

from monitor.clock import FixedClock
from monitor.collect import Collector, Document, Limits, PollResult, read_article, read_list, result_writer
from monitor.collect.pool import poll_contained
from monitor.errors import ReaderFailed, Stopped
from monitor.events import Event, PollFinished, subscribe, unsubscribe
from monitor.fetch import Answer, Fetched, FetchError
from monitor.model import DEFAULT_REQUEST, Endpoint, Request, Source, Validators
from monitor.rules import compile_rules
from monitor.sandbox import InlineReaders
from monitor.store import Store
from monitor.text.walls import Wall, WallKind

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOME = "https://one.example/"
RSS = f"{HOME}rss.xml"
STATED = Source("one", RSS, "feed")
FOUND_OUT = Source("one", HOME, "")
FEED = b"<rss version='2.0'><channel><item><title>Web3 fund</title><link>/1</link></item></channel></rss>"
PAGE = b"<!doctype html><link rel='alternate' type='application/rss+xml' href='/rss.xml'><title>Office</title>"
GONE = FetchError("http", "the server answered 404", 404)


class Door:
    """A gate with these answers; there is nothing elsewhere. An exception is raised."""

    def __init__(self, answers: Mapping[str, bytes | Answer | Exception]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        self.asked.append(url)
        found = self.answers.get(url, GONE)
        if isinstance(found, Exception):
            raise found
        return Fetched(url, 200, found, None, Validators(b'"tag"')) if isinstance(found, bytes) else found


class World:
    """A database and the collector that works on it."""

    def __init__(self, file: Path) -> None:
        self.clock = FixedClock(NOON)
        self.store = Store(f"sqlite:///{file}", clock=self.clock)
        self.store.prepare()

    def collector(self, source: Source, answers: Mapping[str, bytes | Answer | Exception]) -> tuple[Collector, Door]:
        self.store.sync([source], {"all": ["web3"]}, NOON)
        door = Door(answers)
        rules = compile_rules({"web3": "web3"})
        writer = result_writer(self.store, self.clock)
        return Collector(self.store, writer, door, InlineReaders(), rules, Limits(), Random(1)), door

    def remember(self, endpoint: Endpoint, failures: int = 0) -> None:
        state = self.store.source_state("one")
        after = replace(state, found=endpoint, failures=failures, last_success_at=NOON - dt.timedelta(hours=1))
        with self.store.writing() as tx:
            tx.save_state(after)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "monitor.db")
    yield world
    world.store.close()


def why(result: PollResult) -> dict[str, str]:
    return {decision.kind: decision.reason for decision in result.record.decisions}


def test_a_poll_decides_and_writes_nothing(world: World) -> None:
    collector, door = world.collector(STATED, {RSS: FEED})
    result = collector.poll(STATED, NOON)
    assert (door.asked, result.record.new) == ([RSS], 1)
    assert world.store.source_state("one").polls == 0
    assert collector.record(result).poll.matches == 1
    assert world.store.source_state("one").validators == Validators(b'"tag"')


@pytest.mark.parametrize("answer", [Stopped(), GONE])
def test_a_poll_that_the_end_of_the_program_cuts_short_records_nothing(
    world: World, answer: FetchError | Stopped
) -> None:
    collector, _ = world.collector(STATED, {RSS: answer})
    collected = poll_contained(collector, STATED, NOON)
    stopped = isinstance(answer, Stopped)
    assert (collected.stopped, collected.failed) == (stopped, not stopped)
    assert world.store.source_state("one").polls == (0 if stopped else 1)


def test_readers_that_are_aborted_end_the_poll(world: World) -> None:
    class Aborted(InlineReaders):
        def run(self, *args: Any, **kwargs: Any) -> Any:
            raise Stopped

    collector, _ = world.collector(STATED, {RSS: FEED})
    assert poll_contained(replace(collector, readers=Aborted()), STATED, NOON).stopped


def test_a_surprise_is_a_failure_that_is_the_programs_own(world: World) -> None:
    collector, _ = world.collector(STATED, {RSS: ZeroDivisionError("a bug")})
    collected = poll_contained(collector, STATED, NOON)
    assert (collected.failed, "ZeroDivisionError: a bug" in collected.poll.reason) == (True, True)
    assert [notice.kind for notice in world.store.status(NOON).notices] == ["crash"]


SECRET = "k3yTOKEN9abcXYZ77"
HIDDEN = Source("one", f"{RSS}?token={SECRET}", "feed", "env:FEED_URL")


class Quoting(InlineReaders):
    """Readers that fail, and quote the document in which they did."""

    def run(self, *args: Any, **kwargs: Any) -> Any:
        raise ReaderFailed(f"raised KeyError: '<id>{SECRET}</id>'")


@pytest.mark.parametrize("crash", [True, False], ids=["a surprise", "a reader that fails"])
def test_no_reason_of_a_failure_quotes_a_secret(world: World, *, crash: bool) -> None:
    answer = ValueError(f"netloc of {HIDDEN.url!r} contains invalid characters") if crash else FEED
    collector, _ = world.collector(HIDDEN, {HIDDEN.url: answer})
    reason = poll_contained(replace(collector, readers=Quoting()), HIDDEN, NOON).poll.reason
    notices = [notice.message for notice in world.store.status(NOON).notices]
    last_error = world.store.source_state("one").last_error
    assert ("netloc of" if crash else "KeyError") in reason
    assert SECRET not in f"{reason} {notices} {last_error}"


@pytest.mark.parametrize("read", [read_list, read_article])
def test_no_reason_of_a_document_that_cannot_be_read_quotes_a_secret(read: Callable[..., object]) -> None:
    with pytest.raises(ReaderFailed) as raised:
        read(Document(FEED, RSS), HIDDEN, Quoting(), NOON)
    assert raised.value.reason == "raised KeyError: '<id>***</id>'"


@pytest.mark.parametrize("kind", get_args(WallKind))
def test_a_wall_is_a_failure_with_its_own_reason_and_changes_nothing_that_is_known(
    world: World, kind: WallKind
) -> None:
    collector, _ = world.collector(STATED, {RSS: FEED})
    collector.collect(STATED, NOON)
    before = world.store.source_state("one")
    wall = FetchError("wall", f"a {kind}: “{SECRET}”", 200, wall=Wall(kind, "Somebody"))
    later = NOON + dt.timedelta(hours=1)
    result = replace(collector, gate=Door({RSS: wall})).poll(STATED, later)
    assert (result.record.outcome, result.record.new, result.entries) == ("failed", 0, ())
    assert why(result)["wall"].startswith(f"{kind}: ")
    assert "Somebody" in why(result)["wall"]
    assert why(result)["validators"] == "kept: those of the last complete answer"
    kept = {"validators", "last_success_at", "last_new_at", "empty_answers", "interval", "paused", "found"}
    assert {key: getattr(result.state, key) for key in kept} == {key: getattr(before, key) for key in kept}
    assert result.state.next_poll_at is not None
    assert before.interval is not None
    assert result.state.next_poll_at >= later + before.interval


def test_the_reason_of_a_wall_quotes_no_secret(world: World) -> None:
    wall = FetchError("wall", f"an error page: “no {HIDDEN.url}”", 200, wall=Wall("error", "", f"no {HIDDEN.url}"))
    collector, _ = world.collector(HIDDEN, {HIDDEN.url: wall})
    result = collector.poll(HIDDEN, NOON)
    assert "an error page: " in result.record.reason
    assert SECRET not in repr(result.record) + repr(result.notices)


def test_where_no_kind_is_stated_the_endpoint_is_discovered_and_asked_once(world: World) -> None:
    collector, door = world.collector(FOUND_OUT, {HOME: PAGE, RSS: FEED})
    result = collector.poll(FOUND_OUT, NOON)
    assert result.state.found is not None
    assert (result.state.found.url, door.asked) == (RSS, [HOME, RSS])


def test_a_remembered_endpoint_is_read_without_a_search(world: World) -> None:
    collector, door = world.collector(FOUND_OUT, {RSS: FEED})
    world.remember(Endpoint("feed", RSS, "the page names it", NOON))
    assert collector.poll(FOUND_OUT, NOON).record.outcome == "ok"
    assert door.asked == [RSS]


def test_a_dead_endpoint_is_replaced_in_the_same_poll(world: World) -> None:
    old = Endpoint("feed", f"{HOME}old.xml", "the page names it", NOON)
    collector, door = world.collector(FOUND_OUT, {HOME: PAGE, RSS: FEED})
    world.remember(old)
    result = collector.poll(FOUND_OUT, NOON)
    assert door.asked == [old.url, HOME, RSS]
    assert result.state.found is not None
    assert (result.state.found.url, why(result)["notice found"]) == (RSS, "its endpoint was lost")


@pytest.mark.parametrize(
    ("kind", "answer", "failures", "searched"),
    [
        ("feed", FetchError("http", "the server answered 503", 503), 9, False),
        ("feed", b"no feed at all", 1, False),
        ("feed", b"no feed at all", 2, True),
        ("feed", FetchError("wall", "an error page", 200, wall=Wall("error")), 1, False),
        ("feed", FetchError("wall", "an error page", 200, wall=Wall("error")), 2, True),
        ("feed", FetchError("wall", "a challenge", 404, wall=Wall("challenge")), 9, False),
    ],
    ids=[
        "it may come back",
        "unreadable twice",
        "unreadable three times",
        "an error page twice",
        "an error page three times",
        "a challenge, whatever its status",
    ],
)
def test_an_endpoint_is_given_up_only_for_good(
    world: World, *, kind: str, answer: bytes | Answer, failures: int, searched: bool
) -> None:
    collector, door = world.collector(FOUND_OUT, {RSS: answer})
    world.remember(Endpoint(kind, RSS, "the page names it", NOON), failures)
    result = collector.poll(FOUND_OUT, NOON)
    assert result.record.outcome == "failed"
    assert (HOME in door.asked) is searched
    assert ("rediscovered" in result.record.reason) is searched


def test_a_stated_kind_is_never_searched_for(world: World) -> None:
    collector, door = world.collector(STATED, {HOME: PAGE})
    assert collector.poll(STATED, NOON).record.outcome == "failed"
    assert door.asked == [RSS]


def test_the_reasons_are_kept_with_the_poll_and_with_the_entry(world: World) -> None:
    collector, _ = world.collector(STATED, {RSS: FEED})
    collector.collect(STATED, NOON)
    trace = world.store.trace(f"{HOME}1")
    assert trace is not None
    (entry,) = trace.entries
    assert entry.decision is not None
    assert entry.decision.kind == "new"
    assert "not to be sent: listed at the first poll" in entry.decision.reason
    (poll,) = entry.polls
    kinds = [decision.kind for decision in poll.decisions]
    assert kinds == ["entries", "validators", "next poll"]


def test_a_poll_is_one_event_with_its_reasons(world: World) -> None:
    heard: list[Event] = []
    collector, _ = world.collector(STATED, {RSS: FEED})
    subscribe(heard.append)
    try:
        poll_contained(collector, STATED, NOON)
    finally:
        unsubscribe(heard.append)
    (event,) = [event for event in heard if isinstance(event, PollFinished)]
    assert event.decisions["validators"] == "kept: the answer is complete"
    assert event.decisions["next poll"].endswith("first poll")
