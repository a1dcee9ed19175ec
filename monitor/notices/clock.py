"""The machine's clock jumped."""

from __future__ import annotations

import datetime as dt
from typing import Final

from monitor.model import Notice
from monitor.notices.base import NoticeType

SUBJECT: Final = "clock"

CLOCK = NoticeType(
    "clock",
    "information",
    meaning="the clock jumped by a minute or more: somebody or something set it, or the machine was asleep",
    remedy="nothing, if the machine was asleep; if not, let it take its time from the network (NTP); `monitor status`"
    " shows when each source is polled next",
    closed_when="three days have passed since the last jump",
    shown_for=dt.timedelta(days=3),
    announced=True,
)

_NTP: Final = "let the machine take its time from the network (NTP)"


def set_back_notice(by: str, before: str, now: str) -> Notice:
    """Return the notice that the clock was set back by `by`, from `before` to `now`, because it had been ahead."""
    message = (
        f"the clock was set back by {by}, from {before} to {now}: what was recorded while it was ahead has times that"
        " are too late"
    )
    return CLOCK.notice(SUBJECT, message, f"{_NTP}; sources, retries and digests continue from the present time")


def went_forward_notice(by: str, before: str, now: str) -> Notice:
    """Return the notice that the clock jumped forward by `by`, from `before` to `now`."""
    message = (
        f"the clock went forward by {by}, from {before} to {now}: it was set, or the machine was asleep and nothing was"
        " polled or sent"
    )
    return CLOCK.notice(SUBJECT, message, f"nothing, if the machine was asleep; if not, {_NTP}")
