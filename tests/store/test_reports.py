"""What the store tells about itself and about one article."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from monitor.model import Endpoint, Notice, PollRecord, Source, Window
from monitor.model.suppressed import FIRST_POLL_OLD, KNOWN_TITLE, LISTED_BEHIND_KNOWN
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_a_source_without_a_kind_is_reported_as_what_it_was_found_to_be(store: Store) -> None:
    store.sync([Source("one", "http://one.example/", "")], {}, NOON)
    assert (store.status(NOON).sources[0].kind, store.status(NOON).sources[0].found) == ("", None)
    found = Endpoint("page", "", "the list is on the page itself", NOON)
    with store.writing() as writer:
        writer.save_state(dataclasses.replace(store.source_state("one"), found=found))
    assert (store.status(NOON).sources[0].kind, store.status(NOON).sources[0].found) == ("page", found)


@pytest.mark.parametrize(
    ("known", "health"),
    [
        ({}, "new"),
        ({"last_success_at": NOON}, "ok"),
        ({"last_success_at": NOON, "failures": 1, "last_error": "500"}, "failing"),
        ({"failures": 3}, "failing"),
        ({"last_success_at": NOON, "failures": 1, "paused": "410"}, "paused"),
    ],
)
def test_a_source_s_health_is_what_is_known_of_it(store: Store, known: dict[str, Any], health: str) -> None:
    store.sync([Source("one", "http://secret/", "feed", shown_url="http://***/")], {}, NOON)
    with store.writing() as writer:
        writer.save_state(dataclasses.replace(store.source_state("one"), polls=5, **known))
    (report,) = store.status(NOON).sources
    assert (report.health, report.url, report.kind, report.polls) == (health, "http://***/", "feed", 5)
    assert report.last_error == known.get("last_error")


def test_a_source_of_which_a_notice_says_that_it_fails_is_not_ok(store: Store) -> None:
    store.sync([Source("one", "http://a/", "feed"), Source("two", "http://b/", "feed")], {}, NOON)
    with store.writing() as writer:
        for name in ("one", "two"):
            writer.save_state(dataclasses.replace(store.source_state(name), last_success_at=NOON))
        writer.raise_notice(Notice("broken", "one", "the answer is cut off"), NOON)
        writer.raise_notice(Notice("gap", "two", "others may have come and gone"), NOON)
    assert [source.health for source in store.status(NOON).sources] == ["failing", "ok"]
    with store.writing() as writer:
        writer.resolve_notice("broken", "one", NOON + MINUTE, reason="well")
    assert [source.health for source in store.status(NOON).sources] == ["ok", "ok"]


def test_status_counts_entries_by_source_and_names_digests(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    world.lists("east", world.change("b"))
    world.build("1")
    world.build("2", hours=2)
    world.configure({"morning": ["web3", "ai"], "unborn": ["ai"]})
    status = store.status(NOON)
    assert status.at == NOON
    assert [(one.name, one.entries) for one in status.sources] == [("east", 2), ("west", 0)]
    morning, unborn = status.digests
    assert (morning.rules, unborn.last) == (("ai", "web3"), None)
    assert morning.last is not None
    assert (morning.last.window.slot, morning.last.items) == ("2", 0)
    world.configure({"unborn": ["ai"]})
    assert [one.name for one in store.status(NOON).digests] == ["unborn"]


def test_a_notice_that_is_raised_again_counts_and_does_not_multiply(store: Store) -> None:
    notice = Notice("broken", "east", "answers 500", "check the address")
    with store.writing() as writer:
        writer.raise_notice(notice, NOON)
        writer.raise_notice(dataclasses.replace(notice, message="answers 503"), NOON + MINUTE)
        writer.raise_notice(dataclasses.replace(notice, kind="gap"), NOON + MINUTE)
    broken, gap = store.status(NOON).notices
    assert broken == dataclasses.replace(notice, message="answers 503", first_at=NOON, last_at=NOON + MINUTE, count=2)
    assert gap.count == 1


def test_a_resolved_notice_is_gone_and_may_come_again(store: Store) -> None:
    notice = Notice("broken", "e" * 9999, "answers 500")
    with store.writing() as writer:
        writer.raise_notice(notice, NOON)
        writer.resolve_notice("broken", notice.subject, NOON, reason="well")
        writer.resolve_notice("broken", notice.subject, NOON, reason="well")
    assert store.status(NOON).notices == ()
    with store.writing() as writer:
        writer.raise_notice(notice, NOON + MINUTE)
    assert store.status(NOON).notices[0].count == 1


def test_the_kinds_of_open_notices_about_a_subject_are_found(store: Store) -> None:
    long = "e" * 9999
    with store.writing() as writer:
        for kind, subject in (("broken", long), ("gap", long), ("moved", long), ("wall", "west")):
            writer.raise_notice(Notice(kind, subject, "answers 500"), NOON)
        writer.resolve_notice("gap", long, NOON, reason="well")
        assert writer.open_notices(long) == {"broken", "moved"}
        assert writer.open_notices("west") == {"wall"}
        assert writer.open_notices("east") == frozenset()


def test_the_log_keeps_the_last_visits_of_each_source(store: Store, world: Any) -> None:
    east, west = world.source("east"), world.source("west")
    with store.writing() as writer:
        for number in range(230):
            writer.record_poll(east, PollRecord(NOON + number * MINUTE, "ok", f"visit {number}", 200, 1, 2, 3, 2**40))
        writer.record_poll(west, PollRecord(NOON, "failed", "timed out"))
    with store._reading() as connection:
        kept = connection.exec_driver_sql(
            "SELECT source_id, count(*), min(reason) FROM poll GROUP BY source_id ORDER BY source_id"
        ).all()
    assert [tuple(row) for row in kept] == [(east, 200, "visit 100"), (west, 1, "timed out")]


def test_a_trace_shows_the_poll_that_changed_an_entry(store: Store, world: Any) -> None:
    for minutes in (0, 3, 5):
        with store.writing() as writer:
            writer.record_poll(world.source("east"), PollRecord(NOON + minutes * MINUTE, "ok", f"at {minutes}"))
    first = world.lists("east", world.change("a"))
    world.lists("east", world.change("a", text="other"), article=first, at=NOON + 3 * MINUTE)
    trace = store.trace(first.url)
    assert trace is not None
    assert [[poll.reason for poll in one.polls] for one in trace.entries] == [["at 0", "at 3", "at 5"]]


def test_a_trace_tells_the_way_of_an_article(store: Store, world: Any) -> None:
    for name, minutes in (("east", 0), ("east", 5), ("west", 3)):
        with store.writing() as writer:
            writer.record_poll(world.source(name), PollRecord(NOON + minutes * MINUTE, "ok", f"at {minutes}"))
    first = world.lists("east", world.change("a", "web3"))
    world.lists("west", world.change("other", url="http://west.example/x"), article=first, at=NOON + 3 * MINUTE)
    second = world.lists("west", world.change("b", reason="baseline"), story=first.story_id, of=first.url)
    edition_id = world.build("1", ["ann"])
    trace = store.trace("http://west.example/x", "http://unknown/")
    assert trace is not None
    assert (trace.article_id, trace.story_id, trace.source) == (first.id, first.story_id, "east")
    assert [(one.source, [poll.reason for poll in one.polls]) for one in trace.entries] == [
        ("east", ["at 0", "at 5"]),
        ("west", ["at 3"]),
    ]
    assert [one.article_id for one in trace.members] == [first.id, second.id]
    assert (trace.members[1].of, trace.members[1].relation) == (first.url, "copy")
    assert [one.match.rule for one in trace.matches] == ["web3"]
    (edition,) = trace.editions
    assert (edition.id, edition.window) == (edition_id, Window(NOON, NOON + 60 * MINUTE, "1"))
    assert [(one.recipient, one.state) for one in edition.deliveries] == [("ann", "queued")]
    copy = store.trace(second.url)
    assert copy is not None
    assert copy.editions == trace.editions
    assert copy.entries[0].baseline


@pytest.mark.parametrize("why", [LISTED_BEHIND_KNOWN, KNOWN_TITLE, FIRST_POLL_OLD, "baseline"])
def test_a_trace_says_why_a_match_is_not_sent_as_it_was_recorded(store: Store, world: Any, why: str) -> None:
    article = world.lists("east", world.change("a", "web3", reason=why))
    trace = store.trace(article.url)
    assert trace is not None
    assert ([one.held for one in trace.matches], trace.entries[0].baseline) == ([why], True)


@pytest.mark.parametrize(
    "asked", ["http://news.example/a", "http://canonical.example/a", "http://listed.example/a?utm"]
)
def test_an_article_is_found_by_each_of_its_addresses(store: Store, world: Any, asked: str) -> None:
    change = world.change("a")
    change = dataclasses.replace(
        change,
        address="http://canonical.example/a",
        entry=dataclasses.replace(change.entry, url="http://listed.example/a?utm"),
    )
    world.lists("east", world.change("z"))
    added = world.lists("east", change)
    for found in (store.trace(asked), store.trace("http://unknown/", "http://canonical.example/a")):
        assert found is not None
        assert found.article_id == added.id


def test_an_address_that_was_never_listed_has_no_trace(store: Store, world: Any) -> None:
    world.lists("east", dataclasses.replace(world.change("a"), address=""))
    assert store.trace("http://unknown/", "") is None
    assert store.trace("", "") is None
