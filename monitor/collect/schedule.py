"""When to poll a source again. Pure.

The interval is halved after a poll with news, and grows by half after a poll without news. It stays between the minimum
(`[fetch] min_every`) and the source's maximum (its own `every`, or else `[fetch] max_every`). A poll may come up to a
tenth earlier than the interval, so that sources are not always polled together. It comes later if the server or the
feed asks for that, but not later than `every`, which is the user's wish, not later than a day, and before more than
half of the list may be replaced. After each error the interval doubles, with jitter, to at most a day. Polling never
stops by itself, unless a server says that the source is gone. A wait of more than a day that a server asks for is kept
by the gate: the poll after a day is postponed again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.model import NO_HINTS, PollHints

FIRST_INTERVAL = dt.timedelta(minutes=30)
"""The first interval of a source whose table has no `every`."""

MAX_WAIT = dt.timedelta(days=1)
"""The longest wait until the next poll."""

_SHORTEN_FACTOR, _LENGTHEN_FACTOR = 0.5, 1.5
_LONGEST_FOR_UNKNOWN = dt.timedelta(hours=1)  # where the dates do not tell how soon a list is replaced
_JITTER = 0.2
_REGULAR_JITTER = 0.1
_MAX_SPREAD = dt.timedelta(minutes=5)  # after a host has rested, its sources are not polled all at once


@dataclass(frozen=True, slots=True)
class Limits:
    """The shortest interval, and the longest interval of sources without their own `every`."""

    floor: dt.timedelta = dt.timedelta(minutes=5)
    ceiling: dt.timedelta = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PollWishes:
    """How long not to poll: until the answer is no longer fresh (HTTP), and what the feed itself says.

    Many servers send the same Cache-Control with everything. So no wait is longer than the time in which half of the
    list is replaced: after a longer one, entries may be gone from the list before they were seen.
    """

    fresh_for: dt.timedelta | None = None
    hints: PollHints = NO_HINTS

    @property
    def minimum(self) -> tuple[dt.timedelta, str]:
        """The longer of the two waits, as far as the list allows it, and who asks for it."""
        longest = self.hints.turnover or _LONGEST_FOR_UNKNOWN
        feed = min(self.hints.minimum or dt.timedelta(), longest)
        fresh_for = min(self.fresh_for or dt.timedelta(), longest)
        if fresh_for and fresh_for >= feed:
            return fresh_for, "its server says that the answer is fresh until then (Cache-Control or Expires)"
        return feed, f"the feed asks for this interval ({self.hints.minimum_by})"


NO_WISHES = PollWishes()


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
    wishes: PollWishes = NO_WISHES,
    jitter: float = 0.0,
) -> PollSchedule:
    """Return when to poll after an answer that was read.

    `interval` is the present interval. It does not change after a first poll. `jitter` is a random number from 0 to 1.
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
    wait = max(interval * (1 - _REGULAR_JITTER * jitter), min(limits.floor, interval))
    next_at, asked = _respect(wishes, now + wait, now=now, latest=now + min(every or MAX_WAIT, MAX_WAIT))
    return PollSchedule(interval, next_at, f"{reason}; {asked}" if asked else reason)


def _respect(wishes: PollWishes, at: dt.datetime, *, now: dt.datetime, latest: dt.datetime) -> tuple[dt.datetime, str]:
    """Return when to poll, and why it is later than `at` ("": it is not). The wishes delay it to `latest` at most."""
    minimum, reason = wishes.minimum
    later = max(at, min(now + minimum, latest))
    allowed = max(later, min(wishes.hints.first_allowed(later), latest))
    if allowed > later:
        return allowed, "the feed says that it does not change before (skipHours, skipDays)"
    return later, reason if later > at else ""


def after_failure(
    interval: dt.timedelta | None,
    *,
    every: dt.timedelta | None,
    limits: Limits,
    failures: int,
    retry_after: dt.timedelta | None,
    now: dt.datetime,
    jitter: float,
    may_pass: bool = False,
) -> PollSchedule:
    """Return when to poll after the `failures`-th failure in a row.

    The next poll is never earlier than the server asks for (`retry_after`). `jitter` is a random number from 0 to 1, so
    that sources that failed together are not polled together again. `may_pass`: the cause often ends soon, so the first
    waits are short even if the interval is long.
    """
    interval = min(max(interval or every or FIRST_INTERVAL, limits.floor), MAX_WAIT)
    backoff = (min(interval, FIRST_INTERVAL) if may_pass else interval) * 2 ** min(failures - 1, 16)
    wait = max(min(backoff, MAX_WAIT) * (1 - _JITTER * jitter), min(limits.floor, MAX_WAIT))
    if retry_after is not None and retry_after > wait:
        return PollSchedule(interval, now + min(retry_after, MAX_WAIT), "the server asked to wait")
    reason = f"failure {failures}: backing off" + (
        ", from a short wait, because the cause may pass" if may_pass else ""
    )
    return PollSchedule(interval, now + wait, reason)


def after_rest(interval: dt.timedelta, wait: dt.timedelta, *, now: dt.datetime, jitter: float) -> PollSchedule:
    """Return when to poll a source that was not requested, because its host does not want requests for the time `wait`.

    `interval` is the present interval, which does not change. `jitter` is a random number from 0 to 1.
    """
    spread = min(wait * _JITTER, _MAX_SPREAD) * jitter
    return PollSchedule(interval, now + min(wait + spread, MAX_WAIT), "postponed: its server asked to wait")
