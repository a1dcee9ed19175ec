"""The configuration in the database, and what is due by it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model import (
    Activity,
    DayOfPolls,
    Decision,
    Endpoint,
    KnownEntry,
    Notice,
    NoticeKind,
    PollRecord,
    Request,
    Source,
    SourceState,
    Validators,
)
from monitor.model.polling import CONFIGURATION_SUBJECT
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
FEED = Source("one", "http://one.example/feed", "feed")


def full_state(store: Store, name: str = "one") -> SourceState:
    """Return all that can be known of a source, saved."""
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
        gap_since=NOON - 3 * MINUTE,
        storm_since=NOON - 4 * MINUTE,
        found=Endpoint("feed", "http://one.example/rss", "the page declares this feed", NOON),
    )
    with store.writing() as writer:
        writer.save_state(state)
    return state


def test_a_state_comes_back_as_it_was_saved(store: Store) -> None:
    store.sync([FEED], {}, NOON)
    assert store.source_state("one").first_poll
    saved = full_state(store)
    assert store.source_state("one") == saved


def test_the_same_configuration_changes_nothing(store: Store) -> None:
    store.sync([FEED], {"d": ["r"]}, NOON)
    saved = full_state(store)
    store.sync([FEED], {"d": ["r"]}, NOON + MINUTE)
    assert store.source_state("one") == saved


def test_a_changed_address_is_polled_afresh_and_its_entries_stay(store: Store, world: Any) -> None:
    world.lists("east", world.change())
    saved = full_state(store, "east")
    store.sync([Source("east", "http://moved.example/feed", "feed")], {}, NOON)
    state = store.source_state("east")
    assert state.id == saved.id
    assert state.validators == Validators()
    assert (state.next_poll_at, state.paused, state.failures, state.last_error) == (None, None, 0, None)
    assert state.first_poll, "what the new place lists already is its baseline"
    assert (state.last_new_at, state.gap_since) == (None, None)
    assert state.url == "http://moved.example/feed"
    assert store.known_entries(state.id, ["a"])["a"].key == "a"


def test_the_rhythm_of_a_source_ends_with_its_address(store: Store) -> None:
    store.sync([FEED], {}, NOON)
    rhythm: dict[str, Any] = {
        "activity": Activity().with_moments([NOON]),
        "newest_at": NOON,
        "quiet_check_at": NOON + MINUTE,
        "unmodified_since": NOON,
        "days": (DayOfPolls("2026-11-21", 1),),
    }
    with store.writing() as writer:
        writer.save_state(dataclasses.replace(store.source_state("one"), **rhythm))
    store.sync([dataclasses.replace(FEED, url="http://moved.example/")], {}, NOON)
    state = store.source_state("one")
    assert state.activity == Activity(), "None would mean that an early version recorded the source"
    assert (state.newest_at, state.quiet_check_at, state.unmodified_since, state.days) == (None, None, None, ())


@pytest.mark.parametrize("changed", [{"url": "http://moved.example/"}, {"kind": ""}])
def test_what_was_found_out_ends_with_the_address_or_the_kind(store: Store, changed: dict[str, Any]) -> None:
    store.sync([FEED], {}, NOON)
    full_state(store)
    store.sync([dataclasses.replace(FEED, tags=("a",), timezone="Asia/Shanghai")], {}, NOON)
    assert store.source_state("one").found is not None
    store.sync([dataclasses.replace(FEED, **changed)], {}, NOON)
    assert store.source_state("one").found is None


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


@pytest.mark.parametrize(
    ("every", "failures", "due"),
    [
        (10 * MINUTE, 0, NOON + 10 * MINUTE),
        (60 * MINUTE, 0, NOON + 30 * MINUTE),
        (None, 0, NOON + 30 * MINUTE),
        (10 * MINUTE, 1, NOON + 30 * MINUTE),
    ],
)
def test_a_shorter_interval_holds_for_the_next_poll_already_but_after_errors(
    store: Store, every: dt.timedelta | None, failures: int, due: dt.datetime
) -> None:
    store.sync([FEED], {}, NOON)
    state = store.source_state("one")
    polled = dataclasses.replace(state, failures=failures, last_polled_at=NOON, next_poll_at=NOON + 30 * MINUTE)
    with store.writing() as writer:
        writer.save_state(polled)
    store.sync([dataclasses.replace(FEED, every=every)], {}, NOON + MINUTE)
    assert store.source_state("one").next_poll_at == due


def test_a_source_that_was_never_polled_is_due_whatever_its_interval(store: Store) -> None:
    store.sync([FEED], {}, NOON)
    store.sync([dataclasses.replace(FEED, every=MINUTE)], {}, NOON)
    assert store.source_state("one").next_poll_at is None


def test_that_a_configuration_cannot_be_used_is_over_when_one_is(store: Store) -> None:
    with store.writing() as writer:
        writer.raise_notice(Notice("config", CONFIGURATION_SUBJECT, "broken"), NOON)
    store.sync([FEED], {}, NOON)
    assert store.status(NOON).notices == ()


@pytest.mark.parametrize(
    "asked", [Request(headers=(("X-Api-Key", "geheim"),)), Request(user_agent="other")], ids=["headers", "user agent"]
)
def test_a_source_that_is_asked_otherwise_loses_its_validators_and_no_more(store: Store, asked: Request) -> None:
    store.sync([FEED], {}, NOON)
    saved = full_state(store)
    store.sync([dataclasses.replace(FEED, request=asked)], {}, NOON)
    state = store.source_state("one")
    assert (state.validators, state.last_success_at) == (Validators(), saved.last_success_at)
    with store._reading() as connection:
        assert "geheim" not in repr(connection.exec_driver_sql("SELECT * FROM source").all())


@pytest.mark.parametrize("asked", [Request(method="POST"), Request(method="POST", body=b"page=1")])
def test_another_body_is_another_place(store: Store, asked: Request) -> None:
    store.sync([FEED], {}, NOON)
    full_state(store)
    store.sync([dataclasses.replace(FEED, request=asked)], {}, NOON)
    assert store.source_state("one").first_poll
    full_state(store)
    store.sync([dataclasses.replace(FEED, request=asked)], {}, NOON)
    assert not store.source_state("one").first_poll
    store.sync([dataclasses.replace(FEED, request=Request(method="POST", body=b"page=2"))], {}, NOON)
    assert store.source_state("one").first_poll


def test_how_a_server_is_trusted_changes_nothing_that_is_known(store: Store) -> None:
    store.sync([FEED], {}, NOON)
    saved = full_state(store)
    store.sync([dataclasses.replace(FEED, request=Request(verify=False, tls="legacy"))], {}, NOON)
    assert store.source_state("one") == saved


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
    assert store.status(NOON).sources == ()
    store.sync([FEED], {}, NOON)
    assert store.due_sources(NOON) == ("one",)
    assert not store.source_state("one").first_poll


def test_due_are_those_never_polled_and_then_those_that_wait_longest(store: Store) -> None:
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


@pytest.mark.parametrize(
    ("ahead", "interval", "due"),
    [
        (dt.timedelta(hours=25), None, False),
        (dt.timedelta(hours=26), dt.timedelta(hours=1), True),
        (dt.timedelta(days=900), None, True),
        (dt.timedelta(days=7), dt.timedelta(days=7), False),
        (dt.timedelta(days=9), dt.timedelta(days=7), True),
    ],
)
def test_a_clock_that_was_ahead_silences_no_source(
    store: Store, ahead: dt.timedelta, interval: dt.timedelta | None, *, due: bool
) -> None:
    store.sync([FEED], {}, NOON)
    with store.writing() as writer:
        state = store.source_state("one")
        writer.save_state(dataclasses.replace(state, next_poll_at=NOON + ahead, interval=interval))
    assert store.due_sources(NOON) == (("one",) if due else ())


def test_what_is_unknown_is_an_error_with_its_name(store: Store) -> None:
    with pytest.raises(StoreError, match='no source "nowhere"'):
        store.source_state("nowhere")
    with pytest.raises(StoreError, match='digest "evening" has not started yet'), store.writing() as writer:
        writer.digest_state("evening")


def test_known_entries_are_those_of_this_source_however_many_are_asked(store: Store, world: Any) -> None:
    here, there = world.lists("east", world.change("k1")), world.lists("west", world.change("k2"))
    keys = [f"k{number}" for number in range(40_000)]
    assert store.known_entries(world.source("east"), keys) == {"k1": KnownEntry("k1", "hash:text", here.id, (), NOON)}
    assert store.known_entries(world.source("west"), keys) == {"k2": KnownEntry("k2", "hash:text", there.id, (), NOON)}
    assert store.known_entries(world.source("west"), []) == {}


def test_the_last_entries_are_those_of_this_source_the_newest_poll_first(store: Store, world: Any) -> None:
    for key in "ab":
        world.lists("east", world.change(key))
    world.lists("east", world.change("c"), at=NOON + MINUTE)
    world.lists("west", world.change("d"))
    east = world.source("east")
    assert [title for title, _ in store.last_entries(east, 9)] == ["Title c", "Title a", "Title b"]
    assert store.last_entries(east, 1) == [("Title c", "http://news.example/c")]
    last = store.last_dates(east, 2)
    assert [store.articles([article_id])[article_id].title for article_id, _ in last] == ["Title c", "Title a"]
    assert [at for _, at in last] == [NOON, NOON]


def test_what_was_listed_last_is_of_the_last_answer_that_was_read(store: Store, world: Any) -> None:
    east = world.source("east")
    assert store.last_entry_count(east) == 0
    with store.writing() as writer:
        for entries in (3, 7):
            writer.record_poll(east, PollRecord(NOON, "ok", "", entries=entries))
        writer.record_poll(east, PollRecord(NOON, "same_body", ""))
        writer.record_poll(east, PollRecord(NOON, "failed", ""))
    assert store.last_entry_count(east) == 7


def test_the_most_new_entries_are_those_of_usual_polls(store: Store, world: Any) -> None:
    east = world.source("east")
    assert store.max_new_entries(east) == 0
    storm = (Decision("notice storm", "900 new entries at once"),)
    with store.writing() as writer:
        for new, decisions in ((500, ()), (3, (Decision("entries", "3 new"),)), (900, storm), (7, ())):
            writer.record_poll(east, PollRecord(NOON, "ok", "", new=new, decisions=decisions))
        writer.record_poll(east, PollRecord(NOON, "not_modified", ""))
    assert store.max_new_entries(east) == 7, "neither the first poll nor one whose entries were held"


def test_what_is_held_of_a_source_is_released_under_new_ids(store: Store, world: Any) -> None:
    held = world.lists("east", world.change("a", "web3", "ai", reason="storm"))
    world.lists("east", world.change("b", "web3", reason="baseline"))
    world.lists("west", world.change("c", "web3", reason="storm"))
    world.lists("east", world.change("d", "web3"))
    world.configure({"morning": ["web3", "ai"], "late": ["web3"]})  # its floor is above the held matches
    east = world.source("east")
    assert store.suppressed_articles(east, "storm") == {held.id}
    with store.writing() as writer:
        assert writer.release_matches(east, "storm", NOON + MINUTE) == 2
        assert writer.release_matches(east, "storm", NOON + MINUTE) == 0
    assert store.suppressed_articles(east, "storm") == frozenset()
    assert sorted(one.article.title for one in world.pending()) == ["Title a", "Title d"]
    (late,) = world.pending("late")
    assert (late.article.title, [match.rule for match in late.matches]) == ("Title a", ["web3"])
    assert [len(match.spans) for match in late.matches] == [1]


def test_entries_that_were_held_are_no_baseline_once_they_are_released(store: Store, world: Any) -> None:
    """A rule that is changed later may match them, also those that matched none before."""
    said = Decision("new", "not listed before; not to be sent: storm")
    world.lists("east", world.change("before", reason="baseline"), at=NOON - MINUTE)
    for key, reason, decision in (("plain", "storm", said), ("old", "baseline", None), ("none", None, None)):
        world.lists("east", dataclasses.replace(world.change(key, reason=reason), decision=decision))
    world.lists("east", world.change("matched", "web3", reason="storm"))
    world.lists("west", dataclasses.replace(world.change("west", reason="storm"), decision=said))
    east = store.source_state("east")
    with store.writing() as writer:
        writer.save_state(dataclasses.replace(east, storm_since=NOON))
        assert writer.release_matches(east.id, "storm", NOON + MINUTE) == 1
    found = {one.article.title for one in store.articles_between(above=0, below=10**6, limit=100) if one.baseline}
    assert found == {"Title before", "Title old", "Title west"}


def test_a_new_digest_and_a_rule_newly_asked_for_send_no_archive(store: Store, world: Any) -> None:
    world.lists("east", world.change("old", "web3", "energy"))
    world.configure({"morning": ["web3", "ai", "energy"], "evening": ["web3"]})
    world.build("1")
    assert world.pending("evening") == ()
    new = world.lists("east", world.change("new", "energy", "web3"))
    assert [one.article_id for one in world.pending("evening")] == [new.id]
    assert [one.article_id for one in world.pending("morning")] == [new.id]


def keys(world: Any, digest: str = "morning") -> list[str]:
    """Return the keys of what is pending."""
    return [one.article.title.removeprefix("Title ") for one in world.pending(digest)]


def test_what_was_found_while_a_rule_was_asked_for_is_sent_and_nothing_else(world: Any) -> None:
    for rules, key in ((["web3"], "a"), (["ai"], "b"), (["ai", "web3"], "c"), (["web3"], "d"), (["ai"], "e")):
        world.configure({"morning": rules})
        world.lists("east", world.change(key, "web3"))
    assert keys(world) == ["a", "c", "d"]
    world.build("1")
    assert keys(world) == []


def test_a_renamed_rule_loses_nothing_and_sends_nothing_twice(world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    world.configure({"morning": ["web-3", "ai"]})
    world.lists("west", world.change("a", "web-3"), article=article)
    world.lists("west", world.change("b", "web-3"))
    assert keys(world) == ["a", "b"]
    world.build("1")
    assert keys(world) == []


def test_a_rule_that_comes_and_goes_before_anything_is_found_leaves_nothing(store: Store, world: Any) -> None:
    for rules in (["ai"], ["ai", "web3"], ["ai"], ["ai", "web3"], ["ai", "web3"]):
        world.configure({"morning": rules})
    with store._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM subscription").scalar() == 2


def open_notices(store: Store) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in store.status(NOON).notices]


def test_a_digest_that_leaves_with_articles_unsent_is_a_notice_until_it_is_back(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3", "ai"))
    world.lists("east", world.change("b", "web3"))
    world.configure({"daily": ["web3"]})
    (notice,) = store.status(NOON).notices
    assert (notice.kind, notice.subject) == ("dropped", "digest morning")
    assert "2 articles that were pending for it will not be sent" in notice.message
    assert "put it back under its old name" in notice.remedy
    assert [one.name for one in store.status(NOON).digests] == ["daily"]
    world.configure({"daily": ["web3"]})
    assert store.status(NOON).notices[0].count == 1
    world.lists("east", world.change("c", "web3"))
    world.configure({"morning": ["web3", "ai"]})
    assert open_notices(store) == [("dropped", "digest daily")]
    assert "1 article that was pending for it will not be sent" in store.status(NOON).notices[0].message
    assert keys(world) == ["a", "b", "c"]


def test_a_digest_that_leaves_with_nothing_unsent_is_no_notice(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    world.build("1")
    world.configure({})
    assert open_notices(store) == []


def test_notices_of_what_is_configured_no_longer_are_over(store: Store, world: Any) -> None:
    kept: list[tuple[NoticeKind, str]] = [("broken", "west"), ("crash", "digest morning")]
    over: list[tuple[NoticeKind, str]] = [("broken", "east"), ("gone", "east"), ("crash", "digest evening")]
    with store.writing() as writer:
        for kind, subject in kept + over:
            writer.raise_notice(Notice(kind, subject, "it broke"), NOON)
    world.configure({"morning": ["web3"], "evening": ["web3"]}, sources=["west"])
    world.configure({"morning": ["web3"]}, sources=["west"])
    assert open_notices(store) == kept


def test_a_digest_is_born_once(store: Store, world: Any) -> None:
    store.sync([], {"morning": []}, NOON + MINUTE)
    with store.writing() as writer:
        assert writer.digest_state("morning").born_at == NOON
