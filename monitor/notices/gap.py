"""Entries may have come and gone between two polls."""

from __future__ import annotations

import datetime as dt

from monitor.model import Notice
from monitor.model.times import local_time
from monitor.notices.base import NoticeType, see_what_it_gives

GAP = NoticeType(
    "gap",
    "problem",
    meaning="all that the source listed was new, but for a few old entries, or a further page of it could not be read:"
    " entries may be missing",
    remedy="set a shorter `every` in its table; what a further page gives is shown by `monitor try NAME`",
    cure="it answers, three days after it was raised last",
    ends_with_answer=True,
    shown_for=dt.timedelta(days=3),
)


def overflowed(source: str, new: int, old: int, since: dt.datetime, zone: dt.tzinfo) -> Notice:
    """Return the notice that `new` entries of an answer were new, and the `old` others, if any, show no overlap.

    `since` was the answer before, in `zone`.
    """
    what = f"{new} entries were new, and only older ones are still listed" if old > 0 else f"all {new} entries were new"
    message = f"{what}: others may have come and gone since {local_time(since, zone)}"
    return GAP.notice(source, message, "poll it more often: set `every` in its table")


def page_unread(source: str, reason: str) -> Notice:
    """Return the notice that a further page, on which entries may be, could not be read."""
    remedy = f"the next polls try again; {see_what_it_gives(source)}"
    return GAP.notice(source, f"entries may be missing: {reason}", remedy)
