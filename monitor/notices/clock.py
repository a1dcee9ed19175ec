"""The machine's clock jumped."""

from __future__ import annotations

import datetime as dt
from typing import Final

from monitor.model import Notice
from monitor.model.times import local_time
from monitor.notices.base import NoticeType, counted

SUBJECT: Final = "clock"

CLOCK = NoticeType(
    "clock",
    "information",
    meaning="the clock jumped by a minute or more: somebody or something set it, or the machine was asleep",
    remedy="let the machine take its time from the network (NTP); nothing if it was asleep",
    cure="three days have passed since the last jump",
    shown_for=dt.timedelta(days=3),
    announced=True,
)

_DAY: Final = 24 * 60
_NTP: Final = "let the machine take its time from the network (NTP)"


def set_back(by: dt.timedelta, now: dt.datetime, zone: dt.tzinfo) -> Notice:
    """Return the notice that the clock was ahead `by` so much, and shows `now` since."""
    message = (
        f"the clock was set back by {_length(by)}, from {local_time(now + by, zone)} to {local_time(now, zone)}:"
        " what was recorded while it was ahead has times that are too late"
    )
    return CLOCK.notice(SUBJECT, message, f"{_NTP}; sources, retries and digests go on as from now")


def went_forward(by: dt.timedelta, now: dt.datetime, zone: dt.tzinfo) -> Notice:
    """Return the notice that the clock went forward `by` so much, to `now`, while no such time passed here."""
    message = (
        f"the clock went forward by {_length(by)}, from {local_time(now - by, zone)} to {local_time(now, zone)}:"
        " it was set, or the machine was asleep and nothing was polled or sent"
    )
    return CLOCK.notice(SUBJECT, message, f"nothing if the machine was asleep, else {_NTP}")


def _length(by: dt.timedelta) -> str:
    """Return a length of time in its two largest units, to the minute."""
    minutes = round(by.total_seconds() / 60)
    parts = (
        (minutes // _DAY, "day", "days"),
        (minutes % _DAY // 60, "hour", "hours"),
        (minutes % 60, "minute", "minutes"),
    )
    return " ".join([counted(*part) for part in parts if part[0]][:2])
