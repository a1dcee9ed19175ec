"""The vital signs of the daemon: whether its ticks advance, and whether the database takes writes."""

from __future__ import annotations

from typing import Final

from monitor.clock import Clock

VITAL_TICKS: Final = ("poll_tick", "deliver_tick")
"""The ticks that must advance: they start polls, build editions and send."""

MAX_TICK_AGE: Final = 120.0
"""Seconds after which a daemon without a complete tick hangs. A tick comes each second, and may wait for a reload."""

MAX_WRITE_AGE: Final = 60.0
"""Seconds after which a database without an accepted heartbeat takes no writes. A heartbeat comes every 20 seconds."""


class Vitals:
    """Notes ticks and heartbeats. Threads may call every method: each value has only one writer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started = clock.monotonic()
        self._ticks: dict[str, int] = {}
        self._ticks_before: dict[str, int] = {}
        self._ticked_at: dict[str, float] = {}
        self._wrote_at: float | None = None

    def note_tick(self, name: str) -> None:
        """Note that a tick was completed."""
        self._ticks[name] = self._ticks.get(name, 0) + 1
        self._ticked_at[name] = self._clock.monotonic()

    def note_write(self) -> None:
        """Note that the database accepted a heartbeat."""
        self._wrote_at = self._clock.monotonic()

    def has_advanced(self) -> bool:
        """Return whether every tick was completed at least once since the last call."""
        ticks, before = dict(self._ticks), self._ticks_before
        self._ticks_before = ticks
        return all(ticks.get(name, 0) > before.get(name, 0) for name in VITAL_TICKS)

    def stalled_ticks(self) -> tuple[str, ...]:
        """Return the names of the ticks that were not completed lately.

        A tick that was never completed is judged by the time since the start: it may hang in its first run.
        """
        now = self._clock.monotonic()
        return tuple(name for name in VITAL_TICKS if now - self._ticked_at.get(name, self._started) > MAX_TICK_AGE)

    def reasons_not_ready(self) -> tuple[str, ...]:
        """Return why the daemon is not at work: it has not looked for due polls, or the database takes no writes."""
        reasons = [f"{name}: no tick was completed lately" for name in self.stalled_ticks()]
        if "poll_tick" not in self._ticked_at:
            reasons.append("poll_tick: the daemon has not looked for due sources yet")
        if self._wrote_at is None or self._clock.monotonic() - self._wrote_at > MAX_WRITE_AGE:
            reasons.append("database: it has not taken a write lately")
        return tuple(reasons)
