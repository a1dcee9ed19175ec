"""Entries may have been listed and removed again between two polls."""

from __future__ import annotations

import datetime as dt

from monitor.model import Notice
from monitor.model.times import local_time
from monitor.notices.base import NoticeType, advise_try

GAP = NoticeType(
    "gap",
    "problem",
    meaning="entries may be missing: the list had only new entries, apart from a few old ones; or a further page of the"
    " list could not be read",
    remedy="set a shorter `every` in its table; `monitor try NAME` shows what a further page gives",
    closed_when="the source answers, three days or more after the notice was last raised",
    ends_with_answer=True,
    shown_for=dt.timedelta(days=3),
)


def overflow_notice(source: str, new: int, old: int, since: dt.datetime, zone: dt.tzinfo) -> Notice:
    """Return the notice that an answer does not overlap with the answer before, so that entries may be missing.

    `new` entries of the answer were new. The `old` other entries, if any, do not prove an overlap. `since` is the time
    of the answer before, which is shown in `zone`.
    """
    what = f"{new} entries were new, and only older ones are still listed" if old > 0 else f"all {new} entries were new"
    message = f"{what}: other entries may have come and gone since {local_time(since, zone)}"
    return GAP.notice(source, message, "poll the source more often: set `every` in its table")


def page_unread_notice(source: str, reason: str) -> Notice:
    """Return the notice that a further page of the list could not be read, so that entries may be missing."""
    remedy = f"the next polls try again; {advise_try(source)}"
    return GAP.notice(source, f"entries may be missing: {reason}", remedy)
