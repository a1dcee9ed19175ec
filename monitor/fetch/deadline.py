"""The two reasons to end a request early: its deadline, and a stop of the program."""

from __future__ import annotations

import math
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from monitor.clock import Clock
from monitor.errors import Stopped
from monitor.fetch.outcome import FetchFailed

READABLE: Final = select.POLLIN
WRITABLE: Final = select.POLLOUT


class StopSwitch:
    """A switch that wakes all threads that wait on a socket. It cannot be switched off again."""

    def __init__(self) -> None:
        self.is_stopped = False
        self.readable_end, self._write_end = socket.socketpair()
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Stop all present and future waits. A second call has no effect."""
        with self._lock:
            self.is_stopped = True
            self._write_end.close()  # the other end is now readable for all present and future waits

    def close(self) -> None:
        """Stop all waits and close the sockets. No thread may wait after this call."""
        self.stop()
        self.readable_end.close()


class Deadline:
    """The deadline of one request, in real seconds from its start. Every wait for the network is limited by it."""

    def __init__(self, seconds: float, clock: Clock, stop: StopSwitch) -> None:
        self._seconds = seconds
        self._clock = clock
        self._stop = stop
        self._paused = 0.0
        self._start = clock.monotonic()

    def elapsed(self) -> float:
        """Seconds since the start of the request, without pauses."""
        return self._clock.monotonic() - self._start - self._paused

    def remaining(self) -> float:
        """Return the seconds that are left, more than 0. Raises FetchFailed if none are, and Stopped after a stop."""
        if self._stop.is_stopped:
            raise Stopped
        left = self._seconds - self.elapsed()
        if left <= 0:
            raise FetchFailed("timeout", f"took longer than {self._seconds:g} s")
        return left

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count the time inside the block."""
        since = self._clock.monotonic()
        try:
            yield
        finally:
            self._paused += self._clock.monotonic() - since

    def wait(self, sock: socket.socket, event: int, at_most: float = math.inf) -> bool:
        """Wait until `sock` is ready, and return True; False after `at_most` seconds. Raises as `remaining` does."""
        seconds = min(self.remaining(), at_most)
        poll = select.poll()
        poll.register(sock, event)
        poll.register(self._stop.readable_end, READABLE)
        ready = poll.poll(math.ceil(seconds * 1000))
        self.remaining()
        return bool(ready)
