"""A source lists nothing new for longer than its rhythm explains."""

from __future__ import annotations

import datetime as dt
from typing import Final

from monitor.model import Notice, Quiet
from monitor.model.times import duration_in_words, local_time
from monitor.notices.base import NoticeType, with_count

SILENT = NoticeType(
    "silent",
    "problem",
    meaning="the source answers, but has listed nothing new for longer than its own rhythm explains; holidays are taken"
    " into account",
    remedy="open its address in a browser: if newer entries are there, `monitor try NAME` shows what is read of it; if"
    " the source has ended or moved, remove its table or change its `url`",
    closed_when="the source lists something new",
)

_DAYS_PER_MONTH: Final = 30.4
_MAX_MONTHS: Final = 24  # a longer time is stated in years
_MAX_YEARS: Final = 100


def silent_notice(source: str, quiet: Quiet, now: dt.datetime, zone: dt.tzinfo, *, has_newest: bool = True) -> Notice:
    """Return the notice that a source lists nothing new, with how unusual that is. Times are shown in `zone`.

    `has_newest`: the pause began with an entry; else with the first poll of entries without dates.
    """
    last = "its newest entry is of" if has_newest else "no new entry was listed since"
    message = f"nothing new for {_length(now - quiet.since)}: {last} {local_time(quiet.since, zone)}"
    if quiet.longest is not None:
        message += f"; in the {_period(quiet.observed)} before, its longest pause was {_length(quiet.longest)}"
    if quiet.years is not None:
        message += f"; so long a pause is expected {_how_often(quiet.years)}"
    remedy = (
        f'open its address in a browser: if newer entries are there, see what is read of it: monitor try "{source}";'
        " if the source has ended or moved, remove its table or change its url"
    )
    return SILENT.notice(source, message, remedy)


def _length(pause: dt.timedelta) -> str:
    """Return the length of a pause in words: in days or, if it is short, in hours."""
    if pause < dt.timedelta(days=2):
        return duration_in_words(dt.timedelta(hours=max(round(pause / dt.timedelta(hours=1)), 1)))
    return with_count(round(pause / dt.timedelta(days=1)), "day", "days")


def _period(observed: dt.timedelta) -> str:
    """Return the length of the observed time in words, in days, months or years."""
    days = max(round(observed / dt.timedelta(days=1)), 1)
    months = round(days / _DAYS_PER_MONTH)
    if months > _MAX_MONTHS:
        return with_count(round(months / 12), "year", "years")
    return with_count(months, "month", "months") if months > 1 else with_count(days, "day", "days")


def _how_often(years: float) -> str:
    """Return in words how often a pause is expected that comes once in so many years."""
    if years > _MAX_YEARS:
        return f"less than once in {_MAX_YEARS} years"
    if years < 1:
        return "more than once a year"
    return f"about once in {with_count(round(years), 'year', 'years')}"
