"""Hosts that asked not to be requested for some time (`Retry-After`, RFC 9110, 10.2.3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterable
from typing import Final

from monitor.clock import Clock
from monitor.model import HostRest

_CLOCK_TOLERANCE: Final = dt.timedelta(minutes=1)  # if a rest begins later than this, the clock was ahead
_DEFAULT_PORTS: Final = (80, 443)


class HostRests:
    """Knows until when no request may go to a host. Thread-safe.

    `known` are the rests from before the start of the program. `keep` is called with each new rest, to store it.
    """

    def __init__(
        self, clock: Clock, known: Iterable[HostRest] = (), keep: Callable[[HostRest], object] = lambda _: None
    ) -> None:
        self._clock = clock
        self._keep = keep
        self._lock = threading.Lock()
        self._rests = {rest.host_key: rest for rest in known}

    def begin(self, host: str, port: int, wait: dt.timedelta) -> None:
        """Let no request go to a host for the time `wait`. A rest that lasts longer already is not shortened."""
        now = self._clock.now()
        rest = HostRest(_key_of(host, port), now, now + wait)
        with self._lock:
            self._rests = {key: one for key, one in self._rests.items() if one.until > now}
            before = self._rests.get(rest.host_key)
            if wait <= dt.timedelta() or (before is not None and before.since <= now and before.until >= rest.until):
                return
            self._rests[rest.host_key] = rest
        self._keep(rest)

    def remaining(self, host: str, port: int) -> dt.timedelta | None:
        """Return how long a host still rests; None if requests may go to it.

        If the clock was ahead when the rest began, the rest begins now and keeps its length.
        """
        key = _key_of(host, port)
        with self._lock:
            rest = self._rests.get(key)
            if rest is None:
                return None
            now = self._clock.now()
            if rest.since > now + _CLOCK_TOLERANCE:
                rest = self._rests[key] = HostRest(key, now, now + (rest.until - rest.since))
        return rest.until - now if rest.until > now else None


def _key_of(host: str, port: int) -> str:
    """Return a hash of a host and its port, because the address of a source may be secret.

    The default ports of http and https belong to the same server in practice.
    """
    authority = host if port in _DEFAULT_PORTS else f"{host}:{port}"
    return hashlib.sha256(authority.encode()).hexdigest()
