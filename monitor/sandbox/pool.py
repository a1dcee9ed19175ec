"""The pool of child processes in the parent: threads, each with its own child, that take work from one queue.

Each child has its own pipes, and children share no locks. So a child that is killed in the middle of a message cannot
affect other children.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, ParamSpec, Self, TypeVar

from monitor.errors import ReaderFailed, Stopped
from monitor.sandbox.child import ChildReply

_START_SECONDS: Final = 60.0  # to import modules, on a machine under load
_END_SECONDS: Final = 2.0

P = ParamSpec("P")
R = TypeVar("R")


class InlineReaders:
    """Has the methods of `ReaderPool`, but runs functions in this process without limits. For tests and scripts."""

    def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call `function` and return its result. Its exceptions are raised unchanged."""
        return function(*args, **kwargs)

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def abort(self) -> None:
        """Do nothing: there is nothing to stop."""


class ReaderPool:
    """Runs functions on untrusted bytes, in child processes with limits.

    There are at most `workers` children, which are started when they are first needed. A call may take `seconds` of
    wall-clock time, without the time in the queue. A child may use `memory` bytes of address space.
    """

    def __init__(self, workers: int = 2, seconds: float = 10.0, memory: int = 1 << 30) -> None:
        self._workers = workers
        self._seconds = seconds
        self._memory = memory
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._children: set[_Child] = set()
        self._closed = False
        self._aborted = False

    def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call `function` in a child and return its result. May be called from many threads.

        The function, its arguments and its result must be picklable. Raises ReaderFailed, with the `reason` in words,
        if the call raised an exception, exceeded a limit, or ended its process. Raises Stopped if the pool was closed
        or aborted.
        """
        job = _Job(pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL))
        with self._lock:
            if self._closed:
                raise Stopped
            self._start_threads()
            self._jobs.put(job)
        body = job.future.result()
        try:
            result: R = pickle.loads(body)  # noqa: S301 - our own child wrote it
        except Exception as error:  # unpickling may raise anything; callers expect a ReaderFailed
            raise ReaderFailed(f"its result cannot be read: {type(error).__name__}: {error}"[:300]) from error
        return result

    def close(self) -> None:
        """Finish all accepted calls, then end the children. Later calls of `run` raise Stopped."""
        self._end_threads()

    def abort(self) -> None:
        """Kill all children at once. Running and queued calls of `run` raise Stopped."""
        with self._lock:
            self._aborted = True
            for child in self._children:
                child.kill()
        self._end_threads()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    def _start_threads(self) -> None:
        while len(self._threads) < self._workers:
            thread = threading.Thread(target=self._serve_jobs, name=f"reader-{len(self._threads) + 1}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _end_threads(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                for _ in self._threads:
                    self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _serve_jobs(self) -> None:
        """Do jobs in a child until the pool is closed. Replace the child when it can no longer be used.

        The kernel kills a child when the *thread* that started it ends, not only when the process ends (prctl(2)). So
        children are started here, in threads that live as long as the pool, and never in the threads that call `run`.
        """
        child: _Child | None = None
        while (job := self._jobs.get()) is not None:
            try:
                child = self._usable_child(child)
                job.future.set_result(child.work(job.task, self._seconds))
            except ReaderFailed as error:
                job.future.set_exception(Stopped() if self._aborted else error)
            except Exception as error:  # noqa: BLE001 - the caller of `run` gets it; this thread goes on
                job.future.set_exception(error)
        self._discard(child)

    def _usable_child(self, child: _Child | None) -> _Child:
        """Return `child` if it can take another task, else a new child. Raises ReaderFailed if it cannot be started."""
        if child is not None and child.is_usable:
            return child
        self._discard(child)
        with self._lock:
            if self._aborted:
                raise Stopped
            try:
                fresh = _Child(self._seconds, self._memory)
            except OSError as error:
                raise ReaderFailed(f"no process could be started: {error.strerror}") from error
            self._children.add(fresh)
            return fresh

    def _discard(self, child: _Child | None) -> None:
        if child is not None:
            with self._lock:
                self._children.discard(child)
            child.end()


@dataclass(frozen=True, slots=True)
class _Job:
    task: bytes
    future: Future[bytes] = field(default_factory=Future)


class _Child:
    """A child process, seen from the parent."""

    def __init__(self, seconds: float, memory: int) -> None:
        # The child finds modules where this process finds them. Warnings of parsers are switched off there.
        start = f"main({os.getpid()}, {seconds!r}, {memory!r})"
        code = f"import sys; sys.path[:] = {sys.path!r}; from monitor.sandbox.child import main; {start}"
        self._late = threading.Event()
        self._spent = False
        # Its own process group: Ctrl-C in the terminal reaches only the parent, even while the child starts.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-W", "ignore", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            close_fds=True,
            process_group=0,
        )

    @property
    def is_usable(self) -> bool:
        """Whether the child is alive and accepts another task."""
        return not self._spent and not self._late.is_set() and self._process.poll() is None

    def work(self, task: bytes, seconds: float) -> bytes:
        """Have the child do a task, and return the pickled result. Raises ReaderFailed with the reason if it fails."""
        try:
            reply = self._ask(task, seconds)
        except ReaderFailed:
            self._spent = True
            raise
        self._spent = reply.last
        if reply.kind == "failed":
            raise ReaderFailed(reply.reason)
        return reply.body

    def _ask(self, task: bytes, seconds: float) -> ChildReply:
        with self._kill_after(_START_SECONDS, f"did not start within {_START_SECONDS:g} s"):
            self._send(task)
            reply = self._receive()
        if reply.kind == "started":
            with self._kill_after(seconds, f"took longer than {seconds:g} s"):
                reply = self._receive()
        return reply

    @contextlib.contextmanager
    def _kill_after(self, seconds: float, otherwise: str) -> Iterator[None]:
        """Kill the child if the block takes longer than `seconds`.

        Raise ReaderFailed if the child ends for any reason.
        """
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, EOFError, pickle.UnpicklingError) as error:  # the pipe broke, maybe in a message
            raise ReaderFailed(otherwise if self._late.is_set() else self._cause(seconds)) from error
        finally:
            timer.cancel()
            timer.join()

    def _expire(self) -> None:
        self._late.set()
        self.kill()

    def _cause(self, seconds: float) -> str:
        """Return in words why the process ended."""
        self._reap()
        status = self._process.returncode
        if status == -getattr(signal, "SIGXCPU", 0):
            return f"took longer than {seconds:g} s"
        return f"died (signal {-status})" if status < 0 else f"ended by itself (status {status})"

    def _send(self, task: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe
        self._process.stdin.write(task)
        self._process.stdin.flush()

    def _receive(self) -> ChildReply:
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe
        return ChildReply(*pickle.load(self._process.stdout))  # noqa: S301 - our own child wrote it

    def kill(self) -> None:
        """Kill the child. Does nothing if it has ended."""
        self._process.kill()

    def end(self) -> None:
        """Close the child's input, which ends an idle child. Kill it if it has not ended after a while."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # unsent bytes to a dead child
                    pipe.close()
        self._reap()

    def _reap(self) -> None:
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
