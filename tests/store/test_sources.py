"""The configuration in the database, and what is due by it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from monitor.clock import FixedClock
from monitor.errors import StoreError
from monitor.model import KnownEntry, Source, SourceState, Validators
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
FEED = Source("one", "http://one.example/feed", "feed")


def full_state(store: Store, name: str = "one") -> SourceState:
    """All that can be known of a source, saved."""
    state = dataclasses.replace(
        store.source_state(name),
        validators=Validators(b'W/"\xff\x00"', b"yesterday", "abc"),
        polls=7,
        failures=2,
        interval=dt.timedelta(seconds=1800.25),
        next_poll_at=NOON + MINUTE,
        last_polled_at=NOON,
        last_success_at=NOON - MINUTE,
        last_new_at=NOON - 2 * MINUTE,
        last_error="answered 500",
        paused="answered 410",
    )
    with store.writing() as writer:
        writer.save_state(state)
    return state


def test_a_state_comes_back_as_it_was_saved(store: Store) -> None:
    store.sync([FEED], {}, NOON)
    assert store.source_state("one").fresh
    saved = full_state(store)
    assert store.source_state("one") == saved


def test_the_same_configuration_changes_nothing(store: Store) -> None:
    store.sync([FEED], {"d": ["r"]}, NOON)
    saved = full_state(store)
    store.sync([FEED], {"d": ["r"]}, NOON + MINUTE)
    assert store.source_state("one") == saved


def test_a_changed_address_is_polled_afresh_and_its_entries_stay(store: Store, world: Any) -> None:
    world.lists("east", world.find())
    saved = full_state(store, "east")
    store.sync([Source("east", "http://moved.example/feed", "feed")], {}, NOON)
    state = store.source_state("east")
    assert state.id == saved.id
    assert state.validators == Validators()
    assert (state.next_poll_at, state.paused, state.failures, state.last_error) == (None, None, 0, None)
    assert not state.fresh
    assert state.url == "http://moved.example/feed"
    assert store.known_entries(state.id, ["a"])["a"].key == "a"


@pytest.mark.parametrize(
    "changed",
    [
        dataclasses.replace(FEED, kind="page"),
        dataclasses.replace(FEED, options={"item": "tr"}),
        dataclasses.replace(FEED, timezone="Asia/Shanghai"),
    ],
)
def test_a_source_that_is_read_otherwise_loses_its_validators(store: Store, changed: Source) -> None:
    store.sync([FEED], {}, NOON)
    saved = full_state(store)
    store.sync([changed], {}, NOON)
    state = store.source_state("one")
    assert (state.validators, state.next_poll_at) == (Validators(), None)
    assert (state.failures, state.paused) == (saved.failures, saved.paused)


def test_other_options_of_a_source_keep_its_validators(store: Store) -> None:
    store.sync([FEED], {}, NOON)
    saved = full_state(store)
    store.sync([dataclasses.replace(FEED, tags=("x",), every=MINUTE)], {}, NOON)
    assert store.source_state("one").validators == saved.validators


def test_a_secret_address_is_not_in_the_database(store: Store, backend: str) -> None:
    store.sync([dataclasses.replace(FEED, url="http://x/?token=geheim", shown_url="http://x/?token=***")], {}, NOON)
    assert store.source_state("one").url == "http://x/?token=***"
    with store._reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM source").all()
    assert "geheim" not in repr(rows)


def test_a_source_that_is_gone_rests_and_one_that_is_back_is_due(store: Store) -> None:
    store.sync([FEED], {}, NOON)
    with store.writing() as writer:
        state = store.source_state("one")
        writer.save_state(dataclasses.replace(state, next_poll_at=NOON + MINUTE, last_success_at=NOON))
    store.sync([], {}, NOON)
    assert store.due_sources(NOON + 5 * MINUTE) == ()
    assert store.next_source_due() is None
    assert store.status(NOON).sources == ()
    store.sync([FEED], {}, NOON)
    assert store.due_sources(NOON) == ("one",)
    assert not store.source_state("one").fresh


def test_due_are_those_never_polled_and_then_those_that_wait_longest(store: Store, clock: FixedClock) -> None:
    plans: dict[str, tuple[dt.datetime | None, str | None]] = {
        "later": (NOON + MINUTE, None),
        "short": (NOON - MINUTE, None),
        "exact": (NOON, None),
        "long": (NOON - 9 * MINUTE, None),
        "never": (None, None),
        "paused": (NOON - 99 * MINUTE, "gone"),
    }
    store.sync([Source(name, f"http://{name}/", "feed") for name in plans], {}, NOON)
    with store.writing() as writer:
        for name, (next_at, paused) in plans.items():
            state = store.source_state(name)
            writer.save_state(dataclasses.replace(state, next_poll_at=next_at, paused=paused))
    assert store.due_sources(NOON) == ("never", "long", "short", "exact")
    assert store.next_source_due() == clock.now()


def test_the_next_source_is_due_when_the_first_of_them_is(store: Store) -> None:
    assert store.next_source_due() is None
    store.sync([FEED, Source("two", "http://two/", "feed")], {}, NOON)
    with store.writing() as writer:
        for name, minutes in (("one", 5), ("two", 3)):
            writer.save_state(dataclasses.replace(store.source_state(name), next_poll_at=NOON + minutes * MINUTE))
    assert store.next_source_due() == NOON + 3 * MINUTE


def test_what_is_unknown_is_an_error_with_its_name(store: Store) -> None:
    with pytest.raises(StoreError, match='no source "nowhere"'):
        store.source_state("nowhere")
    with pytest.raises(StoreError, match="no article 77"):
        store.article(77)
    with pytest.raises(StoreError, match='digest "evening" has not begun'), store.writing() as writer:
        writer.digest_state("evening")


def test_known_entries_are_those_of_this_source_however_many_are_asked(store: Store, world: Any) -> None:
    here, there = world.lists("east", world.find("k1")), world.lists("west", world.find("k2"))
    keys = [f"k{number}" for number in range(40_000)]
    assert store.known_entries(world.source("east"), keys) == {"k1": KnownEntry("k1", "hash:text", here.id)}
    assert store.known_entries(world.source("west"), keys) == {"k2": KnownEntry("k2", "hash:text", there.id)}
    assert store.known_entries(world.source("west"), []) == {}


def test_articles_are_those_that_exist(store: Store, world: Any) -> None:
    first, second = (world.lists("east", world.find(key)) for key in "ab")
    found = store.articles([second.id, 999, first.id])
    assert {article_id: one.title for article_id, one in found.items()} == {first.id: "Title a", second.id: "Title b"}
    assert store.articles([]) == {}


def test_a_new_digest_and_a_rule_newly_asked_for_send_no_archive(store: Store, world: Any) -> None:
    world.lists("east", world.find("old", "web3", "energy"))
    world.configure({"morning": ["web3", "ai", "energy"], "evening": ["web3"]})
    world.build("1")
    assert world.pending("evening") == ()
    new = world.lists("east", world.find("new", "energy", "web3"))
    assert [one.article_id for one in world.pending("evening")] == [new.id]
    assert [one.article_id for one in world.pending("morning")] == [new.id]


def test_a_rule_no_longer_asked_for_is_no_longer_sent_and_asked_again_sends_no_archive(
    store: Store, world: Any
) -> None:
    world.lists("east", world.find("a", "web3"))
    world.configure({"morning": ["ai"]})
    assert world.pending() == ()
    world.lists("east", world.find("b", "web3"))
    world.configure({"morning": ["ai", "web3"]})
    assert world.pending() == ()


def test_a_digest_is_born_once(store: Store, world: Any) -> None:
    store.sync([], {"morning": []}, NOON + MINUTE)
    with store.writing() as writer:
        assert writer.digest_state("morning").born_at == NOON
