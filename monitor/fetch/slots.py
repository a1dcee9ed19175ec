"""Limit the number of simultaneous requests to one host."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.errors import Stopped
from monitor.fetch.deadline import Deadline


class HostSlots:
    """Gives out at most `per_host` slots at a time for each host name, first come, first served."""

    def __init__(self, per_host: int) -> None:
        if per_host < 1:
            raise ValueError("per_host must be at least 1")
        self._per_host = per_host
        self._in_use: Counter[str] = Counter()
        self._condition = threading.Condition()
        self._stopped = False

    @contextmanager
    def hold(self, host: str, deadline: Deadline) -> Iterator[None]:
        """Wait for a slot of `host`, and hold it inside the block. Raises Stopped after a stop.

        The wait for the slot does not count against `deadline`.
        """
        with deadline.paused(), self._condition:
            self._condition.wait_for(lambda: self._stopped or self._in_use[host] < self._per_host)
            if self._stopped:
                raise Stopped
            self._in_use[host] += 1
        try:
            yield
        finally:
            with self._condition:
                self._in_use[host] -= 1
                if not self._in_use[host]:
                    del self._in_use[host]
                self._condition.notify_all()

    def stop(self) -> None:
        """Make all waiting and future calls raise Stopped."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def wait_until_free(self) -> None:
        """Wait until all slots are returned."""
        with self._condition:
            self._condition.wait_for(lambda: not self._in_use)
