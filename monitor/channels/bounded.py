"""An attempt to send runs within a limit of time, however the far end behaves."""

from __future__ import annotations

import asyncio
import threading
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


def run_bounded(work: Callable[[], Coroutine[Any, Any, T]], seams: Seams) -> T:
    """Run `work` in an event loop of its own. Raises CutShort after `seams.seconds`, or when `seams.stopping` is set.

    Not `asyncio.run`: that waits, without limit, for threads that still look up a name.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_race(work(), seams.seconds, seams.stopping))
    finally:
        loop.run_until_complete(_settle(loop))
        loop.close()


async def _race(work: Coroutine[Any, Any, T], seconds: float, stopping: threading.Event | None) -> T:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    task = loop.create_task(work)
    while True:
        reason = _reason(end - loop.time(), seconds, stopping)
        if reason:
            task.cancel()
        await asyncio.wait({task}, timeout=LEAVE if reason else max(0.0, min(LOOK, end - loop.time())))
        if task.done() and not task.cancelled():
            return task.result()
        if reason:
            raise CutShort(reason)


def _reason(left: float, seconds: float, stopping: threading.Event | None) -> str:
    if stopping is not None and stopping.is_set():
        return "the program was stopped"
    return f"took longer than {seconds:g} s" if left <= 0 else ""


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
