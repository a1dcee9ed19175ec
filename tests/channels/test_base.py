"""An attempt ends in time, however the far end behaves; and what the options of several kinds have in common."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic import TypeAdapter

from monitor.channels.base import AttemptInterrupted, RelativeToConfiguration, SendLimits, is_local_host, run_bounded
from tests.support.waiting import NEVER

T = TypeVar("T")


def run(work: Callable[[], Coroutine[Any, Any, T]], limits: SendLimits, *, undecided: bool = False) -> T:
    return run_bounded(work, limits, lambda: undecided)


def test_what_ends_in_time_gives_its_result() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        return "done"

    assert run(work, SendLimits(seconds=5)) == "done"


def test_what_fails_raises_its_own_error() -> None:
    async def work() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run(work, SendLimits(seconds=5))


def test_what_takes_too_long_is_cut_short_and_cleaned_up() -> None:
    cleaned = threading.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    with pytest.raises(AttemptInterrupted, match=r"took longer than 0\.05 s"):
        run(work, SendLimits(seconds=0.05))
    assert cleaned.is_set()


@pytest.mark.parametrize("undecided", [True, False])
def test_time_runs_out_whether_the_message_is_on_its_way_or_not(stopping: Any, undecided: bool) -> None:
    stopping.set()
    with pytest.raises(AttemptInterrupted, match=r"took longer than 0 s"):
        run(asyncio.Event().wait, SendLimits(seconds=0, stopping=stopping, grace=60), undecided=undecided)


def test_a_stop_ends_it_at_once_while_no_message_is_on_its_way() -> None:
    stopping = threading.Event()

    async def work() -> None:
        stopping.set()
        await asyncio.Event().wait()

    with pytest.raises(AttemptInterrupted, match="the program was stopped"):
        run(work, SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER))


def test_a_stop_before_the_start_lets_nothing_begin(stopping: Any) -> None:
    begun = threading.Event()

    async def work() -> None:
        begun.set()

    stopping.set()
    with pytest.raises(AttemptInterrupted):
        run(work, SendLimits(stopping=stopping))
    assert not begun.is_set()


def test_a_message_on_its_way_gets_its_answer_after_a_stop(stopping: Any) -> None:
    async def work() -> str:
        await asyncio.to_thread(stopping.set_and_seen)
        return "answered"

    assert run(work, SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER), undecided=True) == "answered"


def test_a_message_on_its_way_without_an_answer_is_left_after_the_grace(stopping: Any) -> None:
    stopping.set()
    start = time.monotonic()
    with pytest.raises(AttemptInterrupted, match="the program was stopped"):
        run(asyncio.Event().wait, SendLimits(seconds=NEVER, stopping=stopping, grace=0.3), undecided=True)
    assert time.monotonic() - start >= 0.3


def test_a_stop_ends_it_as_soon_as_the_answer_is_known(stopping: Any) -> None:
    undecided = [True]

    async def work() -> None:
        await asyncio.to_thread(stopping.set_and_seen)
        undecided.clear()
        await asyncio.Event().wait()

    with pytest.raises(AttemptInterrupted, match="the program was stopped"):
        run_bounded(work, SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER), lambda: bool(undecided))


def test_a_thread_that_never_ends_is_not_waited_for() -> None:
    release = threading.Event()

    async def work() -> None:
        await asyncio.to_thread(release.wait)

    try:
        with pytest.raises(AttemptInterrupted):
            run(work, SendLimits(seconds=0.05))
    finally:
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

    run(work, SendLimits(seconds=5))
    assert ended.is_set()


def test_what_was_through_when_time_ran_out_counts() -> None:
    async def work() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "through"
        return "never"

    assert run(work, SendLimits(seconds=0.05)) == "through"


# --- options ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [("out", "/config/out"), ("../out", "/config/../out"), ("/var/out", "/var/out"), ("~/out", "/home/me/out")],
)
def test_a_relative_path_begins_next_to_the_configuration(
    written: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    paths = TypeAdapter[Path](RelativeToConfiguration)
    assert paths.validate_python(written, context={"folder": Path("/config")}) == Path(meant)


def test_a_path_without_a_configuration_begins_where_the_program_runs() -> None:
    assert TypeAdapter[Path](RelativeToConfiguration).validate_python("out") == Path("out")


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("localhost.example.org", False),
        ("mail.example.org", False),
        ("", False),
    ],
)
def test_only_a_host_that_says_so_by_its_name_is_this_machine(host: str, here: bool) -> None:
    assert is_local_host(host) is here
