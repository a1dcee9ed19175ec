"""What `monitor status` shows of sources."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from monitor.app.status import worst_first
from monitor.cli.status import strip
from monitor.model import Health, Notice, SourceReport, Status
from monitor.model.activity import SHOWN_DAYS, DayOfPolls
from tests.support.commands import Monitor
from tests.support.configuration import Configure
from tests.support.world import Row, World

TODAY = dt.date(2026, 11, 21)


def days_ago(number: int, polls: int, failed: int = 0, new: int = 0) -> DayOfPolls:
    return DayOfPolls((TODAY - dt.timedelta(days=number)).isoformat(), polls, failed, new)


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        ((), "·" * SHOWN_DAYS),
        ((days_ago(0, 3),), "·" * 13 + "▁"),
        ((days_ago(13, 3, 3), days_ago(12, 3, 2)), "x▁" + "·" * 12),
        ((days_ago(3, 1, 0, 1), days_ago(2, 1, 0, 5), days_ago(1, 1, 0, 20), days_ago(0, 9, 8, 4)), "·" * 10 + "▃▅▇▃"),
        ((days_ago(14, 1),), "·" * SHOWN_DAYS),
    ],
)
def test_each_of_the_last_days_is_a_character(days: tuple[DayOfPolls, ...], shown: str) -> None:
    assert strip(days, TODAY) == shown


def test_the_worst_sources_come_first_and_the_others_keep_their_order() -> None:
    healths: dict[str, Health] = {"a": "ok", "b": "new", "c": "ok", "d": "failing", "e": "ok", "f": "paused"}
    notices = (Notice("silent", "e", "nothing new"), Notice("shortened", "a", "texts were shortened"))
    sources = tuple(SourceReport(name, "feed", "", health) for name, health in healths.items())
    found = worst_first(Status(dt.datetime(2026, 11, 21, tzinfo=dt.UTC), sources, notices))
    assert "".join(source.name for source in found.sources) == "dfeabc"


def test_fetch_age_and_content_age_are_two_figures(world: World, configure: Configure, monitor: Monitor) -> None:
    configure("one.xml")
    world.feed("/one.xml", [Row("Notice", "/1", age=3 * 24 * 60)])
    monitor("once", "--no-send")
    shown = monitor("status").out
    assert "·" * 13 + "▃, read " in shown
    assert "minutes ago, newest entry 3 days old" in shown
    status = json.loads(monitor("status", "--json").out)
    (source,) = status["sources"]
    assert 0 <= source["fetch_age"] < 3_600
    assert source["content_age"] >= 3 * 86_400
    assert source["days"] == [{"day": "2026-11-21", "polls": 1, "failed": 0, "new": 1}]
    assert {"name", "matches_in_7_days", "matches", "last_matched_at"} == set(status["rules"][0])
    assert [digest["pending"] for digest in status["digests"]]
