"""A write that must not be given up: it records what has already happened, and nobody else knows it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final, TypeVar

from monitor.errors import NotClaimed, StoreError
from monitor.log import logger

_FIRST: Final = 0.5
_LONGEST: Final = 30.0
"""Seconds between two tries: the first pause, which doubles, and the longest."""

_LAST_TRIES: Final = 40
_LAST_PAUSE: Final = 0.2
"""Once the program is about to end: so many more tries, so many seconds apart; eight seconds in all."""

T = TypeVar("T")

_log = logger("store")


def persist(write: Callable[[], T], stop: Event, what: str) -> T | None:
    """Call `write`, which says that `what` has ended, until the database takes it; return what it returns.

    None if an earlier try was taken after all: a server can commit, and its answer get lost. The pauses end when the
    program is about to stop. Raises StoreError if the database takes nothing in the last seconds either, and NotClaimed
    from the first try.
    """
    pause, left, tried = _FIRST, _LAST_TRIES, False
    while True:
        try:
            return write()
        except NotClaimed:
            if not tried:
                raise
            return None
        except StoreError as error:
            left -= stop.is_set()
            if left < 0:
                raise
            _log.error("unwritten", what=what, reason=str(error))
        tried = True
        if stop.is_set():
            Event().wait(_LAST_PAUSE)
        else:
            stop.wait(pause)
            pause = min(pause * 2, _LONGEST)
