"""When polls may begin after the database took no result."""

from __future__ import annotations

import pytest

from monitor.collect.pool import FIRST_PAUSE, LONGEST_PAUSE, DatabaseBackoff
from monitor.errors import DatabaseFailed
from tests.scenario.simulated import SimulatedClock
from tests.support.world import START

FULL = DatabaseFailed("the disk is full")


class SecondsClock(SimulatedClock):
    """A clock whose monotonic seconds are set."""

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> SecondsClock:
    return SecondsClock(START)


def admits(doubt: DatabaseBackoff, *busy: str) -> bool:
    return doubt.allows_poll(lambda: busy)


def test_a_result_that_is_taken_ends_the_doubt_at_once_whatever_is_busy(clock: SecondsClock) -> None:
    doubt = DatabaseBackoff(clock)
    doubt.note_failure("one", FULL)
    assert not admits(doubt)
    doubt.note_success()
    assert admits(doubt)
    assert admits(doubt, "two"), "polls run side by side again"


def test_after_the_pause_one_poll_finds_out(clock: SecondsClock) -> None:
    doubt = DatabaseBackoff(clock)
    doubt.note_failure("one", FULL)
    clock.seconds = FIRST_PAUSE
    assert admits(doubt)
    assert not admits(doubt, "two")


def test_pauses_double_up_to_the_longest_and_begin_small_after_the_doubt_has_ended(clock: SecondsClock) -> None:
    def pause() -> float:
        doubt.note_failure("one", FULL)
        began = clock.seconds
        while not admits(doubt):
            clock.seconds += FIRST_PAUSE
        return clock.seconds - began

    doubt = DatabaseBackoff(clock)
    assert [pause() for _ in range(6)] == [5, 10, 20, 40, LONGEST_PAUSE, LONGEST_PAUSE]
    doubt.note_success()
    assert pause() == FIRST_PAUSE
