"""Remove the texts of articles that are older than the configuration keeps them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Final, Protocol

from monitor.events import TextsRemoved, publish

PAUSE_SECONDS: Final = 0.1
"""Seconds between two batches, in which others can write."""

_DAY: Final = dt.timedelta(days=1)
_MIN_DAYS, _MAX_DAYS = 7, 13


class Store(Protocol):
    """The methods of the store that removing texts needs."""

    def days_with_answers(self) -> frozenset[str]:
        """Return the dates, in ISO 8601, of the last two weeks of each source on which it gave a usable answer."""
        ...

    def remove_texts(self, seen_before: dt.datetime, now: dt.datetime) -> int:
        """Remove the texts of some articles that were first seen before a time. Return how many; 0 at the end."""
        ...


def remove_old_texts(
    store: Store,
    keep: dt.timedelta,
    now: dt.datetime,
    *,
    pause: Callable[[float], bool],
    max_batches: int | None = None,
) -> int:
    """Remove the texts of articles that were first seen longer ago than `keep`, in at most `max_batches` batches.

    A clock that is ahead would make all texts old. So nothing is removed if no source was read about a week before
    `now`: the clock may have jumped since then, even if it was right in all runs before.

    Return how many articles lost their text. `pause` waits for the given number of seconds between two batches, and
    returns whether the program is about to stop.
    """
    if not _was_read_a_week_ago(store.days_with_answers(), now):
        return 0
    removed = batches = 0
    while max_batches is None or batches < max_batches:
        if pause(PAUSE_SECONDS if batches else 0):
            break
        found = store.remove_texts(now - keep, now)
        if not found:
            break
        removed, batches = removed + found, batches + 1
    if removed:
        publish(TextsRemoved(removed, now - keep))
    return removed


def _was_read_a_week_ago(days: Collection[str], now: dt.datetime) -> bool:
    """Return whether one of the days on which a source was read is 7 to 13 days ago."""
    return any((now - number * _DAY).date().isoformat() in days for number in range(_MIN_DAYS, _MAX_DAYS + 1))
