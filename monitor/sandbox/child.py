"""The code of the child process: it does tasks within limits until its parent ends.

It is started as `python -c`, not by `multiprocessing`, which would import the parent's main module again: a script
without an `if __name__ == "__main__"` guard would then start itself again.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import pickle
import signal
import sys
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple

if sys.platform != "win32":  # Windows has no such limits; there, only the parent's time limit applies
    import resource

MAX_TASKS: Final = 500
"""A child is replaced after this number of tasks, so that memory leaks of libraries stay small."""

_PR_SET_PDEATHSIG: Final = 1  # <linux/prctl.h>
_MAX_ERROR_LENGTH: Final = 200  # characters; the message may quote the document


class ChildReply(NamedTuple):
    """A message to the parent.

    `body` is the pickled result, `reason` describes a failure; `last`: the child ends now.
    """

    kind: Literal["started", "done", "failed"]
    body: bytes = b""
    reason: str = ""
    last: bool = False


def main(parent: int, seconds: float, memory: int) -> None:
    """Do the tasks of the process `parent`, which come on standard input. Reply on standard output.

    A task may use `seconds` of processor time. The process may use `memory` bytes of address space.
    """
    ignore_signals()
    end_with_parent(parent)
    limit_process(memory)
    reader, writer = reserve_standard_streams()
    serve(reader, writer, seconds, memory)


def serve(reader: io.BufferedReader, writer: BinaryIO, seconds: float, memory: int) -> None:
    """Do the tasks that come from `reader` until it ends, or until this process must be replaced."""
    for count in range(1, MAX_TASKS + 1):
        if not reader.peek(1):
            return
        reply = _attempt(reader, writer, seconds, memory)
        must_end = count == MAX_TASKS or is_near_limit(memory)
        _send(writer, reply._replace(last=reply.last or must_end))
        if reply.last or must_end:
            return


def _attempt(reader: io.BufferedReader, writer: BinaryIO, seconds: float, memory: int) -> ChildReply:
    """Do one task, and return the reply. After a failure the process may be damaged, so this reply is the last one."""
    try:
        return ChildReply("done", _work(reader, writer, seconds))
    except MemoryError:
        return ChildReply("failed", reason=f"needed more than {memory >> 20} MB", last=True)
    except BaseException as error:  # noqa: BLE001 - hostile bytes may cause anything, even a SystemExit
        return ChildReply("failed", reason=f"raised {_describe(error)}", last=True)


def _work(reader: io.BufferedReader, writer: BinaryIO, seconds: float) -> bytes:
    """Read a task (which imports its modules), report the start, do the task, and return the pickled result."""
    function, args, kwargs = pickle.load(reader)  # noqa: S301 - the parent wrote it
    _send(writer, ChildReply("started"))
    limit_processor(seconds)
    return pickle.dumps(function(*args, **kwargs), pickle.HIGHEST_PROTOCOL)


def _send(writer: BinaryIO, reply: ChildReply) -> None:
    pickle.dump(tuple(reply), writer, pickle.HIGHEST_PROTOCOL)
    writer.flush()


def _describe(error: BaseException) -> str:
    """Return the error as `KeyError: 'guid'`, on one line and cut to `_MAX_ERROR_LENGTH` characters."""
    with contextlib.suppress(Exception):  # `str(error)` itself may raise; the name is always known
        shown = (character if character.isprintable() else " " for character in f"{type(error).__name__}: {error}")
        text = " ".join("".join(shown).split())
        return text if len(text) <= _MAX_ERROR_LENGTH else text[:_MAX_ERROR_LENGTH] + "…"
    return type(error).__name__


def ignore_signals() -> None:
    """Ignore Ctrl-C and SIGTERM, which may be sent to the whole process group: tasks in progress must not fail."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, even during a computation that never returns.

    On systems other than Linux, an idle child ends when its input ends, and a busy child at its processor limit.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent ended before this call, so no signal will come
            os._exit(1)


def limit_process(memory: int) -> None:
    """Limit the address space of this process to `memory` bytes, and switch off core dumps."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(ValueError, OSError):  # macOS defines the limit but does not support it
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def limit_processor(seconds: float) -> None:
    """Allow `seconds` of processor time from now on, in case the parent cannot stop this process."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        until = int(used.ru_utime + used.ru_stime + seconds) + 2  # whole seconds; the parent's limit should come first
        with contextlib.suppress(ValueError):  # this process may already have a lower limit
            resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def is_near_limit(memory: int) -> bool:
    """Return whether this process uses half of its memory limit, so that the next task would have too little memory.

    `getrusage` cannot be used: its peak is inherited from the parent across exec(2).
    """
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    except OSError:  # only Linux has this file, and only there the limit works
        return False
    return pages * os.sysconf("SC_PAGE_SIZE") > memory // 2


def reserve_standard_streams() -> tuple[io.BufferedReader, io.BufferedWriter]:
    """Reserve standard input and output for the parent. Output that libraries print is discarded."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return reader, writer
