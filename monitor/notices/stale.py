"""A server says "not modified" although its content has changed."""

from __future__ import annotations

import datetime as dt

from monitor.model import Notice
from monitor.notices.base import NoticeType, with_count

STALE = NoticeType(
    "stale",
    "problem",
    meaning='the server said "not modified" although there were new entries; they came with the request without'
    " validators that is made once a day, so new entries of this source come up to a day late",
    remedy="tell the site that its ETag or Last-Modified stays the same when its content changes; an address with"
    " another query (`url`) may be answered by another cache",
    closed_when="the source answers, three days or more after the notice was last raised",
    ends_with_answer=True,
    shown_for=dt.timedelta(days=3),
)


def stale_validators_notice(source: str, validator: str, since: str, new: int) -> Notice:
    """Return the notice that `new` entries came although `validator`, a header, is the same as before.

    `since` is the time since which the server said "not modified".
    """
    message = (
        f'the server said "not modified" since {since}, but has {with_count(new, "new entry", "new entries")}: its'
        f" {validator} is the same as before"
    )
    return STALE.notice(
        source, message, f"new entries come up to a day late; tell the site that its {validator} does not change"
    )
