"""The polls that are due when the daemon starts are spread over time, host by host."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from random import Random

import pytest

from monitor.collect.spread import MAX_GAP, MAX_SPREAD, StartSpread
from monitor.model import Source
from tests.scenario.simulated import SimulatedClock

START = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def sources(count: int, host: str) -> list[Source]:
    return [Source(f"{host} {number}", f"https://{host}/{number}", "feed") for number in range(count)]


def starts(due: list[Source], seed: int = 1) -> dict[str, float]:
    """Return after how many seconds each source is ready, in steps of a tenth of a second."""
    clock = SimulatedClock(START)
    spread = StartSpread(clock, Random(seed))
    found: dict[str, float] = {}
    for step in range(int(MAX_SPREAD * 10) + 1):
        clock.move_to(START + dt.timedelta(seconds=step / 10))
        for source in spread.ready(due):
            found.setdefault(source.name, step / 10)
    return found


@pytest.mark.parametrize("count", [1, 2, 7, 300])
def test_sources_of_one_host_start_apart_and_all_within_a_minute(count: int) -> None:
    times = sorted(starts(sources(count, "a.example")).values())
    assert len(times) == count
    assert times[0] == 0
    assert all(later - sooner <= 2 * MAX_GAP for sooner, later in pairwise(times))
    assert sum(at == 0 for at in times) <= 1 + count // 300


def test_the_first_source_of_each_host_starts_at_once() -> None:
    due = [source for host in ("a.example", "b.example", "c.example") for source in sources(2, host)]
    times = starts(due)
    assert [name for name, at in times.items() if at == 0] == ["a.example 0", "b.example 0", "c.example 0"]


def test_hosts_nearby_are_not_delayed() -> None:
    assert set(starts(sources(5, "127.0.0.1")).values()) == {0}


def test_the_same_seed_spreads_alike_and_another_does_not() -> None:
    due = sources(9, "a.example")
    assert starts(due, 1) == starts(due, 1) != starts(due, 2)


def test_what_becomes_due_after_the_start_is_not_delayed() -> None:
    spread = StartSpread(SimulatedClock(START), Random(1))
    spread.ready([])
    later = sources(5, "a.example")
    assert spread.ready(later) == later
