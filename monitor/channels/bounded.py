"""An attempt to send runs within a limit of time, however the far end behaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from monitor.channels.base import Seams

T = TypeVar("T")

LOOK: Final = 0.1
"""Seconds between two looks at the event that ends an attempt."""

TURNS: Final = 3
"""Turns of the loop in which a connection that was closed gives its socket back."""

LEAVE: Final = 1.0
"""Seconds that an attempt has to close its connection once it was ended."""


class CutShort(Exception):
    """The attempt was ended before it was through; the message says by what."""


def run_bounded(work: Callable[[], Coroutine[Any, Any, T]], seams: Seams, undecided: Callable[[], bool]) -> T:
    """Run `work` in an event loop of its own, within the limits of `seams`. Raises CutShort when it is ended by them.

    `undecided` tells whether the message is on its way and its fate not known: only then is `seams.stopping` not obeyed
    at once, but after `seams.grace`.
    Not `asyncio.run`: that waits, without limit, for threads that still look up a name.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_race(work(), seams, undecided))
    finally:
        loop.run_until_complete(_settle(loop))
        loop.close()


async def _race(work: Coroutine[Any, Any, T], seams: Seams, undecided: Callable[[], bool]) -> T:
    loop = asyncio.get_running_loop()
    start, stopped = loop.time(), None
    task = loop.create_task(work)
    while True:
        now = loop.time()
        if stopped is None and seams.stopping is not None and seams.stopping.is_set():
            stopped = now
        reason = _reason(seams, now - start, None if stopped is None else now - stopped, undecided=undecided())
        if reason:
            task.cancel()
        await asyncio.wait({task}, timeout=LEAVE if reason else max(0.0, min(LOOK, start + seams.seconds - now)))
        if task.done() and not task.cancelled():
            return task.result()
        if reason:
            raise CutShort(reason)


def _reason(seams: Seams, ran: float, stopped: float | None, *, undecided: bool) -> str:
    """Why an attempt is ended now; empty while it may go on. `ran` and `stopped`: seconds since its start, the stop."""
    if ran >= seams.seconds:
        return f"took longer than {seams.seconds:g} s"
    if stopped is None or (undecided and stopped < seams.grace):
        return ""
    return "the program was stopped"


async def _settle(loop: asyncio.AbstractEventLoop) -> None:
    """Let closed connections leave the loop before it ends."""
    rest = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest, timeout=LEAVE)
    await loop.shutdown_asyncgens()
    for _ in range(TURNS):
        await asyncio.sleep(0)
