"""The intervals of the daemon's ticks, and its time limits, all in seconds."""

from __future__ import annotations

from typing import Final

POLL_TICK: Final = 1.0
"""Seconds between checks for sources that are due."""

DELIVER_TICK: Final = 1.0
"""Seconds between checks for digests and deliveries that are due."""

PING_TICK: Final = 60.0
"""Seconds between requests to the address in `[operator] ping`."""

MAX_POLL_WAIT: Final = 10.0
"""Maximum seconds that a digest with `at = "now"` waits for running polls, so that one edition has all their news."""

RELOAD_TICK: Final = 1.0
"""Seconds between checks of the configuration files. A change is read when a second check finds the same content."""

INDEX_TICK: Final = 60.0
"""Seconds between checks for articles that were indexed by another version of the program."""

REREAD_TICK: Final = 60.0
"""Seconds between rounds of reading pages of sent articles again. A round reads a few pages of each host."""

RETENTION_TICK: Final = 3600.0
"""Seconds between checks for texts that are older than the configuration keeps them."""

MAX_RETENTION_BATCHES: Final = 100
"""Maximum number of batches of texts that are removed after each check, so that other work is not delayed for long."""

CLOCK_TICK: Final = 1.0
"""Seconds between checks whether the clock jumped."""

ORDERS_TICK: Final = 1.0
"""Seconds between checks for orders of commands. A command waits ten seconds for the daemon to claim its order."""

CLAIMS_TICK: Final = 20.0
"""Seconds between checks for deliveries that are claimed although no thread is sending them."""

WATCH_TICK: Final = 60.0
"""Seconds between checks whether each channel works, and whether the operator must be notified."""

MAX_CHANNELS: Final = 64
"""Maximum number of channels that send at the same time. Threads are created only when they are needed."""

BEAT_TICK: Final = 20.0
"""Seconds between heartbeats, which show `monitor status --health` that the daemon is working."""

SIGNAL_CHECK_SECONDS: Final = 1.0
"""Seconds between checks for signals while the main thread waits.

A signal that arrives between Python's last check and the start of the wait does not end the wait. Without a limit, its
handler would run only after something else ends the wait
(https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers).
"""

SHUTDOWN_GRACE: Final = 8.0
"""Seconds that running work has to end after SIGTERM. Work that is not done by then is done after the next start."""
