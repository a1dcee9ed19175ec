"""What is a storm, and when it is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from monitor.collect.diff import MIN_STORM, ChangedEntry, RecordedState
from monitor.collect.documents import Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.result import RaiseNotice, ResolveNotice
from monitor.collect.storm import MAX_HOLD, StormDecision, hold_has_expired, hold_storm
from monitor.model import Article, Decision, Entry, KnownEntry, Reading, Source, SourceState, Validators
from monitor.model.suppressed import LISTED_BEHIND_KNOWN, TOO_MANY_NEW

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SOURCE = Source("one", "https://one.example/feed", "feed")
POLLED = SourceState(7, "one", SOURCE.url, last_success_at=NOON - HOUR)
STORMY = replace(POLLED, storm_since=NOON - HOUR)
SNAPSHOT = Snapshot(Reading("feed", ()), Validators())
ASKED = RecordedState(max_new_entries=0)
NEW = tuple(
    ChangedEntry(Entry(str(n), "", ""), Article("", "", ""), "", Decision("new", "its key is new"))
    for n in range(MIN_STORM)
)


def decide(
    state: SourceState = POLLED,
    outcome: Snapshot | Unchanged = SNAPSHOT,
    changes: tuple[ChangedEntry, ...] = NEW,
    before: RecordedState = ASKED,
    **context: Any,
) -> StormDecision:
    return hold_storm(PollContext(SOURCE, state, NOON, SOURCE, **context), outcome, changes, before)


def test_what_is_held_says_why() -> None:
    storm = decide()
    assert (storm.since, storm.released) == (NOON, False)
    assert {change.suppressed_reason for change in storm.changes} == {TOO_MANY_NEW}
    assert all(change.decision.reason.endswith(TOO_MANY_NEW) for change in storm.changes)
    (notice,) = storm.notices
    assert isinstance(notice, RaiseNotice)
    assert "50 entries were new at once" in notice.notice.message


@pytest.mark.parametrize(
    "case",
    [
        {"changes": NEW[1:]},
        {"changes": (*NEW[1:], replace(NEW[0], suppressed_reason=LISTED_BEHIND_KNOWN))},
        {"changes": (*NEW[1:], replace(NEW[0], known=KnownEntry("0", "", 1)))},
        {"before": RecordedState(max_new_entries=MIN_STORM // 5)},
        {"before": RecordedState()},
        {"state": replace(POLLED, last_success_at=None)},
        {"state": replace(POLLED, last_success_at=NOON - MAX_HOLD)},
        {"state": replace(POLLED, gap_since=NOON - HOUR)},
        {"outcome": replace(SNAPSHOT, documents=2, overlap=True)},
        {"rediscovered": True},
    ],
    ids=[
        "one less",
        "one is old",
        "one is known",
        "a fifth came before",
        "not asked for",
        "first poll",
        "outage",
        "gap",
        "further pages reach what is known",
        "new endpoint",
    ],
)
def test_what_is_no_storm_is_not_held(case: dict[str, Any]) -> None:
    storm = decide(**case)
    assert (storm.since, storm.notices) == (None, ())
    assert storm.changes == case.get("changes", NEW)


@pytest.mark.parametrize(
    ("interval", "age", "held"),
    [(HOUR, 23, True), (HOUR, 24, False), (24 * HOUR, 47, True), (24 * HOUR, 48, False)],
)
def test_a_source_that_is_polled_rarely_has_longer_outages(interval: dt.timedelta, age: int, *, held: bool) -> None:
    state = replace(POLLED, interval=interval, last_success_at=NOON - age * HOUR)
    assert (decide(state).since is not None) is held


@pytest.mark.parametrize(("listed", "confirmed"), [((), False), ((1,), False), ((1, 2), True), ((1, 2, 3, 4), True)])
@pytest.mark.parametrize("complete", [True, False])
def test_half_of_what_is_held_confirms_it_in_a_complete_answer(
    listed: tuple[int, ...], *, confirmed: bool, complete: bool
) -> None:
    before = RecordedState({str(n): KnownEntry(str(n), "", n) for n in listed}, held_articles=frozenset({1, 2, 3, 4}))
    storm = decide(STORMY, Snapshot(Reading("feed", (), complete=complete), Validators()), (), before)
    assert storm.released is (confirmed and complete)
    assert storm.since == (None if storm.released else STORMY.storm_since)
    assert [isinstance(notice, ResolveNotice) for notice in storm.notices] == [True] * storm.released


@pytest.mark.parametrize(("last", "confirmed"), [(NOON - HOUR, True), (NOON - HOUR / 2, False)])
def test_an_unchanged_answer_confirms_only_itself(last: dt.datetime, *, confirmed: bool) -> None:
    state = replace(STORMY, last_success_at=last)
    assert decide(state, Unchanged("not_modified", Validators()), (), RecordedState()).released is confirmed


def test_a_day_ends_it_and_the_next_one_begins_by_itself() -> None:
    assert not hold_has_expired(POLLED, NOON)
    state = replace(STORMY, storm_since=NOON - MAX_HOLD)
    assert hold_has_expired(state, NOON)
    assert not hold_has_expired(state, NOON - dt.timedelta(seconds=1))
    storm = decide(state)
    assert (storm.released, storm.since) == (True, NOON)
    nothing_new = RecordedState(max_new_entries=0, held_articles=frozenset({9}))
    assert decide(STORMY, before=nothing_new).since == STORMY.storm_since
