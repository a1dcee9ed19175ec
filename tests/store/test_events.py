"""Notices are events when they open and close, once that is committed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress

import pytest

from monitor import events
from monitor.events import Event, NoticeRaised, NoticeResolved
from monitor.model import Notice, Source
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
GAP = Notice("gap", "east", "entries may be missing", "set every")
RAISED = NoticeRaised("gap", "east", "entries may be missing", "set every")


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    heard: list[Event] = []
    hear = heard.append
    events.subscribe(hear)
    yield heard
    events.unsubscribe(hear)


def test_a_notice_is_an_event_when_it_opens_and_when_it_closes_and_not_between(
    store: Store, heard: list[Event]
) -> None:
    for change in ("raise", "raise", "cure", "cure"):
        with store.writing() as writer:
            if change == "raise":
                writer.raise_notice(GAP, NOON)
            else:
                writer.resolve_notice("gap", "east", NOON, reason="well")
    assert heard == [RAISED, NoticeResolved("gap", "east", "well")]


def test_one_that_must_be_seen_longer_is_not_closed_yet(store: Store, heard: list[Event]) -> None:
    with store.writing() as writer:
        writer.raise_notice(GAP, NOON)
        writer.resolve_notice("gap", "east", NOON, quiet_for=dt.timedelta(days=3), reason="well")
    assert heard == [RAISED]


def test_what_is_undone_did_not_happen(store: Store, heard: list[Event]) -> None:
    with suppress(ZeroDivisionError), store.writing() as writer:
        writer.raise_notice(GAP, NOON)
        raise ZeroDivisionError
    assert heard == []


def test_of_many_results_those_that_are_kept_happened_after_the_commit(store: Store, heard: list[Event]) -> None:
    with store.writing_many() as batch:
        with batch.savepoint() as writer:
            writer.raise_notice(GAP, NOON)
        with suppress(ZeroDivisionError), batch.savepoint() as writer:
            writer.raise_notice(Notice("gap", "west", "undone"), NOON)
            raise ZeroDivisionError
        before_commit = list(heard)
    assert (before_commit, heard) == ([], [RAISED])


def test_what_leaves_the_configuration_closes_its_notices_one_by_one(store: Store, heard: list[Event]) -> None:
    store.sync([Source("east", "http://east/", "feed"), Source("west", "http://west/", "feed")], {}, NOON)
    with store.writing() as writer:
        writer.raise_notice(GAP, NOON)
        writer.raise_notice(Notice("broken", "west", "no answer"), NOON)
    heard.clear()
    store.sync([Source("west", "http://west/", "feed")], {}, NOON)
    assert heard == [NoticeResolved("gap", "east", "it is no longer configured")]
