"""Spread over time the polls that are due when the daemon starts, so that no host gets all its requests at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

from monitor.clock import Clock
from monitor.fetch import is_nearby
from monitor.log import logger
from monitor.model import Source
from monitor.text.address import host_of

MAX_GAP: Final = 5.0
"""Maximum seconds between the starts of two polls of one host."""

MAX_SPREAD: Final = 60.0
"""Maximum seconds by which a poll is delayed: an overdue source must not wait much longer."""

_log = logger("collect")


class StartSpread:
    """Delays polls that are due at the start, except the first poll of each host. Hosts nearby are not delayed."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self._clock = clock
        self._random = random
        self._not_before: dict[str, float] | None = None

    def ready(self, due: Sequence[Source]) -> list[Source]:
        """Return the sources in `due` that may be polled now.

        The first call decides when each of its sources may be polled; later calls only let that time come.
        """
        now = self._clock.monotonic()
        if self._not_before is None:
            delays = self._delays(due)
            self._not_before = {name: now + delay for name, delay in delays.items()}
            if delays:
                reason = "due at the start: polls of one host begin some seconds apart"
                _log.info("spread", sources=len(delays), seconds=round(max(delays.values())), reason=reason)
        return [source for source in due if self._not_before.get(source.name, now) <= now]

    def _delays(self, due: Iterable[Source]) -> dict[str, float]:
        """Return by how many seconds each source is delayed, by name. Sources that are not delayed are left out."""
        hosts = [(source, host_of(source.url)) for source in due]
        gaps = {host: min(MAX_GAP, MAX_SPREAD / count) for host, count in Counter(host for _, host in hosts).items()}
        begun: Counter[str] = Counter()
        delays = {}
        for source, host in hosts:
            if begun[host] and not is_nearby(host):
                delays[source.name] = gaps[host] * (begun[host] - self._random.random() / 2)
            begun[host] += 1
        return delays
