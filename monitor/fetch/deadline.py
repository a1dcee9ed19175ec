"""What ends a request early: its deadline, and a stop."""

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
    """A switch that wakes all threads that wait on a socket. It stays on."""

    def __init__(self) -> None:
        self.is_stopped = False
        self.readable_end, self._write_end = socket.socketpair()
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Stop everything. A second call has no effect."""
        with self._lock:
            self.is_stopped = True
            self._write_end.close()  # the other end is readable from now on, for all that wait and all that will

    def close(self) -> None:
        """Stop everything and close the sockets. Nothing may wait any more."""
        self.stop()
        self.readable_end.close()


class Deadline:
    """The deadline of one request, in real seconds from its start. Every wait for the network uses it."""

    def __init__(self, seconds: float, clock: Clock, stop: StopSwitch) -> None:
        self._seconds = seconds
        self._clock = clock
        self._stop = stop
        self._paused = 0.0
        self._start = clock.monotonic()

    def elapsed(self) -> float:
        """Seconds since the start, pauses left out."""
        return self._clock.monotonic() - self._start - self._paused

    def remaining(self) -> float:
        """Return the seconds that are left, more than 0. Raises FetchFailed if there are none, Stopped after a stop."""
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
        """Wait until `sock` is ready; False if it was not within `at_most` seconds. Raises as `remaining` does."""
        seconds = min(self.remaining(), at_most)
        poll = select.poll()
        poll.register(sock, event)
        poll.register(self._stop.readable_end, READABLE)
        ready = poll.poll(math.ceil(seconds * 1000))
        self.remaining()
        return bool(ready)
