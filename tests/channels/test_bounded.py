"""An attempt ends in time, however the far end behaves."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from monitor.channels.base import Seams
from monitor.channels.bounded import CutShort, run_bounded


def test_what_ends_in_time_gives_its_result() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        return "done"

    assert run_bounded(work, Seams(seconds=5)) == "done"


def test_what_fails_raises_its_own_error() -> None:
    async def work() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run_bounded(work, Seams(seconds=5))


def test_what_takes_too_long_is_cut_short_and_cleaned_up() -> None:
    cleaned = threading.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    with pytest.raises(CutShort, match=r"took longer than 0\.05 s"):
        run_bounded(work, Seams(seconds=0.05))
    assert cleaned.is_set()


def test_an_event_ends_it_at_once() -> None:
    stopping = threading.Event()

    async def work() -> None:
        stopping.set()
        await asyncio.Event().wait()

    start = time.monotonic()
    with pytest.raises(CutShort, match="the program was stopped"):
        run_bounded(work, Seams(seconds=60, stopping=stopping))
    assert time.monotonic() - start < 5


def test_a_thread_that_never_ends_is_not_waited_for() -> None:
    release = threading.Event()

    async def work() -> None:
        await asyncio.to_thread(release.wait, 30)

    start = time.monotonic()
    with pytest.raises(CutShort):
        run_bounded(work, Seams(seconds=0.05))
    assert time.monotonic() - start < 5
    release.set()


def test_a_task_left_behind_is_ended() -> None:
    ended = threading.Event()

    async def rest() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def work() -> None:
        work.task = asyncio.create_task(rest())  # type: ignore[attr-defined]  # kept, else it may be collected
        await asyncio.sleep(0)

    run_bounded(work, Seams(seconds=5))
    assert ended.is_set()


def test_what_was_through_when_time_ran_out_counts() -> None:
    async def work() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "through"
        return "never"

    assert run_bounded(work, Seams(seconds=0.05)) == "through"
