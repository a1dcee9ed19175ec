"""When to poll a source again. Pure.

The interval is halved after a poll with news, and grows by half after a poll without news. It stays between the minimum
(`[fetch] min_every`) and the source's maximum (its own `every`, or else `[fetch] max_every`). After each error the
interval doubles, with jitter, to at most a day. Polling never stops by itself, unless a server says that the source is
gone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FIRST_INTERVAL = dt.timedelta(minutes=30)
"""The first interval of a source whose table has no `every`."""

MAX_WAIT = dt.timedelta(days=1)
"""The longest wait until the next poll."""

_SHORTEN_FACTOR, _LENGTHEN_FACTOR = 0.5, 1.5
_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Limits:
    """The shortest interval, and the longest interval of sources without their own `every`."""

    floor: dt.timedelta = dt.timedelta(minutes=5)
    ceiling: dt.timedelta = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PollSchedule:
    """The decision when to poll next: the interval to store, the time of the next poll, and the reason."""

    interval: dt.timedelta
    next_at: dt.datetime
    reason: str


def after_success(
    interval: dt.timedelta | None,
    *,
    every: dt.timedelta | None,
    limits: Limits,
    first_poll: bool,
    has_news: bool,
    now: dt.datetime,
) -> PollSchedule:
    """Return when to poll after an answer that was read.

    `interval` is the present interval. It does not change after a first poll.
    """
    ceiling = max(every or limits.ceiling, limits.floor)
    interval = interval or every or min(FIRST_INTERVAL, ceiling)
    if first_poll:
        reason = "first poll"
    elif has_news:
        interval, reason = interval * _SHORTEN_FACTOR, "news: sooner"
    else:
        interval, reason = interval * _LENGTHEN_FACTOR, "no news: later"
    interval = min(max(interval, limits.floor), ceiling)
    return PollSchedule(interval, now + interval, reason)


def after_failure(
    interval: dt.timedelta | None,
    *,
    every: dt.timedelta | None,
    limits: Limits,
    failures: int,
    retry_after: dt.timedelta | None,
    now: dt.datetime,
    jitter: float,
) -> PollSchedule:
    """Return when to poll after the `failures`-th failure in a row.

    The next poll is never earlier than the server asks for (`retry_after`). `jitter` is a random number from 0 to 1, so
    that sources that failed together are not polled together again.
    """
    interval = min(max(interval or every or FIRST_INTERVAL, limits.floor), MAX_WAIT)
    backoff = interval * 2 ** min(failures - 1, 16)
    wait = max(min(backoff, MAX_WAIT) * (1 - _JITTER * jitter), min(limits.floor, MAX_WAIT))
    if retry_after is not None and retry_after > wait:
        return PollSchedule(interval, now + min(retry_after, MAX_WAIT), "the server asked to wait")
    return PollSchedule(interval, now + wait, f"failure {failures}: backing off")
