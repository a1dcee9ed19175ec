"""When to try a delivery again, and when to give up. Pure."""

from __future__ import annotations

import datetime as dt
from random import Random

from monitor.model import Delivery, Outcome

FIRST = dt.timedelta(minutes=1)
LONGEST = dt.timedelta(hours=4)
GIVE_UP = dt.timedelta(days=5)
"""For how long a message is tried. RFC 5321, 4.5.4.1, asks a mail client for at least four to five days."""

_JITTER = 0.2


def next_try(
    delivery: Delivery, outcome: Outcome, *, now: dt.datetime, random: Random
) -> tuple[Outcome, dt.datetime | None]:
    """The outcome as it counts, and when to try again (None: never).

    The wait doubles from one minute to four hours, with jitter, and is never shorter than the far end asked for. What
    was tried for five days is parked.
    """
    if outcome.kind in ("sent", "parked"):
        return outcome, None
    if delivery.created_at is not None and now - delivery.created_at >= GIVE_UP:
        return Outcome("parked", f"given up after {GIVE_UP.days} days: {outcome.reason}"), None
    doubled = FIRST * 2 ** min(max(delivery.attempts, 1) - 1, 16)
    wait = min(doubled, LONGEST) * random.uniform(1 - _JITTER, 1)
    return outcome, now + max(wait, outcome.after or dt.timedelta())
