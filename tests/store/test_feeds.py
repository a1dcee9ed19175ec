"""What is kept of the last answer of a feed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from monitor.model import Moment, Source
from monitor.model.feeds import NO_SLICES, FeedSlices, ReadEntry
from monitor.store import Store
from tests.store.conftest import HOUR, NOON

AT = Moment(dt.datetime(2026, 11, 20, 10, tzinfo=dt.timezone(dt.timedelta(hours=8))), "minute")
DAY = Moment(dt.datetime(2026, 11, 20, tzinfo=dt.UTC), "day")
KEPT = FeedSlices("context", NOON, {"a": ReadEntry("one"), "b": ReadEntry("两", AT), "c": ReadEntry("three", AT, DAY)})


def test_what_is_kept_of_a_feed_is_read_as_it_was_written(store: Store, world: Any) -> None:
    east, west = world.source("east"), world.source("west")
    assert store.feed_slices(east) is None
    with store.writing() as tx:
        tx.save_feed_slices(east, KEPT)
        tx.save_feed_slices(west, FeedSlices("other", NOON, {"a": ReadEntry("x", None, DAY)}))
    assert store.feed_slices(east) == KEPT
    assert store.feed_slices(west) == FeedSlices("other", NOON, {"a": ReadEntry("x", None, DAY)})


def test_the_last_answer_replaces_the_one_before(store: Store, world: Any) -> None:
    east, later = world.source("east"), FeedSlices("later", NOON + HOUR, {"d": ReadEntry("four")})
    with store.writing() as tx:
        tx.save_feed_slices(east, KEPT)
        tx.save_feed_slices(east, later)
    assert store.feed_slices(east) == later
    with store.writing() as tx:
        tx.save_feed_slices(east, NO_SLICES)
    assert store.feed_slices(east) is None


@pytest.mark.parametrize("changed", [{"url": "http://moved.example/feed"}, {"timezone": "Asia/Shanghai"}])
def test_what_is_kept_of_a_feed_ends_with_its_validators(store: Store, changed: dict[str, Any]) -> None:
    before, west = (Source(name, f"http://{name}.example/feed", "feed") for name in ("east", "west"))
    store.sync([before, west], {}, NOON)
    ids = {name: store.source_state(name).id for name in ("east", "west")}
    with store.writing() as tx:
        for each in ids.values():
            tx.save_feed_slices(each, KEPT)
    store.sync([before, west], {}, NOON)
    assert store.feed_slices(ids["east"]) == KEPT
    store.sync([replace(before, **changed), west], {}, NOON)
    assert store.feed_slices(ids["east"]) is None
    assert store.feed_slices(ids["west"]) == KEPT
