"""The rhythm of a source, and when a pause is beyond it."""

from __future__ import annotations

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

import pytest

from monitor.collect.rhythm import (
    LONGEST_QUIET,
    MIN_PAUSES,
    MIN_QUIET,
    QUIET_WITHOUT_RHYTHM,
    judge,
    learn,
)
from monitor.model import Activity
from tests.support.growth import assert_grows_with_size
from tests.support.healthy import DAY, HOUR, RHYTHMS, ZONE

MONDAY = dt.datetime(2026, 3, 9, 9, tzinfo=ZONE)  # after the Spring Festival; Easter is on 5 April

Hours = list[dt.datetime]


def every(pause: dt.timedelta, number: int, begin: dt.datetime = MONDAY) -> Hours:
    return [begin + each * pause for each in range(number)]


def working_hours(days: int) -> Hours:
    hours = (MONDAY + day * DAY + hour * HOUR for day in range(days) for hour in range(9))
    return [at for at in hours if at.weekday() < 5]


def silent_after(times: Hours, zone: dt.tzinfo = ZONE) -> float:
    """Return after how many days without an entry the source is silent."""
    _, at = judge(Activity().with_moments(times), zone, times[-1], times[-1])
    return (at - times[-1].replace(minute=0)) / DAY


@pytest.mark.parametrize(
    ("times", "at_least", "at_most"),
    [
        pytest.param(every(HOUR, 24 * 60), 1.5, 3, id="every hour"),
        pytest.param(working_hours(110), 4, 8, id="office hours"),
        pytest.param(every(DAY, 100), 2, 5, id="daily"),
        pytest.param(every(7 * DAY, 60), 15, 30, id="weekly"),
        pytest.param(every(30 * DAY, 24), 61, 130, id="monthly"),
        pytest.param(every(HOUR, 72), 1.5, 8, id="every hour, known for three days"),
        pytest.param(every(365 * DAY, 6), 400, 1100, id="once a year"),
        pytest.param(every(HOUR, MIN_PAUSES), 180, 181, id="too few entries"),
    ],
)
def test_the_limit_of_a_pause_follows_the_rhythm(times: Hours, at_least: float, at_most: float) -> None:
    assert at_least <= silent_after(times) <= at_most


def test_nights_and_weekends_of_an_office_are_no_pause() -> None:
    times = [at for at in working_hours(140) if at.date() < dt.date(2026, 7, 1)]
    friday = max(at for at in times if at.weekday() == 4)
    quiet, _ = judge(Activity().with_moments(at for at in times if at <= friday), ZONE, friday + 2.6 * DAY, friday)
    assert quiet is None


def test_a_weekend_that_was_never_seen_may_be_free() -> None:
    times = [MONDAY + 2 * DAY + day * DAY + hour * HOUR for day in range(3) for hour in range(9)]  # to Friday
    quiet, _ = judge(Activity().with_moments(times), ZONE, times[-1] + 2.7 * DAY, times[-1])
    assert quiet is None


@pytest.mark.parametrize(
    ("last", "days"),
    [
        pytest.param("2026-02-12", 14, id="Spring Festival"),
        pytest.param("2026-09-29", 11, id="National Day"),
        pytest.param("2025-12-19", 20, id="Christmas and New Year"),
        pytest.param("2026-07-24", 38, id="August"),
        pytest.param("2026-04-02", 5, id="Easter"),
        pytest.param("2026-04-29", 7, id="Labour Day"),
    ],
)
def test_long_quiet_weeks_are_within_the_tolerance_and_end(last: str, days: int) -> None:
    end = dt.datetime.fromisoformat(last).replace(hour=17, tzinfo=ZONE)
    times = [end - number * DAY for number in range(250) if (end - number * DAY).weekday() < 5][::-1]
    activity = Activity().with_moments(times)
    quiet, silent_at = judge(activity, ZONE, end + days * DAY, end)
    assert quiet is None
    assert silent_at < end + (days + 13) * DAY


def test_a_pause_says_how_unusual_it_is() -> None:
    times = every(DAY, 200)
    (quiet, again) = judge(Activity().with_moments(times), ZONE, times[-1] + 9 * DAY, times[-1])
    assert quiet is not None
    assert (quiet.since, quiet.longest) == (times[-1], DAY)
    assert 170 * DAY < quiet.observed < 190 * DAY
    assert quiet.years is not None
    assert quiet.years > 100
    assert again == times[-1] + 10 * DAY


def test_the_longer_a_pause_the_rarer_it_is() -> None:
    activity = Activity().with_moments(RHYTHMS["irregular"](Random(7), MONDAY.date(), 1.5))
    last = max(activity.hours())
    found = [judge(activity, ZONE, last + days * DAY, last)[0] for days in (150, 250, 350)]
    years = [quiet.years for quiet in found if quiet is not None and quiet.years is not None]
    assert len(years) == 3
    assert years == sorted(years)


@pytest.mark.parametrize("times", [[], every(DAY, 1), every(DAY, MIN_PAUSES)], ids=len)
def test_without_a_rhythm_a_pause_is_bounded_all_the_same(times: Hours) -> None:
    activity, since = Activity().with_moments(times), MONDAY
    assert learn(activity, ZONE) is None
    assert judge(activity, ZONE, since + QUIET_WITHOUT_RHYTHM - HOUR, since) == (None, since + QUIET_WITHOUT_RHYTHM)
    quiet, _ = judge(activity, ZONE, since + QUIET_WITHOUT_RHYTHM, since)
    assert quiet is not None
    assert (quiet.since, quiet.longest, quiet.years) == (since, None, None)


def test_no_rhythm_hides_a_source_that_ended_years_ago() -> None:
    times = RHYTHMS["irregular"](Random(3), dt.date(2021, 1, 1), 1)
    now = times[-1] + LONGEST_QUIET + DAY
    quiet, _ = judge(Activity().with_moments(times), ZONE, max(now, times[-1] + 4 * 365 * DAY), times[-1])
    assert quiet is not None


def test_a_source_that_slows_down_is_noticed_once_and_then_known() -> None:
    times = every(DAY, 120)
    noticed = 0
    for _ in range(10):
        activity = Activity().with_moments(times)
        noticed += judge(activity, ZONE, times[-1] + 7 * DAY, times[-1])[0] is not None
        times = [*times, times[-1] + 7 * DAY]
    assert noticed == 1


def test_a_pause_of_a_day_is_never_noticed() -> None:
    times = every(HOUR, 24 * 90)
    quiet, _ = judge(Activity().with_moments(times), ZONE, times[-1] + MIN_QUIET - HOUR, times[-1])
    assert quiet is None


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Apia", "UTC"])
def test_the_rhythm_is_the_same_in_every_zone(zone: str) -> None:
    there = ZoneInfo(zone)
    times = [at.replace(tzinfo=there) for at in working_hours(30)]
    assert silent_after(times, there) == pytest.approx(silent_after(working_hours(30)), abs=2 / 24)


@pytest.mark.parametrize("kind", RHYTHMS)
def test_a_healthy_source_gives_no_false_notice(kind: str) -> None:
    """A sample: `benchmarks/silence.py` has the figures for many source-years."""
    times = RHYTHMS[kind](Random(kind), dt.date(2024, 3, 1), 1.4)
    begin = max(15, len(times) // 4)
    activity, longest, judged = Activity().with_moments(times[:begin]), MIN_QUIET, 0
    for last, at in zip(times[begin - 1 :], times[begin:], strict=False):
        if at - last > longest:  # a shorter pause has passed already
            quiet, _ = judge(activity, ZONE, at, last)
            assert quiet is None, (last, at - last)
            longest, judged = at - last, judged + 1
        activity = activity.with_moments((at,))
    assert judged or kind == "many a day"


def test_learning_grows_with_the_hours_at_most_linearly() -> None:
    activities = {size: Activity().with_moments(every(2 * HOUR, size)) for size in (1_500, 6_000)}
    assert_grows_with_size(lambda size: learn(activities[size], ZONE), 1_500)
