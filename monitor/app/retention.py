"""Remove the texts of articles that are older than the configuration keeps them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final, Protocol

from monitor.events import TextsRemoved, publish

PAUSE_SECONDS: Final = 0.1
"""Seconds between two batches, in which others can write."""


class Store(Protocol):
    """The method of the store that removes texts."""

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

    Return how many articles lost their text. `pause` waits for the given number of seconds between two batches, and
    returns whether the program is about to stop.
    """
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
