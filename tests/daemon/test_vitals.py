"""The daemon is alive while its ticks advance, and ready while the database takes writes as well."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.daemon.vitals import MAX_TICK_AGE, MAX_WRITE_AGE, Vitals
from tests.scenario.simulated import SimulatedClock

START = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def vitals(clock: SimulatedClock) -> Vitals:
    return Vitals(clock)


def wait(clock: SimulatedClock, seconds: float) -> None:
    clock.move_to(clock.now() + dt.timedelta(seconds=seconds))


def beat(vitals: Vitals) -> None:
    vitals.note_tick("poll_tick")
    vitals.note_tick("deliver_tick")
    vitals.note_write()


def test_a_daemon_that_has_just_started_is_alive_and_not_ready(vitals: Vitals) -> None:
    assert vitals.stalled_ticks() == ()
    assert [reason.partition(":")[0] for reason in vitals.reasons_not_ready()] == ["poll_tick", "database"]


def test_a_daemon_that_ticks_and_writes_is_ready(vitals: Vitals) -> None:
    beat(vitals)
    assert vitals.reasons_not_ready() == ()


def test_a_daemon_that_never_ticks_hangs(vitals: Vitals, clock: SimulatedClock) -> None:
    wait(clock, MAX_TICK_AGE + 1)
    assert vitals.stalled_ticks() == ("poll_tick", "deliver_tick")


def test_a_tick_that_hangs_in_its_first_run_is_named(vitals: Vitals, clock: SimulatedClock) -> None:
    wait(clock, MAX_TICK_AGE + 1)
    vitals.note_tick("poll_tick")
    assert vitals.stalled_ticks() == ("deliver_tick",)


def test_one_tick_that_hangs_is_named(vitals: Vitals, clock: SimulatedClock) -> None:
    beat(vitals)
    wait(clock, MAX_TICK_AGE + 1)
    vitals.note_tick("poll_tick")
    vitals.note_write()
    assert vitals.stalled_ticks() == ("deliver_tick",)
    assert vitals.reasons_not_ready() == ("deliver_tick: no tick was completed lately",)


def test_a_database_that_takes_no_writes_makes_it_unready_but_not_dead(vitals: Vitals, clock: SimulatedClock) -> None:
    beat(vitals)
    wait(clock, MAX_WRITE_AGE + 1)
    assert vitals.stalled_ticks() == ()
    assert vitals.reasons_not_ready() == ("database: it has not taken a write lately",)


def test_ticks_advance_only_if_every_one_was_completed_since_the_last_question(vitals: Vitals) -> None:
    assert not vitals.has_advanced()
    beat(vitals)
    assert vitals.has_advanced()
    assert not vitals.has_advanced()
    vitals.note_tick("poll_tick")
    assert not vitals.has_advanced(), "the other tick hangs"
    beat(vitals)
    assert vitals.has_advanced()
