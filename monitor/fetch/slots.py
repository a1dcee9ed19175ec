"""Limits the simultaneous requests to one host."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.errors import Stopped
from monitor.fetch.watch import Watch


class HostSlots:
    """Gives out `per_host` slots for each host name, first come, first served."""

    def __init__(self, per_host: int) -> None:
        if per_host < 1:
            raise ValueError("at least one get at a time must be allowed to a host")
        self._per_host = per_host
        self._taken: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._stopped = False

    @contextmanager
    def hold(self, host: str, watch: Watch) -> Iterator[None]:
        """Hold a slot of `host`. The wait for it does not count against `watch`. Raises Stopped after a stop."""
        with watch.paused(), self._changed:
            self._changed.wait_for(lambda: self._stopped or self._taken[host] < self._per_host)
            if self._stopped:
                raise Stopped
            self._taken[host] += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken[host] -= 1
                if not self._taken[host]:
                    del self._taken[host]
                self._changed.notify_all()

    def stop(self) -> None:
        """Make all waiting and future calls raise Stopped."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def drain(self) -> None:
        """Wait until all slots are returned."""
        with self._changed:
            self._changed.wait_for(lambda: not self._taken)
