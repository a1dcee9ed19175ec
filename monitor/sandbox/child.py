"""The code of a reader's child process: it does tasks within limits until its parent ends.

Started as `python -c`, not by `multiprocessing`: that would import the parent's main module once more, and a script
without an `if __name__ == "__main__"` guard would start itself again.
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

if sys.platform != "win32":  # no such limits there; the parent's clock still ends a child that takes too long
    import resource

MAX_TASKS: Final = 500
"""After this many tasks a child is replaced, so that memory that libraries leak stays small."""

_PR_SET_PDEATHSIG: Final = 1  # <linux/prctl.h>
_MAX_ERROR: Final = 200  # characters of an error's own words; they may quote the document


class ChildReply(NamedTuple):
    """A message to the parent. `body`: the pickled result, or the reason in words. `last`: this child ends now."""

    kind: Literal["started", "done", "failed"]
    body: bytes = b""
    reason: str = ""
    last: bool = False


def main(parent: int, seconds: float, memory: int) -> None:
    """Serve the process `parent` on this process's standard input and output.

    A task may use `seconds` of the processor, and the whole process `memory` bytes of address space.
    """
    ignore_signals()
    end_with_parent(parent)
    limit_process(memory)
    reader, writer = reserve_standard_streams()
    serve(reader, writer, seconds, memory)


def serve(reader: io.BufferedReader, writer: BinaryIO, seconds: float, memory: int) -> None:
    """Do the tasks that come from `reader` until it ends, or until this process should not be used again."""
    for count in range(1, MAX_TASKS + 1):
        if not reader.peek(1):
            return
        reply = _attempt(reader, writer, seconds, memory)
        must_end = count == MAX_TASKS or is_near_limit(memory)
        _send(writer, reply._replace(last=reply.last or must_end))
        if reply.last or must_end:
            return


def _attempt(reader: io.BufferedReader, writer: BinaryIO, seconds: float, memory: int) -> ChildReply:
    """Do one task. After a failure the process may be damaged (memory, half-read input), so its reply is the last."""
    try:
        return ChildReply("done", _work(reader, writer, seconds))
    except MemoryError:
        return ChildReply("failed", reason=f"needed more than {memory >> 20} MB", last=True)
    except BaseException as error:  # noqa: BLE001 - hostile bytes may find any bug of a parser, a SystemExit too
        return ChildReply("failed", reason=f"raised {_describe(error)}", last=True)


def _work(reader: io.BufferedReader, writer: BinaryIO, seconds: float) -> bytes:
    """Read the task (which imports its modules), report the start, do the task; return the pickled result."""
    function, args, kwargs = pickle.load(reader)  # noqa: S301 - the parent wrote it
    _send(writer, ChildReply("started"))
    limit_processor(seconds)
    return pickle.dumps(function(*args, **kwargs), pickle.HIGHEST_PROTOCOL)


def _send(writer: BinaryIO, reply: ChildReply) -> None:
    pickle.dump(tuple(reply), writer, pickle.HIGHEST_PROTOCOL)
    writer.flush()


def _describe(error: BaseException) -> str:
    """Return the error as `KeyError: 'guid'`, on one line and cut to `_MAX_ERROR` characters."""
    with contextlib.suppress(Exception):  # an error that cannot say what it is still has a name
        shown = (character if character.isprintable() else " " for character in f"{type(error).__name__}: {error}")
        text = " ".join("".join(shown).split())
        return text if len(text) <= _MAX_ERROR else text[:_MAX_ERROR] + "…"
    return type(error).__name__


def ignore_signals() -> None:
    """Ignore stop signals: Ctrl-C, or a SIGTERM to the whole group, must not fail the documents in progress."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, even during a computation that never returns.

    On systems other than Linux an idle child ends when its input ends, a busy one at its processor limit.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before it was asked for: no signal will come
            os._exit(1)


def limit_process(memory: int) -> None:
    """Bound the address space of this process to `memory` bytes, and let it leave no core dump."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(ValueError, OSError):  # macOS has the name but not the limit
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def limit_processor(seconds: float) -> None:
    """Allow `seconds` of processor time from now on, in case the parent cannot stop this process."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        until = int(used.ru_utime + used.ru_stime + seconds) + 2  # whole seconds; the wall clock should come first
        with contextlib.suppress(ValueError):  # this process may already be bound more tightly
            resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def is_near_limit(memory: int) -> bool:
    """Return whether this process uses half of its memory limit: the next task would have too little.

    Not by `getrusage`: its peak is, across exec(2), that of the parent.
    """
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    except OSError:  # only Linux has it, and only there does the limit work
        return False
    return pages * os.sysconf("SC_PAGE_SIZE") > memory // 2


def reserve_standard_streams() -> tuple[io.BufferedReader, io.BufferedWriter]:
    """Reserve standard input and output for the parent; what a library prints is discarded."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return reader, writer
