"""Limit the number of simultaneous requests to one host."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.clock import Clock, SystemClock
from monitor.errors import Stopped
from monitor.fetch.deadline import Deadline
from monitor.fetch.settings import HANGING_PER_HOST, HANGING_SECONDS


class HostSlots:
    """Gives out at most `per_host` slots at a time for each host name, first come, first served.

    A request hangs after `hangs_after` seconds. Up to `HANGING_PER_HOST` requests that hang do not count, so that paths
    that never answer do not keep the others of their host waiting (decision 0003).
    """

    def __init__(self, per_host: int, hangs_after: float = HANGING_SECONDS, clock: Clock | None = None) -> None:
        if per_host < 1:
            raise ValueError("per_host must be at least 1")
        self._per_host = per_host
        self._hangs_after = hangs_after
        self._clock = clock or SystemClock()
        self._begun: dict[str, list[float]] = {}  # for each host, when the requests that hold a slot began
        self._condition = threading.Condition()
        self._stopped = False

    @contextmanager
    def hold(self, host: str, deadline: Deadline) -> Iterator[None]:
        """Wait for a slot of `host`, and hold it inside the block. Raises Stopped after a stop.

        The wait for the slot does not count against `deadline`.
        """
        with deadline.paused(), self._condition:
            while not self._stopped and not self._has_room(host):
                self._condition.wait(self._seconds_until_next_hangs(host))
            if self._stopped:
                raise Stopped
            begun = self._clock.monotonic()
            self._begun.setdefault(host, []).append(begun)
        try:
            yield
        finally:
            with self._condition:
                self._begun[host].remove(begun)
                if not self._begun[host]:
                    del self._begun[host]
                self._condition.notify_all()

    def stop(self) -> None:
        """Make all waiting and future calls raise Stopped."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def wait_until_free(self) -> None:
        """Wait until all slots are returned."""
        with self._condition:
            self._condition.wait_for(lambda: not self._begun)

    def _has_room(self, host: str) -> bool:
        begun = self._begun.get(host, [])
        if len(begun) < self._per_host:
            return True
        hanging = sum(at <= self._clock.monotonic() - self._hangs_after for at in begun)
        return len(begun) - min(hanging, HANGING_PER_HOST) < self._per_host

    def _seconds_until_next_hangs(self, host: str) -> float | None:
        """Return the seconds until the next request of `host` hangs; None if all of them hang."""
        now = self._clock.monotonic()
        return min((left for at in self._begun[host] if (left := at + self._hangs_after - now) > 0), default=None)
