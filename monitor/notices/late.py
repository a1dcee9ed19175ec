"""Deliveries went out late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from monitor.model import Notice
from monitor.notices.base import NoticeType, channel_subject, with_count

MAX_DIGESTS: Final = 5
"""Maximum number of digests that a notice names."""

LATE = NoticeType(
    "late",
    "information",
    meaning="deliveries went out through the channel an hour or longer after they were due, with the content of that"
    " time",
    remedy="nothing; `monitor why URL` shows when each was sent",
    closed_when="three days have passed since the last of them",
    shown_for=dt.timedelta(days=3),
    announced=True,
)


def sent_late_notice(channel: str, number: int, oldest: str, last: str, digests: Sequence[str]) -> Notice:
    """Return the notice that `number` deliveries were sent late: due since `oldest`, the last sent at `last`."""
    more = f" and {len(digests) - MAX_DIGESTS} more" if len(digests) > MAX_DIGESTS else ""
    of = f" of {', '.join(digests[:MAX_DIGESTS])}{more}" if digests else ""
    message = f"{with_count(number, 'delivery', 'deliveries')}{of} went out late: due since {oldest}, sent until {last}"
    return LATE.notice(
        channel_subject(channel), message, "nothing is missing; each has the content of the time when it was built"
    )
