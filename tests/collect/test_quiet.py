"""What a poll records of when a source publishes, and when it says that the source is silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from monitor.collect.locate import PollContext
from monitor.collect.quiet import MIN_EQUAL_DATES, Followed, follow_activity, publication_times
from monitor.collect.result import RaiseNotice, ResolveNotice
from monitor.collect.rhythm import MIN_QUIET, QUIET_WITHOUT_RHYTHM
from monitor.model import Activity, Article, Entry, EntryChange, KnownEntry, Moment, Publication, Source, SourceState
from monitor.model.articles import Precision
from monitor.model.suppressed import FIRST_POLL_OLD, LISTED_BEHIND_KNOWN, TOO_MANY_NEW

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SOURCE = Source("one", "https://one.example/feed", "feed")
NEVER = SourceState(7, "one", SOURCE.url, added_at=NOON)
DAILY = Activity().with_moments(NOON - number * DAY for number in range(120))
POLLED = replace(
    NEVER, last_success_at=NOON - HOUR, last_new_at=NOON, activity=DAILY, newest_at=NOON, quiet_check_at=NOON
)


def listed(published: dt.datetime | None, *, why: str | None = None, known: bool = False) -> EntryChange:
    moment = None if published is None else Moment(published, "second")
    recorded = KnownEntry("1", "", 5) if known else None
    article = Article("", "", "", moment)
    return EntryChange(Entry("1", "", "", moment), article, "", None, "", known=recorded, suppressed_reason=why)


def follow(
    state: SourceState, now: dt.datetime, *entries: EntryChange, recorded: Sequence[Publication] = ()
) -> Followed:
    context = PollContext(SOURCE, state, now, SOURCE)
    return follow_activity(context, replace(state, last_success_at=now, last_new_at=now), entries, recorded)


def said(followed: Followed) -> str:
    """Return what a poll does about the notice: raise it, resolve it, or nothing."""
    kinds = [type(one).__name__.removesuffix("Notice").lower() for one in followed.notices]
    assert len(kinds) <= 1
    return kinds[0] if kinds else "nothing"


def test_a_pause_within_the_rhythm_says_nothing() -> None:
    assert said(follow(POLLED, NOON + DAY)) in ("nothing", "resolve")


def test_a_pause_beyond_the_rhythm_is_raised_with_its_figures() -> None:
    followed = follow(POLLED, NOON + 9 * DAY)
    (change,) = followed.notices
    assert isinstance(change, RaiseNotice)
    notice = change.notice
    assert (notice.kind, notice.subject) == ("silent", "one")
    assert notice.message == (
        "nothing new for 9 days: its newest entry is of 2026-11-21 12:00; in the 4 months before, its longest pause was"
        " 1 day; so long a pause is expected less than once in 100 years"
    )
    assert "monitor try" in notice.remedy


def test_a_long_pause_is_judged_once_and_then_once_a_day() -> None:
    state, now, raised = POLLED, NOON, 0
    for _ in range(9 * 48):
        now += HOUR / 2
        followed = follow(state, now)
        raised += said(followed) == "raise"
        state = followed.state
    assert 4 <= raised <= 8


@pytest.mark.parametrize("why", [None, TOO_MANY_NEW])
def test_something_new_cures_it_whatever_its_date_says(why: str | None) -> None:
    for published in (NOON + 9 * DAY, NOON - 900 * DAY, None, NOON + 40 * DAY):
        followed = follow(POLLED, NOON + 9 * DAY, listed(published, why=why))
        assert said(followed) == "resolve"
        assert followed.state.newest_at == NOON + 9 * DAY
        assert followed.state.quiet_check_at == NOON + 9 * DAY + MIN_QUIET


@pytest.mark.parametrize(
    "entry",
    [listed(NOON - 30 * DAY, why=LISTED_BEHIND_KNOWN), listed(NOON + 9 * DAY, known=True)],
    ids=["an old entry of a further page", "an edited entry"],
)
def test_what_is_not_new_does_not_cure_it(entry: EntryChange) -> None:
    assert said(follow(POLLED, NOON + 9 * DAY, entry)) == "raise"


def test_a_first_poll_that_lists_only_what_is_years_old_is_silent_at_once() -> None:
    newest = dt.datetime(2022, 3, 1, tzinfo=dt.UTC)
    entries = [listed(newest - number * 7 * DAY, why=FIRST_POLL_OLD) for number in range(20)]
    (change,) = follow(NEVER, NOON, *entries).notices
    assert isinstance(change, RaiseNotice)
    assert "its newest entry is of 2022-03-01" in change.notice.message


def test_a_first_poll_of_a_source_in_its_rhythm_is_not_silent() -> None:
    entries = [listed(NOON - (3 + number * 7) * DAY, why=FIRST_POLL_OLD) for number in range(20)]
    followed = follow(NEVER, NOON, *entries)
    assert said(followed) != "raise"
    assert followed.state.newest_at == NOON - 3 * DAY


@pytest.mark.parametrize("entries", [0, 1, 30])
def test_a_source_without_dates_that_never_lists_anything_new_is_noticed_in_a_bounded_time(entries: int) -> None:
    state = follow(NEVER, NOON, *[listed(None, why=FIRST_POLL_OLD)] * entries).state
    assert state.newest_at is None
    state = replace(state, last_new_at=NOON if entries else None)
    days = 0
    while said(followed := follow_unchanged(state, NOON + days * DAY)) != "raise" and days < 1_000:
        state, days = followed.state, days + 1
    assert days <= QUIET_WITHOUT_RHYTHM.days + 2
    (change,) = followed.notices
    assert isinstance(change, RaiseNotice)
    assert "no new entry was listed since 2026-11-21 12:00" in change.notice.message


def follow_unchanged(state: SourceState, now: dt.datetime) -> Followed:
    return follow_activity(PollContext(SOURCE, state, now, SOURCE), replace(state, last_success_at=now), (), ())


@pytest.mark.parametrize("lead", [60, 2_500])
def test_what_a_clock_that_was_ahead_recorded_delays_no_notice(lead: int) -> None:
    ahead = NOON + lead * DAY
    wrong = replace(POLLED, activity=DAILY.with_moments([ahead]), newest_at=ahead)
    state = follow(wrong, NOON).state
    assert state.newest_at == NOON
    entry = listed(NOON + DAY)
    state = follow(state, NOON + DAY, entry).state
    assert state.activity is not None
    *_, last = state.activity.hours()
    assert last == NOON + DAY, "a real day is recorded, and the future one is gone"
    if lead == 60:
        assert said(follow(state, NOON + 10 * DAY)) == "raise"


def test_a_clock_that_shows_1970_takes_nothing_from_the_rhythm() -> None:
    state = follow(POLLED, dt.datetime(1970, 1, 2, tzinfo=dt.UTC)).state
    assert (state.activity, state.newest_at) == (DAILY, NOON)


def test_after_an_upgrade_the_rhythm_is_learned_and_nothing_is_raised_at_once() -> None:
    upgraded = replace(POLLED, activity=None, newest_at=None, quiet_check_at=None)
    old = [Publication(None, NOON - (9 + number) * DAY, baseline=False) for number in range(120)]
    followed = follow(upgraded, NOON, recorded=old)
    assert said(followed) == "nothing"
    assert followed.state.newest_at == NOON - 9 * DAY
    assert said(follow(followed.state, NOON + HOUR)) == "nothing"
    assert said(follow(followed.state, NOON + DAY)) == "raise"


@pytest.mark.parametrize(
    ("published", "precision", "baseline", "expected"),
    [
        (NOON - HOUR, "second", False, NOON - HOUR),
        (NOON - HOUR, "minute", True, NOON - HOUR),
        (NOON - 9 * DAY, "second", True, NOON - 9 * DAY),
        (NOON - 9 * DAY, "second", False, NOON),  # listed late
        (NOON + 9 * DAY, "second", True, NOON),  # in the future
        (NOON - HOUR, "day", False, NOON),
        (NOON - 3 * DAY, "day", True, NOON - 2 * DAY),
        (NOON - 3 * DAY, "month", False, NOON),
        (NOON - 3 * DAY, "month", True, None),
        (None, "day", False, NOON),
        (None, "day", True, None),
    ],
)
def test_an_entry_came_when_it_was_published_or_else_when_it_was_seen(
    published: dt.datetime | None, precision: Precision, *, baseline: bool, expected: dt.datetime | None
) -> None:
    moment = None if published is None else Moment(published, precision)
    found = publication_times([Publication(moment, NOON, baseline)])
    assert found == ([] if expected is None else [expected])


def test_what_came_out_while_the_program_did_not_run_came_when_it_was_published() -> None:
    moment = Moment(NOON - 9 * DAY, "second")
    assert publication_times([Publication(moment, NOON, baseline=False)], NOON - 20 * DAY) == [NOON - 9 * DAY]


def test_dates_that_are_all_the_same_are_those_of_the_list() -> None:
    same = [Publication(Moment(NOON, "second"), NOON, baseline=True)] * MIN_EQUAL_DATES
    assert publication_times(same) == []
    assert publication_times(same[1:]) == [NOON] * (MIN_EQUAL_DATES - 1)


def test_each_change_of_the_notice_has_a_reason() -> None:
    for now in (NOON + MIN_QUIET, NOON + 9 * DAY):
        for change in follow(POLLED, now).notices:
            assert change.reason
            assert isinstance(change, RaiseNotice | ResolveNotice)
