"""The child's loop, run here over buffers."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.sandbox import child
from monitor.sandbox.child import ChildReply, serve

HOUR = 3600.0
HUGE = 1 << 50


def replies(
    *tasks: tuple[Callable[..., object], tuple[object, ...]], extra: bytes = b"", memory: int = HUGE
) -> list[ChildReply]:
    given = b"".join(pickle.dumps((function, args, {})) for function, args in tasks) + extra
    out = io.BytesIO()
    serve(io.BufferedReader(io.BytesIO(given)), out, HOUR, memory)
    found = []
    size = out.tell()
    out.seek(0)
    while out.tell() < size:
        found.append(ChildReply(*pickle.load(out)))  # noqa: S301 - written above
    return found


def test_each_task_is_answered_twice_when_it_starts_and_when_it_is_done() -> None:
    found = replies((abs, (-1,)), (abs, (-2,)))
    assert [reply.kind for reply in found] == ["started", "done", "started", "done"]
    assert [reply.body for reply in found if reply.kind == "done"] == [pickle.dumps(1, 5), pickle.dumps(2, 5)]
    assert not any(reply.last for reply in found)


def test_after_a_failure_the_process_is_in_doubt_and_ends() -> None:
    found = replies((int, ("x",)), (abs, (-2,)))
    assert [(reply.kind, reply.last) for reply in found] == [("started", False), ("failed", True)]
    assert found[-1].reason.startswith("raised ValueError: invalid literal")


def test_a_task_that_cannot_be_taken_never_starts() -> None:
    found = replies(extra=b"\x80\x05garbage.")
    assert [(reply.kind, reply.last) for reply in found] == [("failed", True)]


def test_a_lack_of_memory_is_reported_with_the_limit() -> None:
    found = replies((bytearray, (1 << 60,)), memory=1 << 40)
    assert found[-1].reason == f"needed more than {1 << 20} MB"


def test_a_child_is_replaced_after_its_share_of_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MAX_TASKS", 2)
    found = replies(*[(abs, (-1,))] * 3)
    assert [reply.last for reply in found] == [False, False, False, True]


def test_a_child_that_is_swollen_says_that_it_ends() -> None:
    assert replies((abs, (-1,)), memory=1 << 20)[-1].last


def test_where_the_kernel_does_not_say_no_child_is_swollen(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(path: Path) -> bytes:
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "read_bytes", nowhere)
    assert not child.is_near_limit(1)
