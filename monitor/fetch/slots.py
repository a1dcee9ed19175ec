"""Limit the number of simultaneous requests to one host, and keep a pause between their starts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from monitor.clock import Clock, SystemClock
from monitor.errors import Stopped
from monitor.fetch.deadline import Deadline
from monitor.fetch.guard import is_nearby
from monitor.fetch.settings import HANGING_PER_HOST, HANGING_SECONDS, MAX_REQUESTS_PER_HOST

_MAX_REMEMBERED: Final = 1_000  # hosts


class HostSlots:
    """Gives out at most `per_host` slots at a time for each host name, first come, first served.

    A request hangs after `hangs_after` seconds. If the operator allows more requests than usual (`per_host`), up to
    `HANGING_PER_HOST` requests that hang do not count: so paths of a bridge that never answer do not keep its other
    paths waiting (decision 0003). `pause` is the minimum number of
    seconds between the starts of two requests to one host. Hosts in this machine and in private networks need no pause.
    `monotonic` returns the real seconds of the pause.
    """

    def __init__(
        self,
        per_host: int,
        hangs_after: float = HANGING_SECONDS,
        clock: Clock | None = None,
        *,
        pause: float = 0.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if per_host < 1:
            raise ValueError("per_host must be at least 1")
        self._per_host = per_host
        self._hangs_after = hangs_after
        self._max_hanging = HANGING_PER_HOST if per_host > MAX_REQUESTS_PER_HOST else 0
        self._clock = clock or SystemClock()
        self._pause = pause
        self._monotonic = monotonic
        self._begun: dict[str, list[float]] = {}  # for each host, when the requests that hold a slot began
        self._next_start: dict[str, float] = {}  # for each host, when its pause ends
        self._longer_pauses: dict[str, float] = {}
        self._condition = threading.Condition()
        self._stopped = False

    @contextmanager
    def hold(self, host: str, deadline: Deadline) -> Iterator[None]:
        """Wait for a slot of `host` and for the end of its pause, and hold the slot inside the block.

        The wait does not count against `deadline`. Raises Stopped after a stop.
        """
        with deadline.paused(), self._condition:
            while not self._stopped and (wait := self._seconds_to_wait(host)) != 0:
                self._condition.wait(wait)
            if self._stopped:
                raise Stopped
            begun = self._clock.monotonic()
            self._begun.setdefault(host, []).append(begun)
            self._begin_pause(host)
        try:
            yield
        finally:
            with self._condition:
                self._begun[host].remove(begun)
                if not self._begun[host]:
                    del self._begun[host]
                self._condition.notify_all()

    def lengthen_pause(self, host: str, seconds: float) -> None:
        """Keep at least this pause for `host` from now on."""
        with self._condition:
            if host not in self._longer_pauses and len(self._longer_pauses) >= _MAX_REMEMBERED:
                del self._longer_pauses[next(iter(self._longer_pauses))]
            self._longer_pauses[host] = seconds

    def stop(self) -> None:
        """Make all waiting and future calls raise Stopped."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def wait_until_free(self) -> None:
        """Wait until all slots are returned."""
        with self._condition:
            self._condition.wait_for(lambda: not self._begun)

    def _seconds_to_wait(self, host: str) -> float | None:
        """Return the seconds until a request to `host` may begin; None if another one must end before."""
        now = self._clock.monotonic()  # read once: nothing may begin to hang between the two questions
        if not self._has_room(host, now):
            return self._seconds_until_next_hangs(host, now)
        ends_at = self._next_start.get(host)
        return 0.0 if ends_at is None else max(0.0, ends_at - self._monotonic())

    def _has_room(self, host: str, now: float) -> bool:
        begun = self._begun.get(host, [])
        if len(begun) < self._per_host:
            return True
        hanging = sum(at + self._hangs_after - now <= 0 for at in begun)
        return len(begun) - min(hanging, self._max_hanging) < self._per_host

    def _seconds_until_next_hangs(self, host: str, now: float) -> float | None:
        """Return the seconds until the next request of `host` hangs and gives its slot away; None if none will."""
        if not self._max_hanging:
            return None
        return min((left for at in self._begun[host] if (left := at + self._hangs_after - now) > 0), default=None)

    def _begin_pause(self, host: str) -> None:
        """Let no other request to `host` begin before its pause is over."""
        pause = max(self._pause, self._longer_pauses.get(host, 0.0))
        if not pause or is_nearby(host):
            return
        now = self._monotonic()
        if len(self._next_start) >= _MAX_REMEMBERED:
            self._next_start = {name: at for name, at in self._next_start.items() if at > now}
        self._next_start[host] = now + pause
