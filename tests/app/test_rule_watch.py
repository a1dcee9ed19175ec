"""The notices about rules that match nothing for a long time, or far more than usual."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from monitor.app.rule_watch import WATCH_EVERY, RuleWatch, is_after_pause, rule_notices, sources_by_rule
from monitor.app.wiring import open_program, open_store
from monitor.clock import FixedClock
from monitor.digest import Digest, parse_schedule
from monitor.model.rules import RuleActivity
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
LONG_AGO = NOON - 400 * DAY


def said(activity: RuleActivity, sources: frozenset[str] | None = None, speaking: tuple[str, ...] = ("a", "b")) -> str:
    return " ".join(one.kind for one in rule_notices([activity], {activity.name: sources}, speaking, dt.UTC, NOON))


@pytest.mark.parametrize(
    ("known", "last", "sources", "speaking", "kinds"),
    [
        (LONG_AGO, NOON - 60 * DAY, None, ("a",), "unmatched"),
        (LONG_AGO, None, None, ("a",), "unmatched"),
        (LONG_AGO, NOON - 59 * DAY, None, ("a",), ""),
        (NOON - 59 * DAY, None, None, ("a",), ""),  # a new rule
        (NOON - 59 * DAY, NOON - 300 * DAY, None, ("a",), ""),  # a rule that was changed
        (None, None, None, ("a",), ""),  # nothing was recorded since it is known
        (LONG_AGO, None, None, (), ""),  # no source spoke
        (LONG_AGO, None, frozenset({"c"}), ("a", "b"), ""),  # none of its sources spoke
        (LONG_AGO, None, frozenset({"b"}), ("a", "b"), "unmatched"),
    ],
)
def test_a_rule_that_matches_nothing_is_reported_if_its_sources_spoke(
    known: dt.datetime | None,
    last: dt.datetime | None,
    sources: frozenset[str] | None,
    speaking: tuple[str, ...],
    kinds: str,
) -> None:
    assert said(RuleActivity("one", known, last), sources, speaking) == kinds


@pytest.mark.parametrize(
    ("known", "last_day", "before", "kinds"),
    [
        (LONG_AGO, 20, 28, "flood"),  # one a day is usual
        (LONG_AGO, 20, 0, "flood"),
        (LONG_AGO, 19, 0, ""),
        (LONG_AGO, 100, 280, "flood"),
        (LONG_AGO, 99, 280, ""),
        (NOON - 8 * DAY, 100, 70, "flood"),
        (NOON - 9 * DAY, 100, 81, ""),
        (NOON - 3 * DAY, 500, 1, ""),  # what is usual is not known yet
    ],
)
def test_ten_times_the_usual_is_a_flood(known: dt.datetime, last_day: int, before: int, kinds: str) -> None:
    assert said(RuleActivity("one", known, NOON, last_day, before)) == kinds


@pytest.mark.parametrize(
    ("read", "catching_up"),
    [
        ((0, 1, 2, 3), False),
        ((1, 2), False),  # today's polls are still to come
        ((0, 8, 9), True),  # the first day after a week
        ((0, 1, 9), True),  # its matches are still in the last 24 hours
        ((), True),
    ],
)
def test_a_day_after_a_pause_is_no_flood(read: tuple[int, ...], *, catching_up: bool) -> None:
    days = [(NOON - number * DAY).date().isoformat() for number in read]
    assert is_after_pause(days, NOON.date()) == catching_up
    flood = RuleActivity("one", LONG_AGO, NOON, 40, 105)
    found = tuple(rule_notices([flood], {"one": None}, ("a",), dt.UTC, NOON, catching_up=catching_up))
    assert [one.kind for one in found] == ([] if catching_up else ["flood"])


def test_a_notice_names_the_rule_and_its_figures() -> None:
    activity = RuleActivity("web3", LONG_AGO, NOON, 300, 280)
    (notice,) = rule_notices([activity], {"web3": None}, ("a",), dt.UTC, NOON)
    assert (notice.subject, "300 articles" in notice.message, "10.0 a day" in notice.message) == (
        "rule web3",
        True,
        True,
    )


def test_a_rule_of_several_digests_has_the_sources_of_all() -> None:
    def digest(rules: tuple[str, ...], sources: frozenset[str] | None) -> Digest:
        return Digest("one", rules, parse_schedule("08:00"), "UTC", (), sources=sources)

    a, b = frozenset({"a"}), frozenset({"b"})
    found = sources_by_rule([digest(("x", "y"), a), digest(("y",), b), digest(("z", "x"), None)])
    assert found == {"x": None, "y": a | b, "z": None}


def test_a_pass_raises_and_resolves_what_the_database_shows(world: World, configure: Configure) -> None:
    config = configure("one.xml")

    def kinds(days: int, *rows: Row) -> list[str]:
        world.feed("/one.xml", list(rows))
        clock = FixedClock(START + days * DAY)
        with open_program(config, clock, command="test", readers=InlineReaders()) as program:
            program.once()
        with open_store(config, clock) as store:
            return [one.kind for one in store.status(clock.now()).notices if one.subject.startswith("rule ")]

    museum = [Row(f"Museum {number}", f"/m{number}") for number in range(3)]
    flood = [Row(f"Metaverse plan {number} is adopted", f"/f{number}", f"{number} " * 9) for number in range(25)]
    assert kinds(0, *museum[:1]) == []
    assert kinds(59, *museum[:2]) == []
    assert "unmatched" in kinds(60, *museum[:2])
    assert "unmatched" in kinds(61, *museum)
    assert "flood" in kinds(62, *flood, *museum)
    assert kinds(64, *flood, *museum) == []


def test_rules_are_watched_once_an_hour() -> None:
    asked = []

    class Store:
        def rule_activity(self, names: Any, now: dt.datetime) -> list[RuleActivity]:
            asked.append(now)
            return []

        def sources_with_news(self, since: dt.datetime) -> frozenset[str]:
            return frozenset()

        def days_with_answers(self) -> frozenset[str]:
            return frozenset()

        def replace_notices(self, *_: Any, **__: Any) -> None:
            pass

    watch, store = RuleWatch(), Store()
    for now in (NOON, NOON + WATCH_EVERY / 2, NOON + WATCH_EVERY, NOON):  # at last the clock was set back
        watch.watch(store, (), dt.UTC, now)  # type: ignore[arg-type]  # a store that counts
    assert asked == [NOON, NOON + WATCH_EVERY, NOON]
