"""A digest is due at its local times, once each, whatever the clock and the calls do."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.schedule import Schedule, due_window, next_due, parse_schedule
from monitor.model import DigestState, Window

HOUR = dt.timedelta(hours=1)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def state(start: str, last_end: str | None = None) -> DigestState:
    return DigestState("morning", utc(start), utc(last_end) if last_end else None)


def due(at: str, zone: str, start: str, now: str) -> Window | None:
    return due_window(parse_schedule(at), zone, state(start), utc(now))


def slots(at: str, zone: str, start: str, end: str, step: dt.timedelta = dt.timedelta(minutes=5)) -> list[str]:
    """Return the slots of all editions that are built when it is asked every `step`."""
    schedule, now, found = parse_schedule(at), utc(start), []
    known = state(start)
    while now <= utc(end):
        window = due_window(schedule, zone, known, now)
        if window is not None:
            found.append(window.slot)
            known = DigestState(known.name, known.born_at, window.end)
        now += step
    return found


# --- what may be written ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "crons"),
    [
        ("08:00", ("0 8 * * *",)),
        ("8:05", ("5 8 * * *",)),
        ("08:00,18:00 mon-fri", ("0 8 * * 1,2,3,4,5", "0 18 * * 1,2,3,4,5")),
        ("08:00, 18:30", ("0 8 * * *", "30 18 * * *")),
        ("08:00 mon,wed,fri", ("0 8 * * 1,3,5",)),
        ("08:00 Mon, Wed", ("0 8 * * 1,3",)),
        ("23:59 sat-sun", ("59 23 * * 6,0",)),
        ("08:00 fri-mon", ("0 8 * * 1,5,6,0",)),
        ("08:00 sun", ("0 8 * * 0",)),
        ("08:00,8:00", ("0 8 * * *",)),
        ("0 8 * * 1-5", ("0 8 * * 1-5",)),
        ('cron "0 8 * * 1-5"', ("0 8 * * 1-5",)),
        ("*/15 9-17 * * mon", ("*/15 9-17 * * mon",)),
    ],
)
def test_times_of_day_and_cron_lines_are_read(text: str, crons: tuple[str, ...]) -> None:
    assert parse_schedule(text) == Schedule(text, crons)


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("every 2h", 2 * HOUR),
        ("every 30m", HOUR / 2),
        ("every 90 min", 1.5 * HOUR),
        ("Every  2 hours", 2 * HOUR),
        ("every 1 day", 24 * HOUR),
    ],
)
def test_intervals_are_read(text: str, every: dt.timedelta) -> None:
    assert parse_schedule(text) == Schedule(text, every=every)


def test_now_is_immediate_and_nothing_else_is() -> None:
    assert parse_schedule(" Now ").is_immediate
    assert not parse_schedule("08:00").is_immediate
    assert not parse_schedule("every 2h").is_immediate


def test_a_schedule_shows_what_was_written() -> None:
    assert str(parse_schedule("08:00 mon-fri")) == "08:00 mon-fri"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is not a schedule; write \"08:00\""),
        ("daily", "'daily' is not a schedule"),
        ("08", "is not a schedule"),
        ("0 8 * *", "is not a schedule"),
        ("0 0 8 * * *", "is not a schedule"),
        ("24:00", "'24:00' is not a time of day"),
        ("08:60", "'08:60' is not a time of day"),
        ("08:00,", "'' is not a time of day"),
        ("08:00 am", "'am' is not a weekday"),
        ("08:00 mon-", "'mon-' is not a weekday"),
        ("08:00 mon fri", "'mon fri' is not a weekday"),
        ("08:00 mo-fr", "'mo-fr' is not a weekday; write mon, tue"),
        ("08:00 monday", "'monday' is not a weekday; did you mean \"08:00 mon\"?"),
        ("every", "'every' is not an interval"),
        ("every 0h", "'every 0h' is not an interval"),
        ("every 2", "is not an interval"),
        ("every 2w", "is not an interval"),
        ("every -1h", "is not an interval"),
        ("every ２h", "is not an interval"),
        ("every 08:00", "is not an interval"),
        ("61 8 * * *", "cannot read the cron line '61 8 * * *': the minute is not valid"),
        ("0 8 * * 8", "the day of the week is not valid"),
        ("0 0 31 2 *", "the day of the month is not valid"),
    ],
)
def test_what_is_no_schedule_is_refused_with_what_could_be_written(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        parse_schedule(text)
    assert "write" in str(caught.value) or "cron" in str(caught.value)


def test_a_cron_line_that_never_comes_true_is_refused() -> None:
    with pytest.raises(ValueError, match="matches no date"):
        parse_schedule("0 0 */30 2 mon#5")


@given(st.text(max_size=30))
def test_any_text_is_a_schedule_or_a_value_error(text: str) -> None:
    try:
        schedule = parse_schedule(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either outcome is right, an empty message is not
    else:
        assert schedule.text == text


# --- windows ----------------------------------------------------------------------------------------------------------


def test_nothing_is_due_before_the_slot_and_the_slot_is_due_at_its_very_moment() -> None:
    start = "2026-11-20T12:00+08:00"
    assert due("08:00", "Asia/Shanghai", start, "2026-11-21T07:59:59.999999+08:00") is None
    window = due("08:00", "Asia/Shanghai", start, "2026-11-21T08:00+08:00")
    assert window == Window(utc(start), utc("2026-11-21T00:00Z"), "2026-11-21 08:00")


def test_a_slot_before_the_digest_was_born_is_not_due() -> None:
    assert due("08:00", "UTC", "2026-11-20T08:00Z", "2026-11-20T09:00Z") is None


def test_what_was_missed_is_one_window_over_the_whole_gap() -> None:
    window = due("08:00,18:00 mon-fri", "UTC", "2026-11-09T00:00Z", "2026-11-22T03:00Z")
    assert window == Window(utc("2026-11-09T00:00Z"), utc("2026-11-20T18:00Z"), "2026-11-20 18:00")


def test_a_window_begins_where_the_last_one_ended() -> None:
    known = state("2026-11-01T00:00Z", "2026-11-20T08:00Z")
    window = due_window(parse_schedule("08:00"), "UTC", known, utc("2026-11-21T08:30Z"))
    assert window == Window(utc("2026-11-20T08:00Z"), utc("2026-11-21T08:00Z"), "2026-11-21 08:00")
    assert due_window(parse_schedule("08:00"), "UTC", known, utc("2026-11-21T07:30Z")) is None


def test_an_interval_is_counted_from_the_midnight_of_1970_in_its_zone() -> None:
    window = due("every 2h", "Asia/Kolkata", "2026-11-20T00:00Z", "2026-11-20T03:00Z")
    assert window == Window(utc("2026-11-20T00:00Z"), utc("2026-11-20T02:30Z"), "2026-11-20T02:30+00:00")


def test_an_interval_goes_on_through_a_change_of_the_clock() -> None:
    found = slots("every 2h", "Europe/Berlin", "2026-10-24T20:00Z", "2026-10-25T06:00Z")
    assert [utc(slot).hour for slot in found] == [21, 23, 1, 3, 5]


AHEAD = state("2026-11-01T00:00Z", "2031-01-01T08:00Z")


@pytest.mark.parametrize(
    ("at", "start", "end"),
    [
        ("08:00", "2026-11-18T08:00Z", "2026-11-19T08:00Z"),
        ("every 2h", "2026-11-19T10:00Z", "2026-11-19T12:00Z"),
        ("* * * * *", "2026-11-19T11:59Z", "2026-11-19T12:00Z"),
    ],
)
def test_a_clock_that_was_ahead_once_silences_no_digest(at: str, start: str, end: str) -> None:
    window = due_window(parse_schedule(at), "UTC", AHEAD, utc("2026-11-19T12:00Z"))
    assert window is not None
    assert (window.start, window.end) == (utc(start), utc(end))


def test_a_digest_born_by_a_clock_that_was_ahead_is_not_silent_until_then() -> None:
    window = due("08:00", "UTC", "2031-01-01T00:00Z", "2026-11-19T12:00Z")
    assert window == Window(utc("2026-11-18T08:00Z"), utc("2026-11-19T08:00Z"), "2026-11-19 08:00")


def test_a_clock_that_was_ahead_makes_no_slot_from_before_the_birth_due() -> None:
    known = state("2026-11-19T09:00Z", "2031-01-01T08:00Z")
    assert due_window(parse_schedule("08:00"), "UTC", known, utc("2026-11-19T12:00Z")) is None


@pytest.mark.parametrize("at", ["08:00", "every 2h", "*/10 * * * *"])
@given(minutes=st.lists(st.integers(0, 90), min_size=1, max_size=30))
def test_behind_a_clock_that_was_ahead_each_slot_has_one_name_and_one_window(at: str, minutes: list[int]) -> None:
    """So the caller, who asks whether a slot of this name was built, builds none twice."""
    now, found = utc("2026-11-19T12:00Z"), set()
    for step in minutes:
        now += dt.timedelta(minutes=step)
        window = due_window(parse_schedule(at), "UTC", AHEAD, now)
        assert window is not None
        assert window.start < window.end <= now
        found.add(window)
    assert len({window.slot for window in found}) == len(found)
    assert all(earlier.end <= later.start for earlier, later in pairwise(sorted(found, key=lambda w: w.end)))


def test_now_is_due_whenever_it_is_asked_and_its_windows_go_on_from_one_another() -> None:
    schedule, known = parse_schedule("now"), state("2026-11-20T08:00Z")
    first = due_window(schedule, "UTC", known, utc("2026-11-20T08:30Z"))
    assert first == Window(utc("2026-11-20T08:00Z"), utc("2026-11-20T08:30Z"), "2026-11-20T08:30:00+00:00")
    assert next_due(schedule, "UTC", utc("2026-11-20T08:30Z")) is None


@pytest.mark.parametrize("now", ["2026-11-20T08:00Z", "2026-11-20T07:00Z"])
def test_now_at_the_moment_of_birth_or_before_it_still_makes_a_window_that_ends_after_its_start(now: str) -> None:
    window = due_window(parse_schedule("now"), "UTC", state("2026-11-20T08:00Z"), utc(now))
    assert window is not None
    assert window.end - window.start == dt.timedelta(microseconds=1)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        due_window(parse_schedule("08:00"), "UTC", state("2026-11-20T08:00Z"), dt.datetime(2026, 11, 20))  # noqa: DTZ001 - naive on purpose


# --- clocks that skip or repeat ---------------------------------------------------------------------------------------


class Change(NamedTuple):
    """A slot `at` within a change of the clock, on which `days`, and where it is (`slot_at`) on the changed day."""

    zone: str
    start: str
    end: str
    at: str
    days: list[int]
    slot_at: str


CHANGES = [
    Change("Europe/Berlin", "2026-03-27T12:00Z", "2026-03-31T12:00Z", "02:30", [28, 29, 30, 31], "2026-03-29T01:00Z"),
    Change("Europe/Berlin", "2026-03-27T12:00Z", "2026-03-31T12:00Z", "02:00", [28, 29, 30, 31], "2026-03-29T01:00Z"),
    Change("Europe/Berlin", "2026-03-27T12:00Z", "2026-03-31T12:00Z", "03:00", [28, 29, 30, 31], "2026-03-29T01:00Z"),
    Change("Europe/Berlin", "2026-10-23T12:00Z", "2026-10-27T12:00Z", "02:30", [24, 25, 26, 27], "2026-10-25T00:30Z"),
    Change("Europe/Berlin", "2026-10-23T12:00Z", "2026-10-27T12:00Z", "02:00", [24, 25, 26, 27], "2026-10-25T00:00Z"),
    Change("Europe/Berlin", "2026-10-23T12:00Z", "2026-10-27T12:00Z", "03:00", [24, 25, 26, 27], "2026-10-25T02:00Z"),
    Change("America/New_York", "2026-03-06T12:00Z", "2026-03-10T12:00Z", "02:15", [7, 8, 9, 10], "2026-03-08T07:00Z"),
    Change("America/New_York", "2026-10-30T12:00Z", "2026-11-03T12:00Z", "01:45", [31, 1, 2, 3], "2026-11-01T05:45Z"),
    # Lord Howe moves by half an hour: 02:00 to 02:30 is skipped in October, 01:30 to 02:00 comes twice in April.
    Change("Australia/Lord_Howe", "2026-10-02T12:00Z", "2026-10-06T12:00Z", "02:10", [3, 4, 5, 6], "2026-10-03T15:30Z"),
    Change("Australia/Lord_Howe", "2026-04-03T12:00Z", "2026-04-07T12:00Z", "01:40", [4, 5, 6, 7], "2026-04-04T14:40Z"),
    # Samoa left out 30 December 2011.
    Change("Pacific/Apia", "2011-12-28T20:00Z", "2012-01-01T00:00Z", "08:00", [29, 30, 31, 1], "2011-12-30T10:00Z"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.zone} {change.slot_at[:10]} {change.at}")
@pytest.mark.parametrize("step", [dt.timedelta(minutes=5), dt.timedelta(minutes=47)])
def test_a_slot_within_a_change_of_the_clock_is_made_once(change: Change, step: dt.timedelta) -> None:
    found = slots(change.at, change.zone, change.start, change.end, step)
    assert [int(slot[8:10]) for slot in found] == change.days
    assert all(slot.endswith(change.at) for slot in found)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.zone} {change.slot_at[:10]} {change.at}")
def test_a_slot_within_a_change_is_at_its_first_occurrence_or_at_the_end_of_the_skip(change: Change) -> None:
    moment, schedule = utc(change.slot_at), parse_schedule(change.at)
    known = DigestState("d", moment - 3 * HOUR)
    assert due_window(schedule, change.zone, known, moment - dt.timedelta(seconds=1)) is None
    window = due_window(schedule, change.zone, known, moment)
    assert window is not None
    assert window.end == moment
    assert next_due(schedule, change.zone, moment - dt.timedelta(seconds=1)) == moment


def test_slots_that_a_skip_puts_on_one_instant_are_one_edition_named_by_the_last() -> None:
    found = slots("02:15,02:45,03:00", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z")
    assert found == ["2026-03-29 03:00"]


def test_each_slot_of_a_repeated_hour_comes_once() -> None:
    found = slots("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:50Z", "2026-10-25T02:30Z")
    assert [slot[11:] for slot in found] == ["02:00", "02:30", "03:00", "03:30"]


def test_a_repeated_hour_does_not_hide_what_was_missed_in_its_first_turn() -> None:
    # 02:10 for the second time: the clock has already shown 02:59.
    window = due("02:50", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T01:10Z")
    assert window is not None
    assert window.slot == "2026-10-25 02:50"


# --- laws -------------------------------------------------------------------------------------------------------------

ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
         "America/St_Johns", "Africa/Casablanca", "Pacific/Chatham", "Europe/Dublin"]  # fmt: skip
SCHEDULES = ["08:00", "02:30", "01:45,02:15,03:00", "08:00,18:00 mon-fri", "every 2h", "every 45m", "*/20 * * * *",
             "30 2 * * 0", "0 12 1 * *", "15 1-3 * * *"]  # fmt: skip

calls = st.lists(st.integers(0, 40 * 24 * 60), min_size=1, max_size=25)
births = st.sampled_from(["2026-03-01T00:00Z", "2026-04-01T11:59Z", "2026-09-20T00:00Z", "2026-10-15T05:30Z"])


def windows(schedule: Schedule, zone: str, born: dt.datetime, asked: list[dt.datetime]) -> list[Window]:
    found: list[Window] = []
    for now in asked:
        last = found[-1].end if found else None
        window = due_window(schedule, zone, DigestState("d", born, last), now)
        if window is not None:
            found.append(window)
    return found


@given(st.sampled_from(SCHEDULES), st.sampled_from(ZONES), births, calls)
def test_windows_tile_time_and_name_each_slot_once(at: str, zone: str, birth: str, minutes: list[int]) -> None:
    """For calls at any times: no gap, no overlap, no slot twice, nothing due left behind."""
    schedule, born = parse_schedule(at), utc(birth)
    asked = sorted(born + dt.timedelta(minutes=minute, seconds=minute % 60) for minute in minutes)
    found = windows(schedule, zone, born, asked)
    assert all(window.start < window.end for window in found)
    assert [window.start for window in found] == [born, *(window.end for window in found)][: len(found)]
    assert len({window.slot for window in found}) == len(found)
    last = found[-1].end if found else born
    coming = next_due(schedule, zone, last)
    assert coming is not None
    assert coming > max(asked)


@given(st.sampled_from(SCHEDULES), st.sampled_from(ZONES), births, calls)
def test_whatever_the_clock_did_before_the_latest_slot_is_built_or_due(
    at: str, zone: str, birth: str, minutes: list[int]
) -> None:
    """For calls in any order, as of a clock that goes back and forth, where what was built is not built again."""
    schedule, born = parse_schedule(at), utc(birth)
    taken: set[str] = set()
    end = None
    for minute in minutes:
        now = born + dt.timedelta(minutes=minute)
        window = due_window(schedule, zone, DigestState("d", born, end), now)
        if window is not None:
            assert window.start < window.end <= now
            taken.add(window.slot)
            end = max(end or born, window.end)
        fresh = due_window(schedule, zone, DigestState("d", born), now)
        assert fresh is None or fresh.slot in taken


@given(st.sampled_from(SCHEDULES), st.sampled_from(ZONES), births, calls)
def test_asked_often_or_seldom_an_edition_ends_at_the_same_moments(
    at: str, zone: str, birth: str, minutes: list[int]
) -> None:
    schedule, born = parse_schedule(at), utc(birth)
    asked = sorted(born + dt.timedelta(minutes=minute % (3 * 24 * 60)) for minute in minutes)
    often = [born + dt.timedelta(minutes=minute) for minute in range(0, 3 * 24 * 60 + 1, 15)]
    ends = {window.end: window.slot for window in windows(schedule, zone, born, sorted([*often, *asked]))}
    for window in windows(schedule, zone, born, asked):
        assert ends[window.end] == window.slot


@given(births, calls)
def test_now_tiles_time_too_even_when_the_clock_goes_back(birth: str, minutes: list[int]) -> None:
    born = utc(birth)
    found = windows(parse_schedule("now"), "UTC", born, [born + dt.timedelta(minutes=minute) for minute in minutes])
    assert len(found) == len(minutes)
    assert all(window.start < window.end for window in found)
    assert all(before.end == after.start for before, after in pairwise(found))
    assert len({window.slot for window in found}) == len(found)


@given(st.sampled_from(SCHEDULES), st.sampled_from(ZONES), births, st.integers(0, 300 * 24 * 60))
def test_the_next_due_moment_is_the_first_at_which_a_window_is_due(
    at: str, zone: str, birth: str, minutes: int
) -> None:
    schedule, now = parse_schedule(at), utc(birth) + dt.timedelta(minutes=minutes)
    coming = next_due(schedule, zone, now)
    assert coming is not None
    assert coming > now
    window = due_window(schedule, zone, DigestState("d", now), coming)
    assert window is not None
    assert window.end == coming
    assert due_window(schedule, zone, DigestState("d", now), coming - dt.timedelta(microseconds=1)) is None


@given(st.sampled_from(ZONES), st.integers(0, 366 * 24 * 60))
def test_slots_are_named_by_the_local_time_that_the_user_wrote(zone: str, minutes: int) -> None:
    now = utc("2026-01-01T00:00Z") + dt.timedelta(minutes=minutes)
    window = due_window(parse_schedule("07:45"), zone, DigestState("d", now - 25 * HOUR), now)
    assert window is not None
    assert window.slot.endswith(" 07:45")
    assert window.end.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") == window.slot
