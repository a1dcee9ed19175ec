"""A clock that jumps is distinguished from one that goes on, and from one that is corrected."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.daemon.jumps import SETTLE_SECONDS, ClockWatch

START = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)


class Clock:
    """A clock whose time and seconds go as the test says."""

    def __init__(self) -> None:
        self.at, self.seconds = START, 0.0

    def now(self) -> dt.datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def go_on(self, seconds: float, jump: dt.timedelta = dt.timedelta()) -> None:
        self.seconds += seconds
        self.at += dt.timedelta(seconds=seconds) + jump


@pytest.mark.parametrize("by", [DAY, -DAY, 61 * SECOND, -61 * SECOND])
def test_a_jump_is_seen_whole_until_it_was_acted_on(by: dt.timedelta) -> None:
    clock = Clock()
    watch = ClockWatch(clock)
    clock.go_on(1, by)
    assert (watch.jump, watch.jump) == (by, by)
    watch.mark_handled(by)
    assert watch.jump == dt.timedelta()


@pytest.mark.parametrize("by", [dt.timedelta(), 59 * SECOND, -59 * SECOND])
def test_what_clocks_are_corrected_by_is_no_jump(by: dt.timedelta) -> None:
    clock = Clock()
    watch = ClockWatch(clock)
    for seconds in (1, 3600, 86_400):
        clock.go_on(seconds, by)
        clock.go_on(70)
        assert watch.jump == dt.timedelta()
    assert watch.is_settled


def test_nothing_is_settled_for_two_minutes_after_a_jump() -> None:
    clock = Clock()
    watch = ClockWatch(clock)
    settled = []
    for seconds, jump in ((1.0, HOUR), (SETTLE_SECONDS - 1, dt.timedelta()), (1.0, dt.timedelta())):
        clock.go_on(seconds, jump)
        settled.append(watch.is_settled)
    assert settled == [False, False, True]
    assert watch.jump == HOUR, "that it is settled is not that it was acted on"
